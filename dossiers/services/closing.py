"""What a dossier that ends still waits for is waited for no more, by whichever move it ends.

The one who was asked is told: other agencies by letter, the applicant where there was something to do. An answer that
comes afterwards finds the question closed, with the reason.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dossiers.models import Dossier
from dossiers.states import Action, Status, SupplementState
from outbox import services as outbox

ENDED = frozenset({Status.INTAKE_REFUSED, Status.COMPLETED, Status.STOPPED})
"""Statuses in which nobody is asked for anything any more."""

OPINIONS_CLOSED = "dossier.opinions_closed"
"""Outbox topic: agencies need not answer. Payload: dossier_id, opinion_ids."""
PAYMENT_CALLED_OFF = "dossier.payment_called_off"
"""Outbox topic: the applicant must not pay what was notified."""
PRESENCE_CALLED_OFF = "dossier.presence_called_off"
"""Outbox topic: the applicant need not be there when something is verified."""


def close_questions(dossier: Dossier, *, action: Action, at: datetime) -> None:
    """Close what is open of a locked dossier that ``action`` has just ended, and tell those who were asked."""
    closed = {"closed_at": at, "closed_with": action, "updated_at": at}
    opinions = dossier.opinions.filter(answered_at=None, closed_at=None)
    if opinion_ids := list(opinions.order_by("pk").values_list("pk", flat=True)):
        opinions.update(**closed)
        _tell(dossier, OPINIONS_CLOSED, at=at, opinion_ids=opinion_ids)
    verifications = dossier.verifications.filter(finished_at=None, closed_at=None)
    needs_presence = verifications.filter(needs_presence=True, planned_at__gt=at).exists()
    if verifications.update(**closed) and needs_presence:
        _tell(dossier, PRESENCE_CALLED_OFF, at=at)
    obligations = dossier.obligations.filter(confirmed_at=None, cancelled_at=None)
    if obligations.update(cancelled_at=at, cancelled_with=action, updated_at=at):
        _tell(dossier, PAYMENT_CALLED_OFF, at=at)
    open_supplements = dossier.supplements.filter(state__in=(SupplementState.OPEN, SupplementState.ANSWERED))
    open_supplements.update(state=SupplementState.WITHDRAWN, **closed)
    undecided: dict[str, Any] = {"decided_at": at, "is_granted": False, "updated_at": at}
    dossier.extensions.filter(decided_at=None).update(**undecided)
    dossier.refusal_proposals.filter(decided_at=None).update(**undecided)
    dossier.supplement_proposals.filter(decided_at=None).update(**undecided)


def _tell(dossier: Dossier, topic: str, *, at: datetime, **payload: Any) -> None:
    outbox.publish(topic=topic, key=dossier.tracking_no, payload={"dossier_id": dossier.pk, **payload}, at=at)
