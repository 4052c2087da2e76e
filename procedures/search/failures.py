"""Questions that found little: for whoever looks after the catalogue, with nothing in them about who asked."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from django.db import transaction
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
    with transaction.atomic():
        same = FailedSearch.objects.filter(key=key)
        asked = {"times": F("times") + 1, "text": shown, "found": found, "last_at": at}
        if not same.update(**asked):
            if FailedSearch.objects.count() >= MOST and not _made_room():
                return
            row = FailedSearch(key=key, text=shown, found=found, first_at=at, last_at=at, times=0)
            FailedSearch.objects.bulk_create([row], ignore_conflicts=True)
            same.update(**asked)
        same.filter(state=QuestionState.ANSWERED).update(state=QuestionState.OPEN)
        question = same.values_list("pk", flat=True).get()
        day = timezone.localtime(at).date()
        FailedSearchDay.objects.bulk_create(
            [FailedSearchDay(question_id=question, day=day, times=0)], ignore_conflicts=True
        )
        FailedSearchDay.objects.filter(question=question, day=day).update(times=F("times") + 1)


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
