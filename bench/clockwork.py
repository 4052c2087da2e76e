"""The loops of the due-date benchmark, in a process of their own: one JSON line a round, seconds of CPU a due date.

DJANGO_SETTINGS_MODULE=django.conf.global_settings python -m bench.clockwork STARTS ROUNDS
"""

from __future__ import annotations

import json
import random
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from bench.load import WrongAnswer
from core.working_time import TIME_ZONE, Calendar, Duration, Unit, due_date, due_moments, official_days

T = TypeVar("T")

LIMIT = Duration(Decimal("2.5"), Unit.WORKING_DAY)
SEED = 20_260_302
MINUTE = timedelta(minutes=1)
DAY = 24 * 60
MORNING, AFTERNOON = (7 * 60 + 30, 11 * 60 + 30), (13 * 60, 17 * 60)
FIRST = datetime(2025, 1, 1, tzinfo=TIME_ZONE)


def run(count: int, rounds: int) -> None:
    """Count due dates by bare arithmetic, many at once and one by one, in turns.

    :raises WrongAnswer: they do not agree.
    """
    calendar = Calendar(official_days())
    draw = random.Random(SEED)
    minutes = [draw.randrange(700 * DAY) for _ in range(count)]
    starts = [FIRST + one * MINUTE for one in minutes]
    few = starts[: max(1, count // 10)]
    bare, work = _bare(calendar, days=1000), int(LIMIT.value * 8 * 60)
    for _round in range(rounds):
        reference, expected = _timed(lambda: bare(minutes, work))
        bulk, found = _timed(lambda: due_moments(calendar, starts, LIMIT))
        single, alone = _timed(lambda: [due_date(calendar, start, LIMIT).at for start in few])
        if found != [FIRST + one * MINUTE for one in expected] or alone != found[: len(few)]:
            raise WrongAnswer("the calculator and the bare arithmetic disagree on a due date")
        figures = {"bare": reference / count, "bulk": bulk / count, "single": single / len(few)}
        print(json.dumps(figures), flush=True)


def _bare(calendar: Calendar, *, days: int) -> Callable[[Sequence[int], int], list[int]]:
    """Make the smallest honest way to count: whole minutes since the first day, two look-ups in a table of sessions."""
    opens, closes, before = [], [], [0]
    for number in range(days):
        if calendar.is_working_day(date(2025, 1, 1) + timedelta(days=number)):
            for opened, closed in (MORNING, AFTERNOON):
                opens.append(number * DAY + opened)
                closes.append(number * DAY + closed)
                before.append(before[-1] + closed - opened)

    def due(minutes: Sequence[int], work: int) -> list[int]:
        found = []
        for minute in minutes:
            i = bisect_right(opens, minute) - 1
            target = work if i < 0 else work + before[i] + min(minute, closes[i]) - opens[i]
            j = bisect_left(before, target) - 1
            found.append(opens[j] + target - before[j])
        return found

    return due


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    """Give the CPU seconds of a piece of work, and what it returned."""
    began = time.process_time()
    done = work()
    return time.process_time() - began, done


if __name__ == "__main__":
    run(int(sys.argv[1]), int(sys.argv[2]))
