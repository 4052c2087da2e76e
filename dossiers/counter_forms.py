"""Forms of the counter, where an officer types for somebody who has come in person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.widgets import DateParts, PlainSelect
from dossiers.services import counter, counter_supplements
from dossiers.states import GivenAs, IdPaper


class Visitor(forms.Form):
    """Who stands at the counter and what for; the service judges what is typed.

    ``known`` forms ask for no particulars: those of the person are here already.
    """

    procedure = forms.ChoiceField(label=_("Thủ tục"), widget=PlainSelect)
    unit = forms.ChoiceField(label=_("Nơi tiếp nhận"), widget=PlainSelect)
    number = forms.CharField(
        label=_("Số định danh cá nhân của người đến nộp"),
        help_text=_("12 chữ số trên thẻ căn cước."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    full_name = forms.CharField(label=_("Họ và tên như trên thẻ"), max_length=200, required=False)
    birth_on = forms.DateField(label=_("Ngày sinh"), required=False, widget=DateParts)
    address = forms.CharField(label=_("Nơi cư trú"), max_length=255, required=False)
    phone = forms.CharField(label=_("Số điện thoại"), max_length=20, required=False)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    organisation = forms.CharField(
        label=_("Mã số tổ chức"),
        help_text=_("Chỉ khi nộp cho tổ chức."),
        max_length=20,
        required=False,
    )
    filing_mode = forms.ChoiceField(
        label=_("Ai đưa hồ sơ đến"),
        choices=[(one, one.label) for one in counter.BROUGHT_BY],
        required=False,
        help_text=_(
            "Qua đại lý bưu chính, vẫn nhập số định danh của người yêu cầu; đại lý đã đối chiếu thẻ."
        ),
    )
    filed_at = forms.DateTimeField(
        label=_("Đại lý nhận hồ sơ lúc"),
        help_text=_("Chỉ khi đại lý bưu chính nộp giúp: ngày, giờ trên phiếu của đại lý."),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    paper = forms.ChoiceField(
        label=_("Giấy tờ tùy thân đã đối chiếu"),
        help_text=_("Chỉ ghi loại giấy tờ; không chụp, không giữ bản sao."),
        choices=[("", "—"), *IdPaper.choices],
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        procedures: Sequence[tuple[str, str]],
        units: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # The stubs know the fields of a form only as fields, not as the choices that they are.
        self.fields["procedure"].choices = [("", "—"), *procedures]  # type: ignore[attr-defined]  # a choice field
        self.fields["unit"].choices = list(units)  # type: ignore[attr-defined]  # a choice field


class Given(forms.Form):
    """In which form a paper lies on the counter."""

    given_as = forms.ChoiceField(
        label=_("Nộp dưới dạng"),
        choices=[one for one in GivenAs.choices if one[0] != GivenAs.FILE],
        initial=GivenAs.COMPARED_COPY,
    )
    original_kept = forms.BooleanField(label=_("Giữ lại bản chính"), required=False)


class Bearer(forms.Form):
    """Who has come with what was asked for; the service judges what is typed."""

    name = forms.CharField(
        label=_("Họ và tên người đến"),
        help_text=_("Như trên giấy tờ tùy thân."),
        max_length=counter_supplements.NAME_LENGTH,
    )
    paper = forms.ChoiceField(
        label=_("Giấy tờ tùy thân đã đối chiếu"),
        help_text=_("Chỉ ghi loại giấy tờ; không chụp, không giữ bản sao."),
        choices=[("", "—"), *IdPaper.choices],
    )
    authority = forms.CharField(
        label=_("Giấy ủy quyền"),
        help_text=_("Số, ngày của giấy ủy quyền khi người đến không phải chủ hồ sơ hay người đã nộp."),
        max_length=counter_supplements.AUTHORITY_LENGTH,
        required=False,
    )
