"""The officers' queues, and the way to a dossier whose code is known."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from agencies.selectors import deputations
from agencies.states import Role
from core.actor import Actor
from core.errors import NotAllowed
from core.http import PortalRequest
from core.remembering import looked_up
from dossiers import desk_forms, desk_queues, desk_rows, desk_search, desk_selectors, policies, register_book
from dossiers.desk_search import Kind
from dossiers.services import saved_filters

NOT_AN_OFFICER = _(
    "Trang này dành cho cán bộ, công chức. Nếu bạn là cán bộ, hãy đăng xuất rồi đăng nhập bằng tài khoản công vụ."
)
NO_QUEUE = _(
    "Tài khoản của bạn chưa được giao vai trò xử lý hồ sơ. Hãy liên hệ quản trị hệ thống của cơ quan."
)


def officer(request: PortalRequest) -> Actor:
    """Give the officer who asks.

    :raises NotAllowed: the visitor is not an officer.
    """
    if not request.actor.is_officer:
        raise NotAllowed(NOT_AN_OFFICER)
    return request.actor


@require_GET
def queue(request: PortalRequest, name: str = "") -> HttpResponse:
    """One queue of the officer, the first one if none is named; a whole code goes straight to its dossier."""
    actor, at = officer(request), timezone.now()
    queues = desk_queues.queues_of(actor)
    if not queues:
        raise NotAllowed(NO_QUEUE)
    shown = next((one for one in queues if one.name == name), None)
    if shown is None:
        return redirect("desk:queue_named", name=queues[0].name)
    question = desk_search.read(request.GET.get("q", ""))
    if question.is_private:  # never in an address: the page that takes the form says so
        return redirect("desk:find")
    if question.kind is Kind.CODE and (tracking_no := desk_search.by_code(question.value, actor=actor)):
        return redirect("desk:dossier", tracking_no=tracking_no)

    # What stands around the list, in one question to the cache.
    with looked_up(desk_selectors.PROCEDURES, desk_queues.counts_key(actor), saved_filters.key_of(actor)):
        return render(request, "dossiers/desk/queue.html", _context(request, shown, queues, at=at))


def _context(
    request: PortalRequest, shown: desk_queues.Queue, queues: list[desk_queues.Queue], *, at: datetime
) -> dict[str, Any]:
    """Read all that a queue's page shows."""
    actor = request.actor
    form = desk_forms.QueueFilters(
        request.GET,
        procedures=desk_selectors.procedures_to_choose(),
        statuses=shown.statuses if shown.mixed else (),
    )
    chosen = form.cleaned_data if form.is_valid() else {}
    filters = desk_selectors.Filters(
        search=chosen.get("q", ""),
        procedure=chosen.get("thu_tuc", ""),
        status=chosen.get("trang_thai", ""),
        late=chosen.get("tre", False),
    )
    page = desk_selectors.page_of(
        shown,
        actor=actor,
        filters=filters,
        at=at,
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    counts = desk_queues.recent_counts(queues, actor, at=at)
    columns = desk_rows.columns(shown, deputises=bool(actor.stands_in))
    return {
        "tabs": desk_rows.tabs(queues, shown=shown, counts=counts),
        "queue": shown,
        "at_counter": Role.ONE_STOP_OFFICER in actor.roles,
        "form": form,
        "filtered": filters != desk_selectors.Filters(),
        "columns": columns,
        "lines": desk_rows.lines(columns, page.rows),
        "earlier": page_address(request, "truoc", page.earlier),
        "later": page_address(request, "sau", page.later),
        "at": at,
        "saved": saved_filters.of(actor),
        "deputations": deputations(actor, at=at),
        "reads_register": bool(actor.agencies_as(*register_book.READERS)),
        "pays_refunds": bool(actor.agencies_as(*policies.PAYS_REFUNDS)),
        "answers_opinions": bool(actor.agencies_as(*policies.ANSWERS_OPINIONS)),
        "query": urlencode({key: request.GET[key] for key in saved_filters.KEPT if request.GET.get(key)}),
    }


def page_address(request: PortalRequest, direction: str, cursor: str) -> str:
    """Give the address of the page before or after, with the filters of this one; "" where there is none."""
    if not cursor:
        return ""
    kept = {key: value for key, value in request.GET.items() if key not in ("sau", "truoc") and value}
    return f"?{urlencode({**kept, direction: cursor})}"
