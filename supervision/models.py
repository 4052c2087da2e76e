from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from supervision.states import AlertKind, AlertState


class Watch(models.Model):
    """Mốc theo dõi: when an alert of one kind is to be raised for a dossier unless it moves before.

    Written anew at every move of the dossier, so that the sweep reads only what is due. ``limit_at`` is the legal
    moment behind it; ``subject_id`` the step, request or opinion that is meant, 0 for the dossier itself.
    """

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.CASCADE, related_name="watches")
    kind = models.CharField(max_length=24, choices=AlertKind)
    stage = models.PositiveSmallIntegerField(default=1)
    subject_id = models.BigIntegerField(default=0)
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.CASCADE, related_name="+")
    limit_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "kind", "stage", "subject_id"], name="supervision_one_watch"
            )
        ]
        indexes = [models.Index(fields=["at", "id"], name="supervision_watches_due")]


class Alert(models.Model):
    """Cảnh báo: raised once for a limit, told again as its kind says, until the cause is gone (domain: 5.4).

    Reaction time is ``acknowledged_at`` or ``resolved_at`` less ``raised_at``, whichever came first.
    """

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=24, choices=AlertKind)
    stage = models.PositiveSmallIntegerField(default=1)
    subject_id = models.BigIntegerField(default=0)
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="alerts")
    limit_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=AlertState, default=AlertState.RAISED)
    raised_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    next_repeat_at = models.DateTimeField(null=True)
    deliveries = models.PositiveIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("cảnh báo")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "kind", "stage", "subject_id", "limit_at"], name="supervision_raised_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["agency", "kind", "id"],
                condition=~Q(state="resolved"),
                name="supervision_alerts_open",
            ),
            models.Index(
                fields=["next_repeat_at"],
                condition=Q(next_repeat_at__isnull=False) & ~Q(state="resolved"),
                name="supervision_alerts_repeat",
            ),
        ]
