"""A document as YAML: long texts as blocks, Vietnamese as it is written, and nothing that is left at its default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from procedures.document.plain import DEEPEST
from procedures.document.shape import parse

MOST_BYTES = 2 * 2**20
_EMPTY: tuple[Any, ...] = ("", None, [], {})
_KEPT_WHOLE = ("eform", "template", "condition", "questions")


class _Writer(yaml.SafeDumper):
    """Writes for people: block texts, no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _as_text(writer: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value and not any(line.endswith(" ") for line in value.split("\n")) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Writer.add_representer(str, _as_text)


# The parser in C, where PyYAML was built with it: the same result, ten times as fast.
_SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


# Tags that say what is plain anyway; any other would make values that no document holds.
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")
)


class _Reader(_SafeLoader):  # type: ignore[misc, valid-type]  # chosen when the module is loaded
    """Reads days as text, as the document wants them, and refuses an entry that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, str) and key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, _("mục “%s” xuất hiện hai lần") % key, key_node.start_mark
                )
            if isinstance(key, str):
                seen.add(key)
        return super().construct_mapping(node, deep=deep)


_Reader.yaml_implicit_resolvers = {
    letter: [(tag, form) for tag, form in pairs if tag != "tag:yaml.org,2002:timestamp"]
    for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def to_yaml(document: Mapping[str, Any]) -> str:
    """Write a document for people to read; `from_yaml` of it gives the same document."""
    lean = _lean(document)
    lean["format"] = document["format"]
    text: str = yaml.dump(
        {"format": lean.pop("format"), **lean},
        Dumper=_Writer,
        allow_unicode=True,
        sort_keys=False,
        width=110,
        default_flow_style=False,
    )
    return text


def from_yaml(text: str | bytes) -> dict[str, Any]:
    """Read one document.

    :raises InvalidInput: it is too large, is no YAML (with line and column), or says what no document may say.
    """
    if len(text) > MOST_BYTES:
        raise InvalidInput({"document": [_("Tệp lớn hơn %d MB. Hãy kiểm tra lại tệp.") % (MOST_BYTES >> 20)]})
    try:
        _look_through(text)
        raw = yaml.load(text, Loader=_Reader)  # noqa: S506  (a SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as problem:
        raise InvalidInput({"document": [_("Không đọc được YAML: %s.") % _where(problem)]}) from problem
    return parse(raw)


def _look_through(text: str | bytes) -> None:
    """Refuse what would grow in the reading, before anything is built: a file of 1 KB can stand for the memory of the
    whole server by names of names, and one of 1 MB of brackets ends the process.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refusal(event, _("tệp không được dùng & và *; hãy viết nội dung ra"))
        if (tag := getattr(event, "tag", None)) and tag not in _PLAIN_TAGS:
            raise _refusal(event, _("không dùng được kiểu “%s”; hãy bỏ phần bắt đầu bằng !") % tag)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise _refusal(event, _("các mục lồng nhau quá %d tầng") % DEEPEST)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _refusal(event: yaml.Event, reason: str) -> yaml.MarkedYAMLError:
    mark: Any = event.start_mark  # of the parser in C or in Python
    return yaml.MarkedYAMLError(problem=reason, problem_mark=mark)


def _where(problem: Exception) -> str:
    mark = getattr(problem, "problem_mark", None)
    reason = getattr(problem, "problem", None) or type(problem).__name__
    if mark is None:
        return str(reason)
    return _("dòng %(line)d, cột %(column)d: %(reason)s") % {
        "line": mark.line + 1,
        "column": mark.column + 1,
        "reason": reason,
    }


def _lean(value: Any) -> Any:
    """Leave out what is empty: it comes back as its default. Inside forms, conditions and templates all stays."""
    if isinstance(value, Mapping):
        return {
            key: inner
            for key, one in value.items()
            if (inner := one if key in _KEPT_WHOLE else _lean(one)) not in _EMPTY
        }
    if isinstance(value, list):
        return [_lean(one) for one in value]
    return value
