"""Pages that belong to the whole portal: the home page and what stands around the services."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.http import PortalRequest
from danang_portal import navigation
from danang_portal import style_guide as guide


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A door into the catalogue in the words of daily life. ``search`` is what the catalogue is asked for."""

    title: str | Promise
    examples: str | Promise
    icon: str
    search: str


LIFE_EVENTS = (
    LifeEvent(_("Sinh con"), _("khai sinh, thẻ bảo hiểm y tế cho trẻ"), "baby", "khai sinh"),
    LifeEvent(_("Kết hôn, gia đình"), _("tình trạng hôn nhân, nuôi con nuôi"), "heart-handshake", "hôn nhân"),
    LifeEvent(_("Nhà ở, xây dựng"), _("giấy phép xây dựng, sửa nhà"), "hard-hat", "giấy phép xây dựng"),
    LifeEvent(_("Đất đai"), _("giấy chứng nhận, chuyển quyền"), "house", "đất đai"),
    LifeEvent(_("Xe cộ, vận tải"), _("phù hiệu xe, giấy phép vận tải"), "car", "phù hiệu"),
    LifeEvent(_("Mở hộ kinh doanh"), _("đăng ký, thay đổi, chấm dứt"), "briefcase", "hộ kinh doanh"),
    LifeEvent(_("Học tập"), _("tuyển sinh, văn bằng, chuyển trường"), "graduation-cap", "văn bằng"),
    LifeEvent(_("Trợ giúp xã hội"), _("trợ cấp, người cao tuổi, người có công"), "hand-coins", "trợ cấp"),
)

#: Offered under the search box. Vietnamese on every language's page, as they are words of the catalogue.
POPULAR = ("tình trạng hôn nhân", "phù hiệu xe", "khai sinh", "hộ kinh doanh")


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(
        request, "home.html", {"life_events": LIFE_EVENTS, "popular": POPULAR, "hide_header_search": True}
    )


@never_cache
@require_safe
def after_login(request: PortalRequest) -> HttpResponse:
    """Send who has signed in to the first room of their own: officers to their desk, people to their dossiers."""
    return redirect(navigation.first_own(request.actor.kind, request.actor.roles).url)


@login_not_required
def style_guide(request: HttpRequest) -> HttpResponse:
    return render(request, "style_guide.html", guide.context())


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html")
