"""Limits on how often one address may ask for something that costs us work."""

from __future__ import annotations

import ipaddress
import logging
from datetime import datetime

from django.core.cache import cache

from core.errors import TooManyRequests

log = logging.getLogger(__name__)


def require_pause(*, subject: str, who: str, limit: int, seconds: int, at: datetime) -> None:
    """Count one use of ``subject`` by ``who`` and refuse the one beyond ``limit`` in a window of ``seconds``.

    A cache that does not answer stops nobody: the limit protects the portal, it does not guard a secret.

    :raises TooManyRequests: the limit is reached; ``data["retry_after"]`` is when to come back, in seconds.
    """
    window = int(at.timestamp()) // seconds
    key = f"throttle:{subject}:{who}:{window}"
    try:
        count = _count(key, lasts=seconds + 5)
    except ValueError:  # the entry vanished between two steps
        return
    except Exception as problem:  # the cache's own errors differ from backend to backend
        log.warning("throttle not counted", extra={"subject": subject, "problem": repr(problem)})
        return
    if count > limit:
        raise TooManyRequests(retry_after=seconds - int(at.timestamp()) % seconds)


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
