from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionStatus(models.TextChoices):
    """Tình trạng của một phiên bản thủ tục."""

    DRAFT = "draft", _("Bản thảo")
    APPROVED = "approved", _("Đã duyệt")
    PUBLISHED = "published", _("Đã công bố")
    SUPERSEDED = "superseded", _("Đã thay thế")
    ABOLISHED = "abolished", _("Đã bãi bỏ")
    DISCARDED = "discarded", _("Đã bỏ")


class VersionEventKind(models.TextChoices):
    """Việc đã làm với một phiên bản."""

    CREATED = "created", _("Tạo bản thảo")
    IMPORTED = "imported", _("Nhập từ tệp")
    APPROVED = "approved", _("Duyệt")
    RETURNED = "returned", _("Trả lại để sửa")
    PUBLISHED = "published", _("Công bố")
    SUPERSEDED = "superseded", _("Được thay thế")
    ABOLISHED = "abolished", _("Bãi bỏ")
    REINSTATED = "reinstated", _("Bỏ việc bãi bỏ")
    SCHEDULED = "scheduled", _("Hẹn giờ mở, ngừng nhận hồ sơ")
    OPENED = "opened", _("Mở nhận hồ sơ")
    CLOSED = "closed", _("Ngừng nhận hồ sơ")
    DISCARDED = "discarded", _("Bỏ bản thảo")


class DecisionKind(models.TextChoices):
    """Loại quyết định công bố (NĐ 63/2010)."""

    NEW = "new", _("Mới ban hành")
    AMENDED = "amended", _("Sửa đổi, bổ sung")
    REPLACED = "replaced", _("Thay thế")
    ABOLISHED = "abolished", _("Bãi bỏ")


class PartialReason(models.TextChoices):
    """Lý do chưa cung cấp trực tuyến toàn trình, phải công bố (NĐ 224/2026, điều 14)."""

    PRESENCE_REQUIRED = "presence_required", _("Người dân phải có mặt")
    FIELD_VERIFICATION = "field_verification", _("Phải kiểm tra thực tế")
    TECHNICAL_INCIDENT = "technical_incident", _("Sự cố kỹ thuật")
    OTHER_TECHNICAL = "other_technical", _("Lý do kỹ thuật khác")


class Level(models.TextChoices):
    """Cấp thực hiện."""

    COMMUNE = "commune", _("Cấp xã")
    PROVINCE = "province", _("Cấp tỉnh")
    MINISTRY = "ministry", _("Cấp bộ")
    OTHER = "other", _("Cơ quan khác")


class ApplicantCategory(models.TextChoices):
    """Đối tượng thực hiện."""

    CITIZEN = "citizen", _("Công dân Việt Nam")
    OVERSEAS_VIETNAMESE = "overseas_vietnamese", _("Người Việt Nam định cư ở nước ngoài")
    FOREIGNER = "foreigner", _("Người nước ngoài")
    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    FOREIGN_INVESTED_ENTERPRISE = "foreign_invested_enterprise", _("Doanh nghiệp có vốn đầu tư nước ngoài")
    COOPERATIVE = "cooperative", _("Hợp tác xã")
    ORGANISATION = "organisation", _("Tổ chức")
    OTHER = "other", _("Đối tượng khác")


class Channel(models.TextChoices):
    """Cách thức thực hiện."""

    ONLINE = "online", _("Trực tuyến")
    COUNTER = "counter", _("Trực tiếp")
    POST = "post", _("Dịch vụ bưu chính")


class DurationUnit(models.TextChoices):
    WORKING_DAY = "working_day", _("ngày làm việc")
    WORKING_HOUR = "working_hour", _("giờ làm việc")
    DAY = "day", _("ngày")
    HOUR = "hour", _("giờ")
    MONTH = "month", _("tháng")


class FeeKind(models.TextChoices):
    FEE = "fee", _("Phí")
    CHARGE = "charge", _("Lệ phí")


class OnlineLevel(models.TextChoices):
    """Mức độ cung cấp dịch vụ trực tuyến (NĐ 224/2026, điều 14)."""

    FULL_ONLINE = "full_online", _("Toàn trình")
    PARTIAL_ONLINE = "partial_online", _("Một phần")
    INFORMATION_ONLY = "information_only", _("Cung cấp thông tin")


class CompetentAgencyRule(models.TextChoices):
    """How the agency that decides is found."""

    NOT_SET = "not_set", _("Chưa xác định")
    FIXED = "fixed", _("Một cơ quan cố định")
    COMMUNE_OF_CHOICE = "commune_of_choice", _("Phường, xã do người nộp chọn")


class AuthoritativeRoute(models.TextChoices):
    """Which system may change the official status of a dossier (domain: 0.3)."""

    CITY = "city_portal", _("Hệ thống của thành phố")
    MINISTRY = "ministry_system", _("Hệ thống của bộ, ngành")


class ComponentKind(models.TextChoices):
    FORM = "form", _("Tờ khai")
    IDENTITY = "identity", _("Giấy tờ tùy thân")
    EVIDENCE = "evidence", _("Giấy tờ chứng minh")
    PRIOR_RESULT = "prior_result", _("Kết quả đã cấp")
    PHOTO = "photo", _("Ảnh")


class ComponentSource(models.TextChoices):
    """Nguồn được chấp nhận cho một thành phần hồ sơ, thay cho việc bắt nộp giấy (domain: 3.5)."""

    DATA_POPULATION_DB = "data_population_db", _("Cơ sở dữ liệu quốc gia về dân cư")
    DATA_IDENTITY_CARD = "data_identity_card", _("Dữ liệu căn cước")
    DATA_BUSINESS_REGISTER = "data_business_register", _("Dữ liệu đăng ký doanh nghiệp")
    DATA_BUSINESS_HOUSEHOLD = "data_business_household", _("Dữ liệu đăng ký hộ kinh doanh")
    DATA_EHEALTH = "data_ehealth", _("Sổ sức khỏe điện tử")
    DATA_OTHER_REGISTER = "data_other_register", _("Cơ sở dữ liệu chuyên ngành khác")
    VAULT_ITEM = "vault_item", _("Kho dữ liệu cá nhân")
    RESULT_REPOSITORY = "result_repository", _("Kho kết quả của thành phố")
    VNEID_DOCUMENT = "vneid_document", _("Giấy tờ trên VNeID")
    CERTIFIED_ECOPY = "certified_ecopy", _("Bản sao chứng thực điện tử")
    UPLOAD_SIGNED = "upload_signed", _("Tệp có chữ ký số của người nộp")
    UPLOAD_PLAIN = "upload_plain", _("Ảnh chụp, bản quét")
    PAPER_ORIGINAL = "paper_original", _("Bản chính giấy")
    PAPER_COPY = "paper_copy", _("Bản sao giấy")


class InspectorClass(models.TextChoices):
    """Nhóm người kiểm tra giấy tờ tại hiện trường; each sees what `results_vault.inspection` grants it."""

    TRAFFIC = "traffic", _("Giao thông vận tải")
    CONSTRUCTION = "construction", _("Xây dựng")
    ORDER = "order", _("Trật tự đô thị")
    MARKET = "market", _("Quản lý thị trường")
    FOOD_SAFETY = "food_safety", _("An toàn thực phẩm")
    ENVIRONMENT = "environment", _("Môi trường")
    FISHERY = "fishery", _("Kiểm ngư")
    BORDER_GUARD = "border_guard", _("Biên phòng")
    POST = "post", _("Bưu chính")
    HEALTH = "health", _("Y tế")
    LABOUR = "labour", _("Lao động")
    FIRE = "fire", _("Phòng cháy, chữa cháy")
    CULTURE = "culture", _("Văn hóa, du lịch")


class EligibilityResult(models.TextChoices):
    """Kết luận của phần kiểm tra điều kiện trước khi nộp."""

    CAN = "can", _("Nộp được")
    CANNOT = "cannot", _("Không nộp được")
    OTHER = "other", _("Cần thủ tục khác")


#: Sources by which the portal has the paper without asking for it.
HELD_SOURCES = frozenset(
    {
        ComponentSource.DATA_POPULATION_DB,
        ComponentSource.DATA_IDENTITY_CARD,
        ComponentSource.DATA_BUSINESS_REGISTER,
        ComponentSource.DATA_BUSINESS_HOUSEHOLD,
        ComponentSource.DATA_EHEALTH,
        ComponentSource.DATA_OTHER_REGISTER,
        ComponentSource.VAULT_ITEM,
        ComponentSource.RESULT_REPOSITORY,
        ComponentSource.VNEID_DOCUMENT,
    }
)


class StepKind(models.TextChoices):
    """Loại bước trong quy trình nội bộ."""

    RECEIVE = "receive", _("Tiếp nhận")
    EXAMINE = "examine", _("Thẩm định")
    REVIEW = "review", _("Kiểm tra, duyệt")
    VERIFY = "verify", _("Xác minh")
    SIGN = "sign", _("Ký")
    ISSUE = "issue", _("Cấp số, phát hành")


class FlagReason(models.TextChoices):
    """Why an imported value cannot be trusted. The value itself stands as the source printed it."""

    BARE_NUMBER = "bare_number", _("Thời hạn chỉ có số, không có đơn vị")
    UNIT_ASSUMED = "unit_assumed", _("Thời hạn không có đơn vị, được hiểu là ngày làm việc")
    MAYBE_WORKING_DAYS = "maybe_working_days", _("Bảng ghi “ngày”, phần lời ghi “ngày làm việc” với cùng số")
    TIME_GLUED_TO_FEE = "time_glued_to_fee", _("Thời hạn bị dính vào mức phí")
    NO_TIME = "no_time", _("Không có thời hạn")
    TIME_NOT_A_NUMBER = "time_not_a_number", _("Thời hạn không phải là con số")
    SEVERAL_TIMES = "several_times", _("Một hình thức nộp có nhiều thời hạn cho các trường hợp khác nhau")
    FREE_CONTRADICTED = (
        "free_contradicted",
        _("Ghi miễn phí nhưng phần giải thích nêu mức thu hoặc văn bản khác"),
    )
    LOST_THOUSANDS = "lost_thousands", _("Mức phí dưới 1.000 đồng, có thể mất hàng nghìn")
    FOREIGN_CURRENCY = "foreign_currency", _("Mức phí bằng ngoại tệ")
    NO_AMOUNT = "no_amount", _("Mức phí không rõ")
    TIME_LIMITED_FEE = "time_limited_fee", _("Mức phí có thời hạn áp dụng")
    NO_METHODS = "no_methods", _("Không có cách thức thực hiện")
    NO_COMPONENTS = "no_components", _("Không có thành phần hồ sơ")
    NO_RESULTS = "no_results", _("Không có kết quả")
    NO_AUTHORITY = "no_authority", _("Không có cơ quan thực hiện")
    NO_QUANTITY = "no_quantity", _("Dòng 0 bản chính, 0 bản sao: có thể là ghi chú hoặc tiêu đề")
    VERY_LONG = "very_long", _("Dài như cả một đoạn văn")
    FORM_NOT_SEPARATED = "form_not_separated", _("Tên tệp biểu mẫu dính vào tên giấy tờ")
    LEGAL_BASES_UNPARSED = "legal_bases_unparsed", _("Căn cứ pháp lý chưa tách được từng văn bản")
    NO_LEGAL_BASES = "no_legal_bases", _("Không có căn cứ pháp lý")
    ODD_RESULT_CODE = "odd_result_code", _("Mã kết quả không theo mẫu")
    ODD_DECISION = "odd_decision", _("Số quyết định không theo mẫu")
    DISTRICT_LEVEL = "district_level", _("Còn nhắc đến cấp huyện, đã bỏ từ 01/7/2025")
    LOCAL_DECISION = "local_decision", _("Quyết định của một địa phương nhưng xếp dưới một bộ")
    SHARED_NAME = "shared_name", _("Trùng tên với thủ tục khác")
    CODE_IN_NAME = "code_in_name", _("Tên có lẫn mã thủ tục")
    UNKNOWN_VALUE = "unknown_value", _("Giá trị không có trong danh mục")
    UNSAFE_LINK = "unsafe_link", _("Liên kết nguồn không phải là địa chỉ web")
    CITY_PART_UNFIT = "city_part_unfit", _("Cấu hình của thành phố không còn khớp với nội dung mới công bố")


class QuestionState(models.TextChoices):
    """What has been done about a question that found little."""

    OPEN = "open", _("Chưa xử lý")
    ANSWERED = "answered", _("Đã có lời đáp")
    NOT_OURS = "not_ours", _("Không thuộc cổng này")


class LifeAudience(models.TextChoices):
    CITIZEN = "citizen", _("Người dân")
    ENTERPRISE = "enterprise", _("Doanh nghiệp, hộ kinh doanh")


class LifeIcon(models.TextChoices):
    """The icons of the sprite that fit a life event."""

    BABY = "baby", _("em bé")
    HEART = "heart-handshake", _("trái tim")
    HOUSE = "house", _("ngôi nhà")
    HARD_HAT = "hard-hat", _("mũ bảo hộ")
    CAR = "car", _("xe")
    BRIEFCASE = "briefcase", _("cặp")
    GRADUATION = "graduation-cap", _("mũ tốt nghiệp")
    HANDS = "hand-coins", _("bàn tay")
    STETHOSCOPE = "stethoscope", _("ống nghe")
    USERS = "users", _("mọi người")
    USER = "user", _("một người")
    MAP_PIN = "map-pin", _("ghim bản đồ")
    GLOBE = "globe", _("địa cầu")
    BUILDING = "building-2", _("tòa nhà")
    LANDMARK = "landmark", _("công sở")
    WALLET = "wallet", _("ví")
    FILE = "file-text", _("giấy tờ")
    BADGE = "badge-check", _("huy hiệu")
    HOURGLASS = "hourglass", _("đồng hồ cát")
    STAMP = "stamp", _("con dấu")
    REFRESH = "refresh-cw", _("đổi mới")


class CareSubject(models.TextChoices):
    SYNONYM = "synonym", _("Từ đồng nghĩa")
    LIFE_EVENT = "life_event", _("Sự kiện")
    QUESTION = "question", _("Câu hỏi")


class CareKind(models.TextChoices):
    ADDED = "added", _("Thêm")
    CHANGED = "changed", _("Sửa")
    REMOVED = "removed", _("Xóa")
    UNDONE = "undone", _("Hoàn tác")


class ReviewState(models.TextChoices):
    """Đã làm gì với một điểm cần rà soát."""

    OPEN = "open", _("Chờ rà soát")
    SKIPPED = "skipped", _("Để sau")
    ASKED = "asked", _("Đã hỏi bộ, ngành")
    CONFIRMED = "confirmed", _("Đúng như nguồn")
    CORRECTED = "corrected", _("Đã sửa")


class SourceChangeKind(models.TextChoices):
    """Danh mục quốc gia khác với thành phố ở điểm nào."""

    CHANGED = "changed", _("Nội dung đã đổi")
    ABOLISHED = "abolished", _("Không còn trong danh mục")


class Catalogue(models.TextChoices):
    """Danh mục: administrative procedures, and what the city offers beside them in lists of their own."""

    ADMINISTRATIVE = "administrative", _("Thủ tục hành chính")
    PUBLIC_UTILITY = "public_utility", _("Dịch vụ sự nghiệp công")
    NON_ONESTOP = "non_onestop", _("Dịch vụ ngoài một cửa")
    INTERNAL = "internal", _("Thủ tục hành chính nội bộ")


CATALOGUE_SLUGS = {
    Catalogue.PUBLIC_UTILITY: "dich-vu-su-nghiep-cong",
    Catalogue.NON_ONESTOP: "dich-vu-ngoai-mot-cua",
    Catalogue.INTERNAL: "thu-tuc-noi-bo",
}
"""The catalogues with a page of their own, by their part of its address."""

NEVER_FILED = frozenset({Catalogue.INTERNAL})
"""Between agencies only: people do not file them, so nobody can open them for filing."""


class GuideKind(models.TextChoices):
    SAMPLE = "sample", _("Hồ sơ mẫu")
    VIDEO = "video", _("Video hướng dẫn")
    LINK = "link", _("Liên kết")


class GuideState(models.TextChoices):
    """Tình trạng của một tài liệu hướng dẫn."""

    WAITING = "waiting", _("Đang kiểm tra")
    READY = "ready", _("Đang hiển thị")
    REFUSED = "refused", _("Không dùng được")
    REPLACED = "replaced", _("Đã thay")
    WITHDRAWN = "withdrawn", _("Đã gỡ")


class BlockerKind(models.TextChoices):
    """Vướng mắc khiến thủ tục chưa toàn trình (domain: 3.2)."""

    ORIGINAL_SHOWN = "original_shown", _("Phải xuất trình bản chính")
    IDENTITY = "identity", _("Phải chứng minh danh tính")
    SAME_PERSON = "same_person", _("Phải đúng người nộp")
    SIGNING_AT_OFFICE = "signing_at_office", _("Phải ký tại nơi tiếp nhận")
    FIELD_VERIFICATION = "field_verification", _("Phải kiểm tra thực tế")
    OTHER = "other", _("Vướng mắc khác")


TECHNOLOGY_ANSWERS = {
    BlockerKind.ORIGINAL_SHOWN: _("Nhận dạng chữ trên ảnh chụp (OCR), đối chiếu với dữ liệu gốc."),
    BlockerKind.IDENTITY: _("Đăng nhập VNeID, đọc chip trên thẻ căn cước."),
    BlockerKind.SAME_PERSON: _("So khuôn mặt với ảnh trên thẻ căn cước (eKYC)."),
    BlockerKind.SIGNING_AT_OFFICE: _("Ký trên điện thoại bằng chữ ký số."),
}
"""Cách gỡ bằng công nghệ that the city proposes for each obstacle; none for the others."""


class ProcedureEventKind(models.TextChoices):
    """Việc đã làm bên cạnh các phiên bản của một thủ tục."""

    GUIDE_ADDED = "guide_added", _("Thêm tài liệu hướng dẫn")
    GUIDE_READY = "guide_ready", _("Hiển thị tài liệu hướng dẫn")
    GUIDE_REFUSED = "guide_refused", _("Tài liệu không dùng được")
    GUIDE_CHANGED = "guide_changed", _("Sửa tài liệu hướng dẫn")
    GUIDE_MOVED = "guide_moved", _("Xếp lại tài liệu hướng dẫn")
    GUIDE_WITHDRAWN = "guide_withdrawn", _("Gỡ tài liệu hướng dẫn")
    BLOCKER_ADDED = "blocker_added", _("Ghi vướng mắc")
    BLOCKER_CHANGED = "blocker_changed", _("Sửa vướng mắc")
    BLOCKER_RESOLVED = "blocker_resolved", _("Gỡ xong vướng mắc")
    CATALOGUE_CHANGED = "catalogue_changed", _("Chuyển danh mục")
