"""What an inspector sees of a result beyond what everybody sees (domain: actors, 2.3; results, 7.7).

A result type lists the classes of inspectors; an officer who holds a post of a listed class sees what the class is
granted, when they say what for. Everybody else, officers of other classes included, sees the public view.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.masking import mask
from procedures import selectors as procedures
from procedures import templates
from procedures.models import ResultType
from procedures.states import InspectorClass
from results_vault.models import InspectorPost, Result
from results_vault.selectors import replaced_by
from results_vault.states import Fact

_ALL = frozenset({Fact.OWNER, Fact.CONTENT, Fact.HISTORY})

# fmt: off
GRANTS: dict[str, frozenset[Fact]] = {
    # Who stops people on the road, at sea or at the border compares the person; who inspects a site reads its papers.
    InspectorClass.TRAFFIC:      _ALL | {Fact.IDENTITY},
    InspectorClass.FISHERY:      _ALL | {Fact.IDENTITY},
    InspectorClass.BORDER_GUARD: _ALL | {Fact.IDENTITY, Fact.FILE},
    InspectorClass.CONSTRUCTION: _ALL | {Fact.FILE},
    InspectorClass.ENVIRONMENT:  _ALL | {Fact.FILE},
    InspectorClass.FOOD_SAFETY:  _ALL | {Fact.FILE},
    InspectorClass.FIRE:         _ALL | {Fact.FILE},
    InspectorClass.POST:         _ALL | {Fact.FILE},
    InspectorClass.LABOUR:       _ALL,
    InspectorClass.HEALTH:       _ALL,
    InspectorClass.CULTURE:      _ALL,
    InspectorClass.MARKET:       _ALL,
    InspectorClass.ORDER:        frozenset({Fact.OWNER, Fact.CONTENT}),
}
# fmt: on
"""What each class sees; the law on personal data gives nobody more than the inspection needs (Law 91/2025)."""


@dataclass(frozen=True, slots=True)
class View:
    """What one inspection shows. Everything that is not among ``facts`` is empty."""

    facts: frozenset[Fact]
    owner: str = ""
    birth_on: date | None = None
    personal_id: str = ""
    content: Sequence[tuple[str, str]] = ()
    earlier: Sequence[Result] = ()

    @property
    def may_open_file(self) -> bool:
        return Fact.FILE in self.facts


def posts_for(result: Result, posts: Sequence[InspectorPost]) -> list[InspectorPost]:
    """Keep the posts of the classes that may inspect a result."""
    kind = _kind(result) if posts else None
    return [one for one in posts if kind is not None and one.inspector_class in kind.inspector_classes]


def view(result: Result, posts: Iterable[InspectorPost]) -> View:
    """Give what the posts together show of a result. At most three queries."""
    facts = frozenset[Fact]().union(*(GRANTS[one.inspector_class] for one in posts))
    compares = Fact.IDENTITY in facts
    person = result.owner_person if compares else None
    return View(
        facts=facts,
        owner=result.owner_name if Fact.OWNER in facts else "",
        birth_on=person.birth_on if person else None,
        personal_id=person.masked_personal_id if person else "",
        content=_content(result) if Fact.CONTENT in facts else (),
        earlier=replaced_by(result) if Fact.HISTORY in facts else (),
    )


def _kind(result: Result) -> ResultType | None:
    """Give the kind of a result as it was issued; of one that was stored without, as its procedure has it today."""
    return result.result_type or procedures.result_type_in_force(
        code=result.procedure_code, name=result.title
    )


def _content(result: Result) -> list[tuple[str, str]]:
    """Give what was filled in, by the template's labels; numbers of identity papers keep their last digits only."""
    kind = _kind(result)
    if kind is None:
        return []
    fields = templates.of_result_type(kind).fields
    said = ((one.label, _read_aloud(str(result.data.get(one.name) or ""))) for one in fields)
    return [(label, mask(text)) for label, text in said if text]


def _read_aloud(text: str) -> str:
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    except ValueError:
        return text
