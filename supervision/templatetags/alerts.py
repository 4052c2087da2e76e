"""Alerts on pages of apps below, which cannot ask for them."""

from __future__ import annotations

from typing import Any

from django import template

from core.http import PortalRequest
from dossiers.models import Dossier
from supervision import selectors

register = template.Library()


@register.inclusion_tag("supervision/_of_dossier.html", takes_context=True)
def alerts_of(context: template.Context, dossier: Dossier) -> dict[str, Any]:
    """Show the open alerts of a dossier to the officer who looks at it."""
    request: PortalRequest = context["request"]
    return {
        "rows": selectors.of_dossier(request.actor, dossier),
        "here": request.get_full_path(),
        "csrf_token": context["csrf_token"],
    }
