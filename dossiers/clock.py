"""The one place that asks the calculator for a dossier's due dates (domain: timers)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby, pairwise, repeat

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.calendars import working_calendar
from core import working_time
from core.errors import Conflict
from core.working_time import (
    DueDate,
    Duration,
    ExplanationStep,
    Mode,
    Pause,
    PausePolicy,
    Rule,
    StepKind,
    Unit,
)
from dossiers import rule_sets
from dossiers.models import ClockInterval, Dossier, DossierEvent, Extension
from dossiers.states import RUNNING, Action, LateReason, PauseReason, Status
from procedures.models import SubmissionChannel, WorkflowStep
from procedures.states import Channel


class NoTimeLimit(Conflict):
    """The published procedure gives no time limit that can be counted, so no due date can be promised."""

    code = "no_time_limit"
    message = _(
        "Thủ tục này chưa có thời hạn giải quyết cho hình thức nộp đã chọn nên chưa thể hẹn ngày trả. "
        "Hãy báo cán bộ kiểm soát thủ tục hành chính nhập thời hạn rồi tiếp nhận lại."
    )


def accept_due(dossier: Dossier, *, submitted_at: datetime) -> datetime:
    """Say until when the one-stop unit must answer: 4 working hours after the filing (R8).

    :raises ValueError: the dossier has no receiving unit yet.
    """
    if dossier.received_at_unit_id is None:
        raise ValueError("received_at_unit: a filed dossier needs the unit whose calendar counts")
    return working_time.accept_due(working_calendar(dossier.received_at_unit_id), submitted_at)


def explain_accept_due(dossier: Dossier) -> tuple[str, list[ExplanationStep]]:
    """Say how the acceptance deadline of a filed dossier is counted: the unit's office hours, and step by step.

    The hours read like "07:30–11:30, 13:00–17:00"; the steps leave out the deadline itself.

    :raises ValueError: the dossier is not filed.
    """
    if dossier.received_at_unit_id is None or dossier.submitted_at is None:
        raise ValueError("submitted_at: only a filed dossier has an acceptance deadline")
    calendar = working_calendar(dossier.received_at_unit_id)
    hours = ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in calendar.sessions)
    limit = Duration(Decimal(working_time.ACCEPT_WITHIN_CITY / timedelta(hours=1)), Unit.WORKING_HOUR)
    counted = working_time.due_date(calendar, dossier.submitted_at, limit)
    rule = Rule.ACCEPTANCE
    steps = [
        replace(step, rule=rule, basis=rule.basis) if step.kind is StepKind.RULE else step
        for step in working_time.explain(counted)[:-1]
    ]
    return hours, steps


def deciding_agency_id(dossier: Dossier) -> int:
    """Name the agency whose calendar counts the processing time.

    :raises ValueError: the dossier has neither a competent agency nor a receiving unit yet.
    """
    agency_id = dossier.competent_agency_id or dossier.received_at_unit_id
    if agency_id is None:
        raise ValueError("competent_agency: an accepted dossier needs the agency whose calendar counts")
    return agency_id


def time_limit(dossier: Dossier) -> Duration:
    """Give the published time limit for the channel of filing (R12).

    :raises NoTimeLimit: the procedure's version gives none that can be counted.
    """
    row = (
        SubmissionChannel.objects.filter(
            version_id=dossier.procedure_version_id, channel=dossier.channel, duration_value__isnull=False
        )
        .exclude(duration_unit="")
        .order_by("position")
        .first()
    )
    if row is None or row.duration_value is None:
        raise NoTimeLimit()
    return Duration(row.duration_value, Unit(row.duration_unit))


def due(dossier: Dossier, *, at: datetime | None = None) -> DueDate:
    """Compute the due date of an accepted dossier from its clock intervals; it explains itself.

    ``at`` stands for the start when the clock has no interval yet (the moment of acceptance). What was promised anew
    with an apology is not in it: see `promised`.

    :raises NoTimeLimit: see `time_limit`.
    """
    intervals = _intervals(dossier)
    start = intervals[0].started_at if intervals else at
    if start is None:
        raise ValueError("at: the clock of this dossier has not started")
    return working_time.due_date(
        working_calendar(deciding_agency_id(dossier)),
        start,
        time_limit(dossier),
        mode=Mode(dossier.procedure_version.counting_mode),
        pauses=_pauses(dossier, intervals),
    )


def run(dossier: Dossier) -> tuple[datetime, list[Pause]]:
    """Give since when the clock of an accepted dossier runs, at the latest, and all its pauses.

    :raises ValueError: the dossier is not accepted.
    """
    if dossier.accepted_at is None:
        raise ValueError("accepted_at: only an accepted dossier has a clock")
    intervals = _intervals(dossier)
    start = (
        intervals[0].started_at if intervals else _expected_start(dossier, accepted_at=dossier.accepted_at)
    )
    return start, _pauses(dossier, intervals)


def expected_due(dossier: Dossier) -> DueDate:
    """Compute the due date of an accepted dossier as `due` does, also before another area's agency has it.

    :raises NoTimeLimit: see `time_limit`.
    :raises ValueError: the dossier is not accepted.
    """
    if dossier.accepted_at is None:
        raise ValueError("accepted_at: only an accepted dossier has a due date")
    return due(dossier, at=_expected_start(dossier, accepted_at=dossier.accepted_at))


def due_under(
    dossier: Dossier,
    limit: Duration,
    *,
    mode: Mode,
    calendar: working_time.Calendar,
    intervals: Sequence[ClockInterval],
) -> datetime | None:
    """Say when an accepted dossier would have been due under another time limit, its pauses as they were.

    ``intervals`` are all of its clock, in order; ``calendar`` is that of the agency that decides. None while it stands
    still, or where no clock has run.
    """
    if not intervals:
        return None
    return working_time.due_date(
        calendar,
        intervals[0].started_at,
        limit,
        mode=mode,
        pauses=_pauses(dossier, list(intervals)),
    ).at


def _intervals(dossier: Dossier) -> list[ClockInterval]:
    return list(ClockInterval.objects.filter(dossier=dossier).order_by("started_at", "pk"))


def _pauses(dossier: Dossier, intervals: list[ClockInterval]) -> list[Pause]:
    """Read the pauses between the intervals; one that lasts is open, and after a result there is none."""
    pauses = [
        _pause(dossier, earlier, later.started_at)
        for earlier, later in pairwise(intervals)
        if earlier.stopped_at
    ]
    if intervals and intervals[-1].stopped_at is not None and dossier.completed_at is None:
        pauses.append(_pause(dossier, intervals[-1], None))
    return pauses


def _pause(dossier: Dossier, before: ClockInterval, until: datetime | None) -> Pause:
    if before.stopped_at is None:
        raise ValueError("stopped_at: a pause follows an interval that was stopped")
    policy = PausePolicy(before.policy)
    basis = ""
    if before.reason == PauseReason.EXCLUDED_BY_LAW:
        basis = dossier.procedure_version.excludes_verification
    elif before.reason == PauseReason.SUPPLEMENT and policy is PausePolicy.PAUSE:
        basis = gettext("quy định riêng của thủ tục")
    return Pause(
        before.stopped_at,
        until,
        policy,
        reason=str(PauseReason(before.reason).label) if before.reason else "",
        basis=basis,
    )


def promised(dossier: Dossier, *, at: datetime | None = None) -> datetime | None:
    """Give the moment that holds now: the computed one, or the one of the apology moved on by later pauses.

    None while the clock stands still. The day of an apology that has become a day off moves to the next working day.

    :raises NoTimeLimit: see `time_limit`.
    """
    extension = _granted(dossier)
    if extension is None or extension.decided_at is None:
        return due(dossier, at=at).at
    pauses = _pauses(dossier, _intervals(dossier))
    if pauses and pauses[-1].until is None:
        return None
    calendar = working_calendar(deciding_agency_id(dossier))
    later = [one for one in pauses if one.since >= extension.decided_at]
    lost = sum((calendar.elapsed(one.since, one.until) for one in later if one.until), timedelta())
    moved = calendar.add(extension.new_due_at, lost)
    if any(one.policy is PausePolicy.RESTART for one in later):
        # Whoever asked for a supplement in spite of the apology has the whole time limit again (NĐ 61, art. 19.4).
        anew = due(dossier, at=at).at
        moved = moved if anew is None else max(moved, anew)
    day = moved.date()
    return moved if calendar.is_working_day(day) else calendar.closes(calendar.next_working_day(day))


def _granted(dossier: Dossier) -> Extension | None:
    return Extension.objects.filter(dossier=dossier, is_granted=True).first()


def by_todays_calendar(dossier: Dossier) -> datetime | None:
    """Give the moment that a dossier waits for, counted anew by the calendars as they are now (5.1).

    That is the answer to a filing before acceptance, the result after it. None while nothing runs.

    :raises NoTimeLimit: see `time_limit`.
    """
    if dossier.accepted_at is not None:
        return promised(dossier, at=_expected_start(dossier, accepted_at=dossier.accepted_at))
    filed = (
        DossierEvent.objects.filter(dossier=dossier, action__in=(Action.SUBMIT, Action.RESUBMIT))
        .order_by("-seq")
        .first()
    )
    return None if filed is None else accept_due(dossier, submitted_at=filed.at)


@dataclass(frozen=True, slots=True)
class Limits:
    """The legal moments of a dossier, None where there is none (now).

    ``accept_due`` ends the check of a filing (R8); ``supplement_notice_due`` is the last moment to ask for a
    supplement (R9), ``near_due`` where warnings begin (5.4), ``apology_due`` the last moment of an apology (R10: a
    second one there is not), ``due`` the promised result.
    """

    accept_due: datetime | None = None
    supplement_notice_due: datetime | None = None
    near_due: datetime | None = None
    apology_due: datetime | None = None
    due: datetime | None = None


def limits(dossier: Dossier) -> Limits:
    """Compute the limits of a filed dossier. Moments that have passed are among them.

    :raises NoTimeLimit: see `time_limit`.
    """
    if dossier.accepted_at is None:
        return Limits(accept_due=dossier.accept_due_at)
    if dossier.completed_at is not None:
        return Limits(accept_due=dossier.accept_due_at, due=dossier.due_at)
    calendar = working_calendar(deciding_agency_id(dossier))
    counted = expected_due(dossier)
    now_due = promised(dossier, at=counted.start)
    return Limits(
        accept_due=dossier.accept_due_at,
        supplement_notice_due=working_time.supplement_notice_due(calendar, counted.start),
        near_due=working_time.near_due_at(calendar, replace(counted, at=now_due)),
        apology_due=None
        if now_due is None or dossier.is_rescheduled
        else working_time.apology_due(calendar, now_due),
        due=now_due,
    )


def explanation(dossier: Dossier) -> list[ExplanationStep]:
    """Say step by step where the due date comes from: start, what ran and stood still, an apology, the end.

    Nothing before the acceptance, nor where the procedure has no time limit that can be counted.
    """
    if dossier.accepted_at is None or dossier.is_mirror:
        return []
    try:
        counted = expected_due(dossier)
    except NoTimeLimit:
        return []
    start, *rest = working_time.explain(counted)
    steps = [_explained_start(dossier, start), _explained_channel(dossier, counted.start), *rest]
    extension = _granted(dossier)
    if extension is not None and extension.decided_at is not None:
        steps += _explained_apology(dossier, extension)
    return steps


def _explained_start(dossier: Dossier, step: ExplanationStep) -> ExplanationStep:
    words = {"at": _moment(step.since)}
    if not dossier.is_cross_area:
        return replace(step, text=gettext("Bắt đầu tính từ %(at)s, khi hồ sơ được tiếp nhận.") % words)
    if dossier.competent_received_at is not None:
        text = gettext("Bắt đầu tính từ %(at)s, khi cơ quan có thẩm quyền nhận được hồ sơ.") % words
    else:
        text = (
            gettext("Bắt đầu tính chậm nhất từ %(at)s, khi cơ quan có thẩm quyền phải nhận được hồ sơ.")
            % words
        )
    return replace(step, text=text, rule=Rule.CROSS_AREA, basis=Rule.CROSS_AREA.basis)


def _explained_channel(dossier: Dossier, start: datetime) -> ExplanationStep:
    text = gettext("Hình thức nộp: %(channel)s.") % {"channel": str(Channel(dossier.channel).label)}
    rule = Rule.CHANNEL
    return ExplanationStep(StepKind.RULE, start, start, text, rule=rule, basis=rule.basis)


def _explained_apology(dossier: Dossier, extension: Extension) -> list[ExplanationStep]:
    rule, decided = Rule.APOLOGY, extension.decided_at or extension.proposed_at
    text = gettext(
        "%(at)s: cơ quan xin lỗi và hẹn lại, một lần duy nhất. Hạn mới %(new)s thay cho hạn %(old)s. "
        "Lý do: %(reason)s."
    ) % {
        "at": _moment(decided),
        "new": _moment(extension.new_due_at),
        "old": _moment(extension.old_due_at),
        "reason": str(LateReason(extension.reason).label),
    }
    steps = [ExplanationStep(StepKind.APOLOGY, decided, decided, text, rule=rule, basis=rule.basis)]
    now_due = promised(dossier)
    if now_due is not None and now_due != extension.new_due_at:
        steps.append(
            ExplanationStep(
                StepKind.DUE,
                now_due,
                now_due,
                gettext("Sau hẹn lại còn thời gian tạm dừng hoặc ngày nghỉ mới; hạn trả kết quả: %(at)s.")
                % {"at": _moment(now_due)},
            )
        )
    return steps


def _moment(moment: datetime) -> str:
    local = moment.astimezone(working_time.TIME_ZONE)
    return f"{local:%H:%M} {local:%d/%m/%Y}"


def _expected_start(dossier: Dossier, *, accepted_at: datetime) -> datetime:
    """Say when the clock starts at the latest: for another area's agency, when it must have the papers (R7, R11)."""
    if not dossier.is_cross_area or dossier.channel == Channel.ONLINE:
        return accepted_at
    return working_time.paper_transfer_due(working_calendar(dossier.received_at_unit_id or 0), accepted_at)


def promise(dossier: Dossier, *, at: datetime) -> None:
    """Promise the due date at acceptance, and start the clock unless another area's agency must have it first.

    For cross-area intake the promise counts from when that agency must have the papers at the latest (R7, R11).

    :raises NoTimeLimit: see `time_limit`.
    """
    if not dossier.is_cross_area:
        _start(dossier, at=at)
        return
    received = _expected_start(dossier, accepted_at=at)
    dossier.due_at = dossier.original_due_at = dossier.next_due_at = due(dossier, at=received).at


def follow(dossier: Dossier, *, action: Action, at: datetime) -> None:
    """Let the clocks run, stand still or end as the dossier's new status asks.

    :raises NoTimeLimit: see `time_limit`.
    """
    if action in (Action.SUBMIT, Action.RESUBMIT):
        dossier.accept_due_at = dossier.next_due_at = accept_due(dossier, submitted_at=at)
    elif dossier.accepted_at is not None:
        _follow_processing(dossier, action=action, at=at)


def _follow_processing(dossier: Dossier, *, action: Action, at: datetime) -> None:
    if dossier.status == Status.ARCHIVED:
        return
    if dossier.status == Status.WITHDRAWAL_REQUESTED and action != Action.CONFIRM_PAYMENT:
        return  # it goes on as it was; only what it waited for may come meanwhile
    interval = ClockInterval.objects.filter(dossier=dossier).order_by("-started_at", "-pk").first()
    runs = interval is not None and interval.stopped_at is None
    if _runs_in(dossier):
        if interval is None and dossier.competent_received_at is not None:
            _start(dossier, at=at)
        elif interval is not None and not runs:
            # Two servers need not agree to the second: the clock never goes on before it stood still.
            stopped_at = interval.stopped_at or at
            ClockInterval.objects.create(dossier=dossier, started_at=max(at, stopped_at))
            dossier.due_at = dossier.next_due_at = promised(dossier)
    elif interval is not None and runs:
        _stop(dossier, at=max(at, interval.started_at))


_WAITING_FOR_OTHERS = (Status.PROCESS_SUPPLEMENT, Status.AWAITING_PAYMENT)

STANDS_STILL = (
    Q(status__in=_WAITING_FOR_OTHERS)
    | Q(status=Status.WITHDRAWAL_REQUESTED, resume_status__in=_WAITING_FOR_OTHERS)
    | Q(
        Q(status=Status.VERIFYING) | Q(status=Status.WITHDRAWAL_REQUESTED, resume_status=Status.VERIFYING),
        ~Q(procedure_version__excludes_verification=""),
    )
)
"""The condition for dossiers in process of which `stands_still` is true."""


def stands_still(dossier: Dossier) -> bool:
    """Say whether the processing clock of an accepted dossier waits, so that nothing of it can become late.

    It waits for the applicant, or for a verification whose time the law does not count. Who asks to withdraw meanwhile
    sets no clock going.
    """
    if dossier.accepted_at is None or dossier.completed_at is not None:
        return False
    asked_back = dossier.status == Status.WITHDRAWAL_REQUESTED
    status = dossier.resume_status if asked_back else dossier.status
    if status == Status.VERIFYING:
        return bool(dossier.procedure_version.excludes_verification)
    return status in _WAITING_FOR_OTHERS


def _runs_in(dossier: Dossier) -> bool:
    """Say whether the processing clock runs: not once there was a result, and not while the law lets it stand."""
    if dossier.completed_at is not None or dossier.status not in RUNNING:
        return False
    return dossier.status != Status.VERIFYING or not dossier.procedure_version.excludes_verification


def _start(dossier: Dossier, *, at: datetime) -> None:
    first = due(dossier, at=at).at
    ClockInterval.objects.create(dossier=dossier, started_at=at)
    dossier.due_at = dossier.original_due_at = dossier.next_due_at = first


_STOPS = {
    Status.PROCESS_SUPPLEMENT: PauseReason.SUPPLEMENT,
    Status.AWAITING_PAYMENT: PauseReason.FINANCIAL_OBLIGATION,
    Status.VERIFYING: PauseReason.EXCLUDED_BY_LAW,
    Status.COMPLETED: PauseReason.COMPLETED,
}


def _stop(dossier: Dossier, *, at: datetime) -> None:
    reason = _STOPS.get(Status(dossier.status), PauseReason.STOPPED)
    policy = PausePolicy.PAUSE
    if reason == PauseReason.SUPPLEMENT:
        rules = rule_sets.named(dossier.rule_set, at=at)
        policy = PausePolicy(dossier.procedure_version.supplement_policy or rules.supplement_policy)
    ClockInterval.objects.filter(dossier=dossier, stopped_at=None).update(
        stopped_at=at, reason=reason, policy=policy
    )
    if reason == PauseReason.EXCLUDED_BY_LAW:
        dossier.next_due_at = None  # nobody has a limit meanwhile


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of the internal workflow with the beginning and the end that are planned for it.

    ``limit`` is as long as all steps up to its end: working time, or time by the clock.
    """

    step: WorkflowStep
    begins_at: datetime
    due_at: datetime
    limit: Duration


def planned_steps(dossier: Dossier, *, start: datetime) -> list[PlannedStep]:
    """Lay the internal workflow out over working time from ``start`` (T43).

    Neighbouring steps of one group begin together and take the time of the longest; a conditional step is there only
    where the form's answers ask for it.
    """
    rows = dossier.procedure_version.workflow_steps.select_related("agency").order_by("position")
    steps = [step for step in rows if _is_called_for(step, dossier)]
    calendar = working_calendar(deciding_agency_id(dossier))
    planned: list[PlannedStep] = []
    before: list[Duration] = []
    begins = start
    for _stage, members in groupby(steps, key=lambda step: step.group or -step.position):
        side_by_side = list(members)
        times = [Duration(step.duration_value, Unit(step.duration_unit)) for step in side_by_side]
        limits = [working_time.together([*before, time]) for time in times]
        dues = [working_time.due_moments(calendar, [start], limit)[0] for limit in limits]
        planned += [
            PlannedStep(*one) for one in zip(side_by_side, repeat(begins), dues, limits, strict=False)
        ]
        before.append(max(times, key=lambda time: time.length))
        begins = max(dues)
    return planned


def _is_called_for(step: WorkflowStep, dossier: Dossier) -> bool:
    if not step.condition:
        return True
    return dossier.form_data.get(step.condition["field"]) == step.condition["equals"]
