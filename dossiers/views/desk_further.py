"""Yêu cầu bổ sung thêm on the officers' desk: the unit's leader reads what was proposed, and approves or returns it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import InvalidInput
from core.http import PortalRequest
from dossiers import desk_page, desk_selectors, supplement_forms, supplement_page
from dossiers.desk_forms import show_problems
from dossiers.models import Dossier
from dossiers.services import further_supplements, supplements
from dossiers.views.desk import officer
from dossiers.views.desk_dossier import back, open_dossier, telling


@require_http_methods(["GET", "POST"])
@never_cache
@telling
def decide(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Approve the further request, which then goes out at once, or return it with a reason."""
    found, at = open_dossier(request, tracking_no), timezone.now()
    further_supplements.require_decidable(dossier=found, actor=officer(request))
    form, status = supplement_forms.FurtherDecision(request.POST or None), 200
    if request.method == "POST":
        try:
            messages.success(request, _decided(request, found))
        except InvalidInput as refusal:
            show_problems(form, refusal)
            status = 422
        else:
            # Before the acceptance a leader sees a filing only while it waits for them.
            still_seen = desk_page.open_to(officer(request)).filter(pk=found.pk).exists()
            return back(found) if still_seen else redirect("desk:queue")
    context = {
        "dossier": found,
        "further": supplement_page.further(found, actor=officer(request)),
        "wait_until": supplements.wait_until(found, at=at),
        "earlier": supplement_page.latest(found),
        "form": form,
    }
    return render(request, "dossiers/desk/further_decide.html", context, status=status)


def _decided(request: PortalRequest, found: Dossier) -> str:
    """Take the decision that was pressed; say what was done."""
    actor, at, note = officer(request), timezone.now(), request.POST.get("note", "")
    if "tra_lai" in request.POST:
        further_supplements.give_back(dossier_id=found.pk, note=note, actor=actor, at=at)
        return _("Đã trả lại đề nghị. Người nộp không được báo gì.")
    made = further_supplements.approve(dossier_id=found.pk, note=note, actor=actor, at=at)
    return _(
        "Đã duyệt và gửi yêu cầu bổ sung, chờ người nộp đến %(due)s. Phiếu yêu cầu (Mẫu số 02) đang được tạo."
    ) % {"due": desk_selectors.moment(made.due_at)}
