"""Refusing on substance: the specialist proposes with reason and law, the signer decides."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import InvalidInput
from core.http import PortalRequest
from dossiers import desk_forms, supplement_forms
from dossiers.services import refusing
from dossiers.states import Status
from dossiers.views.desk import officer
from dossiers.views.desk_dossier import back, open_dossier, telling


@require_http_methods(["GET", "POST"])
@telling
def propose(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Propose a refusal to the signer; after an unanswered supplement the specialist refuses alone."""
    found, actor, at = open_dossier(request, tracking_no), officer(request), timezone.now()
    is_final = found.status == Status.PROCESS_SUPPLEMENT
    if is_final:
        refusing.require_unanswered(dossier=found, actor=actor, at=at)
    else:
        refusing.require_proposable(dossier=found, actor=actor)
    form = supplement_forms.Refusal(request.POST or None)
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in form.fields}
        try:
            if is_final:
                refusing.refuse_unanswered(dossier_id=found.pk, actor=actor, at=at, **typed)
            else:
                refusing.propose(dossier_id=found.pk, actor=actor, at=at, **typed)
        except InvalidInput as refusal:
            desk_forms.show_problems(form, refusal)
        else:
            if is_final:
                said = _("Đã từ chối giải quyết. Phiếu từ chối (Mẫu số 03) đang được tạo.")
            else:
                said = _("Đã gửi đề nghị từ chối cho lãnh đạo ký quyết định.")
            messages.success(request, said)
            return back(found)
    status = 422 if form.is_bound else 200
    context = {"dossier": found, "form": form, "is_final": is_final}
    return render(request, "dossiers/desk/refusal.html", context, status=status)


@require_http_methods(["GET", "POST"])
@telling
def decide(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Refuse as proposed, or give the proposal back to the specialist."""
    found, actor = open_dossier(request, tracking_no), officer(request)
    proposal = refusing.require_decidable(dossier=found, actor=actor)
    form = supplement_forms.RefusalDecision(request.POST or None)
    if request.method == "POST":
        note, at = request.POST.get("note", ""), timezone.now()
        try:
            if "tra_lai" in request.POST:
                refusing.give_back(dossier_id=found.pk, note=note, actor=actor, at=at)
                said = _("Đã trả lại đề nghị từ chối cho chuyên viên.")
            else:
                refusing.grant(dossier_id=found.pk, note=note, actor=actor, at=at)
                said = _("Đã từ chối giải quyết. Phiếu từ chối (Mẫu số 03) đang được tạo.")
        except InvalidInput as refusal:
            desk_forms.show_problems(form, refusal)
        else:
            messages.success(request, said)
            return back(found)
    status = 422 if form.is_bound else 200
    context = {"dossier": found, "form": form, "proposal": proposal}
    return render(request, "dossiers/desk/refusal_decide.html", context, status=status)
