"""Asking the applicant for what is missing: one complete list, answered item by item."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import TimeStamped
from dossiers.models.components import DossierComponent
from dossiers.models.dossier import Dossier
from dossiers.states import CheckState, SupplementPhase, SupplementReason, SupplementState


class SupplementRequest(TimeStamped):
    """Phiếu yêu cầu bổ sung: one request with all its items (NĐ 61/2018, art. 17 and 19; form 02).

    ``override_basis`` names the law that allows a further request, or one after the third working day. ``closed_with``
    is the `Action` that ended the dossier while the request was open. ``typed_by`` is the officer who handed the answers
    in for somebody at the counter.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="supplements")
    phase = models.CharField(max_length=8, choices=SupplementPhase)
    state = models.CharField(max_length=10, choices=SupplementState, default=SupplementState.OPEN)
    guidance = models.TextField(blank=True)
    override_basis = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(
        "agencies.Officer", on_delete=models.PROTECT, related_name="asked_supplements"
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    typed_by = models.ForeignKey("agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_with = models.CharField(max_length=24, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(state__in=["open", "answered"]),
                name="dossiers_one_open_supplement",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="dossiers_supplements_due")
        ]


class SupplementItem(models.Model):
    """Một mục phải bổ sung. ``component`` or ``field`` (of the e-form) is empty where the item stands for neither.

    ``before`` is the file that was there when the item was asked for; ``answer_file`` the one that answers it.
    ``check_note`` says what the last answer lacked, where it went back; an item that was found right takes no other.
    ``typed_by`` is the officer who took the answer at the counter.
    """

    request = models.ForeignKey(SupplementRequest, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    component = models.ForeignKey("procedures.Component", null=True, on_delete=models.PROTECT)
    field = models.CharField(max_length=64, blank=True)
    name = models.TextField()
    reason = models.CharField(max_length=24, choices=SupplementReason)
    guidance = models.TextField()
    before = models.ForeignKey(
        DossierComponent, null=True, on_delete=models.PROTECT, related_name="found_wanting"
    )
    before_text = models.TextField(blank=True)
    answer_file = models.ForeignKey(
        DossierComponent, null=True, on_delete=models.PROTECT, related_name="answers"
    )
    answer_text = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    typed_by = models.ForeignKey("agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    check_state = models.CharField(max_length=12, choices=CheckState, default=CheckState.UNCHECKED)
    check_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "position"], name="dossiers_supplement_item_position")
        ]


class SupplementProposal(TimeStamped):
    """Đề nghị yêu cầu bổ sung thêm: a further request in one phase that waits for the unit's leader.

    ``items`` keeps the list as `supplement_lists.Wanted` has it. ``decided_at`` with ``is_granted`` False gives it back
    to whoever proposed; without ``decided_by`` the dossier has gone another way.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="supplement_proposals")
    phase = models.CharField(max_length=8, choices=SupplementPhase)
    items = models.JSONField()
    guidance = models.TextField(blank=True)
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
                fields=["dossier"],
                condition=Q(decided_at=None),
                name="dossiers_one_open_supplement_proposal",
            )
        ]
