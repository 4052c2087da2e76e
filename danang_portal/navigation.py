"""The main navigation: which rooms of the portal a kind of visitor is shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from agencies.delegations import GIVERS
from agencies.policies import KEEPERS_OF_CALENDARS
from agencies.states import Role
from core.actor import ActorKind
from dossiers.desk_queues import QUEUES
from results_vault.policies import GIVERS as INSPECTOR_GIVERS


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


_EVERYBODY = frozenset(ActorKind)
_PERSON = frozenset({ActorKind.PERSON})
_OFFICER = frozenset({ActorKind.OFFICER})
_AT_THE_DESK: frozenset[str] = frozenset().union(*(queue.all_roles for queue in QUEUES))
"""Whoever has none of these has no work there, and is not led to a shut door."""

_ROOMS: tuple[tuple[str, str, frozenset[ActorKind], frozenset[str] | None], ...] = (
    ("desk:queue", gettext_noop("Bàn làm việc"), _OFFICER, _AT_THE_DESK),
    ("supervision:alerts", gettext_noop("Cảnh báo"), _OFFICER, None),
    (
        "designer:list",
        gettext_noop("Thiết kế thủ tục"),
        _OFFICER,
        frozenset({Role.PROCEDURE_CONTROL_OFFICER}),
    ),
    (
        "search_desk:synonyms",
        gettext_noop("Chăm sóc tìm kiếm"),
        _OFFICER,
        frozenset({Role.PROCEDURE_CONTROL_OFFICER}),
    ),
    (
        "designer:review",
        gettext_noop("Rà soát danh mục"),
        _OFFICER,
        frozenset({Role.PROCEDURE_CONTROL_OFFICER}),
    ),
    (
        "designer:levels",
        gettext_noop("Mức độ trực tuyến"),
        _OFFICER,
        frozenset({Role.AGENCY_HEAD, Role.IOC_OPERATOR, Role.AUDITOR}),
    ),
    ("agencies:calendars", gettext_noop("Lịch làm việc"), _OFFICER, frozenset(KEEPERS_OF_CALENDARS)),
    ("delegations:list", gettext_noop("Ủy quyền"), _OFFICER, frozenset(GIVERS)),
    ("inspectors:list", gettext_noop("Người kiểm tra"), _OFFICER, frozenset(INSPECTOR_GIVERS)),
    ("procedures:list", gettext_noop("Thủ tục hành chính"), _EVERYBODY, None),
    ("dossiers:mine", gettext_noop("Hồ sơ của tôi"), _PERSON, None),
    ("results_vault:mine", gettext_noop("Kho kết quả"), _PERSON, None),
    ("dossiers:track", gettext_noop("Tra cứu hồ sơ"), _EVERYBODY, None),
    ("results_vault:verify", gettext_noop("Kiểm tra kết quả"), _EVERYBODY, None),
)

_ASKED_FOR = frozenset[str]().union(*(asked for *_rest, asked in _ROOMS if asked))
"""The roles that make a difference here, so that few combinations are kept."""


def links(kind: ActorKind, roles: frozenset[str] = frozenset()) -> tuple[Link, ...]:
    """Give the links for a kind of visitor with some roles in the active language; they are the same on every page."""
    return _links(kind, roles & _ASKED_FOR, get_language() or "vi")


def first_own(kind: ActorKind, roles: frozenset[str]) -> Link:
    """Give the room in which somebody begins: the first that not everybody has."""
    shared = {link.url for link in links(ActorKind.ANONYMOUS)}
    rooms = links(kind, roles)
    return next((link for link in rooms if link.url not in shared), rooms[0])


@cache
def _links(kind: ActorKind, roles: frozenset[str], language: str) -> tuple[Link, ...]:
    return tuple(
        Link(_(label), reverse(name))
        for name, label, kinds, asked in _ROOMS
        if kind in kinds and (asked is None or roles & asked)
    )
