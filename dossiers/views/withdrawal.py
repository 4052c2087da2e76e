"""The applicant takes a dossier back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import Conflict, InvalidInput
from core.http import PortalRequest
from dossiers import selectors
from dossiers.desk_forms import show_problems
from dossiers.services import withdrawals
from dossiers.states import Status
from dossiers.turn_forms import RequestWithdrawal


@require_http_methods(["GET", "POST"])
@never_cache
def withdraw(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Ask for the reason, then for the withdrawal; what stands in the way is told on the dossier's page."""
    if not request.actor.is_person:
        raise Http404
    dossier = get_object_or_404(
        selectors.of_applicant(request.actor).select_related("procedure_version__procedure"),
        tracking_no=tracking_no,
    )
    if dossier.status == Status.DRAFT:
        return redirect("dossiers:draft", tracking_no=tracking_no)
    form, status = RequestWithdrawal(request.POST or None), 200
    try:
        withdrawals.require_open(dossier=dossier, actor=request.actor)
        if request.method == "POST":
            withdrawals.request(
                dossier_id=dossier.pk,
                reason=request.POST.get("reason", ""),
                actor=request.actor,
                at=timezone.now(),
            )
            messages.success(request, _("Đã gửi yêu cầu rút hồ sơ. Cơ quan sẽ trả lời bạn tại trang này."))
            return redirect("dossiers:detail", tracking_no=tracking_no)
    except InvalidInput as refusal:
        show_problems(form, refusal)
        status = 422
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect("dossiers:detail", tracking_no=tracking_no)
    return render(
        request, "dossiers/citizen/withdraw.html", {"dossier": dossier, "form": form}, status=status
    )
