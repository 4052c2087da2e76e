"""The notes and the thread of a dossier as its pages show them. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.actor import Actor
from dossiers.models import Dossier, InternalNote
from dossiers.services import talk
from dossiers.states import Status


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the thread; ``mine`` is true for the side that reads."""

    text: str
    by: str
    at: datetime
    mine: bool
    read_at: datetime | None


def for_officer(dossier: Dossier, *, actor: Actor) -> dict[str, Any]:
    """Give the notes, the thread and whether the officer may write."""
    notes = InternalNote.objects.filter(dossier=dossier).select_related("officer").order_by("id")
    return {
        "notes": list(notes),
        "thread": _thread(dossier, of_officers=True),
        "may_say": talk.may_say(dossier, actor) and dossier.status != Status.ARCHIVED,
        "longest_message": talk.LENGTH,
    }


def for_applicant(dossier: Dossier, *, actor: Actor) -> dict[str, Any]:
    """Give the thread; an officer is named by office, as on paper."""
    return {
        "thread": _thread(dossier, of_officers=False),
        "may_say": talk.may_say(dossier, actor) and dossier.status != Status.ARCHIVED,
        "longest_message": talk.LENGTH,
    }


def _thread(dossier: Dossier, *, of_officers: bool) -> list[Line]:
    messages = dossier.thread.select_related("officer", "person").order_by("id")
    return [
        Line(
            text=one.text,
            by=str(one.officer or one.person),
            at=one.at,
            mine=(one.officer_id is not None) == of_officers,
            read_at=one.read_at,
        )
        for one in messages
    ]
