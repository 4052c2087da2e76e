"""Forms made for a dossier."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dossiers.models.dossier import Dossier
from dossiers.models.history import DossierEvent
from dossiers.states import Form, PaperState


class Paper(models.Model):
    """Giấy tờ của hồ sơ: a form made and signed by the worker after the event that asked for it.

    It is made once; whoever asks again is given the same file. ``last_error`` is for the system's administrators.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="papers")
    event = models.ForeignKey(DossierEvent, on_delete=models.PROTECT, related_name="papers")
    form = models.CharField(max_length=24, choices=Form)
    state = models.CharField(max_length=8, choices=PaperState, default=PaperState.QUEUED)
    file = models.FileField(upload_to="papers/%Y/%m/", max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    requested_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "form"], name="dossiers_paper_once")]
        indexes = [models.Index(fields=["id"], condition=Q(state="queued"), name="dossiers_papers_to_make")]
