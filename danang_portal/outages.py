"""What people are told while the database or the broker is away: nothing kept is lost, and when to come back."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views import defaults

from core import broker
from core.http import wants_json
from core.outages import is_database_away

RETRY_AFTER_S = 10

AWAY = _(
    "Cổng đang khởi động lại một phần hệ thống. Những gì đã lưu và những hồ sơ đã có mã vẫn còn nguyên. "
    "Hãy thử lại sau ít phút; gửi lại cũng không làm hồ sơ bị nộp hai lần."
)
BROKEN = _("Cổng gặp lỗi và lỗi đã được ghi lại. Hãy thử lại sau ít phút; nếu vẫn lỗi, gọi 1022.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a request that failed: 503 while a server that we stand on is away, else 500.

    Neither page asks the database for anything. Programs get JSON.
    """
    problem = sys.exc_info()[1]
    away = is_database_away(problem) or broker.is_away(problem)
    if wants_json(request):
        body = (
            {"code": "unavailable", "message": str(AWAY)}
            if away
            else {"code": "server_error", "message": str(BROKEN)}
        )
        answer: HttpResponse = JsonResponse(body, status=503 if away else 500)
    elif away:
        again = request.get_full_path() if request.method == "GET" else ""
        page = render_to_string("503.html", {"text": AWAY, "again": again, "language": get_language()})
        answer = HttpResponse(page, status=503)
    else:
        answer = defaults.server_error(request)
    if away:
        answer["Retry-After"] = str(RETRY_AFTER_S)
    return answer
