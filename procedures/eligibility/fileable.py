"""The services that may be filed today, each with its check, read once and kept in the process while nothing changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Q

from core.languages import worded
from procedures.eforms.schema import Field
from procedures.eligibility.checks import Check, parsed
from procedures.models import ProcedureVersion

_COLUMNS = (
    "pk",
    "updated_at",
    "procedure__code",
    "name",
    "name_en",
    "short_name",
    "sector__slug",
    "sector__name",
    "applicant_categories",
    "eligibility",
)


@dataclass(frozen=True, eq=False)
class Service:
    """One procedure that people may file. ``topic`` is its sector, "" for none."""

    code: str
    name: str
    name_en: str
    topic: str
    topic_name: str
    categories: frozenset[str]
    check: Check

    def name_in(self, language: str = "") -> str:
        return worded(self.name, self.name_en, language)


@dataclass(frozen=True, eq=False)
class Services:
    """All of them, by name, and the questions that they share."""

    all: tuple[Service, ...]

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every question once, in the form that most services give it: one name is one question."""
        forms: dict[str, Counter[str]] = {}
        samples: dict[str, Field] = {}
        for service in self.all:
            for name, one in service.check.fields.items():
                forms.setdefault(name, Counter())[_form_of(one)] += 1
                samples.setdefault(_form_of(one), one)
        return {name: samples[counts.most_common(1)[0][0]] for name, counts in forms.items()}

    @cached_property
    def own(self) -> dict[str, frozenset[str]]:
        """Questions by service that go by a name of which the others mean something else: only its own page asks them."""
        return {
            service.code: frozenset(
                name
                for name, one in service.check.fields.items()
                if _form_of(one) != _form_of(self.fields[name])
            )
            for service in self.all
        }


def _form_of(one: Field) -> str:
    return f"{one.name} {one.type} {' '.join(choice.value for choice in one.choices)}"


_read: dict[int, tuple[datetime, Service]] = {}
_last: tuple[tuple[tuple[int, datetime], ...], Services] = ((), Services(()))


def services(*, on: date) -> Services:
    """Give the services that take filings on a day. One query, and one more where something has changed."""
    global _last
    rows = ProcedureVersion.objects.open_for_filing().filter(
        Q(effective_from=None) | Q(effective_from__lte=on), Q(effective_to=None) | Q(effective_to__gte=on)
    )
    found = tuple(rows.order_by("name_sort", "pk").values_list("pk", "updated_at"))
    if _last[0] == found:
        return _last[1]
    read = {pk: _read[pk] for pk, saved in found if pk in _read and _read[pk][0] == saved}
    read |= _from_database([pk for pk, _saved in found if pk not in read])
    _read.clear()
    _read.update(read)
    made = Services(tuple(read[pk][1] for pk, _saved in found if pk in read))
    _last = (found, made)
    return made


def _from_database(ids: Sequence[int]) -> dict[int, tuple[datetime, Service]]:
    return {
        row["pk"]: (
            row["updated_at"],
            Service(
                code=row["procedure__code"],
                name=row["short_name"] or row["name"],
                name_en=row["name_en"],
                topic=row["sector__slug"] or "",
                topic_name=row["sector__name"] or "",
                categories=frozenset(row["applicant_categories"]),
                check=parsed(json.dumps(row["eligibility"])),
            ),
        )
        for row in ProcedureVersion.objects.filter(pk__in=ids).values(*_COLUMNS)
    }
