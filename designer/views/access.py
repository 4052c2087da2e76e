"""Who comes in, and which version a page is about."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from core.http import PortalRequest
from designer import selectors
from procedures import policies
from procedures.models import ProcedureVersion

View = Callable[..., HttpResponseBase]


def for_designers(view: View) -> View:
    """Let only those in who look after the catalogue. :raises NotAllowed:"""

    @wraps(view)
    @never_cache
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        policies.require_configure(request.actor)
        return view(request, *args, **kwargs)

    return guarded


def of_version(view: View) -> View:
    """Give a page its version, by code and number; the same rule as `for_designers`."""

    @wraps(view)
    def found(request: PortalRequest, *, code: str, version_no: int, **kwargs: Any) -> HttpResponseBase:
        try:
            version = selectors.version_of(code=code, version_no=version_no)
        except ProcedureVersion.DoesNotExist as missing:
            raise Http404 from missing
        return view(request, version, **kwargs)

    return for_designers(found)


def to_version(version: ProcedureVersion, name: str = "version", **more: Any) -> HttpResponse:
    """Lead to a page of a version."""
    return redirect(f"designer:{name}", code=version.procedure.code, version_no=version.version_no, **more)
