"""Forms of the officers' desk."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.widgets import PlainSelect
from dossiers.services import intake, returning
from dossiers.states import RefusalReason, Status
from procedures import templates


class QueueFilters(forms.Form):
    """Filters of a queue; they live in the address, so that a list can be kept as a bookmark."""

    q = forms.CharField(
        label=_("Mã hồ sơ, tên, số định danh hoặc số điện thoại"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "data-search-field": "", "autocomplete": "off"}),
    )
    thu_tuc = forms.ChoiceField(label=_("Thủ tục"), required=False, widget=PlainSelect)
    trang_thai = forms.ChoiceField(label=_("Trạng thái"), required=False, widget=PlainSelect)
    tre = forms.BooleanField(label=_("Chỉ hồ sơ quá hạn"), required=False)

    def __init__(
        self,
        *args: Any,
        procedures: Sequence[tuple[str, str]] = (),
        statuses: Sequence[Status] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # The stubs know the fields of a form only as fields, not as the choices that they are.
        self.fields["thu_tuc"].choices = [("", _("Tất cả thủ tục")), *procedures]  # type: ignore[attr-defined]  # a choice field
        if statuses:
            choices = [("", _("Tất cả trạng thái")), *((one.value, one.label) for one in statuses)]
            self.fields["trang_thai"].choices = choices  # type: ignore[attr-defined]  # a choice field
        else:
            del self.fields["trang_thai"]


class RefuseIntake(forms.Form):
    """Từ chối tiếp nhận, for show: the service judges what is typed."""

    reason = forms.ChoiceField(label=_("Lý do"), choices=[("", "—"), *RefusalReason.choices])
    right_agency = forms.CharField(
        label=_("Cơ quan đúng thẩm quyền"),
        help_text=_("Bắt buộc khi hồ sơ không thuộc thẩm quyền của cơ quan tiếp nhận."),
        required=False,
        max_length=intake.AGENCY_LENGTH,
    )
    explanation = forms.CharField(
        label=_("Giải thích cho người nộp"),
        help_text=_("Nêu căn cứ và việc người nộp cần làm. Nội dung này được in trên Mẫu số 03."),
        max_length=intake.EXPLANATION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class Assign(forms.Form):
    """Phân công: one of the specialists, by id."""

    officer = forms.ChoiceField(label=_("Chuyên viên"))

    def __init__(self, *args: Any, officers: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].choices = [("", "—"), *officers]  # type: ignore[attr-defined]  # as above


class ReturnDraft(forms.Form):
    """Trả lại dự thảo, for show: the service judges what is typed."""

    note = forms.CharField(
        label=_("Lý do trả lại"),
        help_text=_("Ghi rõ cần sửa gì để chuyên viên trình lại đúng ngay."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HandOver(forms.Form):
    """Trả kết quả at the counter, for show: the service judges what is typed."""

    receiver_name = forms.CharField(label=_("Họ tên người nhận"), max_length=returning.NAME_LENGTH)
    receiver_id_checked = forms.BooleanField(label=_("Đã đối chiếu giấy tờ tùy thân của người nhận"))
    note = forms.CharField(
        label=_("Ghi chú"),
        help_text=_("Số, ngày của giấy ủy quyền khi người nhận không phải chủ hồ sơ."),
        required=False,
        max_length=returning.NOTE_LENGTH,
    )


class HandToPost(forms.Form):
    """Giao kết quả cho bưu điện, for show: the service judges what is typed."""

    consignment_no = forms.CharField(
        label=_("Mã bưu gửi"),
        help_text=_("Mã trên phiếu gửi, ví dụ EK123456789VN."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FollowPost(forms.Form):
    """Ghi tin của bưu điện, for show: the service judges what is typed. ``states`` are what may come next."""

    state = forms.ChoiceField(label=_("Bưu điện báo"), widget=forms.RadioSelect)
    at = forms.CharField(
        label=_("Xảy ra lúc"),
        help_text=_("Thời điểm bưu điện báo, không phải lúc bạn ghi."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    receiver_name = forms.CharField(
        label=_("Người ký nhận"),
        help_text=_("Chỉ ghi khi bưu điện báo đã giao."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Vì sao không giao được, việc tiếp theo"),
        help_text=_("Ví dụ: vắng nhà, phát lại chiều mai. Chỉ cần khi chưa giao được hoặc bị hoàn lại."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, states: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = states  # type: ignore[attr-defined]  # a choice field


class HandOverMany(HandOver):
    """Trả kết quả of several dossiers to one person, whose papers are checked once."""

    receiver_id_checked = forms.BooleanField(
        label=_("Đã đối chiếu giấy tờ tùy thân của người nhận"),
        error_messages={"required": _("Hãy đối chiếu giấy tờ tùy thân của người nhận rồi đánh dấu ô này.")},
    )


def result_form(template: templates.Template, *, data: Any = None, values: Mapping[str, Any]) -> forms.Form:
    """Make the form of a result template, for show: what is typed is judged by the service that takes it."""
    form = forms.Form(data=data, initial={one.name: _initial(one, values) for one in template.fields})
    for one in template.fields:
        form.fields[one.name] = _result_field(one)
    return form


def _initial(one: templates.TemplateField, values: Mapping[str, Any]) -> str:
    """Give a value as its widget takes it: a date in ISO form, also where an e-form gave it as day/month/year."""
    value = str(values.get(one.name) or "")
    day_first = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", value)
    if one.type == templates.FieldType.DATE and day_first:
        day, month, year = day_first.groups()
        return f"{year}-{int(month):02d}-{int(day):02d}"
    return value


def show_problems(form: forms.Form, refusal: InvalidInput) -> None:
    """Put the problems that a service found at the fields of a bound form, in place of the form's own."""
    form.full_clean()
    form.errors.clear()
    for name, problems in refusal.errors.items():
        form.add_error(name if name in form.fields else None, [str(problem) for problem in problems])


def _result_field(one: templates.TemplateField) -> forms.Field:
    shared: dict[str, Any] = {
        "label": one.label,
        "help_text": conditional_escape(one.hint),
        "required": one.required,
    }
    if one.type == templates.FieldType.DATE:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.CharField(widget=widget, max_length=10, **shared)
    if one.type == templates.FieldType.TEXTAREA:
        widget_area = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(widget=widget_area, max_length=templates.MAX_VALUE, **shared)
    return forms.CharField(max_length=templates.MAX_VALUE, **shared)
