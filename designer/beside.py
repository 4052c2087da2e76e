"""What the page beside a procedure reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.errors import Text
from procedures import standing
from procedures.beside import Guide, ProcedureEvent, ProcedureFigures
from procedures.services.guides import SHOWN
from procedures.standing import Figures
from procedures.states import TECHNOLOGY_ANSWERS, BlockerKind

EVENTS = 30


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """Figures for who looks after the catalogue: with the shares that say whether people manage to file.

    ``supplemented`` of ``filed`` were asked for more; of ``begun`` dossiers ``dropped`` lie untouched. Shares in percent.
    """

    shown: Figures
    filed: int
    processed: int
    on_time: int
    supplemented: int
    begun: int
    dropped: int
    computed_at: datetime

    @property
    def supplemented_share(self) -> float | None:
        return _percent(self.supplemented, self.filed)

    @property
    def dropped_share(self) -> float | None:
        return _percent(self.dropped, self.begun)


def guides(procedure_id: int) -> list[tuple[Guide, str]]:
    """Give the guides that have a place, with their sizes in words."""
    rows = Guide.objects.filter(procedure=procedure_id, state__in=SHOWN).order_by("position", "pk")
    return [(one, standing.size_words(one.size) if one.size else "") for one in rows]


def events(procedure_id: int) -> list[ProcedureEvent]:
    """Give the last things that were done, the latest first."""
    return list(ProcedureEvent.objects.filter(procedure=procedure_id).order_by("-pk")[:EVENTS])


def figures(procedure_id: int) -> OwnFigures | None:
    """Give what was counted last, nothing where nothing was."""
    row = ProcedureFigures.objects.filter(procedure=procedure_id).first()
    shown = standing.figures_of(row)
    if row is None or shown is None:
        return None
    return OwnFigures(
        shown,
        row.filed,
        row.processed,
        row.on_time,
        row.supplemented,
        row.begun,
        row.dropped,
        row.computed_at,
    )


def technology_answers() -> list[tuple[Text, Text]]:
    """Give each obstacle for which the city has an answer by technology, with the answer."""
    return [(BlockerKind(kind).label, answer) for kind, answer in TECHNOLOGY_ANSWERS.items()]


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
