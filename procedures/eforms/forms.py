"""One page of an e-form as a Django form, rendered by the design system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import get_language

from core.widgets import DateParts
from procedures.eforms import answers as all_answers
from procedures.eforms import values
from procedures.eforms.schema import Field, FieldType, Page, Schema
from procedures.eforms.values import Answer, WrongAnswer

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


class EformField(forms.Field):
    """One question; its answer is read by `procedures.eforms.values`, the same rule as for filing."""

    def __init__(self, field: Field, *, fixed: Answer, asked: bool, language: str) -> None:
        self.field = field
        self.fixed = fixed
        self.asked = asked
        super().__init__(
            required=field.required,
            label=field.label_in(language),
            help_text=escape(field.hint_in(language)),
            widget=_widget(field, readonly=fixed is not None, language=language),
        )

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data if self.fixed is None else self.fixed

    def clean(self, value: Any) -> Answer:
        if not self.asked:
            return None
        if self.fixed is not None:
            return self.fixed
        try:
            answer = values.read(self.field, value)
        except WrongAnswer as problem:
            raise ValidationError(str(problem)) from None
        if self.required and not values.is_given(answer):
            raise ValidationError(values.missing(self.field))
        return answer


class PageForm(forms.Form):
    """``cleaned_data`` holds an answer for every field of the page, None where nothing was asked or answered."""

    page: Page


def page_form(
    schema: Schema,
    page_id: str,
    data: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
    *,
    prefill: Mapping[str, Any] | None = None,
    language: str = "",
) -> PageForm:
    """Make the form of one page.

    ``initial`` holds the draft's answers of all pages, ``prefill`` the known values by source path: they fill what
    the draft does not have, and fix what is read-only. ``language`` is the active one if not given. A field whose
    question depends on an answer carries ``data-show-if-field`` and ``data-show-if-equals``.

    :raises KeyError: there is no such page.
    """
    page = schema.page(page_id)
    language = language or get_language() or "vi"
    known = all_answers.prefilled(schema, prefill or {})
    fixed = all_answers.locked(schema, prefill or {})
    start = {
        **known,
        **{name: value for name, value in (initial or {}).items() if value is not None},
        **fixed,
    }
    so_far = {name: value for name, value in start.items() if name in schema.fields}

    form = PageForm(data, initial=start)
    form.page = page
    here = {field.name for field in page.fields}
    for field in page.fields:
        if data is not None:
            so_far[field.name] = fixed.get(field.name, values.fitting(field, all_answers.typed(field, data)))
        depends_on_page = field.show_if is not None and field.show_if.field in here
        asked = field.is_asked(so_far)
        if not asked:
            so_far.pop(field.name, None)
        if not asked and not depends_on_page:
            continue  # an earlier page settled it
        form.fields[field.name] = EformField(
            field, fixed=fixed.get(field.name), asked=asked or data is None, language=language
        )
        if depends_on_page and field.show_if is not None:
            form.use_required_attribute = False
            form.fields[field.name].widget.attrs |= {
                "data-show-if-field": field.show_if.field,
                "data-show-if-equals": str(field.show_if.equals),
            }
    return form


def question_form(
    schema: Schema,
    name: str,
    data: Mapping[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
    *,
    language: str = "",
) -> forms.Form:
    """Make the form of one question that is asked again.

    :raises KeyError: the form has no such question.
    """
    form = forms.Form(data, initial=initial)
    field = schema.fields[name]
    form.fields[name] = EformField(field, fixed=None, asked=True, language=language or get_language() or "vi")
    return form


def _widget(field: Field, *, readonly: bool, language: str) -> forms.Widget:
    attrs: dict[str, Any] = {}
    if readonly:
        attrs["readonly"] = True
    if autocomplete := _AUTOCOMPLETE.get(field.prefill):
        attrs["autocomplete"] = autocomplete
    if field.max_length:
        attrs["maxlength"] = field.max_length
    match field.type:
        case FieldType.TEXTAREA:
            return forms.Textarea(attrs | {"rows": 4})
        case FieldType.DATE:
            return DateParts(attrs)
        case FieldType.INTEGER:
            return forms.TextInput(attrs | {"inputmode": "numeric"})
        case FieldType.PHONE:
            return forms.TextInput({"autocomplete": "tel"} | attrs | {"type": "tel", "inputmode": "tel"})
        case FieldType.EMAIL:
            return forms.EmailInput({"autocomplete": "email"} | attrs)
        case FieldType.CHECKBOX:
            return forms.CheckboxInput(attrs)
        case FieldType.CHOICE:
            options = [(one.value, (language == "en" and one.label_en) or one.label) for one in field.choices]
            if len(options) <= _RADIOS:
                return forms.RadioSelect(attrs, choices=options)
            return forms.Select(attrs, choices=[("", "—"), *options])
    return forms.TextInput(attrs)
