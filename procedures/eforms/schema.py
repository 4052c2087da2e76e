"""What an e-form may say, read strictly: a form that people fill in must not be half understood."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import InvalidInput, Text
from procedures.models import ProcedureVersion

MAX_PAGES = 20
MAX_FIELDS = 60
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
PAGE_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")

#: Where an answer may be taken from; the caller of `prefilled` gives the values under these paths.
PREFILL_SOURCES = frozenset(
    f"person.{part}"
    for part in (
        "full_name",
        "birth_on",
        "sex",
        "nationality",
        "personal_id_number",
        "address",
        "phone",
        "email",
    )
) | frozenset(f"organisation.{part}" for part in ("name", "code", "address", "phone", "email"))


class FieldType(StrEnum):
    """What kind of answer a question takes."""

    TEXT = "text"
    TEXTAREA = "textarea"
    DATE = "date"
    INTEGER = "integer"
    CHOICE = "choice"
    CHECKBOX = "checkbox"
    PHONE = "phone"
    EMAIL = "email"


DEFAULT_LENGTH = {FieldType.TEXT: 200, FieldType.TEXTAREA: 2000, FieldType.PHONE: 20, FieldType.EMAIL: 254}


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose; ``value`` is what is kept."""

    value: str
    label: str
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class ShowIf:
    """The field is asked only when another field, on the same or an earlier page, has this answer."""

    field: str
    equals: str | int | bool


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One question. ``min`` and ``max`` bound an integer; ``not_future`` holds for a date."""

    name: str
    label: str
    type: FieldType
    label_en: str = ""
    required: bool = False
    hint: str = ""
    hint_en: str = ""
    max_length: int = 0
    choices: tuple[Choice, ...] = ()
    prefill: str = ""
    readonly: bool = False
    pattern: re.Pattern[str] | None = None
    pattern_problem: str = ""
    show_if: ShowIf | None = None
    min: int | None = None
    max: int | None = None
    not_future: bool = False

    def label_in(self, language: str) -> str:
        """Give the question in English, where that is asked for and written, else in Vietnamese."""
        return (language == "en" and self.label_en) or self.label

    def hint_in(self, language: str) -> str:
        return (language == "en" and self.hint_en) or self.hint

    def is_asked(self, answers: Mapping[str, Any]) -> bool:
        """Say whether the question is asked of somebody who has given these answers."""
        return self.show_if is None or answers.get(self.show_if.field) == self.show_if.equals


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One group of questions, shown together."""

    id: str
    title: str
    fields: tuple[Field, ...]
    title_en: str = ""
    intro: str = ""
    intro_en: str = ""

    def title_in(self, language: str) -> str:
        return (language == "en" and self.title_en) or self.title

    def intro_in(self, language: str) -> str:
        return (language == "en" and self.intro_en) or self.intro


@dataclass(frozen=True, eq=False)
class Schema:
    """A whole form; false where it has no pages."""

    pages: tuple[Page, ...] = field(default=())

    @cached_property
    def fields(self) -> dict[str, Field]:
        return {one.name: one for page in self.pages for one in page.fields}

    @cached_property
    def sources(self) -> frozenset[str]:
        """Give the paths of `PREFILL_SOURCES` that this form asks for."""
        return frozenset(one.prefill for one in self.fields.values() if one.prefill)

    def page(self, page_id: str) -> Page:
        """:raises KeyError: there is no such page."""
        for page in self.pages:
            if page.id == page_id:
                return page
        raise KeyError(page_id)

    def __bool__(self) -> bool:
        return bool(self.pages)


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
    reader = _Reader()
    schema = reader.schema(raw)
    if reader.problems:
        raise InvalidInput(reader.problems, _("Biểu mẫu điện tử chưa đúng. Hãy sửa các mục được nêu."))
    return schema


Check = Callable[[Any], bool]
_KINDS: dict[str, tuple[Check, Text]] = {
    "text": (lambda value: isinstance(value, str), gettext_lazy("chuỗi ký tự")),
    "flag": (lambda value: isinstance(value, bool), gettext_lazy("true hoặc false")),
    "number": (
        lambda value: isinstance(value, int) and not isinstance(value, bool),
        gettext_lazy("số nguyên"),
    ),
    "list": (lambda value: isinstance(value, list), gettext_lazy("danh sách [...]")),
    "mapping": (lambda value: isinstance(value, dict), gettext_lazy("đối tượng {...}")),
    "answer": (lambda value: isinstance(value, str | int), gettext_lazy("chuỗi, số nguyên, true hoặc false")),
}
_FIELD_KEYS = {
    "name": "text",
    "label": "text",
    "label_en": "text",
    "type": "text",
    "required": "flag",
    "hint": "text",
    "hint_en": "text",
    "max_length": "number",
    "choices": "list",
    "prefill": "text",
    "readonly": "flag",
    "pattern": "text",
    "pattern_problem": "text",
    "show_if": "mapping",
    "min": "number",
    "max": "number",
    "not_future": "flag",
}
_PAGE_KEYS = {
    "id": "text",
    "title": "text",
    "title_en": "text",
    "intro": "text",
    "intro_en": "text",
    "fields": "list",
}


class _Reader:
    """Walks the raw form once and collects every problem with its path."""

    def __init__(self) -> None:
        self.problems: dict[str, list[Text]] = {}
        self.seen: dict[str, Field] = {}

    def refuse(self, path: str, problem: str) -> None:
        self.problems.setdefault(path, []).append(problem)

    def known(self, raw: Any, keys: Mapping[str, str], path: str) -> dict[str, Any]:
        """Give the entries of a mapping that have a known key and the right type."""
        if not isinstance(raw, dict):
            self.refuse(path or "eform", _("Phải là đối tượng {...}."))
            return {}
        good = {}
        for key, value in raw.items():
            here = f"{path}.{key}" if path else str(key)
            if key not in keys:
                self.refuse(here, _("Không có mục này. Các mục được dùng: %s.") % ", ".join(keys))
                continue
            fits, wanted = _KINDS[keys[key]]
            if fits(value):
                good[key] = value
            else:
                self.refuse(here, _("Phải là %s.") % wanted)
        return good

    def text(self, found: Mapping[str, Any], key: str, path: str, form: re.Pattern[str] | None = None) -> str:
        value = str(found.get(key, "")).strip()
        if not value:
            self.refuse(f"{path}.{key}", _("Thiếu mục này hoặc mục này để trống."))
        elif form and not form.fullmatch(value):
            self.refuse(
                f"{path}.{key}", _("“%(value)s” phải khớp %(form)s.") % {"value": value, "form": form.pattern}
            )
        return value

    def schema(self, raw: Any) -> Schema:
        if raw == {}:
            return Schema()
        found = self.known(raw, {"pages": "list"}, "")
        pages = found.get("pages", [])
        if isinstance(raw, dict) and "pages" in found and not 1 <= len(pages) <= MAX_PAGES:
            self.refuse("pages", _("Phải có từ 1 đến %d trang.") % MAX_PAGES)
        if isinstance(raw, dict) and "pages" not in raw:
            self.refuse("pages", _("Thiếu mục này hoặc mục này để trống."))
        read = tuple(self.page(page, f"pages[{at}]") for at, page in enumerate(pages[:MAX_PAGES]))
        for at, page in enumerate(read):
            if page.id in {earlier.id for earlier in read[:at]}:
                self.refuse(f"pages[{at}].id", _("Trùng mã trang “%s”. Hãy đặt mã khác.") % page.id)
        return Schema(read)

    def page(self, raw: Any, path: str) -> Page:
        found = self.known(raw, _PAGE_KEYS, path)
        fields = found.get("fields", [])
        if not 1 <= len(fields) <= MAX_FIELDS:
            self.refuse(f"{path}.fields", _("Phải có từ 1 đến %d câu hỏi.") % MAX_FIELDS)
        return Page(
            id=self.text(found, "id", path, PAGE_ID),
            title=self.text(found, "title", path),
            title_en=found.get("title_en", ""),
            intro=found.get("intro", ""),
            intro_en=found.get("intro_en", ""),
            fields=tuple(
                self.field(one, f"{path}.fields[{at}]") for at, one in enumerate(fields[:MAX_FIELDS])
            ),
        )

    def field(self, raw: Any, path: str) -> Field:
        found = self.known(raw, _FIELD_KEYS, path)
        name = self.text(found, "name", path, NAME)
        if name in self.seen:
            self.refuse(f"{path}.name", _("Trùng tên “%s” với một câu hỏi trước. Hãy đặt tên khác.") % name)
        kind = self.type(found, path)
        one = Field(
            name=name,
            label=self.text(found, "label", path),
            label_en=found.get("label_en", ""),
            type=kind,
            required=found.get("required", False),
            hint=found.get("hint", ""),
            hint_en=found.get("hint_en", ""),
            max_length=self.length(found, kind, path),
            choices=tuple(self.choices(found, kind, path)),
            prefill=self.prefill(found, path),
            readonly=self.readonly(found, kind, path),
            pattern=self.pattern(found, kind, path),
            pattern_problem=found.get("pattern_problem", ""),
            show_if=self.show_if(found, path),
            min=self.bound(found, "min", kind, path),
            max=self.bound(found, "max", kind, path),
            not_future=found.get("not_future", False),
        )
        if one.min is not None and one.max is not None and one.min > one.max:
            self.refuse(f"{path}.max", _("Số lớn nhất phải không nhỏ hơn số nhỏ nhất."))
        if one.not_future and kind is not FieldType.DATE:
            self.refuse(f"{path}.not_future", _("Chỉ dùng cho câu hỏi loại date."))
        self.seen.setdefault(name, one)
        return one

    def type(self, found: Mapping[str, Any], path: str) -> FieldType:
        try:
            return FieldType(found.get("type", ""))
        except ValueError:
            self.refuse(f"{path}.type", _("Phải là một trong: %s.") % ", ".join(FieldType))
            return FieldType.TEXT

    def length(self, found: Mapping[str, Any], kind: FieldType, path: str) -> int:
        default = DEFAULT_LENGTH.get(kind, 0)
        value: int = found.get("max_length", default)
        if "max_length" in found and (not default or not 1 <= value <= 10_000):
            self.refuse(f"{path}.max_length", _("Chỉ dùng cho câu hỏi bằng chữ, từ 1 đến 10000 ký tự."))
        return value

    def choices(self, found: Mapping[str, Any], kind: FieldType, path: str) -> Iterator[Choice]:
        raw = found.get("choices", [])
        if kind is not FieldType.CHOICE:
            if raw:
                self.refuse(f"{path}.choices", _("Chỉ dùng cho câu hỏi loại choice."))
            return
        if len(raw) < 2:
            self.refuse(f"{path}.choices", _("Phải có ít nhất 2 lựa chọn."))
        seen: set[str] = set()
        for at, one in enumerate(raw):
            right = (
                isinstance(one, list) and 2 <= len(one) <= 3 and all(isinstance(p, str) and p for p in one)
            )
            if not right:
                self.refuse(f"{path}.choices[{at}]", _("Phải là [giá trị, nhãn, nhãn tiếng Anh] bằng chữ."))
            elif one[0] in seen:
                self.refuse(f"{path}.choices[{at}]", _("Trùng giá trị “%s”.") % one[0])
            else:
                seen.add(one[0])
                yield Choice(*one)

    def prefill(self, found: Mapping[str, Any], path: str) -> str:
        value: str = found.get("prefill", "")
        if value and value not in PREFILL_SOURCES:
            self.refuse(f"{path}.prefill", _("Phải là một trong: %s.") % ", ".join(sorted(PREFILL_SOURCES)))
        return value

    def readonly(self, found: Mapping[str, Any], kind: FieldType, path: str) -> bool:
        value: bool = found.get("readonly", False)
        if value and not found.get("prefill"):
            self.refuse(
                f"{path}.readonly", _("Câu hỏi chỉ đọc phải có mục prefill để biết lấy dữ liệu từ đâu.")
            )
        if value and kind in (FieldType.CHOICE, FieldType.CHECKBOX):
            self.refuse(f"{path}.readonly", _("Không dùng cho câu hỏi loại choice hoặc checkbox."))
        return value

    def pattern(self, found: Mapping[str, Any], kind: FieldType, path: str) -> re.Pattern[str] | None:
        if "pattern" not in found:
            return None
        if kind is not FieldType.TEXT:
            self.refuse(f"{path}.pattern", _("Chỉ dùng cho câu hỏi loại text."))
        if not found.get("pattern_problem"):
            self.refuse(f"{path}.pattern_problem", _("Phải nói cho người điền biết cách viết đúng."))
        try:
            return re.compile(found["pattern"])
        except (re.error, OverflowError, RecursionError) as problem:
            self.refuse(f"{path}.pattern", _("Biểu thức không đọc được: %s.") % problem)
            return None

    def show_if(self, found: Mapping[str, Any], path: str) -> ShowIf | None:
        if "show_if" not in found:
            return None
        here = f"{path}.show_if"
        inner = self.known(found["show_if"], {"field": "text", "equals": "answer"}, here)
        asked = self.seen.get(inner.get("field", ""))
        if asked is None:
            self.refuse(f"{here}.field", _("Phải là tên của một câu hỏi đứng trước."))
            return None
        value = inner.get("equals")
        fitting: dict[FieldType, bool] = {
            FieldType.CHOICE: value in {choice.value for choice in asked.choices},
            FieldType.CHECKBOX: isinstance(value, bool),
            FieldType.INTEGER: isinstance(value, int) and not isinstance(value, bool),
        }
        if not fitting.get(asked.type, isinstance(value, str) and value != ""):
            self.refuse(f"{here}.equals", _("Không phải là câu trả lời có thể có của “%s”.") % asked.name)
            return None
        return ShowIf(asked.name, value)  # type: ignore[arg-type]  # `fitting` has just looked at its type

    def bound(self, found: Mapping[str, Any], key: str, kind: FieldType, path: str) -> int | None:
        value: int | None = found.get(key)
        if value is not None and kind is not FieldType.INTEGER:
            self.refuse(f"{path}.{key}", _("Chỉ dùng cho câu hỏi loại integer."))
        return value
