"""Reading a dossier leaves a trace that its owner sees (Law 91/2025 on personal data)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from citizens.models import AccessLog
from citizens.services import log_access
from citizens.states import AccessPurpose
from core.actor import Actor
from core.errors import Conflict
from dossiers import policies
from dossiers.models import Dossier

SAME_VISIT = timedelta(hours=1)


class NoPersonalNumber(Conflict):
    """The owner is an organisation, which has a code and no personal number."""

    code = "no_personal_number"
    message = _("Chủ hồ sơ là tổ chức, không có số định danh cá nhân.")


def note_opening(*, dossier: Dossier, actor: Actor, at: datetime) -> None:
    """Write down that an officer opened a dossier: once an hour for each officer and dossier."""
    _note_once(dossier, actor=actor, purpose=AccessPurpose.PROCESS_DOSSIER, at=at)


def note_component(*, dossier: Dossier, actor: Actor, at: datetime) -> None:
    """Write down that an officer opened handed-in files: once an hour for each officer and dossier."""
    _note_once(dossier, actor=actor, purpose=AccessPurpose.READ_COMPONENT, at=at)


def personal_number(*, dossier: Dossier, actor: Actor, at: datetime) -> str:
    """Give the owner's personal identification number to an officer, and write that down every time.

    :raises NoPersonalNumber: the owner is an organisation.
    """
    if dossier.owner_person is None:
        raise NoPersonalNumber()
    _log(dossier, actor=actor, purpose=AccessPurpose.READ_PERSONAL_ID, at=at)
    return str(dossier.owner_person.personal_id_number)


def _note_once(dossier: Dossier, *, actor: Actor, purpose: AccessPurpose, at: datetime) -> None:
    if not actor.is_officer or actor.user_id is None:
        return
    seen = AccessLog.objects.filter(
        person=dossier.owner_person,
        organisation=dossier.owner_organisation,
        user_id=actor.user_id,
        reference=dossier.tracking_no,
        purpose=purpose,
        at__gt=at - SAME_VISIT,
    )
    if not seen.exists():
        _log(dossier, actor=actor, purpose=purpose, at=at)


def _log(dossier: Dossier, *, actor: Actor, purpose: AccessPurpose, at: datetime) -> None:
    roles = policies.capacities(actor, dossier)
    unit = (
        dossier.received_at_unit
        if Role.ONE_STOP_OFFICER in roles
        else dossier.competent_agency or dossier.received_at_unit
    )
    log_access(
        actor=actor,
        purpose=purpose,
        reference=dossier.tracking_no,
        at=at,
        person_id=dossier.owner_person_id,
        organisation_id=dossier.owner_organisation_id,
        role=", ".join(str(role.label) for role in Role if role in roles),
        unit=unit.name if unit else "",
    )
