"""Papers of the examination: the notice of money due, the record of a verification, the letters for opinions."""

from __future__ import annotations

from dossiers.models import Opinion, Paper
from dossiers.papers import sheet
from dossiers.papers.sheet import Composed, RowsMissing


def payment_notice(paper: Paper) -> Composed:
    obligation = sheet.row_of(paper.dossier.obligations.all(), paper.event, moment="notified_at")
    context = {"obligation": obligation, "amount": sheet.money(obligation.amount_vnd)}
    return sheet.by_agency(paper, "payment_notice", context, signs_as="NGƯỜI LẬP THÔNG BÁO")


def verification_record(paper: Paper) -> Composed:
    """Compose the record: when, where, by whom and in whose presence, and what was found (NĐ 61/2018, art. 19)."""
    rows = paper.dossier.verifications.select_related("started_by", "finished_by")
    context = {"verification": sheet.row_of(rows, paper.event, moment="finished_at")}
    return sheet.by_agency(paper, "verification_record", context, signs_as="NGƯỜI XÁC MINH")


def opinion_letter(paper: Paper) -> Composed:
    """Compose one letter to every agency that was asked in the same step."""
    context = {"opinions": _asked_at(paper), "due_at": sheet.due_after(paper.event)}
    return sheet.by_agency(paper, "opinion_letter", context, signs_as="NGƯỜI LẤY Ý KIẾN")


def _asked_at(paper: Paper) -> list[Opinion]:
    rows = paper.dossier.opinions.select_related("agency").prefetch_related("documents__component")
    if asked := list(rows.filter(asked_at=paper.event.at).order_by("pk")):
        return asked
    raise RowsMissing(f"Opinion: none of dossier {paper.dossier_id} by event {paper.event.seq}")
