"""From “what can I file?” to a dossier for which nothing had to be handed in: what the city issued before is used."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from danang_portal.local.stack import Stack
from tests.journeys.conftest import DESK, PHONE, Comes
from tests.journeys.filing import tracking_no_in
from tests.journeys.office import Office, rows
from tests.journeys.visitor import Visitor

MARRIAGE = "1.000894"
ANSWERS = (
    ("Bạn bao nhiêu tuổi?", "34"),
    ("Giới tính của bạn", "Nữ"),
    ("Một trong hai người là người nước ngoài", "Không"),
    ("Tình trạng hôn nhân của bạn", "Chưa kết hôn"),
    ("cùng dòng máu trực hệ", "Không"),
    ("Cả hai tự nguyện", "Có"),
)


def find_by_screener(citizen: Visitor) -> None:
    """Begin at the catalogue without knowing the name of a service; come to the check of one."""
    citizen.open("/thu-tuc/")
    citizen.follow(re.compile("Chưa biết cần thủ tục nào"))
    citizen.arrives("/toi-can-gi/")
    citizen.look()
    citizen.page.get_by_label("Bạn cần làm việc về lĩnh vực nào?").or_(
        citizen.page.locator("select[name=linh-vuc]")
    ).first.select_option(label="Hộ tịch")
    citizen.press("Tiếp tục")
    citizen.arrives("linh-vuc=")
    citizen.look()
    citizen.follow(re.compile("Kiểm tra điều kiện : Đăng ký kết hôn"))
    citizen.arrives(f"/{MARRIAGE}/dieu-kien/")


def answer_the_check(citizen: Visitor) -> None:
    """Answer what is asked, in whatever order, until there is an answer."""
    for _question in range(len(ANSWERS)):
        citizen.look()
        asked = citizen.page.locator("main form").inner_text()
        answer = next(answer for words, answer in ANSWERS if words in asked)
        number = citizen.page.locator("main form input[name=tuoi]:not([type=hidden])")
        if number.count():
            number.fill(answer)
        else:
            citizen.page.get_by_label(re.compile(rf"^\s*{answer}")).first.check()
        citizen.press("Tiếp tục")
        citizen.page.wait_for_load_state()
        if citizen.page.get_by_text("Bạn nộp được thủ tục này").count():
            break
    citizen.sees("Bạn nộp được thủ tục này")
    citizen.look()


def fill_in(citizen: Visitor) -> None:
    page = citizen.page
    citizen.follow("Người yêu cầu")
    citizen.choose("Bên nữ")
    page.locator("[name=dan_toc]").fill("Kinh")
    citizen.choose(re.compile("Chưa kết hôn lần nào"))
    citizen.press("Lưu và tiếp tục")
    page.locator("[name=ten_nguoi_kia]").fill("Phạm Văn Minh Họa")
    for part, text in (("day", "5"), ("month", "6"), ("year", "1990")):
        page.locator(f"[name=ngay_sinh_nguoi_kia_{part}]").fill(text)
    page.locator("[name=so_dinh_danh_nguoi_kia]").fill("048090000017")
    page.locator("[name=dan_toc_nguoi_kia]").fill("Kinh")
    page.locator("[name=noi_cu_tru_nguoi_kia_street]").fill("3 đường Minh Họa")
    page.locator("[name=noi_cu_tru_nguoi_kia_ward]").fill("Phường Hải Châu")
    citizen.choose(re.compile("Chưa kết hôn lần nào"))
    citizen.press("Lưu và tiếp tục")
    citizen.arrives("/to-khai/nhan-giay/")
    day = timezone.localdate() + timedelta(days=14)
    for part, number in (("day", day.day), ("month", day.month), ("year", day.year)):
        page.locator(f"[name=ngay_hen_{part}]").fill(str(number))
    page.locator("[name=so_ban_sao]").fill("1")
    citizen.press("Lưu và tiếp tục")
    citizen.arrives("/noi-tiep-nhan/")
    citizen.choose(re.compile("^Phường Hải Châu$"))
    citizen.press("Lưu và tiếp tục")
    citizen.arrives("/giay-to/")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_what_was_issued_before_is_not_asked_for_again(
    stack: Stack, comes: Comes, accounts: dict[str, str], width: int
):
    office = Office(stack)
    office.issue_at_once(office.file(f"da-co-{width}"))
    [[number]] = rows(stack, "SELECT number FROM results_vault_result ORDER BY id DESC LIMIT 1")

    citizen = comes("citizen", width=width)
    find_by_screener(citizen)
    answer_the_check(citizen)
    citizen.sign_in_as_citizen("Trần Thị Hai", "222222")
    citizen.open(f"/thu-tuc/{MARRIAGE}/")
    citizen.sees("Bạn không phải nộp, thành phố đã có")
    citizen.sees(re.compile(re.escape(number)))
    citizen.look()
    citizen.follow("Nộp hồ sơ trực tuyến")
    citizen.arrives("/ho-so/nop/")
    citizen.look()
    citizen.press(re.compile("Bắt đầu|Soạn hồ sơ mới"))
    fill_in(citizen)
    citizen.sees("Không phải nộp")
    citizen.look()
    citizen.follow("Tiếp tục", exact=True)
    citizen.page.wait_for_url(re.compile("/kiem-tra/"))
    citizen.sees("Không phải nộp")
    citizen.page.get_by_label(re.compile("Chúng tôi cam đoan")).check()
    citizen.press("Nộp hồ sơ")
    citizen.page.wait_for_url(re.compile("/da-nop/"))
    tracking_no = tracking_no_in(citizen)

    kept = rows(
        stack,
        "SELECT c.source, c.sha256 = r.sha256, c.taken_at IS NOT NULL FROM dossiers_dossiercomponent c"
        " JOIN results_vault_result r ON r.id = c.result_id JOIN dossiers_dossier d ON d.id = c.dossier_id"
        " WHERE d.tracking_no = %s AND r.number = %s",
        tracking_no,
        number,
    )
    assert kept == [("result_repository", True, True)]
    officer = comes("one-stop", width=width)
    officer.sign_in_as_officer("motcua1.haichau", accounts["motcua1.haichau"])
    officer.open(f"/can-bo/ho-so/{tracking_no}/")
    officer.sees(re.compile(f"Kho kết quả của thành phố: .*{re.escape(number)}"))
    officer.sees(re.compile("SHA-256"))
    officer.look()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_at_the_counter_nobody_scans_what_the_city_holds(
    stack: Stack, comes: Comes, accounts: dict[str, str], width: int
):
    office = Office(stack)
    office.issue_at_once(office.file(f"da-co-tai-quay-{width}"))
    [[number]] = rows(stack, "SELECT number FROM results_vault_result ORDER BY id DESC LIMIT 1")

    officer = comes("one-stop", width=width)
    officer.sign_in_as_officer("motcua1.haichau", accounts["motcua1.haichau"])
    officer.open("/can-bo/quay/")
    page = officer.page
    page.locator("[name=procedure]").select_option(MARRIAGE)
    page.locator("[name=number]").fill("048192000022")
    officer.press("Tiếp tục")
    officer.sees(re.compile("Đã có dữ liệu của Trần Thị Hai"))
    page.locator("[name=paper]").select_option("id_card")
    officer.press("Bắt đầu nhập hồ sơ")
    officer.sees("Đã có, không phải quét:")
    officer.sees(re.compile(re.escape(number)))
    page.get_by_text("Đã có, không phải quét:").scroll_into_view_if_needed()
    officer.look("quay-da-co")
    officer.press(re.compile("Dùng bản này"))
    officer.sees("Không phải nộp")
    page.get_by_text("Không phải nộp").scroll_into_view_if_needed()
    officer.look("quay-da-dung")
    type_in(officer)
    officer.press("Tiếp nhận và cấp mã hồ sơ")
    officer.arrives("/can-bo/ho-so/")
    if width == PHONE:
        officer.follow("Giấy tờ", exact=True)
    officer.sees(re.compile(f"Kho kết quả của thành phố: .*{re.escape(number)}"))
    officer.look()

    kept = rows(
        stack,
        "SELECT c.source, d.channel, d.status FROM dossiers_dossiercomponent c"
        " JOIN results_vault_result r ON r.id = c.result_id JOIN dossiers_dossier d ON d.id = c.dossier_id"
        " WHERE r.number = %s AND c.replaced_at IS NULL",
        number,
    )
    assert kept == [("result_repository", "counter", "accepted")]
    citizen = comes("citizen", width=width)
    citizen.sign_in_as_citizen("Trần Thị Hai", "222222")
    citizen.open("/tai-khoan/")
    citizen.sees("Mở giấy tờ trong hồ sơ của bạn")  # its owner sees that an officer used it


def type_in(officer: Visitor) -> None:
    """Type the whole form of the counter, which is one page."""
    page = officer.page
    officer.choose("Bên nữ")
    for name, text in (
        ("dan_toc", "Kinh"),
        ("ten_nguoi_kia", "Phạm Văn Minh Họa"),
        ("ngay_sinh_nguoi_kia_day", "5"),
        ("ngay_sinh_nguoi_kia_month", "6"),
        ("ngay_sinh_nguoi_kia_year", "1990"),
        ("so_dinh_danh_nguoi_kia", "048090000017"),
        ("dan_toc_nguoi_kia", "Kinh"),
        ("noi_cu_tru_nguoi_kia_street", "3 đường Minh Họa"),
        ("noi_cu_tru_nguoi_kia_ward", "Phường Hải Châu"),
        ("so_ban_sao", "1"),
    ):
        page.locator(f"[name={name}]").fill(text)
    for name in ("tinh_trang", "tinh_trang_nguoi_kia"):
        page.locator(f"[name={name}][value=chua]").check()
    day = timezone.localdate() + timedelta(days=14)
    for part, number in (("day", day.day), ("month", day.month), ("year", day.year)):
        page.locator(f"[name=ngay_hen_{part}]").fill(str(number))
    page.locator("[name=cam_doan]").check()


@pytest.mark.parametrize(
    ("width", "name", "passcode"), [(PHONE, "Lê Văn Ba", "333333"), (DESK, "Phạm Thị Năm", "555555")]
)
def test_a_paper_comes_from_vneid_with_consent(comes: Comes, width: int, name: str, passcode: str):
    citizen = comes("citizen", width=width)
    citizen.sign_in_as_citizen(name, passcode)
    citizen.open("/ho-so/nop/1.001193/")
    citizen.sees(re.compile("lấy được từ VNeID"))
    citizen.page.get_by_text("lấy được từ VNeID").first.scroll_into_view_if_needed()
    citizen.look("vneid-truoc-khi-nop")
    citizen.press(re.compile("Bắt đầu|Soạn hồ sơ mới"))
    citizen.arrives("/nhap/")
    draft = citizen.page.url
    citizen.open(f"{draft}to-khai/tre-em/")
    with citizen.sends("/tu-luu/"):
        citizen.page.locator("[name=loai_noi_sinh][value=co_so_y_te]").check()
    citizen.open(f"{draft}giay-to/")
    citizen.sees("Giấy tờ trên VNeID có giá trị như bản giấy.")
    citizen.look("vneid-lay-giay-to")
    citizen.press("Lấy từ VNeID")
    citizen.sees("muốn xem giấy tờ của bạn")
    citizen.sees(re.compile("Sổ sức khỏe điện tử của bạn"))
    citizen.press(re.compile("Đồng ý"))
    citizen.arrives("/giay-to/")
    citizen.sees(re.compile("Đã dùng giấy tờ trên VNeID cho: Giấy chứng sinh"))
    citizen.sees(re.compile("Sổ sức khỏe điện tử: Giấy chứng sinh số GCS-00"))
    citizen.look("vneid-da-lay")
