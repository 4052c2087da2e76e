"""2.002288: badge for a vehicle used in commercial transport, decided by the Department of Construction."""

from decimal import Decimal

from procedures.city_part import CityPart, Result, Upload
from procedures.demo import transport
from procedures.demo.published import Published
from procedures.demo.questions import contact, declaration, page, question, when
from procedures.demo.workflow import four_steps
from procedures.states import CompetentAgencyRule, ComponentKind, Level

PUBLISHED = Published(
    code="2.002288",
    name="Cấp, cấp lại Phù hiệu cho xe ô tô, xe bốn bánh có gắn động cơ kinh doanh vận tải",
    decision="461/QĐ-BXD",
    ministry=transport.MINISTRY,
    sector=transport.SECTOR,
    level=Level.PROVINCE,
    categories=transport.OPERATORS,
    sequence=(
        "Bước 1: Đơn vị kinh doanh vận tải nộp hồ sơ đến Sở Xây dựng nơi cấp Giấy phép kinh doanh vận tải.\n"
        "Bước 2: Sở Xây dựng kiểm tra hồ sơ; nếu cần sửa đổi, bổ sung thì báo trong 01 ngày làm việc.\n"
        "Bước 3: Trong 02 ngày làm việc kể từ khi nhận hồ sơ đúng quy định, Sở Xây dựng cấp phù hiệu và cập nhật cơ sở "
        "dữ liệu; không cấp thì trả lời nêu rõ lý do."
    ),
    conditions=(
        "- Đơn vị có Giấy phép kinh doanh vận tải còn hiệu lực, đúng loại hình của phù hiệu.\n"
        "- Tại một thời điểm, mỗi xe chỉ có một phù hiệu của một loại hình kinh doanh vận tải."
    ),
    working_days=Decimal(2),
    fee=(None, 0, "Miễn phí"),
    papers=(
        (
            ComponentKind.FORM,
            "Giấy đề nghị cấp hoặc cấp lại phù hiệu (biểu mẫu điện tử khi nộp trực tuyến)",
            1,
            0,
        ),
        (ComponentKind.EVIDENCE, "Chứng nhận đăng ký xe hoặc giấy hẹn nhận chứng nhận đăng ký xe", 0, 1),
    ),
    results=(("KQ.G04.000504", "Phù hiệu xe kinh doanh vận tải"),),
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
                "so_giay_phep",
                "Số Giấy phép kinh doanh vận tải",
                "Number of the transport business licence",
                max_length=50,
            ),
            question(
                "date",
                "ngay_giay_phep",
                "Ngày cấp Giấy phép kinh doanh vận tải",
                "Date of the licence",
                not_future=True,
            ),
        ),
        page(
            "xe",
            "Xe đề nghị cấp phù hiệu",
            "Vehicle",
            question(
                "text",
                "bien_so",
                "Biển số xe",
                "Number plate",
                max_length=12,
                pattern=r"\d{2}[A-Z]{1,2}-?\d{3}\.?\d{2}",
                pattern_problem="Hãy viết biển số như 43B-123.45 hoặc 43B-12345.",
                hint="Ví dụ: 43B-123.45",
                hint_en="For example: 43B-123.45",
            ),
            question("text", "nhan_hieu", "Nhãn hiệu, loại xe", "Make and model", max_length=100),
            question("integer", "nam_san_xuat", "Năm sản xuất", "Year of manufacture", min=1990, max=2100),
            question(
                "integer",
                "so_cho",
                "Số chỗ (kể cả người lái)",
                "Seats, the driver's included",
                min=1,
                max=100,
            ),
            question(
                "choice",
                "so_huu",
                "Xe thuộc quyền sở hữu của ai?",
                "Who owns the vehicle?",
                choices=[
                    ["don_vi", "Đơn vị đề nghị", "The operator"],
                    ["thue", "Xe thuê của tổ chức, cá nhân", "Hired from an organisation or a person"],
                    ["xa_vien", "Thành viên hợp tác xã", "A member of the cooperative"],
                ],
            ),
        ),
        page(
            "de-nghi",
            "Nội dung đề nghị",
            "Request",
            question(
                "choice",
                "loai_phu_hieu",
                "Loại phù hiệu",
                "Kind of badge",
                choices=[
                    ["tuyen_co_dinh", "Xe tuyến cố định", "Fixed route"],
                    ["buyt", "Xe buýt", "Bus"],
                    ["taxi", "Xe taxi", "Taxi"],
                    ["hop_dong", "Xe hợp đồng", "Contract vehicle"],
                    ["trung_chuyen", "Xe trung chuyển", "Shuttle"],
                    ["tai", "Xe tải", "Truck"],
                    ["container", "Xe công-ten-nơ", "Container vehicle"],
                    ["dau_keo", "Xe đầu kéo", "Tractor"],
                ],
            ),
            question(
                "choice",
                "loai_de_nghi",
                "Đề nghị cấp lần đầu hay cấp lại?",
                "First badge or a new one?",
                choices=[["cap_moi", "Cấp lần đầu", "First badge"], ["cap_lai", "Cấp lại", "Issue again"]],
            ),
            question(
                "choice",
                "ly_do_cap_lai",
                "Lý do cấp lại",
                "Why a new one",
                choices=[
                    ["het_han", "Hết hạn", "Expired"],
                    ["mat_hong", "Mất hoặc hư hỏng", "Lost or damaged"],
                    ["doi_chu", "Thay đổi chủ sở hữu hoặc đơn vị kinh doanh", "New owner or operator"],
                    ["thu_hoi", "Đã hết thời hạn bị thu hồi", "The time of withdrawal is over"],
                ],
                **when("loai_de_nghi", "cap_lai"),
            ),
            question(
                "text",
                "so_phu_hieu_cu",
                "Số phù hiệu đã cấp",
                "Number of the former badge",
                max_length=50,
                **when("loai_de_nghi", "cap_lai"),
            ),
            declaration(
                "Đơn vị chịu trách nhiệm về tính chính xác của thông tin đã khai và tài liệu gửi kèm.",
                "The operator answers for the accuracy of these statements and of the attached documents.",
            ),
        ),
    ]
}

TEMPLATE = {
    "title": "QUYẾT ĐỊNH CẤP PHÙ HIỆU XE KINH DOANH VẬN TẢI",
    "title_en": "Issue of a vehicle badge",
    "intro": "Xét đề nghị của {ten_don_vi}, mã số {ma_so},",
    "paragraphs": [
        "Cấp phù hiệu “{loai_phu_hieu}” cho xe biển số {bien_so}, nhãn hiệu {nhan_hieu}, {so_cho} chỗ.",
        "Phù hiệu cấp lại thay cho phù hiệu số {so_phu_hieu_cu}.",
        "Phù hiệu có giá trị đến hết ngày {gia_tri_den}.",
        "Đơn vị có trách nhiệm dán phù hiệu đúng vị trí và nộp lại khi bị thu hồi.",
    ],
    "fields": [
        {"name": "ten_don_vi", "label": "Tên đơn vị", "required": True, "prefill": "owner.name"},
        {"name": "ma_so", "label": "Mã số", "required": True, "prefill": "owner.code"},
        {
            "name": "loai_phu_hieu",
            "label": "Loại phù hiệu",
            "required": True,
            "prefill": "form.loai_phu_hieu",
        },
        {"name": "bien_so", "label": "Biển số xe", "required": True, "prefill": "form.bien_so"},
        {"name": "nhan_hieu", "label": "Nhãn hiệu", "required": True, "prefill": "form.nhan_hieu"},
        {"name": "so_cho", "label": "Số chỗ", "required": True, "prefill": "form.so_cho"},
        {"name": "so_phu_hieu_cu", "label": "Số phù hiệu cũ", "prefill": "form.so_phu_hieu_cu"},
        {
            "name": "gia_tri_den",
            "label": "Có giá trị đến ngày",
            "required": True,
            "hint": "Ghi dạng ngày/tháng/năm, không quá niên hạn sử dụng của xe.",
        },
    ],
    "signature_title": "GIÁM ĐỐC",
}


def city_part(agency_id: int) -> CityPart:
    """:param agency_id: the Department of Construction."""
    return CityPart(
        short_name="Cấp phù hiệu xe kinh doanh vận tải",
        guidance=(
            "Mỗi hồ sơ đề nghị cho một xe. Xe phải còn hạn kiểm định và gắn thiết bị giám sát hành trình. "
            "Biểu mẫu và quy trình nội bộ ở đây là dữ liệu minh họa."
        ),
        rule=CompetentAgencyRule.FIXED,
        agency_id=agency_id,
        eform=EFORM,
        uploads=(
            Upload(
                "Chứng nhận đăng ký xe hoặc giấy hẹn",
                hint="Chụp rõ cả hai mặt.",
                max_pages=4,
            ),
            Upload(
                "Hợp đồng thuê xe hoặc hợp đồng dịch vụ với hợp tác xã",
                is_required=False,
                hint="Chỉ khi xe không thuộc sở hữu của đơn vị.",
                max_pages=20,
            ),
        ),
        steps=four_steps("Thẩm định, soạn kết quả", examining=Decimal("1.25"), others=Decimal("0.25")),
        results=(
            Result(
                "Phù hiệu xe kinh doanh vận tải",
                symbol="PH-SXD",
                template=TEMPLATE,
                is_licence=True,
                inspector_classes=("traffic",),
                code="KQ.G04.000504",
            ),
        ),
    )
