"""The portal's cache: Django's for Redis, which also counts uses against limits, all in one round trip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

# Stops at the first limit that is passed: who is refused for one reason uses up nothing that counts for others.
_COUNT = """
for at, key in ipairs(KEYS) do
    local count = redis.call('INCR', key)
    if count == 1 then redis.call('EXPIRE', key, ARGV[2 * at]) end
    if count > tonumber(ARGV[2 * at - 1]) then return at end
end
return 0
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be counted under a key, which lasts so many seconds from its first count."""

    key: str
    most: int
    lasts: int


class _Client(RedisCacheClient):
    """Django's client, which does not make itself a new connection object for every command."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kept: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if len(self._servers) > 1:  # type: ignore[attr-defined]  # one of the copies is drawn each time
            return super().get_client(key, write=write)
        if write not in self._kept:
            self._kept[write] = super().get_client(key, write=write)
        return self._kept[write]


class CountingCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client

    def first_passed(self, limits: Sequence[Limit]) -> Limit | None:
        """Count one use under each key, in this order and up to the first whose limit it passes, which is given."""
        keys = [self.make_and_validate_key(limit.key) for limit in limits]
        numbers = [number for limit in limits for number in (limit.most, limit.lasts)]
        at = self._cache.get_client(write=True).eval(_COUNT, len(keys), *keys, *numbers)
        return limits[at - 1] if at else None
