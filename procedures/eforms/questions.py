"""One question as a field of a Django form, and the rows of a repeating group or table as small forms of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _

from procedures.eforms import posted, values
from procedures.eforms.conditions import as_data, holds
from procedures.eforms.expressions import Setting
from procedures.eforms.kinds.rows import fewest_rows, in_cells, is_blank, most_rows, row_title
from procedures.eforms.schema import Field, FieldType
from procedures.eforms.values import Answer, WrongAnswer
from procedures.eforms.widgets import widget

BLANK = "__n__"
"""Stands for the number of a row in the pattern from which the script makes new ones."""


class EformField(forms.Field):
    """One question; its answer is read by `procedures.eforms.values`, the same rule as for filing."""

    show_when = ""
    """In a row: the condition for the script, in JSON."""

    def __init__(
        self, field: Field, *, fixed: Answer, asked: bool, language: str, spare_rows: int = 0
    ) -> None:
        self.field = field
        self.fixed = fixed
        self.asked = asked
        self.language = language
        self.spare_rows = spare_rows
        super().__init__(
            required=field.required,
            label=field.label_in(language),
            help_text=_notes(field, language),
            widget=self.control(),
        )

    def control(self) -> forms.Widget:
        return widget(self.field, readonly=self.fixed is not None, language=self.language)

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
            raise self.refused(problem) from None
        if self.required and not values.is_given(self.field, answer):
            raise ValidationError(values.missing(self.field))
        return answer

    def refused(self, problem: WrongAnswer) -> ValidationError:
        return ValidationError(str(problem))


def _notes(field: Field, language: str) -> str:
    """Give hint and example as safe text."""
    notes = [conditional_escape(field.hint_in(language))] if field.hint else []
    if field.example:
        notes.append(conditional_escape(_("Ví dụ: %s") % field.example_in(language)))
    return "<br>".join(notes)


class RowForm(forms.Form):
    """One row. Its fields are named like ``con-0-ten``."""

    title: str


class RowsWidget(forms.Widget):
    """All rows with a button to take each away and one to add another; a fixed table has neither."""

    use_fieldset = True

    def __init__(self, question: RowsField) -> None:
        self.question = question
        self.template_name = (
            "forms/widgets/table.html"
            if question.field.type is FieldType.TABLE
            else "forms/widgets/repeat.html"
        )
        super().__init__()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        field, language = self.question.field, self.question.language
        rows = [row if isinstance(row, dict) else {} for row in value] if isinstance(value, list) else []
        lack = (fewest_rows(field) if field.rows else max(fewest_rows(field), 1)) - len(rows)
        rows += [{}] * max(lack, self.question.spare_rows if not field.rows else 0, 0)
        rows = rows[: most_rows(field) + 5]
        noun = field.row_label_in(language) or _("dòng")
        context["widget"] |= {
            "rows": [self._row(name, number, row) for number, row in enumerate(rows)],
            "pattern": None if field.rows else self._row(name, BLANK, {}),
            "head": [one.label_in(language) for one in field.fields],
            "fixed": bool(field.rows),
            "field_name": name,
            "most": most_rows(field),
            "button": "button" if self.question.spare_rows else "submit",
            "is_full": len(rows) >= most_rows(field),
            "add": _("Thêm %s") % (noun[:1].lower() + noun[1:]),
        }
        return context

    def _row(self, name: str, number: int | str, row: Mapping[str, Any]) -> RowForm:
        question = self.question
        prefix = f"{name}-{number}"
        shows_problems = question.was_read and not (is_blank(row) and not question.field.rows)
        data = {f"{prefix}-{key}": cell for key, cell in row.items()} if shows_problems else None
        form = RowForm(data, prefix=prefix, initial=dict(row), use_required_attribute=False)
        form.title = row_title(question.field, number, question.language)
        with_these = Setting(posted.in_row(question.field, row), timezone.localdate())
        named = {one.name: f"{prefix}-{one.name}" for one in question.field.fields}
        for one in question.field.fields:
            asked = one.condition is None or holds(one.condition, with_these)
            made = EformField(one, fixed=None, asked=asked, language=question.language)
            if one.condition is not None:
                made.show_when = json.dumps(
                    as_data(one.condition, with_these, named=named), ensure_ascii=False
                )
            form.fields[one.name] = made
        return form

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return posted.typed(self.question.field, data)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not posted.is_there(self.question.field, data)

    def id_for_label(self, id_: str) -> str:
        return id_


class RowsField(EformField):
    """A repeating group or a table."""

    was_read = False
    """The rows were sent: from then on they show what is wrong with them."""

    def control(self) -> forms.Widget:
        return RowsWidget(self)

    def clean(self, value: Any) -> Answer:
        self.was_read = True
        return super().clean(value)

    def refused(self, problem: WrongAnswer) -> ValidationError:
        if problem.cells:
            return ValidationError([ValidationError(text) for text in in_cells(self.field, problem.cells)])
        return super().refused(problem)
