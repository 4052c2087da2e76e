"""Carrying a draft's answers to a new version of its form, and saying what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procedures.eforms import values
from procedures.eforms.asking import asked
from procedures.eforms.schema import ROWS, Field, FieldType, Schema


@dataclass(frozen=True, slots=True)
class Dropped:
    """A question that is no more, with the answer that goes with it as people read it."""

    field: Field
    answer: str


@dataclass(frozen=True, slots=True)
class ToCheck:
    """A question whose answer is kept as it was typed, but does not fit the new form; ``problem`` says why."""

    field: Field
    problem: str


@dataclass(frozen=True, slots=True)
class Carried:
    """``answers`` for the new form, and the difference for the person: ``dropped`` only where something was answered,
    ``new`` questions that are asked now, ``to_check``, and ``required`` that were optional and have no answer."""

    answers: dict[str, Any]
    dropped: tuple[Dropped, ...]
    new: tuple[Field, ...]
    to_check: tuple[ToCheck, ...]
    required: tuple[Field, ...]

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.dropped or self.new or self.to_check or self.required)


def carried(old: Schema, new: Schema, answers: Mapping[str, Any], language: str = "vi") -> Carried:
    """Carry answers from one version of a form to the next by the names of the questions.

    An answer goes along where the new form has a question of that name which takes it, be it of another kind (a text
    that is a date now); one that fitted and does not fit any more goes along as it is where the kinds are akin, so
    that nothing typed is lost, and is listed to be checked. Rows lose the columns that are gone.
    """
    kept: dict[str, Any] = {}
    dropped: list[Dropped] = []
    to_check: list[ToCheck] = []
    for name, before in old.fields.items():
        answer = answers.get(name)
        if not before.takes_answer or not _is_something(answer):
            continue
        after = new.fields.get(name)
        if after is not None and after.takes_answer:
            moved = _moved(before, after, answer)
            if moved is not None:
                kept[name] = moved
                if problem := _problem(after, moved):
                    to_check.append(ToCheck(after, problem))
                continue
        dropped.append(Dropped(before, values.display(before, answer, language)))
    for name, after in new.fields.items():
        if after.takes_answer and name in answers and answers[name] is False and name in old.fields:
            kept.setdefault(name, False)  # a box that was seen and left open
    now = asked(new, kept)
    open_now = [one for one in new.questions.values() if one.takes_answer and one.name in now.names]
    return Carried(
        answers=kept,
        dropped=tuple(dropped),
        new=tuple(one for one in open_now if one.name not in old.fields),
        to_check=tuple(to_check),
        required=tuple(
            one
            for one in open_now
            if one.required
            and one.name not in kept
            and one.name in old.fields
            and not old.fields[one.name].required
        ),
    )


def _is_something(answer: Any) -> bool:
    return answer not in (None, "", False) and answer != [] and answer != {}


_AKIN = (
    {FieldType.CHOICE, FieldType.CHOICE_SEARCH},
    {FieldType.TEXT, FieldType.TEXTAREA, FieldType.PERSONAL_NUMBER, FieldType.PHONE, FieldType.EMAIL}
    | {FieldType.ORGANISATION_CODE, FieldType.TAX_CODE},
    {FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY},
    {FieldType.REPEAT, FieldType.TABLE},
)


def _moved(before: Field, after: Field, answer: Any) -> Any:
    """Give the answer as the new question keeps it; None if nothing of it can go along."""
    if before.type in ROWS and after.type in ROWS and isinstance(answer, list):
        columns = {one.name: one for one in before.fields}
        return [
            {
                one.name: moved
                for one in after.fields
                if one.name in columns
                and isinstance(row, dict)
                and _is_something(row.get(one.name))
                and (moved := _moved(columns[one.name], one, row[one.name])) is not None
            }
            for row in answer
        ]
    if before.type is FieldType.CHECKBOX or after.type is FieldType.CHECKBOX:
        return answer if before.type is after.type else None
    if (fitting := values.fitting(after, answer)) is not None:
        return fitting
    if before.type is after.type or any({before.type, after.type} <= group for group in _AKIN):
        return answer
    return None


def _problem(after: Field, answer: Any) -> str:
    try:
        values.read(after, answer)
    except values.WrongAnswer as problem:
        return str(problem)
    return ""
