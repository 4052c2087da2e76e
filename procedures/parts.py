"""The parts of a version: channels with their fees, papers, legal bases, results; kept where they cannot change.

The database refuses every change of the parts of a sealed version. So a process that has read them once need not read
them again, while the version's own row, which says where it stands in its life, is read each time by whoever shows it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

from django.db import connection
from django.db.models import Prefetch, prefetch_related_objects

from procedures.models import (
    Component,
    FeeLine,
    LegalBasis,
    ProcedureVersion,
    ResultType,
    SubmissionChannel,
)

MOST_KEPT = 128
"""Versions; a long one takes some hundred kilobytes."""

_kept: OrderedDict[int, dict[str, Any]] = OrderedDict()
_lock = threading.Lock()


def fetch(version: ProcedureVersion) -> None:
    """Have a version's parts at hand, as a prefetch does. Five queries, or none where they are kept.

    Whoever gets them shares them with others and changes none of them.
    """
    if not version.is_sealed:
        prefetch_related_objects([version], *_parts())
        return
    with _lock:
        known = _kept.get(version.pk)
        if known is not None:
            _kept.move_to_end(version.pk)
    if known is not None:
        version._prefetched_objects_cache = dict(known)  # type: ignore[attr-defined]  # where a prefetch leaves them
        return
    prefetch_related_objects([version], *_parts())
    if connection.in_atomic_block:
        return  # it may have been sealed in this transaction, which may come to nothing
    with _lock:
        _kept[version.pk] = dict(version._prefetched_objects_cache)  # type: ignore[attr-defined]  # as above
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)


def _parts() -> list[Prefetch[Any]]:
    return [
        Prefetch("channels", SubmissionChannel.objects.order_by("position")),
        Prefetch("channels__fees", FeeLine.objects.order_by("position")),
        Prefetch("components", Component.objects.order_by("position")),
        Prefetch("legal_bases", LegalBasis.objects.order_by("position")),
        Prefetch("result_types", ResultType.objects.order_by("position")),
    ]
