"""Turns that a case may take: refused, withdrawn, late, corrected."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import TimeStamped
from dossiers.models.dossier import Dossier
from dossiers.states import LateReason, LossKind, RefusalReason


class RefusalProposal(TimeStamped):
    """Đề nghị từ chối giải quyết: what the specialist proposes and the signer decides (NĐ 61/2018, art. 19.8).

    ``decided_at`` with ``is_granted`` False gives it back to the specialist.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="refusal_proposals")
    reason = models.CharField(max_length=24, choices=RefusalReason)
    explanation = models.TextField()
    legal_basis = models.CharField(max_length=500)
    proposed_by = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    decision_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(decided_at=None), name="dossiers_one_open_refusal_proposal"
            )
        ]


class Withdrawal(TimeStamped):
    """Xin rút hồ sơ, and what was decided: originals given back, money to be refunded (form 05 of 2025)."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="withdrawals")
    reason = models.TextField()
    requested_by = models.ForeignKey("citizens.Person", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey("agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    decision_note = models.TextField(blank=True)
    returns_originals = models.BooleanField(default=False)
    refund_vnd = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(decided_at=None), name="dossiers_one_open_withdrawal"
            )
        ]


class Extension(TimeStamped):
    """Xin lỗi và hẹn lại: proposed before the due date, approved by the agency's head (NĐ 61/2018, art. 19.9; form 04).

    ``is_drafted`` ones were written by the system because lateness was certain, and wait for a person's click.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="extensions")
    reason = models.CharField(max_length=24, choices=LateReason)
    explanation = models.TextField()
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    is_drafted = models.BooleanField(default=False)
    proposed_by = models.ForeignKey("agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    decision_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(decided_at=None), name="dossiers_one_open_extension"
            ),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(is_granted=True), name="dossiers_one_reschedule"
            ),
        ]


class Correction(TimeStamped):
    """Sửa kết quả có sai sót: which result is replaced, why, and who bears the cost (NĐ 61/2018, art. 21)."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="corrections")
    error = models.TextField()
    decision = models.CharField(max_length=255)
    bears_cost = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    old_result = models.ForeignKey("results_vault.Result", on_delete=models.PROTECT, related_name="+")
    new_result = models.ForeignKey(
        "results_vault.Result", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(finished_at=None), name="dossiers_one_open_correction"
            )
        ]


class LossIncident(TimeStamped):
    """Sự cố mất, hỏng hồ sơ at an agency, which mends it, pays for it and apologises (NĐ 61/2018, art. 21.2).

    ``what`` names the papers, ``remedy`` says how it is mended, ``costs`` what ``agency`` pays for.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="losses")
    kind = models.CharField(max_length=12, choices=LossKind)
    what = models.CharField(max_length=500)
    found_at = models.DateTimeField()
    circumstances = models.TextField()
    remedy = models.TextField()
    costs = models.CharField(max_length=500, blank=True)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)
    mended_note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["dossier", "id"], name="dossiers_losses")]
