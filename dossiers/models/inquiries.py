"""What the competent agency asks of others while it examines: money, facts, opinions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import TimeStamped
from dossiers.models.dossier import Dossier
from dossiers.states import Action


class ClosedUnanswered(models.Model):
    """What was asked and is waited for no more, because its dossier ended first.

    ``closed_with`` is the `Action` that ended the dossier; empty while the question is open, or where it was answered.
    """

    closed_at = models.DateTimeField(null=True, editable=False)
    closed_with = models.CharField(max_length=24, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def closed_because(self) -> str:
        """The reason as people read it: the step that ended the dossier."""
        return str(Action(self.closed_with).label) if self.closed_with else ""


class Obligation(TimeStamped):
    """Nghĩa vụ tài chính: what must be paid before the case goes on, with its basis and due moment.

    ``proof`` names the receipt or bank reference by which an officer or the payment system confirmed it.
    ``cancelled_with`` is the `Action` that took the notice back: its own, or the one that ended the dossier.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="obligations")
    amount_vnd = models.PositiveBigIntegerField()
    basis = models.CharField(max_length=500)
    explanation = models.TextField(blank=True)
    due_at = models.DateTimeField()
    notified_by = models.ForeignKey(
        "agencies.Officer", null=True, on_delete=models.PROTECT, related_name="notified_obligations"
    )
    notified_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        "agencies.Officer", null=True, on_delete=models.PROTECT, related_name="confirmed_obligations"
    )
    confirmed_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_with = models.CharField(max_length=24, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(confirmed_at=None, cancelled_at=None),
                name="dossiers_one_open_obligation",
            ),
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="dossiers_obligation_of_something"),
        ]
        indexes = [
            models.Index(
                fields=["notified_at"],
                condition=Q(confirmed_at=None, cancelled_at=None),
                name="dossiers_obligations_open",
            )
        ]

    @property
    def cancelled_because(self) -> str:
        """Why nothing is to be paid any more, as people read it."""
        return str(Action(self.cancelled_with).label) if self.cancelled_with else ""

    @property
    def amount(self) -> str:
        """The amount in đồng as people read it: "1.250.000"."""
        return f"{self.amount_vnd:,}".replace(",", ".")


class Verification(ClosedUnanswered, TimeStamped):
    """Xác minh: when, where and by whom facts were checked, and what was found (NĐ 61/2018, art. 19)."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="verifications")
    purpose = models.TextField()
    place = models.CharField(max_length=255)
    planned_at = models.DateTimeField()
    needs_presence = models.BooleanField(default=False)
    started_by = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    people = models.TextField(blank=True)
    findings = models.TextField(blank=True)
    finished_by = models.ForeignKey("agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(finished_at=None, closed_at=None),
                name="dossiers_one_open_verification",
            )
        ]


class Opinion(ClosedUnanswered, TimeStamped):
    """Ý kiến phối hợp: what another agency was asked, until when, and what it said. Silence is not consent.

    Of the dossier the asked agency sees ``documents`` and nothing else.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="opinions")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="asked_opinions")
    question = models.TextField()
    documents = models.ManyToManyField("dossiers.DossierComponent", related_name="+")
    asked_by = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    agrees = models.BooleanField(null=True)
    answered_by = models.ForeignKey("agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "due_at", "id"],
                condition=Q(answered_at=None, closed_at=None),
                name="dossiers_opinions_open",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(answered_at=None, closed_at=None),
                name="dossiers_opinions_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(closed_at=None), name="dossiers_opinion_ends_once"
            )
        ]

    @property
    def is_open(self) -> bool:
        """Whether an answer is still waited for."""
        return self.answered_at is None and self.closed_at is None
