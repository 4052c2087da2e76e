"""Take alerts on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Conflict, NotAllowed
from supervision import policies
from supervision.models import Alert
from supervision.states import AlertState


class NothingToAcknowledge(Conflict):
    code = "nothing_to_acknowledge"
    message = _("Các cảnh báo đã chọn không còn chờ ghi nhận: người khác đã ghi nhận hoặc việc đã xong.")


def acknowledge(*, alert_ids: Iterable[int], actor: Actor, at: datetime) -> int:
    """Note that an officer has taken alerts on; they are told no more. Give how many there were.

    :raises NotAllowed: an alert that the actor sees is not told to them.
    :raises NothingToAcknowledge: all of them were taken on or resolved before.
    """
    seen = policies.visible(actor).filter(pk__in=list(alert_ids))
    heard = policies.heard(actor).filter(pk__in=seen.values("pk"))
    if actor.officer_id is None or heard.count() != seen.count():
        raise NotAllowed()
    waiting = Alert.objects.unanswered().filter(pk__in=list(heard.values_list("pk", flat=True)))
    taken = waiting.update(
        state=AlertState.ACKNOWLEDGED,
        acknowledged_at=at,
        acknowledged_by=actor.officer_id,
        tell_at=None,
    )
    if not taken:
        raise NothingToAcknowledge()
    return taken
