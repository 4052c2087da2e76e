"""A page of the desk for one step of a dossier: what it means, what is known, what must be typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import InvalidInput, Text
from core.http import PortalRequest
from dossiers.desk_forms import show_problems
from dossiers.models import Dossier
from dossiers.views.desk_dossier import onward, open_dossier, telling


@dataclass(frozen=True, slots=True)
class Page:
    """What the page says: ``sure`` is asked before the step, ``facts`` are shown above the form."""

    title: str
    lede: str
    button: str
    sure: str = ""
    variant: str = "primary"
    facts: Sequence[tuple[Text, Text]] = ()


def step_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open the dossier that the address names for a page that shows and takes a step; no page of these is kept.

    Why the step cannot be taken is told on the dossier's page; see `telling`.
    """

    @require_http_methods(["GET", "POST"])
    @never_cache
    @telling
    @wraps(view)
    def page(request: PortalRequest, tracking_no: str, **parts: Any) -> HttpResponse:
        return view(request, open_dossier(request, tracking_no), **parts)

    return page


def step(
    request: PortalRequest,
    found: Dossier,
    page: Page,
    *,
    form: forms.Form | None,
    do: Callable[[], object],
    done: str,
) -> HttpResponse:
    """Show the page of a step, or take it; what is wrong is told at its field."""
    status = 200
    if request.method == "POST":
        try:
            do()
        except InvalidInput as refusal:
            if form is None:
                raise
            show_problems(form, refusal)
            status = 422
        else:
            messages.success(request, done)
            return onward(request, found)
    context = {"dossier": found, "page": page, "form": form}
    return render(request, "dossiers/desk/turn.html", context, status=status)
