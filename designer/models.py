from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from designer.states import TrialKind, TrialState

UNFINISHED = (TrialState.QUEUED, TrialState.RUNNING)


class TrialQuerySet(models.QuerySet["Trial"]):
    def unfinished(self) -> TrialQuerySet:
        """Keep those that still have something to do."""
        return self.filter(state__in=UNFINISHED)

    def forgotten(self, *, before: datetime) -> TrialQuerySet:
        """Keep the unfinished ones of which nothing was heard since ``before``."""
        return self.unfinished().filter(beaten_at__lt=before)


class Trial(models.Model):
    """Lần thử: one lint, dry run or rehearsal of one revision of a version.

    The row says how far it has come, so that a worker takes up what another has left: ``done`` of ``total`` pieces of
    work, with what they have brought in ``findings`` and ``report``. ``beaten_at`` is its last sign of life.
    """

    version = models.ForeignKey(
        "procedures.ProcedureVersion", on_delete=models.CASCADE, related_name="trials"
    )
    revision = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=TrialKind)
    state = models.CharField(max_length=8, choices=TrialState, default=TrialState.QUEUED)
    asked_by = models.CharField(_("người yêu cầu"), max_length=200)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    beaten_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    red = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list, help_text="Each with rule, weight, path, text.")
    report = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "revision", "kind"],
                condition=Q(state__in=UNFINISHED),
                name="designer_one_trial_at_work",
            )
        ]
        indexes = [
            models.Index(fields=["version", "kind", "-id"], name="designer_trials"),
            models.Index(
                fields=["beaten_at"], condition=Q(state__in=UNFINISHED), name="designer_trials_at_work"
            ),
        ]

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def is_green(self) -> bool:
        """Whether it came to its end and found nothing red."""
        return self.state == TrialState.DONE and self.red == 0

    @property
    def percent(self) -> int:
        """How far it has come, 0 to 100."""
        if self.state == TrialState.DONE:
            return 100
        return self.done * 100 // self.total if self.total else 0
