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

ASKED_TO_SUPPLEMENT = frozenset({Status.INTAKE_SUPPLEMENT, Status.PROCESS_SUPPLEMENT})
"""Statuses in which the applicant was asked for what is missing."""

OPEN = RUNNING | ASKED_TO_SUPPLEMENT | {Status.SUBMITTED, Status.AWAITING_PAYMENT, Status.COMPLETED}
"""Statuses in which somebody still has something to do."""


NATIONAL_STATUS: dict[str, int] = {
    Status.SUBMITTED: 1,
    Status.ACCEPTED: 2,
    Status.FORWARDED: 2,
    Status.INTAKE_REFUSED: 3,
    Status.IN_PROCESS: 4,
    Status.VERIFYING: 4,
    Status.AWAITING_OPINION: 4,
    Status.AWAITING_SIGN_OFF: 4,
    Status.SIGNED: 4,
    Status.INTAKE_SUPPLEMENT: 5,
    Status.PROCESS_SUPPLEMENT: 5,
    Status.AWAITING_PAYMENT: 6,
    Status.WITHDRAWAL_REQUESTED: 7,
    Status.STOPPED: 8,
    Status.COMPLETED: 9,
    Status.RETURNED: 10,
}
"""The codes by which the national portal knows a dossier's status (domain: 4.1). It knows no drafts."""


class Action(models.TextChoices):
    """Thao tác: a step that moves a dossier.

    ``recompute`` moves none, and is taken by the clock alone; ``mirror`` repeats what another system has done.
    """

    SUBMIT = "submit", _("Nộp hồ sơ")
    ACCEPT_AT_COUNTER = "accept_at_counter", _("Tiếp nhận tại quầy")
    ACCEPT = "accept", _("Tiếp nhận")
    REQUEST_SUPPLEMENT = "request_supplement", _("Yêu cầu bổ sung")
    PROPOSE_SUPPLEMENT = "propose_supplement", _("Đề nghị yêu cầu bổ sung thêm")
    APPROVE_SUPPLEMENT = "approve_supplement", _("Duyệt yêu cầu bổ sung thêm")
    DECLINE_SUPPLEMENT = "decline_supplement", _("Trả lại đề nghị bổ sung thêm")
    RESUBMIT = "resubmit", _("Nộp bổ sung")
    SUPPLEMENT_HANDED_IN = "supplement_handed_in", _("Gửi bổ sung")
    SUPPLEMENT_SENT_BACK = "supplement_sent_back", _("Trả lại phần bổ sung chưa đạt")
    SUPPLEMENT_RECEIVED = "supplement_received", _("Nhận đủ bổ sung")
    REFUSE_INTAKE = "refuse_intake", _("Từ chối tiếp nhận")
    REROUTE = "reroute", _("Chuyển đúng nơi tiếp nhận")
    FORWARD = "forward", _("Chuyển xử lý")
    RECEIVE = "receive", _("Cơ quan giải quyết nhận hồ sơ")
    ASSIGN = "assign", _("Phân công")
    REASSIGN = "reassign", _("Phân công lại")
    TAKE_STEP = "take_step", _("Nhận bước")
    PASS_STEP = "pass_step", _("Chuyển bước tiếp theo")
    RETURN_STEP = "return_step", _("Trả lại bước trước")
    START_VERIFICATION = "start_verification", _("Bắt đầu xác minh")
    FINISH_VERIFICATION = "finish_verification", _("Kết thúc xác minh")
    ASK_OPINION = "ask_opinion", _("Lấy ý kiến phối hợp")
    RECEIVE_OPINION = "receive_opinion", _("Nhận ý kiến phối hợp")
    NOTIFY_OBLIGATION = "notify_obligation", _("Thông báo nghĩa vụ tài chính")
    CONFIRM_PAYMENT = "confirm_payment", _("Xác nhận đã nộp tiền")
    CANCEL_OBLIGATION = "cancel_obligation", _("Hủy thông báo nộp tiền")
    RECORD_PAYMENT = "record_payment", _("Ghi nhận tiền nộp không còn phải thu")
    PAY_REFUND = "pay_refund", _("Hoàn tiền")
    SUBMIT_FOR_SIGNATURE = "submit_for_signature", _("Trình ký")
    RETURN_DRAFT = "return_draft", _("Trả lại dự thảo")
    SIGN = "sign", _("Ký số")
    ISSUE = "issue", _("Cấp số, phát hành")
    REFUSE = "refuse", _("Từ chối giải quyết")
    CHOOSE_RETURN = "choose_return", _("Chọn cách nhận kết quả")
    HAND_TO_POST = "hand_to_post", _("Giao kết quả cho bưu điện")
    FOLLOW_POST = "follow_post", _("Cập nhật từ bưu điện")
    HAND_OVER = "hand_over", _("Trả kết quả")
    CORRECT_RESULT = "correct_result", _("Sửa kết quả có sai sót")
    REQUEST_WITHDRAWAL = "request_withdrawal", _("Xin rút hồ sơ")
    APPROVE_WITHDRAWAL = "approve_withdrawal", _("Đồng ý cho rút")
    DENY_WITHDRAWAL = "deny_withdrawal", _("Không cho rút")
    EXTEND = "extend", _("Xin lỗi và hẹn lại")
    LAPSE = "lapse", _("Hết thời hạn bổ sung")
    STOP = "stop", _("Dừng giải quyết")
    ARCHIVE = "archive", _("Lưu trữ")
    LOSS_INCIDENT = "loss_incident", _("Ghi nhận hồ sơ bị mất, hỏng")
    LOSS_MENDED = "loss_mended", _("Đã khắc phục việc mất, hỏng hồ sơ")
    RECOMPUTE = "recompute", _("Tính lại thời hạn theo lịch làm việc")
    ACCEPT_BUNDLE = "accept_bundle", _("Tiếp nhận hồ sơ liên thông")
    COMPLETE_BUNDLE = "complete_bundle", _("Xong các hồ sơ thành phần")
    MIRROR = "mirror", _("Cập nhật từ hệ thống xử lý chính")


class Outcome(models.TextChoices):
    """Kết cục của hồ sơ."""

    GRANTED = "granted", _("Được giải quyết")
    REFUSED = "refused", _("Bị từ chối")
    PARTLY = "partly", _("Giải quyết một phần")
    WITHDRAWN = "withdrawn", _("Đã rút")
    LAPSED = "lapsed", _("Hết thời hạn bổ sung")
    TRANSFERRED = "transferred", _("Chuyển cơ quan khác")


def national_status(status: str, *, outcome: str = "") -> int | None:
    """Give the code for the national portal; None for a draft.

    An archived dossier keeps the code with which it was closed, which its outcome tells: 10 with a result, else 8.
    """
    if status == Status.ARCHIVED:
        return 10 if outcome in (Outcome.GRANTED, Outcome.REFUSED, Outcome.PARTLY) else 8
    return NATIONAL_STATUS.get(status)


class RefusalReason(models.TextChoices):
    """Lý do từ chối. Public text, never a technical code."""

    WRONG_AGENCY = "wrong_agency", _("Không thuộc thẩm quyền của cơ quan tiếp nhận")
    NOT_ELIGIBLE = "not_eligible", _("Không đủ điều kiện theo quy định")
    MISSING_UNREPAIRED = "missing_unrepaired", _("Hồ sơ không đầy đủ, không được bổ sung")
    FALSE_DOCUMENT = "false_document", _("Giấy tờ không đúng sự thật")
    DUPLICATE = "duplicate", _("Trùng với hồ sơ đã nộp")
    ABOLISHED_PROCEDURE = "abolished_procedure", _("Thủ tục đã được bãi bỏ")
    LEGAL_GROUND_OTHER = "legal_ground_other", _("Căn cứ khác theo pháp luật")


class SupplementPhase(models.TextChoices):
    """Whether an incomplete dossier was found so before or after its acceptance."""

    INTAKE = "intake", _("Trước tiếp nhận")
    PROCESS = "process", _("Trong khi giải quyết")


class SupplementState(models.TextChoices):
    """Where a request for a supplement stands."""

    OPEN = "open", _("Chờ người nộp bổ sung")
    ANSWERED = "answered", _("Người nộp đã bổ sung")
    SETTLED = "settled", _("Đã nhận đủ")
    LAPSED = "lapsed", _("Hết thời hạn")
    WITHDRAWN = "withdrawn", _("Không còn cần")


class SupplementReason(models.TextChoices):
    """Lý do yêu cầu bổ sung một thành phần (annex C). Public text."""

    MISSING_COMPONENT = "missing_component", _("Thiếu giấy tờ")
    UNREADABLE = "unreadable", _("Bản chụp không đọc được")
    EXPIRED_COMPONENT = "expired_component", _("Giấy tờ đã hết hạn")
    INCONSISTENT_DATA = "inconsistent_data", _("Thông tin không khớp")
    NOT_SIGNED = "not_signed", _("Chưa ký, chưa đóng dấu")
    WRONG_FORM = "wrong_form", _("Không đúng mẫu")
    DATA_SOURCE_UNAVAILABLE = "data_source_unavailable", _("Chưa tra cứu được dữ liệu")
    OTHER = "other", _("Lý do khác")


class LateReason(models.TextChoices):
    """Lý do trễ hạn (annex C). Public text."""

    WORKLOAD = "workload", _("Số lượng hồ sơ lớn")
    WAITING_OTHER_AGENCY = "waiting_other_agency", _("Chờ cơ quan phối hợp")
    VERIFICATION_LONG = "verification_long", _("Xác minh kéo dài")
    SYSTEM_INCIDENT = "system_incident", _("Sự cố hệ thống")
    STAFF_ABSENCE = "staff_absence", _("Thiếu nhân sự")
    FORCE_MAJEURE = "force_majeure", _("Bất khả kháng")
    OTHER = "other", _("Lý do khác")


class LossKind(models.TextChoices):
    """Hồ sơ bị mất hay bị hỏng khi ở cơ quan."""

    LOST = "lost", _("Bị mất, thất lạc")
    DAMAGED = "damaged", _("Bị hỏng, rách, ướt")


class PauseReason(models.TextChoices):
    """Why the processing clock stands still (annex C), or why it ended."""

    SUPPLEMENT = "supplement", _("Chờ bổ sung giấy tờ")
    FINANCIAL_OBLIGATION = "financial_obligation", _("Chờ thực hiện nghĩa vụ tài chính")
    EXCLUDED_BY_LAW = "excluded_by_law", _("Thời gian xác minh không tính vào thời hạn theo quy định")
    COMPLETED = "completed", _("Đã có kết quả")
    STOPPED = "stopped", _("Đã dừng giải quyết")


class PaymentState(models.TextChoices):
    """Tình trạng nộp tiền của hồ sơ."""

    NOT_DUE = "not_due", _("Không phải nộp")
    AWAITING = "awaiting", _("Chờ nộp")
    PAID = "paid", _("Đã nộp")
    REFUND_DUE = "refund_due", _("Phải hoàn lại")
    REFUNDED = "refunded", _("Đã hoàn lại")


class RefundReason(models.TextChoices):
    """Vì sao phải hoàn tiền. Public text."""

    WITHDRAWN = "withdrawn", _("Rút hồ sơ")
    STOPPED = "stopped", _("Dừng giải quyết hồ sơ")
    PAID_IN_VAIN = "paid_in_vain", _("Tiền đến khi không còn phải nộp")


class SyncState(models.TextChoices):
    """Tình trạng đồng bộ với Cổng dịch vụ công quốc gia."""

    NOT_REQUIRED = "not_required", _("Không cần đồng bộ")
    QUEUED = "queued", _("Chờ gửi")
    SENT = "sent", _("Đã gửi")
    ACKNOWLEDGED = "acknowledged", _("Đã được xác nhận")
    REJECTED = "rejected", _("Bị từ chối")
    MANUAL = "manual", _("Nhập thủ công")


class IntakeRoute(models.TextChoices):
    """Through which system a dossier came (annex C)."""

    CITY_PORTAL = "city_portal", _("Cổng dịch vụ công thành phố")
    NATIONAL_PORTAL = "national_portal", _("Cổng dịch vụ công quốc gia")
    MINISTRY_SYSTEM = "ministry_system", _("Hệ thống của bộ, ngành")
    COUNTER_ENTRY = "counter_entry", _("Nhập tại quầy")
    KIOSK = "kiosk", _("Ki-ốt")
    PROACTIVE = "proactive", _("Dịch vụ công chủ động")
    API = "api", _("Kết nối hệ thống")
    LEGACY = "legacy", _("Chuyển từ hệ thống cũ")


class FilingMode(models.TextChoices):
    """Who filed, and by what help (annex C)."""

    SELF = "self", _("Tự nộp")
    FAMILY = "family", _("Người thân nộp")
    REPRESENTATIVE = "representative", _("Đại diện tổ chức")
    POSTAL_AGENT = "postal_agent", _("Đại lý bưu chính nộp giúp")
    COMMUNITY_TEAM = "community_team", _("Tổ công nghệ số cộng đồng hỗ trợ")
    CENTRE_HELPER = "centre_helper", _("Nhân viên trung tâm hỗ trợ")
    KIOSK = "kiosk", _("Nộp tại ki-ốt")
    OFFICER_ENTRY = "officer_entry", _("Cán bộ nhập tại quầy")


class DeliveryState(models.TextChoices):
    """Kết quả đang ở đâu trên đường đến người nhận."""

    NOT_READY = "not_ready", _("Chưa có kết quả")
    READY_FOR_PICKUP = "ready_for_pickup", _("Chờ nhận tại quầy")
    SENT_TO_VAULT = "sent_to_vault", _("Đã vào kho kết quả")
    HANDED_TO_POST = "handed_to_post", _("Đã giao bưu điện")
    IN_TRANSIT = "in_transit", _("Đang vận chuyển")
    DELIVERED = "delivered", _("Đã giao")
    FAILED = "failed", _("Giao không thành công")
    RETURNED_TO_SENDER = "returned_to_sender", _("Bưu điện hoàn lại")


WITH_THE_POST = frozenset({DeliveryState.HANDED_TO_POST, DeliveryState.IN_TRANSIT, DeliveryState.FAILED})
"""States in which the post has the paper: until it comes back nobody can be given it at the counter."""


class HandOverMethod(models.TextChoices):
    """Cách trả kết quả."""

    VAULT = "vault", _("Bản điện tử trong kho kết quả")
    COUNTER = "counter", _("Trực tiếp tại quầy")
    POST = "post", _("Qua dịch vụ bưu chính")
    HOME = "home", _("Tại nhà")


class Form(models.TextChoices):
    """Mẫu giấy tờ, numbered as in the set of 2025, and the other papers of a dossier.

    What number a form has on paper follows the dossier's rule set (TT 01/2018, TT 03/2025).
    """

    ACKNOWLEDGEMENT = "acknowledgement", _("Xác nhận đã nhận hồ sơ trực tuyến")
    RECEIPT = "receipt", _("Mẫu số 01 – Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
    SUPPLEMENT_NOTICE = "supplement_notice", _("Mẫu số 02 – Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ")
    REFUSAL_NOTICE = "refusal_notice", _("Mẫu số 03 – Phiếu từ chối tiếp nhận giải quyết hồ sơ")
    APOLOGY = "apology", _("Mẫu số 04 – Văn bản xin lỗi và hẹn lại ngày trả kết quả")
    STOP_NOTICE = "stop_notice", _("Mẫu số 05 – Thông báo dừng giải quyết hồ sơ")
    CONTROL_SHEET = "control_sheet", _("Mẫu số 06 – Phiếu kiểm soát quá trình giải quyết hồ sơ")
    PAYMENT_NOTICE = "payment_notice", _("Thông báo thực hiện nghĩa vụ tài chính")
    VERIFICATION_RECORD = "verification_record", _("Biên bản xác minh")
    OPINION_LETTER = "opinion_letter", _("Phiếu lấy ý kiến phối hợp")
    WITHDRAWAL_REQUEST = "withdrawal_request", _("Đơn xin rút hồ sơ")
    CORRECTION_DECISION = "correction_decision", _("Quyết định sửa kết quả có sai sót")
    LOSS_APOLOGY = "loss_apology", _("Thư xin lỗi về việc hồ sơ bị mất, hỏng")


class PaperState(models.TextChoices):
    """Whether the worker has made a form yet."""

    QUEUED = "queued", _("Đang tạo")
    READY = "ready", _("Sẵn sàng")
    FAILED = "failed", _("Thiếu dữ liệu, chưa tạo được")


class ScanState(models.TextChoices):
    """Kết quả quét mã độc của một tệp."""

    PENDING = "pending", _("Chờ quét")
    CLEAN = "clean", _("An toàn")
    INFECTED = "infected", _("Có mã độc")


class GivenAs(models.TextChoices):
    """In which form a component was handed in, as form 01 lists it."""

    FILE = "file", _("Tệp điện tử")
    ORIGINAL = "original", _("Bản chính")
    CERTIFIED_COPY = "certified_copy", _("Bản sao chứng thực")
    COMPARED_COPY = "compared_copy", _("Bản chụp, đã đối chiếu bản chính")
    COPY = "copy", _("Bản chụp")


class IdPaper(models.TextChoices):
    """Loại giấy tờ tùy thân that a visitor shows at the counter."""

    ID_CARD = "id_card", _("Thẻ căn cước, căn cước công dân")
    E_IDENTITY = "e_identity", _("Căn cước điện tử mức độ 2 trên VNeID")
    ID_CERTIFICATE = "id_certificate", _("Giấy chứng nhận căn cước")
    PASSPORT = "passport", _("Hộ chiếu")


class VneidRegister(models.TextChoices):
    """Phần của VNeID mà người dân đồng ý cho xem; the value is the scope of the consent."""

    DOCUMENTS = "documents", _("Giấy tờ tích hợp trên VNeID")
    HEALTH = "health", _("Sổ sức khỏe điện tử")


class CheckState(models.TextChoices):
    """Kết quả kiểm tra một thành phần hồ sơ, hay một mục bổ sung, của cán bộ một cửa."""

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
