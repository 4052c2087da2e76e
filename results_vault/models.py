from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from citizens.states import AccessPurpose
from core.languages import worded
from core.models import TimeStamped
from procedures.states import InspectorClass
from results_vault import codes
from results_vault.states import Fact, Outcome, ResultStatus


class Result(TimeStamped):
    """Kết quả thủ tục hành chính: a signed result in the city's repository (kho kết quả số).

    ``signatures`` is the verification report made when the file was stored, one entry a signature;
    ``status_decision`` and ``status_since`` name what took a result out of force.
    """

    token = models.CharField(max_length=32, unique=True)
    dossier_code = models.CharField(max_length=64, db_index=True)
    procedure_code = models.CharField(max_length=32)
    result_type = models.ForeignKey(
        "procedures.ResultType",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="results",
        help_text="As the version of the procedure had it under which it was issued.",
    )
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
    until_event = models.CharField(
        max_length=300,
        blank=True,
        help_text="What ends it before ``valid_to``, or without any: in force until it.",
    )
    until_event_en = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=16, choices=ResultStatus, default=ResultStatus.VALID, editable=False)
    status_since = models.DateField(null=True, editable=False)
    status_decision = models.CharField(_("quyết định"), max_length=255, blank=True, editable=False)
    superseded_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replaces", editable=False
    )
    file = models.FileField(upload_to="results/%Y/%m/", max_length=255)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, db_index=True)
    signatures = models.JSONField(default=list)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("kết quả thủ tục hành chính")
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_person__isnull=False, owner_organisation__isnull=True)
                | Q(owner_person__isnull=True, owner_organisation__isnull=False),
                name="results_vault_one_owner",
            ),
            # Numbers begin anew each year (NĐ 30/2020, art. 15).
            models.UniqueConstraint(
                F("issuer"), F("number"), ExtractYear("issued_on"), name="results_vault_number_once_a_year"
            ),
            models.CheckConstraint(
                condition=~Q(status=ResultStatus.EXPIRED), name="results_vault_expiry_not_stored"
            ),
        ]
        indexes = [
            models.Index(fields=["owner_person", "-id"], name="results_of_person"),
            models.Index(fields=["owner_organisation", "-id"], name="results_of_organisation"),
            models.Index(fields=["issuer", "-id"], name="results_of_issuer"),
        ]

    def __str__(self) -> str:
        return self.number

    def outcome(self, *, on: date) -> Outcome:
        """Say what the result is worth on a day; a result is valid to the end of ``valid_to``."""
        if self.status == ResultStatus.VALID and self.valid_to and self.valid_to < on:
            return Outcome.EXPIRED
        return Outcome(self.status)

    @property
    def ends_when(self) -> str:
        """What ends the result, in the reader's language; empty where nothing but its date does."""
        return worded(self.until_event, self.until_event_en)

    @property
    def owner_name(self) -> str:
        owner = self.owner_person or self.owner_organisation
        return str(owner)

    @property
    def signature_list(self) -> list[dict[str, Any]]:
        """Give the stored signature reports, oldest first, their times as datetimes."""
        return [
            report
            | {"signed_at": datetime.fromisoformat(report["signed_at"]) if report["signed_at"] else None}
            for report in self.signatures
        ]

    @property
    def link(self) -> str:
        return codes.link(self.token)

    @property
    def printed_code(self) -> str:
        return codes.printed(self.token)


class Scan(models.Model):
    """Lượt kiểm tra: somebody looked a code up. Its owner sees it.

    ``result`` is empty for a code that is not ours; ``reader`` is empty unless an officer looked; ``network`` is
    the address without its last part, enough to see a pattern and too little to find a person. An inspection says as
    what the reader inspected, what for, and what was shown beyond what everybody sees.
    """

    result = models.ForeignKey(Result, null=True, on_delete=models.CASCADE, related_name="scans")
    at = models.DateTimeField()
    reader = models.CharField(max_length=200, blank=True)
    network = models.CharField(max_length=45, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome)
    inspected_as = ArrayField(
        models.CharField(max_length=32, choices=InspectorClass), default=list, blank=True
    )
    purpose = models.CharField(max_length=32, choices=AccessPurpose, blank=True)
    seen = ArrayField(models.CharField(max_length=16, choices=Fact), default=list, blank=True)

    class Meta:
        indexes = [models.Index(fields=["result", "-id"], name="results_vault_scans")]

    @property
    def classes_shown(self) -> list[str]:
        return [str(InspectorClass(one).label) for one in self.inspected_as]

    @property
    def seen_shown(self) -> list[str]:
        return [str(Fact(one).label) for one in self.seen]


class InspectorPostQuerySet(models.QuerySet["InspectorPost"]):
    def in_force(self, *, at: datetime) -> InspectorPostQuerySet:
        """Keep the posts that are held at ``at``."""
        return self.filter(valid_from__lte=at).filter(Q(valid_to=None) | Q(valid_to__gt=at))


class InspectorPost(TimeStamped):
    """Người được giao kiểm tra: an officer who inspects results of one class for an agency, for a time.

    Who inspects has no role in dossiers by it: what is seen is the one result whose code is held (domain: actors, 2.3).
    """

    officer = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="inspector_posts")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="inspector_posts")
    inspector_class = models.CharField(max_length=32, choices=InspectorClass)
    decision = models.CharField(_("quyết định giao việc"), max_length=255)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    given_by = models.CharField(max_length=200, editable=False)
    ended_by = models.CharField(max_length=200, blank=True, editable=False)

    objects = InspectorPostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "agency", "inspector_class"],
                condition=Q(valid_to=None),
                name="results_vault_one_open_post",
            )
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="results_vault_posts")]
