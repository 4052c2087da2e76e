"""Filters of the list of alerts; they live in the address, so that a list can be kept as a bookmark."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.widgets import PlainSelect
from supervision.kinds import for_applicants
from supervision.selectors import ACKNOWLEDGED, CLOSED, OPEN, UNANSWERED_ONES, Filters
from supervision.states import AlertKind


class AlertFilters(forms.Form):
    """Lọc cảnh báo. Whoever looks over an agency or the city may also choose all that is theirs to look over."""

    loai = forms.ChoiceField(
        label=_("Loại cảnh báo"),
        required=False,
        widget=PlainSelect,
        choices=[
            ("", _("Tất cả loại")),
            *((kind.value, kind.label) for kind in AlertKind if not for_applicants(kind)),
        ],
    )
    tinh_trang = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        widget=PlainSelect,
        choices=[
            (UNANSWERED_ONES, _("Chờ ghi nhận")),
            (ACKNOWLEDGED, _("Đã ghi nhận, chưa xong")),
            (OPEN, _("Mọi cảnh báo chưa xong")),
            (CLOSED, _("Đã xử lý")),
        ],
    )
    pham_vi = forms.BooleanField(label=_("Cả cảnh báo chỉ gửi người khác"), required=False)
    co_quan = forms.CharField(required=False, max_length=35, widget=forms.HiddenInput)

    def __init__(self, *args: Any, oversees: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not oversees:
            del self.fields["pham_vi"]
            del self.fields["co_quan"]

    def filters(self) -> Filters:
        """Read what is chosen; nothing is chosen where the address makes no sense."""
        chosen = self.cleaned_data if self.is_valid() else {}
        return Filters(
            kind=chosen.get("loai", ""),
            state=chosen.get("tinh_trang") or UNANSWERED_ONES,
            agency=chosen.get("co_quan", ""),
            everything=chosen.get("pham_vi", False),
        )
