"""Hoàn tiền on the officers' desk: the list of what is owed, its proof, and money that came in vain."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Conflict, InvalidInput, NotAllowed
from core.http import PortalRequest
from dossiers import inquiry_forms, policies, refunds_page
from dossiers.desk_forms import show_problems
from dossiers.services import guards, refunds
from dossiers.states import Action
from dossiers.views.desk import officer, page_address
from dossiers.views.desk_dossier import open_dossier, telling
from dossiers.views.desk_step import Page, step


@require_GET
@never_cache
def listed(request: PortalRequest) -> HttpResponse:
    """What the officer's agencies have to give back, or have given back."""
    actor = officer(request)
    if not actor.agencies_as(*policies.PAYS_REFUNDS):
        raise NotAllowed()
    done = request.GET.get("loai") == "da-hoan"
    page = refunds_page.page_of(
        actor, done=done, after=request.GET.get("sau", ""), before=request.GET.get("truoc", "")
    )
    context = {
        "rows": page.rows,
        "done": done,
        "waiting_count": refunds_page.waiting_count(actor),
        "newer": page_address(request, "truoc", page.earlier),
        "older": page_address(request, "sau", page.later),
    }
    return render(request, "dossiers/desk/refunds.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def pay(request: PortalRequest, refund_id: int) -> HttpResponse:
    """Write down with its document that the money has gone back."""
    if not request.actor.is_officer:
        raise Http404
    actor, at = officer(request), timezone.now()
    visible = policies.visible_refunds(actor).select_related(
        "dossier__procedure_version", "dossier__owner_person", "dossier__owner_organisation", "confirmed_by"
    )
    refund = get_object_or_404(visible, pk=refund_id)
    form, status = (
        inquiry_forms.PayRefund(request.POST or None, initial=inquiry_forms.now(at, "refunded_at")),
        200,
    )
    if request.method == "POST":
        try:
            refunds.pay_out(
                refund_id=refund.pk,
                amount_vnd=inquiry_forms.amount(request.POST.get("amount_vnd", "")),
                document_no=request.POST.get("document_no", ""),
                refunded_at=inquiry_forms.moment(request.POST.get("refunded_at", "")),
                actor=actor,
                at=at,
            )
        except InvalidInput as refusal:
            show_problems(form, refusal)
            status = 422
        except Conflict as refusal:
            messages.error(request, str(refusal))
            return redirect("desk:refund", refund_id=refund.pk)
        else:
            messages.success(request, _("Đã ghi nhận hoàn tiền. Người nộp được báo ngay."))
            return redirect("desk:refunds")
    return render(request, "dossiers/desk/refund.html", {"refund": refund, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@telling
def record(request: PortalRequest, tracking_no: str, obligation_id: int) -> HttpResponse:
    """Record money that came although nothing was to be paid any more; it is to be given back."""
    found, actor, at = open_dossier(request, tracking_no), officer(request), timezone.now()
    guards.require(found, Action.RECORD_PAYMENT, actor)
    obligation = get_object_or_404(found.obligations, pk=obligation_id)
    if obligation.confirmed_at is None and obligation.cancelled_at is None:
        raise refunds.StillToPay()
    page = Page(
        title=_("Ghi nhận tiền nộp không còn phải thu"),
        lede=_("Dùng khi tiền đến sau khi thông báo đã hủy, đã nộp hoặc hồ sơ đã kết thúc."),
        button=_("Ghi nhận"),
        sure=_("Số tiền này thành khoản phải hoàn lại, người nộp được báo ngay. Hãy đối chiếu sao kê."),
        facts=[
            (_("Số tiền đã thông báo"), _("%(amount)s đồng") % {"amount": obligation.amount}),
            (_("Căn cứ"), obligation.basis),
        ],
    )
    return step(
        request,
        found,
        page,
        form=inquiry_forms.RecordPayment(
            request.POST or None,
            initial={"amount_vnd": obligation.amount, **inquiry_forms.now(at, "paid_at")},
        ),
        do=lambda: refunds.record_payment(
            dossier_id=found.pk,
            obligation_id=obligation.pk,
            amount_vnd=inquiry_forms.amount(request.POST.get("amount_vnd", "")),
            proof=request.POST.get("proof", ""),
            paid_at=inquiry_forms.moment(request.POST.get("paid_at", "")),
            actor=actor,
            at=at,
        ),
        done=_("Đã ghi nhận. Khoản này nằm trong danh sách phải hoàn."),
    )
