"""What happened to a dossier and how its time ran."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.working_time import PausePolicy
from dossiers.models.dossier import Dossier
from dossiers.states import PauseReason


class DossierEvent(models.Model):
    """Lịch sử xử lý: append-only (a trigger refuses change and removal) and chained by hash."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    action = models.CharField(max_length=32)
    from_status = models.CharField(max_length=24)
    to_status = models.CharField(max_length=24)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=32, blank=True)
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    ip = models.CharField(max_length=45, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "seq"], name="dossiers_event_order")]


class ClockInterval(models.Model):
    """Khoảng thời gian tính hạn: the processing clock ran from ``started_at`` to ``stopped_at``.

    ``reason`` says why it stopped; ``policy`` whether the time limit counts anew when it runs again (R6).
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="clock_intervals")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=32, choices=PauseReason, blank=True)
    policy = models.CharField(
        max_length=8, choices=PausePolicy, default=PausePolicy.PAUSE, help_text="How time goes on afterwards."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(stopped_at=None), name="dossiers_one_running_clock"
            )
        ]


class StepRecord(models.Model):
    """Bước xử lý: one hand-over of the internal workflow, a line of the control sheet (form 06).

    ``is_at_work`` says that it is this step's turn; only `dossiers.services.steps` writes it.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    group = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Steps with the same number run side by side."
    )
    is_optional = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=32)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT)
    officer = models.ForeignKey("agencies.Officer", null=True, on_delete=models.PROTECT)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    is_skipped = models.BooleanField(default=False)
    is_at_work = models.BooleanField(default=False, editable=False)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "id"], name="dossiers_steps"),
            # What waits for one officer, and what waits for whoever holds a role.
            models.Index(
                fields=["officer", "due_at", "id"],
                condition=Q(is_at_work=True, officer__isnull=False),
                name="dossiers_steps_of_officer",
            ),
            models.Index(
                fields=["agency", "role", "due_at", "id"],
                condition=Q(is_at_work=True, officer=None),
                name="dossiers_steps_of_role",
            ),
        ]
