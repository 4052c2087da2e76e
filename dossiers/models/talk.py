"""What is said about a dossier: between officers, and with the applicant through the one-stop unit."""

from __future__ import annotations

from django.db import models

from dossiers.models.dossier import Dossier


class InternalNote(models.Model):
    """Ghi chú nội bộ: for the officers of the dossier's agencies only."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="internal_notes")
    officer = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dossier", "id"], name="dossiers_notes")]


class ThreadMessage(models.Model):
    """Trao đổi với người nộp: question and answer, kept with the dossier; nothing may be demanded here.

    Exactly one of ``officer`` and ``person`` wrote it. ``read_at`` is when the other side first saw it.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="thread")
    officer = models.ForeignKey("agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("citizens.Person", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(officer=None, person__isnull=False)
                | models.Q(officer__isnull=False, person=None),
                name="dossiers_message_has_one_author",
            )
        ]
        indexes = [models.Index(fields=["dossier", "id"], name="dossiers_thread")]
