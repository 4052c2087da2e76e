"""The result on its way out, and its end with the person who asked for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from dossiers.models.dossier import Dossier
from dossiers.states import DraftState, HandOverMethod, RefusalReason


class ResultDraft(TimeStamped):
    """Dự thảo kết quả, on its way from the specialist's text to the signed and numbered file."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="result_draft")
    result_type = models.ForeignKey("procedures.ResultType", on_delete=models.PROTECT)
    values = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=DraftState, default=DraftState.EDITING)
    revision = models.PositiveIntegerField(default=0)
    token = models.CharField(max_length=32, unique=True)
    drafted_by = models.ForeignKey(
        "agencies.Officer", null=True, on_delete=models.PROTECT, related_name="drafted_results"
    )
    draft_file = models.FileField(upload_to="drafts/%Y/%m/", max_length=255, blank=True)
    draft_sha256 = models.CharField(max_length=64, blank=True)
    signer = models.ForeignKey(
        "agencies.Officer", null=True, on_delete=models.PROTECT, related_name="signed_results"
    )
    sign_requested_at = models.DateTimeField(null=True)
    signed_file = models.FileField(upload_to="drafts/%Y/%m/", max_length=255, blank=True)
    signed_sha256 = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True)
    clerk = models.ForeignKey(
        "agencies.Officer", null=True, on_delete=models.PROTECT, related_name="issued_results"
    )
    number = models.CharField(_("số văn bản"), max_length=64, blank=True)
    issue_requested_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=["rendering", "signing", "issuing"]),
                name="dossiers_drafts_at_work",
            )
        ]


class HandOver(models.Model):
    """Trả kết quả: who received the result, how and when (NĐ 61/2018, art. 20)."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="hand_over")
    method = models.CharField(max_length=12, choices=HandOverMethod)
    receiver_name = models.CharField(max_length=200)
    receiver_id_checked = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()


class ReturnChoice(TimeStamped):
    """Nơi và cách nhận kết quả, as the applicant chose (NĐ 61/2018, art. 20). No row: see `dossiers.return_choice`.

    ``centre`` counts at a counter only, and is empty for the unit that received the dossier; name, telephone and address
    are those of the receiver to whom the result is brought.
    """

    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="return_choice")
    method = models.CharField(max_length=12, choices=HandOverMethod)
    centre = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    receiver_name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=300, blank=True)


class Shipment(models.Model):
    """Bưu gửi: a result on paper that was given to the post. The state of the last one is ``delivery_state``."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="shipments")
    consignment_no = models.CharField(_("mã bưu gửi"), max_length=30, unique=True)
    handed_at = models.DateTimeField()


class IntakeRefusal(models.Model):
    """Từ chối tiếp nhận: the reason that form 03 prints."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="intake_refusal")
    reason = models.CharField(max_length=24, choices=RefusalReason)
    explanation = models.TextField()
    right_agency = models.CharField(max_length=255, blank=True)
