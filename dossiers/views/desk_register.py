"""Sổ theo dõi hồ sơ: read, print, export and close the register of a unit's year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

import structlog
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from agencies.models import Agency
from agencies.states import Role
from core import downloads
from core.errors import Conflict, NotAllowed
from core.http import PortalRequest
from dossiers import register_book, register_export
from dossiers.models import RegisterVolume, RegisterYear
from dossiers.register_book import Wanted
from dossiers.register_forms import RegisterFilters
from dossiers.services import register
from dossiers.states import PaperState
from dossiers.views.desk import officer

T = TypeVar("T")
log = structlog.get_logger(__name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PRINTED_MOST = 1000
"""Lines that are printed at once; more are narrowed down by their days first."""
NOT_A_READER = gettext_lazy(
    "Sổ theo dõi hồ sơ dành cho cán bộ một cửa, lãnh đạo đơn vị và thủ trưởng của đơn vị tiếp nhận. "
    "Hãy liên hệ quản trị hệ thống của cơ quan nếu bạn cần xem."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The book that is open, by the address, and what is wanted of it."""

    unit: Agency
    book: RegisterYear
    form: RegisterFilters
    wanted: Wanted
    query: str


@require_GET
@never_cache
def book(request: PortalRequest) -> HttpResponse:
    """One page of the register, the latest line first."""
    shown, at = _shown(request), timezone.now()
    page = register_book.page_of(
        shown.book,
        shown.wanted,
        at=at,
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    prefix = f"?{shown.query}&" if shown.query else "?"
    context = _context(request, shown, at) | {
        "rows": [register_book.row(line, at=at) for line in page.rows],
        "count": register_book.count(shown.book, shown.wanted, at=at),
        "newer": f"{prefix}{urlencode({'truoc': page.earlier})}" if page.earlier else "",
        "older": f"{prefix}{urlencode({'sau': page.later})}" if page.later else "",
        "filtered": shown.wanted != Wanted(),
        "volumes": shown.book.volumes.order_by("number") if shown.book.closed_at else (),
    }
    return render(request, "dossiers/desk/register.html", context)


@require_GET
@never_cache
def printed(request: PortalRequest) -> HttpResponse:
    """The register as sheets of A4, in the order of its numbers."""
    shown, at = _shown(request), timezone.now()
    rows = list(register_book.rows(shown.book, shown.wanted, at=at, most=PRINTED_MOST + 1))
    context = _context(request, shown, at) | {
        "rows": rows[:PRINTED_MOST],
        "columns": register_book.COLUMNS,
        "is_cut": len(rows) > PRINTED_MOST,
        "most": PRINTED_MOST,
    }
    _note_copy("register printed", request, shown)
    return render(request, "dossiers/desk/register_print.html", context)


@require_GET
@never_cache
def export(request: PortalRequest) -> StreamingHttpResponse:
    """The register as a CSV file that spreadsheet programs open as it is."""
    shown = _shown(request)
    rows = register_book.rows(shown.book, shown.wanted, at=timezone.now())
    _note_copy("register exported", request, shown)
    response = StreamingHttpResponse(register_export.csv_lines(rows), content_type="text/csv; charset=utf-8")
    name = f"so-theo-doi-{shown.unit.code}-{shown.book.year}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@never_cache
def export_workbook(request: PortalRequest) -> FileResponse:
    """The register as an XLSX file."""
    shown = _shown(request)
    rows = register_book.rows(shown.book, shown.wanted, at=timezone.now())
    _note_copy("register exported", request, shown)
    name = f"so-theo-doi-{shown.unit.code}-{shown.book.year}"
    file = register_export.workbook(rows, title=str(shown.book.year))
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


@require_GET
@never_cache
def volume(request: PortalRequest, number: int) -> FileResponse:
    """A signed volume of a closed book."""
    shown = _shown(request)
    one = get_object_or_404(RegisterVolume, book=shown.book.pk, number=number, state=PaperState.READY)
    _note_copy("register volume read", request, shown)
    return downloads.attachment(
        one.file, name=f"so-theo-doi-{shown.unit.code}-{shown.book.year}-{number}.pdf"
    )


@require_http_methods(["GET", "POST"])
@never_cache
def close(request: PortalRequest) -> HttpResponse:
    """Ask the head of the unit once more, then close the book of a year that is over."""
    shown, at = _shown(request), timezone.now()
    if not _may_close(request, shown.unit):
        raise NotAllowed(_("Chỉ thủ trưởng đơn vị được khóa sổ theo dõi hồ sơ của năm."))
    back = f"?{urlencode({'don_vi': shown.unit.pk, 'nam': shown.book.year})}"
    if request.method == "POST":
        try:
            register.close(agency_id=shown.unit.pk, year=shown.book.year, actor=officer(request), at=at)
        except Conflict as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("Đã khóa sổ theo dõi hồ sơ năm %(year)d.") % {"year": shown.book.year}
            )
        response = redirect("desk:register")
        response["Location"] += back
        return response
    return render(request, "dossiers/desk/register_close.html", _context(request, shown, at) | {"back": back})


def _shown(request: PortalRequest) -> Shown:
    """Open the book that the address names, or this year's of the officer's first unit.

    :raises NotAllowed: the officer reads no register.
    :raises Http404: the named unit or book is none of the officer's.
    """
    units = register_book.books_open_to(officer(request))
    if not units:
        raise NotAllowed(NOT_A_READER)
    unit = _chosen(request.GET.get("don_vi", ""), {str(one.pk): one for one in units}, units[0])
    this_year = timezone.localtime(timezone.now()).year
    books = {str(one.year): one for one in register_book.years(unit)}
    books.setdefault(str(this_year), RegisterYear(agency=unit, year=this_year))
    book = _chosen(request.GET.get("nam", ""), books, books[str(this_year)])
    form = RegisterFilters(
        {**request.GET.dict(), "don_vi": str(unit.pk), "nam": str(book.year)},
        units=[(str(one.pk), one.one_stop_name or one.name) for one in units],
        years=[(year, year) for year in sorted(books, reverse=True)],
    )
    kept = {key: value for key, value in request.GET.items() if key in form.fields and value}
    return Shown(unit=unit, book=book, form=form, wanted=form.wanted(), query=urlencode(kept))


def _chosen(name: str, known: dict[str, T], default: T) -> T:
    if not name:
        return default
    if name not in known:
        raise Http404
    return known[name]


def _may_close(request: PortalRequest, unit: Agency) -> bool:
    return request.actor.holds(Role.AGENCY_HEAD, agency_id=unit.pk)


def _context(request: PortalRequest, shown: Shown, at: datetime) -> dict[str, object]:
    over = shown.book.year < timezone.localtime(at).year
    open_still = shown.book.pk is not None and shown.book.closed_at is None
    return {
        "unit": shown.unit,
        "book": shown.book,
        "form": shown.form,
        "query": shown.query,
        "may_close": over and open_still and _may_close(request, shown.unit),
        "at": at,
    }


def _note_copy(event: str, request: PortalRequest, shown: Shown) -> None:
    """Whoever takes many people's data out of the portal leaves a trace."""
    log.info(event, officer_id=request.actor.officer_id, agency=shown.unit.code, year=shown.book.year)
