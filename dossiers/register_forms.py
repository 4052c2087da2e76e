"""How the register is narrowed down; the filters live in the address, so that a list can be kept as a bookmark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.widgets import PlainSelect
from dossiers.register_book import Wanted

STATES = (
    ("", _("Tất cả")),
    ("open", _("Chưa có kết quả")),
    ("late", _("Quá hạn, chưa có kết quả")),
    ("returned", _("Đã trả kết quả")),
)


class RegisterFilters(forms.Form):
    """Tìm trong sổ. Choices of units and years are (value, label)."""

    don_vi = forms.ChoiceField(label=_("Đơn vị"), required=False, widget=PlainSelect)
    nam = forms.ChoiceField(label=_("Năm"), required=False, widget=PlainSelect)
    q = forms.CharField(
        label=_("Số thứ tự, mã hồ sơ hoặc tên chủ hồ sơ"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "data-search-field": "", "autocomplete": "off"}),
    )
    tinh_trang = forms.ChoiceField(label=_("Tình trạng"), required=False, choices=STATES, widget=PlainSelect)
    tu = forms.DateField(
        label=_("Nhận từ ngày"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    den = forms.DateField(
        label=_("Đến ngày"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self, *args: Any, units: Sequence[tuple[str, str]], years: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["don_vi"].choices = units  # type: ignore[attr-defined]  # a choice field
        self.fields["nam"].choices = years  # type: ignore[attr-defined]  # a choice field
        if len(units) < 2:
            del self.fields["don_vi"]

    def wanted(self) -> Wanted:
        """Give what is asked for; what cannot be read narrows nothing down."""
        self.is_valid()
        asked = getattr(self, "cleaned_data", {})
        return Wanted(
            search=asked.get("q", ""),
            state=asked.get("tinh_trang", ""),
            since=asked.get("tu"),
            until=asked.get("den"),
        )
