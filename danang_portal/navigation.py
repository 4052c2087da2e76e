"""The main navigation: which rooms of the portal a kind of visitor is shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from core.actor import ActorKind


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


_EVERYBODY = frozenset(ActorKind)
_PERSON = frozenset({ActorKind.PERSON})
_OFFICER = frozenset({ActorKind.OFFICER})

_ROOMS = (
    ("desk:queue", gettext_noop("Bàn làm việc"), _OFFICER),
    ("supervision:alerts", gettext_noop("Cảnh báo"), _OFFICER),
    ("procedures:list", gettext_noop("Thủ tục hành chính"), _EVERYBODY),
    ("dossiers:mine", gettext_noop("Hồ sơ của tôi"), _PERSON),
    ("results_vault:mine", gettext_noop("Kho kết quả"), _PERSON),
    ("dossiers:track", gettext_noop("Tra cứu hồ sơ"), _EVERYBODY),
    ("results_vault:verify", gettext_noop("Kiểm tra kết quả"), _EVERYBODY),
)


def links(kind: ActorKind) -> tuple[Link, ...]:
    """Give the links for a kind of visitor in the active language; they are the same on every page."""
    return _links(kind, get_language() or "vi")


@cache
def _links(kind: ActorKind, language: str) -> tuple[Link, ...]:
    return tuple(Link(_(label), reverse(name)) for name, label, kinds in _ROOMS if kind in kinds)
