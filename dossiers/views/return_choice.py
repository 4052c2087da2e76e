"""The applicant chooses where and how to receive the result: in the draft, and until it is returned."""

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
from dossiers import return_forms, selectors
from dossiers.desk_forms import show_problems
from dossiers.drafts import Draft
from dossiers.models import Dossier
from dossiers.return_forms import ChooseReturn
from dossiers.services import return_choices
from dossiers.states import Status
from dossiers.views.draft_access import of_draft
from dossiers.views.draft_way import comes_from_check, url


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def draft_return(request: PortalRequest, draft: Draft) -> HttpResponse:
    """Choose before filing. Nobody has to: the electronic result is chosen already."""
    dossier, back = draft.dossier, comes_from_check(request)
    form = ChooseReturn(request.POST or None, dossier=dossier, at=draft.at)
    if request.method == "POST":
        try:
            return_choices.choose(
                dossier_id=dossier.pk,
                wanted=return_forms.wanted(request.POST),
                actor=request.actor,
                at=draft.at,
            )
        except InvalidInput as refusal:
            show_problems(form, refusal)
        else:
            return redirect(url("check" if back else "draft", draft))
    return _page(request, dossier, form, back_to_check=back, back=url("check" if back else "draft", draft))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Choose anew after filing; what stands in the way is told on the dossier's page."""
    if not request.actor.is_person:
        raise Http404
    dossier = get_object_or_404(
        selectors.of_applicant(request.actor).select_related(
            "procedure_version", "received_at_unit", "owner_person", "owner_organisation", "submitter"
        ),
        tracking_no=tracking_no,
    )
    if dossier.status == Status.DRAFT:
        return redirect("dossiers:draft_return", tracking_no=tracking_no)
    at = timezone.now()
    form = ChooseReturn(request.POST or None, dossier=dossier, at=at)
    try:
        return_choices.require_open(dossier=dossier, actor=request.actor)
        if request.method == "POST":
            return_choices.change(
                dossier_id=dossier.pk,
                wanted=return_forms.wanted(request.POST),
                actor=request.actor,
                at=at,
            )
            messages.success(request, _("Đã ghi nhận cách nhận kết quả của bạn."))
            return redirect("dossiers:detail", tracking_no=tracking_no)
    except InvalidInput as refusal:
        show_problems(form, refusal)
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect("dossiers:detail", tracking_no=tracking_no)
    return _page(request, dossier, form)


def _page(request: PortalRequest, dossier: Dossier, form: ChooseReturn, **more: object) -> HttpResponse:
    context = {"dossier": dossier, "form": form, **more}
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/citizen/return_choice.html", context, status=status)
