"""Statuses, actions and the other dimensions of a dossier (domain: dossier life cycle, 4.1–4.5, annex C)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """Trạng thái hồ sơ. The professional status only: payment, delivery and synchronisation stand apart."""

    DRAFT = "draft", _("Nháp")
    SUBMITTED = "submitted", _("Chờ tiếp nhận")
    INTAKE_SUPPLEMENT = "intake_supplement", _("Yêu cầu bổ sung trước tiếp nhận")
    INTAKE_REFUSED = "intake_refused", _("Không được tiếp nhận")
    ACCEPTED = "accepted", _("Được tiếp nhận")
    FORWARDED = "forwarded", _("Đã chuyển cơ quan có thẩm quyền")
    IN_PROCESS = "in_process", _("Đang xử lý")
    VERIFYING = "verifying", _("Đang xác minh")
    AWAITING_OPINION = "awaiting_opinion", _("Chờ ý kiến phối hợp")
    PROCESS_SUPPLEMENT = "process_supplement", _("Yêu cầu bổ sung giấy tờ")
    AWAITING_PAYMENT = "awaiting_payment", _("Yêu cầu thực hiện nghĩa vụ tài chính")
    AWAITING_SIGN_OFF = "awaiting_sign_off", pgettext_lazy("status", "Trình ký")
    SIGNED = "signed", _("Đã ký, chờ phát hành")
    COMPLETED = "completed", _("Đã xử lý xong")
    RETURNED = "returned", _("Đã trả kết quả")
    WITHDRAWAL_REQUESTED = "withdrawal_requested", _("Yêu cầu rút hồ sơ")
    STOPPED = "stopped", _("Dừng xử lý")
    ARCHIVED = "archived", _("Lưu trữ")


RUNNING = frozenset(
    {
        Status.ACCEPTED,
        Status.FORWARDED,
        Status.IN_PROCESS,
        Status.VERIFYING,
        Status.AWAITING_OPINION,
        Status.AWAITING_SIGN_OFF,
        Status.SIGNED,
        Status.WITHDRAWAL_REQUESTED,
    }
)
"""Statuses in which the processing clock runs."""

OPEN = RUNNING | {
    Status.SUBMITTED,
    Status.INTAKE_SUPPLEMENT,
    Status.PROCESS_SUPPLEMENT,
    Status.AWAITING_PAYMENT,
    Status.COMPLETED,
}
"""Statuses in which somebody still has something to do."""


class Action(models.TextChoices):
    """Thao tác: a step that moves a dossier."""

    SUBMIT = "submit", _("Nộp hồ sơ")
    ACCEPT = "accept", _("Tiếp nhận")
    REFUSE_INTAKE = "refuse_intake", _("Từ chối tiếp nhận")
    FORWARD = "forward", _("Chuyển xử lý")
    ASSIGN = "assign", _("Phân công")
    SUBMIT_FOR_SIGNATURE = "submit_for_signature", _("Trình ký")
    RETURN_DRAFT = "return_draft", _("Trả lại dự thảo")
    SIGN = "sign", _("Ký số")
    ISSUE = "issue", _("Cấp số, phát hành")
    HAND_OVER = "hand_over", _("Trả kết quả")


class Outcome(models.TextChoices):
    """Kết cục của hồ sơ."""

    GRANTED = "granted", _("Được giải quyết")
    REFUSED = "refused", _("Bị từ chối")
    PARTLY = "partly", _("Giải quyết một phần")
    WITHDRAWN = "withdrawn", _("Đã rút")
    LAPSED = "lapsed", _("Hết thời hạn bổ sung")
    TRANSFERRED = "transferred", _("Chuyển cơ quan khác")


class RefusalReason(models.TextChoices):
    """Lý do từ chối. Public text, never a technical code."""

    WRONG_AGENCY = "wrong_agency", _("Không thuộc thẩm quyền của cơ quan tiếp nhận")
    NOT_ELIGIBLE = "not_eligible", _("Không đủ điều kiện theo quy định")
    MISSING_UNREPAIRED = "missing_unrepaired", _("Hồ sơ không đầy đủ, không được bổ sung")
    FALSE_DOCUMENT = "false_document", _("Giấy tờ không đúng sự thật")
    DUPLICATE = "duplicate", _("Trùng với hồ sơ đã nộp")
    ABOLISHED_PROCEDURE = "abolished_procedure", _("Thủ tục đã được bãi bỏ")
    LEGAL_GROUND_OTHER = "legal_ground_other", _("Căn cứ khác theo pháp luật")


class FilingMode(models.TextChoices):
    """Hình thức nộp: for oneself, or for an organisation that one represents."""

    SELF = "self", _("Tự nộp")
    REPRESENTATIVE = "representative", _("Đại diện tổ chức")


class DeliveryState(models.TextChoices):
    """Tình trạng giao kết quả, a dimension apart from the status."""

    NOT_READY = "not_ready", _("Chưa có kết quả")
    SENT_TO_VAULT = "sent_to_vault", _("Đã vào kho kết quả")
    DELIVERED = "delivered", _("Đã giao")


class HandOverMethod(models.TextChoices):
    """Cách trả kết quả."""

    VAULT = "vault", _("Bản điện tử trong kho kết quả")
    COUNTER = "counter", _("Trực tiếp tại quầy")


class Form(models.TextChoices):
    """Mẫu giấy tờ (TT 01/2018, TT 03/2025), and the acknowledgement of an online filing (NĐ 310/2026)."""

    ACKNOWLEDGEMENT = "acknowledgement", _("Xác nhận đã nhận hồ sơ trực tuyến")
    RECEIPT = "receipt", _("Mẫu số 01 – Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
    REFUSAL_NOTICE = "refusal_notice", _("Mẫu số 03 – Phiếu từ chối tiếp nhận giải quyết hồ sơ")
    CONTROL_SHEET = "control_sheet", _("Mẫu số 06 – Phiếu kiểm soát quá trình giải quyết hồ sơ")


class PaperState(models.TextChoices):
    """Whether the worker has made a form yet."""

    QUEUED = "queued", _("Đang tạo")
    READY = "ready", _("Sẵn sàng")


class ScanState(models.TextChoices):
    """Kết quả quét mã độc của một tệp."""

    PENDING = "pending", _("Chờ quét")
    CLEAN = "clean", _("An toàn")
    INFECTED = "infected", _("Có mã độc")


class CheckState(models.TextChoices):
    """Kết quả kiểm tra một thành phần hồ sơ của cán bộ một cửa."""

    UNCHECKED = "unchecked", _("Chưa kiểm tra")
    CORRECT = "correct", _("Đạt")
    WRONG = "wrong", _("Chưa đạt")


class DraftState(models.TextChoices):
    """Where the draft of a result stands on its way to a signed file."""

    EDITING = "editing", _("Đang soạn")
    RENDERING = "rendering", _("Đang tạo tệp")
    READY = "ready", _("Chờ ký")
    SIGNING = "signing", _("Đang ký")
    SIGNED = "signed", _("Đã ký")
    ISSUING = "issuing", _("Đang phát hành")
    ISSUED = "issued", _("Đã phát hành")
