from __future__ import annotations

from django.db import models
from django.db.models import Q

from notifications.states import DeliveryState


class Notice(models.Model):
    """Thông báo cho người nộp: shown in the portal, and sent out on channels as `EmailDelivery` rows."""

    message_id = models.BigIntegerField(help_text="Outbox message that caused it.")
    person = models.ForeignKey("citizens.Person", on_delete=models.CASCADE, related_name="notices")
    topic = models.CharField(max_length=64)
    dossier = models.ForeignKey(
        "dossiers.Dossier", null=True, on_delete=models.CASCADE, related_name="notices"
    )
    subject = models.CharField(max_length=255)
    body = models.TextField()
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message_id", "person"], name="notifications_told_once")
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notifications_of_person"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notifications_unread"),
        ]


class Outgoing(models.Model):
    """A letter on its way out: the row, not the queue, says what is left to send.

    ``next_try_at`` of a letter that is being sent is the end of its sender's claim.
    """

    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        abstract = True


class EmailDelivery(Outgoing):
    """Một thư gửi đi: a notice on its way to its person's mailbox."""

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="email")
    address = models.EmailField()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["queued", "sending"]),
                name="notifications_email_due",
            )
        ]


class OfficerLetter(Outgoing):
    """Thư gửi cán bộ: what an officer is told by e-mail. ``key`` names its cause, so that it is written once."""

    key = models.CharField(max_length=100, unique=True)
    officer = models.ForeignKey("agencies.Officer", on_delete=models.CASCADE, related_name="letters")
    subject = models.CharField(max_length=255)
    body = models.TextField()
    path = models.CharField(max_length=255, help_text="Page of the portal that the letter leads to.")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["queued", "sending"]),
                name="notifications_letters_due",
            ),
            models.Index(fields=["-id"], condition=Q(state="failed"), name="notifications_letters_failed"),
        ]
