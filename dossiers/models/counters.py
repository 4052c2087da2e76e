"""Numbers that are given once."""

from __future__ import annotations

from django.db import models


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
