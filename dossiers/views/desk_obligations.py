"""Money on the officers' desk: tell what must be paid, confirm that it is there, take a wrong notice back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Text
from core.http import PortalRequest
from dossiers import inquiry_forms
from dossiers.desk_selectors import moment
from dossiers.models import Dossier, Obligation
from dossiers.services import asking, guards, obligations
from dossiers.states import Action
from dossiers.views.desk import officer
from dossiers.views.desk_dossier import back, open_dossier, telling
from dossiers.views.desk_step import Page, step, step_page


@step_page
def notify(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Tell the applicant what must be paid before the case goes on."""
    actor = officer(request)
    asking.require_holder(found, Action.NOTIFY_OBLIGATION, actor)
    page = Page(
        title=_("Thông báo nghĩa vụ tài chính"),
        lede=_("Người nộp nhận thông báo ngay. Thời hạn giải quyết dừng đến khi tiền được xác nhận đã nộp."),
        button=_("Gửi thông báo"),
        sure=_("Người nộp nhận thông báo với đúng số tiền và căn cứ bạn ghi. Hãy kiểm tra lại số tiền."),
    )
    return step(
        request,
        found,
        page,
        form=inquiry_forms.NotifyObligation(request.POST or None),
        do=lambda: obligations.notify(
            dossier_id=found.pk,
            amount_vnd=inquiry_forms.amount(request.POST.get("amount_vnd", "")),
            basis=request.POST.get("basis", ""),
            explanation=request.POST.get("explanation", ""),
            due_on=inquiry_forms.day(request.POST.get("due_on", "")),
            actor=actor,
            at=timezone.now(),
        ),
        done=_("Đã gửi thông báo nộp tiền. Thời hạn giải quyết tạm dừng."),
    )


@step_page
def confirm(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Confirm the money with the number of its receipt."""
    actor, at = officer(request), timezone.now()
    guards.require(found, Action.CONFIRM_PAYMENT, actor)
    obligation = obligations.waiting(found)
    if obligation is None:
        raise obligations.AnotherObligation()
    page = Page(
        title=_("Xác nhận đã nộp tiền"),
        lede=_("Chỉ xác nhận khi tiền đã vào quỹ hoặc tài khoản. Hồ sơ được giải quyết tiếp ngay."),
        button=_("Xác nhận đã nộp"),
        sure=_("Chỉ xác nhận được một lần. Hãy đối chiếu số tiền và mã hồ sơ với biên lai."),
        facts=_facts(obligation),
    )
    return step(
        request,
        found,
        page,
        form=inquiry_forms.obligation_form(
            inquiry_forms.ConfirmPayment, obligation, posted=request.POST or None, at=at
        ),
        do=lambda: obligations.confirm_payment(
            dossier_id=found.pk,
            obligation_id=inquiry_forms.number(request.POST.get("obligation", "")),
            proof=request.POST.get("proof", ""),
            paid_at=inquiry_forms.moment(request.POST.get("paid_at", "")),
            actor=actor,
            at=at,
        ),
        done=_("Đã xác nhận tiền đã nộp. Thời hạn giải quyết chạy tiếp."),
    )


@step_page
def cancel(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Take back a notice that was wrong."""
    actor, at = officer(request), timezone.now()
    asking.require_holder(found, Action.CANCEL_OBLIGATION, actor)
    obligation = obligations.waiting(found)
    if obligation is None:
        raise obligations.AnotherObligation()
    page = Page(
        title=_("Hủy thông báo nộp tiền"),
        lede=_("Dùng khi thông báo sai. Thời hạn giải quyết chạy tiếp; bạn có thể gửi thông báo khác."),
        button=_("Hủy thông báo"),
        sure=_("Người nộp được báo ngay là không phải nộp khoản này."),
        variant="danger",
        facts=_facts(obligation),
    )
    return step(
        request,
        found,
        page,
        form=inquiry_forms.obligation_form(
            inquiry_forms.CancelObligation, obligation, posted=request.POST or None, at=at
        ),
        do=lambda: obligations.cancel(
            dossier_id=found.pk,
            obligation_id=inquiry_forms.number(request.POST.get("obligation", "")),
            reason=request.POST.get("reason", ""),
            actor=actor,
            at=at,
        ),
        done=_("Đã hủy thông báo nộp tiền. Thời hạn giải quyết chạy tiếp."),
    )


@require_POST
@telling
def remind(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Remind the applicant of what is to be paid."""
    found = open_dossier(request, tracking_no)
    obligations.remind(dossier_id=found.pk, actor=officer(request), at=timezone.now())
    messages.success(request, _("Đã nhắc người nộp."))
    return back(found)


def _facts(obligation: Obligation) -> list[tuple[Text, Text]]:
    return [
        (_("Mã hồ sơ"), obligation.dossier.reference),
        (_("Số tiền"), _("%(amount)s đồng") % {"amount": obligation.amount}),
        (_("Căn cứ"), obligation.basis),
        (_("Hạn nộp"), moment(obligation.due_at)),
    ]
