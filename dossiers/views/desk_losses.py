"""Papers that were lost or damaged, on the officers' desk: record it, and that it is mended."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.http import PortalRequest
from dossiers.loss_forms import MendLoss, RecordLoss
from dossiers.models import Dossier
from dossiers.services import losses
from dossiers.services.losses import Loss
from dossiers.views.desk import officer
from dossiers.views.desk_step import Page, step, step_page


@step_page
def record(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Record what was lost or damaged and how the agency mends it; the apology goes to the applicant."""
    losses.require_open(dossier=found, actor=officer(request))
    page = Page(
        title=_("Ghi nhận hồ sơ bị mất, hỏng"),
        lede=_(
            "Cơ quan khắc phục, chịu mọi chi phí và xin lỗi người nộp. "
            "Thời hạn giải quyết không dừng; người nộp không phải trả khoản nào."
        ),
        button=_("Ghi nhận và gửi thư xin lỗi"),
        sure=_("Người nộp nhận thư xin lỗi có chữ ký số của cơ quan; lãnh đạo cơ quan được báo ngay."),
        variant="danger",
    )
    typed = request.POST
    return step(
        request,
        found,
        page,
        form=RecordLoss(typed or None),
        do=lambda: losses.record(
            dossier_id=found.pk,
            loss=Loss(
                kind=typed.get("kind", ""),
                what=typed.get("what", ""),
                found_at=_moment(typed.get("found_at", "")),
                circumstances=typed.get("circumstances", ""),
                remedy=typed.get("remedy", ""),
                costs=typed.get("costs", ""),
            ),
            actor=officer(request),
            at=timezone.now(),
        ),
        done=_("Đã ghi nhận. Thư xin lỗi đang được tạo và gửi người nộp."),
    )


@step_page
def mend(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Record that what was lost or damaged is mended."""
    losses.require_mendable(dossier=found, actor=officer(request))
    page = Page(
        title=_("Đã khắc phục việc mất, hỏng"),
        lede=_("Người nộp được báo; cảnh báo cho lãnh đạo kết thúc."),
        button=_("Ghi nhận đã khắc phục"),
    )
    return step(
        request,
        found,
        page,
        form=MendLoss(request.POST or None),
        do=lambda: losses.mend(
            dossier_id=found.pk,
            note=request.POST.get("note", ""),
            actor=officer(request),
            at=timezone.now(),
        ),
        done=_("Đã ghi nhận việc khắc phục."),
    )


def _moment(text: str) -> datetime | None:
    """Read what a field for day and time sends; None for anything else."""
    try:
        return timezone.make_aware(datetime.strptime(text, "%Y-%m-%dT%H:%M"))  # noqa: DTZ007 - made aware here
    except (ValueError, OverflowError):
        return None
