"""The vectors T01 to T45 of the working time regulation, in one table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest

from core.working_time import (
    TIME_ZONE,
    Calendar,
    Duration,
    Mode,
    Pause,
    PausePolicy,
    Unit,
    accept_due,
    apology_due,
    due_date,
    near_due_at,
    official_days,
    paper_transfer_due,
    step_dues,
    supplement_notice_due,
)

CITY = Calendar(official_days())
SUPPLEMENT = ("2026-03-04 10:00", "2026-03-09 15:00")
RESTART, GO_ON = PausePolicy.RESTART, PausePolicy.PAUSE


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=TIME_ZONE)


def wd(value: str) -> Duration:
    return Duration(Decimal(value), Unit.WORKING_DAY)


def wh(value: str) -> Duration:
    return Duration(Decimal(value), Unit.WORKING_HOUR)


def due(
    start: str,
    limit: Duration,
    mode: Mode = Mode.EXACT,
    *,
    stops: tuple[tuple[str, str], ...] = (),
    policy: PausePolicy = GO_ON,
) -> Callable[[], datetime | None]:
    pauses = [Pause(at(since), at(until)) for since, until in stops]
    return lambda: due_date(CITY, at(start), limit, mode=mode, pauses=pauses, policy=policy).at


def mixed(start: str, limit: Duration, *stops: tuple[str, str, PausePolicy]) -> Callable[[], datetime | None]:
    """Pauses that each say how time goes on after them; what is said for all others must not matter."""
    pauses = [Pause(at(since), at(until), policy) for since, until, policy in stops]
    return lambda: due_date(CITY, at(start), limit, pauses=pauses, policy=RESTART).at


def accepted(submitted: str) -> Callable[[], datetime]:
    return lambda: accept_due(CITY, at(submitted))


@pytest.mark.parametrize(
    ("compute", "expected"),
    [
        pytest.param(due("2026-03-02 09:00", wd("3")), "2026-03-05 09:00", id="T01"),
        pytest.param(due("2026-03-02 09:00", wd("3"), Mode.END_OF_DAY), "2026-03-05 17:00", id="T02"),
        pytest.param(due("2026-03-06 16:00", wd("1")), "2026-03-09 16:00", id="T03"),
        pytest.param(accepted("2026-03-02 08:00"), "2026-03-02 13:30", id="T04"),
        pytest.param(accepted("2026-03-06 16:30"), "2026-03-09 11:00", id="T05"),
        pytest.param(accepted("2026-03-07 10:00"), "2026-03-09 11:30", id="T06"),
        pytest.param(accepted("2026-03-03 12:00"), "2026-03-03 17:00", id="T08"),
        pytest.param(due("2026-02-13 10:00", wd("5")), "2026-02-27 10:00", id="T10"),
        pytest.param(due("2026-08-21 15:00", wd("1")), "2026-08-22 15:00", id="T11"),
        pytest.param(due("2026-08-28 10:00", wd("2")), "2026-09-04 10:00", id="T12"),
        pytest.param(due("2026-11-23 09:00", wd("1")), "2026-11-25 09:00", id="T13"),
        pytest.param(due("2026-04-24 14:00", wd("2")), "2026-04-29 14:00", id="T14"),
        pytest.param(due("2026-01-09 09:00", wd("2")), "2026-01-12 09:00", id="T17"),
        pytest.param(due("2026-03-03 14:00", wd("5").scaled(Decimal("0.5"))), "2026-03-06 08:30", id="T18"),
        pytest.param(due("2026-03-03 14:00", wd("5")), "2026-03-10 14:00", id="T19"),
        pytest.param(due("2026-03-04 10:00", wd("1"), Mode.SAME_DAY), "2026-03-04 17:00", id="T20"),
        pytest.param(due("2026-03-04 15:00", wd("1"), Mode.SAME_DAY), "2026-03-04 17:00", id="T21"),
        pytest.param(due("2026-03-04 15:01", wd("1"), Mode.SAME_DAY), "2026-03-05 17:00", id="T22"),
        pytest.param(due("2026-03-02 08:00", wd("5"), stops=(SUPPLEMENT,)), "2026-03-12 11:30", id="T24"),
        pytest.param(
            due("2026-03-02 08:00", wd("5"), stops=(SUPPLEMENT,), policy=RESTART),
            "2026-03-16 15:00",
            id="T25",
        ),
        pytest.param(
            due("2026-04-15 10:00", Duration(Decimal(15), Unit.CALENDAR_DAY)), "2026-05-04 17:00", id="T27"
        ),
        pytest.param(due("2026-01-30 09:00", Duration(Decimal(1), Unit.MONTH)), "2026-03-02 17:00", id="T28"),
        pytest.param(lambda: apology_due(CITY, at("2026-03-05 09:00")), "2026-03-04 17:00", id="T30"),
        pytest.param(due("2026-03-03 09:00", wd("3")), "2026-03-06 09:00", id="T32"),
        pytest.param(due("2026-03-09 08:15", wd("1")), "2026-03-10 08:15", id="T33"),
        pytest.param(due("2026-03-07 09:00", wd("3")), "2026-03-11 17:00", id="T34"),
        pytest.param(due("2025-04-29 10:00", wd("1")), "2025-05-05 10:00", id="T36"),
        pytest.param(
            lambda: supplement_notice_due(CITY, at("2026-03-02 10:00")), "2026-03-05 10:00", id="T38"
        ),
        pytest.param(due("2026-03-04 17:00", wd("1")), "2026-03-05 17:00", id="T40"),
        pytest.param(due("2026-03-04 11:30", wh("4")), "2026-03-04 17:00", id="T41"),
        pytest.param(
            lambda: near_due_at(CITY, due_date(CITY, at("2026-08-28 10:00"), wd("2"))),
            "2026-09-03 10:00",
            id="T42",
        ),
        # T45 itself is the day two working days after the old one; the dossier's side is in tests/dossiers.
        pytest.param(due("2026-03-05 09:00", wd("2")), "2026-03-09 09:00", id="T45"),
        # A supplement after which the limit begins anew, then a payment after which it goes on: one working day of
        # the new run was used by Tue 15:00, so four remain from Thu 09:00.
        pytest.param(
            mixed(
                "2026-03-02 08:00",
                wd("5"),
                (*SUPPLEMENT, RESTART),
                ("2026-03-10 15:00", "2026-03-12 09:00", GO_ON),
            ),
            "2026-03-18 09:00",
            id="restart after a supplement, pause after a payment",
        ),
        # The payment's two days are forgotten once the limit begins anew.
        pytest.param(
            mixed(
                "2026-03-02 08:00",
                wd("5"),
                ("2026-03-03 08:00", "2026-03-05 08:00", GO_ON),
                ("2026-03-06 10:00", "2026-03-09 15:00", RESTART),
            ),
            "2026-03-16 15:00",
            id="pause after a payment, restart after a supplement",
        ),
        pytest.param(
            lambda: paper_transfer_due(CITY, at("2026-03-04 15:01")), "2026-03-05 08:00", id="R11 late"
        ),
    ],
)
def test_every_vector_of_the_regulation_comes_out(compute, expected):
    assert compute() == at(expected)


def test_t43_each_step_has_its_own_due():
    steps = [wd("0.5"), wd("2"), wd("0.25"), wd("0.25")]

    assert step_dues(CITY, at("2026-03-02 09:00"), steps) == [
        at("2026-03-02 14:30"),
        at("2026-03-04 14:30"),
        at("2026-03-04 16:30"),
        at("2026-03-05 09:00"),
    ]


@pytest.mark.parametrize(
    ("unit", "whole", "parts"),
    [(Unit("day"), "15", ["0.5", "6", "4", "1.5", "3"]), (Unit.HOUR, "1", ["0.25", "0.25", "0.5"])],
)
def test_steps_by_the_clock_end_with_the_whole_limit(unit: Unit, whole: str, parts: list[str]):
    start = at("2026-03-02 09:00")
    dues = step_dues(CITY, start, [Duration(Decimal(part), unit) for part in parts])
    assert dues == sorted(dues)
    assert dues[-1] == due_date(CITY, start, Duration(Decimal(whole), unit)).at


def test_steps_of_two_kinds_of_time_cannot_follow_one_another():
    with pytest.raises(ValueError, match="by the clock"):
        step_dues(CITY, at("2026-03-02 09:00"), [Duration(Decimal(1), Unit("day")), wd("1")])
