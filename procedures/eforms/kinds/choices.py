"""Answers to choose: one, one out of very many, several, yes or no, a box to tick."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from core.vietnamese import fold
from procedures.eforms.kinds.base import Answer, Kind, WrongAnswer, kind, plain_text, wrong_type
from procedures.eforms.schema import Choice, Field, FieldType

_TICKED = {"on", "true", "1"}
_YES = {"yes", "true", "1", "co", "on"}
_NO = {"no", "false", "0", "khong"}


def _label(field: Field, value: Any, language: str) -> str:
    return next((one.label_in(language) for one in field.choices if one.value == value), str(value))


@kind(FieldType.CHOICE)
class OneOf(Kind):
    keys = frozenset({"choices", "display"})
    may_be_fixed = False

    def read_text(self, field: Field, text: str) -> Answer:
        if text not in {choice.value for choice in field.choices}:
            raise WrongAnswer(_("Không có lựa chọn này. Hãy chọn một trong các mục được liệt kê."))
        return text

    def missing(self, field: Field) -> str:
        return _("Hãy chọn một mục.")

    def display(self, field: Field, answer: Any, language: str) -> str:
        return _label(field, answer, language)

    def is_possible(self, field: Field, value: Any) -> bool:
        return value in {choice.value for choice in field.choices}


@kind(FieldType.CHOICE_SEARCH)
class OneOfMany(OneOf):
    """One of a long list, found by typing part of it; marks and capitals do not matter."""

    keys = frozenset({"choices", "source"})

    def read_text(self, field: Field, text: str) -> Answer:
        text = " ".join(text.split())
        values = {choice.value for choice in field.choices}
        if text in values:
            return text
        found = _named(field.choices, text)
        if len(found) == 1:
            return found[0].value
        if found:
            raise WrongAnswer(
                _("Có nhiều mục khớp: %s. Hãy chọn một mục trong danh sách.") % _some_labels(found)
            )
        if near := _near(field.choices, text):
            raise WrongAnswer(
                _("Không có “%(text)s” trong danh sách. Có phải bạn muốn chọn %(near)s?")
                % {"text": text[:60], "near": _some_labels(near)}
            )
        raise WrongAnswer(
            _("Không có “%s” trong danh sách. Hãy gõ vài chữ rồi chọn một mục hiện ra.") % text[:60]
        )

    def missing(self, field: Field) -> str:
        return _("Hãy gõ vài chữ rồi chọn một mục trong danh sách.")

    def as_typed(self, field: Field, answer: Any) -> Any:
        return _label(field, answer, "")


def _named(choices: Iterable[Choice], text: str) -> list[Choice]:
    """Give the choices of this name; if none is, those that begin with it or hold it."""
    wanted = fold(text)
    labels = [(fold(label), one) for one in choices for label in (one.label, one.label_en) if label]
    for fits in (str.__eq__, str.startswith, str.__contains__):
        if found := list(dict.fromkeys(one for label, one in labels if fits(label, wanted))):
            return found
    return []


def _near(choices: Iterable[Choice], text: str) -> list[Choice]:
    by_label = {fold(label): one for one in choices for label in (one.label, one.label_en) if label}
    return [by_label[label] for label in get_close_matches(fold(text)[:60], by_label, n=3, cutoff=0.6)]


def _some_labels(found: list[Choice]) -> str:
    shown = ", ".join(one.label_in("") for one in found[:3])
    return f"{shown}…" if len(found) > 3 else shown


@kind(FieldType.MULTI_CHOICE)
class SomeOf(OneOf):
    keys = frozenset({"choices", "min", "max"})

    def read(self, field: Field, raw: Any) -> Answer:
        if raw is None or raw == "":
            return None
        given = [raw] if isinstance(raw, str) else raw
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise wrong_type()
        wanted = {text for one in given if (text := plain_text(one))}
        if wanted - {choice.value for choice in field.choices}:
            raise WrongAnswer(_("Không có lựa chọn này. Hãy chọn trong các mục được liệt kê."))
        chosen = [choice.value for choice in field.choices if choice.value in wanted]
        if not chosen:
            return None
        if field.min is not None and len(chosen) < field.min:
            raise WrongAnswer(_("Hãy chọn ít nhất %d mục.") % field.min)
        if field.max is not None and len(chosen) > field.max:
            raise WrongAnswer(_("Hãy chọn nhiều nhất %d mục.") % field.max)
        return chosen

    def missing(self, field: Field) -> str:
        return _("Hãy chọn ít nhất một mục.")

    def display(self, field: Field, answer: Any, language: str) -> str:
        given = answer if isinstance(answer, list) else [answer]
        return "; ".join(_label(field, value, language) for value in given)


@kind(FieldType.YES_NO)
class YesNo(Kind):
    may_be_fixed = False

    def read(self, field: Field, raw: Any) -> Answer:
        return raw if isinstance(raw, bool) else super().read(field, raw)

    def read_text(self, field: Field, text: str) -> Answer:
        word = fold(text)
        if word in _YES or word in _NO:
            return word in _YES
        raise WrongAnswer(_("Hãy chọn Có hoặc Không."))

    def missing(self, field: Field) -> str:
        return _("Hãy chọn Có hoặc Không.")

    def display(self, field: Field, answer: Any, language: str) -> str:
        if not isinstance(answer, bool):
            return str(answer)
        yes, no = ("Yes", "No") if language == "en" else ("Có", "Không")
        return yes if answer else no

    def is_possible(self, field: Field, value: Any) -> bool:
        return isinstance(value, bool)

    def as_typed(self, field: Field, answer: Any) -> Any:
        return {True: "yes", False: "no"}.get(answer, "") if isinstance(answer, bool) else answer


@kind(FieldType.CHECKBOX)
class Box(YesNo):
    """A box to tick, such as a declaration; not ticked is false, never nothing."""

    def read(self, field: Field, raw: Any) -> Answer:
        return raw is True or (isinstance(raw, str) and raw.strip().lower() in _TICKED)

    def is_given(self, answer: Answer) -> bool:
        return answer is True

    def missing(self, field: Field) -> str:
        return _("Hãy đánh dấu vào ô này để tiếp tục.")

    def display(self, field: Field, answer: Any, language: str) -> str:
        return super().display(field, answer is True, language)

    def as_typed(self, field: Field, answer: Any) -> Any:
        return answer
