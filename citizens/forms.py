from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from citizens.models import Person
from core.phones import plain_number


class ContactForm(forms.ModelForm):
    """How to reach the person: the only data here that is not VNeID's."""

    class Meta:
        model = Person
        fields = ["phone", "email", "language"]
        help_texts = {
            "phone": _("Ví dụ: 0912345678 hoặc +84912345678"),
            "email": _("Thông báo về hồ sơ được gửi đến địa chỉ này. Bỏ trống nếu không muốn nhận thư."),
        }
        widgets = {
            "phone": forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
            "email": forms.EmailInput({"autocomplete": "email"}),
            "language": forms.RadioSelect,
        }

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if not typed:
            return ""
        if number := plain_number(typed):
            return number
        raise forms.ValidationError(
            _("Số điện thoại có 10 hoặc 11 chữ số và bắt đầu bằng 0 hoặc +84, ví dụ 0912345678.")
        )
