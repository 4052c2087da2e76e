"""Answers that may be a little old, kept in the cache. A cache that is away only costs time, never an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

log = logging.getLogger(__name__)

T = TypeVar("T")


def remembered(key: str, *, seconds: int, make: Callable[[], T]) -> T:
    """Give what is kept under ``key``, or make it and keep it for so long."""
    try:
        known: T | None = cache.get(key)
    except Exception as problem:  # the cache's own errors differ from backend to backend
        log.warning("cache not read", extra={"key": key, "problem": repr(problem)})
        return make()
    if known is not None:
        return known
    made = make()
    try:
        cache.set(key, made, seconds)
    except Exception as problem:
        log.warning("cache not written", extra={"key": key, "problem": repr(problem)})
    return made


def forget(key: str) -> None:
    """Drop what is kept; without a cache there is nothing to drop, and it lapses by itself."""
    try:
        cache.delete(key)
    except Exception as problem:
        log.warning("cache not written", extra={"key": key, "problem": repr(problem)})
