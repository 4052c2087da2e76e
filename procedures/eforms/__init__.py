"""Biểu mẫu điện tử: the interactive form of one version of a procedure.

A form is data (`ProcedureVersion.eform`), entered without a programmer::

    {"pages": [{"id": "nguoi-yeu-cau", "title": "Người yêu cầu", "title_en": "Applicant", "fields": [
        {"name": "ho_ten", "label": "Họ và tên", "label_en": "Full name", "type": "text", "required": true,
         "prefill": "person.full_name", "readonly": true}]}]}

docs/reference/eform.md documents every key. From the bottom up: `conditions` and `expressions` (what depends on
answers), `schema` (the parts of a form), `kinds` (a module for each family of fields), `entries`, `logic`,
`field_reading` and `reading` (strict reading of the data), `asking` (what is asked of somebody), `posted`, `answers`, `summaries`, `carrying`, and
`widgets`, `questions`, `forms` for the pages. Answers are kept as JSON (see `kinds.base.Answer`).
"""

from procedures.eforms.answers import clean_all, clean_one, draft_values, prefilled, with_answer
from procedures.eforms.asking import Asked, asked
from procedures.eforms.carrying import Carried, carried
from procedures.eforms.elsewhere import condition_on, is_called_for
from procedures.eforms.forms import PageForm, page_form, question_form
from procedures.eforms.posted import asks_for_rows
from procedures.eforms.reading import of_version, parse
from procedures.eforms.schema import Field, FieldType, Page, Rule, Schema, Section
from procedures.eforms.summaries import (
    Difference,
    SummaryPage,
    SummaryRow,
    differences,
    display_values,
    summary,
    worked_out,
)
from procedures.eforms.telling import told_when

__all__ = [
    "Asked",
    "Carried",
    "Difference",
    "Field",
    "FieldType",
    "Page",
    "PageForm",
    "Rule",
    "Schema",
    "Section",
    "SummaryPage",
    "SummaryRow",
    "asked",
    "asks_for_rows",
    "carried",
    "clean_all",
    "clean_one",
    "condition_on",
    "differences",
    "display_values",
    "draft_values",
    "is_called_for",
    "of_version",
    "page_form",
    "parse",
    "prefilled",
    "question_form",
    "summary",
    "told_when",
    "with_answer",
    "worked_out",
]
