"""What can I get, what do I need? All services narrowed by answers, the question that says most asked first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from procedures.eforms.conditions import TRUE
from procedures.eforms.schema import Choice, Field, FieldType
from procedures.eligibility.checks import Outcome
from procedures.eligibility.deciding import Verdict, decide
from procedures.eligibility.fileable import Service, Services
from procedures.states import ApplicantCategory, EligibilityResult
from procedures.trying.samples import deciding

#: Names of the two questions that every service answers by what is published of it; no question of a form is named so.
TOPIC, WHO = "linh-vuc", "nguoi-nop"

_ORGANISED = frozenset(
    {
        ApplicantCategory.ENTERPRISE.value,
        ApplicantCategory.FOREIGN_INVESTED_ENTERPRISE.value,
        ApplicantCategory.COOPERATIVE.value,
        ApplicantCategory.ORGANISATION.value,
    }
)
NOT_FOR_THEM = Verdict(Outcome(TRUE, EligibilityResult.CANNOT))
"""Of a service that is published for other applicants (đối tượng thực hiện)."""

_FEWEST_TO_NARROW = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A service and what the answers so far say about it."""

    service: Service
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Screening:
    """The services by what is known. ``question`` is what to ask next, None when nothing would narrow them any more.

    ``aside`` counts those about something else. ``unchecked`` services ask nothing beforehand.
    """

    question: Field | None
    can: list[Row] = field(default_factory=list)
    open: list[Row] = field(default_factory=list)
    unchecked: list[Row] = field(default_factory=list)
    cannot: list[Row] = field(default_factory=list)
    aside: int = 0


def questions(services: Services) -> dict[str, Field]:
    """Give everything that the screener may ask, by name; the two common questions first."""
    topics = {one.topic: one.topic_name for one in services.all if one.topic}
    topic = Field(
        TOPIC,
        _("Bạn cần làm việc về lĩnh vực nào?"),
        FieldType.CHOICE,
        choices=tuple(Choice(slug, topics[slug]) for slug in sorted(topics, key=topics.__getitem__)),
    )
    who = Field(
        WHO,
        _("Bạn làm thủ tục với tư cách nào?"),
        FieldType.CHOICE,
        choices=(
            Choice(ApplicantCategory.CITIZEN.value, str(ApplicantCategory.CITIZEN.label)),
            Choice(
                ApplicantCategory.OVERSEAS_VIETNAMESE.value, str(ApplicantCategory.OVERSEAS_VIETNAMESE.label)
            ),
            Choice(ApplicantCategory.FOREIGNER.value, str(ApplicantCategory.FOREIGNER.label)),
            Choice(ApplicantCategory.ORGANISATION.value, _("Doanh nghiệp, hợp tác xã, tổ chức khác")),
        ),
    )
    return {TOPIC: topic, WHO: who, **services.fields}


def screen(
    services: Services, answers: Mapping[str, Any], *, today: date, unknown: Iterable[str] = ()
) -> Screening:
    """Narrow the services by the answers. ``unknown`` names the questions that the person passes over."""
    passed = frozenset(unknown)
    rows: list[Row] = []
    aside = 0
    for service in services.all:
        if answers.get(TOPIC) not in (None, service.topic):
            aside += 1
        else:
            rows.append(Row(service, _verdict(services, service, answers, passed, today)))
    found = Screening(_most_telling(services, rows, answers, passed, today), aside=aside)
    for row in rows:
        _group(found, row).append(row)
    return found


def _group(found: Screening, row: Row) -> list[Row]:
    if row.verdict.stops:
        return found.cannot
    if not row.service.check:
        return found.unchecked
    return found.can if row.verdict.outcome is not None else found.open


def _verdict(
    services: Services, service: Service, answers: Mapping[str, Any], passed: frozenset[str], today: date
) -> Verdict:
    if not _is_for(service, answers.get(WHO)):
        return NOT_FOR_THEM
    names = service.check.fields.keys()
    own = services.own[service.code]
    given = tuple((name, _hashable(answers[name])) for name in names if name in answers and name not in own)
    return _decided(service, given, passed.intersection(names) | own, today)


@lru_cache(maxsize=20_000)
def _decided(
    service: Service, given: tuple[tuple[str, Any], ...], unknown: frozenset[str], today: date
) -> Verdict:
    answers = {name: list(value) if isinstance(value, tuple) else value for name, value in given}
    return decide(service.check, answers, today=today, unknown=unknown)


def _hashable(answer: Any) -> Any:
    return tuple(answer) if isinstance(answer, list) else answer


def _is_for(service: Service, who: str | None) -> bool:
    """Say whether the service is for this applicant. One that names nobody is for everybody."""
    named = service.categories
    if who is None or not named or ApplicantCategory.OTHER in named:
        return True
    return bool(named & _ORGANISED) if who == ApplicantCategory.ORGANISATION else who in named


def _most_telling(
    services: Services, rows: list[Row], answers: Mapping[str, Any], passed: frozenset[str], today: date
) -> Field | None:
    """Choose the question after which the fewest services are left to look at, whatever is answered.

    Of two that tell the same, the one that more services ask.
    """
    left = [row for row in rows if not row.verdict.stops]
    wanted: Counter[str] = Counter(name for row in left for name in row.verdict.ask)
    asked = questions(services)
    common = [name for name in (TOPIC, WHO) if name not in answers and name not in passed]
    if common and len(left) >= _FEWEST_TO_NARROW:
        wanted.update(dict.fromkeys(common, len(left)))
    best, best_score = None, (0.0, 0)
    for name, times in wanted.items():
        score = (_narrows(services, left, answers, asked[name], passed, today), times)
        if score > best_score and (name not in (TOPIC, WHO) or score[0] > 0):
            best, best_score = asked[name], score
    return best


def _narrows(
    services: Services,
    left: list[Row],
    answers: Mapping[str, Any],
    question: Field,
    passed: frozenset[str],
    today: date,
) -> float:
    """Give how many services an answer settles or rules out, on the average of the possible answers."""
    values = _possible(question, left, today)
    if not values:
        return 0.0
    told = 0.0
    for value in values:
        supposed = {**answers, question.name: value}
        for row in left:
            if question.name == TOPIC:
                told += row.service.topic != value
            elif question.name == WHO or question.name in row.verdict.ask:
                verdict = _verdict(services, row.service, supposed, passed, today)
                told += 1.0 if verdict.stops else 0.5 if verdict.is_settled and row.verdict.ask else 0.0
    return told / len(values)


def _possible(question: Field, left: Iterable[Row], today: date) -> list[Any]:
    """Give the answers that make a difference to the services that ask."""
    conditions = [
        outcome.condition
        for row in left
        if question.name in row.verdict.ask
        for outcome in row.service.check.outcomes
    ]
    return [one for one in deciding(question, conditions, today=today) if one is not None]
