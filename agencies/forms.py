"""Forms of the agencies' pages, for show: the services judge what is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.services import NAME_LENGTH, REASON_LENGTH
from core.errors import InvalidInput
from core.widgets import PlainSelect
from core.working_time import DayKind

REASON = _("Số văn bản hoặc thông báo, và vì sao thay đổi. Lưu vào lịch sử và báo trong hồ sơ bị ảnh hưởng.")


class Day(forms.Form):
    """What a day of the calendar is, and why."""

    day = forms.DateField(
        label=_("Ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Hãy chọn ngày."),
            "invalid": _("Ngày chưa đúng. Hãy chọn ngày trong lịch."),
        },
    )
    kind = forms.ChoiceField(
        label=_("Loại ngày"),
        choices=[("", "—"), *DayKind.choices],
        widget=PlainSelect,
        error_messages={"required": _("Hãy chọn loại ngày.")},
    )
    name = forms.CharField(
        label=_("Tên ngày"),
        help_text=_("Người dân thấy tên này khi xem cách tính hạn, ví dụ: Nghỉ bão số 5."),
        required=False,
        max_length=NAME_LENGTH,
    )
    hours = forms.CharField(
        label=_("Giờ làm việc của ngày"),
        help_text=_("Chỉ ghi khi khác giờ thường lệ, ví dụ: 07:30-11:30."),
        required=False,
        max_length=100,
    )
    reason = forms.CharField(
        label=_("Lý do"),
        help_text=REASON,
        max_length=REASON_LENGTH,
        error_messages={"required": _("Hãy ghi lý do và văn bản thông báo; lý do này được lưu vào lịch sử.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed:
            del self.fields["day"]


class RemoveDay(forms.Form):
    """Why a day is taken out."""

    reason = forms.CharField(
        label=_("Lý do bỏ ngày này"),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Hãy ghi lý do và văn bản thông báo; lý do này được lưu vào lịch sử.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands on one page with the other form, whose reason has the ordinary id.
        super().__init__(*args, **{"auto_id": "remove_%s"} | kwargs)


def show_problems(form: forms.Form, refusal: InvalidInput) -> None:
    """Tell what a service found wrong beside the fields of the form."""
    for name, problems in refusal.errors.items():
        if name in form.errors:
            continue  # the form has said so already
        form.add_error(name if name in form.fields else None, [str(problem) for problem in problems])
