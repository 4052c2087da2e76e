"""The register of received dossiers, one book for each unit and year."""

from __future__ import annotations

from django.db import models

from dossiers.models.dossier import Dossier
from dossiers.states import PaperState


class RegisterYear(models.Model):
    """Sổ theo dõi hồ sơ: a unit's book of one year (form 07 of 2025, 06 of 2018; TT 01/2018, art. 10).

    ``last`` is the number of its last line; numbers begin anew each year. The head of the unit closes it.
    """

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="register_years")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("agencies.Officer", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="dossiers_one_register_a_year"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="dossiers_register_closed_by_somebody",
            ),
        ]


class RegisterLine(models.Model):
    """Một dòng của sổ theo dõi. What it says of the dossier is read from the dossier itself."""

    book = models.ForeignKey(RegisterYear, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="register_line")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="dossiers_register_number_once")
        ]


class RegisterVolume(models.Model):
    """Quyển sổ: some lines of a closed book as one signed PDF/A, made once by the worker and kept.

    ``last_error`` is for the system's administrators.
    """

    book = models.ForeignKey(RegisterYear, on_delete=models.PROTECT, related_name="volumes")
    number = models.PositiveIntegerField()
    first_line = models.PositiveIntegerField()
    last_line = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=PaperState, default=PaperState.QUEUED)
    file = models.FileField(upload_to="registers/%Y/", max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    requested_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="dossiers_register_volume_once")
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state="queued"), name="dossiers_volumes_to_make")
        ]
