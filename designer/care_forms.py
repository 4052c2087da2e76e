"""Forms of the review queue and of the differences with the national catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.widgets import PlainSelect
from procedures.care import queue
from procedures.care.corrections import Place, Values
from procedures.care.queue import Filters, Tally
from procedures.states import FlagReason, ReviewState, SourceChangeKind

_AGES = (
    ("", _("Mọi lúc")),
    ("moi", _("Trong 7 ngày")),
    ("thang", _("Từ 7 đến 30 ngày")),
    ("cu", _("Hơn 30 ngày")),
)
ALL = "tat-ca"
NAMES = ("trang_thai", "ly_do", "linh_vuc", "tuoi", "ma")
"""What of an address narrows the queue."""


def filters_of(address: QueryDict) -> Filters:
    """Read an address; what makes no sense in it narrows nothing."""
    state = address.get("trang_thai", "")
    reason, age = address.get("ly_do", ""), address.get("tuoi", "")
    return Filters(
        state="" if state == ALL else state if state in ReviewState.values else ReviewState.OPEN,
        reason=reason if reason in FlagReason.values else "",
        sector=address.get("linh_vuc", "")[:120].replace("\x00", ""),
        age=age if age in queue.AGES else "",
        query=address.get("ma", "").strip()[:32].replace("\x00", ""),
    )


class QueueFilters(forms.Form):
    """Lọc điểm cần rà soát."""

    ma = forms.CharField(label=_("Mã thủ tục"), required=False, max_length=32)
    ly_do = forms.ChoiceField(label=_("Lý do"), required=False, widget=PlainSelect)
    linh_vuc = forms.ChoiceField(label=_("Lĩnh vực"), required=False, widget=PlainSelect)
    tuoi = forms.ChoiceField(label=_("Được nhập"), required=False, widget=PlainSelect, choices=_AGES)
    trang_thai = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, filters: Filters, *, reasons: Sequence[Tally], sectors: Sequence[Tally]) -> None:
        chosen = {
            "ma": filters.query,
            "ly_do": filters.reason,
            "linh_vuc": filters.sector,
            "tuoi": filters.age,
            "trang_thai": filters.state or ALL,
        }
        super().__init__(initial=chosen)
        self.fields["ly_do"].choices = [("", _("Mọi lý do")), *_counted(reasons)]  # type: ignore[attr-defined]  # a choice field
        self.fields["linh_vuc"].choices = [("", _("Mọi lĩnh vực")), *_counted(sectors)]  # type: ignore[attr-defined]  # a choice field


class CorrectionForm(forms.Form):
    """Sửa một giá trị: the fields of its kind. Whether the values are right is the service's to say."""

    def __init__(
        self,
        place: Place,
        data: QueryDict | None = None,
        *,
        values: Values | None = None,
        optional: bool = False,
    ) -> None:
        super().__init__(data, initial=values, auto_id="id_%s")
        for name, one in place.fields.items():
            self.fields[name] = _control(one)
            if optional:
                self.fields[name].required = False

    def fill(self, errors: Mapping[str, Sequence[Any]]) -> None:
        """Show what the service refused, each under its field."""
        self.full_clean()
        for name, texts in errors.items():
            self.add_error(name if name in self.fields else None, [str(text) for text in texts])


class AskForm(forms.Form):
    """Hỏi bộ, ngành."""

    note = forms.CharField(
        label=_("Điều cần hỏi"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Điểm này ở lại trong danh sách “Đã hỏi” cho đến khi có trả lời."),
        error_messages={"required": _("Hãy ghi điều cần hỏi bộ, ngành.")},
    )


class ManyForm(forms.Form):
    """Một quyết định cho các điểm giống hệt nhau."""

    viec = forms.ChoiceField(
        label=_("Việc cần làm"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một việc.")},
    )
    cung_linh_vuc = forms.BooleanField(label=_("Chỉ trong lĩnh vực của thủ tục này"), required=False)
    note = forms.CharField(
        label=_("Ghi chú, hoặc điều cần hỏi bộ, ngành"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, data: QueryDict | None = None, *, may_correct: bool) -> None:
        super().__init__(data)
        offered = [ReviewState.CONFIRMED, ReviewState.ASKED, ReviewState.SKIPPED]
        if may_correct:
            offered.insert(0, ReviewState.CORRECTED)
        self.fields["viec"].choices = [(one.value, WORDS[one]) for one in offered]  # type: ignore[attr-defined]  # a choice field


WORDS = {
    ReviewState.CORRECTED: _("Sửa thành giá trị dưới đây"),
    ReviewState.CONFIRMED: _("Đúng như nguồn"),
    ReviewState.ASKED: _("Hỏi bộ, ngành"),
    ReviewState.SKIPPED: _("Để sau"),
}


class ChangeFilters(forms.Form):
    """Lọc khác biệt với danh mục quốc gia."""

    ma = forms.CharField(label=_("Mã thủ tục"), required=False, max_length=32)
    loai = forms.ChoiceField(label=_("Loại"), required=False, widget=PlainSelect)
    linh_vuc = forms.ChoiceField(label=_("Lĩnh vực"), required=False, widget=PlainSelect)

    def __init__(self, data: QueryDict, *, kinds: Sequence[Tally], sectors: Sequence[Tally]) -> None:
        super().__init__(data)
        self.fields["loai"].choices = [("", _("Mọi loại")), *_counted(kinds)]  # type: ignore[attr-defined]  # a choice field
        self.fields["linh_vuc"].choices = [("", _("Mọi lĩnh vực")), *_counted(sectors)]  # type: ignore[attr-defined]  # a choice field


class KeepForm(forms.Form):
    """Không nhận việc bãi bỏ, hoặc không nhận các mục đã chọn."""

    reason = forms.CharField(
        label=_("Lý do không nhận"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Chỉ cần khi không nhận. Lý do được lưu cùng tên người trả lời."),
        error_messages={"required": _("Hãy ghi lý do không nhận.")},
    )


KINDS = dict(SourceChangeKind.choices)


def _counted(tallies: Sequence[Tally]) -> list[tuple[str, str]]:
    return [(one.value, f"{one.label} ({one.flags})") for one in tallies]


def _control(one: Any) -> forms.Field:
    shared: dict[str, Any] = {
        "label": one.label,
        "required": one.required,
        "help_text": one.help_text or "",
        "error_messages": {"required": _("Hãy điền mục này.")},
    }
    if isinstance(one, serializers.ListField):
        child: Any = one.child
        choices = list(child.choices.items())
        return forms.MultipleChoiceField(**shared, choices=choices, widget=forms.CheckboxSelectMultiple)
    if isinstance(one, serializers.ChoiceField):
        blank = [("", "—")] if one.allow_blank or one.required else []
        return forms.ChoiceField(
            **shared, choices=[*blank, *(row for row in one.choices.items() if row[0])], widget=PlainSelect
        )
    if isinstance(one, serializers.IntegerField | serializers.DecimalField):
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        return forms.CharField(**shared, max_length=30, widget=widget)
    most = one.max_length or 0
    if most > 255 and not isinstance(one, serializers.URLField):
        return forms.CharField(**shared, max_length=most, strip=False, widget=forms.Textarea({"rows": 4}))
    return forms.CharField(**shared, max_length=most or None)
