"""What the tests of money, verifications and opinions set up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from agencies.models import Agency
from agencies.states import Role
from core.actor import Actor
from core.working_time import TIME_ZONE
from dossiers.models import Dossier, Obligation, Opinion
from dossiers.services import obligations, opinions, verifications
from dossiers.states import Status
from tests.factories import NINE, AgencyFactory, DossierFactory, actor_for, officer_actor

TEN = NINE + timedelta(hours=1)
FRIDAY = date(2026, 3, 6)
FRIDAY_EVENING = datetime(2026, 3, 6, 17, 0, tzinfo=TIME_ZONE)
BASIS = "Nghị quyết 12/2026/NQ-HĐND, điều 4 (minh họa)"


def in_process() -> tuple[Dossier, Actor]:
    """Give a dossier in process and the specialist who holds it."""
    dossier: Dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    specialist = actor_for(dossier, Role.SPECIALIST)
    dossier.current_handler_id = specialist.officer_id
    dossier.save()
    return dossier, specialist


def notified(dossier: Dossier, actor: Actor, *, at: datetime = TEN, **changes: Any) -> Obligation:
    values: dict[str, Any] = {
        "amount_vnd": 1_250_000,
        "basis": BASIS,
        "explanation": "100 m² × 500.000 đồng × 2,5% theo bảng giá đất năm 2026.",
        "due_on": FRIDAY,
        **changes,
    }
    return obligations.notify(dossier_id=dossier.pk, actor=actor, at=at, **values)


def confirmed(
    dossier: Dossier, obligation: Obligation, actor: Actor, *, at: datetime, **changes: Any
) -> Dossier:
    values: dict[str, Any] = {"proof": "BL-0042", "paid_at": at, **changes}
    return obligations.confirm_payment(
        dossier_id=dossier.pk, obligation_id=obligation.pk, actor=actor, at=at, **values
    )


def verifying(dossier: Dossier, actor: Actor, *, at: datetime = TEN, **changes: Any) -> Any:
    values: dict[str, Any] = {
        "purpose": "Đo lại chiều rộng lối đi chung.",
        "place": "Kiệt 12 Trần Phú",
        "planned_at": at + timedelta(days=1),
        "needs_presence": False,
        **changes,
    }
    return verifications.start(dossier_id=dossier.pk, actor=actor, at=at, **values)


def asked(
    dossier: Dossier, actor: Actor, *agencies: Agency, at: datetime = TEN, **changes: Any
) -> list[Opinion]:
    """Ask agencies, one where none is named, each the same until Friday evening."""
    values: dict[str, Any] = {
        "text": "Thửa đất có nằm trong quy hoạch đường không?",
        "due_on": FRIDAY,
        **changes,
    }
    questions = [
        opinions.Question(agency_id=agency.pk, **values) for agency in agencies or [AgencyFactory.create()]
    ]
    return opinions.ask(dossier_id=dossier.pk, questions=questions, actor=actor, at=at)


def answered(
    opinion: Opinion,
    *,
    at: datetime,
    actor: Actor | None = None,
    agrees: bool | None = True,
    text: str = "Không nằm trong quy hoạch.",
) -> Opinion:
    actor = actor or officer_actor(opinion.agency, Role.SPECIALIST)
    return opinions.answer(opinion_id=opinion.pk, agrees=agrees, text=text, actor=actor, at=at)
