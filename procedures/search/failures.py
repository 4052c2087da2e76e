"""Questions that found little: for whoever looks after the catalogue, with nothing in them about who asked."""

from __future__ import annotations

import re
from datetime import datetime

from django.db.models import F

from procedures.models import FailedSearch

LONGEST = 160  # characters
MOST = 10_000
"""More different questions than people can read are not kept; the log must not grow with whoever floods it."""

_DIGITS = re.compile(r"[0-9][0-9.\- ]{2,}[0-9]")
_MAIL = re.compile(r"\S+@\S+")
_HIDDEN = "…"


def note(text: str, *, found: int, at: datetime) -> None:
    """Keep a question without the numbers and addresses in it, or count one more who asked it."""
    shown = without_numbers(text)
    known = FailedSearch.objects.filter(text=shown)
    if known.update(times=F("times") + 1, found=found, last_at=at):
        return
    if FailedSearch.objects.count() < MOST:
        row = FailedSearch(text=shown, found=found, first_at=at, last_at=at)
        FailedSearch.objects.bulk_create([row], ignore_conflicts=True)


def without_numbers(text: str) -> str:
    """Give a question in lower case, with numbers of four digits and more, and mail addresses, left out."""
    plain = " ".join(text.lower().split())
    return _DIGITS.sub(_HIDDEN, _MAIL.sub(_HIDDEN, plain))[:LONGEST]
