"""Letters to applicants: vague and abusive wording is refused, concrete and decent wording passes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.errors import InvalidInput
from dossiers import wording_check
from dossiers.wording_check import Letter
from tests.factories import NINE

GOOD = [
    "Giấy nộp kèm đã hết giá trị. Hãy xin cấp lại rồi nộp hồ sơ mới.",
    "Thiếu chữ ký của chủ hồ sơ ở trang 2. Hãy ký rồi nộp lại.",
    "Thiếu giấy tờ chứng minh nơi cư trú.\nBạn có thể nộp lại khi có đủ giấy tờ.",
    "Người yêu cầu chưa đủ 18 tuổi theo quy định tại Điều 8 Luật Hôn nhân và gia đình.",
    "Việc này do Sở Tư pháp giải quyết. Hãy nộp tại đó.",
    "Bản chụp trang 2 bị mờ, không đọc được số. Hãy chụp lại cho rõ.",
    "Thiếu các giấy tờ sau: Giấy chứng sinh; Tờ khai đăng ký khai sinh. Hãy tải lên cả hai.",
    "Đơn chưa có xác nhận của UBND phường HẢI CHÂU. Hãy xin xác nhận rồi nộp lại.",
    "Tên tệp giay_khai_sinh.pdf bị hỏng, không mở được. Hãy tải lên lại.",
    "Không cần nộp sổ hộ khẩu nữa. Hãy ghi số định danh cá nhân vào ô số 3.",
]

BAD = [
    ("Thiếu giấy tờ.", "unnamed_papers"),
    ("Hồ sơ của ông còn thiếu giấy tờ cần thiết, đề nghị nộp lại trong tuần này.", "unnamed_papers"),
    ("Đề nghị bổ sung các giấy tờ liên quan trước ngày 5 tháng 3 năm nay.", "unnamed_papers"),
    ("Lý do: thiếu hồ sơ. Hãy nộp lại cho bộ phận một cửa.", "unnamed_papers"),
    ("Hãy bổ sung bản chụp giấy chứng sinh, tờ khai, v.v.", "unnamed_papers"),
    ("Ảnh chụp không đúng theo quy định. Hãy chụp lại ảnh chân dung.", "unnamed_law"),
    ("Hồ sơ trái quy định của pháp luật nên không nhận được, hãy sửa lại.", "unnamed_law"),
    ("Hãy liên hệ bộ phận một cửa để biết thêm chi tiết về hồ sơ này.", "ask_elsewhere"),
    ("Đề nghị sửa như đã trao đổi qua điện thoại với anh Bình hôm qua.", "ask_elsewhere"),
    ("Hồ sơ không hợp lệ.", "says_nothing"),
    ("Hồ sơ chưa đạt yêu cầu, đề nghị kiểm tra lại.", "says_nothing"),
    ("Đề nghị ông/bà xem lại hồ sơ cho đúng.", "says_nothing"),
    ("HỒ SƠ THIẾU CHỮ KÝ Ở TRANG HAI, hãy ký rồi nộp lại cho chúng tôi.", "shouting"),
    ("Thiếu chữ ký ở trang hai!!! Hãy ký rồi nộp lại.", "shouting"),
    ("Khai gì mà ngu thế, thiếu cả chữ ký ở trang hai, hãy ký lại.", "insult"),
    ("Ông cố tình khai sai ngày sinh ở mục 3. Hãy sửa lại.", "insult"),
    ("Làm ăn cẩu thả, tờ khai thiếu ngày sinh ở mục 3. Hãy sửa lại.", "insult"),
    ("Muốn nhanh thì thêm tiền bồi dưỡng rồi hãy nộp lại đơn này.", "threat_or_bribe"),
    ("Hệ thống báo invalid_schema_field ở tờ khai. Hãy sửa lại mục 3.", "technical"),
    ("Hãy nộp thêm bản sao sổ hộ khẩu của cả hai vợ chồng.", "abolished_paper"),
    ("Trùng.", "too_short"),
    ("a a a a a a a a", "too_short"),
]


@pytest.mark.parametrize("text", GOOD)
def test_a_concrete_and_decent_text_passes(text):
    assert wording_check.problems(field="explanation", text=text) == []


@pytest.mark.parametrize(("text", "rule"), BAD)
def test_a_vague_or_abusive_text_is_refused_with_its_mend(text, rule):
    found = wording_check.problems(field="explanation", text=text)

    assert rule in [one.rule for one in found]
    assert all(str(one.problem) and str(one.fix) and one.field == "explanation" for one in found)


def test_letters_written_in_parts_are_read_like_composed_ones():
    import unicodedata

    text = unicodedata.normalize("NFD", "Hồ sơ còn thiếu giấy tờ cần thiết, đề nghị nộp lại trong tuần.")

    assert [one.rule for one in wording_check.problems(field="x", text=text)] == ["unnamed_papers"]


def test_a_document_beyond_the_published_list_must_not_be_demanded():
    text = "Hãy nộp thêm phiếu lý lịch tư pháp của người yêu cầu và chụp lại giấy chứng sinh."

    beyond = wording_check.problems(field="x", text=text, published=["Giấy chứng sinh"])
    listed = wording_check.problems(
        field="x", text=text, published=["Phiếu lý lịch tư pháp số 1", "Giấy chứng sinh"]
    )

    assert [one.rule for one in beyond] == ["unpublished"]
    assert "phiếu lý lịch tư pháp" in beyond[0].message
    assert listed == []


def test_the_names_on_a_list_are_held_against_the_published_ones():
    published = ["Tờ khai đăng ký khai sinh theo mẫu", "Giấy chứng sinh"]

    names = ["giấy chứng  sinh", "Tờ khai đăng ký khai sinh", "Sổ tiết kiệm"]

    assert wording_check.unpublished(names=names, published=published) == ["Sổ tiết kiệm"]


def test_require_raises_under_the_name_of_the_field():
    with pytest.raises(InvalidInput) as refusal:
        wording_check.require(field="items-0-guidance", text="Thiếu giấy tờ.")

    (message,) = refusal.value.errors["items-0-guidance"]
    assert "không nêu tên giấy tờ" in str(message)
    assert "Hãy ghi tên từng giấy tờ" in str(message)


LETTER: dict[str, Any] = {
    "reason": "Thiếu giấy tờ",
    "explanation": "Trang 2 của giấy chứng sinh bị mờ.",
    "mend": "Hãy chụp lại trang 2.",
    "ask_at": "Trung tâm Phục vụ hành chính công, 1022",
    "until": NINE + timedelta(days=10),
}


@pytest.mark.parametrize(
    ("lacking", "rule"),
    [
        ({"reason": ""}, "no_reason"),
        ({"mend": "", "explanation": "Trang 2 của giấy chứng sinh bị mờ."}, "no_mend"),
        ({"until": None}, "no_limit"),
        ({"ask_at": " "}, "no_contact"),
    ],
)
def test_a_letter_needs_reason_mend_limit_and_a_place_to_ask(lacking, rule):
    assert wording_check.gaps(Letter(**LETTER), needs_limit=True) == []

    assert [one.rule for one in wording_check.gaps(Letter(**LETTER | lacking), needs_limit=True)] == [rule]


def test_a_letter_without_a_limit_needs_none_where_the_law_sets_none():
    letter = Letter(**LETTER | {"until": None})

    wording_check.require_letter(letter, needs_limit=False)
    with pytest.raises(InvalidInput) as refusal:
        wording_check.require_letter(letter, fields={"until": "due_on"}, needs_limit=True)
    assert list(refusal.value.errors) == ["due_on"]
