"""The broker, asked by its own client. That client is imported on first use: it costs a start a tenth of its time."""

from __future__ import annotations

from django.conf import settings


def answers() -> bool:
    """Say whether the broker answers within two seconds."""
    import redis

    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping())
    except redis.RedisError:
        return False


def is_away(problem: BaseException | None) -> bool:
    """Say whether a problem comes from the broker, or the cache beside it, being away."""
    import redis

    return isinstance(problem, redis.ConnectionError | redis.TimeoutError)
