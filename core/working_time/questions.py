"""Due dates asked for in JSON lines, one question a line; what ``manage.py due_at`` answers.

A question is an object: ``start``, ``unit``, ``value``, ``mode``, ``policy``, ``pauses``. Times are local, without a
zone. The answer writes its due moment as ``start`` is written. No question stops another one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from core.working_time.calendar import FIRST_YEAR, LAST_YEAR, TIME_ZONE, Calendar
from core.working_time.due_dates import Mode, Pause, PausePolicy, due_date
from core.working_time.durations import Duration, Unit
from core.working_time.explanation import ExplanationStep, explain

SAME_DAY = "same_day"
UNITS = (Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.CALENDAR_DAY, Unit.MONTH, SAME_DAY)
MODES = {"EXACT": Mode.EXACT, "END_OF_DAY": Mode.END_OF_DAY}
KEYS = ("start", "unit", "value", "mode", "policy", "pauses")
ONE_DAY = Duration(Decimal(1), Unit.WORKING_DAY)


class BadQuestion(ValueError):
    """A line that cannot be answered; ``field`` names the part of it, "" the line as a whole."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field


def answer(calendar: Calendar, line: str, *, brief: bool = False) -> dict[str, Any]:
    """Answer one line: ``due_at`` (None while an open pause lasts) and ``explain``, in order of time.

    A brief answer leaves the explanation out, which takes ten times as long as the due moment.

    :raises BadQuestion: the line is no question, or cannot be counted.
    """
    asked = _object(line)
    start = _moment(asked.get("start"), "start")
    unit = _one_of(asked.get("unit"), UNITS, "unit")
    mode = MODES[_one_of(asked.get("mode") or "EXACT", MODES, "mode")]
    policy = PausePolicy(_one_of(asked.get("policy") or "pause", PausePolicy.values, "policy"))
    pauses = _pauses(asked.get("pauses") or [])
    if unit == SAME_DAY:
        duration, mode = ONE_DAY, Mode.SAME_DAY
    else:
        duration = _duration(asked.get("value"), Unit(unit))
    try:
        due = due_date(calendar, start, duration, mode=mode, pauses=pauses, policy=policy)
    except (ValueError, OverflowError) as problem:
        if str(problem).startswith("pauses: "):
            raise BadQuestion("pauses", str(problem).removeprefix("pauses: ")) from None
        raise BadQuestion(
            "value",
            f"{duration.value} {unit} from {start:%Y-%m-%d} is not between {FIRST_YEAR} and {LAST_YEAR}",
        ) from None
    like = str(asked["start"])
    due_at = None if due.at is None else _written(due.at, like=like)
    if brief:
        return {"due_at": due_at}
    return {"due_at": due_at, "explain": [_step(step, like=like) for step in explain(due)]}


def _object(line: str) -> Mapping[str, Any]:
    try:
        asked = json.loads(line, parse_float=Decimal)
    except (ValueError, RecursionError) as problem:
        raise BadQuestion("", f"the line is not JSON ({problem}); write one JSON object a line") from None
    if not isinstance(asked, dict):
        raise BadQuestion("", 'the line is not a JSON object; write {"start": …, "unit": …, "value": …}')
    for key in asked:
        if key not in KEYS:
            raise BadQuestion(key, f"there is no such key; the keys are {', '.join(KEYS)}")
    return asked


def _moment(value: Any, field: str) -> datetime:
    example = 'write it as "2026-03-02T09:00"'
    if value is None:
        raise BadQuestion(field, f"a local time is missing; {example}")
    if not isinstance(value, str) or len(value) < len("2026-03-02T09:00"):
        raise BadQuestion(field, f"{value!r} is not a local time; {example}")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise BadQuestion(field, f"{value!r} is not a local time; {example}") from None
    if moment.tzinfo is not None:
        raise BadQuestion(field, f"{value!r} has a time zone; give local time without one")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadQuestion(field, f"{value!r} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return moment.replace(tzinfo=TIME_ZONE)


def _one_of(value: Any, known: Any, field: str) -> str:
    if not isinstance(value, str) or value not in known:
        said = "it is missing" if value is None else f"{value!r} is not known"
        raise BadQuestion(field, f"{said}; it is one of {', '.join(known)}")
    return str(value)


def _duration(value: Any, unit: Unit) -> Duration:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        said = "it is missing" if value is None else f"{value!r} is not a number"
        raise BadQuestion("value", f"{said}; give one above 0, such as 2.5")
    try:
        return Duration(Decimal(value), unit)
    except InvalidOperation:
        raise BadQuestion(
            "value", f"{str(value)!r} is no number to count with; give one above 0, such as 2.5"
        ) from None
    except ValueError as problem:
        raise BadQuestion("value", str(problem).removeprefix("value: ")) from None


def _pauses(value: Any) -> list[Pause]:
    form = "a pause is [from, to]; to is null while it lasts"
    if not isinstance(value, list):
        raise BadQuestion("pauses", f"{value!r} is not a list; {form}")
    pauses = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2:
            raise BadQuestion("pauses", f"{pair!r} is not a pause; {form}")
        since = _moment(pair[0], "pauses")
        until = None if pair[1] is None else _moment(pair[1], "pauses")
        if until is not None and until < since:
            raise BadQuestion("pauses", f"{pair[1]} lies before {pair[0]}; a pause ends after it begins")
        pauses.append(Pause(since, until))
    return pauses


def _step(step: ExplanationStep, *, like: str) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "from": _written(step.since, like=like),
        "to": _written(step.until, like=like),
        "worked_minutes": round(step.worked.total_seconds() / 60),
        "rule": step.rule,
        "basis": step.basis,
        "text": step.text,
    }


def _written(moment: datetime, *, like: str) -> str:
    """Write a moment as another one is written: with a blank or T in the middle, with seconds if it has some."""
    local = moment.replace(tzinfo=None)
    whole = len(like) == len("2026-03-02T09:00") and not (local.second or local.microsecond)
    return local.isoformat(sep=like[10], timespec="minutes" if whole else "auto")
