"""The rules by which due dates are counted, and the articles of law behind them."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.working_time.days import DayKind


class Rule(StrEnum):
    """R1 to R13 of the working time regulation; `basis` names the article, where the rule has one."""

    UNIT = "R1"
    EXACT = "R2"
    END_OF_DAY = "R3"
    SAME_DAY = "R4"
    CALENDAR = "R5"
    PAUSE = "R6"
    CROSS_AREA = "R7"
    ACCEPTANCE = "R8"
    SUPPLEMENT_NOTICE = "R9"
    APOLOGY = "R10"
    PAPER_TRANSFER = "R11"
    CHANNEL = "R12"
    LATENESS = "R13"

    @property
    def basis(self) -> str:
        """The article in the active language; "" for a rule of counting that no article spells out."""
        return _(_BASES[self]) if self in _BASES else ""


_BASES = {
    Rule.EXACT: gettext_noop("không muộn hơn cách tính của Bộ luật Dân sự 2015, Điều 147 và Điều 148"),
    Rule.END_OF_DAY: gettext_noop("Bộ luật Dân sự 2015, Điều 147 và Điều 148"),
    Rule.SAME_DAY: gettext_noop("Nghị định 23/2015/NĐ-CP, Điều 7"),
    Rule.CALENDAR: gettext_noop("Bộ luật Dân sự 2015, Điều 146 đến Điều 148"),
    Rule.PAUSE: gettext_noop("Nghị định 61/2018/NĐ-CP, Điều 19"),
    Rule.CROSS_AREA: gettext_noop("Nghị định 309/2026/NĐ-CP, khoản 3 Điều 8"),
    Rule.ACCEPTANCE: gettext_noop("quy định của thành phố: trả lời trong 4 giờ làm việc"),
    Rule.SUPPLEMENT_NOTICE: gettext_noop("Nghị định 61/2018/NĐ-CP, khoản 4 Điều 19"),
    Rule.APOLOGY: gettext_noop("Nghị định 61/2018/NĐ-CP, khoản 9 Điều 19"),
    Rule.PAPER_TRANSFER: gettext_noop("Thông tư 01/2018/TT-VPCP, khoản 2 Điều 18"),
    Rule.CHANNEL: gettext_noop("thời hạn đã công bố cho hình thức nộp"),
}

_DAYS_OFF = {
    DayKind.HOLIDAY: gettext_noop("Bộ luật Lao động 2019, Điều 112"),
    DayKind.SUBSTITUTE_DAY_OFF: gettext_noop("Bộ luật Lao động 2019, khoản 3 Điều 111"),
    DayKind.SWAPPED_OFF: gettext_noop("Bộ luật Lao động 2019, khoản 3 Điều 112"),
    DayKind.MAKE_UP_WORKDAY: gettext_noop("Bộ luật Lao động 2019, khoản 3 Điều 112"),
}


def day_basis(kind: DayKind) -> str:
    """Name the article that makes a day a day off, or a day made up for; "" for weekends and closures."""
    return _(_DAYS_OFF[kind]) if kind in _DAYS_OFF else ""
