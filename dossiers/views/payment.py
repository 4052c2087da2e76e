"""What the applicant must pay, and how."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.http import PortalRequest
from dossiers import selectors
from dossiers.services import obligations
from dossiers.states import Form, PaperState, Status


@require_GET
@never_cache
def payment(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Show amount, basis, day and ways of paying; where nothing is to be paid, the dossier's page says so."""
    if not request.actor.is_person:
        raise Http404
    dossier = get_object_or_404(
        selectors.of_applicant(request.actor).select_related(
            "procedure_version__procedure", "received_at_unit"
        ),
        tracking_no=tracking_no,
    )
    if dossier.status == Status.DRAFT:
        return redirect("dossiers:draft", tracking_no=tracking_no)
    obligation = obligations.waiting(dossier) if dossier.status == Status.AWAITING_PAYMENT else None
    if obligation is None:
        return redirect("dossiers:detail", tracking_no=tracking_no)
    papers = dossier.papers.filter(form=Form.PAYMENT_NOTICE, event__at=obligation.notified_at)
    context = {
        "dossier": dossier,
        "obligation": obligation,
        "notice": papers.filter(state=PaperState.READY).first(),
        "is_overdue": timezone.now() > obligation.due_at,
    }
    return render(request, "dossiers/citizen/payment.html", context)
