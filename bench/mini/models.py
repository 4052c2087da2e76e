from django.db import models

OPEN = range(6)
"""Statuses in which somebody still has something to do."""


class Dossier(models.Model):
    code = models.CharField(max_length=40, unique=True)
    procedure = models.IntegerField()
    agency = models.IntegerField()
    applicant = models.IntegerField()
    assignee = models.IntegerField(null=True)
    status = models.SmallIntegerField(default=0)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "status", "due_at", "id"],
                condition=models.Q(status__lt=len(OPEN)),
                name="mini_worklist",
            ),
            models.Index(fields=["applicant", "-id"], name="mini_of_applicant"),
        ]


class Form(models.Model):
    dossier = models.OneToOneField(Dossier, primary_key=True, on_delete=models.CASCADE)
    answers = models.JSONField()


class Event(models.Model):
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE)
    kind = models.SmallIntegerField()
    actor = models.CharField(max_length=100)
    at = models.DateTimeField()
    facts = models.JSONField()


class Message(models.Model):
    """What the outbox holds."""

    topic = models.CharField(max_length=64)
    payload = models.JSONField()
    created_at = models.DateTimeField(db_index=True)


class Counter(models.Model):
    agency = models.IntegerField()
    day = models.DateField()
    last = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "day"], name="mini_one_counter_a_day")]
