"""One page of an e-form as a Django form, rendered by the design system."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import get_language

from core.languages import worded
from procedures.eforms import answers as all_answers
from procedures.eforms import posted, values
from procedures.eforms.asking import asked, broken_rules, setting
from procedures.eforms.conditions import TRUE as ALWAYS_ASKED
from procedures.eforms.conditions import Condition, as_data, names, settled
from procedures.eforms.questions import EformField, RowsField
from procedures.eforms.schema import ROWS, Field, FieldType, Page, Schema


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a page: a question as ``bound``, or what ``field`` says by itself. ``show_when`` is for the script."""

    field: Field
    bound: BoundField | None
    label: str
    hint: str
    help: str
    show_when: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a page with its heading."""

    title: str
    intro: str
    show_when: str
    items: list[Item]


class PageForm(forms.Form):
    """``cleaned_data`` holds an answer for every question of the page, None where nothing was asked or answered."""

    template_name = "forms/eform.html"
    page: Page
    schema: Schema
    language: str
    open_names: frozenset[str]
    """Questions of this page on which others of it may depend."""
    so_far: dict[str, Any]
    handed_in: Mapping[str, str]
    takes_to_files: bool
    """The page has a way to the files of the draft."""

    def parts(self) -> Iterator[Part]:
        """Give the page as it is laid out; what an earlier page settled is left out."""
        now = asked(self.schema, self.so_far)
        shown = {
            name: values.display(field, now.answers[name], self.language)
            for name, field in self.schema.fields.items()
            if field.type is FieldType.COMPUTED and now.answers.get(name) is not None
        }
        for section in self.page.sections:
            items = [item for field in section.fields if (item := self._item(field, shown)) is not None]
            if items:
                yield Part(
                    section.title_in(self.language),
                    section.intro_in(self.language),
                    self._show_when(section.condition),
                    items,
                )

    def _item(self, field: Field, shown: Mapping[str, str]) -> Item | None:
        if field.takes_answer and field.name not in self.fields:
            return None
        if not field.takes_answer and not self.may_be_asked(field):
            return None
        return Item(
            field=field,
            bound=self[field.name] if field.takes_answer else None,
            label=field.label_in(self.language),
            hint=field.hint_in(self.language),
            help=field.help_in(self.language),
            show_when=self._show_when(field.condition),
            shown=self.handed_in.get(field.name, "")
            if field.type is FieldType.FILE
            else shown.get(field.name, ""),
        )

    def may_be_asked(self, field: Field) -> bool:
        """Say whether the question is asked, or may be once something else of this page is answered."""
        left = self._left(field.condition)
        return left == ALWAYS_ASKED or bool(list(names(left)))

    def _left(self, condition: Condition | None) -> Condition:
        if condition is None:
            return ALWAYS_ASKED
        return settled(condition, setting(self.schema, self.so_far), open_names=self.open_names)

    def _show_when(self, condition: Condition | None) -> str:
        left = self._left(condition)
        if left == ALWAYS_ASKED:
            return ""
        return json.dumps(as_data(left, setting(self.schema, self.so_far)), ensure_ascii=False)

    def clean(self) -> dict[str, Any]:
        """Tell the broken rules whose last answer stands on this page."""
        own = {field.name for field in self.page.fields}
        given = {name: value for name, value in self.cleaned_data.items() if value is not None}
        kept = {name: value for name, value in self.so_far.items() if name not in own}
        for rule in broken_rules(self.schema, asked(self.schema, kept | given)):
            if not own.intersection(names(rule.check)):
                continue
            text = worded(rule.problem, rule.problem_en, self.language)
            if rule.field in self.fields:
                self.add_error(rule.field, text)
            else:
                self.add_error(None, f"{self.schema.fields[rule.field].label_in(self.language)}: {text}")
        return self.cleaned_data


def page_form(
    schema: Schema,
    page_id: str,
    data: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
    *,
    prefill: Mapping[str, Any] | None = None,
    language: str = "",
    files: Mapping[str, str] | None = None,
) -> PageForm:
    """Make the form of one page.

    ``initial`` holds the draft's answers of all pages, ``prefill`` the known values by source path: they fill what
    the draft does not have, and fix what is read-only. ``language`` is the active one if not given. ``files`` names
    the file that was handed in, by the name of its field; without it the page has no way to the files. Whatever depends on an answer of this very page carries its
    condition in ``data-show-when``.

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
    form = PageForm(data, initial=start)
    form.page, form.schema, form.language = page, schema, language
    form.handed_in, form.takes_to_files = files or {}, files is not None
    form.so_far = {name: value for name, value in start.items() if name in schema.questions}
    form.open_names = frozenset(one.name for one in page.fields)
    if data is not None:
        for field in page.fields:
            if field.takes_answer:
                form.so_far[field.name] = fixed.get(
                    field.name, values.fitting(field, posted.typed(field, data))
                )
    now = asked(schema, form.so_far)
    for field in page.fields:
        if not field.takes_answer or not form.may_be_asked(field):
            continue
        make = RowsField if field.type in ROWS else EformField
        form.fields[field.name] = make(
            field,
            fixed=fixed.get(field.name),
            asked=field.name in now.names or data is None,
            language=language,
        )
        if field.condition is not None:
            form.use_required_attribute = False
    return form


def question_form(
    schema: Schema,
    name: str,
    data: Mapping[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
    *,
    language: str = "",
) -> forms.Form:
    """Make the form of one question that is asked again; rows come with some to spare.

    :raises KeyError: the form has no such question.
    """
    form = forms.Form(data, initial=initial)
    field = schema.questions[name]
    make = RowsField if field.type in ROWS else EformField
    form.fields[name] = make(
        field, fixed=None, asked=True, language=language or get_language() or "vi", spare_rows=2
    )
    return form
