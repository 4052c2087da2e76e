"""What the style guide shows: a form in which every kind of field is wrong, and a few made-up facts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.widgets import DateParts


class SampleForm(forms.Form):
    """One field of each kind. Nothing is stored."""

    full_name = forms.CharField(label=_("Họ, chữ đệm và tên"), help_text=_("Viết như trên căn cước."))
    born_on = forms.DateField(label=_("Ngày sinh"), help_text=_("Ví dụ: 27 3 1990"), widget=DateParts)
    purpose = forms.ChoiceField(
        label=_("Mục đích sử dụng"),
        widget=forms.RadioSelect,
        choices=[("marriage", _("Đăng ký kết hôn")), ("other", _("Việc khác"))],
    )
    channels = forms.MultipleChoiceField(
        label=_("Muốn nhận tin qua"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("email", _("Thư điện tử")), ("portal", _("Thông báo trên cổng"))],
        required=False,
    )
    ward = forms.ChoiceField(
        label=_("Nơi cư trú"),
        choices=[("", _("Chọn xã, phường")), ("hai-chau", "Phường Hải Châu"), ("hoa-vang", "Xã Hòa Vang")],
    )
    note = forms.CharField(label=_("Ghi chú"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label=_("Tôi cam đoan những nội dung trên là đúng"))


def icons() -> list[str]:
    """Give the names of the icons that the sprite holds, in its order."""
    return re.findall(r'<symbol id="([^"]+)"', (settings.BASE_DIR / "static/icons/sprite.svg").read_text())


def context() -> dict[str, Any]:
    """Give the style guide's forms and figures."""
    wrong = SampleForm({"full_name": "", "born_on_day": "31", "born_on_month": "2", "born_on_year": "1990"})
    return {
        "sample_form": SampleForm(prefix="sample", initial={"born_on": date(1990, 3, 27)}),
        "wrong_form": wrong,
        "icons": icons(),
        "colours": COLOURS,
    }


COLOURS = [
    ("sea-900", _("Đầu và chân trang")),
    ("sea-700", _("Nút chính")),
    ("sea-600", _("Liên kết")),
    ("sea-100", _("Nền nhấn")),
    ("gold", _("Điểm nhấn, không làm màu chữ trên nền sáng")),
    ("success", _("Thành công")),
    ("warning", _("Lưu ý")),
    ("error", _("Lỗi")),
    ("ink", _("Chữ")),
    ("ink-soft", _("Chữ phụ")),
]
