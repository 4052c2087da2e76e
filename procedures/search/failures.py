"""Questions that found little: for whoever looks after the catalogue, with nothing in them about who asked."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from procedures.models import FailedSearch, FailedSearchDay
from procedures.search.words import words
from procedures.states import QuestionState

LONGEST = 160  # characters
MOST = 10_000
"""More different questions than people can read are not kept; the log must not grow with whoever floods it.

A new one then takes the place of the one that was asked once, longest ago, so that a flood silences nobody after it.
"""
KEPT = timedelta(days=180)
"""How long it is remembered that a question was asked."""

# One statement, since whoever asked waits for it.
_NOTE = """
WITH question AS (
    INSERT INTO procedures_failedsearch AS known (key, text, times, found, first_at, last_at, state, state_by)
    SELECT %(key)s, %(text)s, 1, %(found)s, %(at)s, %(at)s, %(open)s, ''
    WHERE EXISTS (SELECT FROM procedures_failedsearch WHERE key = %(key)s)
        OR (SELECT count(*) FROM procedures_failedsearch) < %(most)s
    ON CONFLICT (key) DO UPDATE SET times = known.times + 1, text = excluded.text, found = excluded.found,
        last_at = excluded.last_at,
        state = CASE known.state WHEN %(answered)s THEN excluded.state ELSE known.state END
    RETURNING id
)
INSERT INTO procedures_failedsearchday AS known (question_id, day, times)
SELECT id, %(day)s, 1 FROM question
ON CONFLICT (question_id, day) DO UPDATE SET times = known.times + 1
"""

# Four digits and more, whatever stands between them but a letter: a phone number, a personal number, a date.
_NUMBER = re.compile(r"\d(?:[\W_]{0,3}\d){3,}")
_CODE = re.compile(r"(?<![\w.])\d\.\d{6}(?![\w.])")  # of a procedure, nobody's number
_MAIL = re.compile(r"\S+@\S+")
_HIDDEN = "…"
_READ = 600  # characters; more is no question


def note(text: str, *, found: int, at: datetime) -> None:
    """Keep a question without the numbers and addresses in it, or count one more who asked it.

    Questions with the same words are one, however they are written. One that was answered and finds little again is
    open again.
    """
    shown = without_numbers(text)
    key = " ".join(words(shown))[:LONGEST]
    if not key:
        return
    values = {
        "key": key,
        "text": shown,
        "found": found,
        "at": at,
        "day": timezone.localtime(at).date(),
        "open": QuestionState.OPEN,
        "answered": QuestionState.ANSWERED,
        "most": MOST,
    }
    if not _noted(values) and _made_room():
        _noted(values)


def _noted(values: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
        return cursor.rowcount > 0


def _made_room() -> bool:
    once = FailedSearch.objects.filter(times=1, state=QuestionState.OPEN).order_by("last_at", "pk")
    gone, _by_model = FailedSearch.objects.filter(pk__in=list(once.values_list("pk", flat=True)[:1])).delete()
    return bool(gone)


def without_numbers(text: str) -> str:
    """Give a question in lower case, with numbers of four digits and more, and mail addresses, left out.

    Codes of procedures stay. Digits of every script count, and nothing invisible between them hides a number.
    """
    text = text if len(text) <= _READ else text[:_READ].rpartition(" ")[0]
    plain = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    plain = _MAIL.sub(_HIDDEN, " ".join(plain.lower().split()))
    codes = [match.span() for match in _CODE.finditer(plain)]

    def hidden(match: re.Match[str]) -> str:
        return match[0] if match.span() in codes else _HIDDEN

    return _NUMBER.sub(hidden, plain)[:LONGEST]


@transaction.atomic
def forget_old(*, at: datetime) -> int:
    """Forget what was asked longer ago than `KEPT`; give the number of questions that are gone."""
    FailedSearchDay.objects.filter(day__lt=timezone.localtime(at - KEPT).date()).delete()
    gone, _by_model = FailedSearch.objects.filter(days=None).delete()
    left = FailedSearch.objects.annotate(asked=Coalesce(Sum("days__times"), 0)).exclude(times=F("asked"))
    for question in left.iterator():
        FailedSearch.objects.filter(pk=question.pk).update(times=question.asked)
    return gone
