"""Internal steps on the officers' desk: received, given to somebody else, passed on, returned."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.http import PortalRequest
from dossiers import step_forms
from dossiers.inquiry_forms import number
from dossiers.models import Dossier, StepRecord
from dossiers.services import guards, processing, steps
from dossiers.states import Action
from dossiers.views.desk import officer
from dossiers.views.desk_dossier import back, open_dossier, telling
from dossiers.views.desk_step import Page, step, step_page


@step_page
def receive(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Confirm that the competent agency has the dossier."""
    guards.require(found, Action.RECEIVE, officer(request))
    page = Page(
        title=_("Nhận hồ sơ"),
        lede=_(
            "Xác nhận cơ quan đã nhận đủ hồ sơ. Hồ sơ tiếp nhận ở địa bàn khác bắt đầu tính hạn từ lúc này."
        ),
        button=_("Xác nhận đã nhận"),
    )
    return step(
        request,
        found,
        page,
        form=None,
        do=lambda: processing.receive(dossier_id=found.pk, actor=officer(request), at=timezone.now()),
        done=_("Đã xác nhận nhận hồ sơ. Việc tiếp theo là phân công hoặc nhận xử lý."),
    )


@step_page
def reassign(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Give the dossier to another specialist."""
    guards.require(found, Action.REASSIGN, officer(request))
    loads = processing.loads(agency_id=found.competent_agency_id, at=timezone.now())
    others = [load for load in loads if load.officer.pk != found.current_handler_id]
    page = Page(
        title=_("Phân công lại"),
        lede=_("Hồ sơ chuyển sang chuyên viên khác; phiếu kiểm soát ghi cả hai người."),
        button=_("Phân công lại"),
        facts=[(_("Đang xử lý"), found.current_handler.full_name)] if found.current_handler else (),
    )
    return step(
        request,
        found,
        page,
        form=step_forms.Reassign(request.POST or None, loads=others),
        do=lambda: processing.reassign(
            dossier_id=found.pk,
            officer_id=number(request.POST.get("officer", "")),
            reason=request.POST.get("reason", ""),
            actor=officer(request),
            at=timezone.now(),
        ),
        done=_("Đã phân công lại hồ sơ."),
    )


@require_POST
@telling
def take_step(request: PortalRequest, tracking_no: str, step_id: int) -> HttpResponse:
    """Take an internal step that waits for whoever holds its role."""
    found = open_dossier(request, tracking_no)
    guards.require(found, Action.TAKE_STEP, officer(request))
    get_object_or_404(StepRecord, dossier=found, pk=step_id)
    steps.take_step(dossier_id=found.pk, step_id=step_id, actor=officer(request), at=timezone.now())
    messages.success(request, _("Bạn đã nhận bước này. Việc tiếp theo là thực hiện rồi chuyển bước."))
    return back(found)


@step_page
def pass_step(request: PortalRequest, found: Dossier, step_id: int) -> HttpResponse:
    """Finish an internal step, or leave an optional one out."""
    guards.require(found, Action.PASS_STEP, officer(request))
    at_work = get_object_or_404(
        StepRecord.objects.select_related("officer", "agency"), dossier=found, pk=step_id
    )
    steps.require_at_work(at_work, dossier=found, actor=officer(request))
    receivers = [(one.pk, one.full_name) for one in steps.next_holders(found, at=timezone.now())]
    chosen = request.POST.get("next_officer", "")
    page = Page(
        title=_("Chuyển bước tiếp theo"),
        lede=_("Bước đang thực hiện kết thúc và được ghi vào phiếu kiểm soát."),
        button=_("Chuyển bước"),
        facts=[(_("Bước"), at_work.name)],
    )
    return step(
        request,
        found,
        page,
        form=step_forms.PassStep(request.POST or None, step=at_work, receivers=receivers),
        do=lambda: steps.pass_step(
            dossier_id=found.pk,
            step_id=step_id,
            skip=request.POST.get("skip") == "on",
            note=request.POST.get("note", ""),
            next_officer_id=number(chosen) if chosen else None,
            actor=officer(request),
            at=timezone.now(),
        ),
        done=_("Đã chuyển bước."),
    )


@step_page
def return_step(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Send the dossier back to an earlier internal step."""
    guards.require(found, Action.RETURN_STEP, officer(request))
    page = Page(
        title=_("Trả lại bước trước"),
        lede=_("Các bước từ bước được chọn phải làm lại; hạn trả kết quả không thay đổi."),
        button=_("Trả lại"),
    )
    return step(
        request,
        found,
        page,
        form=step_forms.ReturnStep(request.POST or None, earlier=steps.to_return_to(found)),
        do=lambda: steps.return_step(
            dossier_id=found.pk,
            to_position=number(request.POST.get("to_position", "")),
            reason=request.POST.get("reason", ""),
            actor=officer(request),
            at=timezone.now(),
        ),
        done=_("Đã trả lại bước trước."),
    )
