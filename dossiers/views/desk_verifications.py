"""Xác minh on the officers' desk."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.http import PortalRequest
from dossiers import inquiry_forms
from dossiers.desk_selectors import moment
from dossiers.models import Dossier
from dossiers.services import asking, verifications
from dossiers.states import Action
from dossiers.views.desk import officer
from dossiers.views.desk_step import Page, step, step_page


@step_page
def start(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Say what is verified, where and when, and whether the applicant must be there."""
    actor = officer(request)
    asking.require_holder(found, Action.START_VERIFICATION, actor)
    excluded = found.procedure_version.excludes_verification
    page = Page(
        title=_("Bắt đầu xác minh"),
        lede=_("Thời gian xác minh không tính vào thời hạn giải quyết theo quy định của thủ tục này.")
        if excluded
        else _("Thời hạn giải quyết vẫn chạy trong khi xác minh."),
        button=_("Bắt đầu xác minh"),
    )
    return step(
        request,
        found,
        page,
        form=inquiry_forms.StartVerification(request.POST or None),
        do=lambda: verifications.start(
            dossier_id=found.pk,
            purpose=request.POST.get("purpose", ""),
            place=request.POST.get("place", ""),
            planned_at=inquiry_forms.moment(request.POST.get("planned_at", "")),
            needs_presence=request.POST.get("needs_presence") == "on",
            actor=actor,
            at=timezone.now(),
        ),
        done=_("Đã bắt đầu xác minh."),
    )


@step_page
def finish(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Record who took part and what was found."""
    actor = officer(request)
    asking.require_holder(found, Action.FINISH_VERIFICATION, actor)
    verification = get_object_or_404(found.verifications, finished_at=None)
    page = Page(
        title=_("Kết thúc xác minh"),
        lede=_("Biên bản xác minh được lập với đúng lời bạn ghi."),
        button=_("Lập biên bản"),
        sure=_("Biên bản đã lập thì không sửa được."),
        facts=[
            (_("Xác minh điều gì"), verification.purpose),
            (_("Nơi xác minh"), verification.place),
            (_("Thời điểm dự kiến"), moment(verification.planned_at)),
        ],
    )
    return step(
        request,
        found,
        page,
        form=inquiry_forms.FinishVerification(request.POST or None),
        do=lambda: verifications.finish(
            dossier_id=found.pk,
            people=request.POST.get("people", ""),
            findings=request.POST.get("findings", ""),
            actor=actor,
            at=timezone.now(),
        ),
        done=_("Đã ghi kết quả xác minh. Biên bản đang được tạo."),
    )
