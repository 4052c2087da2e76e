"""Forms of the list and of one version; the forms of the editor are made from the document's shape (`parts`)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.widgets import PlainSelect
from designer.selectors import IN_WORK, Filters
from procedures.states import VersionStatus

_MOMENT = "%Y-%m-%dT%H:%M"
MOST_PAGES = 500


class ListFilters(forms.Form):
    """Lọc danh sách phiên bản."""

    q = forms.CharField(
        label=_("Mã hoặc tên thủ tục"), required=False, max_length=200, help_text=_("Gõ không dấu cũng được.")
    )
    tinh_trang = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        widget=PlainSelect,
        choices=[
            ("", _("Đang làm và mới công bố")),
            *((one.value, one.label) for one in VersionStatus),
            ("tat-ca", _("Tất cả")),
        ],
    )
    trang = forms.IntegerField(required=False, min_value=1, max_value=MOST_PAGES, widget=forms.HiddenInput)

    def filters(self) -> Filters:
        """Read what is chosen; nothing is chosen where the address makes no sense."""
        chosen: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        status = chosen.get("tinh_trang") or IN_WORK
        return Filters(
            query=chosen.get("q", ""),
            status="" if status == "tat-ca" else status,
            page=chosen.get("trang") or 1,
        )


class CloneSearch(forms.Form):
    """Tìm thủ tục có sẵn."""

    q = forms.CharField(
        label=_("Mã hoặc tên thủ tục"), required=False, max_length=200, help_text=_("Gõ không dấu cũng được.")
    )


class BeginForm(forms.Form):
    """Bắt đầu một thủ tục mới."""

    code = forms.CharField(
        label=_("Mã thủ tục"),
        max_length=32,
        help_text=_("Mã trong quyết định công bố, ví dụ 1.004873; chưa có thì đặt mã tạm, ví dụ DN.0001."),
        error_messages={"required": _("Hãy ghi mã thủ tục.")},
    )
    name = forms.CharField(
        label=_("Tên thủ tục"), max_length=2_000, error_messages={"required": _("Hãy ghi tên thủ tục.")}
    )


class CloneForm(forms.Form):
    """Tạo bản thảo từ một phiên bản."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Mã của thủ tục mới"),
        max_length=32,
        required=False,
        help_text=_("Để trống để sửa chính thủ tục này; ghi mã khác để làm một thủ tục mới."),
    )


class FileForm(forms.Form):
    """Nhập từ tệp YAML."""

    file = forms.FileField(
        label=_("Tệp YAML của thủ tục"),
        help_text=_("Tệp do cổng xuất ra, hoặc viết theo cùng định dạng; tối đa 2 MB."),
        error_messages={"required": _("Hãy chọn tệp."), "empty": _("Tệp trống. Hãy chọn tệp khác.")},
    )
    code = forms.CharField(
        label=_("Mã của thủ tục ở đây"),
        max_length=32,
        required=False,
        help_text=_("Để trống để dùng mã trong tệp."),
    )
    is_next = forms.BooleanField(label=_("Tệp là bản sửa của chính thủ tục đang mang mã này"), required=False)
    without_strangers = forms.BooleanField(
        label=_("Tệp của thành phố khác: bỏ các cơ quan không có ở đây, tôi sẽ chọn lại"), required=False
    )


class ReasonForm(forms.Form):
    """Ghi lý do. Whether one is required is the service's to say."""

    reason = forms.CharField(
        label=_("Lý do"), required=False, max_length=2_000, widget=forms.Textarea({"rows": 3})
    )


class NeededReasonForm(ReasonForm):
    """Trả lại để sửa, ngừng nhận hồ sơ: always with a reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = _("Hãy ghi lý do.")


class ScheduleForm(forms.Form):
    """Hẹn giờ mở, ngừng nhận hồ sơ; để trống là bỏ hẹn."""

    opens_at = forms.DateTimeField(
        label=_("Mở nhận hồ sơ lúc"),
        required=False,
        input_formats=[_MOMENT],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT),
    )
    closes_at = forms.DateTimeField(
        label=_("Ngừng nhận hồ sơ lúc"),
        required=False,
        input_formats=[_MOMENT],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT),
    )


class AbolishForm(forms.Form):
    """Bãi bỏ thủ tục."""

    decision = forms.CharField(label=_("Số quyết định bãi bỏ"), required=False, max_length=255)
    last_day = forms.DateField(
        label=_("Ngày cuối còn hiệu lực"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": _("Hãy chọn ngày cuối còn hiệu lực."),
            "invalid": _("Ngày chưa đúng. Hãy chọn lại."),
        },
    )
    reason = forms.CharField(
        label=_("Lý do"), required=False, max_length=2_000, widget=forms.Textarea({"rows": 3})
    )
