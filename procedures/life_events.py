"""Life events as the public sees them: the list, one event with its procedures, those that a question is about."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from core.languages import worded
from core.remembering import forget, remembered
from procedures import selectors
from procedures.models import LifeEvent, LifeEventStep, ProcedureVersion
from procedures.search.words import bare, has_marks, marked, written
from procedures.states import LifeAudience

MOST_FOR_A_QUESTION = 2
BETWEEN = "|"
_SHOWN = "procedures:life-events:2"  # a new number when the shape of `Event` changes: releases overlap
_SHOWN_SECONDS = 600
_MOST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Phrase:
    """An everyday phrase for an event, each word between spaces: with its marks, and without.

    ``needs_marks``: a single word that says too little without its own, as "cuoi": a wedding, an end or a smile.
    """

    marked: str
    bare: str
    needs_marks: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One event in both languages; ``said`` are everyday phrases for it, its Vietnamese title among them."""

    slug: str
    titles: tuple[str, str]
    ledes: tuple[str, str]
    audience: str
    icon: str
    said: tuple[Phrase, ...]

    @property
    def title(self) -> str:
        return worded(*self.titles)

    @property
    def lede(self) -> str:
        return worded(*self.ledes)


@dataclass(frozen=True, slots=True)
class Step:
    """A procedure of an event in the version that is in force, and why it is there."""

    version: ProcedureVersion
    why: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """An event with what can be filed here, then what cannot, each in the order of the event."""

    event: Event
    fileable: list[Step]
    others: list[Step]


def shown() -> list[Event]:
    """Give the events of the portal in order; they may be ten minutes old where the cache does not hear of an edit."""
    return _unpacked(remembered(_SHOWN, seconds=_SHOWN_SECONDS, make=lambda: pickle.dumps(_read())))


@lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> list[Event]:
    """Unpack what the cache gives once, not at every question."""
    events: list[Event] = pickle.loads(packed)  # noqa: S301  (packed here; the cache keeps all else in the same way)
    return events


def forget_shown() -> None:
    """Have the events read anew, after one has changed."""
    forget(_SHOWN)


def by_audience() -> list[tuple[LifeAudience, list[Event]]]:
    """Give the events for people, then those for enterprises; a kind without events is left out."""
    events = shown()
    groups = [(kind, [one for one in events if one.audience == kind]) for kind in LifeAudience]
    return [(kind, found) for kind, found in groups if found]


def matching(question: str) -> list[Event]:
    """Give the few events that a question is about: it holds one of their phrases; marks count where it has any."""
    with_marks = has_marks(question)
    asked = _spaced(map(marked if with_marks else bare, written(question)[:_MOST_WORDS]))
    found: list[tuple[int, Event]] = []
    for event in shown():
        told = (
            phrase.marked if with_marks else phrase.bare
            for phrase in event.said
            if with_marks or not phrase.needs_marks
        )
        longest = max((len(phrase) for phrase in told if phrase in asked), default=0)
        if longest:
            found.append((longest, event))
    found.sort(key=lambda one: -one[0])
    return [event for _length, event in found[:MOST_FOR_A_QUESTION]]


def page_of(slug: str) -> EventPage:
    """:raises LifeEvent.DoesNotExist: the portal shows none of this name."""
    row = LifeEvent.objects.get(slug=slug, is_shown=True)
    steps = list(LifeEventStep.objects.filter(event=row))
    codes = [one.code for one in steps]
    found = selectors.for_lists(selectors.published().filter(procedure__code__in=codes))
    by_code = {version.procedure.code: version for version in found}
    told = [Step(by_code[one.code], worded(one.why, one.why_en)) for one in steps if one.code in by_code]
    return EventPage(
        _event(row),
        [one for one in told if one.version.is_fileable],
        [one for one in told if not one.version.is_fileable],
    )


def _read() -> list[Event]:
    return [_event(row) for row in LifeEvent.objects.filter(is_shown=True)]


def _event(row: LifeEvent) -> Event:
    phrases = (tuple(written(phrase)) for phrase in (row.title, *row.said.split(BETWEEN)))
    return Event(
        slug=row.slug,
        titles=(row.title, row.title_en),
        ledes=(row.lede, row.lede_en),
        audience=row.audience,
        icon=row.icon,
        said=tuple(_phrase(words) for words in dict.fromkeys(phrases) if words),
    )


def _phrase(words: tuple[str, ...]) -> Phrase:
    needs_marks = len(words) == 1 and not words[0].isascii()
    return Phrase(_spaced(map(marked, words)), _spaced(map(bare, words)), needs_marks)


def _spaced(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "
