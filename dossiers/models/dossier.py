"""The dossier itself: who asks whom for what, and where it stands."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from dossiers.states import (
    ASKED_TO_SUPPLEMENT,
    OPEN,
    RUNNING,
    DeliveryState,
    FilingMode,
    IntakeRoute,
    Outcome,
    PaymentState,
    Status,
    SyncState,
)
from procedures.states import Channel


class Dossier(TimeStamped):
    """Hồ sơ: one applicant's request under one version of one procedure.

    ``tracking_no`` exists from the draft on; ``code`` (mã số hồ sơ) is given at acceptance. Only
    `dossiers.services.advance` writes ``status``. Three agencies: who helped to file (``helped_at``), who received
    (``received_at_unit``), who decides (``competent_agency``; NĐ 309/2026, art. 8). ``next_due_at`` is the next legal
    limit, whoever has to keep it; ``original_due_at`` is the first promise and never changes once the clock runs;
    ``resume_status`` is where a denied withdrawal leads back to; ``rule_set`` is fixed at acceptance.
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
    helped_at = models.ForeignKey(
        "agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="helped_dossiers"
    )
    is_cross_area = models.BooleanField(
        default=False,
        editable=False,
        help_text="Received for an agency of another area: its clock starts when that agency has it.",
    )
    intake_route = models.CharField(max_length=16, choices=IntakeRoute, default=IntakeRoute.CITY_PORTAL)
    is_mirror = models.BooleanField(
        default=False, editable=False, help_text="Led by another system; nothing is changed here."
    )
    told_as_of = models.DateTimeField(
        null=True, editable=False, help_text="Of a mirror: the moment of the newest report about it."
    )
    leading_system = models.CharField(_("hệ thống xử lý chính"), max_length=120, blank=True, editable=False)
    is_bundle = models.BooleanField(
        default=False, editable=False, help_text="A parent: it moves on by itself with its children."
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    external_code = models.CharField(_("mã ở hệ thống khác"), max_length=64, blank=True)
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
    rule_set = models.CharField(max_length=8, blank=True, editable=False)
    competent_received_at = models.DateTimeField(null=True, editable=False)
    is_rescheduled = models.BooleanField(default=False, editable=False)
    resume_status = models.CharField(max_length=24, choices=Status, blank=True, editable=False)
    completed_at = models.DateTimeField(null=True, editable=False)
    returned_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True, editable=False)
    delivery_state = models.CharField(
        max_length=24, choices=DeliveryState, default=DeliveryState.NOT_READY, editable=False
    )
    payment_state = models.CharField(
        max_length=12, choices=PaymentState, default=PaymentState.NOT_DUE, editable=False
    )
    sync_state = models.CharField(
        max_length=12, choices=SyncState, default=SyncState.NOT_REQUIRED, editable=False
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
            models.UniqueConstraint(
                fields=["leading_system", "external_code"],
                condition=Q(is_mirror=True),
                name="dossiers_mirrored_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at_unit", "status", "next_due_at", "id"],
                condition=Q(status__in=sorted(OPEN)),
                name="dossiers_unit_queue",
            ),
            models.Index(
                fields=["received_at_unit", "next_due_at", "id"],
                condition=Q(status__in=sorted(ASKED_TO_SUPPLEMENT)),
                name="dossiers_unit_waiting",
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
            # What rests until its archiving: the weeks after return or stop, and what nobody collects.
            models.Index(
                fields=["returned_at", "id"],
                condition=Q(status=Status.RETURNED),
                name="dossiers_returned_rest",
            ),
            models.Index(
                fields=["completed_at", "id"],
                condition=Q(status=Status.STOPPED),
                name="dossiers_stopped_rest",
            ),
            models.Index(
                fields=["completed_at", "id"],
                condition=Q(status=Status.COMPLETED),
                name="dossiers_uncollected_rest",
            ),
            models.Index(fields=["contact_phone"], condition=~Q(contact_phone=""), name="dossiers_by_phone"),
            models.Index(
                fields=["external_code"], condition=~Q(external_code=""), name="dossiers_by_external_code"
            ),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="dossiers_bundles"),
            models.Index(fields=["owner_person", "-id"], name="dossiers_of_person"),
            models.Index(fields=["owner_organisation", "-id"], name="dossiers_of_organisation"),
        ]

    @property
    def reference(self) -> str:
        """The number to show: the dossier code once there is one, else the tracking number."""
        return self.code or self.tracking_no
