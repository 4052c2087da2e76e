"""Whether a step can be taken now, told in words for the officer who was a moment too late."""

from __future__ import annotations

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.actor import Actor, Grant
from core.errors import Conflict
from dossiers import policies
from dossiers.models import Dossier
from dossiers.states import Action
from dossiers.transitions import MOVES, IllegalMove

_DONE: dict[str, Promise] = {
    Action.ACCEPT_AT_COUNTER: _("Hồ sơ này đã được %(who)s tiếp nhận tại quầy lúc %(when)s."),
    Action.ACCEPT: _("Hồ sơ này đã được %(who)s tiếp nhận lúc %(when)s. Hãy chuyển sang hồ sơ tiếp theo."),
    Action.REFUSE_INTAKE: _(
        "Hồ sơ này đã bị %(who)s từ chối tiếp nhận lúc %(when)s. Hãy chuyển sang hồ sơ tiếp theo."
    ),
    Action.FORWARD: _("Hồ sơ này đã được %(who)s chuyển cơ quan giải quyết lúc %(when)s."),
    Action.REQUEST_SUPPLEMENT: _(
        "%(who)s đã yêu cầu bổ sung hồ sơ này lúc %(when)s. Hãy chờ người nộp trả lời."
    ),
    Action.PROPOSE_SUPPLEMENT: _("%(who)s đã đề nghị yêu cầu bổ sung thêm lúc %(when)s."),
    Action.APPROVE_SUPPLEMENT: _(
        "%(who)s đã duyệt yêu cầu bổ sung thêm lúc %(when)s. Người nộp đã được báo."
    ),
    Action.DECLINE_SUPPLEMENT: _("%(who)s đã trả lại đề nghị bổ sung thêm lúc %(when)s."),
    Action.RESUBMIT: _("Đã gửi bổ sung lúc %(when)s. Hồ sơ đang chờ bộ phận một cửa kiểm tra."),
    Action.SUPPLEMENT_HANDED_IN: _("Đã gửi bổ sung lúc %(when)s. Bộ phận một cửa đang đối chiếu."),
    Action.SUPPLEMENT_SENT_BACK: _("%(who)s đã trả lại phần bổ sung chưa đạt lúc %(when)s."),
    Action.SUPPLEMENT_RECEIVED: _("%(who)s đã xác nhận nhận đủ bổ sung lúc %(when)s."),
    Action.LAPSE: _("Hồ sơ này đã dừng lúc %(when)s vì hết thời hạn bổ sung."),
    Action.REFUSE: _("%(who)s đã từ chối giải quyết hồ sơ này lúc %(when)s."),
    Action.ASSIGN: _(
        "Hồ sơ này đã được %(who)s phân công hoặc nhận xử lý lúc %(when)s. Hãy chuyển sang hồ sơ tiếp theo."
    ),
    Action.START_VERIFICATION: _("%(who)s đã bắt đầu xác minh hồ sơ này lúc %(when)s."),
    Action.FINISH_VERIFICATION: _("%(who)s đã ghi kết quả xác minh của hồ sơ này lúc %(when)s."),
    Action.ASK_OPINION: _("%(who)s đã lấy ý kiến phối hợp cho hồ sơ này lúc %(when)s."),
    Action.RECEIVE_OPINION: _("%(who)s đã nhận ý kiến phối hợp của hồ sơ này lúc %(when)s."),
    Action.NOTIFY_OBLIGATION: _("%(who)s đã thông báo nghĩa vụ tài chính của hồ sơ này lúc %(when)s."),
    Action.CONFIRM_PAYMENT: _(
        "%(who)s đã xác nhận khoản tiền của hồ sơ này lúc %(when)s. Không xác nhận lần nữa."
    ),
    Action.PAY_REFUND: _("%(who)s đã ghi nhận hoàn tiền của hồ sơ này lúc %(when)s."),
    Action.CANCEL_OBLIGATION: _("%(who)s đã hủy thông báo nộp tiền của hồ sơ này lúc %(when)s."),
    Action.SUBMIT_FOR_SIGNATURE: _("Dự thảo của hồ sơ này đã được %(who)s trình ký lúc %(when)s."),
    Action.RETURN_DRAFT: _(
        "Dự thảo này đã được %(who)s trả lại lúc %(when)s. Hãy chờ chuyên viên trình bản mới."
    ),
    Action.SIGN: _("Kết quả của hồ sơ này đã được %(who)s ký lúc %(when)s. Bạn không cần ký lại."),
    Action.ISSUE: _("Kết quả của hồ sơ này đã được %(who)s phát hành lúc %(when)s."),
    Action.HAND_TO_POST: _("Kết quả của hồ sơ này đã được %(who)s giao bưu điện lúc %(when)s."),
    Action.HAND_OVER: _("Kết quả của hồ sơ này đã được %(who)s trả lúc %(when)s."),
    Action.REQUEST_WITHDRAWAL: _(
        "Người nộp đã xin rút hồ sơ này lúc %(when)s. Hãy chờ quyết định của lãnh đạo đơn vị."
    ),
    Action.APPROVE_WITHDRAWAL: _("%(who)s đã cho rút hồ sơ này lúc %(when)s."),
    Action.DENY_WITHDRAWAL: _("%(who)s đã quyết định không cho rút hồ sơ này lúc %(when)s."),
    Action.STOP: _("Hồ sơ này đã được %(who)s dừng giải quyết lúc %(when)s."),
    Action.CORRECT_RESULT: _("%(who)s đã quyết định sửa kết quả của hồ sơ này lúc %(when)s."),
    Action.ARCHIVE: _("Hồ sơ này đã được %(who)s lưu trữ lúc %(when)s."),
}


class AlreadyDone(Conflict):
    """Somebody else took a step from the same status; the message says who, what and when."""

    code = "already_done"


def require(dossier: Dossier, action: Action, actor: Actor) -> Grant | None:
    """Let the actor take a step of a locked dossier, and give the grant under which it would be taken.

    :raises NotAllowed: the actor may take it at no time.
    :raises AlreadyDone: somebody was faster.
    :raises IllegalMove: the step does not start from the dossier's status.
    """
    policies.require_ever(actor, dossier, action)
    try:
        move = MOVES.find(status=dossier.status, action=action)
    except IllegalMove:
        if refusal := _already_done(dossier, action):
            raise refusal from None
        raise
    return policies.require(actor, dossier, move)


def _already_done(dossier: Dossier, action: Action) -> AlreadyDone | None:
    """Tell of the last event that led away from where the step starts."""
    sources = [status for status, named in MOVES if named == action]
    event = dossier.events.filter(from_status__in=sources).order_by("-seq").first()
    if event is None or event.action not in _DONE:
        return None
    when = timezone.localtime(event.at)
    return AlreadyDone(
        _DONE[event.action] % {"who": event.actor_name, "when": f"{when:%H:%M} {when:%d/%m/%Y}"},
        by=event.actor_name,
        at=when.isoformat(),
    )
