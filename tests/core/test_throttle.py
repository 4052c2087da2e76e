"""Who asks too often waits, and only they."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from core.errors import TooManyRequests
from core.throttle import Pause, require_pause, require_pauses
from tests.factories import NINE

ASK: dict[str, Any] = {"subject": "look-up", "limit": 2, "seconds": 60}


@pytest.fixture(autouse=True, params=["shared", "memory"])
def _own_cache(request, settings):
    if request.param == "memory":
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def test_the_limit_holds_for_one_address_in_one_window():
    for _ in range(2):
        require_pause(who="203.0.113.7", at=NINE, **ASK)

    with pytest.raises(TooManyRequests):
        require_pause(who="203.0.113.7", at=NINE, **ASK)
    require_pause(who="203.0.113.8", at=NINE, **ASK)
    require_pause(who="203.0.113.7", at=NINE + timedelta(minutes=1), **ASK)


def test_a_cache_that_is_away_stops_nobody(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "core.counting_cache.CountingCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    for _ in range(5):
        require_pause(who="203.0.113.7", at=NINE, **ASK)


def test_who_is_refused_for_one_reason_uses_up_nothing_of_another():
    """Else one guesser could shut out everybody who looks at the same dossier."""
    own, shared = (
        Pause("network", "203.0.113.7", limit=2, seconds=60),
        Pause("code", "H17", limit=3, seconds=60),
    )
    for _ in range(2):
        require_pauses([own, shared], at=NINE)
    for _ in range(5):
        with pytest.raises(TooManyRequests):
            require_pauses([own, shared], at=NINE)

    other = Pause("network", "203.0.113.8", limit=2, seconds=60)
    require_pauses([other, shared], at=NINE)
    with pytest.raises(TooManyRequests):
        require_pauses([other, shared], at=NINE)


def test_a_count_lapses_with_its_window():
    require_pauses([Pause("code", "H17", limit=2, seconds=60)], at=NINE)
    pause = Pause("code", "H17", limit=2, seconds=60)

    assert cache.get(pause.key(NINE)) == 1
    if hasattr(cache, "first_passed"):
        client = cache._cache.get_client(write=True)  # type: ignore[attr-defined]  # of Django's cache for Redis
        assert 0 < client.ttl(cache.make_key(pause.key(NINE))) <= 65
