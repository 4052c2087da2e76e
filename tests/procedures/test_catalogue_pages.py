from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from procedures import selectors
from procedures.models import Procedure, ProcedureVersion
from procedures.states import VersionStatus
from tests.procedures.test_import import METHOD, fee, file_of, method, record

MANY = 45


@pytest.fixture
def catalogue(offered: None, tmp_path: Path) -> Path:
    """The demonstration procedures and some imported ones; returns the folder of the import."""
    return enter(
        tmp_path,
        record(code="1.000894", name="Thủ tục đăng ký kết hôn"),
        record(code="1.000656", name="Thủ tục đăng ký khai tử"),
        record(code="3.000348", name="Cấp lại giấy phép lái xe", field="Sát hạch", levels=["province"]),
        record(code="1.012786", name="Cấp lại Giấy chứng nhận quyền sử dụng đất do bị mất", field="Đất đai"),
        record(code="1.009999", name="Đổi tên thuyền viên", steps="Nộp tại bến đò ngang sông"),
    )


def enter(folder: Path, *records: dict[str, Any]) -> Path:
    call_command("import_procedures", file_of(folder, *records), report=folder / "report.tsv")
    return folder


def names_for(client: Client, **address: Any) -> list[str]:
    answer = client.get(reverse("procedures:list"), address)
    assert answer.status_code == 200
    return [row["version"].name for row in answer.context["rows"]]


def page_of(client: Client, code: str, **address: Any) -> str:
    answer = client.get(reverse("procedures:detail", args=[code]), address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "question",
    [
        "đăng ký kết hôn",
        "dang ky ket hon",
        "DANG KI KET HON",
        "thủ tục kết hôn cần giấy gì?",
        "muốn lấy vợ",
        "kết hô",
        "1.000894",
        " 1000894 ",
    ],
)
def test_a_procedure_is_found_as_people_type_it(client: Client, catalogue: Path, question: str):
    assert names_for(client, q=question)[0] == "Thủ tục đăng ký kết hôn"


def test_everyday_names_lead_to_official_ones(client: Client, catalogue: Path):
    assert names_for(client, q="mất gplx")[0] == "Cấp lại giấy phép lái xe"
    assert names_for(client, q="sổ đỏ bị mất")[0] == "Cấp lại Giấy chứng nhận quyền sử dụng đất do bị mất"
    assert "tình trạng hôn nhân" in names_for(client, q="giay doc than")[0]


def test_what_no_title_says_is_looked_for_in_the_texts(client: Client, catalogue: Path):
    assert names_for(client, q="ngang sông") == ["Đổi tên thuyền viên"]


def test_found_words_are_marked_and_names_are_escaped(client: Client, tmp_path: Path, db: None):
    enter(tmp_path, record(name="Cấp <b>giấy phép</b> lái xe"))

    html = client.get(reverse("procedures:list"), {"q": "giay phep"}).content.decode()

    assert "&lt;b&gt;<mark>giấy phép</mark>&lt;/b&gt;" in html


@pytest.mark.parametrize(
    "question",
    ["", "   ", "'", "a & b | !c <-> (", "\\", "%", "x" * 5_000, "\x00", "🙂", "-- ; DROP", "the:*", "12"],
)
def test_any_question_gets_an_answer(client: Client, catalogue: Path, question: str):
    assert client.get(reverse("procedures:list"), {"q": question}).status_code == 200


def test_filters_stand_in_the_address_and_work_together(client: Client, catalogue: Path):
    assert names_for(client, **{"linh-vuc": "dat-dai"}) == [
        "Cấp lại Giấy chứng nhận quyền sử dụng đất do bị mất"
    ]
    assert names_for(client, cap="province", **{"linh-vuc": "sat-hach"}) == ["Cấp lại giấy phép lái xe"]
    assert len(names_for(client, **{"truc-tuyen": "1"})) == 7
    assert len(names_for(client, **{"truc-tuyen": "1", "doi-tuong": "citizen"})) == 5
    assert names_for(client, q="kết hôn", **{"linh-vuc": "dat-dai"}) == []


@pytest.mark.parametrize(
    "address",
    [
        {"trang": "99999"},
        {"trang": "-1"},
        {"trang": "x"},
        {"cap": "moon"},
        {"linh-vuc": "\x00"},
        {"trang": "²"},
    ],
)
def test_a_strange_address_gets_a_page(client: Client, catalogue: Path, address: dict[str, str]):
    assert client.get(reverse("procedures:list"), address).status_code == 200


def test_an_empty_list_says_what_to_try_and_offers_procedures(client: Client, catalogue: Path):
    html = client.get(reverse("procedures:list"), {"q": "xyzzy", "cap": "commune"}).content.decode()

    assert "Không tìm thấy thủ tục nào cho “xyzzy”" in html
    assert "Tìm trong tất cả thủ tục" in html
    assert "Xác nhận tình trạng hôn nhân" in html


def test_the_list_is_in_vietnamese_order_and_in_pages(client: Client, tmp_path: Path, db: None):
    names = [f"{word} {number:02}" for number in range(15) for word in ("Ấp", "Đò", "Dò")]
    enter(tmp_path, *(record(code=f"1.{at:06}", name=name) for at, name in enumerate(names, 1)))

    pages = [names_for(client, trang=page) for page in (1, 2, 3, 4)]

    assert [len(page) for page in pages] == [20, 20, 5, 0]
    shown = [name.split()[0] for page in pages for name in page]
    assert shown == ["Ấp"] * 15 + ["Dò"] * 15 + ["Đò"] * 15
    assert 'rel="next"' in client.get(reverse("procedures:list")).content.decode()


@pytest.mark.parametrize("address", [{}, {"q": "thủ tục thử"}])
def test_the_list_costs_the_same_however_long_it_is(
    client: Client,
    tmp_path: Path,
    db: None,
    address: dict[str, str],
    django_assert_max_num_queries: DjangoAssertNumQueries,
):
    enter(tmp_path, *(record(code=f"1.{at:06}", name=f"Thủ tục thử {at}") for at in range(1, MANY)))
    names_for(client, **address)  # what every process keeps is kept

    with django_assert_max_num_queries(6):
        assert len(names_for(client, **address)) == 20


def test_a_procedure_costs_the_same_however_much_it_says(
    client: Client, tmp_path: Path, db: None, django_assert_max_num_queries: DjangoAssertNumQueries
):
    papers = [
        {"group": f"Nhóm {at % 3}", "name": f"Giấy {at}", "originals": 1, "copies": 2} for at in range(94)
    ]
    enter(tmp_path, record(components=papers, methods=[METHOD] * 12))

    with django_assert_max_num_queries(12):
        html = page_of(client, "1.000001")

    assert html.count('class="paper') >= 94
    assert "2 bản sao" in html


def test_a_procedure_shows_its_eight_parts_and_its_source(client: Client, catalogue: Path):
    html = page_of(client, "1.000894")

    for title in (
        "Trình tự thực hiện",
        "Cách thức thực hiện",
        "Thành phần hồ sơ",
        "Đối tượng thực hiện",
        "Cơ quan thực hiện",
        "Kết quả",
        "Yêu cầu, điều kiện",
        "Căn cứ pháp lý",
    ):
        assert title in html
    assert "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/x" in html
    assert "3 ngày làm việc" in html
    assert "50.000 đồng" in html
    assert "<c-" not in html


def test_only_what_can_be_filed_has_the_button_to_file(client: Client, catalogue: Path):
    assert "Nộp hồ sơ trực tuyến" in page_of(client, "1.004873")
    assert "Nộp hồ sơ trực tuyến" not in page_of(client, "1.000894")


def test_what_to_upload_is_said_beside_the_published_papers(client: Client, catalogue: Path):
    html = page_of(client, "2.002288")

    assert "Khi nộp trực tuyến, bạn tải lên" in html
    assert "Giấy tờ theo quyết định công bố" in html


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (
            method(duration_value=1, duration_unit=None, duration_text="1"),
            "nguồn chỉ ghi “1”, không ghi đơn vị",
        ),
        (method(duration_text="3"), "nguồn chỉ ghi “3”, không ghi đơn vị"),
        (method(duration_value=None, duration_unit=None, duration_text=None), "Nguồn không ghi thời hạn"),
        (method(duration_value=None, duration_unit=None, duration_text="Không quy định"), "Không quy định"),
        (
            method(duration_unit="day", duration_text="3 Ngày", note="03 ngày làm việc"),
            "phần hướng dẫn ghi là ngày làm việc",
        ),
        (
            fee("1100 VNĐ", duration_value=None, duration_unit=None, duration_text=None),
            "nguồn ghi liền thời hạn với mức phí",
        ),
        (fee("700 VNĐ (700.000 đồng)"), "có thể đã mất hàng nghìn"),
        (fee("Miễn phí (Theo nghị quyết)"), "nguồn ghi miễn phí nhưng kèm giải thích khác"),
        (fee("Miễn phí (Không có)", amount=0), "Miễn phí"),
        (fee("10 USD (/bản)"), "10 USD (/bản)"),
        (fee("50,000 VNĐ (đến hết ngày 31/12/2026)", amount=50_000), "mức này có thời hạn áp dụng"),
        (method(fees=[]), "Nguồn không ghi phí, lệ phí"),
        (record(methods=[], methods_text="Nộp\uf0a7 trực tiếp"), "Nộp• trực tiếp"),
        (record(components=[]), "Nguồn không ghi thành phần hồ sơ"),
        (record(legal_bases=[], legal_bases_text="Tên văn bản pháp lýMã văn bảnLuật A1/QH"), "Luật A1/QH"),
        (record(legal_bases=[], legal_bases_text=None), "Nguồn không ghi căn cứ pháp lý"),
        (record(authority=None), "Nguồn không ghi cơ quan thực hiện"),
        (record(authority="UBND huyện"), "không còn cấp này"),
        (record(decision="9/QĐ-UBND"), "do một địa phương khác công bố"),
    ],
)
def test_the_page_says_honestly_what_the_source_leaves_open(
    client: Client, tmp_path: Path, db: None, raw: dict[str, Any], says: str
):
    enter(tmp_path, raw)

    assert says in page_of(client, "1.000001")


def test_a_doubtful_time_is_not_promised_in_the_list(client: Client, tmp_path: Path, db: None):
    enter(tmp_path, method(duration_text="3"))

    assert "3 ngày làm việc" not in client.get(reverse("procedures:list")).content.decode()


def test_texts_are_escaped_and_long_ones_folded_but_not_in_the_print_view(
    client: Client, tmp_path: Path, db: None
):
    enter(
        tmp_path,
        record(steps="<script>x</script> đầu. " + "dòng. " * 900 + "cuối", name="Tên " + "dài " * 250),
    )

    html, printed = page_of(client, "1.000001"), page_of(client, "1.000001", **{"in": "1"})

    assert "<script>x" not in html
    assert "Xem tiếp" in html
    assert "Xem tiếp" not in printed
    assert "cuối" in printed
    assert "site-header" not in printed


def test_old_and_abolished_versions_stay_readable(client: Client, catalogue: Path):
    enter(catalogue, record(code="1.000894", name="Thủ tục đăng ký kết hôn, sửa đổi"))
    old = reverse("procedures:version", args=["1.000894", 1])

    assert "Đây là phiên bản cũ" in client.get(old).content.decode()
    assert old in page_of(client, "1.000894")

    ProcedureVersion.objects.filter(current_of__code="1.000894").update(status=VersionStatus.ABOLISHED)
    assert "Thủ tục đã bị bãi bỏ" in page_of(client, "1.000894")
    assert "Thủ tục đăng ký kết hôn, sửa đổi" not in names_for(client, q="kết hôn")


def test_drafts_are_shown_to_nobody_outside(client: Client, catalogue: Path):
    procedure = Procedure.objects.create(code="1.777777")
    ProcedureVersion.objects.create(procedure=procedure, name="Bản thảo bí mật")

    assert client.get(reverse("procedures:detail", args=["1.777777"])).status_code == 404


@pytest.mark.parametrize("code", ["9.999999", "khong-co", "1.004873.000"])
def test_an_unknown_code_helps_to_search(client: Client, catalogue: Path, code: str):
    answer = client.get(f"/thu-tuc/{code}/")

    assert answer.status_code == 404
    assert 'name="q"' in answer.content.decode()


def test_the_facets_count_current_procedures_and_follow_an_import(client: Client, catalogue: Path):
    before = selectors.facets()
    enter(catalogue, record(code="1.005555", name="Mới", field="Lĩnh vực mới"))

    assert {facet.value: facet.count for facet in before.sectors}["dat-dai"] == 1
    assert before.online == 7
    assert "linh-vuc-moi" in {facet.value for facet in selectors.facets().sectors}


def test_the_pages_are_complete_in_english_addresses_too(client: Client, catalogue: Path):
    client.cookies["portal_language"] = "en"

    assert client.get(reverse("procedures:list")).status_code == 200
    assert "50,000" in page_of(client, "1.000894")


def test_the_api_lists_and_shows_without_signing_in(client: Client, catalogue: Path):
    listed = client.get("/api/v1/procedures/", {"q": "kết hôn", "online": "1"})
    shown = client.get("/api/v1/procedures/1.004873/")

    assert listed.json()["results"][0]["code"] == "1.004873"
    assert shown.json()["channels"][0]["duration_unit"] == "working_day"
    assert [one["is_upload"] for one in shown.json()["components"]][-1] is True
    unchanged = client.get("/api/v1/procedures/1.004873/", headers={"If-None-Match": shown["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_the_api_refuses_what_it_does_not_know(client: Client, catalogue: Path):
    wrong = client.get("/api/v1/procedures/", {"level": "moon", "page": "0"})

    assert wrong.status_code == 422
    assert set(json.loads(wrong.content)["errors"]) == {"level", "page"}
    assert client.get("/api/v1/procedures/9.999999/").status_code == 404
    assert client.post("/api/v1/procedures/", {}).status_code in (403, 405)
