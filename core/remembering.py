"""Answers that may be a little old, kept in the cache. A cache that is away only costs time, never an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.core.cache import cache

log = logging.getLogger(__name__)

T = TypeVar("T")

_looked_up: ContextVar[dict[str, Any] | None] = ContextVar("looked_up", default=None)


@contextmanager
def looked_up(*keys: str) -> Iterator[None]:
    """Ask the cache for several answers at once; `remembered` finds them within the block."""
    try:
        found = dict.fromkeys(keys) | cache.get_many(keys)
    except Exception as problem:  # the cache's own errors differ from backend to backend
        log.warning("cache not read", extra={"keys": keys, "problem": repr(problem)})
        found = {}
    token = _looked_up.set(found)
    try:
        yield
    finally:
        _looked_up.reset(token)


def remembered(key: str, *, seconds: int, make: Callable[[], T]) -> T:
    """Give what is kept under ``key``, or make it and keep it for so long."""
    ahead = _looked_up.get() or {}
    try:
        known: T | None = ahead.pop(key) if key in ahead else cache.get(key)
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
    (_looked_up.get() or {}).pop(key, None)
    try:
        cache.delete(key)
    except Exception as problem:
        log.warning("cache not written", extra={"key": key, "problem": repr(problem)})
