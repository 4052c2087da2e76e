"""Notices, and what officers are told, as e-mail letters."""

from __future__ import annotations

import uuid
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from notifications.models import EmailDelivery, Notice, OfficerLetter


def compose(outgoing: EmailDelivery | OfficerLetter, *, connection: Any = None) -> EmailMultiAlternatives:
    """Make a letter: plain text with an HTML alternative, in the recipient's language."""
    if isinstance(outgoing, OfficerLetter):
        return _to_officer(outgoing, connection=connection)
    notice = outgoing.notice
    context = {"notice": notice, "link": link(notice), "portal_url": settings.PORTAL_URL}
    return _letter(
        outgoing,
        template="notifications/email",
        context=context,
        subject=notice.subject,
        address=outgoing.address,
        language=notice.person.language,
        connection=connection,
    )


def _to_officer(outgoing: OfficerLetter, *, connection: Any) -> EmailMultiAlternatives:
    """Officers read in the language of the office."""
    language = settings.LANGUAGE_CODE
    link = f"{settings.PORTAL_URL}{outgoing.path}"
    return _letter(
        outgoing,
        template="notifications/officer_email",
        context={"letter": outgoing, "link": link, "language": language},
        subject=outgoing.subject,
        address=outgoing.officer.user.email,
        language=language,
        connection=connection,
    )


def _letter(
    outgoing: EmailDelivery | OfficerLetter,
    *,
    template: str,
    context: dict[str, Any],
    subject: str,
    address: str,
    language: str,
    connection: Any,
) -> EmailMultiAlternatives:
    with translation.override(language):
        letter = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string(f"{template}.txt", context),
            to=[address],
            connection=connection,
            headers={
                "Message-ID": message_id(outgoing),
                "Auto-Submitted": "auto-generated",
                "Content-Language": language,
            },
        )
        letter.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return letter


def link(notice: Notice) -> str:
    """Give the address of what the notice is about. It carries no token: who opens it signs in."""
    if notice.dossier is None:
        return f"{settings.PORTAL_URL}{reverse('notifications:list')}"
    return f"{settings.PORTAL_URL}{reverse('dossiers:detail', args=[notice.dossier.tracking_no])}"


def message_id(outgoing: EmailDelivery | OfficerLetter) -> str:
    """Give the Message-ID of a letter, the same at every try, so that a mailbox shows a repeated one once."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    if isinstance(outgoing, OfficerLetter):
        cause = f"officers/{outgoing.key}"
    else:
        cause = f"notices/{outgoing.notice_id}"
    name = f"{settings.PORTAL_URL}/{cause}/{outgoing.queued_at.isoformat()}"
    return f"<{uuid.uuid5(uuid.NAMESPACE_URL, name).hex}@{domain}>"
