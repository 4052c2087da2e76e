"""What applicants fill in outside the procedures' own e-forms."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.phones import plain_number
from dossiers.selectors import GROUPS


class ContactForm(forms.Form):
    """Liên hệ: how the agency reaches the applicant."""

    phone = forms.CharField(
        label=_("Số điện thoại"),
        max_length=20,
        help_text=_("Cơ quan gọi số này khi cần hỏi về hồ sơ."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Hãy nhập số điện thoại, ví dụ 0905 123 456.")},
    )
    email = forms.EmailField(
        label=_("Thư điện tử"),
        required=False,
        help_text=_("Để nhận thông báo về hồ sơ. Nếu bỏ trống, bạn xem thông báo khi đăng nhập cổng."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Thư điện tử chưa đúng. Hãy nhập theo mẫu ten@tenmien.vn.")},
    )

    def clean_phone(self) -> str:
        number = plain_number(self.cleaned_data["phone"])
        if number is None:
            raise forms.ValidationError(
                _("Số điện thoại chưa đúng. Hãy nhập 10 số bắt đầu bằng 0, ví dụ 0905 123 456.")
            )
        return number


class OnBehalfForm(forms.Form):
    """Nộp cho ai: oneself, or an organisation that one represents. Choices are (value, label)."""

    on_behalf = forms.ChoiceField(
        label=_("Bạn nộp hồ sơ này cho ai?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn bạn nộp cho ai.")},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["on_behalf"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if len(choices) == 1:
            field.initial = choices[0][0]
            field.widget = forms.HiddenInput()


class DeclarationForm(forms.Form):
    """Cam đoan, before filing."""

    declaration = forms.BooleanField(
        label=_(
            "Tôi cam đoan nội dung khai và giấy tờ gửi kèm là đúng sự thật, và chịu trách nhiệm trước pháp luật."
        ),
        error_messages={"required": _("Hãy đánh dấu vào ô cam đoan trước khi nộp.")},
    )


class MineFilter(forms.Form):
    """The filters of “my dossiers”; they live in the address."""

    nhom = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[("", _("Tất cả")), *((word, label) for word, (label, _statuses) in GROUPS.items())],
    )
    ma = forms.CharField(
        label=_("Mã hồ sơ"),
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "data-search-field": True}),
    )


class TrackForm(forms.Form):
    """Tra cứu hồ sơ: the code together with the owner's number."""

    ma = forms.CharField(
        label=_("Mã hồ sơ hoặc mã theo dõi"),
        max_length=80,
        help_text=_(
            "Ghi trên giấy tiếp nhận hoặc trong thư báo, ví dụ H17.34.01-260302-0117 hoặc TN-260302-8F3K2Q."
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Hãy nhập mã hồ sơ hoặc mã theo dõi.")},
    )
    so = forms.CharField(
        label=_("Số định danh cá nhân của chủ hồ sơ"),
        max_length=20,
        help_text=_("12 chữ số trên thẻ căn cước. Hồ sơ của tổ chức: nhập mã số tổ chức (mã số thuế)."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Hãy nhập số định danh cá nhân hoặc mã số tổ chức.")},
    )

    def clean_so(self) -> str:
        number = re.sub(r"[\s.]", "", self.cleaned_data["so"])
        if not re.fullmatch(r"[0-9-]{8,14}", number):
            raise forms.ValidationError(
                _("Số này chưa đúng. Số định danh cá nhân có 12 chữ số; mã số tổ chức có từ 10 chữ số.")
            )
        return number
