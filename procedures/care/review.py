"""Decide about what an import flagged: confirm, correct, ask, put off, take back; one flag or many alike.

A correction of a version that nobody has filed under is written on it. A version that is sealed does not change: its
correction goes into the procedure's draft, and the flag counts as settled when that is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import Conflict, InvalidInput
from procedures import document as documents
from procedures import policies
from procedures.care import corrections, queue
from procedures.care.corrections import Place, Values, place_of
from procedures.models import Procedure, ProcedureVersion, ReviewDecision, ReviewFlag
from procedures.services import drafts
from procedures.states import ReviewState, VersionStatus

MOST_AT_ONCE = 500
"""So many flags are decided in one go; what is left is asked for again."""

_SETTLED = (ReviewState.CONFIRMED, ReviewState.CORRECTED)


class AlreadyDecided(Conflict):
    """Somebody has decided about the flag since it was shown."""

    code = "flag_decided"
    message = gettext_lazy(
        "Người khác vừa xử lý điểm này, hoặc bạn đã bấm hai lần. Hãy xem lại trước khi sửa tiếp."
    )


@dataclass(frozen=True, slots=True)
class Many:
    """What a decision about flags alike would do, counted before it is made."""

    flags: int
    procedures: int
    in_place: int
    """Procedures whose version is corrected where it stands."""
    new_drafts: int
    into_drafts: int
    approved: int
    """Procedures left out: their next version is approved already and no longer edited."""


@transaction.atomic
def decide(
    *,
    flag_id: int,
    state: str,
    after_decision: int,
    actor: Actor,
    at: datetime,
    values: Mapping[str, Any] | None = None,
    note: str = "",
) -> ReviewDecision:
    """Decide about one flag. ``after_decision`` is the number of the last decision that was shown, 0 for none.

    :param values: the correction, by the names of the fields of its kind (`corrections.place_of`).
    :raises AlreadyDecided: there is a later decision.
    :raises InvalidInput: the correction is wrong, or the question for the ministry is empty.
    :raises Conflict: a newer version is published, or the next version is approved and no longer edited.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    flag = locked(flag_id)
    last = _last(flag)
    if (last.pk if last else 0) != after_decision:
        raise AlreadyDecided()
    return _decide(flag, ReviewState(state), values, note.strip(), actor=actor, at=at)


def count_many(*, flag: ReviewFlag, state: str, sector_only: bool = False) -> Many:
    """Say what `decide_many` would do. Reads only."""
    rows = _alike(flag, sector_only=sector_only)
    counted = rows.values_list("version__procedure_id", "version__is_sealed")
    sealed: dict[int, bool] = dict(counted.order_by())
    if state != ReviewState.CORRECTED:
        return Many(rows.count(), len(sealed), 0, 0, 0, 0)
    own = {procedure for procedure, is_sealed in sealed.items() if is_sealed}
    working = ProcedureVersion.objects.filter(
        procedure__in=own, status__in=(VersionStatus.DRAFT, VersionStatus.APPROVED)
    )
    statuses = dict(working.values_list("procedure", "status"))
    drafted = sum(status == VersionStatus.DRAFT for status in statuses.values())
    return Many(
        flags=rows.count(),
        procedures=len(sealed),
        in_place=len(sealed) - len(own),
        new_drafts=len(own) - len(statuses),
        into_drafts=drafted,
        approved=len(statuses) - drafted,
    )


def decide_many(
    *,
    flag: ReviewFlag,
    state: str,
    actor: Actor,
    at: datetime,
    values: Mapping[str, Any] | None = None,
    note: str = "",
    sector_only: bool = False,
) -> tuple[int, list[str]]:
    """Decide the same about the flags alike; give how many were decided, and what stood in the way of others.

    Each flag is decided in its own transaction: what was done when the process dies stays done, and the rest waits.

    :raises InvalidInput, NotAllowed: as `decide`.
    """
    policies.require_configure(actor)
    place = place_of(flag.field, flag.reason)
    if state == ReviewState.CORRECTED:
        if place is None or not flag.text:
            raise InvalidInput({"": [_("Điểm này không sửa hàng loạt được. Hãy sửa từng thủ tục.")]})
        corrections.check(place, values or {})
    done, problems = 0, dict[str, None]()
    for pk in (
        _alike(flag, sector_only=sector_only).order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE]
    ):
        try:
            with transaction.atomic():
                one = locked(pk)
                if one.state in _SETTLED:
                    continue  # somebody was faster
                _decide(one, ReviewState(state), values, note.strip(), actor=actor, at=at)
                done += 1
        except Conflict as refusal:
            problems[str(refusal)] = None
    return done, list(problems)


@transaction.atomic
def undo(*, decision_id: int, actor: Actor, at: datetime) -> ReviewDecision:
    """Take the last decision about a flag back; a corrected value is put back as it was.

    :raises AlreadyDecided: it is not the last one any more, or was taken back already.
    :raises Conflict: the value has been changed since.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    decision = ReviewDecision.objects.get(pk=decision_id)
    flag = locked(decision.flag_id)
    last = _last(flag)
    if last is None or last.pk != decision.pk or decision.undoes_id is not None:
        raise AlreadyDecided()
    place = place_of(flag.field, flag.reason)
    if decision.state == ReviewState.CORRECTED and place is not None:
        # What was mended as a whole table stays in the draft, where it is undone row by row.
        _correct(flag, place, decision.before, actor=actor, at=at, expected=decision.after)
    earlier = flag.decisions.filter(pk__lt=decision.pk).order_by("-pk").first()
    state = ReviewState(earlier.state) if earlier else ReviewState.OPEN
    _settle(flag, state, draft=None, at=at)
    return _write_down(flag, state, actor=actor, at=at, undoes=decision)


def kept(versions: Iterable[ProcedureVersion], flags: Sequence[ReviewFlag], *, at: datetime) -> None:
    """Hold new flags against what was decided about the same words earlier. Runs in the import's transaction.

    What was confirmed or asked is so again, what was corrected is corrected again, and the log says so. Where the same
    words were decided differently in different rows, only the very same row is taken as decided.
    """
    by_id = {one.pk: one for one in versions}
    rows = ReviewDecision.objects.filter(
        procedure__in={one.procedure_id for one in by_id.values()}, alike__in={one.alike for one in flags}
    )
    decided: dict[tuple[int, str], dict[str, ReviewDecision]] = {}
    for row in rows.order_by("pk"):
        decided.setdefault((row.procedure_id, row.alike), {})[row.field] = row
    for flag in flags:
        flag.version = by_id[flag.version_id]
        found = decided.get((flag.version.procedure_id, flag.alike), {})
        same = {(one.state, str(sorted(one.after.items()))) for one in found.values()}
        decision = found.get(flag.field) or (next(iter(found.values())) if len(same) == 1 else None)
        if decision is not None and decision.state not in (ReviewState.OPEN, ReviewState.SKIPPED):
            _keep(flag, decision, at=at)


def _keep(flag: ReviewFlag, decision: ReviewDecision, *, at: datetime) -> None:
    state, actor = ReviewState(decision.state), Actor.system()
    place = place_of(flag.field, flag.reason)
    before: Values = {}
    if state == ReviewState.CORRECTED:
        if place is None:
            return
        before, _draft = _correct(flag, place, decision.after, actor=actor, at=at)
    _settle(flag, state, draft=None, at=at)
    note = _("Giữ như đã quyết định trước: nguồn vẫn viết như cũ.")
    _write_down(flag, state, actor=actor, at=at, before=before, after=decision.after, note=note)


def _decide(
    flag: ReviewFlag,
    state: ReviewState,
    values: Mapping[str, Any] | None,
    note: str,
    *,
    actor: Actor,
    at: datetime,
) -> ReviewDecision:
    if state == ReviewState.OPEN:
        raise InvalidInput({"": [_("Hãy chọn một việc: đúng, sửa, hỏi hoặc để sau.")]})
    if state == ReviewState.ASKED and not note:
        raise InvalidInput({"note": [_("Hãy ghi điều cần hỏi bộ, ngành.")]})
    draft: ProcedureVersion | None = None
    before: Values = {}
    after: Values = {}
    if state == ReviewState.CORRECTED:
        place = place_of(flag.field, flag.reason)
        if place is None:
            raise InvalidInput({"": [_("Điểm này không phải là một giá trị. Hãy sửa trong bản thảo.")]})
        after = corrections.check(place, values or {})
        before, draft = _correct(flag, place, after, actor=actor, at=at)
    _settle(flag, state, draft=draft, at=at)
    return _write_down(flag, state, actor=actor, at=at, before=before, after=after, note=note)


def _correct(
    flag: ReviewFlag,
    place: Place,
    values: Values,
    *,
    actor: Actor,
    at: datetime,
    expected: Values | None = None,
) -> tuple[Values, ProcedureVersion | None]:
    """Put a value in its place; give what stood there, and the draft where it went into one."""
    version = flag.version
    if not version.is_sealed:
        before = corrections.of_rows(place, version)
        if before is None or (expected is not None and before != expected):
            raise Conflict(_("Giá trị đã được sửa ở nơi khác. Hãy tải lại trang để xem giá trị bây giờ."))
        corrections.in_rows(place, version, values)
        return before, None
    document = documents.of_version(version)
    draft = working_draft(version, actor=actor, at=at)
    there = documents.of_version(draft)
    moved = corrections.moved(place, document, there)
    before = None if moved is None else corrections.of_document(moved, there)
    if moved is None or before is None:
        raise Conflict(_("Bản thảo của thủ tục không còn dòng này. Hãy sửa trong bản thảo."))
    usual = expected if expected is not None else corrections.of_document(place, document)
    if before not in (usual, values):
        raise Conflict(_("Bản thảo của thủ tục đã có giá trị khác ở chỗ này. Hãy sửa trong bản thảo."))
    if before != values:
        drafts.save(
            version_id=draft.pk,
            document=corrections.in_document(moved, there, values),
            revision=draft.revision,
            actor=actor,
            at=at,
        )
    return (usual or {}), draft


def settle_elsewhere(
    flag: ReviewFlag, *, draft: ProcedureVersion | None, note: str, actor: Actor, at: datetime
) -> None:
    """Count a locked flag as corrected by a draft, or, without one, as open again; the log says why."""
    state = ReviewState.CORRECTED if draft is not None else ReviewState.OPEN
    _settle(flag, state, draft=draft, at=at)
    _write_down(flag, state, actor=actor, at=at, note=note)


def working_draft(version: ProcedureVersion, *, actor: Actor, at: datetime) -> ProcedureVersion:
    """Give the draft of a published version's procedure, locked; made from the version where there is none.

    :raises Conflict: the next version is approved, and no longer edited.
    """
    rows = ProcedureVersion.objects.filter(procedure=version.procedure_id)
    working = rows.filter(status__in=(VersionStatus.DRAFT, VersionStatus.APPROVED)).first()
    if working is None:
        return drafts.clone(version_id=version.pk, actor=actor, at=at)
    if working.status == VersionStatus.APPROVED:
        raise Conflict(
            _(
                "Phiên bản %(no)s của thủ tục %(code)s đã duyệt nên không sửa được. Hãy trả lại thành bản thảo trước."
            )
            % {"no": working.version_no, "code": version.procedure.code}
        )
    return drafts.lock_draft(version_id=working.pk, actor=actor)


def locked(flag_id: int) -> ReviewFlag:
    """Lock the procedure first, as an import does, then its draft, as who discards it does, then the flag.

    :raises Conflict: a newer version is published.
    """
    flag = ReviewFlag.objects.select_related("version").get(pk=flag_id)
    procedure = Procedure.objects.select_for_update().get(pk=flag.version.procedure_id)
    working = ProcedureVersion.objects.filter(procedure=procedure, status=VersionStatus.DRAFT)
    list(working.select_for_update(of=("self",)).values_list("pk"))
    found = (
        ReviewFlag.objects.select_for_update(of=("self",))
        .select_related("version__procedure", "draft")
        .get(pk=flag_id)
    )
    if procedure.current_version_id != found.version_id:
        raise Conflict(_("Thủ tục đã có phiên bản mới hơn. Hãy xem điểm cần rà soát của phiên bản đó."))
    return found


def _last(flag: ReviewFlag) -> ReviewDecision | None:
    return flag.decisions.order_by("-pk").first()


def _alike(flag: ReviewFlag, *, sector_only: bool) -> Any:
    rows = queue.alike(flag)
    return rows.filter(version__sector=flag.version.sector_id) if sector_only else rows


def _settle(flag: ReviewFlag, state: ReviewState, *, draft: ProcedureVersion | None, at: datetime) -> None:
    flag.state, flag.draft = state, draft
    flag.resolved_at = at if state in _SETTLED and draft is None else None
    flag.save(update_fields=["state", "draft", "resolved_at"])


def _write_down(
    flag: ReviewFlag, state: ReviewState, *, actor: Actor, at: datetime, **more: Any
) -> ReviewDecision:
    return ReviewDecision.objects.create(
        flag=flag,
        procedure=flag.version.procedure,
        field=flag.field,
        alike=flag.alike,
        state=state,
        at=at,
        actor_user_id=actor.user_id,
        actor_name=actor.display_name,
        **more,
    )
