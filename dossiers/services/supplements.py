"""Yêu cầu bổ sung: one complete list before the acceptance, one in process (NĐ 61/2018, art. 17.2 and 19.4).

What the applicant does with it is in `dossiers.services.supplement_answers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.calendars import working_calendar
from agencies.models import Officer, OfficerRole
from agencies.states import Role
from core import working_time
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from core.working_time import Duration, Unit
from dossiers import clock, rule_sets, wording_check
from dossiers.models import Dossier, SupplementItem, SupplementRequest
from dossiers.services import ending, guards
from dossiers.services.moves import advance, lock
from dossiers.states import (
    Action,
    ScanState,
    Status,
    SupplementPhase,
    SupplementReason,
    SupplementState,
)
from procedures import eforms
from procedures.models import Component

MOST_ITEMS = 40
NAME_LENGTH = 500
GUIDANCE_LENGTH = 2000
BASIS_LENGTH = 500

TIME_TO_REFUSE = timedelta(hours=8)
"""So much working time the specialist has after the limit to refuse, before a dossier in process lapses by itself."""


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


class NotHandedIn(Conflict):
    """The applicant has not handed in the whole list, so there is nothing to confirm."""

    code = "supplement_not_handed_in"
    message = _(
        "Người nộp chưa nộp đủ các mục được yêu cầu nên chưa xác nhận được. Hãy chờ người nộp gửi bổ sung."
    )


class AnswerUnsafe(Conflict):
    """A file that answers an item has not passed the virus scanner."""

    code = "supplement_unsafe"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            _(
                "Tệp bổ sung chưa quét xong hoặc có mã độc: %(names)s. "
                "Hãy chờ ít phút; nếu vẫn vậy, hãy gọi người nộp gửi bản khác."
            )
            % {"names": "; ".join(names)}
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """One item of the list: a component of the procedure, a question of its e-form, or something named freely."""

    reason: str
    guidance: str
    component_id: int | None = None
    field: str = ""
    name: str = ""


def clock_time(moment: datetime) -> str:
    """Write a moment as people of the city read it: hour, day."""
    local = moment.astimezone(working_time.TIME_ZONE)
    return f"{local:%H:%M} {local:%d/%m/%Y}"


# Asking


@transaction.atomic
def request(
    *,
    dossier_id: int,
    items: Sequence[Wanted],
    actor: Actor,
    at: datetime,
    guidance: str = "",
    override_basis: str = "",
    approver_id: int | None = None,
) -> SupplementRequest:
    """Ask the applicant for everything that is missing, in one list; form 02 and message 4 follow.

    Before the acceptance the one-stop officer asks, in process the specialist who holds the dossier. Each phase has
    one request; a further one names the law that allows it and the unit's leader who agreed, and both are kept.

    :param override_basis: the law for a further request in the same phase.
    :param approver_id: the officer, a leader of the unit that asks, who agreed to it.
    :raises AlreadyDone: somebody else has asked, or taken another step.
    :raises NotAllowed: the actor may not ask, or somebody else holds the dossier.
    :raises AskedTooLate: in process, after the third working day, without a special law of the procedure.
    :raises ResultIssued: the dossier has a result, which is being corrected.
    :raises InvalidInput: under ``items``, ``override_basis``, ``approver``, or ``item_<n>_what``, ``item_<n>_name``,
        ``item_<n>_reason`` and ``item_<n>_guidance`` (n from 0): missing, unknown, twice, vague or offensive.
    """
    dossier = lock(dossier_id=dossier_id)
    require_askable(dossier=dossier, actor=actor, at=at)
    phase = phase_of(dossier)
    basis, guidance = override_basis.strip(), guidance.strip()
    due_at = wait_until(dossier, at=at)
    problems = _override_problems(dossier, basis, approver_id, at=at)
    rows = _rows(dossier, items, due_at=due_at, problems=problems)
    if len(guidance) > GUIDANCE_LENGTH:
        problems["guidance"] = [_too_long(GUIDANCE_LENGTH)]
    elif guidance:
        problems |= _wording_problems("guidance", guidance, published=_published(dossier))
    if problems:
        raise InvalidInput(problems)
    approver = Officer.objects.filter(pk=approver_id or 0).first() if needs_override(dossier) else None
    close_answered(dossier, at=at)
    made = SupplementRequest.objects.create(
        dossier=dossier,
        phase=phase,
        guidance=guidance,
        override_basis=basis or _late_basis(dossier, at=at),
        asked_by_id=actor.officer_id or 0,  # the table lets none but an officer come here
        asked_at=at,
        due_at=due_at,
    )
    for row in rows:
        row.request = made
    SupplementItem.objects.bulk_create(rows)
    data = {
        "request_id": made.pk,
        "phase": phase,
        "items": [row.name for row in rows],
        "wait_until": due_at.isoformat(),
    }
    if made.override_basis:
        data["override_basis"] = made.override_basis
    if approver is not None:
        data |= {"approved_by_id": approver.pk, "approved_by": approver.full_name}
    dossier = advance(
        dossier_id=dossier_id,
        action=Action.REQUEST_SUPPLEMENT,
        actor=actor,
        at=at,
        note="; ".join(row.name for row in rows),
        data=data,
    )
    dossier.next_due_at = due_at
    dossier.save(update_fields=["next_due_at", "updated_at"])
    return made


def require_askable(*, dossier: Dossier, actor: Actor, at: datetime) -> None:
    """Ask before the list is typed whether the actor may ask for a supplement; raises as `request` does."""
    guards.require(dossier, Action.REQUEST_SUPPLEMENT, actor)
    if dossier.status != Status.IN_PROCESS:
        return
    if dossier.current_handler_id is not None and dossier.current_handler_id != actor.officer_id:
        raise NotAllowed(
            _("Hồ sơ này do %(name)s xử lý. Chỉ người đang xử lý được yêu cầu bổ sung.")
            % {"name": dossier.current_handler}
        )
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


def needs_override(dossier: Dossier) -> bool:
    """Say whether the phase has had as many requests as the rules allow."""
    allowed = rule_sets.named(dossier.rule_set, at=dossier.submitted_at or dossier.created_at)
    asked = dossier.supplements.filter(phase=phase_of(dossier)).count()
    return asked >= allowed.supplement_requests_a_phase


def approvers(dossier: Dossier, *, at: datetime) -> QuerySet[Officer]:
    """Give the leaders of the unit that asks, who may agree to a further request, by name."""
    agency_id = (
        dossier.received_at_unit_id if dossier.accepted_at is None else clock.deciding_agency_id(dossier)
    )
    grants = OfficerRole.objects.filter(agency_id=agency_id or 0, role=Role.UNIT_LEADER).in_force(at=at)
    found = Officer.objects.filter(pk__in=grants.values("officer_id"), user__is_active=True)
    return found.order_by("full_name", "pk")


def _late_basis(dossier: Dossier, *, at: datetime) -> str:
    if dossier.accepted_at is None:
        return ""
    limit = notice_due(dossier)
    return dossier.procedure_version.late_supplement_basis if limit is None or at > limit else ""


def _override_problems(
    dossier: Dossier, basis: str, approver_id: int | None, *, at: datetime
) -> dict[str, list[Text]]:
    if not needs_override(dossier):
        return {}
    problems: dict[str, list[Text]] = {}
    if not basis:
        problems["override_basis"] = [
            _(
                "Đã yêu cầu bổ sung một lần ở giai đoạn này, những mục đã thấy được phải nêu đủ ngay lần đó. "
                "Muốn yêu cầu thêm, hãy ghi điều, khoản và số văn bản cho phép."
            )
        ]
    elif len(basis) > BASIS_LENGTH:
        problems["override_basis"] = [_too_long(BASIS_LENGTH)]
    else:
        problems |= _wording_problems("override_basis", basis)
    if not approvers(dossier, at=at).filter(pk=approver_id or 0).exists():
        problems["approver"] = [_("Hãy chọn lãnh đạo đơn vị đã đồng ý cho yêu cầu thêm.")]
    return problems


# The list


def askable_fields(dossier: Dossier) -> list[eforms.Field]:
    """Give the questions of the e-form that can be asked again: not those that a registry answers."""
    schema = eforms.of_version(dossier.procedure_version)
    now = eforms.asked(schema, dossier.form_data)
    return [
        field
        for name, field in schema.fields.items()
        if field.takes_answer and not (field.readonly and field.prefill) and name in now.names
    ]


def _published(dossier: Dossier) -> list[str]:
    return list(dossier.procedure_version.components.values_list("name", flat=True))


def _rows(
    dossier: Dossier, items: Sequence[Wanted], *, due_at: datetime, problems: dict[str, list[Text]]
) -> list[SupplementItem]:
    """Make the items, and put what is wrong with them into ``problems``."""
    if not items:
        problems["items"] = [_("Hãy nêu ít nhất một mục cần bổ sung.")]
    if len(items) > MOST_ITEMS:
        problems["items"] = [
            _("Nhiều nhất %(most)d mục trong một phiếu. Hãy gộp các mục giống nhau.") % {"most": MOST_ITEMS}
        ]
        return []
    components = {one.pk: one for one in dossier.procedure_version.components.all()}
    fields = {field.name: field for field in askable_fields(dossier)}
    handed_in = {one.component_id: one for one in dossier.components.filter(replaced_at=None)}
    shown = eforms.display_values(eforms.of_version(dossier.procedure_version), dossier.form_data)
    seen: set[object] = set()
    rows = []
    for number, one in enumerate(items):
        component, field = components.get(one.component_id or 0), fields.get(one.field)
        name = component.name if component else field.label if field else " ".join(one.name.split())
        what = component.pk if component else one.field if field else name.casefold()
        problems |= dict(_item_problems(dossier, number, one, component, field, name, due_at=due_at))
        if name and what in seen:
            problems[f"item_{number}_what"] = [_("Mục này đã có ở trên. Hãy gộp lại thành một mục.")]
        seen.add(what)
        rows.append(
            SupplementItem(
                position=number + 1,
                component=component,
                field=field.name if field else "",
                name=name,
                reason=one.reason,
                guidance=one.guidance.strip(),
                before=handed_in.get(component.pk) if component else None,
                before_text=shown.get(field.name, "") if field else "",
            )
        )
    return rows


def _item_problems(
    dossier: Dossier,
    number: int,
    one: Wanted,
    component: Component | None,
    field: eforms.Field | None,
    name: str,
    *,
    due_at: datetime,
) -> Iterator[tuple[str, list[Text]]]:
    key = f"item_{number}"
    published = _published(dossier)
    if (one.component_id is not None and component is None) or (one.field and field is None):
        yield f"{key}_what", [_("Mục này không có trong thủ tục. Hãy chọn lại trong danh sách.")]
    elif component is None and field is None:
        if not name:
            yield (
                f"{key}_what",
                [_("Hãy chọn giấy tờ hoặc câu hỏi cần bổ sung; nếu là mục khác, hãy ghi tên mục.")],
            )
        elif len(name) > NAME_LENGTH:
            yield f"{key}_name", [_too_long(NAME_LENGTH)]
        else:
            demand = wording_check.problems(field=f"{key}_name", text=f"Hãy nộp {name}.", published=published)
            if found := [problem.message for problem in demand if problem.rule in _DEMANDS]:
                yield f"{key}_name", list(found)
    if one.reason not in SupplementReason.values:
        yield f"{key}_reason", [_("Hãy chọn lý do trong danh sách.")]
    text = one.guidance.strip()
    if not text:
        yield f"{key}_guidance", [_("Hãy ghi mục này sai hoặc thiếu gì và người nộp cần làm gì.")]
    elif len(text) > GUIDANCE_LENGTH:
        yield f"{key}_guidance", [_too_long(GUIDANCE_LENGTH)]
    else:
        unit = dossier.received_at_unit
        letter = wording_check.Letter(
            reason=one.reason,
            explanation=text,
            mend="",
            ask_at=unit.name if unit else "",
            until=due_at,
        )
        names = dict.fromkeys(("explanation", "mend", "until", "ask_at"), f"{key}_guidance")
        names["reason"] = f"{key}_reason"
        try:
            wording_check.require_letter(letter, fields=names, needs_limit=True, published=published)
        except InvalidInput as refusal:
            yield from refusal.errors.items()


_DEMANDS = frozenset({"unpublished", "abolished_paper"})


def _wording_problems(
    field: str, text: str, *, published: Sequence[str] | None = None
) -> dict[str, list[Text]]:
    found: dict[str, list[Text]] = {}
    for problem in wording_check.problems(field=field, text=text, published=published):
        found.setdefault(problem.field, []).append(problem.message)
    return found


def _too_long(limit: int) -> Text:
    return _("Dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": limit}


# Closing


def close_answered(dossier: Dossier, *, at: datetime) -> None:
    """Close the request of a locked dossier that was answered: an officer has decided on what came."""
    dossier.supplements.filter(state=SupplementState.ANSWERED).update(
        state=SupplementState.SETTLED, closed_at=at, updated_at=at
    )


@transaction.atomic
def confirm(*, dossier_id: int, actor: Actor, at: datetime) -> Dossier:
    """Confirm at the one-stop unit that the whole list came in: the clock goes on, the receipt is printed anew.

    :raises AlreadyDone: another officer has confirmed it.
    :raises NotAllowed: the actor is not a one-stop officer of the receiving unit.
    :raises NotHandedIn: the applicant has not sent the answers.
    :raises AnswerUnsafe: a file has not been scanned, or is infected.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.SUPPLEMENT_RECEIVED, actor)
    answered = (
        SupplementRequest.objects.select_for_update()
        .filter(dossier=dossier, state=SupplementState.ANSWERED)
        .first()
    )
    if answered is None:
        raise NotHandedIn()
    unsafe = answered.items.filter(answer_file__isnull=False).exclude(answer_file__scan_state=ScanState.CLEAN)
    if names := list(unsafe.values_list("name", flat=True)):
        raise AnswerUnsafe(names)
    close_answered(dossier, at=at)
    return advance(
        dossier_id=dossier_id,
        action=Action.SUPPLEMENT_RECEIVED,
        actor=actor,
        at=at,
        data={"request_id": answered.pk},
    )


def overdue(*, at: datetime, limit: int = 500) -> list[int]:
    """Give requests whose limit has passed without an answer, the oldest first."""
    lapsing = Q(phase=SupplementPhase.INTAKE) | Q(
        due_at__lt=at - timedelta(days=1)
    )  # the time to refuse is longer
    waiting = SupplementRequest.objects.filter(lapsing, state=SupplementState.OPEN, due_at__lt=at)
    return list(waiting.order_by("due_at").values_list("pk", flat=True)[:limit])


@transaction.atomic
def lapse(*, request_id: int, at: datetime) -> bool:
    """Stop a dossier whose applicant did not answer in time; form 05 follows. Say whether it was stopped.

    Safe to repeat. A dossier in process waits `TIME_TO_REFUSE` for the specialist's refusal; one whose applicant asks
    to withdraw waits for that decision.

    :raises SupplementRequest.DoesNotExist: no such request.
    """
    dossier_id = SupplementRequest.objects.values_list("dossier_id", flat=True).get(pk=request_id)
    dossier = lock(dossier_id=dossier_id)
    waiting = SupplementRequest.objects.select_for_update().get(pk=request_id)
    if waiting.state != SupplementState.OPEN or at <= _lapses_at(dossier, waiting):
        return False
    if dossier.status != _WAITING_IN[SupplementPhase(waiting.phase)]:
        return False
    waiting.state, waiting.closed_at = SupplementState.LAPSED, at
    waiting.save(update_fields=["state", "closed_at", "updated_at"])
    dossier = advance(
        dossier_id=dossier_id,
        action=Action.LAPSE,
        actor=Actor.system(),
        at=at,
        data={"request_id": waiting.pk, "waited_until": waiting.due_at.isoformat()},
    )
    ending.settle(dossier, refund_vnd=0, at=at)
    return True


_WAITING_IN = {
    SupplementPhase.INTAKE: Status.INTAKE_SUPPLEMENT,
    SupplementPhase.PROCESS: Status.PROCESS_SUPPLEMENT,
}


def _lapses_at(dossier: Dossier, waiting: SupplementRequest) -> datetime:
    if waiting.phase == SupplementPhase.INTAKE:
        return waiting.due_at
    return working_calendar(clock.deciding_agency_id(dossier)).add(waiting.due_at, TIME_TO_REFUSE)
