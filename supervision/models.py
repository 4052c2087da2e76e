from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from supervision.states import UNANSWERED, AlertKind, AlertState


class Watch(models.Model):
    """Mốc theo dõi: when an alert of one kind is raised for a dossier, unless it moves before.

    Written anew at every move of the dossier, so that the sweep reads only what is due. ``limit_at`` is the legal
    moment behind it; ``subject_id`` the step, request or opinion that is meant, 0 for the dossier itself. What the
    alert will need stands here already: raising it loads nothing.
    """

    dossier = models.ForeignKey(
        "dossiers.Dossier", on_delete=models.CASCADE, related_name="watches", db_index=False
    )
    kind = models.CharField(max_length=24, choices=AlertKind)
    stage = models.PositiveSmallIntegerField(default=1)
    subject_id = models.BigIntegerField(default=0)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="+", db_index=False)
    handler = models.ForeignKey(
        "agencies.Officer", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    limit_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "kind", "stage", "subject_id"], name="supervision_one_watch"
            )
        ]
        indexes = [models.Index(fields=["at", "id"], name="supervision_watches_due")]


class AlertQuerySet(models.QuerySet["Alert"]):
    def open(self) -> AlertQuerySet:
        """Keep the alerts whose cause is still there."""
        return self.exclude(state=AlertState.RESOLVED)

    def unanswered(self) -> AlertQuerySet:
        """Keep the alerts that nobody has taken on."""
        return self.filter(state__in=UNANSWERED)

    def resolve(self, *, at: datetime) -> int:
        """Close the alerts: their cause is gone. Give how many were open."""
        return self.open().update(state=AlertState.RESOLVED, resolved_at=at, tell_at=None)


class Alert(models.Model):
    """Cảnh báo: raised once for a limit, told again as its kind says, until somebody takes it on or its cause is gone.

    ``tell_at`` is when it is told the first or the next time, empty when never again (domain: 5.4).
    """

    dossier = models.ForeignKey(
        "dossiers.Dossier", on_delete=models.CASCADE, related_name="alerts", db_index=False
    )
    kind = models.CharField(_("loại cảnh báo"), max_length=24, choices=AlertKind)
    stage = models.PositiveSmallIntegerField(default=1)
    subject_id = models.BigIntegerField(default=0)
    agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="alerts", db_index=False
    )
    handler = models.ForeignKey(
        "agencies.Officer", null=True, on_delete=models.PROTECT, related_name="alerts", db_index=False
    )
    limit_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=AlertState, default=AlertState.RAISED)
    raised_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    deliveries = models.PositiveIntegerField(default=0)
    tell_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    resolved_at = models.DateTimeField(null=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("cảnh báo")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "kind", "stage", "subject_id", "limit_at"], name="supervision_raised_once"
            )
        ]
        indexes = [
            models.Index(fields=["agency", "-id"], condition=~Q(state="resolved"), name="supervision_open"),
            models.Index(fields=["agency", "-id"], condition=Q(state="resolved"), name="supervision_closed"),
            models.Index(
                fields=["handler", "-id"],
                condition=Q(handler__isnull=False) & ~Q(state="resolved"),
                name="supervision_of_handler",
            ),
            models.Index(
                fields=["tell_at", "id"], condition=Q(tell_at__isnull=False), name="supervision_to_tell"
            ),
        ]

    @property
    def reaction(self) -> timedelta | None:
        """How long it took until somebody took it on, or its cause was gone; None while neither has happened."""
        reacted = [moment for moment in (self.acknowledged_at, self.resolved_at) if moment]
        return min(reacted) - self.raised_at if reacted else None
