"""Flags about a whole table: mended in the draft, row by row, and settled by that (`designer`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Conflict
from procedures import document as documents
from procedures import policies
from procedures.care import review
from procedures.care.corrections import place_of
from procedures.models import ProcedureVersion, ReviewFlag
from procedures.states import ReviewState

_PARTS = {"methods": "channels", "components": "papers", "results": "results", "name": "name"}


def part_of(flag: ReviewFlag) -> str | None:
    """Give the entry of the document in which a flag is mended as a whole; None: it is about a single value."""
    if place_of(flag.field, flag.reason) is not None:
        return None
    return _PARTS.get(flag.field.partition("[")[0])


@transaction.atomic
def draft_for(*, flag_id: int, actor: Actor, at: datetime) -> ProcedureVersion:
    """Give the draft in which a table is mended; made from the published version where there is none.

    :raises Conflict: a newer version is published, or the next version is approved and no longer edited.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    return review.working_draft(review.locked(flag_id).version, actor=actor, at=at)


@transaction.atomic
def settle(draft: ProcedureVersion, *, actor: Actor, at: datetime) -> int:
    """Mark the flags whose table a draft has mended as corrected, and ask again where it says the same as before.

    Give how many were marked. One query where nothing is flagged.
    """
    rows = ReviewFlag.objects.filter(version__current_of=draft.procedure_id).exclude(
        state__in=(ReviewState.CONFIRMED, ReviewState.CORRECTED), draft=None
    )
    flags = [one for one in rows.order_by("pk") if part_of(one) is not None]
    if not flags:
        return 0
    published = documents.of_version(ProcedureVersion.objects.get(pk=flags[0].version_id))
    mended, marked = documents.of_version(draft), 0
    for one in flags:
        part = part_of(one)
        assert part is not None  # the others were left out
        try:
            flag = review.locked(one.pk)
        except Conflict:  # a newer version was published meanwhile, and its own flags count
            return marked
        is_mended = _is_mended(part, published, mended)
        if is_mended and flag.state != ReviewState.CORRECTED:
            note = _("Sửa cả bảng trong bản thảo, phiên bản %d.") % draft.version_no
            review.settle_elsewhere(flag, draft=draft, note=note, actor=actor, at=at)
            marked += 1
        elif not is_mended and flag.state == ReviewState.CORRECTED and flag.draft_id == draft.pk:
            note = _("Bảng trong bản thảo lại như đã công bố.")
            review.settle_elsewhere(flag, draft=None, note=note, actor=actor, at=at)
    return marked


def _is_mended(part: str, published: Mapping[str, Any], mended: Mapping[str, Any]) -> bool:
    return bool(mended[part]) and mended[part] != published[part]
