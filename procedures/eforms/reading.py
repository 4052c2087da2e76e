"""Reading an e-form from data, strictly: a form that people fill in must not be half understood."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from procedures.eforms.conditions import Condition, both
from procedures.eforms.entries import Reader
from procedures.eforms.field_reading import MAX_FIELDS, FieldReader
from procedures.eforms.logic import read_condition
from procedures.eforms.schema import Page, Rule, Schema, Section
from procedures.models import ProcedureVersion

MAX_PAGES = 20
MAX_RULES = 40
PAGE_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")

_PAGE_KEYS = {
    "id": "text",
    "title": "text",
    "title_en": "text",
    "intro": "text",
    "intro_en": "text",
    "show_when": "mapping",
    "fields": "list",
    "sections": "list",
}
_SECTION_KEYS = {key: kind for key, kind in _PAGE_KEYS.items() if key not in ("id", "sections")}
_RULE_KEYS = {
    "field": "text",
    "check": "mapping",
    "show_when": "mapping",
    "problem": "text",
    "problem_en": "text",
}


def of_version(version: ProcedureVersion) -> Schema:
    """Give the form of a version; each form is read only once in a process.

    :raises InvalidInput: the stored form is broken.
    """
    return _parsed(json.dumps(version.eform))


@lru_cache(maxsize=256)
def _parsed(text: str) -> Schema:
    return parse(json.loads(text))


def parse(raw: Any) -> Schema:
    """Read an e-form. An empty mapping is a form without pages.

    :raises InvalidInput: with every problem under its path, such as ``pages[0].fields[2].type``.
    """
    reader = Reader()
    schema = _FormReader(reader).schema(raw)
    if reader.problems:
        raise InvalidInput(reader.problems, _("Biểu mẫu điện tử chưa đúng. Hãy sửa các mục được nêu."))
    return schema


class _FormReader:
    """Walks the raw form once; what is wrong goes to the reader's problems."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.field_reader = FieldReader(reader)

    def schema(self, raw: Any) -> Schema:
        found = self.reader.entries(raw, {"pages": "list", "rules": "list"}, "")
        pages = found.get("pages", [])
        if isinstance(raw, dict) and "pages" in found and not 1 <= len(pages) <= MAX_PAGES:
            self.reader.refuse("pages", _("Phải có từ 1 đến %d trang.") % MAX_PAGES)
        if isinstance(raw, dict) and raw and "pages" not in raw:
            self.reader.refuse("pages", _("Thiếu mục này hoặc mục này để trống."))
        read = tuple(self.page(page, f"pages[{at}]") for at, page in enumerate(pages[:MAX_PAGES]))
        for at, page in enumerate(read):
            if page.id in {earlier.id for earlier in read[:at]}:
                self.reader.refuse(f"pages[{at}].id", _("Trùng mã trang “%s”. Hãy đặt mã khác.") % page.id)
        rules = found.get("rules", [])
        if len(rules) > MAX_RULES:
            self.reader.refuse("rules", _("Nhiều nhất %d quy tắc.") % MAX_RULES)
        return Schema(read, tuple(self.rule(one, f"rules[{at}]") for at, one in enumerate(rules[:MAX_RULES])))

    def page(self, raw: Any, path: str) -> Page:
        found = self.reader.entries(raw, _PAGE_KEYS, path)
        condition = self.field_reader.show_when(found, path)
        if "sections" in found:
            if "fields" in found:
                self.reader.refuse(
                    f"{path}.fields", _("Trang có sections thì câu hỏi nằm trong từng section.")
                )
            sections = tuple(
                self.section(one, f"{path}.sections[{at}]", condition)
                for at, one in enumerate(found["sections"][:MAX_FIELDS])
            )
            if not sections:
                self.reader.refuse(f"{path}.sections", _("Phải có ít nhất một phần."))
        else:
            sections = (Section(self.field_reader.fields(found, path, condition)),)
        if sum(len(section.fields) for section in sections) > MAX_FIELDS:
            self.reader.refuse(path, _("Một trang có nhiều nhất %d câu hỏi. Hãy chia trang.") % MAX_FIELDS)
        return Page(
            id=self.reader.text(found, "id", path, PAGE_ID),
            title=self.reader.text(found, "title", path),
            title_en=found.get("title_en", ""),
            intro=found.get("intro", ""),
            intro_en=found.get("intro_en", ""),
            condition=condition,
            sections=sections,
        )

    def section(self, raw: Any, path: str, outer: Condition | None) -> Section:
        found = self.reader.entries(raw, _SECTION_KEYS, path)
        condition = both(outer, self.field_reader.show_when(found, path))
        return Section(
            fields=self.field_reader.fields(found, path, condition),
            title=self.reader.text(found, "title", path),
            title_en=found.get("title_en", ""),
            intro=found.get("intro", ""),
            intro_en=found.get("intro_en", ""),
            condition=condition,
        )

    def rule(self, raw: Any, path: str) -> Rule:
        found = self.reader.entries(raw, _RULE_KEYS, path)
        field = self.reader.text(found, "field", path)
        asked = self.field_reader.known.answered(field)
        if field and (asked is None or "." in field):
            self.reader.refuse(f"{path}.field", _("Phải là tên của một câu hỏi trong biểu mẫu."))
        if "check" not in found:
            self.reader.refuse(f"{path}.check", _("Thiếu mục này hoặc mục này để trống."))
        return Rule(
            field=field,
            check=read_condition(self.reader, found.get("check"), f"{path}.check", self.field_reader.known),
            problem=self.reader.text(found, "problem", path),
            problem_en=found.get("problem_en", ""),
            condition=self.field_reader.show_when(found, path),
        )
