"""Synthetic applicants: as few as needed so that every question is asked and every deciding answer is given once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any

from procedures import eforms
from procedures.eforms.conditions import Condition, names
from procedures.eforms.schema import Schema
from procedures.trying.samples import deciding, sample

MOST_WAYS = 3_000
"""Combinations of deciding answers that are looked at for one question; beyond, a fixed sample of them."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """One invented applicant. ``answers`` are those of the questions that were asked; ``meets`` what was asked."""

    answers: dict[str, Any]
    meets: frozenset[str]


@dataclass(frozen=True)
class Trial:
    """Goes through one form. ``today`` is the day on which it is filled in."""

    schema: Schema
    today: date
    _ways: dict[str, list[Any]] = field(default_factory=dict)

    @cached_property
    def conditions(self) -> list[Condition]:
        return [one.condition for one in self.schema.fields.values() if one.condition is not None]

    @cached_property
    def applicants(self) -> list[Applicant]:
        """Give applicants who together meet all that can be met, each adding something that none before had."""
        chosen = [self.fill({})]
        met = set(self._targets(chosen[0]))
        for name in self.schema.fields:
            if not any(name in one.meets for one in chosen) and (found := self.reaching(name)) is not None:
                chosen.append(found)
                met |= self._targets(found)
        for name in sorted(self._controllers(self.schema.fields)):
            for value in self._values(name):
                target = (name, repr(value))
                if value is None or target in met:
                    continue
                one = self._giving(name, value)
                if one is not None:
                    chosen.append(one)
                    met |= self._targets(one)
        return chosen

    @cached_property
    def unreachable(self) -> list[str]:
        """Give the names of what nobody is ever asked."""
        met = frozenset[str]().union(*(one.meets for one in self.applicants))
        return [name for name in self.schema.fields if name not in met]

    @cached_property
    def unfillable(self) -> list[str]:
        """Give the required questions for which no answer could be made up: there is no example to go by."""
        return [
            name
            for name, one in self.schema.fields.items()
            if one.required and one.takes_answer and sample(one, today=self.today) is None
        ]

    def reaching(self, name: str) -> Applicant | None:
        """Give an applicant who is asked a question; None where nobody is."""
        for fixed in self._combinations(sorted(self._controllers([name]))):
            one = self.fill(fixed)
            if name in one.meets:
                return one
        return None

    def fill(self, fixed: dict[str, Any]) -> Applicant:
        """Fill the form in with fixed answers where there are any, and with samples elsewhere."""
        answers: dict[str, Any] = {}
        for name, one in self.schema.fields.items():
            if not one.takes_answer:
                continue
            answer = fixed[name] if name in fixed else sample(one, today=self.today)
            if answer is not None:
                answers[name] = answer
        now = eforms.asked(self.schema, answers, today=self.today)
        return Applicant(now.answers, now.names)

    def _giving(self, name: str, value: Any) -> Applicant | None:
        for fixed in self._combinations(sorted(self._controllers([name]) - {name})):
            one = self.fill({**fixed, name: value})
            if one.answers.get(name) == value:
                return one
        return None

    def _targets(self, one: Applicant) -> set[tuple[str, str]]:
        return {(name, repr(one.answers.get(name))) for name in self._controllers(self.schema.fields)}

    def _controllers(self, wanted: Any) -> set[str]:
        """Give the questions on whose answers these depend, however far back; of all, for all."""
        found: set[str] = set()
        ahead = list(wanted)
        while ahead:
            condition = self.schema.fields[ahead.pop()].condition
            for name in set(names(condition)) - found if condition is not None else ():
                if name in self.schema.fields and self.schema.fields[name].takes_answer:
                    found.add(name)
                    ahead.append(name)
        return found

    def _values(self, name: str) -> list[Any]:
        if name not in self._ways:
            self._ways[name] = deciding(self.schema.fields[name], self.conditions, today=self.today)
        return self._ways[name]

    def _combinations(self, controllers: list[str]) -> Iterator[dict[str, Any]]:
        ways = [self._values(name) for name in controllers]
        total = 1
        for one in ways:
            total *= len(one)
        if total <= MOST_WAYS:
            yield from (dict(zip(controllers, one, strict=True)) for one in product(*ways))
            return
        dice = random.Random(0)  # noqa: S311  (the same sample every time)
        for _ in range(MOST_WAYS):
            yield {name: dice.choice(one) for name, one in zip(controllers, ways, strict=True)}
