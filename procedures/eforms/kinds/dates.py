"""Days, months and times of day, kept in their ISO form."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from procedures.eforms.kinds.base import Answer, Kind, WrongAnswer, kind
from procedures.eforms.schema import Field, FieldType

_TYPED_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TYPED_MONTH = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{4})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})")
_TIME = re.compile(r"(\d{1,2})\s*(?:[:hg.]\s*(\d{2})?)(?::\d{2})?")
_EARLIEST = 1900


def read_date(text: str) -> date:
    """Read 31/12/1990 or 1990-12-31. :raises WrongAnswer: it is neither, or not in the calendar."""
    if match := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _TYPED_DATE.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    else:
        raise WrongAnswer(_("Không đọc được ngày này. Hãy viết theo mẫu ngày/tháng/năm, ví dụ 31/12/1990."))
    try:
        return date(year, month, day)
    except ValueError:
        raise WrongAnswer(_("Không có ngày này trong lịch. Hãy kiểm tra lại ngày, tháng và năm.")) from None


@kind(FieldType.DATE)
class Day(Kind):
    keys = frozenset({"not_future", "not_past"})
    has_order = True

    def read_text(self, field: Field, text: str) -> Answer:
        value = read_date(text)
        if value.year < _EARLIEST:
            raise WrongAnswer(_("Năm phải từ 1900 trở đi. Hãy kiểm tra lại năm."))
        today = timezone.localdate()
        if field.not_future and value > today:
            raise WrongAnswer(_("Ngày này chưa đến. Hãy nhập ngày hôm nay hoặc một ngày đã qua."))
        if field.not_past and value < today:
            raise WrongAnswer(_("Ngày này đã qua. Hãy nhập ngày hôm nay hoặc một ngày sắp tới."))
        return value.isoformat()

    def missing(self, field: Field) -> str:
        return _("Hãy nhập ngày, tháng, năm.")

    def display(self, field: Field, answer: Any, language: str) -> str:
        match = _ISO_DATE.fullmatch(str(answer))
        return "/".join(reversed(match.groups())) if match else str(answer)

    def is_possible(self, field: Field, value: Any) -> bool:
        try:
            return isinstance(value, str) and bool(date.fromisoformat(value))
        except ValueError:
            return False


@kind(FieldType.MONTH)
class Month(Kind):
    keys = frozenset({"not_future", "not_past"})
    has_order = True

    def read_text(self, field: Field, text: str) -> Answer:
        if match := _ISO_MONTH.fullmatch(text):
            year, month = int(match[1]), int(match[2])
        elif match := _TYPED_MONTH.fullmatch(text):
            month, year = int(match[1]), int(match[2])
        else:
            raise WrongAnswer(_("Không đọc được tháng này. Hãy viết theo mẫu tháng/năm, ví dụ 07/2025."))
        if not 1 <= month <= 12 or year < _EARLIEST:
            raise WrongAnswer(_("Tháng phải từ 1 đến 12, năm từ 1900 trở đi. Hãy kiểm tra lại."))
        value = f"{year:04d}-{month:02d}"
        this_month = f"{timezone.localdate():%Y-%m}"
        if field.not_future and value > this_month:
            raise WrongAnswer(_("Tháng này chưa đến. Hãy nhập tháng này hoặc một tháng đã qua."))
        if field.not_past and value < this_month:
            raise WrongAnswer(_("Tháng này đã qua. Hãy nhập tháng này hoặc một tháng sắp tới."))
        return value

    def missing(self, field: Field) -> str:
        return _("Hãy nhập tháng và năm, ví dụ 07/2025.")

    def display(self, field: Field, answer: Any, language: str) -> str:
        match = _ISO_MONTH.fullmatch(str(answer))
        return "/".join(reversed(match.groups())) if match else str(answer)

    def is_possible(self, field: Field, value: Any) -> bool:
        return isinstance(value, str) and bool(_ISO_MONTH.fullmatch(value))

    def as_typed(self, field: Field, answer: Any) -> Any:
        return self.display(field, answer, "vi")


@kind(FieldType.TIME)
class Clock(Kind):
    has_order = True

    def read_text(self, field: Field, text: str) -> Answer:
        match = _TIME.fullmatch(text)
        if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
            raise WrongAnswer(_("Không đọc được giờ này. Hãy viết theo mẫu giờ:phút, ví dụ 08:30."))
        return f"{int(match[1]):02d}:{int(match[2] or 0):02d}"

    def missing(self, field: Field) -> str:
        return _("Hãy nhập giờ và phút, ví dụ 08:30.")

    def is_possible(self, field: Field, value: Any) -> bool:
        return isinstance(value, str) and bool(re.fullmatch(r"[0-2]\d:[0-5]\d", value))
