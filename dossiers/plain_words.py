"""What a status means to the person who is waiting: in plain words, what comes next and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Text
from dossiers import clock
from dossiers.models import Dossier
from dossiers.states import (
    ASKED_TO_SUPPLEMENT,
    RUNNING,
    WITH_THE_POST,
    IdPaper,
    Outcome,
    Status,
    SupplementState,
)

NEEDS_APPLICANT = frozenset({Status.INTAKE_SUPPLEMENT, Status.PROCESS_SUPPLEMENT, Status.AWAITING_PAYMENT})
ENDED = frozenset({Status.INTAKE_REFUSED, Status.RETURNED, Status.STOPPED, Status.ARCHIVED})


@dataclass(frozen=True, slots=True)
class Words:
    """``colour`` is one of the tag's; ``stage`` is how far a dossier has come, 0 (draft) to 5 (handed over)."""

    title: Promise
    meaning: Promise
    next_step: Promise
    colour: str
    stage: int


_WORKING = gettext_lazy("Bạn không phải làm gì thêm. Cổng sẽ báo khi có kết quả hoặc khi cần bạn bổ sung.")

WORDS: dict[str, Words] = {
    Status.DRAFT: Words(
        gettext_lazy("Bản nháp"),
        gettext_lazy("Hồ sơ chưa được nộp, chỉ bạn nhìn thấy."),
        gettext_lazy("Hoàn thành các mục còn thiếu rồi nộp."),
        "neutral",
        0,
    ),
    Status.SUBMITTED: Words(
        gettext_lazy("Đã nộp, chờ tiếp nhận"),
        gettext_lazy("Bộ phận một cửa đang kiểm tra hồ sơ của bạn."),
        gettext_lazy(
            "Bộ phận một cửa sẽ tiếp nhận và hẹn ngày trả, hoặc trả lời rõ lý do nếu chưa tiếp nhận."
        ),
        "info",
        1,
    ),
    Status.INTAKE_SUPPLEMENT: Words(
        gettext_lazy("Cần bạn bổ sung"),
        gettext_lazy("Hồ sơ còn thiếu nên chưa được tiếp nhận."),
        gettext_lazy("Bổ sung các giấy tờ được nêu trong phiếu yêu cầu."),
        "warning",
        1,
    ),
    Status.INTAKE_REFUSED: Words(
        gettext_lazy("Không được tiếp nhận"),
        gettext_lazy("Bộ phận một cửa không tiếp nhận hồ sơ này và đã nêu lý do."),
        gettext_lazy("Xem lý do, sửa lại rồi nộp hồ sơ mới nếu bạn vẫn có nhu cầu."),
        "error",
        5,
    ),
    Status.ACCEPTED: Words(
        gettext_lazy("Đã tiếp nhận"),
        gettext_lazy("Hồ sơ đầy đủ, đã được cấp mã số và hẹn ngày trả kết quả."),
        _WORKING,
        "info",
        2,
    ),
    Status.FORWARDED: Words(
        gettext_lazy("Đã chuyển đến cơ quan giải quyết"),
        gettext_lazy("Hồ sơ đang chờ cơ quan có thẩm quyền phân công người giải quyết."),
        _WORKING,
        "info",
        2,
    ),
    Status.IN_PROCESS: Words(
        gettext_lazy("Đang giải quyết"),
        gettext_lazy("Chuyên viên đang xem xét hồ sơ của bạn."),
        _WORKING,
        "info",
        3,
    ),
    Status.VERIFYING: Words(
        gettext_lazy("Đang xác minh"),
        gettext_lazy("Cơ quan đang kiểm tra thực tế hoặc hỏi cơ quan khác."),
        _WORKING,
        "info",
        3,
    ),
    Status.AWAITING_OPINION: Words(
        gettext_lazy("Đang chờ ý kiến phối hợp"),
        gettext_lazy("Cơ quan giải quyết đã hỏi ý kiến cơ quan khác."),
        _WORKING,
        "info",
        3,
    ),
    Status.PROCESS_SUPPLEMENT: Words(
        gettext_lazy("Cần bạn bổ sung giấy tờ"),
        gettext_lazy("Thời hạn giải quyết tạm dừng cho đến khi bạn bổ sung đủ."),
        gettext_lazy("Bổ sung các giấy tờ được nêu trong phiếu yêu cầu."),
        "warning",
        3,
    ),
    Status.AWAITING_PAYMENT: Words(
        gettext_lazy("Cần bạn nộp tiền"),
        gettext_lazy("Thời hạn giải quyết tạm dừng cho đến khi khoản tiền được nộp."),
        gettext_lazy("Nộp khoản tiền ghi trong thông báo."),
        "warning",
        3,
    ),
    Status.AWAITING_SIGN_OFF: Words(
        gettext_lazy("Đang trình ký"),
        gettext_lazy("Kết quả đã được soạn và đang chờ lãnh đạo ký."),
        _WORKING,
        "info",
        3,
    ),
    Status.SIGNED: Words(
        gettext_lazy("Đã ký, chờ phát hành"),
        gettext_lazy("Kết quả đã được ký và đang chờ văn thư cấp số."),
        _WORKING,
        "info",
        3,
    ),
    Status.COMPLETED: Words(
        gettext_lazy("Đã có kết quả"),
        gettext_lazy("Kết quả đã được ký số, cấp số và lưu trong kho kết quả của bạn."),
        gettext_lazy("Nhận kết quả điện tử ngay tại đây, hoặc đến quầy một cửa để nhận."),
        "success",
        4,
    ),
    Status.RETURNED: Words(
        gettext_lazy("Đã trả kết quả"),
        gettext_lazy("Kết quả đã được giao, hồ sơ kết thúc."),
        gettext_lazy("Bạn có thể tải lại kết quả bất cứ lúc nào."),
        "success",
        5,
    ),
    Status.WITHDRAWAL_REQUESTED: Words(
        gettext_lazy("Đã xin rút hồ sơ"),
        gettext_lazy("Cơ quan đang xem xét yêu cầu rút hồ sơ của bạn."),
        _WORKING,
        "info",
        3,
    ),
    Status.STOPPED: Words(
        gettext_lazy("Đã dừng giải quyết"),
        gettext_lazy("Hồ sơ không được giải quyết tiếp."),
        gettext_lazy("Xem lý do trong tiến trình; bạn có thể nộp hồ sơ mới."),
        "neutral",
        5,
    ),
    Status.ARCHIVED: Words(
        gettext_lazy("Đã lưu trữ"),
        gettext_lazy("Hồ sơ đã kết thúc và được chuyển vào lưu trữ."),
        gettext_lazy("Liên hệ cơ quan giải quyết nếu bạn cần xem lại hồ sơ."),
        "neutral",
        5,
    ),
}

REFUSED = Words(
    gettext_lazy("Bị từ chối giải quyết"),
    gettext_lazy("Cơ quan đã xem xét và không giải quyết yêu cầu này; lý do và căn cứ ghi ở dưới."),
    gettext_lazy(
        "Xem phiếu từ chối ở trang này. Nếu không đồng ý, bạn có quyền khiếu nại; cần hỏi, hãy gọi 1022."
    ),
    "error",
    4,
)
"""For a dossier that was completed with a refusal on substance."""

WITH_POST = Words(
    gettext_lazy("Kết quả đang được gửi đến bạn"),
    gettext_lazy("Bản giấy của kết quả đã giao cho bưu điện; mã bưu gửi ghi ở dưới."),
    gettext_lazy("Chờ bưu điện giao tận nơi. Bạn vẫn nhận được kết quả điện tử ngay tại đây."),
    "success",
    4,
)
"""For a result that the post has."""

HANDED_IN = Words(
    gettext_lazy("Đã gửi bổ sung, chờ xác nhận"),
    gettext_lazy("Bộ phận một cửa đang đối chiếu phần bạn bổ sung."),
    gettext_lazy("Khi xác nhận đủ, cổng báo cho bạn ngày hẹn trả mới. Bạn không phải làm gì thêm."),
    "info",
    3,
)
"""For a supplement in process that was handed in and waits for the one-stop unit."""

STAGES: list[Text] = [
    gettext_lazy("Nộp hồ sơ"),
    gettext_lazy("Tiếp nhận"),
    gettext_lazy("Giải quyết"),
    gettext_lazy("Có kết quả"),
    gettext_lazy("Trả kết quả"),
]
"""The way of every dossier, as an anonymous look-up may tell it."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a dossier stands for its applicant; ``until`` is the moment by which ``next_step`` happens."""

    title: Text
    meaning: Text
    next_step: Text
    colour: str
    stage: int
    until: datetime | None = None
    until_label: Text = ""
    is_late: bool = False


def _is_handed_in(dossier: Dossier) -> bool:
    return dossier.supplements.filter(state=SupplementState.ANSWERED).exists()


def describe(dossier: Dossier, *, at: datetime) -> Situation:
    """Tell its applicant where a dossier stands at ``at``, what comes next and until when."""
    words = WORDS[dossier.status]
    if dossier.status == Status.COMPLETED and dossier.outcome == Outcome.REFUSED:
        words = REFUSED
    if dossier.status == Status.COMPLETED and dossier.delivery_state in WITH_THE_POST:
        words = WITH_POST
    if dossier.status == Status.PROCESS_SUPPLEMENT and _is_handed_in(dossier):
        one = HANDED_IN
        return Situation(one.title, one.meaning, one.next_step, one.colour, one.stage)
    until, label = None, ""
    if dossier.status == Status.SUBMITTED:
        until, label = dossier.accept_due_at, _("Trả lời chậm nhất")
    elif dossier.status in ASKED_TO_SUPPLEMENT:
        until, label = dossier.next_due_at, _("Bổ sung chậm nhất")
    elif dossier.status == Status.AWAITING_PAYMENT:
        until, label = dossier.next_due_at, _("Nộp tiền chậm nhất")
    elif _is_promised(dossier):
        until, label = dossier.due_at, _("Hẹn trả kết quả")
    return Situation(
        title=words.title,
        meaning=words.meaning,
        next_step=words.next_step,
        colour=words.colour,
        stage=words.stage,
        until=until,
        until_label=label,
        is_late=until is not None and at > until,
    )


def _is_promised(dossier: Dossier) -> bool:
    """Say whether a date holds now: a correction has none of its own, and a clock that stands still gives it anew."""
    return dossier.status in RUNNING and dossier.completed_at is None and not clock.stands_still(dossier)


_LIMITS = {
    "due_at": gettext_lazy("Hạn trả kết quả"),
    "accept_due_at": gettext_lazy("Hạn trả lời"),
    "supplement_due_at": gettext_lazy("Hạn bổ sung"),
    "payment_due_at": gettext_lazy("Hạn nộp tiền"),
}
_INSIDE = {
    "steps": gettext_lazy("Hạn của bước “%(name)s”"),
    "opinions": gettext_lazy("Hạn ý kiến của %(name)s"),
}


def due_change(data: Mapping[str, Any]) -> str:
    """Say from when to when a step moved a limit, read from what the history keeps of it; "" where it moved none."""
    return " ".join(
        _("%(limit)s: %(old)s → %(new)s.")
        % {"limit": label, "old": _written(data[name]["from"]), "new": _written(data[name]["to"])}
        for name, label in _LIMITS.items()
        if isinstance(data.get(name), Mapping)
    )


def identity_seen(data: Mapping[str, Any]) -> str:
    """Say whose papers an officer saw before a step, read from what the history keeps of it; "" where nobody's."""
    seen = data.get("identity")
    if not isinstance(seen, Mapping):
        return ""
    facts = {
        "visitor": seen["visitor"],
        "paper": IdPaper(seen["paper"]).label,
        "who": seen["seen_by"],
        "at": _written(seen["seen_at"]),
    }
    if seen["by_agent"]:
        return _("Đại lý bưu chính đã đối chiếu %(paper)s của %(visitor)s; %(who)s ghi lúc %(at)s.") % facts
    words = _("Người đến: %(visitor)s. %(who)s đã đối chiếu %(paper)s lúc %(at)s.") % facts
    return f"{words} {_('Giấy ủy quyền')}: {seen['authority']}." if seen["authority"] else words


def inner_changes(data: Mapping[str, Any]) -> str:
    """Say the same of the limits between agencies and their officers, of which no applicant reads."""
    changes = [
        (label % {"name": one["name"]}, one)
        for key, label in _INSIDE.items()
        if isinstance(data.get(key), list)
        for one in data[key]
    ]
    return " ".join(
        _("%(limit)s: %(old)s → %(new)s.")
        % {"limit": label, "old": _written(one["from"]), "new": _written(one["to"])}
        for label, one in changes
    )


def _written(iso: str) -> str:
    moment = localtime(datetime.fromisoformat(iso))
    return f"{moment:%H:%M} {moment:%d/%m/%Y}"
