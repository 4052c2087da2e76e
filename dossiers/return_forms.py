"""Forms about the return of a result: what was chosen at the filing, and how it was handed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.widgets import PlainSelect
from dossiers import return_choice
from dossiers.desk_forms import HandOver
from dossiers.models import Dossier
from dossiers.services import return_choices, returning
from dossiers.states import HandOverMethod

_BROUGHT = {"data-show-if-field": "method", "data-show-if-among": " ".join(return_choice.BROUGHT)}
_AT_COUNTER = {"data-show-if-field": "method", "data-show-if-among": HandOverMethod.COUNTER.value}


class ChooseReturn(forms.Form):
    """Nơi và cách nhận kết quả, for show: the service judges what is typed."""

    use_required_attribute = False

    method = forms.ChoiceField(
        label=_("Bạn muốn nhận kết quả ở đâu?"),
        choices=[
            (HandOverMethod.VAULT, _("Bản điện tử ký số trong kho kết quả trên cổng (miễn phí, có ngay)")),
            (HandOverMethod.COUNTER, _("Bản giấy, trực tiếp tại quầy")),
            (HandOverMethod.POST, _("Bản giấy, qua dịch vụ bưu chính (cước do bưu điện thu)")),
            (HandOverMethod.HOME, _("Bản giấy, cán bộ trả tại nhà")),
        ],
        help_text=_("Bản điện tử luôn có trong kho kết quả, dù bạn chọn cách nào."),
        widget=forms.RadioSelect,
    )
    centre = forms.ChoiceField(label=_("Nhận tại quầy của"), widget=PlainSelect(attrs=_AT_COUNTER))
    receiver_name = forms.CharField(
        label=_("Họ tên người nhận"),
        max_length=returning.NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name", **_BROUGHT}),
    )
    phone = forms.CharField(
        label=_("Số điện thoại người nhận"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", **_BROUGHT}),
    )
    address = forms.CharField(
        label=_("Địa chỉ nhận"),
        help_text=_("Số nhà, đường, phường hoặc xã, tỉnh hoặc thành phố."),
        max_length=return_choices.ADDRESS_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "street-address", **_BROUGHT}),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, dossier: Dossier, at: datetime, prefix: str = ""
    ) -> None:
        super().__init__(data, initial=_known(dossier), prefix=prefix or None)
        for field in self.fields.values():
            if "data-show-if-field" in field.widget.attrs:
                field.widget.attrs["data-show-if-field"] = self.add_prefix("method")
        own = dossier.received_at_unit
        first = str(own.one_stop_name or own.name) if own else _("Nơi tiếp nhận hồ sơ")
        others = [(one.code, one.one_stop_name or one.name) for one in return_choice.centres(dossier, at=at)]
        # The stubs know the fields of a form only as fields, not as the choices that they are.
        self.fields["centre"].choices = [("", first), *others]  # type: ignore[attr-defined]  # a choice field


def wanted(data: Mapping[str, Any], *, prefix: str = "") -> return_choices.Wanted:
    """Read what was chosen out of a request."""
    names = ("method", "centre", "receiver_name", "phone", "address")
    return return_choices.Wanted(**{one: data.get(f"{prefix}{one}", "") for one in names})


def _known(dossier: Dossier) -> dict[str, str]:
    """Give what was chosen, and who would receive it as far as they are known."""
    chosen = return_choice.of(dossier)
    owner = dossier.owner_person or dossier.submitter
    place = dossier.owner_organisation or owner
    return {
        "method": chosen.method,
        "centre": chosen.centre.code if chosen.centre else "",
        "receiver_name": chosen.receiver_name or owner.full_name,
        "phone": chosen.phone or dossier.contact_phone,
        "address": chosen.address or place.address,
    }


class HandOverInPerson(HandOver):
    """Trả kết quả to somebody who is there: at the counter, or at home."""

    method = forms.ChoiceField(
        label=_("Trả ở đâu"),
        choices=[
            (HandOverMethod.COUNTER, HandOverMethod.COUNTER.label),
            (HandOverMethod.HOME, HandOverMethod.HOME.label),
        ],
        widget=forms.RadioSelect,
    )

    field_order = ["method"]
