"""Life events: everybody may read them, with or without signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.http import PortalRequest
from procedures import life_events, reading
from procedures.models import LifeEvent


@login_not_required
@require_safe
def events(request: PortalRequest) -> HttpResponse:
    """Show all events, those of people and those of enterprises."""
    return render(request, "procedures/life_events.html", {"groups": life_events.by_audience()})


@login_not_required
@require_safe
def event(request: PortalRequest, slug: str) -> HttpResponse:
    """Show an event with its procedures: what can be filed here first."""
    try:
        page = life_events.page_of(slug)
    except LifeEvent.DoesNotExist as missing:
        raise Http404 from missing
    parts = [
        {
            "fileable": fileable,
            "rows": [{"step": step, "time": reading.main_time(step.version)} for step in steps],
        }
        for fileable, steps in ((True, page.fileable), (False, page.others))
        if steps
    ]
    others = [one for one in life_events.shown() if one.slug != slug and one.audience == page.event.audience]
    return render(
        request, "procedures/life_event.html", {"event": page.event, "parts": parts, "others": others}
    )
