"""The public catalogue: everybody may read it, with or without signing in."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.http import PortalRequest
from core.languages import worded
from procedures import held, life_events, policies, reading, selectors, standing
from procedures.life_events import Event
from procedures.models import ProcedureVersion
from procedures.search import failures, highlight, why
from procedures.search.why import Explanation, Reason
from procedures.selectors import LAST_PAGE, CataloguePage, Facet, Facets, Filters, Listed
from procedures.states import CATALOGUE_SLUGS, NEVER_FILED

# Names in the address, as people read them there.
QUERY, SECTOR, LEVEL, CATEGORY, ONLINE, PAGE = "q", "linh-vuc", "cap", "doi-tuong", "truc-tuyen", "trang"
AGENCY, ONLINE_LEVEL = "co-quan", "muc-do"
EXACT = "nguyen-van"
NEAR_SECTORS = 6
SHORTEST_QUESTION = 2  # letters
SUGGESTIONS_KEPT_S = 300


@login_not_required
@require_safe
def catalogue(request: PortalRequest) -> HttpResponse:
    """Show the list of procedures, narrowed by what stands in the address."""
    filters = filters_of(request)
    page = selectors.catalogue(filters)
    explained = why.explain(filters.query, page.versions, marked=page.marked, exact=filters.exact)
    is_guess = page.is_weak and explained.is_by_meaning_alone([one.pk for one in page.versions])
    if is_guess:
        page = selectors.guessed(page, filters)
    if filters.query and page.is_weak and filters == filters.only_query():
        failures.note(filters.query, found=page.count.value, at=timezone.now())
    fits_little = bool(filters.query) and (page.is_weak or not page.without_filters)
    context = {
        "filters": filters,
        "page": page,
        "rows": [_row(version, page, explained) for version in page.versions],
        "facets": page.facets,
        "options": _options(page.facets, filters),
        "explained": explained,
        "events": life_events.matching(filters.query) if filters.query else [],
        "fits_little": fits_little,
        "is_guess": is_guess,
        "ways_on": _ways_on(filters, page, explained) if fits_little else {},
        "other_catalogues": _other_catalogues(filters.query),
        "earlier": _address(filters.on_page(page.page - 1)) if page.page > 1 else "",
        "later": _address(filters.on_page(page.page + 1)) if page.has_later and page.page < LAST_PAGE else "",
        "only_query": _address(filters.only_query()),
        "as_typed": _address(filters.as_typed()) if page.meant else "",
        "as_meant": _address(filters.asking(explained.meant)) if explained.meant else "",
        "suggestions": selectors.suggestions()
        if not page.versions or (filters.is_empty and page.page == 1)
        else [],
    }
    return render(request, "procedures/list.html", context)


def _ways_on(filters: Filters, page: CataloguePage, explained: Explanation) -> dict[str, Any]:
    """Give what else there is for somebody whose question fits little: other words, sectors, life events."""
    near = [(one, _address(Filters(sector=one.value))) for one in page.near[:NEAR_SECTORS]]
    largest = selectors.largest_sectors(most=2 * NEAR_SECTORS) if not near else []
    return {
        "shorter": "" if explained.meant else explained.shorter,
        "shorter_address": _address(Filters(query=explained.shorter)),
        "near": near,
        "largest": [(one, _address(Filters(sector=one.value))) for one in largest],
        "events": life_events.matching(filters.query) or life_events.shown()[:NEAR_SECTORS],
    }


@login_not_required
@require_safe
def other_catalogue(request: PortalRequest, catalogue: str) -> HttpResponse:
    """Show a catalogue beside the one of administrative procedures, with a search of its own."""
    chosen = next((one for one, slug in CATALOGUE_SLUGS.items() if slug == catalogue), None)
    if chosen is None:
        raise Http404
    filters = replace(filters_of(request), catalogue=chosen.value)
    page = selectors.catalogue(filters)
    explained = why.explain(filters.query, page.versions, marked=page.marked, exact=filters.exact)
    context = {
        "catalogue": chosen,
        "is_never_filed": chosen in NEVER_FILED,
        "filters": filters,
        "page": page,
        "rows": [_row(version, page, explained) for version in page.versions],
        "sectors": selectors.sectors_of(chosen.value),
        "earlier": _address(filters.on_page(page.page - 1)) if page.page > 1 else "",
        "later": _address(filters.on_page(page.page + 1)) if page.has_later and page.page < LAST_PAGE else "",
        "own_url": reverse("procedures:catalogue", args=[catalogue]),
    }
    return render(request, "procedures/catalogue.html", context)


@login_not_required
@require_safe
def suggest(request: PortalRequest) -> JsonResponse:
    """Give life events and procedures for a question that is still being typed.

    ``{"suggestions": [{"name", "code", "url", "note"}]}``; an event has no code.
    """
    text = request.GET.get(QUERY, "").replace("\x00", "").strip()
    asks = len(text) >= SHORTEST_QUESTION
    events = [_suggested_event(event) for event in life_events.matching(text)] if asks else []
    found = selectors.begun(text) if asks else []
    answer = JsonResponse({"suggestions": [*events, *(_suggestion(version) for version in found)]})
    patch_cache_control(answer, public=True, max_age=SUGGESTIONS_KEPT_S)
    return answer


@login_not_required
@require_safe
def detail(request: PortalRequest, code: str, version_no: int | None = None) -> HttpResponse:
    """Show a procedure: its version in force, or the one of a number. With ``?in=1`` everything is unfolded."""
    visible = policies.visible(request.actor)
    try:
        version = selectors.version_of(code=code, version_no=version_no, visible=visible)
    except ProcedureVersion.DoesNotExist:
        missing = {"code": code, "suggestions": selectors.suggestions()}
        return render(request, "procedures/not_found.html", missing, status=404)
    is_current = version.procedure.current_version_id == version.pk
    at = timezone.now()
    can_begin = is_current and version.takes_filings(on=timezone.localdate(at))
    context = {
        "version": version,
        "english_name": worded("", version.name_en),
        "is_current": is_current,
        "held": held.told(request.actor, version, at=at) if request.actor.is_person and can_begin else [],
        "reading": reading.read(version),
        "others": selectors.other_versions(version),
        "related": selectors.related(version),
        "results": selectors.results_of(version),
        "unfolded": request.GET.get("in") == "1",
        "standing": standing.of(version),
    }
    return render(request, "procedures/detail.html", context)


def filters_of(request: PortalRequest) -> Filters:
    """Read the filters from the address; what makes no sense there counts as not given."""
    given = request.GET
    page = given.get(PAGE, "1")
    return Filters(
        query=given.get(QUERY, "").replace("\x00", "").strip(),
        sector=given.get(SECTOR, "").replace("\x00", ""),
        level=given.get(LEVEL, "").replace("\x00", ""),
        category=given.get(CATEGORY, "").replace("\x00", ""),
        agency=given.get(AGENCY, "").replace("\x00", ""),
        online_level=given.get(ONLINE_LEVEL, "").replace("\x00", ""),
        online=given.get(ONLINE) == "1",
        exact=given.get(EXACT) == "1",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def _other_catalogues(query: str) -> list[tuple[str, str, int]]:
    """Give address, name and size of each catalogue that has something in it; the question goes along."""
    asked = f"?{urlencode({QUERY: query})}" if query else ""
    sizes = selectors.catalogue_sizes()
    return [
        (reverse("procedures:catalogue", args=[slug]) + asked, str(one.label), sizes[one.value])
        for one, slug in CATALOGUE_SLUGS.items()
        if sizes.get(one.value)
    ]


def _suggestion(version: Listed) -> dict[str, str]:
    return {
        "name": version.called,
        "code": version.code,
        "url": _address_of(version.code),
        "note": _("Nộp trực tuyến được") if version.is_fileable else "",
    }


def _suggested_event(event: Event) -> dict[str, str]:
    address = reverse("life_events:detail", args=[event.slug])
    return {"name": event.title, "code": "", "url": address, "note": _("Sự kiện")}


def _row(version: Listed, page: CataloguePage, explained: Explanation) -> dict[str, Any]:
    reason = explained.reasons.get(version.pk)
    if page.is_weak and reason is Reason.MEANING:
        reason = None  # nothing is near what was asked
    return {
        "version": version,
        "url": _address_of(version.code),
        "name": highlight.markup(version.name, page.marked, explained.forms),
        "english_name": worded("", version.name_en),
        "why": reason.label if reason else "",
    }


def _options(facets: Facets, filters: Filters) -> dict[str, SafeString]:
    """Write the choices of each filter: some hundred of them, so not one by one in the template."""
    more = "+" if facets.is_least else ""

    def written(choices: list[Facet], chosen: str) -> SafeString:
        return mark_safe(  # noqa: S308  (what is not a number is escaped)
            "".join(
                f'<option value="{escape(one.value)}"{" selected" if one.value == chosen else ""}>'
                f"{escape(one.label)} ({one.count}{more})</option>"
                for one in choices
            )
        )

    return {
        "sectors": written(facets.sectors, filters.sector),
        "levels": written(facets.levels, filters.level),
        "categories": written(facets.categories, filters.category),
        "agencies": written(facets.agencies, filters.agency),
        "online_levels": written(facets.online_levels, filters.online_level),
    }


@lru_cache(maxsize=8_192)
def _address_of(code: str) -> str:
    return reverse("procedures:detail", args=[code])


def _address(filters: Filters) -> str:
    parts = {
        QUERY: filters.query,
        SECTOR: filters.sector,
        LEVEL: filters.level,
        CATEGORY: filters.category,
        AGENCY: filters.agency,
        ONLINE_LEVEL: filters.online_level,
        ONLINE: "1" if filters.online else "",
        EXACT: "1" if filters.exact else "",
        PAGE: str(filters.page) if filters.page > 1 else "",
    }
    return "?" + urlencode({name: value for name, value in parts.items() if value})
