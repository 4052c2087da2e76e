from __future__ import annotations

from notifications.models import Notice

MOST_COUNTED = 100


def count_unread(*, person_id: int) -> int:
    """Count the person's unread notices, at most 100."""
    return Notice.objects.filter(person_id=person_id, read_at=None)[:MOST_COUNTED].count()


def masked(address: str) -> str:
    """Shorten an address so that its owner knows it: "congdan2@example.vn" becomes "co***@example.vn"."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:2]}***@{domain}"
