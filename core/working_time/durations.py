"""A time limit as the law writes it: a number and a unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

WORKING_DAY = timedelta(hours=8)
HALF = Decimal("0.5")


class Unit(TextChoices):
    """Unit of a time limit. ``Unit("day")`` is read as a calendar day, as the national catalogue writes it."""

    WORKING_DAY = "working_day", _("ngày làm việc")
    WORKING_HOUR = "working_hour", _("giờ làm việc")
    CALENDAR_DAY = "calendar_day", _("ngày")
    HOUR = "hour", _("giờ")
    MONTH = "month", _("tháng")
    YEAR = "year", _("năm")

    @classmethod
    def _missing_(cls, value: object) -> Unit | None:
        return cls.CALENDAR_DAY if value == "day" else None

    @property
    def is_working(self) -> bool:
        return self in (Unit.WORKING_DAY, Unit.WORKING_HOUR)

    def counted(self, value: Decimal) -> str:
        """Say an amount in the active language: "1 ngày làm việc"; in English "1 working day", "2 working days"."""
        n = 1 if value == 1 else 2
        match self:
            case Unit.WORKING_DAY:
                spoken = ngettext("%(number)s ngày làm việc", "%(number)s ngày làm việc", n)
            case Unit.WORKING_HOUR:
                spoken = ngettext("%(number)s giờ làm việc", "%(number)s giờ làm việc", n)
            case Unit.CALENDAR_DAY:
                spoken = ngettext("%(number)s ngày", "%(number)s ngày", n)
            case Unit.HOUR:
                spoken = ngettext("%(number)s giờ", "%(number)s giờ", n)
            case Unit.MONTH:
                spoken = ngettext("%(number)s tháng", "%(number)s tháng", n)
            case Unit.YEAR:
                spoken = ngettext("%(number)s năm", "%(number)s năm", n)
        return spoken % {"number": number_format(value.normalize(), use_l10n=True)}


@dataclass(frozen=True, slots=True)
class Duration:
    """A time limit, for example 2.5 working days.

    Working units take any fraction; months and years only halves (half a month is 15 days, half a year
    6 months: Civil Code 2015 art. 146); a fraction of a calendar day is rounded up.

    :raises ValueError: the value is not positive, or a fraction of a month or year is not a half.
    """

    value: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", Decimal(self.value))
        object.__setattr__(self, "unit", Unit(self.unit))
        if not self.value.is_finite() or self.value <= 0:
            raise ValueError(f"value: {self.value} {self.unit} is not a time limit; it must be more than 0")
        if self.unit in (Unit.MONTH, Unit.YEAR) and self.value % HALF:
            raise ValueError(f"value: {self.value} {self.unit} cannot be counted; use halves or days")

    @property
    def working_time(self) -> timedelta:
        """The working time of a limit in working days (8 h each, R1) or working hours.

        :raises ValueError: the unit is not a working unit.
        """
        if not self.unit.is_working:
            raise ValueError(f"unit: {self.unit} is not counted in working time")
        one = WORKING_DAY if self.unit is Unit.WORKING_DAY else timedelta(hours=1)
        return timedelta(microseconds=round(self.value * (one // timedelta(microseconds=1))))

    @property
    def clock_time(self) -> timedelta:
        """The time on the clock of a limit in calendar days (24 h each) or hours.

        :raises ValueError: the unit is neither.
        """
        if self.unit not in (Unit.CALENDAR_DAY, Unit.HOUR):
            raise ValueError(f"unit: {self.unit} is not counted by the clock")
        one = timedelta(days=1) if self.unit is Unit.CALENDAR_DAY else timedelta(hours=1)
        return timedelta(microseconds=round(self.value * (one // timedelta(microseconds=1))))

    @property
    def length(self) -> timedelta:
        """The working time of a limit in working units, else its time on the clock; to compare limits of one kind.

        :raises ValueError: it is in months or years.
        """
        return self.working_time if self.unit.is_working else self.clock_time

    @property
    def months_and_days(self) -> tuple[int, int]:
        """A limit in calendar days, months or years as whole months and days.

        :raises ValueError: the unit is not a calendar unit.
        """
        if self.unit is Unit.CALENDAR_DAY:
            return 0, math.ceil(self.value)
        if self.unit is Unit.MONTH:
            return int(self.value), 15 if self.value % 1 else 0
        if self.unit is Unit.YEAR:
            return int(self.value * 12), 0
        raise ValueError(f"unit: {self.unit} is not counted in calendar days")

    def scaled(self, factor: Decimal) -> Duration:
        """Return the limit times a factor: ``scaled(Decimal("0.5"))`` is 50 % shorter."""
        return Duration(self.value * factor, self.unit)

    def __str__(self) -> str:
        return self.unit.counted(self.value)
