"""Phân công và nhận xử lý: who works on an accepted dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Officer
from agencies.selectors import officers_as
from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from dossiers import policies
from dossiers.models import Dossier
from dossiers.services import background, guards, steps
from dossiers.services.moves import advance, lock
from dossiers.states import RUNNING, Action, DraftState, Status

IN_HANDS = (RUNNING | {Status.PROCESS_SUPPLEMENT, Status.AWAITING_PAYMENT}) - {Status.SIGNED}
"""Statuses in which a dossier is still work for its specialist."""


class AlreadyReceived(Conflict):
    """The competent agency has confirmed before that it has the dossier."""

    code = "already_received"
    message = _("Cơ quan giải quyết đã xác nhận nhận hồ sơ này. Việc tiếp theo là phân công hoặc nhận xử lý.")


def take(*, dossier_id: int, actor: Actor, at: datetime) -> Dossier:
    """Let a specialist take a dossier that nobody works on; see `assign` for what it raises."""
    if actor.officer_id is None:
        raise NotAllowed()
    return assign(dossier_id=dossier_id, officer_id=actor.officer_id, actor=actor, at=at)


@transaction.atomic
def assign(*, dossier_id: int, officer_id: int, actor: Actor, at: datetime) -> Dossier:
    """Give a dossier to a specialist of the competent agency, who holds it from now on.

    :raises AlreadyDone: it has been given to somebody, or taken.
    :raises NotAllowed: only a unit leader gives a dossier to others.
    :raises InvalidInput: the officer is not a specialist of the competent agency today.
    """
    dossier = lock(dossier_id=dossier_id)
    policies.require_ever(actor, dossier, Action.ASSIGN)
    if officer_id != actor.officer_id and not actor.holds(
        Role.UNIT_LEADER, agency_id=dossier.competent_agency_id
    ):
        raise NotAllowed(_("Chỉ lãnh đạo đơn vị được phân công cho người khác. Bạn có thể tự nhận xử lý."))
    guards.require(dossier, Action.ASSIGN, actor)
    officer = specialists(agency_id=dossier.competent_agency_id, at=at).filter(pk=officer_id).first()
    if officer is None:
        raise InvalidInput(
            {"officer": [_("Người này không phải chuyên viên của cơ quan giải quyết. Hãy chọn người khác.")]}
        )
    dossier = advance(
        dossier_id=dossier_id,
        action=Action.ASSIGN,
        actor=actor,
        at=at,
        data={"officer_id": officer.pk, "officer": officer.full_name},
    )
    dossier.current_handler = officer
    dossier.save(update_fields=["current_handler", "updated_at"])
    steps.pass_on(dossier, roles=[Role.ONE_STOP_OFFICER], officer_id=None, at=at)
    steps.begin(dossier, role=Role.SPECIALIST, officer_id=officer.pk)
    return dossier


@transaction.atomic
def receive(*, dossier_id: int, actor: Actor, at: datetime) -> Dossier:
    """Let the competent agency confirm that it has the dossier; for one from another area the clock starts (R7).

    :raises AlreadyReceived: it was confirmed.
    :raises AlreadyDone: somebody works on it already, which confirms it as well.
    :raises NotAllowed: the actor is neither a specialist nor a leader of the competent agency.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.RECEIVE, actor)
    if dossier.competent_received_at is not None:
        raise AlreadyReceived()
    return advance(dossier_id=dossier_id, action=Action.RECEIVE, actor=actor, at=at)


@transaction.atomic
def reassign(*, dossier_id: int, officer_id: int, reason: str, actor: Actor, at: datetime) -> Dossier:
    """Take a dossier from its specialist and give it to another one; the control sheet keeps both.

    :raises NotAllowed: the actor is not a leader of the competent agency.
    :raises IllegalMove: nobody works on it.
    :raises DraftBusy: the result is being made this minute.
    :raises InvalidInput: under ``officer`` (not a specialist of the agency, or the one who has it) or ``reason``.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.REASSIGN, actor)
    draft = background.locked(dossier)
    if draft is not None and draft.state == DraftState.RENDERING:
        raise background.DraftBusy()
    reason = reason.strip()
    officer = specialists(agency_id=dossier.competent_agency_id, at=at).filter(pk=officer_id).first()
    problems: dict[str, list[Text]] = {}
    if officer is None:
        problems["officer"] = [
            _("Người này không phải chuyên viên của cơ quan giải quyết. Hãy chọn người khác.")
        ]
    elif officer.pk == dossier.current_handler_id:
        problems["officer"] = [_("Người này đang xử lý hồ sơ. Hãy chọn người khác.")]
    if not reason:
        problems["reason"] = [_("Hãy ghi lý do phân công lại; lý do được in trên phiếu kiểm soát.")]
    elif len(reason) > steps.NOTE_LENGTH:
        problems["reason"] = [
            _("Lý do dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": steps.NOTE_LENGTH}
        ]
    if problems or officer is None:
        raise InvalidInput(problems)
    before = dossier.current_handler
    dossier = advance(
        dossier_id=dossier_id,
        action=Action.REASSIGN,
        actor=actor,
        at=at,
        note=reason,
        data={
            "from": before.full_name if before else "",
            "from_id": dossier.current_handler_id,
            "to": officer.full_name,
            "officer_id": officer.pk,
        },
    )
    dossier.current_handler = officer
    dossier.save(update_fields=["current_handler", "updated_at"])
    steps.change_holder(dossier, role=Role.SPECIALIST, officer_id=officer.pk, note=reason, at=at)
    return dossier


def specialists(*, agency_id: int | None, at: datetime) -> QuerySet[Officer]:
    """Give the officers who are specialists of an agency at ``at``, or stand in for one, by name."""
    return officers_as(Role.SPECIALIST, agency_id=agency_id, at=at)


@dataclass(frozen=True, slots=True)
class Load:
    """A specialist with the number of open dossiers in their hands, and how many of these are late."""

    officer: Officer
    open: int
    late: int


def loads(*, agency_id: int | None, at: datetime) -> list[Load]:
    """Give the specialists of an agency with what they have on their desk, who has least first. Two queries."""
    officers = list(specialists(agency_id=agency_id, at=at))
    counted = (
        Dossier.objects.filter(current_handler__in=officers, status__in=sorted(IN_HANDS))
        .values("current_handler")
        .annotate(open=Count("pk"), late=Count("pk", filter=Q(next_due_at__lt=at)))
        .values_list("current_handler", "open", "late")
    )
    held = {officer_id: (count, late) for officer_id, count, late in counted}
    found = [Load(officer, *held.get(officer.pk, (0, 0))) for officer in officers]
    return sorted(found, key=lambda load: load.open)
