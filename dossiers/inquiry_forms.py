"""Forms of what is asked of others, all for show: the services judge what is typed. And how typed values are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from core.errors import InvalidInput
from core.widgets import PlainSelect
from core.working_time import TIME_ZONE
from dossiers.models import DossierComponent, Obligation
from dossiers.services import obligations, opinions, refunds, verifications


def _text(
    label: Any, *, hint: Any = "", length: int, rows: int = 4, required: bool = True
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, max_length=length, widget=widget, required=required)


def _day(label: Any, *, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, widget=forms.DateInput(attrs={"type": "date"}))


def _moment(label: Any, *, hint: Any = "") -> forms.CharField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})
    return forms.CharField(label=label, help_text=hint, widget=widget)


class NotifyObligation(forms.Form):
    """Thông báo nghĩa vụ tài chính."""

    amount_vnd = forms.CharField(
        label=_("Số tiền phải nộp (đồng)"),
        help_text=_("Chỉ ghi số, ví dụ 1.250.000."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    basis = forms.CharField(
        label=_("Căn cứ thu"),
        help_text=_("Văn bản, điều khoản quy định mức thu. Nội dung này được in trên thông báo."),
        max_length=obligations.BASIS_LENGTH,
    )
    explanation = _text(
        _("Cách tính"),
        hint=_("Ví dụ: 100 m² × 500.000 đồng × 2,5%."),
        length=obligations.EXPLANATION_LENGTH,
        rows=3,
        required=False,
    )
    due_on = _day(_("Nộp chậm nhất ngày"), hint=_("Một ngày làm việc; hạn là hết giờ làm việc của ngày đó."))


class ConfirmPayment(forms.Form):
    """Xác nhận đã nộp tiền. The hidden id says which notice the officer was looking at."""

    obligation = forms.IntegerField(widget=forms.HiddenInput)
    proof = forms.CharField(
        label=_("Số biên lai hoặc mã giao dịch"),
        help_text=_("Ghi đúng như trên biên lai hoặc sao kê ngân hàng."),
        max_length=obligations.PROOF_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    paid_at = _moment(_("Nộp tiền lúc"), hint=_("Thời điểm ghi trên biên lai hoặc giao dịch."))


class CancelObligation(forms.Form):
    """Hủy thông báo nộp tiền."""

    obligation = forms.IntegerField(widget=forms.HiddenInput)
    reason = _text(
        _("Vì sao hủy thông báo?"),
        hint=_("Người nộp đọc được lý do này."),
        length=obligations.REASON_LENGTH,
        rows=3,
    )


class RecordPayment(forms.Form):
    """Ghi nhận tiền nộp: money for a notice that nobody has to pay any more."""

    amount_vnd = forms.CharField(
        label=_("Số tiền đã nhận (đồng)"),
        help_text=_("Chỉ ghi số, ví dụ 1.250.000."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    proof = forms.CharField(
        label=_("Số biên lai hoặc mã giao dịch"),
        help_text=_("Ghi đúng như trên biên lai hoặc sao kê ngân hàng."),
        max_length=refunds.PROOF_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    paid_at = _moment(_("Nộp tiền lúc"), hint=_("Thời điểm ghi trên biên lai hoặc giao dịch."))


class PayRefund(forms.Form):
    """Ghi nhận đã hoàn tiền."""

    amount_vnd = forms.CharField(
        label=_("Số tiền đã hoàn (đồng)"),
        help_text=_("Nhập lại số tiền trên chứng từ để đối chiếu."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    document_no = forms.CharField(
        label=_("Số chứng từ hoàn tiền"),
        help_text=_("Ủy nhiệm chi, phiếu chi hoặc mã giao dịch chuyển trả."),
        max_length=refunds.DOCUMENT_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    refunded_at = _moment(_("Hoàn tiền lúc"), hint=_("Thời điểm ghi trên chứng từ."))


class StartVerification(forms.Form):
    """Bắt đầu xác minh."""

    purpose = _text(_("Xác minh điều gì?"), length=verifications.PURPOSE_LENGTH, rows=3)
    place = forms.CharField(
        label=_("Nơi xác minh"),
        help_text=_("Địa chỉ, hoặc cơ quan giữ sổ gốc."),
        max_length=verifications.PLACE_LENGTH,
    )
    planned_at = _moment(_("Thời điểm dự kiến"))
    needs_presence = forms.BooleanField(
        label=_("Cần người nộp có mặt"),
        help_text=_("Người nộp được báo ngay thời gian và địa điểm."),
        required=False,
    )


class FinishVerification(forms.Form):
    """Kết thúc xác minh."""

    people = _text(
        _("Người tham gia"),
        hint=_("Họ tên, chức vụ từng người; mỗi người một dòng."),
        length=verifications.PEOPLE_LENGTH,
        rows=3,
    )
    findings = _text(
        _("Kết quả xác minh"),
        hint=_("Nội dung này được in trên biên bản xác minh."),
        length=verifications.FINDINGS_LENGTH,
        rows=6,
    )


class AskOpinion(forms.Form):
    """Lấy ý kiến phối hợp: for each of ``rows`` agencies a question, a day and the documents that it may see."""

    def __init__(
        self,
        *args: Any,
        rows: int,
        agencies: Iterable[Agency],
        documents: Iterable[DossierComponent],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((one.pk, one.name) for one in agencies)]
        files = [(one.pk, f"{one.component.name} ({one.original_name})") for one in documents]
        for n in range(rows):
            number = f" {n + 1}" if rows > 1 else ""
            self.fields[f"agency_{n}"] = forms.ChoiceField(
                label=_g("Cơ quan được hỏi") + number, choices=choices, widget=PlainSelect
            )
            self.fields[f"question_{n}"] = _text(
                _g("Câu hỏi") + number,
                hint=_("Cơ quan kia không thấy hồ sơ, chỉ thấy câu hỏi này và giấy tờ bạn chọn."),
                length=opinions.QUESTION_LENGTH,
            )
            self.fields[f"due_on_{n}"] = _day(_g("Trả lời chậm nhất ngày") + number)
            if files:
                self.fields[f"documents_{n}"] = forms.MultipleChoiceField(
                    label=_g("Giấy tờ gửi kèm") + number,
                    choices=files,
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                )


class GoOn(forms.Form):
    """Giải quyết tiếp without an answer."""

    reason = _text(
        _("Vì sao giải quyết tiếp khi chưa đủ ý kiến?"),
        hint=_("Im lặng không phải là đồng ý. Lý do được lưu trong lịch sử hồ sơ."),
        length=opinions.REASON_LENGTH,
        rows=3,
    )


class AnswerOpinion(forms.Form):
    """Trả lời ý kiến phối hợp."""

    agrees = forms.ChoiceField(
        label=_("Ý kiến của cơ quan bạn"),
        choices=[("yes", _("Đồng ý")), ("no", _("Không đồng ý"))],
        widget=forms.RadioSelect,
    )
    answer = _text(_("Nội dung và căn cứ"), length=opinions.ANSWER_LENGTH, rows=6)


# What was typed


def amount(text: str) -> int:
    """Read an amount as people type it, such as 1.250.000 or 1 250 000.

    :raises InvalidInput: under ``amount_vnd``, it is no whole number.
    """
    digits = text.strip().replace(".", "").replace(",", "").replace(" ", "")
    sign = digits.startswith("-")
    if not (digits.lstrip("-").isdecimal() and digits.isascii() and len(digits) <= 18):
        raise InvalidInput({"amount_vnd": [_("Hãy nhập số tiền bằng chữ số, ví dụ 1.250.000.")]})
    return -int(digits.lstrip("-")) if sign else int(digits)


def day(text: str) -> date | None:
    """Read the value of a date field; None for what is no date."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """Read the value of a field for date and time as a local moment; None for what is none."""
    try:
        typed = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return typed.replace(tzinfo=TIME_ZONE) if typed.tzinfo is None else None


def number(text: str) -> int:
    """Read the id in a hidden or select field; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def rows(posted: Mapping[str, str]) -> int:
    """Say how many agencies the posted form has room for."""
    return min(max(number(posted.get("rows", "")), 1), opinions.MOST_AGENCIES)


def questions(posted: Any) -> list[opinions.Question]:
    """Read the questions of a posted `AskOpinion`."""
    return [
        opinions.Question(
            agency_id=number(posted.get(f"agency_{n}", "")) or None,
            text=posted.get(f"question_{n}", ""),
            due_on=day(posted.get(f"due_on_{n}", "")),
            document_ids=tuple(number(one) for one in posted.getlist(f"documents_{n}")),
        )
        for n in range(rows(posted))
    ]


def obligation_form(
    form: type[forms.Form], obligation: Obligation, *, posted: Any, at: datetime
) -> forms.Form:
    """Make one of the forms about a notice, with its id and, to confirm it, the present moment."""
    return form(posted, initial={"obligation": obligation.pk, **now(at, "paid_at")})


def now(at: datetime, field: str) -> dict[str, str]:
    """Give the present moment as the first value of a field for date and time."""
    return {field: f"{at.astimezone(TIME_ZONE):%Y-%m-%dT%H:%M}"}
