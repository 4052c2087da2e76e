"""Biểu mẫu điện tử: the interactive form of one version of a procedure.

A form is data (`ProcedureVersion.eform`), entered without a programmer::

    {"pages": [{"id": "nguoi-yeu-cau", "title": "Người yêu cầu", "title_en": "Applicant", "fields": [
        {"name": "ho_ten", "label": "Họ và tên", "label_en": "Full name", "type": "text", "required": true,
         "prefill": "person.full_name", "readonly": true}]}]}

`parse` reads and checks it (`procedures.eforms.schema` documents every key), `page_form` shows one page, `clean_all`
decides whether all answers may be filed, `summary` shows them again. Answers are kept as JSON values: text, whole
numbers, true or false, dates as ISO text.
"""

from procedures.eforms.answers import clean_all, clean_one, display_values, draft_values, prefilled, summary
from procedures.eforms.forms import PageForm, page_form, question_form
from procedures.eforms.schema import Field, FieldType, Page, Schema, ShowIf, of_version, parse

__all__ = [
    "Field",
    "FieldType",
    "Page",
    "PageForm",
    "Schema",
    "ShowIf",
    "clean_all",
    "clean_one",
    "display_values",
    "draft_values",
    "of_version",
    "page_form",
    "parse",
    "prefilled",
    "question_form",
    "summary",
]
