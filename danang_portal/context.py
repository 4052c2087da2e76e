"""What every page knows."""

from typing import Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from core.http import PortalRequest
from danang_portal import navigation
from notifications import selectors as notifications_selectors
from supervision import selectors as supervision_selectors


def portal(request: PortalRequest) -> dict[str, Any]:
    """Give the actor and what the frame of a page shows; nothing is asked of the database before it is shown."""
    actor = request.actor
    links = navigation.links(actor.kind, actor.roles)
    return {
        "actor": actor,
        "navigation": links,
        # Only where a link leads here: the frame is kept for each value.
        "here": request.path if any(link.url == request.path for link in links) else "",
        "demo": settings.DEMO,
        "mailbox_url": settings.MAILBOX_URL,
        "unread_notices": SimpleLazyObject(
            lambda: notifications_selectors.count_unread(person_id=actor.person_id) if actor.person_id else 0
        ),
        "open_alerts": SimpleLazyObject(
            lambda: supervision_selectors.badge(actor) if actor.is_officer else 0
        ),
    }
