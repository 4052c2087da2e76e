"""Trả kết quả for another unit: what applicants fetch at this counter and others received (NĐ 118/2025)."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from agencies.states import Role
from core import downloads
from core.errors import Conflict, InvalidInput, NotAllowed
from core.http import PortalRequest
from dossiers import policies, returns_page
from dossiers.desk_forms import show_problems
from dossiers.models import Dossier
from dossiers.return_forms import HandOver
from dossiers.services import reading, returning
from dossiers.states import HandOverMethod, Status
from dossiers.views.desk import officer, page_address


@require_GET
@never_cache
def listed(request: PortalRequest) -> HttpResponse:
    """What is fetched at the officer's counter, or was."""
    actor = officer(request)
    if not actor.agencies_as(Role.ONE_STOP_OFFICER):
        raise NotAllowed()
    done = request.GET.get("loai") == "da-tra"
    page = returns_page.page_of(
        actor, done=done, after=request.GET.get("sau", ""), before=request.GET.get("truoc", "")
    )
    context = {
        "rows": page.rows,
        "done": done,
        "waiting_count": returns_page.waiting_count(actor),
        "newer": page_address(request, "truoc", page.earlier),
        "older": page_address(request, "sau", page.later),
    }
    return render(request, "dossiers/desk/returns.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def give(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Record who received the result here; the page tells whose it is, not what is in the dossier."""
    found, at = _fetched_here(request, tracking_no), timezone.now()
    owner = found.owner_person
    form, status = (
        HandOver(request.POST or None, initial={"receiver_name": owner.full_name if owner else ""}),
        200,
    )
    if request.method == "POST":
        try:
            returning.hand_over(
                dossier_id=found.pk,
                method=HandOverMethod.COUNTER,
                receiver_name=request.POST.get("receiver_name", ""),
                receiver_id_checked=request.POST.get("receiver_id_checked") == "on",
                note=request.POST.get("note", ""),
                actor=officer(request),
                at=at,
            )
        except InvalidInput as refusal:
            show_problems(form, refusal)
            status = 422
        except Conflict as refusal:
            messages.error(request, str(refusal))
            return redirect("desk:return", tracking_no=tracking_no)
        else:
            messages.success(request, _("Đã ghi nhận trả kết quả. Hồ sơ đã đóng."))
            return redirect("desk:returns")
    context = {
        "dossier": found,
        "form": form,
        "waits": found.status == Status.COMPLETED,
        "hand_over": getattr(found, "hand_over", None),
        "has_document": returns_page.document(found) is not None,
        "originals": returning.kept_originals(found),
        "receivers": returning.receivers(found, at=at) if owner is None else [],
    }
    return render(request, "dossiers/desk/return.html", context, status=status)


@require_GET
@never_cache
def document(request: PortalRequest, tracking_no: str) -> FileResponse:
    """Hand out the file to be printed for the receiver; its owner sees that it was opened."""
    found = _fetched_here(request, tracking_no)
    file = returns_page.document(found) if found.status == Status.COMPLETED else None
    if file is None:
        raise Http404
    reading.note_return(dossier=found, actor=officer(request), at=timezone.now())
    return downloads.in_page(file, name=f"ket-qua-{found.reference}.pdf", kind="pdf")


def _fetched_here(request: PortalRequest, tracking_no: str) -> Dossier:
    if not request.actor.is_officer:
        raise Http404
    found = policies.visible_returns(request.actor).select_related(
        "procedure_version",
        "received_at_unit",
        "owner_person",
        "owner_organisation",
        "return_choice__centre",
        "hand_over",
    )
    return get_object_or_404(found, tracking_no=tracking_no)
