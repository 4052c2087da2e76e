"""Turns of a case on the officers' desk: withdrawn, put off with an apology, stopped, corrected, archived."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import InvalidInput, Text
from core.http import PortalRequest
from dossiers import turn_forms, turns_page
from dossiers.desk_selectors import moment
from dossiers.models import Dossier
from dossiers.services import archiving, correcting, ending, extensions, guards, stopping, withdrawals
from dossiers.states import Action
from dossiers.views.desk import officer
from dossiers.views.desk_dossier import back, open_dossier, telling
from dossiers.views.desk_step import Page, step, step_page


def _paid(found: Dossier) -> int:
    return ending.paid_vnd(found)


def _amount(request: PortalRequest, name: str) -> int:
    """Read an amount as people type it, such as 60.000; nothing typed is 0.

    :raises InvalidInput: it is no number.
    """
    text = request.POST.get(name, "").replace(".", "").replace(" ", "")
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise InvalidInput({name: [_("Hãy nhập số tiền bằng chữ số, ví dụ 60000.")]})
    return int(text)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


# Withdrawal


@step_page
def approve_withdrawal(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Let the applicant take the dossier back."""
    guards.require(found, Action.APPROVE_WITHDRAWAL, officer(request))
    page = Page(
        title=_("Đồng ý cho rút hồ sơ"),
        lede=_("Hồ sơ dừng giải quyết; người nộp nhận thông báo dừng giải quyết."),
        button=_("Đồng ý cho rút"),
        sure=_("Hồ sơ sẽ dừng giải quyết và người nộp được báo ngay. Không mở lại được."),
        facts=_asked(found),
    )
    return step(
        request,
        found,
        page,
        form=turn_forms.ApproveWithdrawal(request.POST or None, paid_vnd=_paid(found)),
        do=lambda: withdrawals.approve(
            dossier_id=found.pk,
            returns_originals=request.POST.get("returns_originals") == "on",
            refund_vnd=_amount(request, "refund_vnd"),
            note=request.POST.get("note", ""),
            actor=officer(request),
            at=timezone.now(),
        ),
        done=_("Đã cho rút hồ sơ. Thông báo dừng giải quyết đang được tạo."),
    )


@step_page
def deny_withdrawal(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Deny the withdrawal with a reason."""
    guards.require(found, Action.DENY_WITHDRAWAL, officer(request))
    page = Page(
        title=_("Không cho rút hồ sơ"),
        lede=_("Hồ sơ được giải quyết tiếp từ chỗ đang dở."),
        button=_("Không cho rút"),
        facts=_asked(found),
    )
    return step(
        request,
        found,
        page,
        form=turn_forms.DenyWithdrawal(request.POST or None),
        do=lambda: withdrawals.deny(
            dossier_id=found.pk,
            note=request.POST.get("note", ""),
            actor=officer(request),
            at=timezone.now(),
        ),
        done=_("Đã ghi quyết định không cho rút. Hồ sơ được giải quyết tiếp."),
    )


def _asked(found: Dossier) -> list[tuple[Text, Text]]:
    withdrawal = turns_page.of(found).withdrawal
    if withdrawal is None:
        return []
    return [(_("Xin rút lúc"), moment(withdrawal.requested_at)), (_("Lý do"), withdrawal.reason)]


# Apology and new date


@step_page
def propose_extension(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Propose an apology with a new date; a second one is refused on the dossier's page."""
    at = timezone.now()
    try:
        extensions.require_proposable(dossier=found, actor=officer(request), at=at)
    except extensions.Rescheduled:
        if request.method != "POST":
            raise
    drafted = turns_page.of(found).waiting
    page = Page(
        title=_("Đề nghị xin lỗi và hẹn lại"),
        lede=_(
            "Thủ trưởng cơ quan duyệt rồi người nộp mới nhận văn bản xin lỗi (Mẫu số 04). "
            "Hồ sơ vẫn tính là trễ hạn khi thống kê."
        ),
        button=_("Gửi đề nghị"),
        facts=[(_("Hạn hiện tại"), moment(found.due_at))] if found.due_at else [],
    )
    typed = request.POST or None
    initial = {"reason": drafted.reason, "explanation": drafted.explanation} if drafted else {}
    return step(
        request,
        found,
        page,
        form=turn_forms.ProposeExtension(typed, initial=initial),
        do=lambda: extensions.propose(
            dossier_id=found.pk,
            reason=request.POST.get("reason", ""),
            explanation=request.POST.get("explanation", ""),
            working_days=_whole(request.POST.get("working_days", "")),
            actor=officer(request),
            at=at,
        ),
        done=_("Đã gửi đề nghị hẹn lại đến thủ trưởng cơ quan."),
    )


@require_POST
@telling
def extend(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Approve the proposal that was shown: one click on the dossier's page."""
    found = open_dossier(request, tracking_no)
    late = extensions.approve(dossier_id=found.pk, actor=officer(request), at=timezone.now())
    assert late.due_at is not None, "a dossier is put off to a date"
    messages.success(
        request,
        _("Đã gửi lời xin lỗi, hẹn lại lúc %(due)s. Văn bản xin lỗi (Mẫu số 04) đang được tạo.")
        % {"due": moment(late.due_at)},
    )
    return back(found)


@step_page
def decline_extension(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Decline the proposal with a reason."""
    waiting = extensions.require_decidable(dossier=found, actor=officer(request))
    page = Page(
        title=_("Không duyệt hẹn lại"),
        lede=_("Hạn trả kết quả giữ nguyên; người nộp không được báo gì."),
        button=_("Không duyệt"),
        facts=[
            (_("Hạn hiện tại"), moment(waiting.old_due_at)),
            (_("Hẹn lại đến"), moment(waiting.new_due_at)),
            (_("Lý do trễ"), waiting.get_reason_display()),
            (_("Giải thích"), waiting.explanation),
        ],
    )
    return step(
        request,
        found,
        page,
        form=turn_forms.DeclineExtension(request.POST or None),
        do=lambda: extensions.decline(
            dossier_id=found.pk,
            note=request.POST.get("note", ""),
            actor=officer(request),
            at=timezone.now(),
        ),
        done=_("Đã ghi quyết định không duyệt hẹn lại."),
    )


# Stop, correction, archive


@step_page
def stop(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Stop a case that cannot go on."""
    stopping.require_open(dossier=found, actor=officer(request))
    page = Page(
        title=_("Dừng giải quyết"),
        lede=_(
            "Hồ sơ kết thúc mà không có kết quả; người nộp nhận thông báo dừng giải quyết với đúng lời bạn ghi."
        ),
        button=_("Dừng giải quyết"),
        sure=_("Hồ sơ sẽ đóng và người nộp được báo ngay. Không mở lại được; người nộp phải nộp hồ sơ mới."),
        variant="danger",
        facts=[(_("Giai đoạn"), found.get_status_display())],
    )
    return step(
        request,
        found,
        page,
        form=turn_forms.Stop(request.POST or None, paid_vnd=_paid(found)),
        do=lambda: stopping.stop(
            dossier_id=found.pk,
            reason=request.POST.get("reason", ""),
            returns_originals=request.POST.get("returns_originals") == "on",
            refund_vnd=_amount(request, "refund_vnd"),
            actor=officer(request),
            at=timezone.now(),
        ),
        done=_("Đã dừng giải quyết. Thông báo dừng giải quyết đang được tạo."),
    )


@step_page
def correct_result(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Decide that the issued result has an error and is drafted, signed and issued once more."""
    old = correcting.require_correctable(dossier=found, actor=officer(request))
    page = Page(
        title=_("Sửa kết quả có sai sót"),
        lede=_(
            "Hồ sơ trở lại bước xử lý để soạn, ký và phát hành bản đúng. Bản cũ có hiệu lực đến khi bản mới được phát "
            "hành; khi đó mã QR của bản cũ dẫn sang bản mới."
        ),
        button=_("Quyết định sửa"),
        sure=_("Hồ sơ mở lại và người nộp được báo ngay rằng kết quả có sai sót."),
        facts=[(_("Kết quả"), old.title), (_("Số"), old.number), (_("Người ký"), old.signer_name)],
    )
    return step(
        request,
        found,
        page,
        form=turn_forms.CorrectResult(request.POST or None, agencies=correcting.may_bear_cost(found)),
        do=lambda: correcting.correct(
            dossier_id=found.pk,
            error=request.POST.get("error", ""),
            decision=request.POST.get("decision", ""),
            bears_cost_id=_agency_id(request),
            actor=officer(request),
            at=timezone.now(),
        ),
        done=_("Đã ghi quyết định sửa kết quả. Hồ sơ trở lại người xử lý để soạn bản mới."),
    )


def _agency_id(request: PortalRequest) -> int | None:
    text = request.POST.get("bears_cost", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@step_page
def archive(request: PortalRequest, found: Dossier) -> HttpResponse:
    """Close the file of a dossier that has ended."""
    archiving.require_open(dossier=found, actor=officer(request))
    page = Page(
        title=_("Lưu trữ hồ sơ"),
        lede=_(
            "Hồ sơ được đóng lại và chuyển vào lưu trữ. Người nộp vẫn xem được hồ sơ và tải được kết quả."
        ),
        button=_("Lưu trữ"),
        facts=[(_("Trạng thái"), found.get_status_display())],
    )
    return step(
        request,
        found,
        page,
        form=None,
        do=lambda: archiving.archive(dossier_id=found.pk, actor=officer(request), at=timezone.now()),
        done=_("Đã lưu trữ hồ sơ."),
    )
