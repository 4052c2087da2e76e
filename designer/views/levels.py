"""How far services go online: one page for leaders, and its table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.http import PortalRequest
from designer import levels
from designer.levels import Filters
from procedures import policies
from procedures.states import BlockerKind, Catalogue

CATALOGUE, SECTOR, AGENCY, BLOCKER = "danh-muc", "linh-vuc", "co-quan", "vuong-mac"


@require_safe
@never_cache
def overview(request: PortalRequest) -> HttpResponse:
    """Counts by sector and agency, what blocks, what is planned. :raises NotAllowed:"""
    policies.require_oversee(request.actor)
    filters = _filters(request)
    found = levels.overview(
        filters,
        on=levels.today(),
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    address = partial(_address, filters)
    context = {
        "found": found,
        "filters": filters,
        "catalogues": Catalogue,
        "blockers": BlockerKind,
        "may_configure": policies.may_configure(request.actor),
        "narrowed": _address(filters),
        "earlier": address(truoc=found.rows.earlier) if found.rows.earlier else "",
        "later": address(sau=found.rows.later) if found.rows.later else "",
        "today": levels.today(),
    }
    return render(request, "designer/levels.html", context)


@require_safe
@never_cache
def download(request: PortalRequest) -> StreamingHttpResponse:
    """Every service, one line each. :raises NotAllowed:"""
    policies.require_oversee(request.actor)
    lines = levels.csv_lines(_filters(request))
    language = translation.get_language()

    def spoken() -> Iterator[str]:
        with translation.override(language):  # the stream is read after the middleware has gone
            yield from lines

    answer = StreamingHttpResponse(spoken(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="muc-do-{levels.today():%Y-%m-%d}.csv"'
    return answer


def _filters(request: PortalRequest) -> Filters:
    given = {
        name: request.GET.get(name, "").replace("\x00", "") for name in (CATALOGUE, SECTOR, AGENCY, BLOCKER)
    }
    catalogue = given[CATALOGUE] if given[CATALOGUE] in Catalogue.values else Catalogue.ADMINISTRATIVE
    return Filters(
        catalogue=str(catalogue),
        sector=given[SECTOR],
        agency=given[AGENCY],
        blocker=given[BLOCKER] if given[BLOCKER] in BlockerKind.values else "",
    )


def _address(filters: Filters, **more: str) -> str:
    parts = {
        CATALOGUE: "" if filters.catalogue == Catalogue.ADMINISTRATIVE else filters.catalogue,
        SECTOR: filters.sector,
        AGENCY: filters.agency,
        BLOCKER: filters.blocker,
        **more,
    }
    return "?" + urlencode({name: value for name, value in parts.items() if value})
