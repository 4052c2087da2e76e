"""Pages for a sign-in that did not work: what happened, that nothing changed, what to do next."""

from __future__ import annotations

from enum import StrEnum

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _


class LoginProblem(StrEnum):
    """Why nobody came in: the person's choice, time, VNeID's silence, or an answer that cannot be used."""

    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"
    NOT_ACCEPTED = "not_accepted"


_TITLES = {
    LoginProblem.CANCELLED: _("Bạn đã dừng đăng nhập"),
    LoginProblem.EXPIRED: _("Lần đăng nhập này đã hết hạn"),
    LoginProblem.UNREACHABLE: _("VNeID chưa trả lời"),
    LoginProblem.NOT_ACCEPTED: _("Chưa đăng nhập được bằng VNeID"),
}
_TEXTS = {
    LoginProblem.CANCELLED: _("Chưa có gì thay đổi. Bạn có thể đăng nhập lại bất cứ lúc nào."),
    LoginProblem.EXPIRED: _(
        "Trang VNeID đã mở quá lâu, hoặc đường dẫn quay lại đã được dùng rồi. Hãy bấm “Đăng nhập lại”."
    ),
    LoginProblem.UNREACHABLE: _(
        "Hệ thống VNeID tạm thời chưa trả lời nên cổng chưa xác nhận được bạn là ai. Bản nháp đã lưu vẫn còn. "
        "Hãy thử lại sau ít phút; nếu vẫn lỗi, gọi 1022."
    ),
    LoginProblem.NOT_ACCEPTED: _(
        "VNeID không xác nhận lần đăng nhập này, hoặc thông tin nhận được chưa đầy đủ. Chưa có gì thay đổi. "
        "Hãy thử lại; nếu vẫn lỗi, kiểm tra thông tin trong ứng dụng VNeID hoặc gọi 1022."
    ),
}
_STATUS = {
    LoginProblem.CANCELLED: 200,
    LoginProblem.EXPIRED: 400,
    LoginProblem.UNREACHABLE: 503,
    LoginProblem.NOT_ACCEPTED: 403,
}


ONWARD = "vneid_onward"
"""Where in the session the address lies that the person wanted to reach by signing in."""


def page(request: HttpRequest, problem: LoginProblem) -> HttpResponse:
    """Say what happened; signing in again from there leads on to where the person wanted to go."""
    onward = request.session.get(ONWARD, "")
    context = {"title": _TITLES[problem], "text": _TEXTS[problem], "next": onward}
    return render(request, "citizens/login_problem.html", context, status=_STATUS[problem])
