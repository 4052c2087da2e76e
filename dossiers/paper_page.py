"""The forms of a dossier as its pages list them, by the titles of the dossier's own rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dossiers import papers
from dossiers.models import Dossier, Paper
from dossiers.states import Form, PaperState


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One form in a list."""

    pk: int
    label: str
    state: str
    attempts: int

    @property
    def is_ready(self) -> bool:
        return self.state == PaperState.READY

    @property
    def is_given_up(self) -> bool:
        return self.state == PaperState.FAILED


def rows(dossier: Dossier, *, without: Iterable[Form] = ()) -> list[PaperRow]:
    """List the forms in the order in which they were asked for; ``without`` are those not meant for the reader."""
    found = Paper.objects.filter(dossier=dossier).exclude(form__in=list(without)).select_related("event")
    return [_row(dossier, paper) for paper in found.order_by("pk")]


def _row(dossier: Dossier, paper: Paper) -> PaperRow:
    paper.dossier = (
        dossier  # the label reads the dossier's rules: not once more from the database for each paper
    )
    return PaperRow(pk=paper.pk, label=papers.label(paper), state=paper.state, attempts=paper.attempts)
