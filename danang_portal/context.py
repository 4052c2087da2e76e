"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.actor import Actor
from notifications import selectors as notifications_selectors


def portal(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return {
        "actor": actor,
        "demo": settings.DEMO,
        "mailbox_url": settings.MAILBOX_URL,
        "unread_notices": SimpleLazyObject(
            lambda: notifications_selectors.count_unread(person_id=actor.person_id) if actor.person_id else 0
        ),
    }
