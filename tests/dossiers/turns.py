"""What the tests of withdrawals, apologies, stops and corrections set up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from agencies.states import Role
from core.working_time import TIME_ZONE
from dossiers import services
from dossiers.models import Dossier, Extension, Obligation
from dossiers.services import extensions
from dossiers.states import Action, Status
from outbox.models import Message
from tests.factories import NINE, DossierFactory, actor_for

WEDNESDAY = datetime(2026, 3, 4, 10, 0, tzinfo=TIME_ZONE)
"""Two days after a dossier of the factory was accepted, one day before it is due (Thursday, 09:00; T01)."""
DUE = datetime(2026, 3, 5, 9, 0, tzinfo=TIME_ZONE)
NEW_DUE = datetime(2026, 3, 9, 9, 0, tzinfo=TIME_ZONE)
"""Two working days later (T45)."""

WHY_LATE = "Phòng chuyên môn phải đối chiếu thêm hồ sơ gốc của năm 1998 nên chưa kịp trả kết quả."
WHY_STOPPED = (
    "Thửa đất đang được tòa án thụ lý tranh chấp theo thông báo số 12; hồ sơ dừng đến khi có bản án."
)


def proposed(dossier: Dossier, *, at: datetime = WEDNESDAY, **changes: Any) -> Extension:
    """Propose two more working days."""
    values: dict[str, Any] = {"reason": "workload", "explanation": WHY_LATE, "working_days": 2, **changes}
    return extensions.propose(
        dossier_id=dossier.pk, actor=actor_for(dossier, Role.SPECIALIST), at=at, **values
    )


def approved(dossier: Dossier, *, at: datetime = WEDNESDAY) -> Dossier:
    return extensions.approve(dossier_id=dossier.pk, actor=actor_for(dossier, Role.AGENCY_HEAD), at=at)


def paid_dossier(amount_vnd: int = 60_000) -> Dossier:
    """Give a dossier in process whose obligation was paid and confirmed."""
    dossier: Dossier = DossierFactory.create(reach=Status.AWAITING_PAYMENT)
    collector = actor_for(dossier, Role.FEE_COLLECTOR)
    Obligation.objects.create(
        dossier=dossier,
        amount_vnd=amount_vnd,
        basis="Nghị quyết về phí, lệ phí (minh họa)",
        due_at=NINE + timedelta(days=5),
        notified_at=NINE,
        paid_at=NINE,
        confirmed_at=NINE,
        confirmed_by_id=collector.officer_id,
        proof="BL-0001",
    )
    paid_at = NINE + timedelta(minutes=30)
    services.advance(dossier_id=dossier.pk, action=Action.CONFIRM_PAYMENT, actor=collector, at=paid_at)
    dossier.refresh_from_db()
    return dossier


def told(topic: str) -> int:
    """Count the messages that were sent on a topic."""
    return Message.objects.filter(topic=topic).count()
