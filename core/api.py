"""The request as views of the API see it."""

from __future__ import annotations

from rest_framework.request import Request

from core.actor import Actor


class PortalAPIRequest(Request):
    """A request of the API; its actor is the one of the request that it wraps."""

    actor: Actor
