"""/healthz: the process answers. /readyz: so do database, broker, worker and PDF engine."""

from __future__ import annotations

import ctypes.util
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import broker
from core.outages import DATABASE_AWAY
from outbox.models import Heartbeat

STALE = timedelta(seconds=45)


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process answers at all."""
    return HttpResponse("ok", content_type="text/plain")


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DATABASE_AWAY:
        return False
    return True


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when every part is well, else 503; the body names each part either way."""
    parts = {"database": _database(), "broker": broker.answers()}
    beaten_at = None
    if parts["database"]:
        beaten_at = Heartbeat.objects.filter(name="worker").values_list("beaten_at", flat=True).first()
    age = None if beaten_at is None else (timezone.now() - beaten_at).total_seconds()
    parts["worker"] = age is not None and age < STALE.total_seconds()
    parts["pdf"] = ctypes.util.find_library("pango-1.0") is not None
    return JsonResponse(
        {"parts": parts, "worker_heartbeat_age_s": age}, status=200 if all(parts.values()) else 503
    )
