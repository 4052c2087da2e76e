"""Differences between the national catalogue and what the city published: found by an import, answered by people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Conflict, InvalidInput
from procedures import city_part, policies
from procedures import document as documents
from procedures.care import corrections, pending
from procedures.care.pending import Item
from procedures.importing.doubts import Doubt
from procedures.importing.records import Record
from procedures.models import (
    Procedure,
    ProcedureVersion,
    ReviewDecision,
    ReviewFlag,
    SourceAnswer,
    SourceChange,
    VersionEvent,
)
from procedures.services import drafts, life
from procedures.services.log import log
from procedures.states import ReviewState, SourceChangeKind, VersionEventKind, VersionStatus


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer: how many items were settled, how many had been settled or changed meanwhile."""

    settled: int
    gone: int
    version: ProcedureVersion | None = None
    """Where accepted items went."""


def held(procedures: Iterable[Procedure]) -> set[int]:
    """Give the procedures that the city published, edited or answered about: an import does not overwrite them."""
    by_id = {one.pk: one for one in procedures}
    found = {
        pk
        for pk, one in by_id.items()
        if one.current_version is not None
        and (one.current_version.is_sealed or city_part.has(one.current_version))
    }
    working = ProcedureVersion.objects.filter(
        procedure__in=by_id, status__in=(VersionStatus.DRAFT, VersionStatus.APPROVED)
    )
    found |= set(working.values_list("procedure", flat=True))
    found |= set(
        VersionEvent.objects.filter(version__procedure__in=by_id).values_list("version__procedure", flat=True)
    )
    answered = SourceChange.objects.filter(procedure__in=by_id).exclude(base={})
    return found | set(answered.values_list("procedure", flat=True))


def is_known(procedure: Procedure, change: SourceChange | None, digest: str) -> bool:
    """Say whether a record of a held procedure is the one that was read last."""
    if change is not None:
        return change.kind == SourceChangeKind.CHANGED and change.digest == digest
    current = procedure.current_version
    return current is not None and current.source_digest == digest


def note(
    *, procedure: Procedure, record: Record, doubts: Sequence[Doubt], file_name: str, at: datetime
) -> SourceChange:
    """Keep what the catalogue now says of a held procedure. Runs in the import's transaction, which has locked it."""
    target = pending.target_of(procedure)
    assert target is not None  # else nothing would hold it
    change = SourceChange.objects.select_for_update().filter(procedure=procedure).first()
    if change is None:
        change = SourceChange(procedure=procedure)
    if not change.base:
        change.base = change.answered = pending.said_before(procedure, target)
    elif target.pk == procedure.current_version_id:  # nothing answered waits in a draft any more
        change.base = change.answered
    change.kind, change.digest = SourceChangeKind.CHANGED, record.digest
    change.source = pending.source_part(record)
    change.doubts = [[one.field, str(one.reason), one.text] for one in doubts]
    change.file_name, change.found_at = file_name[:255], at
    change.pending = pending.count(change, procedure)
    change.save()
    return change


def note_absent(*, codes: Collection[str], file_name: str, at: datetime, dry_run: bool = False) -> int:
    """Ask about every national procedure that a whole catalogue no longer has; say how many are newly asked about.

    One that was asked about and rejected is not asked about again until it was seen in a catalogue once more.
    """
    gone = (
        Procedure.objects.filter(current_version__status=VersionStatus.PUBLISHED)
        .exclude(current_version__source_digest="", source_change=None)
        .exclude(source_change__kind=SourceChangeKind.ABOLISHED)
        .exclude(code__in=codes)
        .order_by("pk")
    )
    if dry_run:
        return gone.count()
    found = 0
    for pk in list(gone.values_list("pk", flat=True)):
        with transaction.atomic():
            procedure = Procedure.objects.select_for_update().get(pk=pk)
            SourceChange.objects.update_or_create(
                procedure=procedure,
                defaults={
                    "kind": SourceChangeKind.ABOLISHED,
                    "pending": 1,
                    "file_name": file_name[:255],
                    "found_at": at,
                },
            )
            found += 1
    return found


def seen_again(procedures: Iterable[int], *, held: Collection[int]) -> None:
    """Withdraw the question about procedures that a catalogue has once more. Runs in the import's transaction.

    For what the city holds, `note` does so, because there the record itself may be asked about.
    """
    free = [pk for pk in procedures if pk not in held]
    SourceChange.objects.filter(procedure__in=free, kind=SourceChangeKind.ABOLISHED).update(
        kind=SourceChangeKind.CHANGED, pending=0
    )


@transaction.atomic
def answer(
    *, change_id: int, tokens: Collection[str], accept: bool, actor: Actor, at: datetime, reason: str = ""
) -> Answered:
    """Accept or reject items (`pending.Item.token`). What is no longer there under its token is left alone.

    Accepted items go into the draft, which is made where the published version is sealed or was made here; else they
    are written on the imported version, under which nobody has filed.

    :raises InvalidInput: a rejection without a reason, or the accepted items make no sound document.
    :raises Conflict: the next version is approved and no longer edited.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    if not accept and not reason.strip():
        raise InvalidInput({"reason": [_("Hãy ghi lý do không nhận.")]})
    procedure = _lock_procedure(change_id)
    target = pending.target_of(procedure)
    if target is not None and target.is_draft:
        drafts.lock_draft(
            version_id=target.pk, actor=actor
        )  # before the change, as who discards a draft does
    change = SourceChange.objects.select_for_update().get(pk=change_id)
    if target is None or change.kind != SourceChangeKind.CHANGED:
        return Answered(0, len(tokens))
    document = documents.of_version(target)
    chosen = [one for one in pending.items(change, document) if one.token in tokens]
    if not chosen:
        return Answered(0, len(tokens))
    version = None
    if accept:
        version = _put(target, document, change, chosen, actor=actor, at=at)
    change.answered = pending.answered_with(change, [one.group for one in chosen], change.source)
    change.pending = pending.count(change, procedure)
    change.save(update_fields=["answered", "pending"])
    SourceAnswer.objects.bulk_create(
        SourceAnswer(
            change=change,
            version=version,
            keys=[list(item.group)],
            label=item.label,
            is_accepted=accept,
            before=[one.before for one in item.parts],
            after=[one.after for one in item.parts],
            reason=reason.strip(),
            at=at,
            actor_user_id=actor.user_id,
            actor_name=actor.display_name,
        )
        for item in chosen
    )
    return Answered(len(chosen), len(tokens) - len(chosen), version)


@transaction.atomic
def accept_abolition(
    *, change_id: int, decision: str, last_day: date, reason: str, actor: Actor, at: datetime
) -> Answered:
    """Abolish a procedure that the catalogue no longer has (see `procedures.services.abolish`).

    :raises InvalidInput, Conflict, NotAllowed: as `procedures.services.abolish`.
    """
    policies.require_configure(actor)
    procedure = _lock_procedure(change_id)
    change = SourceChange.objects.select_for_update().get(pk=change_id)
    if change.kind != SourceChangeKind.ABOLISHED or not change.pending or not procedure.current_version_id:
        return Answered(0, 1)
    version = life.abolish(
        version_id=procedure.current_version_id,
        decision=decision,
        last_day=last_day,
        reason=reason,
        actor=actor,
        at=at,
    )
    _settle_abolition(change, version, accepted=True, reason=reason, actor=actor, at=at)
    return Answered(1, 0, version)


@transaction.atomic
def reject_abolition(*, change_id: int, reason: str, actor: Actor, at: datetime) -> Answered:
    """Keep a procedure that the catalogue no longer has.

    :raises InvalidInput: no reason was given.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    if not reason.strip():
        raise InvalidInput({"reason": [_("Hãy ghi lý do không nhận.")]})
    _lock_procedure(change_id)
    change = SourceChange.objects.select_for_update().get(pk=change_id)
    if change.kind != SourceChangeKind.ABOLISHED or not change.pending:
        return Answered(0, 1)
    _settle_abolition(change, None, accepted=False, reason=reason, actor=actor, at=at)
    return Answered(1, 0)


def _lock_procedure(change_id: int) -> Procedure:
    return Procedure.objects.select_for_update(of=("self",)).get(source_change=change_id)


def _settle_abolition(
    change: SourceChange,
    version: ProcedureVersion | None,
    *,
    accepted: bool,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    change.pending = 0
    change.save(update_fields=["pending"])
    SourceAnswer.objects.create(
        change=change,
        version=version,
        label=str(SourceChangeKind.ABOLISHED.label),
        is_accepted=accepted,
        reason=reason.strip(),
        at=at,
        actor_user_id=actor.user_id,
        actor_name=actor.display_name,
    )


def _put(
    target: ProcedureVersion,
    document: Mapping[str, Any],
    change: SourceChange,
    chosen: Sequence[Item],
    *,
    actor: Actor,
    at: datetime,
) -> ProcedureVersion:
    keys = {part.key for item in chosen for part in item.parts}
    merged = documents.taken(document, change.source, lambda key: key in keys)
    if target.status == VersionStatus.APPROVED:
        raise Conflict(
            _("Phiên bản %d đã duyệt nên không sửa được. Hãy trả lại thành bản thảo trước.")
            % target.version_no
        )
    if not target.is_draft and not is_directly_changed(target):
        target = drafts.clone(version_id=target.pk, actor=actor, at=at)
    if target.is_draft:
        return drafts.save(
            version_id=target.pk, document=merged, revision=target.revision, actor=actor, at=at
        )
    parsed = documents.parse(merged)
    documents.write(target, parsed)
    _follow_rows(target, document, parsed, chosen, actor=actor, at=at)
    labels = [one.label for one in chosen]
    log(target, VersionEventKind.IMPORTED, actor=actor, at=at, reason="; ".join(labels), digest=change.digest)
    return target


def is_directly_changed(version: ProcedureVersion) -> bool:
    """Say whether accepted items are written on a version itself: a published one that was imported, never opened."""
    return version.status == VersionStatus.PUBLISHED and not version.is_sealed


def _follow_rows(
    version: ProcedureVersion,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    chosen: Sequence[Item],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Let the flags of a version stand by their rows after these moved; what was replaced is settled by that."""
    groups = [one.group for one in chosen]
    for flag in ReviewFlag.objects.filter(version=version).exclude(
        state__in=(ReviewState.CONFIRMED, ReviewState.CORRECTED)
    ):
        place = corrections.place_of(flag.field, flag.reason)
        if place is None:
            continue
        moved = corrections.moved(place, before, after)
        values = None if moved is None else corrections.of_document(moved, after)
        if moved is None or values != corrections.of_document(place, before):
            flag.state, flag.resolved_at = ReviewState.CONFIRMED, at
            flag.save(update_fields=["state", "resolved_at"])
            ReviewDecision.objects.create(
                flag=flag,
                procedure=version.procedure,
                field=flag.field,
                alike="",
                state=ReviewState.CONFIRMED,
                note=_("Được thay theo danh mục quốc gia: %s") % "; ".join(" › ".join(one) for one in groups),
                at=at,
                actor_user_id=actor.user_id,
                actor_name=actor.display_name,
            )
        elif moved.way != place.way:
            flag.field = corrections.renumbered(flag.field, moved)
            flag.save(update_fields=["field"])
