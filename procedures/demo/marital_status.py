"""1.004873: confirmation of marital status, decided by a ward or commune (Decree 123/2015, art. 21–23)."""

from decimal import Decimal

from procedures.city_part import CityPart, Result, Upload
from procedures.demo.published import Published
from procedures.demo.questions import contact, declaration, known, page, question, when
from procedures.demo.workflow import four_steps
from procedures.states import ApplicantCategory, CompetentAgencyRule, ComponentKind, FeeKind, Level

PUBLISHED = Published(
    code="1.004873",
    name="Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
    decision="163/QĐ-BTP",
    ministry="Bộ Tư pháp",
    sector="Hộ tịch",
    level=Level.COMMUNE,
    # The national list leaves foreigners out; they may ask for it too while they live here (art. 21, clause 2).
    categories=(
        ApplicantCategory.CITIZEN,
        ApplicantCategory.OVERSEAS_VIETNAMESE,
        ApplicantCategory.FOREIGNER,
    ),
    sequence=(
        "Bước 1: Người yêu cầu nộp tờ khai trực tuyến, qua bưu chính hoặc tại nơi tiếp nhận của phường, xã.\n"
        "Bước 2: Cán bộ tiếp nhận kiểm tra hồ sơ; hồ sơ đủ thì cấp giấy hẹn, hồ sơ thiếu thì hướng dẫn bổ sung.\n"
        "Bước 3: Công chức tư pháp – hộ tịch thẩm tra tình trạng hôn nhân trong thời gian cư trú.\n"
        "Bước 4: Lãnh đạo Ủy ban nhân dân cấp xã ký; người yêu cầu nhận kết quả."
    ),
    working_days=Decimal(3),
    fee=(FeeKind.CHARGE, None, "Mức thu do Hội đồng nhân dân thành phố quyết định."),
    papers=(
        (
            ComponentKind.FORM,
            "Tờ khai cấp Giấy xác nhận tình trạng hôn nhân (biểu mẫu điện tử khi nộp trực tuyến)",
            1,
            0,
        ),
        (ComponentKind.PRIOR_RESULT, "Giấy xác nhận đã cấp trước đây, nếu đề nghị cấp lại", 1, 0),
        (ComponentKind.EVIDENCE, "Văn bản ủy quyền, nếu nhờ người khác làm thủ tục", 1, 0),
        (ComponentKind.EVIDENCE, "Giấy tờ chứng minh nơi cư trú, nếu dữ liệu dân cư chưa có", 1, 0),
    ),
    results=(("KQ.G15.000038", "Giấy xác nhận tình trạng hôn nhân"),),
    legal_bases=(
        ("60/2014/QH13", "Luật Hộ tịch"),
        ("123/2015/NĐ-CP", "Quy định chi tiết một số điều và biện pháp thi hành Luật Hộ tịch"),
    ),
    authority="Ủy ban nhân dân cấp xã nơi cư trú của người yêu cầu",
)

EFORM = {
    "pages": [
        page(
            "nguoi-yeu-cau",
            "Người yêu cầu",
            "Applicant",
            known("text", "ho_ten", "Họ, chữ đệm, tên", "Full name", "person.full_name"),
            known("date", "ngay_sinh", "Ngày sinh", "Date of birth", "person.birth_on"),
            known(
                "text",
                "so_dinh_danh",
                "Số định danh cá nhân",
                "Personal identification number",
                "person.personal_id_number",
            ),
            question(
                "text",
                "noi_cu_tru",
                "Nơi cư trú hiện nay",
                "Current residence",
                prefill="person.address",
                max_length=255,
            ),
            question("text", "dan_toc", "Dân tộc", "Ethnic group", max_length=50, required=False),
            *contact("person"),
            intro="Thông tin lấy từ tài khoản định danh không sửa được ở đây.",
            intro_en="What comes from your electronic identity cannot be changed here.",
        ),
        page(
            "tinh-trang",
            "Tình trạng hôn nhân",
            "Marital status",
            question(
                "choice",
                "tinh_trang",
                "Tình trạng hôn nhân hiện tại",
                "Current marital status",
                choices=[
                    ["chua_ket_hon", "Chưa đăng ký kết hôn với ai", "Never registered a marriage"],
                    ["da_ly_hon", "Đã ly hôn, chưa kết hôn lại", "Divorced, not married again"],
                    [
                        "vo_chong_da_mat",
                        "Vợ hoặc chồng đã mất, chưa kết hôn lại",
                        "Widowed, not married again",
                    ],
                    ["dang_co_vo_chong", "Đang có vợ hoặc chồng", "Married"],
                ],
            ),
            question(
                "text",
                "ban_an_ly_hon",
                "Số, ngày và Tòa án ra bản án hoặc quyết định ly hôn",
                "Number, date and court of the divorce judgment",
                hint="Ví dụ: số 12/2020/QĐST-HNGĐ ngày 05/06/2020 của Tòa án nhân dân.",
                hint_en="For example: no. 12/2020/QĐST-HNGĐ of 5 June 2020.",
                **when("tinh_trang", "da_ly_hon"),
            ),
            question(
                "text",
                "trich_luc_khai_tu",
                "Số, ngày và nơi cấp giấy chứng tử hoặc trích lục khai tử",
                "Number, date and place of the death certificate",
                **when("tinh_trang", "vo_chong_da_mat"),
            ),
            question(
                "text",
                "ho_ten_vo_chong",
                "Họ và tên vợ hoặc chồng",
                "Full name of your spouse",
                **when("tinh_trang", "dang_co_vo_chong"),
            ),
            question(
                "textarea",
                "noi_cu_tru_truoc",
                "Các nơi đã cư trú từ khi đủ tuổi kết hôn",
                "Places of residence since you came of age to marry",
                hint="Ghi nơi ở và thời gian. Bỏ trống nếu chỉ cư trú ở địa chỉ trên.",
                hint_en="Give places and times. Leave empty if you only lived at the address above.",
                required=False,
                max_length=1000,
            ),
        ),
        page(
            "muc-dich",
            "Mục đích sử dụng",
            "Purpose",
            question(
                "choice",
                "muc_dich",
                "Giấy xác nhận dùng để làm gì?",
                "What is the confirmation for?",
                choices=[
                    ["ket_hon", "Đăng ký kết hôn", "To register a marriage"],
                    ["nha_dat", "Giao dịch nhà, đất", "A transaction of house or land"],
                    ["vay_von", "Vay vốn", "A loan"],
                    ["khac", "Việc khác", "Something else"],
                ],
            ),
            question(
                "text",
                "nguoi_du_dinh_ket_hon",
                "Họ và tên người dự định kết hôn",
                "Full name of the person you intend to marry",
                **when("muc_dich", "ket_hon"),
            ),
            question(
                "text",
                "noi_ket_hon",
                "Nơi dự định đăng ký kết hôn",
                "Where you intend to register the marriage",
                max_length=255,
                **when("muc_dich", "ket_hon"),
            ),
            question(
                "text",
                "muc_dich_khac",
                "Ghi rõ mục đích",
                "Say for what",
                max_length=300,
                **when("muc_dich", "khac"),
            ),
        ),
        page(
            "cam-doan",
            "Cam đoan",
            "Declaration",
            declaration(
                "Tôi cam đoan những nội dung khai trên là đúng sự thật và chịu trách nhiệm trước pháp luật.",
                "I declare that what I have stated is true and answer for it before the law.",
            ),
        ),
    ]
}

TEMPLATE = {
    "title": "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",
    "title_en": "Confirmation of marital status",
    "intro": "Xét đề nghị của ông/bà {ho_ten} về việc cấp Giấy xác nhận tình trạng hôn nhân,",
    "paragraphs": [
        "XÁC NHẬN: Ông/Bà {ho_ten}, sinh ngày {ngay_sinh}, số định danh cá nhân {so_dinh_danh}.",
        "Nơi cư trú: {noi_cu_tru}.",
        "Tình trạng hôn nhân: {tinh_trang}.",
        "Giấy này được cấp để: {muc_dich}.",
        "Người dự định kết hôn: {nguoi_du_dinh_ket_hon}.",
        "Ghi chú: {ghi_chu}.",
    ],
    "fields": [
        {"name": "ho_ten", "label": "Họ, chữ đệm, tên", "required": True, "prefill": "owner.name"},
        {"name": "ngay_sinh", "label": "Ngày sinh", "required": True, "prefill": "form.ngay_sinh"},
        {
            "name": "so_dinh_danh",
            "label": "Số định danh cá nhân",
            "required": True,
            "prefill": "form.so_dinh_danh",
        },
        {"name": "noi_cu_tru", "label": "Nơi cư trú", "required": True, "prefill": "form.noi_cu_tru"},
        {
            "name": "tinh_trang",
            "label": "Tình trạng hôn nhân",
            "type": "textarea",
            "required": True,
            "prefill": "form.tinh_trang",
            "hint": "Ghi theo kết quả thẩm tra, không theo lời khai.",
        },
        {"name": "muc_dich", "label": "Mục đích sử dụng", "required": True, "prefill": "form.muc_dich"},
        {
            "name": "nguoi_du_dinh_ket_hon",
            "label": "Người dự định kết hôn",
            "prefill": "form.nguoi_du_dinh_ket_hon",
        },
        {"name": "ghi_chu", "label": "Ghi chú"},
    ],
    "signature_title": "TM. ỦY BAN NHÂN DÂN",
}

CITY_PART = CityPart(
    short_name="Xác nhận tình trạng hôn nhân",
    guidance=(
        "Nộp tại phường, xã nơi bạn cư trú. Nếu đã ly hôn hoặc vợ, chồng đã mất, hãy chuẩn bị số và ngày của bản án "
        "hoặc giấy chứng tử. Biểu mẫu và quy trình nội bộ ở đây là dữ liệu minh họa."
    ),
    rule=CompetentAgencyRule.COMMUNE_OF_CHOICE,
    eform=EFORM,
    uploads=(
        Upload(
            "Giấy xác nhận tình trạng hôn nhân đã cấp trước đây",
            ComponentKind.PRIOR_RESULT,
            is_required=False,
            hint="Chỉ khi bạn đề nghị cấp lại.",
            max_pages=4,
        ),
        Upload(
            "Bản án, quyết định ly hôn hoặc giấy chứng tử",
            is_required=False,
            hint="Chỉ khi đã ly hôn hoặc vợ, chồng đã mất và giấy tờ do cơ quan ngoài thành phố cấp.",
            max_pages=20,
        ),
        Upload(
            "Văn bản ủy quyền",
            is_required=False,
            hint="Chỉ khi bạn nộp thay người khác.",
            max_pages=10,
        ),
    ),
    steps=four_steps("Thẩm tra, soạn kết quả", examining=Decimal("1.5"), others=Decimal("0.5")),
    results=(
        Result(
            "Giấy xác nhận tình trạng hôn nhân",
            symbol="UBND-XNTTHN",
            template=TEMPLATE,
            validity_months=6,
            until_event="tình trạng hôn nhân thay đổi",
            until_event_en="the marital status changes",
            code="KQ.G15.000038",
        ),
    ),
)
