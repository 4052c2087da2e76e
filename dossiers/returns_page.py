"""What a counter gives out for other units: the list, and the paper of one result. Reads only."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile

from core.actor import Actor
from core.pagination import Page, keyset
from dossiers import policies
from dossiers.models import Dossier
from dossiers.states import Form, PaperState, Status
from results_vault import selectors as results_vault

PAGE_SIZE = 50
COUNTED_TO = 99


def page_of(actor: Actor, *, done: bool, after: str = "", before: str = "") -> Page[Dossier]:
    """Give one page of what is fetched at the actor's counters: what waits, the longest first, or what was given, last first."""
    found = policies.visible_returns(actor).select_related(
        "procedure_version",
        "received_at_unit",
        "owner_person",
        "owner_organisation",
        "return_choice__centre",
        "hand_over",
    )
    if done:
        found, order = found.filter(status=Status.RETURNED), ("-returned_at", "-id")
    else:
        found, order = found.filter(status=Status.COMPLETED), ("completed_at", "id")
    return keyset(found, order=order, size=PAGE_SIZE, after=after, before=before)


def waiting_count(actor: Actor) -> int:
    """Count what waits to be fetched, up to `COUNTED_TO` + 1."""
    return policies.visible_returns(actor).filter(status=Status.COMPLETED)[: COUNTED_TO + 1].count()


def document(dossier: Dossier) -> FieldFile | None:
    """Give the file that is given out: the result, or the letter of a refusal; None while there is neither."""
    result = results_vault.in_force_of(dossier.reference)
    if result is not None:
        return result.file
    letters = dossier.papers.filter(form=Form.REFUSAL_NOTICE, state=PaperState.READY)
    letter = letters.order_by("-pk").first()
    return letter.file if letter is not None else None
