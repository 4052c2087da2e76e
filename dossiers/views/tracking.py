"""Anybody with the code and the owner's number sees how far a dossier has come, and nothing else (TT 01/2018, 16)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import throttle
from core.http import PortalRequest
from dossiers import selectors
from dossiers.forms import TrackForm
from dossiers.plain_words import STAGES

TRIES_A_MINUTE = 10
TRIES_A_MINUTE_FOR_ONE_CODE = 20


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: PortalRequest) -> HttpResponse:
    """Look a dossier up. Its owner, signed in, is led to the whole of it."""
    asked = request.POST.get("ma") or request.GET.get("ma", "")
    if asked and (own := selectors.by_reference(request.actor, asked)):
        return redirect("dossiers:detail", tracking_no=own.tracking_no)
    form = TrackForm(request.POST if request.method == "POST" else None, initial={"ma": asked})
    found, missed = None, False
    if request.method == "POST":
        _limit(request, asked)
        if form.is_valid():
            found = selectors.look_up(reference=form.cleaned_data["ma"], number=form.cleaned_data["so"])
            missed = found is None
    context = {"form": form, "found": found, "missed": missed, "stages": STAGES}
    status = 422 if form.errors else 404 if missed else 200
    return render(request, "dossiers/citizen/track.html", context, status=status)


def _limit(request: PortalRequest, reference: str) -> None:
    """Slow down who guesses: from one address, and at one code from anywhere."""
    network, code = throttle.network_of(request.actor.ip), selectors.normal_reference(reference)
    throttle.require_pauses(
        [
            throttle.Pause("track", network, TRIES_A_MINUTE, 60),
            throttle.Pause("track-code", code, TRIES_A_MINUTE_FOR_ONE_CODE, 60),
        ],
        at=timezone.now(),
    )
