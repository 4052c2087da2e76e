"""A notice as an e-mail letter."""

from __future__ import annotations

import uuid
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from notifications.models import EmailDelivery, Notice


def compose(delivery: EmailDelivery, *, connection: Any = None) -> EmailMultiAlternatives:
    """Make the letter of a delivery: plain text with an HTML alternative, in the recipient's language."""
    notice = delivery.notice
    with translation.override(notice.person.language):
        context = {"notice": notice, "link": link(notice), "portal_url": settings.PORTAL_URL}
        letter = EmailMultiAlternatives(
            subject=notice.subject,
            body=render_to_string("notifications/email.txt", context),
            to=[delivery.address],
            connection=connection,
            headers={
                "Message-ID": message_id(delivery),
                "Auto-Submitted": "auto-generated",
                "Content-Language": notice.person.language,
            },
        )
        letter.attach_alternative(render_to_string("notifications/email.html", context), "text/html")
    return letter


def link(notice: Notice) -> str:
    """Give the address of what the notice is about. It carries no token: who opens it signs in."""
    if notice.dossier is None:
        return f"{settings.PORTAL_URL}{reverse('notifications:list')}"
    return f"{settings.PORTAL_URL}{reverse('dossiers:detail', args=[notice.dossier.tracking_no])}"


def message_id(delivery: EmailDelivery) -> str:
    """Give the Message-ID of a letter, the same at every try, so that a mailbox shows a repeated one once."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    name = f"{settings.PORTAL_URL}/notices/{delivery.notice_id}/{delivery.queued_at.isoformat()}"
    return f"<{uuid.uuid5(uuid.NAMESPACE_URL, name).hex}@{domain}>"
