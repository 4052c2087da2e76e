from __future__ import annotations

from notifications.models import Notice

MOST_COUNTED = 100


def count_unread(*, person_id: int) -> int:
    """Count the person's unread notices, at most 100."""
    return Notice.objects.filter(person_id=person_id, read_at=None)[:MOST_COUNTED].count()
