"""A page of the desk for one step of a dossier: what it means, what is known, what must be typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from core.errors import InvalidInput, Text
from core.http import PortalRequest
from dossiers.desk_forms import show_problems
from dossiers.models import Dossier
from dossiers.views.desk_dossier import onward


@dataclass(frozen=True, slots=True)
class Page:
    """What the page says: ``sure`` is asked before the step, ``facts`` are shown above the form."""

    title: str
    lede: str
    button: str
    sure: str = ""
    variant: str = "primary"
    facts: Sequence[tuple[Text, Text]] = ()


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
