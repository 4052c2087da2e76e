"""The applicant writes to the office."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Conflict, InvalidInput
from core.http import PortalRequest
from dossiers import selectors, talk_page
from dossiers.services import talk
from dossiers.states import Status


@require_POST
def say(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Ask or answer something about one's own dossier."""
    if not request.actor.is_person:
        raise Http404
    dossier = get_object_or_404(selectors.of_applicant(request.actor), tracking_no=tracking_no)
    address = reverse("dossiers:detail", args=[tracking_no])
    if dossier.status == Status.DRAFT:
        return redirect(address)
    text = request.POST.get("text", "")
    try:
        talk.say(dossier_id=dossier.pk, text=text, actor=request.actor, at=timezone.now())
    except InvalidInput as refusal:
        context = {
            "dossier": dossier,
            "text": text,
            "problems": refusal.problems,
            **talk_page.for_applicant(dossier, actor=request.actor),
        }
        return render(request, "dossiers/citizen/talk.html", context, status=422)
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect(address)
    messages.success(request, _("Đã gửi. Cán bộ sẽ trả lời tại trang này."))
    return redirect(f"{address}#trao-doi")
