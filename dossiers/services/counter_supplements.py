"""Nhận bổ sung tại quầy: somebody comes in person with what was asked for, and an officer types and scans for them.

From then on the officer answers with `supplement_answers`, under the same rules, limits and clocks as the applicant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, Text
from core.vietnamese import fold
from dossiers import eligibility, policies
from dossiers.models import Dossier, IdentityCheck, SupplementRequest
from dossiers.services import guards, identity, supplement_answers
from dossiers.services.moves import lock
from dossiers.services.supplement_answers import NotWanted
from dossiers.states import Action, SupplementPhase, SupplementState

NAME_LENGTH = 200
AUTHORITY_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who has brought the supplement, as their papers say.

    ``paper`` is the kind of paper (`IdPaper`) that the officer has looked at; ``authority`` the number and date of the
    power of attorney of somebody who is neither the owner nor the one who filed.
    """

    name: str
    paper: str
    authority: str = ""


@transaction.atomic
def receive(*, dossier_id: int, bearer: Bearer, actor: Actor, at: datetime) -> IdentityCheck:
    """Write down who has come to answer the open request, and which kind of paper was seen of them.

    The owner comes, who filed for them, or somebody with a power of attorney (NĐ 61/2018, art. 6.2.b); for an
    organisation one who may file for it on that day.

    :raises NotAllowed: the actor is no one-stop officer of the receiving unit.
    :raises AlreadyDone, LimitPassed, NotWanted: nobody waits for answers now.
    :raises InvalidInput: under ``name``, ``paper`` or ``authority``.
    """
    dossier = lock(dossier_id=dossier_id)
    request = require_open(dossier=dossier, actor=actor, at=at)
    name, authority = " ".join(bearer.name.split()), bearer.authority.strip()
    problems = identity.paper_problems(bearer.paper) | _bearer_problems(dossier, name, authority, at=at)
    if problems:
        raise InvalidInput(problems)
    assert dossier.received_at_unit_id is not None, "a filed dossier was received somewhere"
    return identity.note(
        dossier,
        supplement=request,
        visitor_name=name,
        paper=bearer.paper,
        authority=authority,
        agency_id=dossier.received_at_unit_id,
        actor=actor,
        at=at,
    )


def require_open(*, dossier: Dossier, actor: Actor, at: datetime) -> SupplementRequest:
    """Give the request that can be answered at the counter now; raises as `receive` does."""
    policies.require_role(actor, dossier, Role.ONE_STOP_OFFICER)
    request = dossier.supplements.exclude(state=SupplementState.WITHDRAWN).order_by("-pk").first()
    guards.require(dossier, _hands_in(request), actor)
    if request is None:
        raise NotWanted()
    supplement_answers.require_waiting(request, dossier, at=at)
    return request


def bearers(dossier: Dossier, *, at: datetime) -> list[str]:
    """Name those who may bring the supplement without a power of attorney."""
    if dossier.owner_organisation_id is not None:
        rows = eligibility.filers(organisation_id=dossier.owner_organisation_id, at=at)
        return list(rows.order_by("person__full_name").values_list("person__full_name", flat=True))
    names = [one.full_name for one in (dossier.owner_person, dossier.submitter) if one is not None]
    return list(dict.fromkeys(names))


def _hands_in(request: SupplementRequest | None) -> Action:
    if request is None or request.phase == SupplementPhase.INTAKE:
        return Action.RESUBMIT
    return Action.SUPPLEMENT_HANDED_IN


def _bearer_problems(dossier: Dossier, name: str, authority: str, *, at: datetime) -> dict[str, list[Text]]:
    problems: dict[str, list[Text]] = {}
    if not name:
        problems["name"] = [_("Hãy ghi họ tên người đến theo giấy tờ tùy thân.")]
    elif len(name) > NAME_LENGTH:
        problems["name"] = [_("Họ tên dài quá %(limit)d ký tự. Hãy kiểm tra lại.") % {"limit": NAME_LENGTH}]
    elif fold(name) not in {fold(one) for one in bearers(dossier, at=at)}:
        if dossier.owner_organisation_id is not None:
            problems["name"] = [
                _(
                    "Người này không được bổ sung thay cho tổ chức. Người đến phải là đại diện được tổ chức giao "
                    "phạm vi “Nộp hồ sơ” trên VNeID."
                )
            ]
        elif not authority:
            problems["authority"] = [
                _("Người đến không phải chủ hồ sơ. Hãy ghi số, ngày của giấy ủy quyền nộp bổ sung.")
            ]
    if len(authority) > AUTHORITY_LENGTH:
        problems["authority"] = [
            _("Dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": AUTHORITY_LENGTH}
        ]
    return problems
