"""What the applicant hands in."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from dossiers.models.dossier import Dossier
from dossiers.states import CheckState, GivenAs, ScanState
from procedures.states import HELD_SOURCES, ComponentSource


class DossierComponentQuerySet(models.QuerySet["DossierComponent"]):
    def reused(self) -> DossierComponentQuerySet:
        """Keep what nobody had to hand in, because the city held it already (domain: 3.5)."""
        return self.filter(source__in=sorted(HELD_SOURCES))


class DossierComponent(TimeStamped):
    """Thành phần hồ sơ đã nộp: one file for one component of the procedure.

    A replaced file stays (``replaced_at``), so that what an officer saw can be seen again. ``source`` says that the
    portal put it in from what is held already, from where (``origin``, ``result``), when, which ``source_fields`` of a register
    were read for it, and until when it is valid; ``sha256`` is that of what was taken. Empty: somebody handed it in, and said
    perhaps when it was issued (``issued_on``), from which ``valid_to`` follows where the paper must be recent.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="components")
    component = models.ForeignKey("procedures.Component", on_delete=models.PROTECT)
    file = models.FileField(upload_to="dossiers/%Y/%m/%d/", max_length=255)
    original_name = models.CharField(max_length=255)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    given_as = models.CharField(_("hình thức giấy tờ"), max_length=16, choices=GivenAs, default=GivenAs.FILE)
    original_kept = models.BooleanField(
        _("giữ bản chính"),
        default=False,
        help_text="The original was taken in, and goes back with the result (NĐ 61/2018, art. 20).",
    )
    scan_state = models.CharField(max_length=8, choices=ScanState, default=ScanState.PENDING)
    check_state = models.CharField(max_length=12, choices=CheckState, default=CheckState.UNCHECKED)
    check_note = models.CharField(max_length=500, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=24, choices=ComponentSource, blank=True, editable=False)
    origin = models.CharField(max_length=500, blank=True, editable=False)
    result = models.ForeignKey(
        "results_vault.Result", null=True, on_delete=models.PROTECT, related_name="reused_in", editable=False
    )
    source_fields = ArrayField(models.CharField(max_length=32), default=list, editable=False)
    taken_at = models.DateTimeField(null=True, editable=False)
    issued_on = models.DateField(_("ngày cấp"), null=True, editable=False)
    valid_to = models.DateField(null=True, editable=False)

    objects = DossierComponentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "component"],
                condition=Q(replaced_at=None),
                name="dossiers_one_current_file",
            )
        ]
        indexes = [models.Index(fields=["id"], condition=Q(scan_state="pending"), name="dossiers_to_scan")]

    @property
    def is_reused(self) -> bool:
        """Nobody had to hand it in."""
        return self.source in HELD_SOURCES
