"""Who asks too often waits, and only they."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from core.errors import TooManyRequests
from core.throttle import require_pause
from tests.factories import NINE

ASK: dict[str, Any] = {"subject": "look-up", "limit": 2, "seconds": 60}


@pytest.fixture(autouse=True)
def _own_cache(settings):
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
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    for _ in range(5):
        require_pause(who="203.0.113.7", at=NINE, **ASK)
