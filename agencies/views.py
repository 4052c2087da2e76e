"""The working calendar of an agency: a year at a glance, its days, and the history of its changes."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import calendar_page, forms, policies, services
from agencies.calendars import is_shared
from agencies.models import Agency
from core.errors import Conflict, InvalidInput, NotAllowed
from core.http import PortalRequest
from core.pagination import keyset

CHANGES_A_PAGE = 10
RECOMPUTED = gettext_lazy(
    "Hạn của các hồ sơ đang giải quyết được tính lại trong ít phút; mỗi hồ sơ ghi hạn cũ và hạn mới."
)


@require_safe
def calendars(request: PortalRequest) -> HttpResponse:
    """The agencies whose calendar the officer keeps; with one there is nothing to choose."""
    agencies = list(policies.agencies_with_calendar(request.actor).order_by("name_sort", "pk"))
    if not agencies:
        raise NotAllowed(
            _(
                "Lịch làm việc do cán bộ kiểm soát thủ tục hành chính hoặc quản trị hệ thống của cơ quan quản lý."
            )
        )
    if len(agencies) == 1:
        return redirect("agencies:calendar", code=agencies[0].code)
    return render(request, "agencies/calendars.html", {"agencies": agencies})


@require_safe
def calendar(request: PortalRequest, code: str, year: int | None = None) -> HttpResponse:
    """One year: working days of each month, each day that is not as usual, and who changed what."""
    agency = _agency(request, code)
    shown = timezone.localdate().year if year is None else year
    if not services.FIRST_DAY.year <= shown <= services.LAST_DAY.year:
        raise Http404
    page = keyset(
        calendar_page.changes(agency),
        order=("-pk",),
        size=CHANGES_A_PAGE,
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    context = {
        "agency": agency,
        "year": shown,
        "months": calendar_page.year_of(agency, shown),
        "earlier_year": shown - 1 if shown > services.FIRST_DAY.year else None,
        "later_year": shown + 1 if shown < services.LAST_DAY.year else None,
        "is_shared": is_shared(agency),
        "inherits": agency.calendar.parent_id is not None,
        "page": page,
        "changes": [
            (change, calendar_page.in_words(change.before), calendar_page.in_words(change.after))
            for change in page.rows
        ],
    }
    return render(request, "agencies/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_day(request: PortalRequest, code: str) -> HttpResponse:
    """Set a day that the form asks for."""
    agency = _agency(request, code)
    form = forms.Day(request.POST or None)
    if form.is_bound and form.is_valid():
        saved = _save(request, agency, form, day=form.cleaned_data["day"])
        if saved is not None:
            return saved
    context = {"agency": agency, "form": form, "day": None, "remove_form": None}
    return render(request, "agencies/day.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def day(request: PortalRequest, code: str, day: str) -> HttpResponse:
    """Change one day, or take it out of the agency's own calendar."""
    agency, which = _agency(request, code), _date(day)
    form = forms.Day(request.POST or None, fixed=True, initial=calendar_page.edited(agency, which).initial)
    if form.is_bound and form.is_valid():
        saved = _save(request, agency, form, day=which)
        if saved is not None:
            return saved
    return _day_page(request, agency, which, form, forms.RemoveDay())


@require_POST
def remove_day(request: PortalRequest, code: str, day: str) -> HttpResponse:
    """Take a day out, so that it is again what the calendar above says."""
    agency, which = _agency(request, code), _date(day)
    form = forms.RemoveDay(request.POST)
    try:
        services.remove_day(
            agency_id=agency.pk,
            day=which,
            reason=request.POST.get("reason", ""),
            actor=request.actor,
            at=timezone.now(),
        )
    except InvalidInput as refusal:
        forms.show_problems(form, refusal)
        unchanged = forms.Day(fixed=True, initial=calendar_page.edited(agency, which).initial)
        return _day_page(request, agency, which, unchanged, form)
    except Conflict as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{_('Đã bỏ ngày này.')} {RECOMPUTED}")
    return redirect("agencies:calendar_year", code=agency.code, year=which.year)


def _save(request: PortalRequest, agency: Agency, form: forms.Day, *, day: date) -> HttpResponse | None:
    """Save what was typed and go back to the year; None where the form now says what is wrong."""
    typed = form.cleaned_data
    try:
        changed = services.change_day(
            agency_id=agency.pk,
            day=day,
            kind=typed["kind"],
            name=typed["name"],
            hours=typed["hours"],
            reason=typed["reason"],
            actor=request.actor,
            at=timezone.now(),
        )
    except InvalidInput as refusal:
        forms.show_problems(form, refusal)
        return None
    if changed:
        messages.success(request, f"{_('Đã lưu lịch làm việc.')} {RECOMPUTED}")
    else:
        messages.info(request, _("Ngày này đã như vậy trong lịch; không có gì thay đổi."))
    return redirect("agencies:calendar_year", code=agency.code, year=day.year)


def _day_page(
    request: PortalRequest, agency: Agency, which: date, form: forms.Day, remove_form: forms.RemoveDay
) -> HttpResponse:
    context = {
        "agency": agency,
        "day": which,
        "form": form,
        "remove_form": remove_form if calendar_page.edited(agency, which).is_own else None,
    }
    bound = form.is_bound or remove_form.is_bound
    return render(request, "agencies/day.html", context, status=422 if bound else 200)


def _agency(request: PortalRequest, code: str) -> Agency:
    """Give an agency whose calendar the officer keeps; all others are not here."""
    if "\x00" in code:
        raise Http404
    found = policies.agencies_with_calendar(request.actor).select_related("calendar")
    return get_object_or_404(found, code=code)


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not services.FIRST_DAY <= day <= services.LAST_DAY:
        raise Http404
    return day
