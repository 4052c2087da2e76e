from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from citizens.states import AccessPurpose
from results_vault import codes
from results_vault.states import Change
from results_vault.transitions import MOVES

LARGEST_FILE = 5 * 2**20
"""Bytes. Results are a hundred times smaller; what is larger is not worth the reading."""


class CodeForm(forms.Form):
    """Mã in dưới mã QR, hoặc địa chỉ trong mã QR."""

    ma = forms.CharField(
        label=_("Mã kiểm tra"),
        help_text=_("36 ký tự in dưới mã QR, ví dụ 9f86-d081-…; hoặc dán địa chỉ đọc được từ mã QR."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "text"}),
        error_messages={"required": _("Hãy nhập mã kiểm tra in dưới mã QR của kết quả.")},
    )

    def clean_ma(self) -> tuple[str, str]:
        parsed = codes.parse(self.cleaned_data["ma"])
        if parsed is None:
            raise forms.ValidationError(
                _("Mã kiểm tra gồm 36 chữ số và chữ cái từ a đến f. Hãy so lại với mã in dưới mã QR.")
            )
        return parsed


class FileForm(forms.Form):
    """Tệp kết quả cần đối chiếu. Tệp chỉ được đọc, không được lưu lại."""

    file = forms.FileField(
        label=_("Tệp kết quả (PDF)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={
            "required": _("Hãy chọn tệp PDF cần kiểm tra."),
            "empty": _("Tệp này rỗng. Hãy chọn tệp PDF khác."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("Tối đa %(size)s. Tệp chỉ được đối chiếu, không được lưu lại.") % {
            "size": filesizeformat(LARGEST_FILE)
        }

    def clean_file(self) -> bytes:
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size is None or upload.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("Tệp lớn hơn %(size)s. Kết quả do hệ thống cấp không lớn như vậy; hãy chọn tệp khác.")
                % {"size": filesizeformat(LARGEST_FILE)}
            )
        content: bytes = upload.read()
        if not content.startswith(b"%PDF-"):
            raise forms.ValidationError(_("Tệp này không phải là PDF. Hãy chọn tệp PDF bạn nhận được."))
        return content


class InspectionForm(forms.Form):
    """Mục đích công vụ của cán bộ muốn xem đủ thông tin; người chủ kết quả đọc được mục đích này."""

    purpose = forms.ChoiceField(
        label=_("Mục đích"),
        choices=[
            ("", _("Chọn mục đích")),
            (AccessPurpose.INSPECT_RESULT, _("Kiểm tra tại hiện trường")),
            (AccessPurpose.ANSWER_INQUIRY, _("Xác minh theo yêu cầu của cơ quan có thẩm quyền")),
        ],
        error_messages={"required": _("Hãy chọn mục đích xem thông tin.")},
    )


class ForceForm(forms.Form):
    """Quyết định làm thay đổi hiệu lực của kết quả."""

    change = forms.ChoiceField(
        label=_("Việc thực hiện"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn việc thực hiện.")},
    )
    decision = forms.CharField(
        label=_("Quyết định"),
        help_text=_("Số, ngày và cơ quan ban hành. Người kiểm tra kết quả đọc được dòng này."),
        max_length=255,
        error_messages={"required": _("Hãy nhập số và ngày của quyết định.")},
    )
    successor_number = forms.CharField(
        label=_("Số của kết quả mới"),
        help_text=_("Chỉ khi thay thế hoặc đính chính: số của kết quả mới đã phát hành."),
        required=False,
        max_length=64,
    )

    happened_on = forms.DateField(
        label=_("Ngày xảy ra sự kiện"),
        help_text=_("Chỉ khi ghi nhận sự kiện làm hết giá trị: kết quả còn giá trị đến hết ngày trước đó."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Ngày chưa đúng. Hãy chọn lại.")},
    )

    def __init__(self, *args: Any, changes: list[Change], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if Change.END not in changes:
            del self.fields["happened_on"]
        # The stubs know the fields of a form only as fields, not as the choices that they are.
        self.fields["change"].choices = [(change.value, change.label) for change in changes]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        change = cleaned.get("change")
        if change and MOVES[Change(change)].needs_successor and not cleaned.get("successor_number"):
            self.add_error("successor_number", _("Hãy nhập số của kết quả mới thay cho kết quả này."))
        if change and MOVES[Change(change)].needs_day and not cleaned.get("happened_on"):
            self.add_error("happened_on", _("Hãy ghi ngày xảy ra sự kiện."))
        return cleaned
