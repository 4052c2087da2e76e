"""The request as views see it."""

from __future__ import annotations

from django.http import HttpRequest

from core.actor import Actor


class PortalRequest(HttpRequest):
    """A request that has passed the portal's middleware."""

    actor: Actor
