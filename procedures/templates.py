"""Mẫu kết quả: the text of a result, with places that are filled in for each dossier.

A template is data (`ResultType.template`)::

    {"title": "GIẤY XÁC NHẬN", "title_en": "Confirmation", "intro": "…", "paragraphs": ["Ông/Bà {ho_ten} …"],
     "fields": [{"name": "ho_ten", "label": "Họ và tên", "required": true, "prefill": "form.ho_ten"}],
     "signature_title": "TM. ỦY BAN NHÂN DÂN"}

A place is ``{name}`` of a field and nothing else: no expression is ever evaluated, so neither an author nor an
applicant can reach into the portal through a template.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import InvalidInput, Text
from procedures.eforms.values import plain_text

MAX_VALUE = 4000
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BRACE = re.compile(r"[{}]")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")

#: Where a value may be taken from, besides ``form.<name of an e-form field>``.
SOURCES = frozenset(
    {
        "owner.name",
        "owner.birth_on",
        "owner.personal_id_number",
        "owner.code",
        "owner.address",
        "owner.nationality",
        "submitter.name",
        "agency.name",
        "dossier.code",
        "dossier.tracking_no",
        "procedure.name",
    }
)


class FieldType(StrEnum):
    """How the specialist types a value."""

    TEXT = "text"
    TEXTAREA = "textarea"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class TemplateField:
    """One place to fill in; ``prefill`` is a path of `SOURCES` or ``form.<field>``."""

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    prefill: str = ""
    hint: str = ""


@dataclass(frozen=True, eq=False)
class Template:
    """The text of a result with its places; false where the result is not drafted in the portal."""

    title: str
    paragraphs: tuple[str, ...]
    fields: tuple[TemplateField, ...]
    title_en: str = ""
    intro: str = ""
    signature_title: str = ""

    def __bool__(self) -> bool:
        return bool(self.title)


@dataclass(frozen=True, slots=True)
class Parts:
    """What is printed: plain text, escaped by whoever prints it."""

    title: str
    title_en: str
    intro: str
    paragraphs: tuple[str, ...]
    signature_title: str


def of_result_type(result_type: Any) -> Template:
    """Give the template of a `ResultType`; each template is read only once in a process.

    :raises InvalidInput: the stored template is broken.
    """
    return _parsed(json.dumps(result_type.template))


@lru_cache(maxsize=256)
def _parsed(text: str) -> Template:
    return parse(json.loads(text))


def prefilled(template: Template, sources: Mapping[str, Any]) -> dict[str, str]:
    """Give the values that are known already, by field name. ``sources`` maps paths to text."""
    return {
        one.name: plain_text(sources[one.prefill])[:MAX_VALUE]
        for one in template.fields
        if one.prefill and sources.get(one.prefill) not in (None, "")
    }


def clean(template: Template, values: Mapping[str, Any]) -> dict[str, str]:
    """Take the values typed for a draft.

    :raises InvalidInput: a name is not in the template, or a value is too long.
    """
    known = {one.name for one in template.fields}
    problems: dict[str, list[Text]] = {
        name: [_("Mẫu kết quả không có mục “%s”. Hãy tải lại trang.") % name]
        for name in values
        if name not in known
    }
    taken = {name: plain_text(value) for name, value in values.items() if name in known and value is not None}
    for name, value in taken.items():
        if len(value) > MAX_VALUE:
            problems[name] = [
                _("Dài %(length)d ký tự, tối đa %(limit)d. Hãy viết ngắn hơn.")
                % {"length": len(value), "limit": MAX_VALUE}
            ]
    if problems:
        raise InvalidInput(problems)
    return taken


def missing(template: Template, values: Mapping[str, Any]) -> list[TemplateField]:
    """Give the required fields that have no value yet, in order."""
    return [one for one in template.fields if one.required and not str(values.get(one.name) or "").strip()]


def render_parts(template: Template, values: Mapping[str, Any]) -> Parts:
    """Put the values into the places.

    A paragraph with an optional place that has no value is left out as a whole; a required one that is still
    missing shows its label in brackets, so that a preview shows what is to be done.
    """
    fields = {one.name: one for one in template.fields}

    def fill(text: str) -> str | None:
        empty_optional = False

        def value_of(place: re.Match[str]) -> str:
            nonlocal empty_optional
            value = plain_text(values.get(place[1]) or "")
            if value:
                return value
            if fields[place[1]].required:
                return f"[{fields[place[1]].label}]"
            empty_optional = True
            return ""

        filled = _PLACE.sub(value_of, text)
        return None if empty_optional else filled

    return Parts(
        title=template.title,
        title_en=template.title_en,
        intro=fill(template.intro) or "",
        paragraphs=tuple(filled for one in template.paragraphs if (filled := fill(one)) is not None),
        signature_title=template.signature_title,
    )


def parse(raw: Any, *, form_fields: frozenset[str] | None = None) -> Template:
    """Read a template. An empty mapping is a template without text: the result is not drafted in the portal.

    ``form_fields`` are the names of the e-form's fields, if they are to be checked as well.

    :raises InvalidInput: with every problem under its path, such as ``paragraphs[1]``.
    """
    problems: dict[str, list[Text]] = {}

    def refuse(path: str, problem: str) -> None:
        problems.setdefault(path, []).append(problem)

    template = _read(raw, refuse, form_fields)
    if problems:
        raise InvalidInput(problems, _("Mẫu kết quả chưa đúng. Hãy sửa các mục được nêu."))
    return template


_TEXTS = ("title", "title_en", "intro", "signature_title")
_KINDS: dict[type, Text] = {
    str: gettext_lazy("chuỗi ký tự"),
    bool: gettext_lazy("true hoặc false"),
    list: gettext_lazy("danh sách [...]"),
    dict: gettext_lazy("đối tượng {...}"),
}
_TEMPLATE_KEYS: dict[str, type] = dict.fromkeys(_TEXTS, str) | {"paragraphs": list, "fields": list}
_FIELD_KEYS: dict[str, type] = dict.fromkeys(("name", "label", "type", "prefill", "hint"), str) | {
    "required": bool
}


def _known(raw: Any, keys: Mapping[str, type], path: str, refuse: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        refuse(path or "template", _("Phải là %s.") % _KINDS[dict])
        return {}
    good = {}
    for key, value in raw.items():
        here = f"{path}.{key}" if path else str(key)
        if key not in keys:
            refuse(here, _("Không có mục này. Các mục được dùng: %s.") % ", ".join(keys))
        elif not isinstance(value, keys[key]):
            refuse(here, _("Phải là %s.") % _KINDS[keys[key]])
        else:
            good[key] = value
    return good


def _read(raw: Any, refuse: Any, form_fields: frozenset[str] | None) -> Template:
    if raw == {}:
        return Template("", (), ())
    found = _known(raw, _TEMPLATE_KEYS, "", refuse)
    fields: dict[str, TemplateField] = {}
    for at, one in enumerate(found.get("fields", [])):
        field = _read_field(one, f"fields[{at}]", refuse, form_fields)
        if field.name in fields:
            refuse(
                f"fields[{at}].name", _("Trùng tên “%s” với một mục trước. Hãy đặt tên khác.") % field.name
            )
        fields.setdefault(field.name, field)
    paragraphs = found.get("paragraphs", [])
    texts = {"intro": found.get("intro", "")} | {
        f"paragraphs[{at}]": one for at, one in enumerate(paragraphs)
    }
    for path, text in texts.items():
        if not isinstance(text, str):
            refuse(path, _("Phải là %s.") % _KINDS[str])
            continue
        for name in _PLACE.findall(text):
            if name not in fields:
                refuse(path, _("Chỗ trống {%s} không có trong mục fields.") % name)
        if _BRACE.search(_PLACE.sub("", text)):
            refuse(path, _("Dấu { } chỉ dùng để ghi chỗ trống, ví dụ {ho_ten}."))
    for key in ("title", "paragraphs"):
        if not found.get(key):
            refuse(key, _("Thiếu mục này hoặc mục này để trống."))
    return Template(
        paragraphs=tuple(one for one in paragraphs if isinstance(one, str)),
        fields=tuple(fields.values()),
        **{key: found.get(key, "") for key in _TEXTS},
    )


def _read_field(raw: Any, path: str, refuse: Any, form_fields: frozenset[str] | None) -> TemplateField:
    found = _known(raw, _FIELD_KEYS, path, refuse)
    name, prefill = found.get("name", ""), found.get("prefill", "")
    if not _NAME.fullmatch(name):
        refuse(f"{path}.name", _("“%(value)s” phải khớp %(form)s.") % {"value": name, "form": _NAME.pattern})
    if not found.get("label"):
        refuse(f"{path}.label", _("Thiếu mục này hoặc mục này để trống."))
    try:
        kind = FieldType(found.get("type", FieldType.TEXT))
    except ValueError:
        kind = FieldType.TEXT
        refuse(f"{path}.type", _("Phải là một trong: %s.") % ", ".join(FieldType))
    from_form = prefill.startswith("form.") and _NAME.fullmatch(prefill[5:])
    if prefill and prefill not in SOURCES and not from_form:
        refuse(
            f"{path}.prefill", _("Phải là form.<tên mục> hoặc một trong: %s.") % ", ".join(sorted(SOURCES))
        )
    if from_form and form_fields is not None and prefill[5:] not in form_fields:
        refuse(f"{path}.prefill", _("Biểu mẫu điện tử không có mục “%s”.") % prefill[5:])
    return TemplateField(
        name, found.get("label", ""), kind, found.get("required", False), prefill, found.get("hint", "")
    )
