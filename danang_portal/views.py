"""Pages that belong to the whole portal: the home page and what stands around the services."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.http import PortalRequest
from danang_portal import navigation
from danang_portal import style_guide as guide
from procedures import life_events

#: Offered under the search box. Vietnamese on every language's page, as they are words of the catalogue.
POPULAR = ("tình trạng hôn nhân", "phù hiệu xe", "khai sinh", "hộ kinh doanh")


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "home.html",
        {"life_events": life_events.shown(), "popular": POPULAR, "hide_header_search": True},
    )


@never_cache
@require_safe
def after_login(request: PortalRequest) -> HttpResponse:
    """Send who has signed in to the first room of their own: officers to their desk, people to their dossiers."""
    return redirect(navigation.first_own(request.actor.kind, request.actor.roles).url)


@login_not_required
def style_guide(request: HttpRequest) -> HttpResponse:
    return render(request, "style_guide.html", guide.context())


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html")
