from __future__ import annotations

from datetime import datetime

from django.db import models


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, *, at: datetime) -> MessageQuerySet:
        """Keep what is to be relayed at ``at``, the longest waiting first."""
        return self.filter(next_try_at__lte=at).order_by("next_try_at", "pk")


class Message(models.Model):
    """A fact that other apps must hear of, written in the transaction that made it true.

    Plumbing, not history: the row goes once every subscriber has taken it.
    """

    topic = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_try_at", "id"], name="outbox_due")]


class Delivery(models.Model):
    """One subscriber has taken one message, in the transaction of what it did with it.

    The message's id is kept without a foreign key: the row outlives its message, so that a late repeat is known.
    """

    message_id = models.BigIntegerField()
    subscriber = models.CharField(max_length=100)
    delivered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message_id", "subscriber"], name="outbox_delivered_once")
        ]
        indexes = [models.Index(fields=["delivered_at"], name="outbox_delivered_at")]


class Heartbeat(models.Model):
    """The last sign of life of a background process, for /readyz and for the supervisor."""

    name = models.CharField(max_length=40, primary_key=True)
    beaten_at = models.DateTimeField()
