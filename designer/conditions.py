"""Conditions of the e-form as lines to choose: a question, a comparison, an answer.

A condition that lines cannot say (nested ones, comparisons of worked-out values; they come from a file) is kept as it
is until somebody replaces it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Text
from designer.parts import Bend, Choices, Control, Entry, Key, Part, Rows
from procedures.eforms.schema import ROWS, Field, FieldType

Questions = Mapping[str, Field]
"""Questions that a condition may name, by name."""

KEPT, TODAY = "kept", "today"
_YES, _NO = "true", "false"
_CHOSEN = frozenset({FieldType.CHOICE, FieldType.CHOICE_SEARCH})
_BOXES = frozenset({FieldType.CHECKBOX, FieldType.YES_NO})
_WHOLE = frozenset({FieldType.INTEGER, FieldType.MONEY})
_ORDERED = _WHOLE | {FieldType.DECIMAL, FieldType.DATE, FieldType.MONTH, FieldType.TIME, FieldType.COMPUTED}
_ONLY_FILLED = ROWS | {FieldType.ADDRESS}

_FILLED: Choices = (("filled", gettext_lazy("đã trả lời")), ("empty", gettext_lazy("chưa trả lời")))
_EQUAL: Choices = (("equals", gettext_lazy("bằng")), ("not_equals", gettext_lazy("khác")))
_AGE: Choices = (
    ("years_at_least", gettext_lazy("đã đủ số năm tròn, tính đến ngày điền đơn")),
    ("years_less", gettext_lazy("chưa đủ số năm tròn, tính đến ngày điền đơn")),
)
"""Comparisons of an age: ``{"value_of": {"years": [<the date>, today]}, "at_least": 9}``."""
_ORDER: Choices = (
    ("greater", gettext_lazy("lớn hơn, sau")),
    ("less", gettext_lazy("nhỏ hơn, trước")),
    ("at_least", gettext_lazy("từ … trở lên")),
    ("at_most", gettext_lazy("đến … là nhiều nhất")),
)


def condition_part(
    questions: Questions, key: Key, label: Text, *, kept: bool, group: Text = "", hint: Text = ""
) -> Part:
    """Make the controls of a condition. ``kept``: it holds one that lines cannot say."""
    joins: Choices = (
        ("all", gettext_lazy("mọi dòng dưới đây đều đúng")),
        ("any", gettext_lazy("ít nhất một dòng đúng")),
    )
    if kept:
        joins = ((KEPT, gettext_lazy("giữ điều kiện phức tạp đã nhập từ tệp")), *joins)
    rows = Rows(
        ("rows",),
        label,
        lambda data, prefix: _line_part(questions, data, prefix),
        lambda _count, _picked: {"field": ""},
        gettext_lazy("Thêm dòng điều kiện"),
        hint=hint,
    )
    own = Part(
        (Entry(("join",), label, Control.CHOICE, joins), Entry((KEPT,), "", Control.KEPT)),
        (rows,),
    ).under(key, group=group)
    return own + Part(bends={key: Bend(lambda value: shown(value, questions), lambda v: taken(v, questions))})


def shown(value: Any, questions: Questions) -> dict[str, Any]:
    """Give a condition as lines."""
    if not value:
        return {"join": "all", "rows": [], KEPT: ""}
    join, parts = "all", [value]
    for key in ("all", "any"):
        if isinstance(value, Mapping) and set(value) == {key} and isinstance(value[key], list):
            join, parts = key, value[key]
    lines = [_line(one, questions) for one in parts]
    if any(one is None for one in lines):
        return {"join": KEPT, "rows": [], KEPT: json.dumps(value, ensure_ascii=False)}
    return {"join": join, "rows": lines, KEPT: ""}


def taken(value: Mapping[str, Any], questions: Questions) -> dict[str, Any]:
    """Give the condition that lines say; none without lines."""
    if value.get("join") == KEPT:
        return kept_value(value.get(KEPT))
    parts = [made for one in value.get("rows") or [] if (made := _comparison(one, questions))]
    if not parts:
        return {}
    return parts[0] if len(parts) == 1 else {str(value.get("join") or "all"): parts}


def kept_value(text: Any) -> dict[str, Any]:
    """Read what went to the page and back; what it says is the parser's to check."""
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def told(value: Any, questions: Questions) -> str:
    """Say a condition in one line of words."""
    said = shown(value, questions)
    if said["join"] == KEPT:
        return _("điều kiện phức tạp")
    word = _(" và ") if said["join"] == "all" else _(" hoặc ")
    return word.join(_told_line(one, questions) for one in said["rows"])


def simple_part(questions: Questions, key: Key, label: Text, data: Mapping[str, Any], prefix: str) -> Part:
    """Make the controls of the short condition of a step: one question equals one answer."""
    usable = {
        name: one
        for name, one in questions.items()
        if one.type in _CHOSEN | _BOXES | {FieldType.TEXT, FieldType.INTEGER}
    }
    chosen = usable.get(str(data.get(f"{prefix}-{'-'.join(key)}-field", "")))
    always: Choices = (("", gettext_lazy("luôn có bước này")),)
    entries = [
        Entry((*key, "field"), label, Control.CHOICE, (*always, *_named(usable)), refreshes=True),
    ]
    if chosen is not None:
        entries.append(_answer_entry(chosen, (*key, "equals")))

    def as_text(value: Any) -> dict[str, Any]:
        given = value if isinstance(value, Mapping) else {}
        return {"field": given.get("field", ""), "equals": _text(given.get("equals"))}

    def back(value: Mapping[str, Any]) -> dict[str, Any]:
        one = usable.get(value.get("field") or "")
        return {"field": one.name, "equals": _literal(one, value.get("equals"))} if one else {}

    return Part(tuple(entries), (), {key: Bend(as_text, back)})


def _line_part(questions: Questions, data: Mapping[str, Any], prefix: str) -> Part:
    choose: Choices = (("", gettext_lazy("— chọn câu hỏi —")),)
    entries = [
        Entry(
            ("field",),
            gettext_lazy("Câu hỏi"),
            Control.CHOICE,
            (*choose, *_named(questions)),
            refreshes=True,
        )
    ]
    subject = questions.get(str(data.get(f"{prefix}-field", "")))
    if subject is None:
        return Part(tuple(entries))
    entries.append(
        Entry(
            ("how",),
            gettext_lazy("So sánh"),
            Control.CHOICE,
            _hows(subject),
            refreshes=subject.type is FieldType.DATE,
        )
    )
    if data.get(f"{prefix}-how") in dict(_AGE) and subject.type is FieldType.DATE:
        entries.append(Entry(("answer",), gettext_lazy("Số năm"), Control.NUMBER))
    elif subject.type in _CHOSEN:
        choices = tuple((one.value, one.label) for one in subject.choices)
        entries.append(Entry(("chosen",), gettext_lazy("Câu trả lời"), Control.SEVERAL, choices, empty=[]))
    elif subject.type not in _ONLY_FILLED:
        entries.append(_answer_entry(subject, ("answer",)))
        others = _others(subject, questions)
        if subject.type not in _BOXES and len(others) > 1:
            entries.append(Entry(("other",), gettext_lazy("Hoặc so với"), Control.CHOICE, others))
    return Part(tuple(entries))


def _others(subject: Field, questions: Questions) -> Choices:
    """Give what an answer can be compared with besides a fixed one."""
    alike = {
        name: one
        for name, one in questions.items()
        if one.name != subject.name and _family(one) == _family(subject)
    }
    others: Choices = (("", "—"), *_named(alike))
    return (*others, (TODAY, gettext_lazy("ngày điền đơn"))) if subject.type is FieldType.DATE else others


def _answer_entry(subject: Field, key: Key) -> Entry:
    label = gettext_lazy("Câu trả lời")
    if subject.type in _BOXES:
        yes_no: Choices = ((_YES, gettext_lazy("Có")), (_NO, gettext_lazy("Không")))
        return Entry(key, label, Control.CHOICE, yes_no)
    if subject.choices:
        return Entry(key, label, Control.CHOICE, tuple((one.value, one.label) for one in subject.choices))
    if subject.type is FieldType.DATE:
        return Entry(key, label, Control.DAY)
    if subject.type in _WHOLE:
        return Entry(key, label, Control.NUMBER)
    return Entry(key, label, Control.LINE, most=200)


def _hows(subject: Field) -> Choices:
    if subject.type in _CHOSEN:
        return (
            ("in", gettext_lazy("là một trong các câu trả lời")),
            ("not_in", gettext_lazy("không phải các câu trả lời")),
            *_FILLED,
        )
    if subject.type is FieldType.MULTI_CHOICE:
        return (("contains", gettext_lazy("có chọn")), *_FILLED)
    if subject.type in _BOXES:
        return (("equals", gettext_lazy("là")), *_FILLED)
    if subject.type in _ONLY_FILLED:
        return _FILLED
    ordered = _ORDER if subject.type in _ORDERED else ()
    return (*_EQUAL, *ordered, *(_AGE if subject.type is FieldType.DATE else ()), *_FILLED)


def _family(one: Field) -> str:
    kind = one.shown_as if one.type is FieldType.COMPUTED else one.type
    return "number" if kind in _WHOLE | {FieldType.DECIMAL} else str(kind)


def _named(questions: Questions) -> Choices:
    return tuple((name, one.label) for name, one in questions.items())


def _line(one: Any, questions: Questions) -> dict[str, Any] | None:
    """Give a comparison as a line; None where a line cannot say it."""
    if isinstance(one, Mapping) and set(one) == {"not"}:
        return _turned(_line(one["not"], questions))
    if isinstance(one, Mapping) and "value_of" in one:
        return _age(one, questions)
    if not isinstance(one, Mapping) or len(one) != 2 or one.get("field") not in questions:
        return None
    subject = questions[one["field"]]
    (operator,) = set(one) - {"field"}
    right = one[operator]
    line: dict[str, Any] = {"field": one["field"]}
    if operator == "filled":
        return {**line, "how": "filled" if right else "empty"}
    if subject.type in _CHOSEN:
        values = right if isinstance(right, list) else [right]
        how = {"equals": "in", "not_equals": "not_in"}.get(operator, operator)
        known = {choice.value for choice in subject.choices}
        if how not in ("in", "not_in") or not all(isinstance(v, str) and v in known for v in values):
            return None
        return {**line, "how": how, "chosen": values}
    if operator not in dict(_hows(subject)) or isinstance(right, list):
        return None
    if isinstance(right, Mapping):
        other = TODAY if right == {"today": True} else right.get("field") if len(right) == 1 else None
        return {**line, "how": operator, "other": other} if other in (TODAY, *questions) else None
    return {**line, "how": operator, "answer": _text(right)}


def _turned(line: dict[str, Any] | None) -> dict[str, Any] | None:
    """Turn a line round. Only what asks for an answer can be: a comparison with no answer is false both ways."""
    turned = {"filled": "empty", "empty": "filled"}.get(line["how"]) if line else None
    return {**line, "how": turned} if line and turned else None


def _age(one: Mapping[str, Any], questions: Questions) -> dict[str, Any] | None:
    operator = next((f"years_{key}" for key in one if f"years_{key}" in dict(_AGE)), "")
    expression = one["value_of"]
    span = expression.get("years") if isinstance(expression, Mapping) and len(expression) == 1 else None
    if not operator or len(one) != 2 or not isinstance(span, list) or span[1:] != [{"today": True}]:
        return None
    name = str(span[0].get("field")) if isinstance(span[0], Mapping) and len(span[0]) == 1 else ""
    years = one[operator.removeprefix("years_")]
    if name not in questions or questions[name].type is not FieldType.DATE or not isinstance(years, int):
        return None
    return {"field": name, "how": operator, "answer": years}


def _comparison(line: Mapping[str, Any], questions: Questions) -> dict[str, Any] | None:
    subject = questions.get(line.get("field") or "")
    if subject is None:
        return None
    how = str(line.get("how") or _hows(subject)[0][0])
    if how in ("filled", "empty"):
        return {"field": subject.name, "filled": how == "filled"}
    if subject.type is FieldType.DATE and how in dict(_AGE):
        span = {"years": [{"field": subject.name}, {"today": True}]}
        years = line.get("answer")
        return {"value_of": span, how.removeprefix("years_"): years if isinstance(years, int) else None}
    if subject.type in _CHOSEN:
        chosen = list(line.get("chosen") or [])
        if len(chosen) == 1:
            return {"field": subject.name, "equals" if how == "in" else "not_equals": chosen[0]}
        return {"field": subject.name, how: chosen}
    other = line.get("other")
    right: Any = _literal(subject, line.get("answer"))
    if other:
        right = {"today": True} if other == TODAY else {"field": other}
    return {"field": subject.name, how: right}


def _literal(subject: Field, answer: Any) -> Any:
    if subject.type in _BOXES:
        return answer != _NO
    if isinstance(answer, str):
        text = answer.strip()
        return number_of(text) if _family(subject) == "number" else text
    return "" if answer is None else answer


def number_of(text: str) -> int | str:
    """Give a number as documents hold it, 12 or "12.5"; what is none is the parser's to refuse."""
    plain = text.strip().replace(",", ".")
    return int(plain) if re.fullmatch(r"-?[0-9]{1,15}", plain) else plain


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _YES if value else _NO
    return "" if value is None else str(value)


def _told_line(line: Mapping[str, Any], questions: Questions) -> str:
    subject = questions[line["field"]]
    how = str(dict(_hows(subject)).get(line["how"], line["how"]))
    labels = {choice.value: choice.label for choice in subject.choices}
    if line["how"] in ("filled", "empty"):
        right = ""
    elif "chosen" in line:
        right = ", ".join(f"“{labels.get(one, one)}”" for one in line["chosen"])
    elif line.get("other"):
        other = questions.get(line["other"])
        right = f"“{other.label}”" if other else _("ngày điền đơn")
    elif subject.type in _BOXES:
        right = _("Có") if line["answer"] == _YES else _("Không")
    else:
        right = labels.get(line["answer"], line["answer"])
    return f"“{subject.label}” {how} {right}".strip()
