from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from results_vault.states import ResultStatus


class Result(TimeStamped):
    """Kết quả thủ tục hành chính: a signed result in the city's repository (kho kết quả số)."""

    token = models.CharField(max_length=32, unique=True)
    dossier_code = models.CharField(max_length=64, unique=True)
    procedure_code = models.CharField(max_length=32)
    title = models.TextField(_("tên kết quả"))
    number = models.CharField(_("số, ký hiệu"), max_length=64)
    issuer = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="results")
    signer_name = models.CharField(max_length=200)
    owner_person = models.ForeignKey(
        "citizens.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="results"
    )
    owner_organisation = models.ForeignKey(
        "citizens.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="results"
    )
    issued_on = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=ResultStatus, default=ResultStatus.VALID)
    superseded_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    revocation = models.CharField(max_length=255, blank=True)
    file = models.FileField(upload_to="results/%Y/%m/", max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_person__isnull=False, owner_organisation__isnull=True)
                | Q(owner_person__isnull=True, owner_organisation__isnull=False),
                name="results_vault_one_owner",
            ),
            models.UniqueConstraint(fields=["issuer", "number"], name="results_vault_number_once"),
        ]
        indexes = [
            models.Index(fields=["owner_person", "-id"], name="results_of_person"),
            models.Index(fields=["owner_organisation", "-id"], name="results_of_organisation"),
        ]


class Scan(models.Model):
    """Lượt kiểm tra: somebody looked at a result's verification page."""

    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="scans")
    at = models.DateTimeField()
    reader = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=16)
