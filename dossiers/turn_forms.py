"""Forms of the turns that a case may take. All are for show: the services judge what is typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from dossiers.services import correcting, extensions, stopping, withdrawals
from dossiers.states import LateReason


def _text(
    label: Any, *, hint: Any = "", length: int, rows: int = 4, required: bool = True
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, max_length=length, widget=widget, required=required)


class _GivesBack(forms.Form):
    """What an early end gives back; money only where some was paid."""

    returns_originals = forms.BooleanField(
        label=_("Trả lại bản chính đã nhận, tại bộ phận một cửa"), required=False
    )
    refund_vnd = forms.IntegerField(label=_("Số tiền hoàn lại (đồng)"), required=False)

    def __init__(self, *args: Any, paid_vnd: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not paid_vnd:
            del self.fields["refund_vnd"]
            return
        field = self.fields["refund_vnd"]
        field.initial = paid_vnd
        field.help_text = _("Đã nộp %(paid)s đồng. Nhập 0 nếu không hoàn.") % {
            "paid": number_format(paid_vnd, force_grouping=True)
        }
        field.widget.attrs["inputmode"] = "numeric"


class RequestWithdrawal(forms.Form):
    """Xin rút hồ sơ, by the applicant."""

    reason = _text(
        _("Vì sao bạn muốn rút hồ sơ?"),
        hint=_("Ví dụ: tôi đã làm thủ tục ở nơi khác, tôi muốn nộp lại với nội dung khác."),
        length=withdrawals.REASON_LENGTH,
    )


class ApproveWithdrawal(_GivesBack):
    """Đồng ý cho rút."""

    note = _text(_("Ghi chú cho người nộp"), length=withdrawals.NOTE_LENGTH, rows=3, required=False)


class DenyWithdrawal(forms.Form):
    """Không cho rút."""

    note = _text(
        _("Vì sao không cho rút?"),
        hint=_("Người nộp đọc được lý do này."),
        length=withdrawals.NOTE_LENGTH,
    )


class ProposeExtension(forms.Form):
    """Đề nghị xin lỗi và hẹn lại."""

    reason = forms.ChoiceField(label=_("Lý do trễ"), choices=[("", "—"), *LateReason.choices])
    explanation = _text(
        _("Giải thích cho người nộp"),
        hint=_("Nội dung này được in trên Mẫu số 04."),
        length=extensions.EXPLANATION_LENGTH,
    )
    working_days = forms.IntegerField(
        label=_("Cần thêm bao nhiêu ngày làm việc?"),
        help_text=_("Tính từ hạn hiện tại. Chỉ được hẹn lại một lần, nên hãy chọn đủ."),
        min_value=1,
        max_value=extensions.MOST_DAYS,
    )


class DeclineExtension(forms.Form):
    """Không duyệt hẹn lại."""

    note = _text(_("Vì sao không duyệt?"), length=extensions.NOTE_LENGTH)


class Stop(_GivesBack):
    """Dừng giải quyết."""

    reason = _text(
        _("Lý do và căn cứ dừng giải quyết"),
        hint=_("Nội dung này được in trên thông báo dừng giải quyết và gửi người nộp."),
        length=stopping.REASON_LENGTH,
    )
    field_order = ("reason", "returns_originals", "refund_vnd")


class CorrectResult(forms.Form):
    """Sửa kết quả có sai sót."""

    error = _text(
        _("Kết quả sai ở đâu, đúng ra là gì?"),
        hint=_("Nội dung này được in trên quyết định sửa và gửi người nhận kết quả."),
        length=correcting.ERROR_LENGTH,
    )
    decision = forms.CharField(
        label=_("Số và ngày của quyết định"),
        help_text=_("Ai quét mã QR của bản cũ sẽ thấy. Ví dụ: Quyết định số 12/QĐ-UBND ngày 04/03/2026."),
        max_length=correcting.DECISION_LENGTH,
    )
    bears_cost = forms.ChoiceField(
        label=_("Cơ quan chịu chi phí"),
        help_text=_("Cơ quan gây ra sai sót chịu mọi chi phí; người dân không trả."),
    )

    def __init__(self, *args: Any, agencies: Iterable[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The stubs know the fields of a form only as fields, not as the choices that they are.
        self.fields["bears_cost"].choices = [(one.pk, one.name) for one in agencies]  # type: ignore[attr-defined]  # a choice field
