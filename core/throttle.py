"""Limits on how often one address may ask for something that costs us work."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from core.counting_cache import Limit
from core.errors import TooManyRequests

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pause:
    """How often ``who`` may use ``subject`` in a window of ``seconds``."""

    subject: str
    who: str
    limit: int
    seconds: int

    def key(self, at: datetime) -> str:
        return f"throttle:{self.subject}:{self.who}:{int(at.timestamp()) // self.seconds}"


def require_pause(*, subject: str, who: str, limit: int, seconds: int, at: datetime) -> None:
    """Count one use of ``subject`` by ``who`` and refuse the one beyond ``limit`` in a window of ``seconds``.

    A cache that does not answer stops nobody: the limit protects the portal, it does not guard a secret.

    :raises TooManyRequests: the limit is reached; ``data["retry_after"]`` is when to come back, in seconds.
    """
    require_pauses([Pause(subject, who, limit, seconds)], at=at)


def require_pauses(pauses: Sequence[Pause], *, at: datetime) -> None:
    """Count one use for each pause, in this order, up to the first whose limit it passes: that one refuses.

    :raises TooManyRequests: as `require_pause`.
    """
    limits = {Limit(one.key(at), most=one.limit, lasts=one.seconds + 5): one for one in pauses}
    try:
        passed = _first_passed(list(limits))
    except ValueError:  # the entry vanished between two steps
        return
    except Exception as problem:  # the cache's own errors differ from backend to backend
        subjects = [one.subject for one in pauses]
        log.warning("throttle not counted", extra={"subjects": subjects, "problem": repr(problem)})
        return
    if passed is not None:
        seconds = limits[passed].seconds
        raise TooManyRequests(retry_after=seconds - int(at.timestamp()) % seconds)


def _first_passed(limits: list[Limit]) -> Limit | None:
    if hasattr(cache, "first_passed"):
        return cache.first_passed(limits)
    # Caches of other kinds, in the memory of a process, count one by one.
    return next((limit for limit in limits if _count(limit.key, lasts=limit.lasts) > limit.most), None)


def _count(key: str, *, lasts: int) -> int:
    """Count up, and give the number; most uses are not the first one, which makes the entry."""
    try:
        return cache.incr(key)
    except ValueError:
        return 1 if cache.add(key, 1, timeout=lasts) else cache.incr(key)


def network_of(ip: str) -> str:
    """Give under what an address is counted: IPv6 by its /64, since one line has all the addresses of at least that."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    return ip if address.version == 4 else str(ipaddress.ip_network(f"{ip}/64", strict=False))
