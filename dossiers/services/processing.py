"""Phân công và nhận xử lý: who works on an accepted dossier."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Officer, OfficerRole
from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from dossiers import policies
from dossiers.models import Dossier
from dossiers.services import guards, steps
from dossiers.services.moves import advance, lock
from dossiers.states import Action


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


def specialists(*, agency_id: int | None, at: datetime) -> QuerySet[Officer]:
    """Give the officers who are specialists of an agency at ``at``, by name."""
    if agency_id is None:
        return Officer.objects.none()
    grants = OfficerRole.objects.filter(agency_id=agency_id, role=Role.SPECIALIST).in_force(at=at)
    return Officer.objects.filter(pk__in=grants.values("officer_id"), user__is_active=True).order_by(
        "full_name", "pk"
    )
