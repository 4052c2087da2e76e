"""Bộ lọc đã lưu: lists of the desk that an officer keeps under names of the own."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from core.remembering import forget, remembered
from dossiers import desk_queues, desk_search
from dossiers.models import SavedFilter

MOST = 20
NAME_LENGTH = 60
QUERY_LENGTH = 1000
_KEPT = "desk:filters:1:%s"  # a new number when the shape changes: releases overlap
KEPT = ("q", "thu_tuc", "trang_thai", "tre")


@transaction.atomic
def save(*, actor: Actor, queue: str, query: str, name: str) -> SavedFilter:
    """Keep a list with its filters; a second one of the same name takes the place of the first.

    :param query: what stands behind the ``?`` of the list's address; whatever is no filter is left out.
    :raises NotAllowed: the actor is no officer.
    :raises InvalidInput: no name, no filter, a list of somebody else, a private number, or too many filters.
    """
    if actor.officer_id is None:
        raise NotAllowed()
    name = " ".join(name.split())
    kept = [(key, value) for key, value in parse_qsl(query) if key in KEPT]
    if not name or len(name) > NAME_LENGTH:
        raise InvalidInput({"ten": [_("Hãy đặt tên bộ lọc, tối đa %(n)d ký tự.") % {"n": NAME_LENGTH}]})
    if not kept or len(urlencode(kept)) > QUERY_LENGTH:
        raise InvalidInput({"query": [_("Hãy chọn ít nhất một điều kiện lọc rồi lưu.")]})
    if any(key == "q" and desk_search.read(value).is_private for key, value in kept):
        raise InvalidInput({"query": [_("Không lưu số định danh hoặc số điện thoại. Hãy lọc theo tên.")]})
    if queue not in {one.name for one in desk_queues.queues_of(actor)}:
        raise InvalidInput({"queue": [_("Danh sách này không phải của bạn. Hãy tải lại bàn làm việc.")]})
    own = SavedFilter.objects.filter(officer_id=actor.officer_id)
    if own.exclude(name=name).count() >= MOST:
        raise InvalidInput({"ten": [_("Bạn đã có %(n)d bộ lọc. Hãy xóa bớt rồi lưu lại.") % {"n": MOST}]})
    saved, _made = SavedFilter.objects.update_or_create(
        officer_id=actor.officer_id, name=name, defaults={"queue": queue, "query": urlencode(kept)}
    )
    transaction.on_commit(lambda: forget(key_of(actor)))
    return saved


@transaction.atomic
def remove(*, actor: Actor, filter_id: int) -> SavedFilter:
    """Forget a filter, and give what it was.

    :raises SavedFilter.DoesNotExist: no such filter among the actor's own.
    """
    found = SavedFilter.objects.get(pk=filter_id, officer_id=actor.officer_id or 0)
    found.delete()
    transaction.on_commit(lambda: forget(key_of(actor)))
    return found


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved filter as a page shows it."""

    pk: int
    name: str
    queue: str
    query: str


def key_of(actor: Actor) -> str:
    """Name where the actor's own filters are kept."""
    return _KEPT % actor.officer_id


def of(actor: Actor) -> list[Kept]:
    """Give the actor's own filters by name."""
    rows = SavedFilter.objects.filter(officer_id=actor.officer_id or 0).order_by("name")
    columns = rows.values_list("pk", "name", "queue", "query")
    kept = remembered(key_of(actor), seconds=3600, make=lambda: list(columns))
    return [Kept(*row) for row in kept]
