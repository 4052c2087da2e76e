"""Answers that are kept: asked for together, made anew when they are gone, never in the way."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from core.remembering import forget, looked_up, remembered


@pytest.fixture(autouse=True)
def _empty():
    cache.clear()


def counted(key: str) -> int:
    """Ask for an answer, and say how often it was made."""
    made: list[str] = []

    def make() -> list[str]:
        made.append(key)
        return [key]

    remembered(key, seconds=60, make=make)
    return len(made)


def test_what_is_kept_is_not_made_again():
    assert [counted("one"), counted("one"), counted("two")] == [1, 0, 1]


def test_several_answers_are_asked_for_at_once(monkeypatch):
    for key in ("one", "two"):
        counted(key)

    with looked_up("one", "two", "three"):
        monkeypatch.setattr(type(cache._connections["default"]), "get", None)  # type: ignore[attr-defined]
        assert [counted("one"), counted("two"), counted("three")] == [0, 0, 1]
    monkeypatch.undo()

    assert counted("three") == 0


def test_what_is_forgotten_meanwhile_is_made_anew():
    counted("one")

    with looked_up("one"):
        forget("one")
        assert [counted("one"), counted("one")] == [1, 0]


def test_an_answer_within_is_the_latest_one():
    counted("one")

    with looked_up("one"):
        assert counted("one") == 0
        cache.set("one", ["newer"], 60)
        assert remembered("one", seconds=60, make=list) == ["newer"]


def test_a_cache_that_is_away_only_costs_time(settings):
    settings.CACHES = {
        "default": {"BACKEND": "core.counting_cache.CountingCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }

    with looked_up("one"):
        assert counted("one") == 1
