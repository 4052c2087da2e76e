"""The order of a draft's pages and the addresses between them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from core.http import PortalRequest
from dossiers.drafts import CONTACT, FILES, UNIT, Draft, Problem

BACK_TO_CHECK = "kiem-tra"


def url(name: str, draft: Draft) -> str:
    """Give the address of a page of the draft by its name in `dossiers.urls`."""
    return reverse(f"dossiers:{name}", args=[draft.dossier.tracking_no])


def page_url(draft: Draft, page_id: str, *, back: bool = False) -> str:
    """Give the address of a page of the e-form; with ``back`` it leads back to the check page."""
    url = reverse("dossiers:draft_page", args=[draft.dossier.tracking_no, page_id])
    return f"{url}?tu={BACK_TO_CHECK}" if back else url


def mend_url(draft: Draft, problem: Problem) -> str:
    """Give the address of the very field where a problem is mended."""
    if problem.place == UNIT:
        return f"{url('draft_unit', draft)}?tu={BACK_TO_CHECK}"
    if problem.place == CONTACT:
        return f"{url('draft_contact', draft)}?tu={BACK_TO_CHECK}#id_phone"
    if problem.place == FILES:
        return f"{url('draft_files', draft)}#{problem.field.replace('.', '-')}"
    return f"{page_url(draft, problem.place, back=True)}#id_{problem.field}"


def with_question(problem: Problem) -> str:
    """Say a problem so that it can be understood away from its question."""
    if not problem.label:
        return str(problem.text)
    mark = "" if problem.label.endswith("?") else ":"
    return f"{problem.label}{mark} {problem.text}"


def comes_from_check(request: PortalRequest) -> bool:
    """Say whether the person came from the check page and wants to go back there."""
    return BACK_TO_CHECK in (request.GET.get("tu"), request.POST.get("tu"))


def _places(draft: Draft) -> list[tuple[str, str]]:
    """List the draft's pages in order, as (place, address)."""
    places = [(page.id, page_url(draft, page.id)) for page in draft.pages]
    if draft.asks_for_unit:
        places.append((UNIT, url("draft_unit", draft)))
    if draft.asks_for_contact:
        places.append((CONTACT, url("draft_contact", draft)))
    if draft.slots:
        places.append((FILES, url("draft_files", draft)))
    return [*places, (BACK_TO_CHECK, url("check", draft))]


def after(request: PortalRequest, draft: Draft, place: str) -> str:
    """Give the address of the page that follows, or the check page for whoever came from there."""
    if comes_from_check(request):
        return url("check", draft)
    places = _places(draft)
    return places[[name for name, _address in places].index(place) + 1][1]


def steps(draft: Draft, place: str) -> dict[str, Any]:
    """Say where a page stands on the way: its number, of how many, and the page before."""
    places = _places(draft)
    at = [name for name, _address in places].index(place)
    return {
        "number": at + 1,
        "of": len(places),
        "back": places[at - 1][1] if at else url("draft", draft),
    }
