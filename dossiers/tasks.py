"""Background work on dossiers: ids in, one service call. A row says what is left to do, a task is only a hint."""

from __future__ import annotations

from contextlib import suppress

from celery import shared_task
from django.utils import timezone

from core.actor import Actor
from core.errors import Conflict
from dossiers import figures
from dossiers.services import (
    archiving,
    attachments,
    background,
    drafting,
    issued_papers,
    issuing,
    register_volumes,
    result_drafts,
    signing,
    supplement_lapse,
    vneid_papers,
)
from dossiers.states import DraftState


@shared_task(ignore_result=True)
def make_paper(*, paper_id: int) -> None:
    issued_papers.make(paper_id=paper_id, at=timezone.now())


@shared_task(ignore_result=True)
def make_overdue_papers() -> None:
    """Make the papers whose hint was lost or whose last attempt failed."""
    for paper_id in issued_papers.overdue(at=timezone.now()):
        issued_papers.make(paper_id=paper_id, at=timezone.now())


@shared_task(ignore_result=True)
def make_register_volume(*, volume_id: int) -> None:
    register_volumes.make(volume_id=volume_id, at=timezone.now())


@shared_task(ignore_result=True)
def make_overdue_register_volumes() -> None:
    """Make the volumes whose hint was lost or whose last attempt failed."""
    for volume_id in register_volumes.overdue(at=timezone.now()):
        register_volumes.make(volume_id=volume_id, at=timezone.now())


@shared_task(ignore_result=True)
def render_draft(*, draft_id: int) -> None:
    result_drafts.render(draft_id=draft_id, at=timezone.now())


@shared_task(ignore_result=True)
def sign_draft(*, draft_id: int) -> None:
    signing.sign(draft_id=draft_id, at=timezone.now())


@shared_task(ignore_result=True)
def issue_draft(*, draft_id: int) -> None:
    issuing.issue(draft_id=draft_id, at=timezone.now())


STEPS = {
    DraftState.RENDERING: render_draft,
    DraftState.SIGNING: sign_draft,
    DraftState.ISSUING: issue_draft,
}


@shared_task(ignore_result=True)
def take_up_forgotten_drafts() -> None:
    """Take up the results whose hint was lost or whose worker died."""
    for draft_id, state in background.forgotten(at=timezone.now()):
        STEPS[state].delay(draft_id=draft_id)


@shared_task(ignore_result=True)
def scan_pending_files() -> None:
    """Scan what came while the virus scanner was away."""
    attachments.scan_pending()


@shared_task(ignore_result=True)
def delete_stale_drafts() -> None:
    """Delete the drafts that nobody has touched for 90 days, and what VNeID showed for filings that are past."""
    drafting.delete_stale(at=timezone.now())
    vneid_papers.forget(at=timezone.now())


@shared_task(ignore_result=True)
def lapse_unanswered() -> None:
    """Stop the dossiers whose applicants did not give a supplement in time."""
    for request_id in supplement_lapse.overdue(at=timezone.now()):
        with suppress(Conflict):  # withdrawn, refused or answered a moment ago
            supplement_lapse.lapse(request_id=request_id, at=timezone.now())


@shared_task(ignore_result=True)
def archive_rested() -> None:
    """Archive what has been closed for long, and what nobody collected."""
    for dossier_id in archiving.due(at=timezone.now()):
        with suppress(Conflict):  # handed over, corrected or archived a moment ago
            archiving.archive(dossier_id=dossier_id, actor=Actor.system(), at=timezone.now())


@shared_task(ignore_result=True)
def compute_figures() -> None:
    """Count what became of each procedure's dossiers, for its page."""
    figures.compute(at=timezone.now())
