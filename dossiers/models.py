from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from dossiers.states import (
    OPEN,
    RUNNING,
    CheckState,
    DeliveryState,
    DraftState,
    FilingMode,
    Form,
    HandOverMethod,
    Outcome,
    PaperState,
    RefusalReason,
    ScanState,
    Status,
)
from procedures.states import Channel


class Dossier(TimeStamped):
    """Hồ sơ: one applicant's request under one version of one procedure.

    ``tracking_no`` exists from the draft on; ``code`` (mã số hồ sơ) is given at acceptance. Only
    `dossiers.services.advance` writes ``status``.
    """

    tracking_no = models.CharField(_("mã theo dõi"), max_length=20, unique=True)
    code = models.CharField(_("mã số hồ sơ"), max_length=64, unique=True, null=True, editable=False)
    procedure_version = models.ForeignKey("procedures.ProcedureVersion", on_delete=models.PROTECT)
    status = models.CharField(max_length=24, choices=Status, default=Status.DRAFT, editable=False)
    owner_person = models.ForeignKey(
        "citizens.Person", null=True, on_delete=models.PROTECT, related_name="owned_dossiers"
    )
    owner_organisation = models.ForeignKey(
        "citizens.Organisation", null=True, on_delete=models.PROTECT, related_name="owned_dossiers"
    )
    submitter = models.ForeignKey("citizens.Person", on_delete=models.PROTECT, related_name="filed_dossiers")
    filing_mode = models.CharField(max_length=24, choices=FilingMode, default=FilingMode.SELF)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.ONLINE)
    received_at_unit = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="received_dossiers"
    )
    competent_agency = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="competent_for"
    )
    current_handler = models.ForeignKey(
        "agencies.Officer", null=True, on_delete=models.PROTECT, related_name="handled_dossiers"
    )
    form_data = models.JSONField(default=dict)
    form_revision = models.PositiveIntegerField(default=0)
    contact_phone = models.CharField(_("số điện thoại liên hệ"), max_length=20, blank=True)
    contact_email = models.EmailField(_("thư điện tử liên hệ"), blank=True)

    submitted_at = models.DateTimeField(null=True, editable=False)
    accept_due_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    due_at = models.DateTimeField(null=True, editable=False)
    original_due_at = models.DateTimeField(null=True, editable=False)
    next_due_at = models.DateTimeField(null=True, editable=False)
    completed_at = models.DateTimeField(null=True, editable=False)
    returned_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True, editable=False)
    delivery_state = models.CharField(
        max_length=24, choices=DeliveryState, default=DeliveryState.NOT_READY, editable=False
    )
    idempotency_key = models.CharField(max_length=64, unique=True, null=True, editable=False)
    history_head = models.CharField(max_length=64, default="", editable=False)
    history_length = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("hồ sơ")
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_person__isnull=False, owner_organisation__isnull=True)
                | Q(owner_person__isnull=True, owner_organisation__isnull=False),
                name="dossiers_one_owner",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="dossiers_known_status"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(submitted_at__isnull=False),
                name="dossiers_filed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(code=None) | Q(accepted_at__isnull=False, due_at__isnull=False),
                name="dossiers_accepted_has_code",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at_unit", "status", "next_due_at", "id"],
                condition=Q(status__in=sorted(OPEN)),
                name="dossiers_unit_queue",
            ),
            models.Index(
                fields=["competent_agency", "status", "next_due_at", "id"],
                condition=Q(status__in=sorted(OPEN)),
                name="dossiers_agency_queue",
            ),
            # For the list of several statuses, which the index above cannot give in the order of their due moments.
            models.Index(
                fields=["competent_agency", "next_due_at", "id"],
                condition=Q(status__in=sorted(RUNNING)),
                name="dossiers_agency_running",
            ),
            models.Index(
                fields=["current_handler", "next_due_at", "id"],
                condition=Q(status__in=sorted(OPEN)),
                name="dossiers_handler_queue",
            ),
            models.Index(fields=["owner_person", "-id"], name="dossiers_of_person"),
            models.Index(fields=["owner_organisation", "-id"], name="dossiers_of_organisation"),
        ]

    @property
    def reference(self) -> str:
        """The number to show: the dossier code once there is one, else the tracking number."""
        return self.code or self.tracking_no


class DossierComponent(TimeStamped):
    """Thành phần hồ sơ đã nộp: one uploaded file for one component of the procedure.

    A replaced file stays (``replaced_at``), so that what an officer saw can be seen again.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="components")
    component = models.ForeignKey("procedures.Component", on_delete=models.PROTECT)
    file = models.FileField(upload_to="dossiers/%Y/%m/%d/", max_length=255)
    original_name = models.CharField(max_length=255)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    scan_state = models.CharField(max_length=8, choices=ScanState, default=ScanState.PENDING)
    check_state = models.CharField(max_length=12, choices=CheckState, default=CheckState.UNCHECKED)
    check_note = models.CharField(max_length=500, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "component"],
                condition=Q(replaced_at=None),
                name="dossiers_one_current_file",
            )
        ]
        indexes = [models.Index(fields=["id"], condition=Q(scan_state="pending"), name="dossiers_to_scan")]


class DossierEvent(models.Model):
    """Lịch sử xử lý: append-only (a trigger refuses change and removal) and chained by hash."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    action = models.CharField(max_length=32)
    from_status = models.CharField(max_length=24)
    to_status = models.CharField(max_length=24)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=32, blank=True)
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    ip = models.CharField(max_length=45, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "seq"], name="dossiers_event_order")]


class ClockInterval(models.Model):
    """Khoảng thời gian tính hạn: the processing clock ran from ``started_at`` to ``stopped_at``."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="clock_intervals")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(stopped_at=None), name="dossiers_one_running_clock"
            )
        ]


class StepRecord(models.Model):
    """Bước xử lý: one hand-over of the internal workflow, a line of the control sheet (form 06)."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=32)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT)
    officer = models.ForeignKey("agencies.Officer", null=True, on_delete=models.PROTECT)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["dossier", "id"], name="dossiers_steps")]


class Paper(models.Model):
    """Giấy tờ của hồ sơ: a form made and signed by the worker after the event that asked for it."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="papers")
    event = models.ForeignKey(DossierEvent, on_delete=models.PROTECT, related_name="papers")
    form = models.CharField(max_length=24, choices=Form)
    state = models.CharField(max_length=8, choices=PaperState, default=PaperState.QUEUED)
    file = models.FileField(upload_to="papers/%Y/%m/", max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    requested_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "form"], name="dossiers_paper_once")]
        indexes = [models.Index(fields=["id"], condition=Q(state="queued"), name="dossiers_papers_to_make")]


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


class IntakeRefusal(models.Model):
    """Từ chối tiếp nhận: the reason that form 03 prints."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="intake_refusal")
    reason = models.CharField(max_length=24, choices=RefusalReason)
    explanation = models.TextField()
    right_agency = models.CharField(max_length=255, blank=True)


class CodeCounter(models.Model):
    """Số thứ tự hồ sơ, per receiving unit and acceptance date (TT 01/2018, art. 19)."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "day"], name="dossiers_one_counter_a_day")]


class DocumentCounter(models.Model):
    """Số văn bản, per issuing agency, year and symbol."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    symbol = models.CharField(max_length=32)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "symbol"], name="dossiers_one_number_series")
        ]
