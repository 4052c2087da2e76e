import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_counts_from_other_tests():
    """Rate limits count in the cache."""
    cache.clear()
