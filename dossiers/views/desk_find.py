"""Finding a dossier from the desk, whatever list it stands in, and narrowing a list.

The form is posted, because people type personal numbers and phone numbers into it: those are answered at once, all
else leads on to an address that can be kept.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.http import PortalRequest
from dossiers import desk_queues, desk_rows, desk_search
from dossiers.desk_search import Kind, Question
from dossiers.services import saved_filters
from dossiers.views.desk import officer, page_address

LONGEST = 200


@require_http_methods(["GET", "POST"])
@never_cache
def find(request: PortalRequest) -> HttpResponse:
    """Lead to a dossier, to a narrowed list, or show what was found; only a POST may bring a private number."""
    actor = officer(request)
    asked = request.POST if request.method == "POST" else request.GET
    text = asked.get("q", "")[:LONGEST]
    question = desk_search.read(text)
    if question.is_private:
        if request.method == "POST":
            return _answer(request, question)
        messages.warning(
            request,
            _("Số định danh và số điện thoại không để trong địa chỉ trang. Hãy nhập lại số vào ô tìm kiếm."),
        )
        return redirect("desk:find")
    if question.kind is Kind.CODE:
        tracking_no = desk_search.by_code(question.value, actor=actor)
        if tracking_no:
            return redirect("desk:dossier", tracking_no=tracking_no)
    if request.method == "POST":
        kept = urlencode({key: asked[key] for key in saved_filters.KEPT if asked.get(key)})
        known = {queue.name for queue in desk_queues.queues_of(actor)}
        address = (
            reverse("desk:queue_named", args=[asked["queue"]])
            if asked.get("queue") in known and question.kind is not Kind.CODE
            else reverse("desk:find")
        )
        return redirect(f"{address}?{kept}" if kept else address)
    return _answer(request, question)


def _answer(request: PortalRequest, question: Question) -> HttpResponse:
    """Show the dossiers; of a private number only the newest, since another page would need it in its address."""
    page = desk_search.page_of(
        question,
        actor=officer(request),
        at=timezone.now(),
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    open_pages = not question.is_private
    context = {
        "text": question.value if open_pages else "",
        "question": question,
        "asked": question.kind is not Kind.NOTHING,
        "columns": desk_rows.FOUND,
        "lines": desk_rows.lines(desk_rows.FOUND, page.rows),
        "earlier": page_address(request, "truoc", page.earlier) if open_pages else "",
        "later": page_address(request, "sau", page.later) if open_pages else "",
        "more": page.later and not open_pages,
    }
    return render(request, "dossiers/desk/find.html", context)
