"""Who comes in: those who look after the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from core.http import PortalRequest
from procedures import policies

View = Callable[..., HttpResponse]


def for_keepers(view: View) -> View:
    """Let only those in who look after the catalogue. :raises NotAllowed:"""

    @wraps(view)
    @never_cache
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policies.require_configure(request.actor)
        return view(request, *args, **kwargs)

    return guarded
