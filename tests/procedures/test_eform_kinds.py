from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from citizens import organisation_codes, personal_numbers
from procedures.eforms import FieldType, parse, units
from procedures.eforms.kinds import WrongAnswer, numbers
from procedures.eforms.kinds.words import in_words
from procedures.eforms.schema import Field
from procedures.eforms.values import display, read


def field(kind: str, **more: Any) -> Field:
    raw = {"name": "cau_hoi", "label": "Câu hỏi", "type": kind} | more
    return parse({"pages": [{"id": "trang", "title": "Trang", "fields": [raw]}]}).fields["cau_hoi"]


def problem(one: Field, raw: Any) -> str:
    with pytest.raises(WrongAnswer) as caught:
        read(one, raw)
    return str(caught.value)


def test_there_are_many_more_than_eighteen_kinds():
    assert len(FieldType) == 25


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "shown", "shown_en"),
    [
        ("text", "  Lê   Văn Mẫu ", "Lê Văn Mẫu", "Lê Văn Mẫu", "Lê Văn Mẫu"),
        ("textarea", "một\r\nhai", "một\nhai", "một\nhai", "một\nhai"),
        ("date", "5/7/2025", "2025-07-05", "05/07/2025", "05/07/2025"),
        ("month", "7/2025", "2025-07", "07/2025", "07/2025"),
        ("month", "2025-07", "2025-07", "07/2025", "07/2025"),
        ("time", "7h30", "07:30", "07:30", "07:30"),
        ("time", "19:05", "19:05", "19:05", "19:05"),
        ("time", "8h", "08:00", "08:00", "08:00"),
        ("integer", "1.234", 1234, "1.234", "1,234"),
        ("decimal", "1.234,5", "1234.5", "1.234,5", "1,234.5"),
        ("decimal", "1,234.5", "1234.5", "1.234,5", "1,234.5"),
        ("decimal", "12,50", "12.5", "12,5", "12.5"),
        ("decimal", "1.500", "1500", "1.500", "1,500"),
        ("decimal", 2.25, "2.25", "2,25", "2.25"),
        ("money", "1.500.000 đồng", 1_500_000, "1.500.000 đồng", "1,500,000 VND"),
        ("money", "1,500,000đ", 1_500_000, "1.500.000 đồng", "1,500,000 VND"),
        ("money", 0, 0, "0 đồng", "0 VND"),
        ("personal_number", "048 090 000 011", "048090000011", "048090000011", "048090000011"),
        ("organisation_code", "0100109106", "0100109106", "0100109106", "0100109106"),
        ("organisation_code", "0100109106001", "0100109106-001", "0100109106-001", "0100109106-001"),
        ("tax_code", "048190000011", "048190000011", "048190000011", "048190000011"),
        ("phone", "0905.123.456", "0905123456", "0905123456", "0905123456"),
        ("email", "a@b.vn", "a@b.vn", "a@b.vn", "a@b.vn"),
        ("yes_no", "no", False, "Không", "No"),
        ("yes_no", True, True, "Có", "Yes"),
        ("checkbox", "on", True, "Có", "Yes"),
    ],
)
def test_what_is_typed_is_kept_in_one_form_and_shown_as_people_read_it(
    kind: str, typed: Any, kept: Any, shown: str, shown_en: str
):
    one = field(kind)

    assert read(one, typed) == kept
    assert type(read(one, typed)) is type(kept)
    assert (display(one, kept, "vi"), display(one, kept, "en")) == (shown, shown_en)


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("month", "13/2025", "1 đến 12"),
        ("month", "tháng bảy", "07/2025"),
        ("time", "25:00", "08:30"),
        ("decimal", "1.2.3", "12,5"),
        ("decimal", "0,125", "2 chữ số"),
        ("money", "một triệu", "1.500.000"),
        ("money", "-5", "1.500.000"),
        ("money", True, "kiểu"),
        ("personal_number", "123456789", "12 chữ số"),
        ("personal_number", "0480900000", "đúng 12"),
        ("personal_number", "050090000011", "050"),
        ("personal_number", "048399000011", "năm sinh"),
        ("personal_number", "048490000011", "năm sinh"),
        ("organisation_code", "0100109107", "kiểm tra"),
        ("organisation_code", "0100109106-000", "kiểm tra"),
        ("organisation_code", "12345", "10 chữ số"),
        ("tax_code", "048990000011", "năm sinh"),
        ("yes_no", "có lẽ", "Có hoặc Không"),
        ("address", "12 Trần Phú", "phường"),
        ("address", {"street": "12 Trần Phú", "ward": "Hải Chau X", "city": "48"}, "01/7/2025"),
        ("address", {"street": "", "ward": "20242", "city": "48"}, "số nhà"),
        ("address", {"street": "x", "ward": "Hải Châu", "city": "99"}, "tỉnh"),
        ("address", {"street": "x", "country": "VN"}, "kiểu"),
    ],
)
def test_a_wrong_answer_is_told_with_its_mend(kind: str, typed: Any, says: str):
    assert says in problem(field(kind), typed)


def test_bounds_are_told_in_the_readers_own_figures():
    assert "1.000.000" in problem(field("money", min=1_000_000), "5000")
    assert "0,5" in problem(field("decimal", min="0.5"), "0,4")


def test_a_question_tells_its_problem_in_its_own_words():
    one = field("money", problem="Ghi học phí một tháng.", problem_en="Give the fee of a month.")

    assert problem(one, "ít") == "Ghi học phí một tháng."
    with translation.override("en"):
        assert problem(one, "ít") == "Give the fee of a month."


@pytest.mark.parametrize(
    "typed",
    [
        {"street": "12 Trần Phú", "ward": "Phường Hải Châu", "city": "48"},
        {"street": "12 Trần Phú", "ward": "hai chau"},
        {"street": "12 Trần Phú", "ward": "20242", "city": "Đà Nẵng"},
        "12 Trần Phú, phường Hải Châu, thành phố Đà Nẵng",
        "12 Trần Phú, Hải Châu",
    ],
)
def test_an_address_is_understood_however_its_ward_is_written(typed: Any):
    one = field("address")
    kept = read(one, typed)

    assert kept == {"street": "12 Trần Phú", "ward": "20242", "city": "48"}
    assert display(one, kept, "vi") == "12 Trần Phú, Phường Hải Châu, Thành phố Đà Nẵng"


def test_two_communes_of_one_name_without_marks_are_told_apart():
    one = field("address")

    assert "Có nhiều nơi" in problem(one, {"street": "x", "ward": "ba to", "city": "51"})
    ward = read(one, {"street": "x", "ward": "Xã Ba Tơ", "city": "51"})
    assert isinstance(ward, dict)
    assert units.units()[ward["ward"]].name == "Xã Ba Tơ"


def test_the_units_are_those_since_july_2025():
    ours = units.communal_units(units.OUR_CITY)

    assert (len(units.provinces()), len(units.units())) == (34, 34 + 3321)
    assert units.provinces()[0].name == "Thành phố Đà Nẵng"
    assert len(ours) == 94
    assert sum(unit.name.startswith("Phường") for unit in ours) == 23


def test_the_citys_units_are_those_of_its_agencies():
    from agencies.demo import UNITS_FILE

    lines = UNITS_FILE.read_text(encoding="utf-8").splitlines()[1:]
    agencies = {line.split(",")[3]: line.split(",")[2] for line in lines}

    assert {unit.code: unit.name for unit in units.communal_units(units.OUR_CITY)} == agencies


def test_a_long_list_is_searched_by_part_of_a_name_and_says_what_is_near():
    one = field("choice_search", source="communal_units")

    assert read(one, "hai van") == "20195"
    assert read(one, "Phường Hải Vân") == "20195"
    assert "Phường Hải Châu" in problem(one, "phường hải chau x")
    assert "Có nhiều mục khớp" in problem(one, "điện bàn")
    assert "không có" in problem(one, "qqqq").lower()


def test_several_chosen_answers_keep_the_order_of_the_list():
    one = field("multi_choice", choices=[["a", "A"], ["b", "B", "Bee"], ["c", "C"]], min=2, max=2)

    assert read(one, ["c", "b", "c"]) == ["b", "c"]
    assert display(one, ["b", "c"], "en") == "Bee; C"
    assert "ít nhất 2" in problem(one, "a")
    assert "nhiều nhất 2" in problem(one, ["a", "b", "c"])
    assert read(one, []) is None
    assert "lựa chọn" in problem(one, ["x"])


ROWS = {
    "row_label": "Người con",
    "max": 3,
    "fields": [
        {"name": "ten", "label": "Tên", "type": "text", "required": True},
        {"name": "tuoi", "label": "Tuổi", "type": "integer"},
        {
            "name": "truong",
            "label": "Trường",
            "type": "text",
            "required": True,
            "show_when": {"field": "tuoi", "at_least": 6},
        },
    ],
}


def test_rows_are_read_one_by_one_and_blank_ones_left_out():
    one = field("repeat", **ROWS)

    assert read(one, [{"ten": "An", "tuoi": "5"}, {}, {"ten": "Bình", "tuoi": 7, "truong": "Trần Phú"}]) == [
        {"ten": "An", "tuoi": 5},
        {"ten": "Bình", "tuoi": 7, "truong": "Trần Phú"},
    ]
    assert read(one, [{}, {"ten": " "}]) is None


def test_a_problem_in_a_row_is_told_with_its_row_and_column():
    with pytest.raises(WrongAnswer) as caught:
        read(field("repeat", **ROWS), [{"ten": "An", "tuoi": 9}, {}, {"tuoi": "x"}])

    assert set(caught.value.cells) == {(0, "truong"), (2, "ten"), (2, "tuoi")}
    assert "Người con 3, Tuổi: Phải là số nguyên" in str(caught.value)


@pytest.mark.parametrize("raw", [[1], "x", {"ten": "An"}, [{"khac": 1}], [[{"ten": "An"}]]])
def test_rows_of_another_shape_are_refused(raw: Any):
    assert problem(field("repeat", **ROWS), raw)


def test_rows_have_bounds():
    assert "Nhiều nhất 3" in problem(field("repeat", **ROWS), [{"ten": "An"}] * 4)
    assert "ít nhất 2" in problem(field("repeat", **ROWS | {"min": 2}), [{"ten": "An"}])


def test_a_table_with_fixed_lines_keeps_all_of_them_in_order():
    one = field(
        "table",
        rows=[["q1", "Quý I", "Quarter 1"], ["q2", "Quý II"]],
        fields=[{"name": "thu", "label": "Thu", "type": "money"}],
    )

    assert read(one, [{}, {"thu": "5.000"}]) == [{}, {"thu": 5000}]
    assert display(one, [{"thu": 1}, {"thu": 5000}], "en") == "Quarter 1: Thu 1 VND\nQuý II: Thu 5,000 VND"
    assert "Nhiều nhất 2" in problem(one, [{"thu": 1}] * 3)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (105, "một trăm linh năm"),
        (1_005, "một nghìn không trăm linh năm"),
        (1_500_000, "một triệu năm trăm nghìn"),
        (2_000_000_001, "hai tỷ không trăm linh một"),
        (1_234_567, "một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy"),
        (10**12, "một nghìn tỷ"),
    ],
)
def test_amounts_are_written_in_words(number: int, words: str):
    assert in_words(number).replace("ba mươi bốn", "ba mươi tư") == words


@given(st.integers(min_value=0, max_value=2**53 - 1))
def test_money_survives_being_shown_and_typed_again(amount: int):
    one = field("money", in_words=True)

    assert read(one, f"{numbers.grouped(amount, 'vi')} đồng") == amount
    assert read(one, numbers.grouped(amount, "en")) == amount


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_a_decimal_survives_being_shown_and_typed_again(value: Decimal):
    one = field("decimal")
    kept = read(one, f"{value:f}".replace(".", ","))

    assert Decimal(str(kept)) == value
    assert read(one, kept) == kept
    assert read(one, display(one, kept, "vi")) == kept


@given(st.integers(min_value=0, max_value=10**9 - 1), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_a_code_is_always_found(start: int, place: int, change: int):
    first = f"{start:09d}"
    digit = organisation_codes.check_digit(first)
    if digit == 10:  # no code begins so
        return
    wrong = first[:place] + str((int(first[place]) + change) % 10) + first[place + 1 :]

    assert organisation_codes.is_right(f"{first}{digit}")
    assert not organisation_codes.is_right(f"{wrong}{digit}")


@pytest.mark.parametrize(
    ("number", "sex", "year"),
    [("048090000011", "male", 1990), ("048192000022", "female", 1992), ("001203000033", "male", 2003)],
)
def test_a_personal_number_says_sex_and_year_of_birth(number: str, sex: str, year: int):
    found = personal_numbers.parse(number, today=date(2026, 3, 2))

    assert (found.sex, found.birth_year) == (sex, year)


def test_nobody_is_born_after_today():
    assert personal_numbers.parse("048226000011", today=date(2026, 1, 1)).birth_year == 2026
    with pytest.raises(personal_numbers.WrongNumber):
        personal_numbers.parse("048227000011", today=date(2026, 12, 31))
