"""Yêu cầu bổ sung: one complete list before the acceptance, one in process (NĐ 61/2018, art. 17.2 and 19.4).

What the list may say is in `supplement_lists`, a further request in `further_supplements`. The applicant answers in
`supplement_answers`, the one-stop unit looks at the answers in `supplement_checks`, and `supplement_lapse` ends what
was not answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.calendars import working_calendar
from core import working_time
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed
from core.working_time import Duration, Unit
from dossiers import clock, policies, rule_sets
from dossiers.models import Dossier, SupplementItem, SupplementProposal, SupplementRequest
from dossiers.services import guards, supplement_lists
from dossiers.services.moves import advance, lock
from dossiers.services.supplement_lists import Wanted
from dossiers.states import Action, Status, SupplementPhase, SupplementState


class AskedTooLate(Conflict):
    """The third working day after the acceptance has passed, and no special law allows a later request (R9)."""

    code = "supplement_too_late"

    def __init__(self, limit: datetime | None) -> None:
        when = "–" if limit is None else f"{clock_time(limit)}"
        super().__init__(
            _(
                "Chỉ được yêu cầu bổ sung trong 3 ngày làm việc kể từ khi tiếp nhận, đến %(limit)s. "
                "Hãy giải quyết theo hồ sơ hiện có, hoặc đề nghị từ chối nếu có căn cứ."
            )
            % {"limit": when}
        )


class ResultIssued(Conflict):
    """A result is being corrected: the agency mends it with what it has."""

    code = "result_issued"
    message = _(
        "Hồ sơ này đã có kết quả và đang được sửa sai sót, nên không yêu cầu người nộp bổ sung nữa. "
        "Hãy sửa kết quả theo hồ sơ hiện có."
    )


class NeedsApproval(Conflict):
    """The phase has had its request; a further one is proposed to the unit's leader, with the law that allows it."""

    code = "supplement_needs_approval"
    message = _(
        "Đã yêu cầu bổ sung một lần ở giai đoạn này, những mục đã thấy được phải nêu đủ ngay lần đó. "
        "Muốn yêu cầu thêm, hãy ghi căn cứ pháp luật và trình lãnh đạo đơn vị duyệt."
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked for: the whole list, a word for all of it, and the law where the rules alone do not allow it."""

    items: Sequence[Wanted]
    guidance: str = ""
    basis: str = ""


def clock_time(moment: datetime) -> str:
    """Write a moment as people of the city read it: hour, day."""
    local = moment.astimezone(working_time.TIME_ZONE)
    return f"{local:%H:%M} {local:%d/%m/%Y}"


@transaction.atomic
def request(
    *, dossier_id: int, items: Sequence[Wanted], actor: Actor, at: datetime, guidance: str = ""
) -> SupplementRequest:
    """Ask the applicant for everything that is missing, in one list; form 02 and message 4 follow.

    Before the acceptance the one-stop officer asks, in process the specialist who holds the dossier.

    :raises AlreadyDone: somebody else has asked, or taken another step.
    :raises NotAllowed: the actor may not ask, or somebody else holds the dossier.
    :raises AskedTooLate: in process, after the third working day, without a special law of the procedure.
    :raises ResultIssued: the dossier has a result, which is being corrected.
    :raises NeedsApproval: the phase has had its request.
    :raises InvalidInput: by field, as `supplement_lists.rows` says.
    """
    dossier = lock(dossier_id=dossier_id)
    require_askable(dossier=dossier, actor=actor, at=at)
    if needs_approval(dossier):
        raise NeedsApproval()
    asking = Asking(items=items, guidance=guidance, basis=_late_basis(dossier, at=at))
    return issue(
        dossier,
        asking,
        action=Action.REQUEST_SUPPLEMENT,
        asked_by_id=actor.officer_id or 0,  # the table lets none but an officer come here
        actor=actor,
        at=at,
    )


def issue(
    dossier: Dossier,
    asking: Asking,
    *,
    action: Action,
    asked_by_id: int,
    actor: Actor,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> SupplementRequest:
    """Send a list for a locked dossier; whoever calls has asked whether it may be sent.

    :param asked_by_id: the officer who wants it. :param data: more for the history.
    :raises InvalidInput: by field, as `supplement_lists.rows` says.
    """
    phase, due_at, guidance = phase_of(dossier), wait_until(dossier, at=at), asking.guidance.strip()
    rows, problems = supplement_lists.rows(dossier, asking.items, guidance=guidance, due_at=due_at)
    if problems:
        raise InvalidInput(problems)
    close_answered(dossier, at=at)
    made = SupplementRequest.objects.create(
        dossier=dossier,
        phase=phase,
        guidance=guidance,
        override_basis=asking.basis,
        asked_by_id=asked_by_id,
        asked_at=at,
        due_at=due_at,
    )
    for row in rows:
        row.request = made
    SupplementItem.objects.bulk_create(rows)
    facts = {
        "request_id": made.pk,
        "phase": phase,
        "items": [row.name for row in rows],
        "wait_until": due_at.isoformat(),
    }
    if made.override_basis:
        facts["override_basis"] = made.override_basis
    dossier = advance(
        dossier_id=dossier.pk,
        action=action,
        actor=actor,
        at=at,
        note="; ".join(row.name for row in rows),
        data=facts | (data or {}),
    )
    dossier.next_due_at = due_at
    dossier.save(update_fields=["next_due_at", "updated_at"])
    return made


def require_askable(*, dossier: Dossier, actor: Actor, at: datetime) -> None:
    """Ask before the list is typed whether the actor may ask for a supplement, at once or by the leader's approval.

    :raises AlreadyDone, NotAllowed, AskedTooLate, ResultIssued: as `request`.
    """
    guards.require(dossier, Action.REQUEST_SUPPLEMENT, actor)
    if dossier.status == Status.IN_PROCESS and not policies.has_in_hands(actor, dossier):
        raise NotAllowed(
            _("Hồ sơ này do %(name)s xử lý. Chỉ người đang xử lý được yêu cầu bổ sung.")
            % {"name": dossier.current_handler}
        )
    require_in_time(dossier, at=at)


def require_in_time(dossier: Dossier, *, at: datetime) -> None:
    """Let a list go out at ``at``, whoever sends it.

    :raises AskedTooLate, ResultIssued: as `request`.
    """
    if dossier.status != Status.IN_PROCESS:
        return
    if dossier.completed_at is not None:
        raise ResultIssued()
    limit = notice_due(dossier)
    if (limit is None or at > limit) and not dossier.procedure_version.late_supplement_basis:
        raise AskedTooLate(limit)


def phase_of(dossier: Dossier) -> SupplementPhase:
    """Say in which phase a request made now would be."""
    return SupplementPhase.INTAKE if dossier.accepted_at is None else SupplementPhase.PROCESS


def notice_due(dossier: Dossier) -> datetime | None:
    """Give the last moment to ask in process (R9); None before the acceptance, where the answer's own limit counts."""
    return clock.limits(dossier).supplement_notice_due


def wait_until(dossier: Dossier, *, at: datetime) -> datetime:
    """Say until when the applicant may answer a request made at ``at``: calendar days, the first one excluded (R5)."""
    agency_id = clock.deciding_agency_id(dossier)
    if dossier.accepted_at is None and dossier.received_at_unit_id is not None:
        agency_id = dossier.received_at_unit_id
    days = Duration(Decimal(dossier.procedure_version.supplement_wait_days), Unit.CALENDAR_DAY)
    due = working_time.due_date(working_calendar(agency_id), at, days).at
    if due is None:
        raise ValueError("supplement_wait_days: a count without pauses ends")
    return due


def needs_approval(dossier: Dossier) -> bool:
    """Say whether the phase has had as many requests as the rules allow without a leader's approval."""
    allowed = rule_sets.named(dossier.rule_set, at=dossier.submitted_at or dossier.created_at)
    asked = dossier.supplements.filter(phase=phase_of(dossier)).count()
    return asked >= allowed.supplement_requests_a_phase


def _late_basis(dossier: Dossier, *, at: datetime) -> str:
    if dossier.accepted_at is None:
        return ""
    limit = notice_due(dossier)
    return dossier.procedure_version.late_supplement_basis if limit is None or at > limit else ""


def close_answered(dossier: Dossier, *, at: datetime) -> None:
    """Close the request of a locked dossier that was answered: an officer has decided on what came.

    A further one that waits for the leader's approval is not wanted any more either.
    """
    dossier.supplements.filter(state=SupplementState.ANSWERED).update(
        state=SupplementState.SETTLED, closed_at=at, updated_at=at
    )
    SupplementProposal.objects.filter(dossier=dossier, decided_at=None).update(
        decided_at=at, is_granted=False, updated_at=at
    )
