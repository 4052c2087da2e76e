"""Questions that found little: how often, when last, and what has been done."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.http import PortalRequest
from procedures.models import FailedSearch
from procedures.search.failures import KEPT
from procedures.search_desk import reads
from procedures.search_desk.access import for_keepers
from procedures.search_desk.forms import USUAL_PERIOD, QuestionFilters
from procedures.services import questions as services
from procedures.states import QuestionState


@require_safe
@for_keepers
def questions(request: PortalRequest) -> HttpResponse:
    """Questions of a period, those asked most first."""
    form = QuestionFilters(request.GET)
    days, state = form.chosen()
    page, count = reads.questions(
        days=days,
        state=state,
        at=timezone.now(),
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    kept = {"trong": str(days), "tinh_trang": state or "tat-ca"}
    shown = QuestionFilters(kept)
    context = {
        "form": shown,
        "days": days,
        "filtered": (days, state) != (USUAL_PERIOD, QuestionState.OPEN),
        "count": count,
        "kept_days": KEPT.days,
        "rows": [{**row, "state_label": QuestionState(row["state"]).label} for row in page.rows],
        "here": f"{reverse('search_desk:questions')}?{urlencode(kept)}",
        "earlier": f"?{urlencode({**kept, 'truoc': page.earlier})}" if page.earlier else "",
        "later": f"?{urlencode({**kept, 'sau': page.later})}" if page.later else "",
    }
    return render(request, "procedures/search_desk/questions.html", context)


@require_POST
@for_keepers
def mark(request: PortalRequest, question_id: int) -> HttpResponse:
    """Say what has been done about one question."""
    state = request.POST.get("state", "")
    if state not in QuestionState.values:
        raise Http404
    try:
        question = services.mark(
            question_id=question_id, state=QuestionState(state), actor=request.actor, at=timezone.now()
        )
    except FailedSearch.DoesNotExist as missing:
        raise Http404 from missing
    told = {"question": question.text[:60], "state": QuestionState(state).label}
    messages.success(request, _("“%(question)s”: %(state)s.") % told)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("search_desk:questions")
    return redirect(back)
