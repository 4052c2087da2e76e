"""Money that is to be given back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import TimeStamped
from dossiers.models.dossier import Dossier
from dossiers.models.inquiries import Obligation
from dossiers.states import RefundReason


class Refund(TimeStamped):
    """Hoàn tiền: a task of the fee collector or the accountant until the money has gone back, with its document.

    Where money came in although nothing was to be paid, ``obligation`` is the notice that it was meant for,
    ``received_proof`` its receipt and ``received_at`` when it came. ``document_no`` and ``refunded_at`` are of the
    payment back; whoever made it and wrote it down is ``confirmed_by``.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="refunds")
    obligation = models.ForeignKey(Obligation, null=True, on_delete=models.PROTECT, related_name="refunds")
    amount_vnd = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=16, choices=RefundReason)
    arose_at = models.DateTimeField()
    received_proof = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(null=True)
    document_no = models.CharField(max_length=100, blank=True)
    refunded_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        "agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="dossiers_refund_of_something"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, refunded_at=None, document_no="")
                | (Q(confirmed_at__isnull=False, refunded_at__isnull=False) & ~Q(document_no="")),
                name="dossiers_refund_with_its_proof",
            ),
            models.UniqueConstraint(
                fields=["dossier", "received_proof"],
                condition=~Q(received_proof=""),
                name="dossiers_money_in_vain_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["arose_at", "id"], condition=Q(confirmed_at=None), name="dossiers_refunds_open"
            )
        ]

    @property
    def amount(self) -> str:
        """The amount in đồng as people read it: "1.250.000"."""
        return f"{self.amount_vnd:,}".replace(",", ".")
