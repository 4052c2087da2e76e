"""Xin lỗi và hẹn lại: proposed by the specialist or drafted by the system, approved once by the agency's head (form 04).

NĐ 61/2018, art. 19.9. The duty is to apologise at the latest on the working day before the due date (R10); after that
the apology is still better than none until the date itself passes, and is marked as late.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.calendars import working_calendar
from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from core.working_time import WORKING_DAY, Duration, Unit, due_date
from core.working_time import apology_due as last_moment
from dossiers import clock, lateness, policies, wording_check
from dossiers.models import Dossier, Extension
from dossiers.services import guards, step_plan
from dossiers.services.moves import apply, lock
from dossiers.states import Action, LateReason, Status
from dossiers.transitions import EXTENDABLE, IllegalMove
from outbox import services as outbox

MOST_DAYS = 30
EXPLANATION_LENGTH = 2000
NOTE_LENGTH = 2000
ESCALATE = "dossier.escalate"


class Rescheduled(Conflict):
    """The one new date has been promised already; the city's office decides what happens now."""

    code = "already_rescheduled"
    message = _(
        "Hồ sơ này đã được hẹn lại một lần nên không được hẹn lại nữa. Hệ thống báo Văn phòng Ủy ban nhân dân thành phố; "
        "hãy trả kết quả ngay khi xong, hồ sơ trễ vẫn phải trả."
    )


class DuePassed(Conflict):
    """The due date has passed: an apology with a new date came too late."""

    code = "due_passed"
    message = _(
        "Đã quá hạn trả kết quả nên không hẹn lại được nữa. Hãy trả kết quả ngay khi xong và ghi lý do trễ."
    )


class ClockStands(Conflict):
    """The clock stands still, so that no due date comes nearer that could be moved."""

    code = "clock_stands"
    message = _(
        "Thời hạn giải quyết đang tạm dừng theo quy định nên hồ sơ không trễ và chưa hẹn lại được. "
        "Khi tính tiếp, hạn trả tự lùi theo thời gian tạm dừng."
    )


class ProposedAlready(Conflict):
    """A proposal waits for the head's decision."""

    code = "proposed_already"
    message = _("Đã có đề nghị hẹn lại đang chờ thủ trưởng cơ quan quyết định.")


class DecidedAlready(Conflict):
    """There is no proposal that waits for a decision."""

    code = "decided_already"
    message = _("Không còn đề nghị hẹn lại nào chờ quyết định. Có thể người khác vừa quyết định.")


class DueMoved(Conflict):
    """The due date is no longer the one that the proposal was made for."""

    code = "due_moved"
    message = _(
        "Hạn trả đã thay đổi sau khi đề nghị này được lập. Hãy không duyệt đề nghị này, để chuyên viên đề nghị lại."
    )


def new_due(dossier: Dossier, *, working_days: int) -> datetime:
    """Give the due date so many working days after the one that holds now (T45).

    :raises ValueError: the dossier has no due date.
    """
    if dossier.due_at is None:
        raise ValueError("due_at: only an accepted dossier has a date to move")
    calendar = working_calendar(clock.deciding_agency_id(dossier))
    moved = due_date(calendar, dossier.due_at, Duration(Decimal(working_days), Unit.WORKING_DAY)).at
    if moved is None:
        raise ValueError("pauses: none was given, so the date is known")
    return moved


def propose(
    *, dossier_id: int, reason: str, explanation: str, working_days: int, actor: Actor, at: datetime
) -> Extension:
    """Propose an apology with a new date; one that the system drafted is taken over and rewritten.

    Whoever asks for a second new date is refused, and the city's office is told (topic ``dossier.escalate``).

    :raises Rescheduled: there was one.
    :raises DuePassed: the due date has passed.
    :raises ProposedAlready: another proposal waits.
    :raises ClockStands: the clock stands still in a status in which it runs as a rule.
    :raises IllegalMove: the clock does not run.
    :raises NotAllowed: the actor is not the specialist who holds the dossier.
    :raises InvalidInput: reason, explanation or number of days is missing or wrong.
    """
    with transaction.atomic():
        dossier = lock(dossier_id=dossier_id)
        _require_holder(dossier, actor)
        if not dossier.is_rescheduled:
            return _propose(dossier, reason, explanation.strip(), working_days, actor=actor, at=at)
        outbox.publish(
            topic=ESCALATE,
            key=dossier.tracking_no,
            payload={"dossier_id": dossier.pk, "why": "second_extension"},
            at=at,
        )
    raise Rescheduled()  # outside of the transaction, so that the message is sent


def _propose(
    dossier: Dossier, reason: str, explanation: str, working_days: int, *, actor: Actor, at: datetime
) -> Extension:
    _require_extendable(dossier, at=at)
    waiting = _waiting(dossier)
    if waiting is not None and not waiting.is_drafted:
        raise ProposedAlready()
    _require_proposal(reason, explanation, working_days)
    extension = waiting or Extension(dossier=dossier)
    extension.reason, extension.explanation = reason, explanation
    extension.old_due_at, extension.new_due_at = _due(dossier), new_due(dossier, working_days=working_days)
    extension.is_drafted, extension.proposed_by_id, extension.proposed_at = False, actor.officer_id, at
    extension.save()
    return extension


def require_proposable(*, dossier: Dossier, actor: Actor, at: datetime) -> None:
    """Ask before anything is typed whether the actor may propose; raises as `propose` does, and tells nobody."""
    _require_holder(dossier, actor)
    if dossier.is_rescheduled:
        raise Rescheduled()
    _require_extendable(dossier, at=at)
    if dossier.extensions.filter(decided_at=None, is_drafted=False).exists():
        raise ProposedAlready()


def may_propose(dossier: Dossier, *, actor: Actor, at: datetime) -> bool:
    """Say whether the page offers the actor to propose an apology; also a second one, which is refused with reasons."""
    try:
        require_proposable(dossier=dossier, actor=actor, at=at)
    except Rescheduled:
        return dossier.status in EXTENDABLE and dossier.completed_at is None
    except (Conflict, NotAllowed):
        return False
    return True


@transaction.atomic
def approve(*, dossier_id: int, actor: Actor, at: datetime) -> Dossier:
    """Apologise and promise the new date; form 04 follows. The first promise stays on record.

    :raises DecidedAlready: another head was faster, or there is no proposal.
    :raises Rescheduled: there was a new date already.
    :raises DuePassed: the due date has passed meanwhile.
    :raises ClockStands: the clock stands still meanwhile.
    :raises DueMoved: it was moved meanwhile, by a pause or a calendar.
    :raises NotAllowed: the actor is not the head of the competent agency.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.EXTEND, actor)
    if dossier.is_rescheduled:
        raise Rescheduled()
    extension = _require_waiting(dossier)
    _require_extendable(dossier, at=at)
    if extension.old_due_at != dossier.due_at:
        raise DueMoved()
    extension.is_granted, extension.decided_by_id, extension.decided_at = True, actor.officer_id, at
    extension.save()
    dossier = apply(
        dossier,
        action=Action.EXTEND,
        actor=actor,
        at=at,
        note=extension.explanation,
        data={
            "reason": extension.reason,
            "due_at": {"from": extension.old_due_at.isoformat(), "to": extension.new_due_at.isoformat()},
            "is_late_apology": is_late_apology(extension),
        },
    )
    dossier.due_at = dossier.next_due_at = extension.new_due_at
    dossier.save(update_fields=["due_at", "next_due_at", "updated_at"])
    step_plan.follow(dossier)
    return dossier


@transaction.atomic
def decline(*, dossier_id: int, note: str, actor: Actor, at: datetime) -> Extension:
    """Decline a proposal with a reason; the due date holds.

    :raises DecidedAlready: another head was faster, or there is no proposal.
    :raises NotAllowed: the actor is not the head of the competent agency.
    :raises InvalidInput: the reason is missing or too long.
    """
    dossier = lock(dossier_id=dossier_id)
    policies.require_role(actor, dossier, Role.AGENCY_HEAD)
    extension = _require_waiting(dossier)
    note = note.strip()
    if not note:
        raise InvalidInput({"note": [_("Hãy ghi vì sao không duyệt để chuyên viên biết cần làm gì.")]})
    if len(note) > NOTE_LENGTH:
        raise InvalidInput({"note": [_too_long(NOTE_LENGTH)]})
    extension.is_granted, extension.decision_note = False, note
    extension.decided_by_id, extension.decided_at = actor.officer_id, at
    extension.save()
    return extension


def require_decidable(*, dossier: Dossier, actor: Actor) -> Extension:
    """Give the proposal that the actor may decide, without a lock; raises as `decline` does."""
    policies.require_role(actor, dossier, Role.AGENCY_HEAD)
    found = dossier.extensions.filter(decided_at=None).select_related("proposed_by").first()
    if found is None:
        raise DecidedAlready()
    return found


def is_late_apology(extension: Extension, *, at: datetime | None = None) -> bool:
    """Say whether an apology came, or at ``at`` would come, after the last moment that the law gives it (R10)."""
    calendar = working_calendar(clock.deciding_agency_id(extension.dossier))
    moment = at or extension.decided_at
    return moment is not None and moment > last_moment(calendar, extension.old_due_at)


# Drafted by the system


def draft_for(dossier_id: int, *, at: datetime) -> Extension | None:
    """Draft the apology of a dossier that cannot be finished in time by its own plan; the head sends it by one click.

    Four working hours before the last moment of an apology (R10) the steps ahead are laid out: where they need more
    working time than is left, a new date is drafted that gives them the days they lack. Safe to repeat. None where
    nothing is to be drafted: it is too early or too late, there was an apology, or one waits.
    """
    with transaction.atomic():
        dossier = lock(dossier_id=dossier_id)
        begins = lateness.judged_from(dossier)
        if dossier.is_rescheduled or begins is None or at < begins or not is_extendable(dossier, at=at):
            return None
        waiting = _waiting(dossier)
        if waiting is not None and (not waiting.is_drafted or waiting.old_due_at == dossier.due_at):
            return None
        if not lateness.is_certain(dossier, at=at):
            return None
        extension = waiting or Extension(dossier=dossier)
        extension.reason = _reason(dossier)
        extension.explanation = _explanation(extension.reason)
        extension.old_due_at = _due(dossier)
        extension.new_due_at = new_due(dossier, working_days=_days_lacking(dossier, at=at))
        extension.is_drafted, extension.proposed_at = True, at
        extension.save()
        return extension


def draft_for_all(dossier_ids: Iterable[int], *, at: datetime) -> list[int]:
    """Draft the apologies that these dossiers need (see `draft_for`), each by itself; give those that got one."""
    return [dossier_id for dossier_id in dossier_ids if draft_for(dossier_id, at=at)]


def _days_lacking(dossier: Dossier, *, at: datetime) -> int:
    calendar = working_calendar(clock.deciding_agency_id(dossier))
    lacking = lateness.time_needed(dossier, at=at) - calendar.elapsed(at, _due(dossier))
    return min(MOST_DAYS, -(-lacking // WORKING_DAY))  # rounded up


_REASONS = {
    Status.VERIFYING: LateReason.VERIFICATION_LONG,
    Status.AWAITING_OPINION: LateReason.WAITING_OTHER_AGENCY,
}


def _reason(dossier: Dossier) -> LateReason:
    return _REASONS.get(Status(dossier.status), LateReason.WORKLOAD)


def _explanation(reason: LateReason) -> str:
    """Word the draft in Vietnamese, as form 04 is, whatever language the worker has."""
    with translation.override("vi"):
        return {
            LateReason.VERIFICATION_LONG: gettext(
                "Việc xác minh cần thêm thời gian nên chưa đủ căn cứ để ký kết quả đúng hẹn."
            ),
            LateReason.WAITING_OTHER_AGENCY: gettext(
                "Cơ quan phối hợp chưa gửi ý kiến nên chưa đủ căn cứ để ký kết quả đúng hẹn."
            ),
        }.get(
            reason,
            gettext(
                "Số hồ sơ phải giải quyết trong kỳ lớn hơn dự kiến nên các bước còn lại không kịp xong đúng hẹn."
            ),
        )


# What must hold


def _require_holder(dossier: Dossier, actor: Actor) -> None:
    policies.require_led_here(dossier, Action.EXTEND)
    policies.require_role(actor, dossier, Role.SPECIALIST)
    if not policies.has_in_hands(actor, dossier):
        raise NotAllowed(
            _("Hồ sơ này do %(name)s xử lý. Chỉ người đang xử lý được đề nghị hẹn lại.")
            % {"name": dossier.current_handler}
        )


def is_extendable(dossier: Dossier, *, at: datetime) -> bool:
    """Say whether the due date of a dossier could be moved now, leaving aside that it may have been moved before."""
    return (
        dossier.status in EXTENDABLE
        and dossier.completed_at is None
        and dossier.due_at is not None
        and at <= dossier.due_at
        and not (dossier.is_mirror or dossier.is_bundle)
        and not clock.stands_still(dossier)
    )


def _require_extendable(dossier: Dossier, *, at: datetime) -> None:
    if dossier.status not in EXTENDABLE or dossier.completed_at is not None or dossier.due_at is None:
        raise IllegalMove(status=dossier.status, action=Action.EXTEND)
    if clock.stands_still(dossier):
        raise ClockStands()
    if at > dossier.due_at:
        raise DuePassed()


def _require_proposal(reason: str, explanation: str, working_days: int) -> None:
    problems: dict[str, list[Text]] = {}
    if reason not in LateReason.values:
        problems["reason"] = [_("Hãy chọn lý do trễ trong danh sách.")]
    if not explanation:
        problems["explanation"] = [_("Hãy giải thích cho người nộp vì sao chưa trả kết quả đúng hẹn.")]
    elif len(explanation) > EXPLANATION_LENGTH:
        problems["explanation"] = [_too_long(EXPLANATION_LENGTH)]
    if not 1 <= working_days <= MOST_DAYS:
        problems["working_days"] = [_("Hãy nhập số ngày làm việc từ 1 đến %(most)d.") % {"most": MOST_DAYS}]
    if problems:
        raise InvalidInput(problems)
    wording_check.require(field="explanation", text=explanation)


def _waiting(dossier: Dossier) -> Extension | None:
    return Extension.objects.select_for_update().filter(dossier=dossier, decided_at=None).first()


def _require_waiting(dossier: Dossier) -> Extension:
    waiting = _waiting(dossier)
    if waiting is not None:
        return waiting
    last = (
        dossier.extensions.exclude(decided_at=None)
        .select_related("decided_by")
        .order_by("-decided_at")
        .first()
    )
    if last is None or last.decided_by is None or last.decided_at is None:
        raise DecidedAlready()
    when = timezone.localtime(last.decided_at)
    raise DecidedAlready(
        _("Đề nghị hẹn lại đã được %(who)s quyết định lúc %(when)s.")
        % {"who": last.decided_by.full_name, "when": f"{when:%H:%M} {when:%d/%m/%Y}"}
    )


def _due(dossier: Dossier) -> datetime:
    if dossier.due_at is None:
        raise ValueError("due_at: only an accepted dossier has a date to move")
    return dossier.due_at


def _too_long(limit: int) -> Text:
    return _("Nội dung dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": limit}
