from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import Conflict
from core.http import PortalRequest
from supervision import policies, selectors
from supervision.forms import AlertFilters
from supervision.services import answering

MOST_AT_ONCE = 200


@require_safe
@never_cache
def alerts(request: PortalRequest) -> HttpResponse:
    """What an officer is told of, the newest first; those who look over an agency or the city see all of theirs."""
    policies.require_officer(request.actor)
    oversees = policies.oversees(request.actor)
    form = AlertFilters(request.GET, oversees=oversees)
    filters = form.filters()
    page, rows = selectors.page_of(
        request.actor,
        filters,
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    context = {
        "form": form,
        "rows": rows,
        "filtered": filters != selectors.Filters(),
        "may_take": any(row.may_take for row in rows),
        "oversees": oversees,
        "here": request.get_full_path(),
        "earlier": _page_address(request, "truoc", page.earlier),
        "later": _page_address(request, "sau", page.later),
    }
    return render(request, "supervision/alerts.html", context)


@require_POST
def acknowledge(request: PortalRequest) -> HttpResponse:
    """Take one alert on, or those that are ticked."""
    policies.require_officer(request.actor)
    ids = [int(one) for one in request.POST.getlist("alert") if one.isdecimal() and len(one) < 19]
    if not ids:
        messages.error(request, _("Hãy chọn ít nhất một cảnh báo rồi bấm “Ghi nhận các mục đã chọn”."))
        return redirect(_back(request))
    if not policies.visible(request.actor).filter(pk__in=ids[:MOST_AT_ONCE]).exists():
        raise Http404
    try:
        count = answering.acknowledge(alert_ids=ids[:MOST_AT_ONCE], actor=request.actor, at=timezone.now())
    except Conflict as refusal:
        messages.error(request, str(refusal))
    else:
        selectors.forget_badge(request.actor)
        text = ngettext("Đã ghi nhận %(count)d cảnh báo.", "Đã ghi nhận %(count)d cảnh báo.", count)
        messages.success(request, text % {"count": count})
    return redirect(_back(request))


@require_safe
@never_cache
def summary(request: PortalRequest) -> HttpResponse:
    """Open alerts by kind and agency, for heads of agencies and for the city."""
    policies.require_officer(request.actor)
    found = selectors.summary(request.actor, at=timezone.now())
    return render(request, "supervision/summary.html", {"summary": found, "at": timezone.now()})


def _back(request: PortalRequest) -> str:
    """Give the page of the portal from which the form was sent, or the list."""
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure()):
        return address
    return reverse("supervision:alerts")


def _page_address(request: PortalRequest, direction: str, cursor: str) -> str:
    if not cursor:
        return ""
    kept: dict[str, Any] = {
        key: value for key, value in request.GET.items() if key not in ("sau", "truoc") and value
    }
    return f"?{urlencode({**kept, direction: cursor})}"
