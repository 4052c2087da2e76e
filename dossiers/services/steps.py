"""The control sheet (form 06): who held the dossier, from when to when, in how much of the time that was planned.

The plan is laid out at acceptance. Neighbouring steps of one group are a stage: they begin together, and the stage
after them begins when the last of them is passed on. Rows are in order of their id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Officer
from agencies.selectors import officers_as
from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from dossiers import clock, policies
from dossiers.models import Dossier, StepRecord
from dossiers.policies import EXAMINERS
from dossiers.services import guards
from dossiers.services.moves import advance, lock
from dossiers.states import Action
from procedures.models import WorkflowStep

NOTE_LENGTH = 500


class StepPassed(Conflict):
    """The step is not, or no longer, the one that is at work."""

    code = "step_passed"
    message = _(
        "Bước này đã được chuyển hoặc chưa đến lượt. Hãy tải lại trang để xem hồ sơ đang ở bước nào của quy trình."
    )


def plan(dossier: Dossier, *, at: datetime) -> None:
    """Lay the internal workflow out from ``at``: each step is planned to begin when the one before it is due."""
    StepRecord.objects.bulk_create(
        StepRecord(
            dossier=dossier,
            position=planned.step.position,
            group=planned.step.group,
            is_optional=planned.step.is_optional,
            name=planned.step.name,
            role=planned.step.role,
            agency_id=_agency_of(dossier, planned.step),
            started_at=planned.begins_at,
            due_at=planned.due_at,
        )
        for planned in clock.planned_steps(dossier, start=at)
    )
    _mark(dossier)


def at_work(dossier: Dossier) -> list[StepRecord]:
    """Give the steps of the stage that the dossier is in; several where they run side by side, none at the end."""
    return next(_stages(_open(dossier)), [])


def to_return_to(dossier: Dossier) -> list[StepRecord]:
    """Give the earlier steps to which the dossier can go back inside the agency, each as it was walked last."""
    current = at_work(dossier)
    if not current:
        return []
    walked = dossier.steps.filter(position__lt=current[0].position, role__in=EXAMINERS, is_skipped=False)
    last = {step.position: step for step in walked.order_by("id")}
    return [last[position] for position in sorted(last)]


def holders(step: StepRecord, *, at: datetime) -> QuerySet[Officer]:
    """Give the officers who hold the step's role at its agency, or stand in for one, by name."""
    return officers_as(step.role, agency_id=step.agency_id, at=at)


def next_holders(dossier: Dossier, *, at: datetime) -> list[Officer]:
    """Give who may be named for the next step when the one at work is passed on; nobody around steps side by side."""
    stage, following = _turn(dossier)
    return list(holders(following[0], at=at)) if len(stage) == 1 and len(following) == 1 else []


def require_at_work(step: StepRecord, *, dossier: Dossier, actor: Actor) -> None:
    """Ask before anything is typed whether the actor may pass the step on; raises as `pass_step` does."""
    require_holder(step, actor=actor)
    if step.role not in EXAMINERS or step not in at_work(dossier):
        raise StepPassed()


@transaction.atomic
def take_step(*, dossier_id: int, step_id: int, actor: Actor, at: datetime) -> Dossier:
    """Take a step that waits for whoever holds its role: from now on it is nobody else's.

    :raises AlreadyDone, IllegalMove: the dossier is not in process.
    :raises StepPassed: it is not the step's turn.
    :raises StepTaken: the actor has it.
    :raises NotAllowed: the step is of a role or agency that the actor does not hold, or somebody else has it.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.TAKE_STEP, actor)
    step = _at_work(dossier, step_id)
    require_holder(step, actor=actor)
    if step.officer_id is not None:
        raise StepTaken()
    step.officer_id = actor.officer_id
    step.save(update_fields=["officer"])
    data: dict[str, Any] = {"step": step.position, "name": step.name}
    return advance(dossier_id=dossier_id, action=Action.TAKE_STEP, actor=actor, at=at, data=data)


@transaction.atomic
def pass_step(
    *,
    dossier_id: int,
    step_id: int,
    actor: Actor,
    at: datetime,
    note: str = "",
    skip: bool = False,
    next_officer_id: int | None = None,
) -> Dossier:
    """Finish one step inside the agency and hand the dossier on; the last of a stage begins the next stage.

    :param skip: leave an optional step out; needs a note.
    :param next_officer_id: who holds the next step; it must be one step, and an officer of its role. A specialist of the
        deciding agency who gets it holds the dossier from now on.
    :raises AlreadyDone, IllegalMove: the dossier is not in process.
    :raises StepPassed: it is not the step's turn.
    :raises NotAllowed: the step is somebody else's: of another role or agency, or of another specialist.
    :raises InvalidInput: under ``note``, ``skip`` or ``next_officer``.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.PASS_STEP, actor)
    stage, following = _turn(dossier)
    step = _at_work(dossier, step_id)
    require_holder(step, actor=actor)
    note = note.strip()
    problems: dict[str, list[Text]] = dict(_note_problems(note))
    if skip and not step.is_optional:
        problems["skip"] = [_("Bước này là bắt buộc nên không bỏ qua được.")]
    elif skip and not note:
        problems["note"] = [_("Hãy ghi vì sao bỏ qua bước này; lý do được in trên phiếu kiểm soát.")]
    receiver = None
    if next_officer_id is not None:
        ends = len(stage) == 1 and len(following) == 1
        receiver = holders(following[0], at=at).filter(pk=next_officer_id).first() if ends else None
        if receiver is None:
            problems["next_officer"] = [
                _("Người này không nhận được bước tiếp theo. Hãy chọn người khác hoặc để trống.")
            ]
    if problems:
        raise InvalidInput(problems)
    absent = policies.acts_for(actor, dossier, grant=None, step=step)
    by_deputy = _("%(deputy)s làm thay %(name)s.") % {"deputy": actor.display_name, "name": absent}
    sheet_note = f"{note} {by_deputy}".strip() if absent else note
    _finish(step, officer_id=actor.officer_id, at=at, note=sheet_note, is_skipped=skip)
    if len(stage) == 1:
        _begin(following, at=at)
        if receiver is not None:
            following[0].officer = receiver
            following[0].save(update_fields=["officer"])
    data: dict[str, Any] = {"step": step.position, "name": step.name, "skipped": skip}
    if absent:
        data |= {"stands_in_for": absent}
    if receiver is not None:
        data |= {"to": receiver.full_name, "officer_id": receiver.pk}
    dossier = advance(
        dossier_id=dossier_id, action=Action.PASS_STEP, actor=actor, at=at, note=note, data=data
    )
    _mark(dossier)
    if receiver is not None and _is_of_handler(following[0], dossier):
        dossier.current_handler = receiver
        dossier.save(update_fields=["current_handler", "updated_at"])
    return dossier


@transaction.atomic
def return_step(*, dossier_id: int, to_position: int, reason: str, actor: Actor, at: datetime) -> Dossier:
    """Send the dossier back to an earlier step inside the agency; from there on the way is walked once more.

    The time that was planned does not grow: the repeated steps keep their due dates.

    :raises AlreadyDone, IllegalMove: the dossier is not in process.
    :raises NotAllowed: the step at work is somebody else's.
    :raises InvalidInput: under ``to_position`` (not an earlier step of the agency) or ``reason`` (none, or too long).
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.RETURN_STEP, actor)
    stage = at_work(dossier)
    if not any(policies.has_step(actor, step) for step in stage):
        raise NotAllowed(_("Bước đang thực hiện do người khác giữ nên bạn không trả lại được."))
    reason = reason.strip()
    problems: dict[str, list[Text]] = {}
    if len(reason) > NOTE_LENGTH:
        problems["reason"] = [_too_long()]
    if not reason:
        problems["reason"] = [_("Hãy ghi lý do trả lại để người nhận biết cần làm gì.")]
    target = next((one for one in to_return_to(dossier) if one.position == to_position), None)
    if target is None:
        problems["to_position"] = [_("Hãy chọn một bước đã qua của cơ quan giải quyết.")]
    if problems or target is None:
        raise InvalidInput(problems)
    data = {
        "from_step": stage[0].position,
        "to_step": target.position,
        "name": target.name,
        "officer_id": target.officer_id,
    }
    # Written down while the step is still the actor's: another agency's officer sees nothing after it.
    dossier = advance(
        dossier_id=dossier_id, action=Action.RETURN_STEP, actor=actor, at=at, note=reason, data=data
    )
    _walk_again(
        dossier,
        first=target.position,
        officer_id=target.officer_id,
        by_id=actor.officer_id,
        at=at,
        note=reason,
    )
    return dossier


def require_holder(step: StepRecord, *, actor: Actor) -> None:
    """:raises NotAllowed: the step is of a role or agency that the actor does not hold, or somebody else has it."""
    if not policies.has_step(actor, step):
        where = {"step": step.name, "who": step.officer or Role(step.role).label, "agency": step.agency}
        raise NotAllowed(
            _(
                "Bước “%(step)s” do %(who)s của %(agency)s thực hiện. "
                "Hãy liên hệ người đó, hoặc nhờ lãnh đạo phân công lại."
            )
            % where
        )


class StepTaken(Conflict):
    """The officer has the step already."""

    code = "step_taken"
    message = _("Bạn đã nhận bước này. Việc tiếp theo là thực hiện rồi chuyển bước.")


class StepsLeft(Conflict):
    """A step of the examination is still to be done by somebody else before the result goes to the signer."""

    code = "steps_left"


def require_examined(dossier: Dossier, *, actor: Actor) -> None:
    """Let the specialist submit the result: what is left of the examination is their own, or optional.

    :raises StepsLeft: naming the step and who has it.
    """
    for step in _open(dossier).filter(role__in=EXAMINERS, is_optional=False):
        if not _is_of_handler(step, dossier) or not policies.has_step(actor, step):
            raise StepsLeft(
                _("Chưa trình ký được: bước “%(step)s” do %(who)s thực hiện chưa xong.")
                % {"step": step.name, "who": step.officer or Role(step.role).label}
            )


def leave_out_optional(dossier: Dossier, *, at: datetime) -> None:
    """Skip the optional steps of the examination that nobody has done when the result goes to the signer."""
    left = _open(dossier).filter(role__in=EXAMINERS, is_optional=True)
    left.update(is_skipped=True, finished_at=at, note=str(_("Không cần thực hiện")))


def begin(dossier: Dossier, *, role: str, officer_id: int | None) -> None:
    """Write down who holds the step that has begun: the deciding agency's first of this role that is open."""
    step = _open(dossier).filter(role=role, agency=dossier.competent_agency_id).first()
    if step is not None:
        step.officer_id = officer_id
        step.save(update_fields=["officer"])


def change_holder(dossier: Dossier, *, role: str, officer_id: int, note: str, at: datetime) -> None:
    """Write a change of hands inside a step down: the line of who had it ends, and one for the new holder begins."""
    own = [step for step in at_work(dossier) if step.agency_id == dossier.competent_agency_id]
    held = next((step for step in own if step.role == role), None)
    if held is None:
        return
    others = list(_open(dossier).exclude(pk=held.pk))
    copies = [_copy(step) for step in others]
    StepRecord.objects.filter(pk__in=[step.pk for step in others]).delete()
    again = _copy(held)
    again.officer_id, again.started_at = officer_id, at
    _finish(held, officer_id=None, at=at, note=note)
    StepRecord.objects.bulk_create(sorted([again, *copies], key=lambda step: step.position))
    _mark(dossier)


def pass_on(dossier: Dossier, *, roles: Iterable[str], officer_id: int | None, at: datetime) -> None:
    """Finish the steps of these roles that come next, and begin the stage after them."""
    _pass_on(dossier, frozenset(roles), officer_id=officer_id, at=at)
    _mark(dossier)


def _pass_on(dossier: Dossier, held: frozenset[str], *, officer_id: int | None, at: datetime) -> None:
    is_first = True
    for stage in _stages(_open(dossier)):
        mine = [step for step in stage if step.role in held]
        if is_first and mine and len(mine) < len(stage):
            begun: list[StepRecord] = []  # the others of the stage are at work already
        else:
            begun = [step for step in stage if step not in mine]
        if not is_first:
            _begin(mine, at=at)
        for step in mine:
            _finish(step, officer_id=officer_id, at=at)
        _begin(begun, at=at)
        if len(mine) < len(stage):
            return
        is_first = False


def send_back(
    dossier: Dossier, *, to_role: str, officer_id: int | None, by_id: int | None, at: datetime, note: str = ""
) -> None:
    """Write a return down: the current step ends, and the way from ``to_role`` on is walked once more.

    The time that was planned does not grow: the repeated steps keep their due dates.
    """
    current = _open(dossier).first()
    if current is None:
        return
    walked = dossier.steps.filter(position__lte=current.position, role=to_role)
    first = max(walked.values_list("position", flat=True), default=current.position)
    _walk_again(dossier, first=first, officer_id=officer_id, by_id=by_id, at=at, note=note)


def _walk_again(
    dossier: Dossier, *, first: int, officer_id: int | None, by_id: int | None, at: datetime, note: str
) -> None:
    stage = at_work(dossier)
    ahead = list(_open(dossier).exclude(pk__in=[step.pk for step in stage]))
    walked = dossier.steps.filter(position__gte=first).exclude(pk__in=[step.pk for step in ahead])
    again = {step.position: step for step in walked.order_by("id")}
    beginning = {step.position for step in _stage_of(again[first], again.values())}
    copies = []
    for step in [*(again[position] for position in sorted(again)), *ahead]:
        copy = _copy(step)
        copy.officer_id = officer_id if step.position == first else None
        copy.started_at = at if step.position in beginning else step.started_at
        copies.append(copy)
    for step in stage:
        step.officer_id = by_id
        _finish(step, officer_id=by_id, at=at, note=note)
    StepRecord.objects.filter(pk__in=[step.pk for step in ahead]).delete()
    StepRecord.objects.bulk_create(copies)
    _mark(dossier)


def close(
    dossier: Dossier, *, at: datetime, note: Text, decided_as: str = "", officer_id: int | None = None
) -> None:
    """End the control sheet of a dossier that has ended early.

    What was at work ends now; so does the step of ``decided_as``, the role in which the officer ended the dossier. The
    other steps ahead are left out with the note.
    """
    stage = {step.pk for step in at_work(dossier)}
    decided = _open(dossier).filter(role=decided_as, agency=dossier.competent_agency_id).first()
    for step in _open(dossier):
        decides = decided is not None and step.pk == decided.pk
        if step.pk not in stage:
            _begin([step], at=at)
        if step.pk in stage or decides:
            _finish(step, officer_id=officer_id if decides else None, at=at)
        else:
            _finish(step, officer_id=None, at=at, note=str(note), is_skipped=True)
    _mark(dossier)


def walk_anew(dossier: Dossier, *, at: datetime) -> None:
    """Lay the control sheet's lines from the examination on once more, without a limit: the law sets none.

    For a result that is corrected after it was issued.
    """
    walked = {step.position: step for step in dossier.steps.filter(is_skipped=False).order_by("id")}
    copies = []
    for _position, step in sorted(walked.items()):
        if step.role == Role.ONE_STOP_OFFICER or step.is_optional:
            continue
        copy = _copy(step)
        copy.officer_id = dossier.current_handler_id if _is_of_handler(step, dossier) else None
        copy.started_at, copy.due_at = at, None
        copies.append(copy)
    StepRecord.objects.bulk_create(copies)
    _mark(dossier)


def _mark(dossier: Dossier) -> None:
    """Let each row say whether it is its turn, so that lists need not work it out."""
    stage = [step.pk for step in at_work(dossier)]
    dossier.steps.filter(is_at_work=True).exclude(pk__in=stage).update(is_at_work=False)
    dossier.steps.filter(is_at_work=False, pk__in=stage).update(is_at_work=True)


def _at_work(dossier: Dossier, step_id: int) -> StepRecord:
    """:raises StepPassed: it is not the step's turn, or it goes with a move of its own."""
    step = next((one for one in at_work(dossier) if one.pk == step_id and one.role in EXAMINERS), None)
    if step is None:
        raise StepPassed()
    return step


def _is_of_handler(step: StepRecord, dossier: Dossier) -> bool:
    """Say whether the step is the work of the specialist who holds the dossier."""
    return step.role == Role.SPECIALIST and step.agency_id == dossier.competent_agency_id


def _copy(step: StepRecord) -> StepRecord:
    """Make the line once more, not begun and not finished."""
    return StepRecord(
        dossier_id=step.dossier_id,
        position=step.position,
        group=step.group,
        is_optional=step.is_optional,
        name=step.name,
        role=step.role,
        agency_id=step.agency_id,
        officer_id=step.officer_id,
        started_at=step.started_at,
        due_at=step.due_at,
    )


def _open(dossier: Dossier) -> QuerySet[StepRecord]:
    return dossier.steps.filter(finished_at=None).select_related("officer", "agency").order_by("id")


def _stages(steps: Iterable[StepRecord]) -> Iterator[list[StepRecord]]:
    """Part the steps, in their order, into those that run side by side."""
    for _group, members in groupby(steps, key=lambda step: step.group or -step.position):
        yield list(members)


def _stage_of(step: StepRecord, among: Iterable[StepRecord]) -> list[StepRecord]:
    if step.group is None:
        return [step]
    return [one for one in among if one.group == step.group]


def _turn(dossier: Dossier) -> tuple[list[StepRecord], list[StepRecord]]:
    """Give the stage at work and the one after it."""
    stages = _stages(_open(dossier))
    return next(stages, []), next(stages, [])


def _begin(steps: Iterable[StepRecord], *, at: datetime) -> None:
    for step in steps:
        step.started_at = at
        step.save(update_fields=["started_at"])


def _finish(
    step: StepRecord, *, officer_id: int | None, at: datetime, note: str = "", is_skipped: bool = False
) -> None:
    step.officer_id = step.officer_id or officer_id
    step.finished_at, step.is_skipped = at, is_skipped
    step.note = note[:NOTE_LENGTH] or step.note
    step.save(update_fields=["officer", "finished_at", "is_skipped", "note"])


def _note_problems(note: str) -> dict[str, list[Text]]:
    return {} if len(note) <= NOTE_LENGTH else {"note": [_too_long()]}


def _too_long() -> Text:
    return _("Nội dung dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": NOTE_LENGTH}


def _agency_of(dossier: Dossier, step: WorkflowStep) -> int:
    if step.agency_id is not None:
        return step.agency_id
    receives = step.role == Role.ONE_STOP_OFFICER
    agency_id = (not receives and dossier.competent_agency_id) or dossier.received_at_unit_id
    if agency_id is None:
        raise ValueError("received_at_unit: a filed dossier was received somewhere")
    return agency_id
