"""Forms of the search desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from core.widgets import PlainSelect
from procedures.models import LifeEvent
from procedures.services.life_events import WRITTEN, StepIn
from procedures.services.synonyms import LONGEST_OFFICIAL, LONGEST_SAID
from procedures.states import CareSubject, QuestionState

LONGEST_QUESTION = 200
MOST_BYTES = 2 << 20
PERIODS = ((7, _("7 ngày qua")), (30, _("30 ngày qua")), (90, _("90 ngày qua")), (180, _("180 ngày qua")))
USUAL_PERIOD = 30


class SynonymSearch(forms.Form):
    """Tìm trong các từ đồng nghĩa."""

    q = forms.CharField(
        label=_("Cách nói hoặc cách gọi"),
        required=False,
        max_length=LONGEST_SAID,
        help_text=_("Gõ không dấu cũng được."),
    )


class SynonymForm(forms.Form):
    """Một dòng từ đồng nghĩa, với câu hỏi để thử."""

    said = forms.CharField(
        label=_("Người dân nói"),
        max_length=LONGEST_SAID,
        help_text=_("Ví dụ: sổ đỏ. Có dấu hay không, hoa hay thường đều như nhau."),
        error_messages={"required": _("Hãy ghi cách nói thường ngày, ví dụ: sổ đỏ.")},
    )
    official = forms.CharField(
        label=_("Danh mục gọi là"),
        max_length=LONGEST_OFFICIAL,
        help_text=_("Nhiều cách gọi cách nhau bằng dấu |, cách hay dùng nhất đứng đầu."),
        widget=forms.Textarea({"rows": 2}),
        error_messages={
            "required": _("Hãy ghi cách gọi trong danh mục, ví dụ: giấy chứng nhận quyền sử dụng đất.")
        },
    )
    both_ways = forms.BooleanField(
        label=_("Hai chiều: mỗi cách gọi cũng tìm ra các cách còn lại"), required=False
    )
    edits = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)
    question = forms.CharField(
        label=_("Thử một câu hỏi"),
        required=False,
        max_length=LONGEST_QUESTION,
        help_text=_("Xem kết quả trước và sau khi sửa, chưa lưu gì."),
    )


class SynonymFile(forms.Form):
    """Nhập từ tệp văn bản."""

    file = forms.FileField(
        label=_("Tệp văn bản (UTF-8)"),
        help_text=_(
            "Mỗi dòng: cách nói = cách gọi | cách gọi khác. Hai chiều thì viết <=> thay cho =. Sau dấu # là ghi chú."
        ),
        error_messages={"required": _("Hãy chọn tệp."), "empty": _("Tệp trống. Hãy chọn tệp khác.")},
    )


class QuestionFilters(forms.Form):
    """Lọc câu hỏi tìm không ra."""

    trong = forms.TypedChoiceField(
        label=_("Thời gian"), required=False, coerce=int, widget=PlainSelect, choices=PERIODS
    )
    tinh_trang = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        widget=PlainSelect,
        choices=[*QuestionState.choices, ("tat-ca", _("Tất cả"))],
    )

    def chosen(self) -> tuple[int, str]:
        """Give the days looked back and the state, empty for all."""
        values: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        state = values.get("tinh_trang") or QuestionState.OPEN.value
        return values.get("trong") or USUAL_PERIOD, "" if state == "tat-ca" else state


class LogFilters(forms.Form):
    """Lọc nhật ký."""

    ve = forms.ChoiceField(
        label=_("Về"),
        required=False,
        widget=PlainSelect,
        choices=[("", _("Tất cả")), *CareSubject.choices],
    )


class EventForm(forms.ModelForm):
    """Một sự kiện cuộc đời; the service saves it, not the form."""

    edits = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)

    class Meta:
        model = LifeEvent
        fields = WRITTEN
        widgets = {
            "lede": forms.Textarea({"rows": 2}),
            "lede_en": forms.Textarea({"rows": 2}),
            "audience": PlainSelect,
            "icon": PlainSelect,
            "said": forms.Textarea({"rows": 3}),
        }
        help_texts = {
            "slug": _("Chữ thường không dấu và gạch nối, ví dụ: sinh-con."),
            "position": _("Số nhỏ đứng trước; tám sự kiện đầu có trên trang chủ."),
        }
        error_messages = {
            "slug": {
                "required": _("Hãy ghi địa chỉ, ví dụ: sinh-con."),
                "invalid": _("Chỉ dùng chữ thường không dấu, số và gạch nối, ví dụ: sinh-con."),
            },
            "title": {"required": _("Hãy ghi tên sự kiện, ví dụ: Sinh con.")},
            "lede": {"required": _("Hãy ghi một câu nói sự kiện gồm những việc gì.")},
        }

    def validate_unique(self) -> None:
        """Leave it to the service, which says so under lock."""


class StepForm(forms.Form):
    """Một thủ tục của sự kiện."""

    order = forms.IntegerField(label=_("Thứ tự"), required=False, min_value=0, max_value=999)
    code = forms.CharField(label=_("Mã thủ tục"), required=False, max_length=32)
    why = forms.CharField(
        label=_("Vì sao cần"), required=False, max_length=240, widget=forms.Textarea({"rows": 2})
    )
    why_en = forms.CharField(
        label=_("Vì sao cần, tiếng Anh"),
        required=False,
        max_length=240,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a code and its reason together; a row without both is no row."""
        values = super().clean() or {}
        code, why = values.get("code", ""), values.get("why", "")
        if code and not why:
            self.add_error("why", _("Hãy ghi một câu vì sao cần thủ tục này."))
        if (why or values.get("why_en")) and not code:
            self.add_error("code", _("Hãy ghi mã thủ tục; muốn bỏ dòng này thì xóa cả các ô bên cạnh."))
        return values


MORE_ROWS = 3
StepRows: type[BaseFormSet[StepForm]] = formset_factory(
    StepForm, extra=MORE_ROWS, max_num=60, absolute_max=60
)


def steps_of(rows: BaseFormSet[StepForm]) -> list[StepIn]:
    """Give the procedures of valid rows, by their order and then as they stand; rows without a code are left out."""
    values = [row.cleaned_data for row in rows.forms if row.cleaned_data.get("code")]
    last = 1_000
    values.sort(key=lambda one: one["order"] if one.get("order") is not None else last)
    return [StepIn(one["code"].strip(), one["why"].strip(), one["why_en"].strip()) for one in values]
