"""The request as views see it, and where it comes from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from core.actor import Actor


class PortalRequest(HttpRequest):
    """A request that has passed the portal's middleware."""

    actor: Actor


def wants_json(request: HttpRequest) -> bool:
    """Say whether a program asks, which is to get JSON for an answer that is no page of its own."""
    accepts = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or accepts.startswith("application/json")


def address_of(request: HttpRequest) -> str:
    """Give the address from which a request came, or an empty text.

    Behind proxies it is what the outermost trusted one saw: each adds an address at the end of ``X-Forwarded-For``,
    and whatever stands before ours was written by whoever sent the request.
    """
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    claimed = forwarded[-trusted] if 0 < trusted <= len(forwarded) else ""
    for text in (claimed, request.META.get("REMOTE_ADDR", "")):
        try:
            return str(ipaddress.ip_address(text.strip()))
        except ValueError:
            continue
    return ""
