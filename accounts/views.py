"""The way in for everybody: choose how, and go on to where you belong."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.sessions import ENDED_IDLE
from core.http import PortalRequest


@login_not_required
@never_cache
@require_safe
def login_choice(request: PortalRequest) -> HttpResponse:
    """People and organisations sign in with VNeID, officers with their work account."""
    if not request.actor.is_anonymous:
        return redirect(_onward(request) or "after_login")
    context = {"next": _onward(request), "ended_idle": request.session.pop(ENDED_IDLE, False)}
    return render(request, "account/login_choice.html", context)


def _onward(request: PortalRequest) -> str:
    """Give the address to go on to after signing in, if it is one of ours."""
    onward = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return onward if safe else ""
