"""Due dates asked for in JSON lines, one question a line; what ``manage.py due_at`` answers.

A question is an object: ``start``, ``unit``, ``value``, ``mode``, ``policy``, ``pauses``. Times are local, without a
zone. The answer writes its due moment as ``start`` is written. No question stops another one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from core.working_time.calendar import FIRST_YEAR, LAST_YEAR, TIME_ZONE, Calendar
from core.working_time.due_dates import DueDate, Mode, Pause, PausePolicy, due_date
from core.working_time.durations import Duration, Unit
from core.working_time.explanation import ExplanationStep, explain

SAME_DAY = "same_day"
UNITS = (Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.CALENDAR_DAY, Unit.MONTH, SAME_DAY)
MODES = {"EXACT": Mode.EXACT, "END_OF_DAY": Mode.END_OF_DAY}
KEYS = ("start", "unit", "value", "mode", "policy", "pauses")
ONE_DAY = Duration(Decimal(1), Unit.WORKING_DAY)
MOST = Decimal(1_000_000)
"""No limit is longer: it would end after the last year that can be counted."""

_LOCAL_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?")
_EXAMPLE = 'write it as "2026-03-02T09:00"'
_NUMBER = "give one above 0, such as 2.5"
_PAUSE = "write each pause as [from, to]; to is null while it lasts"


class BadQuestion(ValueError):
    """A line that cannot be answered: its text is the problem, ``fix`` what to write instead.

    ``field`` names the part of the line, "" the line as a whole.
    """

    def __init__(self, field: str, problem: str, *, fix: str) -> None:
        super().__init__(problem)
        self.field, self.fix = field, fix


def answer(calendar: Calendar, line: str, *, brief: bool = False) -> dict[str, Any]:
    """Answer one line: ``due_at`` (None while an open pause lasts) and ``explain``, in order of time.

    A brief answer leaves the explanation out, which takes ten times as long as the due moment.

    :raises BadQuestion: the line is no question, or cannot be counted.
    """
    asked = _object(line)
    start = _moment(asked.get("start"), "start")
    unit = _one_of(asked.get("unit"), UNITS, "unit")
    mode = MODES[_one_of(_given(asked, "mode", "EXACT"), MODES, "mode")]
    policy = PausePolicy(_one_of(_given(asked, "policy", "pause"), PausePolicy.values, "policy"))
    pauses = _pauses(_given(asked, "pauses", []))
    if unit == SAME_DAY:
        duration, mode = ONE_DAY, Mode.SAME_DAY
    else:
        duration = _duration(asked.get("value"), Unit(unit))
    due = _counted(calendar, start, duration, mode, pauses, policy)
    like = str(asked["start"])
    due_at = None if due.at is None else _written(due.at, like=like)
    if brief:
        return {"due_at": due_at}
    return {"due_at": due_at, "explain": [_step(step, like=like) for step in explain(due)]}


def _counted(
    calendar: Calendar,
    start: datetime,
    duration: Duration,
    mode: Mode,
    pauses: list[Pause],
    policy: PausePolicy,
) -> DueDate:
    try:
        return due_date(calendar, start, duration, mode=mode, pauses=pauses, policy=policy)
    except (ValueError, OverflowError) as problem:
        if str(problem).startswith("pauses: "):
            said = str(problem).removeprefix("pauses: ").partition(";")[0]
            raise BadQuestion(
                "pauses",
                said,
                fix="let each pause begin after the start, and after the one before it has ended",
            ) from None
        if pauses:
            _counted(
                calendar, start, duration, mode, [], policy
            )  # names the value where that alone is too much
        raise BadQuestion(
            "pauses" if pauses else "value",
            f"{duration.value:f} {duration.unit} from {start:%Y-%m-%d} end after {LAST_YEAR}",
            fix=f"give dates and limits that end between {FIRST_YEAR} and {LAST_YEAR}",
        ) from None


def _object(line: str) -> Mapping[str, Any]:
    try:
        asked = json.loads(line, parse_float=_decimal, object_pairs_hook=_once)
    except BadQuestion:
        raise
    except (ValueError, RecursionError) as problem:
        raise BadQuestion(
            "", f"the line is not JSON ({problem})", fix="write one JSON object a line"
        ) from None
    if not isinstance(asked, dict):
        raise BadQuestion(
            "", "the line is not a JSON object", fix='write {"start": …, "unit": …, "value": …}'
        )
    for key in asked:
        if key not in KEYS:
            raise BadQuestion(key, "there is no such key", fix=f"the keys are {', '.join(KEYS)}")
    return asked


def _decimal(text: str) -> Decimal | str:
    """Read a number; one beyond all bounds stays text, to be refused with its field."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise BadQuestion(key, "the key is there twice", fix="give each key once")
        found[key] = value
    return found


def _given(asked: Mapping[str, Any], key: str, default: Any) -> Any:
    value = asked.get(key)
    return default if value is None else value


def _moment(value: Any, field: str) -> datetime:
    if value is None:
        raise BadQuestion(field, "a local time is missing", fix=_EXAMPLE)
    if not isinstance(value, str):
        raise BadQuestion(field, f"{_shown(value)} is not a local time", fix=_EXAMPLE)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise BadQuestion(field, f"{_shown(value)} is not a local time", fix=_EXAMPLE) from None
    if moment.tzinfo is not None:
        raise BadQuestion(field, f"{_shown(value)} has a time zone", fix="give local time without one")
    if not _LOCAL_TIME.fullmatch(value):
        raise BadQuestion(field, f"{_shown(value)} is written in another way", fix=_EXAMPLE)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadQuestion(
            field,
            f"{_shown(value)} is not between {FIRST_YEAR} and {LAST_YEAR}",
            fix="give a year that can be counted",
        )
    return moment.replace(tzinfo=TIME_ZONE)


def _one_of(value: Any, known: Any, field: str) -> str:
    if not isinstance(value, str) or value not in known:
        said = "it is missing" if value is None else f"{_shown(value)} is not known"
        raise BadQuestion(field, said, fix=f"give one of {', '.join(known)}")
    return str(value)


def _duration(value: Any, unit: Unit) -> Duration:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        said = "it is missing" if value is None else f"{_shown(value)} is not a number"
        raise BadQuestion("value", said, fix=_NUMBER)
    try:
        number = Decimal(value)
        if not 0 < number <= MOST:
            raise BadQuestion("value", f"{_shown(str(value))} is not a time limit", fix=_NUMBER)
        duration = Duration(number, unit)
    except InvalidOperation:
        raise BadQuestion("value", f"{_shown(str(value))} is no number to count with", fix=_NUMBER) from None
    except BadQuestion:
        raise
    except ValueError as problem:
        said, _separator, fix = str(problem).removeprefix("value: ").partition("; ")
        raise BadQuestion("value", said, fix=fix) from None
    if unit.is_working and not duration.working_time:
        raise BadQuestion("value", f"{_shown(str(value))} {unit} is no time at all", fix=_NUMBER)
    return duration


def _pauses(value: Any) -> list[Pause]:
    if not isinstance(value, list):
        raise BadQuestion("pauses", f"{_shown(value)} is not a list", fix=_PAUSE)
    pauses = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2:
            raise BadQuestion("pauses", f"{_shown(pair)} is not a pause", fix=_PAUSE)
        since = _moment(pair[0], "pauses")
        until = None if pair[1] is None else _moment(pair[1], "pauses")
        if until is not None and until < since:
            raise BadQuestion(
                "pauses", f"{pair[1]} lies before {pair[0]}", fix="let the pause end after it begins"
            )
        pauses.append(Pause(since, until))
    return pauses


def _shown(value: Any) -> str:
    """Quote what was given, so much of it as can be read."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


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
