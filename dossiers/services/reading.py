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
from dossiers.models import Dossier, Opinion

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


def note_opinion(*, opinion: Opinion, actor: Actor, at: datetime) -> None:
    """Write down that an officer of an asked agency opened a document that was put to the question."""
    _note_once(
        opinion.dossier,
        actor=actor,
        purpose=AccessPurpose.READ_COMPONENT,
        at=at,
        role=str(_("Cho ý kiến phối hợp")),
        unit=opinion.agency.name,
    )


def note_return(*, dossier: Dossier, actor: Actor, at: datetime) -> None:
    """Write down that the counter where a result is fetched opened it, for its receiver."""
    choice = dossier.return_choice
    _note_once(
        dossier,
        actor=actor,
        purpose=AccessPurpose.READ_RESULT,
        at=at,
        role=str(_("Trả kết quả tại nơi người nộp chọn")),
        unit=choice.centre.name if choice.centre else "",
    )


def personal_number(*, dossier: Dossier, actor: Actor, at: datetime) -> str:
    """Give the owner's personal identification number to an officer, and write that down every time.

    :raises NoPersonalNumber: the owner is an organisation.
    """
    if dossier.owner_person is None:
        raise NoPersonalNumber()
    _log(dossier, actor=actor, purpose=AccessPurpose.READ_PERSONAL_ID, at=at)
    return str(dossier.owner_person.personal_id_number)


def _note_once(
    dossier: Dossier,
    *,
    actor: Actor,
    purpose: AccessPurpose,
    at: datetime,
    role: str = "",
    unit: str = "",
) -> None:
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
        _log(dossier, actor=actor, purpose=purpose, at=at, role=role, unit=unit)


def _log(
    dossier: Dossier,
    *,
    actor: Actor,
    purpose: AccessPurpose,
    at: datetime,
    role: str = "",
    unit: str = "",
) -> None:
    """Write the access down; ``role`` and ``unit`` are given for those who do not see the dossier itself."""
    roles = policies.capacities(actor, dossier)
    home = (
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
        role=role or ", ".join(str(one.label) for one in Role if one in roles),
        unit=unit or (home.name if home else ""),
    )
