"""1.000703: licence for road transport business, decided by the Department of Construction."""

from decimal import Decimal

from procedures.city_part import CityPart, Result, Upload
from procedures.demo import transport
from procedures.demo.published import Published
from procedures.demo.questions import contact, declaration, page, question
from procedures.demo.workflow import four_steps
from procedures.states import CompetentAgencyRule, ComponentKind, Level

NAME = "Giấy phép kinh doanh vận tải bằng xe ô tô, bằng xe bốn bánh có gắn động cơ"

PUBLISHED = Published(
    code="1.000703",
    name=f"Cấp {NAME}",
    decision="662/QĐ-BXD",
    ministry=transport.MINISTRY,
    sector=transport.SECTOR,
    level=Level.PROVINCE,
    categories=transport.OPERATORS,
    sequence=(
        "Bước 1: Đơn vị nộp hồ sơ đến Sở Xây dựng nơi đặt trụ sở chính hoặc chi nhánh.\n"
        "Bước 2: Sở Xây dựng kiểm tra hồ sơ; nếu cần sửa đổi, bổ sung thì báo trong 03 ngày làm việc.\n"
        "Bước 3: Trong 04 ngày làm việc kể từ khi nhận đủ hồ sơ đúng quy định, Sở Xây dựng thẩm định và cấp giấy phép; "
        "không cấp thì trả lời nêu rõ lý do."
    ),
    conditions=(
        "- Người điều hành vận tải có trình độ chuyên môn về vận tải từ trung cấp trở lên hoặc theo quy định.\n"
        "- Xe có thiết bị giám sát hành trình và còn niên hạn sử dụng theo loại hình kinh doanh."
    ),
    working_days=Decimal(4),
    papers=(
        (ComponentKind.FORM, "Giấy đề nghị cấp giấy phép (biểu mẫu điện tử khi nộp trực tuyến)", 1, 0),
        (
            ComponentKind.EVIDENCE,
            "Quyết định thành lập bộ phận quản lý an toàn, có chức năng, nhiệm vụ",
            0,
            1,
        ),
        (ComponentKind.EVIDENCE, "Văn bằng, chứng chỉ của người điều hành vận tải", 0, 1),
        (ComponentKind.EVIDENCE, "Quyết định giao nhiệm vụ cho người điều hành vận tải", 0, 1),
    ),
    results=(("KQ.G04.000042", NAME),),
    legal_bases=transport.LEGAL_BASES,
    authority=transport.AUTHORITY,
)

EFORM = {
    "pages": [
        page(
            "don-vi",
            "Đơn vị đề nghị",
            "Operator",
            *transport.OPERATOR,
            *contact("organisation"),
            question(
                "text",
                "nguoi_dai_dien",
                "Người đại diện theo pháp luật",
                "Legal representative",
                prefill="person.full_name",
            ),
            question("text", "chuc_danh", "Chức danh", "Position", max_length=100),
        ),
        page(
            "nguoi-dieu-hanh",
            "Người điều hành vận tải",
            "Transport manager",
            question("text", "nguoi_dieu_hanh", "Họ và tên", "Full name"),
            question("date", "ngay_sinh_dieu_hanh", "Ngày sinh", "Date of birth", not_future=True),
            question(
                "text",
                "trinh_do",
                "Trình độ chuyên môn",
                "Qualification",
                hint="Ví dụ: cao đẳng khai thác vận tải đường bộ.",
                hint_en="For example: college degree in road transport.",
            ),
            question(
                "text", "so_van_bang", "Số văn bằng, chứng chỉ", "Number of the certificate", max_length=50
            ),
        ),
        page(
            "hoat-dong",
            "Hoạt động vận tải",
            "Transport activity",
            question(
                "choice",
                "loai_hinh",
                "Loại hình kinh doanh chính",
                "Main kind of business",
                choices=[
                    ["tuyen_co_dinh", "Hành khách theo tuyến cố định", "Passengers on fixed routes"],
                    ["buyt", "Hành khách bằng xe buýt", "Passengers by bus"],
                    ["taxi", "Hành khách bằng xe taxi", "Passengers by taxi"],
                    ["hop_dong", "Hành khách theo hợp đồng", "Passengers by contract"],
                    ["hang_hoa", "Hàng hóa", "Goods"],
                ],
            ),
            question(
                "text",
                "loai_hinh_khac",
                "Các loại hình khác, nếu có",
                "Other kinds of business",
                required=False,
                max_length=300,
            ),
            question("integer", "so_xe", "Tổng số xe kinh doanh", "Number of vehicles", min=1, max=10_000),
            question(
                "text", "noi_do_xe", "Địa chỉ nơi đỗ xe", "Address of the parking place", max_length=255
            ),
            question(
                "checkbox",
                "thiet_bi_giam_sat",
                "Tất cả xe đã lắp thiết bị giám sát hành trình",
                "All vehicles carry a journey monitoring device",
            ),
        ),
        page(
            "cam-ket",
            "Cam kết",
            "Declaration",
            declaration(
                "Đơn vị cam kết những nội dung trên đúng sự thật và thực hiện đúng quy định về kinh doanh vận tải.",
                "The operator declares that these statements are true and will follow the rules of road transport.",
            ),
        ),
    ]
}

TEMPLATE = {
    "title": "GIẤY PHÉP KINH DOANH VẬN TẢI BẰNG XE Ô TÔ",
    "title_en": "Licence for road transport business",
    "intro": "Xét đề nghị của {ten_don_vi},",
    "paragraphs": [
        "Cấp cho: {ten_don_vi}, mã số {ma_so}.",
        "Địa chỉ trụ sở chính: {dia_chi}.",
        "Người đại diện theo pháp luật: {nguoi_dai_dien}, {chuc_danh}.",
        "Người điều hành vận tải: {nguoi_dieu_hanh}.",
        "Được kinh doanh loại hình vận tải: {loai_hinh}.",
        "Loại hình khác: {loai_hinh_khac}.",
        "Ghi chú: {ghi_chu}.",
    ],
    "fields": [
        {"name": "ten_don_vi", "label": "Tên đơn vị", "required": True, "prefill": "owner.name"},
        {"name": "ma_so", "label": "Mã số", "required": True, "prefill": "owner.code"},
        {"name": "dia_chi", "label": "Địa chỉ", "required": True, "prefill": "form.dia_chi"},
        {
            "name": "nguoi_dai_dien",
            "label": "Người đại diện",
            "required": True,
            "prefill": "form.nguoi_dai_dien",
        },
        {"name": "chuc_danh", "label": "Chức danh", "required": True, "prefill": "form.chuc_danh"},
        {
            "name": "nguoi_dieu_hanh",
            "label": "Người điều hành",
            "required": True,
            "prefill": "form.nguoi_dieu_hanh",
        },
        {"name": "loai_hinh", "label": "Loại hình kinh doanh", "required": True, "prefill": "form.loai_hinh"},
        {"name": "loai_hinh_khac", "label": "Loại hình khác", "prefill": "form.loai_hinh_khac"},
        {"name": "ghi_chu", "label": "Ghi chú"},
    ],
    "signature_title": "GIÁM ĐỐC",
}


def city_part(agency_id: int) -> CityPart:
    """:param agency_id: the Department of Construction."""
    return CityPart(
        short_name="Giấy phép kinh doanh vận tải",
        guidance=(
            "Người đại diện theo pháp luật hoặc người được ủy quyền nộp cho đơn vị. Biểu mẫu và quy trình nội bộ ở đây "
            "là dữ liệu minh họa."
        ),
        rule=CompetentAgencyRule.FIXED,
        agency_id=agency_id,
        eform=EFORM,
        uploads=(
            Upload("Quyết định thành lập bộ phận quản lý an toàn", max_pages=10),
            Upload("Văn bằng, chứng chỉ của người điều hành vận tải", max_pages=10),
            Upload("Quyết định giao nhiệm vụ người điều hành vận tải", max_pages=10),
            Upload(
                "Hợp đồng thuê nơi đỗ xe",
                ComponentKind.EVIDENCE,
                is_required=False,
                hint="Chỉ khi nơi đỗ xe không thuộc đơn vị.",
                max_pages=20,
            ),
        ),
        steps=four_steps("Thẩm định, soạn kết quả", examining=Decimal("2.5"), others=Decimal("0.5")),
        results=(
            Result(
                NAME,
                symbol="GPKDVT",
                template=TEMPLATE,
                is_licence=True,
                inspector_classes=("traffic",),
                code="KQ.G04.000042",
            ),
        ),
    )
