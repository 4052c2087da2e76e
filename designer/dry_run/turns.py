"""The turns that a dossier may take on its way, beside supplements: refused, withdrawn, paid for, asked about, late."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.calendars import working_calendar
from agencies.states import Role
from designer.dry_run.playing import ROLE_OF_APPLICANT, Play, label_of
from designer.dry_run.scenes import NOTE
from dossiers.services import (
    correcting,
    extensions,
    intake,
    losses,
    obligations,
    opinions,
    refusing,
    verifications,
    withdrawals,
)
from dossiers.services import signing as result_signing
from dossiers.states import LateReason, LossKind, RefusalReason

WHY_NOT = (
    "Hồ sơ chạy thử chưa đủ điều kiện theo yêu cầu của thủ tục. Hãy đọc mục yêu cầu, điều kiện rồi nộp lại."
)
WHY_LATE = "Phòng chuyên môn phải đối chiếu thêm hồ sơ gốc lưu tại kho nên chưa kịp trả kết quả."
WHAT_IS_WRONG = "Số nhà trong kết quả ghi khác số nhà mà người nộp đã khai, do nhập sai khi soạn."
WHAT_TO_SEE = "Xem thực địa có đúng như nội dung người nộp đã khai hay không."
WHAT_WAS_SEEN = "Thực địa đúng như nội dung người nộp đã khai trong tờ khai."
QUESTION = "Vị trí này có nằm trong quy hoạch mà quý cơ quan quản lý hay không?"
SILENCE = "Cơ quan được hỏi chưa trả lời; hồ sơ đủ căn cứ để giải quyết theo tài liệu hiện có."
WHAT_WAS_LOST = "Bản vẽ kèm theo hồ sơ"
HOW_IT_WAS_LOST = "Bản giấy thất lạc khi chuyển giữa hai bộ phận của cơ quan."
HOW_IT_IS_MENDED = "Cơ quan in lại từ bản điện tử đã số hóa và tự chịu mọi chi phí."
LAW = "Điều 17 Nghị định số 61/2018/NĐ-CP"


def send_draft_back(play: Play) -> None:
    play.do(
        _("Trả lại dự thảo"),
        lambda: result_signing.return_draft(
            dossier_id=play.dossier.pk, reason=NOTE, actor=play.officer(Role.SIGNER), at=play.at
        ),
        by=label_of(Role.SIGNER),
        path="steps",
    )


def refuse_intake(play: Play) -> None:
    play.do(
        _("Từ chối tiếp nhận"),
        lambda: intake.refuse(
            dossier_id=play.dossier.pk,
            reason=RefusalReason.NOT_ELIGIBLE,
            explanation=WHY_NOT,
            actor=play.officer(Role.ONE_STOP_OFFICER),
            at=play.at,
        ),
        by=label_of(Role.ONE_STOP_OFFICER),
        due=play.dossier.accept_due_at,
    )


def refuse(play: Play) -> None:
    play.do(
        _("Đề nghị từ chối giải quyết"),
        lambda: refusing.propose(
            dossier_id=play.dossier.pk,
            reason=RefusalReason.NOT_ELIGIBLE,
            explanation=WHY_NOT,
            legal_basis=LAW,
            actor=play.officer(Role.SPECIALIST),
            at=play.at,
        ),
        by=label_of(Role.SPECIALIST),
    )
    play.do(
        _("Quyết định từ chối giải quyết"),
        lambda: refusing.grant(
            dossier_id=play.dossier.pk, actor=play.officer(Role.SIGNER), at=play.at, note=""
        ),
        by=label_of(Role.SIGNER),
        due=play.dossier.due_at,
    )


def withdraw(play: Play) -> None:
    play.do(
        _("Xin rút hồ sơ"),
        lambda: withdrawals.request(
            dossier_id=play.dossier.pk, reason=NOTE, actor=play.stage.applicant, at=play.at
        ),
        by=label_of(ROLE_OF_APPLICANT),
    )
    play.do(
        _("Đồng ý cho rút hồ sơ"),
        lambda: withdrawals.approve(
            dossier_id=play.dossier.pk,
            returns_originals=False,
            refund_vnd=0,
            actor=play.officer(Role.UNIT_LEADER),
            at=play.at,
        ),
        by=label_of(Role.UNIT_LEADER),
    )


def ask_for_money(play: Play, *, amount_vnd: int) -> None:
    agency = play.stage.agency
    day = working_calendar(agency.pk).next_working_day(timezone.localdate(play.at) + timedelta(days=5))
    play.do(
        _("Thông báo nộp phí, lệ phí"),
        lambda: obligations.notify(
            dossier_id=play.dossier.pk,
            amount_vnd=amount_vnd,
            basis=LAW,
            explanation="",
            due_on=day,
            actor=play.officer(Role.SPECIALIST),
            at=play.at,
        ),
        by=label_of(Role.SPECIALIST),
        path="channels",
    )
    obligation = play.dossier.obligations.get()
    play.do(
        _("Xác nhận đã nộp tiền"),
        lambda: obligations.confirm_payment(
            dossier_id=play.dossier.pk,
            obligation_id=obligation.pk,
            proof="CT-000001",
            paid_at=play.at,
            actor=play.officer(Role.ACCOUNTANT),
            at=play.at,
        ),
        by=label_of(Role.ACCOUNTANT),
        due=obligation.due_at,
    )


def verify(play: Play) -> None:
    play.do(
        _("Bắt đầu xác minh"),
        lambda: verifications.start(
            dossier_id=play.dossier.pk,
            purpose=WHAT_TO_SEE,
            place="12 Trần Phú, phường Hải Châu",
            planned_at=play.at + timedelta(hours=1),
            needs_presence=True,
            actor=play.officer(Role.SPECIALIST),
            at=play.at,
        ),
        by=label_of(Role.SPECIALIST),
    )
    play.at += timedelta(hours=2)
    play.do(
        _("Kết thúc xác minh"),
        lambda: verifications.finish(
            dossier_id=play.dossier.pk,
            people="Chuyên viên (chạy thử), người nộp (chạy thử)",
            findings=WHAT_WAS_SEEN,
            actor=play.officer(Role.SPECIALIST),
            at=play.at,
        ),
        by=label_of(Role.SPECIALIST),
        path="clock",
        due=play.dossier.due_at,
    )


def ask_another_agency(play: Play) -> None:
    """Where the city has no other agency nobody is asked."""
    other = opinions.may_be_asked(play.dossier, at=play.at).first()
    if other is None:
        return
    day = working_calendar(other.pk).next_working_day(timezone.localdate(play.at) + timedelta(days=2))
    question = opinions.Question(agency_id=other.pk, text=QUESTION, due_on=day)
    play.do(
        _("Lấy ý kiến %s") % other.name,
        lambda: opinions.ask(
            dossier_id=play.dossier.pk,
            questions=[question],
            actor=play.officer(Role.SPECIALIST),
            at=play.at,
        ),
        by=label_of(Role.SPECIALIST),
    )
    play.do(
        _("Giải quyết tiếp khi chưa có ý kiến"),
        lambda: opinions.go_on(
            dossier_id=play.dossier.pk, reason=SILENCE, actor=play.officer(Role.SPECIALIST), at=play.at
        ),
        by=label_of(Role.SPECIALIST),
    )


def apologise(play: Play) -> None:
    play.do(
        _("Đề nghị xin lỗi và hẹn lại"),
        lambda: extensions.propose(
            dossier_id=play.dossier.pk,
            reason=LateReason.WORKLOAD,
            explanation=WHY_LATE,
            working_days=1,
            actor=play.officer(Role.SPECIALIST),
            at=play.at,
        ),
        by=label_of(Role.SPECIALIST),
        path="clock",
        due=play.dossier.due_at,
    )
    play.do(
        _("Duyệt thư xin lỗi và ngày hẹn mới"),
        lambda: extensions.approve(
            dossier_id=play.dossier.pk, actor=play.officer(Role.AGENCY_HEAD), at=play.at
        ),
        by=label_of(Role.AGENCY_HEAD),
        path="clock",
    )
    play.note(_("Hẹn trả kết quả mới"), due=play.dossier.due_at)


def lose_papers(play: Play) -> None:
    loss = losses.Loss(
        kind=LossKind.LOST,
        what=WHAT_WAS_LOST,
        found_at=play.at,
        circumstances=HOW_IT_WAS_LOST,
        remedy=HOW_IT_IS_MENDED,
    )
    play.do(
        _("Ghi sự cố mất hồ sơ và xin lỗi"),
        lambda: losses.record(
            dossier_id=play.dossier.pk, loss=loss, actor=play.officer(Role.ONE_STOP_OFFICER), at=play.at
        ),
        by=label_of(Role.ONE_STOP_OFFICER),
    )
    play.do(
        _("Khắc phục xong"),
        lambda: losses.mend(
            dossier_id=play.dossier.pk,
            note=HOW_IT_IS_MENDED,
            actor=play.officer(Role.ONE_STOP_OFFICER),
            at=play.at,
        ),
        by=label_of(Role.ONE_STOP_OFFICER),
    )


def correct(play: Play) -> None:
    play.do(
        _("Quyết định sửa kết quả có sai sót"),
        lambda: correcting.correct(
            dossier_id=play.dossier.pk,
            error=WHAT_IS_WRONG,
            decision="01/QĐ-CT ngày 01/01/2026 (chạy thử)",
            bears_cost_id=play.stage.agency.pk,
            actor=play.officer(Role.SIGNER),
            at=play.at,
        ),
        by=label_of(Role.SIGNER),
        path="results",
    )
