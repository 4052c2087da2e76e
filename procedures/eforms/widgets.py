"""The control of each kind of question. All work without a script; `static/js/` makes some of them quicker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.languages import worded
from core.widgets import DateParts, PlainSelect
from procedures.eforms import units
from procedures.eforms.kinds import kind_of
from procedures.eforms.kinds.address import PARTS
from procedures.eforms.posted import typed
from procedures.eforms.schema import Field, FieldType

#: What the browser may fill in by itself (WCAG 1.3.5), by the source of the field's prefill.
_AUTOCOMPLETE = {
    "person.full_name": "name",
    "person.birth_on": "bday",
    "person.address": "street-address",
    "person.phone": "tel",
    "person.email": "email",
    "organisation.name": "organization",
    "organisation.phone": "tel",
    "organisation.email": "email",
}
_RADIOS = 6  # up to so many choices are shown all at once

_PART_LABELS = (
    gettext_lazy("Số nhà, đường; hoặc thôn, tổ dân phố"),
    gettext_lazy("Phường, xã"),
    gettext_lazy("Tỉnh, thành phố"),
)

Attrs = dict[str, Any]


class AsTyped(forms.Widget):
    """Shows an answer again as people type it: 1.500.000, 07/2025."""

    field: Field

    def format_value(self, value: Any) -> Any:
        if value is None or value == "":
            return None
        return str(kind_of(self.field).as_typed(self.field, value))


class TypedText(AsTyped, forms.TextInput):
    """A line of text, written in one go: Django draws each with three templates, and long forms have very many."""

    def __init__(self, field: Field, attrs: Attrs) -> None:
        self.field = field
        super().__init__(attrs)

    def render(
        self, name: str, value: Any, attrs: Attrs | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        shown = self.format_value(value)
        given = {} if shown is None else {"value": shown}
        own = {"type": self.input_type, "name": name, **given, **self.build_attrs(self.attrs, attrs)}
        return format_html("<input{}>", flatatt(own))


class YesNoRadios(forms.RadioSelect):
    def __init__(self, field: Field, attrs: Attrs) -> None:
        self.field = field
        super().__init__(attrs, choices=[("yes", _("Có")), ("no", _("Không"))])

    def format_value(self, value: Any) -> Any:
        return super().format_value(kind_of(self.field).as_typed(self.field, value))


class ManyBoxes(forms.CheckboxSelectMultiple):
    """Boxes, and a sign that they were shown, so that none ticked is told from not asked."""

    template_name = "forms/widgets/many_boxes.html"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        getlist = getattr(data, "getlist", None)
        return getlist(name) if getlist else data.get(name)


class SearchInput(TypedText):
    """A line with a list of what may be typed there; the server takes the name without its marks as well."""

    template_name = "forms/widgets/search.html"

    def __init__(self, field: Field, attrs: Attrs, options: list[str]) -> None:
        super().__init__(field, attrs | {"autocomplete": "off", "data-combobox": ""})
        self.options = options

    def format_value(self, value: Any) -> Any:
        return super().format_value(value) if self.field.type is FieldType.CHOICE_SEARCH else value or None

    def get_context(self, name: str, value: Any, attrs: Attrs | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        own = context["widget"]["attrs"]
        own["list"] = f"{own.get('id', f'id_{name}')}_list"
        context["widget"]["options"] = self.options
        return context

    def render(
        self, name: str, value: Any, attrs: Attrs | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        return forms.TextInput.render(self, name, value, attrs, renderer)


class AddressParts(forms.Widget):
    """House and street, ward or commune found by typing, province or city."""

    template_name = "forms/widgets/address.html"
    use_fieldset = True

    def __init__(self, field: Field, attrs: Attrs) -> None:
        self.field = field
        super().__init__(attrs)

    def get_context(self, name: str, value: Any, attrs: Attrs | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        own = context["widget"]["attrs"]
        own_id = own.get("id", f"id_{name}")
        shared = {key: one for key, one in own.items() if key not in ("id", "autocomplete", "maxlength")}
        controls = zip(PARTS, _PART_LABELS, self._controls(value, shared, f"{own_id}_ward"), strict=True)
        context["widget"]["subwidgets"] = [
            {
                "id": f"{own_id}_{part}",
                "label": label,
                "control": control.render(f"{name}_{part}", shown, {"id": f"{own_id}_{part}"}),
            }
            for part, label, (control, shown) in controls
        ]
        return context

    def _controls(self, value: Any, attrs: Attrs, ward_id: str) -> list[tuple[forms.Widget, str]]:
        given = value if isinstance(value, dict) else {"street": value or ""}
        known = units.units()
        street, ward, city = (str(given.get(part) or "") for part in PARTS)
        city = next((unit.code for unit in units.named(city)), units.OUR_CITY)
        names = [unit.name for unit in units.communal_units(city)]
        street_attrs = attrs | {"maxlength": self.field.max_length, "autocomplete": "address-line1"}
        city_control: forms.Widget
        if attrs.get("readonly"):
            city_control, city = forms.TextInput(attrs), known[city].name
        else:
            units_url = reverse("procedures:communal_units", args=["00"])
            own = attrs | {"data-units-of": ward_id, "data-units-url": units_url}
            city_control = PlainSelect(own, choices=[(one.code, one.name) for one in units.provinces()])
        return [
            (forms.TextInput(street_attrs), street),
            (SearchInput(self.field, attrs, names), known[ward].name if ward in known else ward),
            (city_control, city),
        ]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return typed(self.field, data, name=name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and not any(f"{name}_{part}" in data for part in PARTS)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_street" if id_ else id_


def widget(field: Field, *, readonly: bool, language: str) -> forms.Widget:
    """Make the control of a question."""
    attrs: Attrs = {}
    if readonly:
        attrs["readonly"] = True
    if autocomplete := _AUTOCOMPLETE.get(field.prefill):
        attrs["autocomplete"] = autocomplete
    if field.max_length:
        attrs["maxlength"] = field.max_length
    return _MAKERS.get(field.type, _text)(field, attrs, language)


def _text(field: Field, attrs: Attrs, language: str) -> forms.Widget:
    return TypedText(field, attrs)


def _number(field: Field, attrs: Attrs, language: str) -> forms.Widget:
    mode = "decimal" if field.type is FieldType.DECIMAL else "numeric"
    return TypedText(field, attrs | {"inputmode": mode})


def _money(field: Field, attrs: Attrs, language: str) -> forms.Widget:
    return TypedText(field, attrs | {"inputmode": "numeric", "autocomplete": "off", "data-money": ""})


def _digits(field: Field, attrs: Attrs, language: str) -> forms.Widget:
    return TypedText(field, {"autocomplete": "off"} | attrs | {"inputmode": "numeric", "spellcheck": "false"})


def _time(field: Field, attrs: Attrs, language: str) -> forms.Widget:
    return forms.TimeInput(attrs | {"type": "time"})


def _choice(field: Field, attrs: Attrs, language: str) -> forms.Widget:
    options = [(one.value, one.label_in(language)) for one in field.choices]
    as_radios = len(options) <= _RADIOS if not field.display else field.display == "radio"
    if as_radios:
        return forms.RadioSelect(attrs, choices=options)
    return PlainSelect(attrs, choices=[("", "—"), *options])


_MAKERS: dict[FieldType, Callable[[Field, Attrs, str], forms.Widget]] = {
    FieldType.TEXTAREA: lambda field, attrs, language: forms.Textarea(attrs | {"rows": 4}),
    FieldType.DATE: lambda field, attrs, language: DateParts(attrs),
    FieldType.TIME: _time,
    FieldType.MONTH: _digits,
    FieldType.INTEGER: _number,
    FieldType.DECIMAL: _number,
    FieldType.MONEY: _money,
    FieldType.PERSONAL_NUMBER: _digits,
    FieldType.ORGANISATION_CODE: _digits,
    FieldType.TAX_CODE: _digits,
    FieldType.PHONE: lambda field, attrs, language: forms.TextInput(
        {"autocomplete": "tel"} | attrs | {"type": "tel", "inputmode": "tel"}
    ),
    FieldType.EMAIL: lambda field, attrs, language: forms.EmailInput({"autocomplete": "email"} | attrs),
    FieldType.ADDRESS: lambda field, attrs, language: AddressParts(field, attrs),
    FieldType.CHOICE: _choice,
    FieldType.CHOICE_SEARCH: lambda field, attrs, language: SearchInput(
        field, attrs, [worded(one.label, one.label_en, language) for one in field.choices]
    ),
    FieldType.MULTI_CHOICE: lambda field, attrs, language: ManyBoxes(
        attrs, choices=[(one.value, one.label_in(language)) for one in field.choices]
    ),
    FieldType.CHECKBOX: lambda field, attrs, language: forms.CheckboxInput(attrs),
    FieldType.YES_NO: lambda field, attrs, language: YesNoRadios(field, attrs),
}
