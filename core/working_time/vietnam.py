"""Days off and make-up workdays of Viet Nam, as plain data.

Labour Code 2019 art. 112 fixes the holidays, art. 111.3 the substitute for a holiday on a weekly rest day;
each year the Prime Minister fixes the days of Tết and National Day and may swap working days. 2025 and 2026
follow the published notices. 2027 is computed and provisional: enter the official notice when it is out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext_noop as _

from core.working_time.days import DayKind, DayRecord

NEW_YEAR = _("Tết Dương lịch")
TET = _("Tết Nguyên đán")
HUNG_KINGS = _("Giỗ Tổ Hùng Vương")
REUNIFICATION = _("Ngày Chiến thắng 30/4")
LABOUR_DAY = _("Ngày Quốc tế Lao động 1/5")
NATIONAL_DAY = _("Quốc khánh 2/9")
CULTURE_DAY = _("Ngày Văn hóa Việt Nam 24/11")
CULTURE_DAY_SINCE = 2026

FIXED_HOLIDAYS = {
    (1, 1): NEW_YEAR,
    (4, 30): REUNIFICATION,
    (5, 1): LABOUR_DAY,
    (9, 2): NATIONAL_DAY,
    (11, 24): CULTURE_DAY,
}
SUBSTITUTES = {
    NEW_YEAR: _("Nghỉ bù Tết Dương lịch"),
    REUNIFICATION: _("Nghỉ bù Ngày Chiến thắng 30/4"),
    LABOUR_DAY: _("Nghỉ bù Ngày Quốc tế Lao động 1/5"),
    NATIONAL_DAY: _("Nghỉ bù Quốc khánh 2/9"),
    CULTURE_DAY: _("Nghỉ bù Ngày Văn hóa Việt Nam 24/11"),
}

H, SUBSTITUTE, SWAP, MAKE_UP = (
    DayKind.HOLIDAY,
    DayKind.SUBSTITUTE_DAY_OFF,
    DayKind.SWAPPED_OFF,
    DayKind.MAKE_UP_WORKDAY,
)

# fmt: off
_PUBLISHED = (
    ("2025-01-01", H, NEW_YEAR),
    ("2025-01-27", H, TET), ("2025-01-28", H, TET), ("2025-01-29", H, TET), ("2025-01-30", H, TET), ("2025-01-31", H, TET),
    ("2025-04-07", H, HUNG_KINGS),
    ("2025-04-26", MAKE_UP, _("Làm bù cho ngày 02/5/2025")),
    ("2025-04-30", H, REUNIFICATION), ("2025-05-01", H, LABOUR_DAY),
    ("2025-05-02", SWAP, _("Nghỉ hoán đổi với ngày 26/4/2025")),
    ("2025-09-01", H, NATIONAL_DAY), ("2025-09-02", H, NATIONAL_DAY),
    ("2026-01-01", H, NEW_YEAR),
    ("2026-01-02", SWAP, _("Nghỉ hoán đổi với ngày 10/01/2026")),
    ("2026-01-10", MAKE_UP, _("Làm bù cho ngày 02/01/2026")),
    ("2026-02-16", H, TET), ("2026-02-17", H, TET), ("2026-02-18", H, TET), ("2026-02-19", H, TET), ("2026-02-20", H, TET),
    ("2026-04-26", H, HUNG_KINGS),
    ("2026-04-27", SUBSTITUTE, _("Nghỉ bù Giỗ Tổ Hùng Vương")),
    ("2026-04-30", H, REUNIFICATION), ("2026-05-01", H, LABOUR_DAY),
    ("2026-08-22", MAKE_UP, _("Làm bù cho ngày 31/8/2026")),
    ("2026-08-31", SWAP, _("Nghỉ hoán đổi với ngày 22/8/2026")),
    ("2026-09-01", H, NATIONAL_DAY), ("2026-09-02", H, NATIONAL_DAY),
    ("2026-11-24", H, CULTURE_DAY),
)
# First lunar day Sat 6-2-2027: one day before and four from it, the two on the weekend given back. The second day of
# National Day is taken after it, as in 2021, when 2-9 was a Thursday too.
_COMPUTED = (
    ("2027-01-01", H, NEW_YEAR),
    ("2027-02-05", H, TET), ("2027-02-06", H, TET), ("2027-02-07", H, TET), ("2027-02-08", H, TET), ("2027-02-09", H, TET),
    ("2027-02-10", SUBSTITUTE, _("Nghỉ bù Tết Nguyên đán")), ("2027-02-11", SUBSTITUTE, _("Nghỉ bù Tết Nguyên đán")),
    ("2027-04-16", H, HUNG_KINGS),
    ("2027-04-30", H, REUNIFICATION), ("2027-05-01", H, LABOUR_DAY),
    ("2027-05-03", SUBSTITUTE, _("Nghỉ bù Ngày Quốc tế Lao động")),
    ("2027-09-02", H, NATIONAL_DAY), ("2027-09-03", H, NATIONAL_DAY),
    ("2027-11-24", H, CULTURE_DAY),
)
# fmt: on


def official_days() -> list[DayRecord]:
    """Return the days of 2025 and 2026 as published, and those of 2027 marked provisional."""
    published = [DayRecord(date.fromisoformat(day), kind, name) for day, kind, name in _PUBLISHED]
    computed = [
        DayRecord(date.fromisoformat(day), kind, name, provisional=True) for day, kind, name in _COMPUTED
    ]
    return published + computed


def fixed_days(year: int) -> Iterator[DayRecord]:
    """Yield the holidays with a fixed date, and their substitutes, for a year without an official notice.

    Holidays of the lunar calendar are not among them: nobody should promise their date before the notice.
    """
    holidays = {
        date(year, month, day): name
        for (month, day), name in FIXED_HOLIDAYS.items()
        if name != CULTURE_DAY or year >= CULTURE_DAY_SINCE
    }
    taken = set(holidays)
    for day, name in holidays.items():
        yield DayRecord(day, DayKind.HOLIDAY, name, provisional=True)
        if day.weekday() >= 5:
            substitute = day + timedelta(days=1)
            while substitute.weekday() >= 5 or substitute in taken:
                substitute += timedelta(days=1)
            taken.add(substitute)
            yield DayRecord(substitute, DayKind.SUBSTITUTE_DAY_OFF, SUBSTITUTES[name], provisional=True)
