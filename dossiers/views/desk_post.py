"""What the post says of a result on its way, written down by the one-stop officer."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import InvalidInput
from core.http import PortalRequest
from dossiers import inquiry_forms
from dossiers.desk_forms import FollowPost
from dossiers.desk_selectors import moment
from dossiers.models import Dossier
from dossiers.services import returning
from dossiers.views.desk import officer
from dossiers.views.desk_dossier import open_dossier, telling
from dossiers.views.desk_step import Page, step


@require_http_methods(["GET", "POST"])
@never_cache
@telling
def follow(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Write down what the post says; the dossier closes when it has delivered."""
    found, actor, at = open_dossier(request, tracking_no), officer(request), timezone.now()
    shipment = returning.require_with_the_post(dossier=found, actor=actor)
    states = [(str(state), state.label) for state in returning.possible_reports(found)]

    def write_down() -> Dossier:
        happened_at = inquiry_forms.moment(request.POST.get("at", ""))
        if happened_at is None:
            raise InvalidInput({"at": [_("Hãy nhập ngày, giờ bưu điện báo.")]})
        return returning.follow_post(
            consignment_no=shipment.consignment_no,
            state=request.POST.get("state", ""),
            receiver_name=request.POST.get("receiver_name", ""),
            note=request.POST.get("note", ""),
            actor=actor,
            at=happened_at,
            told_at=at,
        )

    page = Page(
        title=_("Ghi tin của bưu điện"),
        lede=_("Dùng khi bưu điện báo qua điện thoại hoặc giấy. Báo đã giao thì hồ sơ đóng."),
        button=_("Ghi nhận"),
        sure=_("Người nộp thấy tin này ngay. Hãy kiểm tra đúng mã bưu gửi."),
        facts=[
            (_("Mã bưu gửi"), shipment.consignment_no),
            (_("Giao bưu điện lúc"), moment(shipment.handed_at)),
            (_("Hiện nay"), found.get_delivery_state_display()),
        ],
    )
    return step(
        request,
        found,
        page,
        form=FollowPost(request.POST or None, states=states, initial=inquiry_forms.now(at, "at")),
        do=write_down,
        done=_("Đã ghi tin của bưu điện."),
    )
