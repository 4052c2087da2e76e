"""The control sheet (form 06 of 2025, 05 of 2018): each hand-over inside the agencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from dossiers import step_dues
from dossiers.models import Dossier, Paper
from dossiers.papers import sheet
from dossiers.papers.sheet import Composed


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One hand-over on the control sheet."""

    name: str
    giver: str
    receiver: str
    agency: str
    started_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    verdict: str
    note: str
    is_skipped: bool


def control_sheet(paper: Paper) -> Composed:
    at = paper.event.at
    context = {
        "rows": [row for row in control_rows(paper.dossier) if row.started_at <= at],
        "due_at": sheet.due_after(paper.event),
        "ended_at": at,
        "identity": sheet.identity_at(paper.event),
    }
    return sheet.by_agency(paper, "control_sheet", context, signs_as="NGƯỜI LẬP PHIẾU")


def control_rows(dossier: Dossier) -> list[SheetRow]:
    """Give the hand-overs of a dossier in order, each early, on time or late against its planned end.

    Steps that run side by side were given by the one who held the dossier before them all.
    """
    steps = list(dossier.steps.select_related("officer", "agency").order_by("id"))
    if not steps:
        return []
    dues = step_dues.of(dossier)
    rows: list[SheetRow] = []
    giver = group_giver = dossier.submitter.full_name
    group: int | None = None
    for step in steps:
        receiver = step.officer.full_name if step.officer else step.agency.name
        due_at = dues.due(step)
        if step.group is None or step.group != group:
            group, group_giver = step.group, giver
        rows.append(
            SheetRow(
                name=step.name,
                giver=group_giver,
                receiver=receiver,
                agency=step.agency.name,
                started_at=step.started_at,
                due_at=due_at,
                finished_at=step.finished_at,
                verdict=_verdict(due_at, step.finished_at, is_skipped=step.is_skipped),
                note=step.note,
                is_skipped=step.is_skipped,
            )
        )
        if not step.is_skipped:
            giver = receiver
    return rows


def _verdict(due: datetime | None, finished: datetime | None, *, is_skipped: bool) -> str:
    if is_skipped:
        return "Bỏ qua"
    if due is None or finished is None:
        return ""
    if finished > due:
        return "Quá hạn"
    return "Trước hạn" if timezone.localtime(finished).date() < timezone.localtime(due).date() else "Đúng hạn"
