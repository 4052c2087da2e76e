from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from procedures import eforms
from tests.procedures.every_kind import EVERY_KIND, GOOD

SCHEMA = eforms.parse(EVERY_KIND)
WORKED_OUT = ("tuoi", "so_nguoi", "tong_luong")


def filed(**changes: Any) -> dict[str, Any]:
    return eforms.clean_all(SCHEMA, {**GOOD, **changes}, {})


def problems(**changes: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as caught:
        filed(**changes)
    return {name: [str(one) for one in texts] for name, texts in caught.value.errors.items()}


def test_every_kind_is_filed_with_its_worked_out_values():
    answers = filed()

    assert {name: value for name, value in answers.items() if name not in WORKED_OUT} == GOOD
    assert (answers["so_nguoi"], answers["tong_luong"]) == (2, 11_500_000)


def test_filed_answers_can_be_filed_again_as_they_are():
    answers = filed()

    assert eforms.clean_all(SCHEMA, answers, {}) == answers


def test_a_worked_out_value_cannot_be_forged():
    assert filed(tong_luong=1)["tong_luong"] == 11_500_000


def test_what_is_not_asked_is_left_out_and_so_is_what_stands_on_it():
    answers = filed(loai="ho", co_so_khac=False)

    assert not {"ma_so", "thue_tu", "thue_den"} & set(answers)


def test_a_page_is_required_when_it_is_asked():
    assert list(problems(thue_tu=None)) == ["thue_tu"]
    assert "thue_tu" not in filed(co_so_khac=False, thue_tu=None)


def test_answers_that_do_not_fit_together_are_told_in_the_rules_words():
    assert problems(thue_den="2025-12-31") == {
        "thue_den": ["Ngày kết thúc phải sau ngày bắt đầu. Hãy xem lại hai ngày."]
    }
    assert problems(khai_luong=5) == {"khai_luong": ["Phải bằng tổng tiền công ở trên."]}


def test_a_rule_is_silent_where_an_answer_is_missing():
    assert "khai_luong" not in filed(khai_luong=None)


def test_a_name_that_asks_for_nothing_is_not_taken():
    assert list(problems(luu_y="x")) == ["luu_y"]


def test_a_summary_shows_rows_as_a_table_and_conceals_numbers_inside_them():
    raw = deepcopy(EVERY_KIND)
    raw["pages"][2]["fields"][0]["fields"][1] = {"name": "so", "label": "Số", "type": "personal_number"}
    schema = eforms.parse(raw)
    answers = {**GOOD, "nguoi_lam": [{"ten": "Lê Văn Mẫu", "so": "048090000011", "hop_dong": "co"}]}
    rows = {
        row.name: row
        for page in eforms.summary(schema, answers, conceal=lambda number: f"…{number[-3:]}")
        for row in page.rows
    }

    assert rows["so_dinh_danh"].value == "…011"
    assert rows["ma_thue"].value == "…011"
    table = rows["nguoi_lam"].table
    assert table is not None
    assert table.head[:2] == ("Tên", "Số")
    assert table.rows[0][0] == "Người 1"
    assert table.rows[0][1][:2] == ("Lê Văn Mẫu", "…011")
    assert rows["tong_luong"].value == ""


def test_a_summary_speaks_english_where_it_is_written():
    rows = {row.name: row for page in eforms.summary(SCHEMA, filed(), "en") for row in page.rows}

    assert rows["tong_luong"].label == "Total wages"
    assert rows["tong_luong"].value.startswith("11,500,000 VND")
    assert rows["nguoi_lam"].value.splitlines()[0].startswith("Person 1: ")


def test_a_summary_parts_a_page_into_its_sections_and_leaves_out_what_is_not_asked():
    pages = eforms.summary(SCHEMA, {**GOOD, "co_so_khac": False})

    assert [part.title for part in pages[0].sections] == ["Nhân thân", "Liên hệ"]
    assert "thue-nha" not in [page.id for page in pages]
    assert "hop_dong_thue" not in [row.name for page in pages for row in page.rows]


def test_differences_are_told_as_people_read_them():
    found = {
        one.name: (one.before, one.after)
        for one in eforms.differences(
            SCHEMA,
            GOOD,
            {**GOOD, "khai_luong": None, "mo_cua": "08:00", "nguoi_lam": GOOD["nguoi_lam"][:1]},
        )
    }

    assert found["mo_cua"] == ("07:30", "08:00")
    assert found["khai_luong"] == ("11.500.000 đồng", "")
    assert found["so_nguoi"] == ("2", "1")
    assert set(found) == {"mo_cua", "khai_luong", "nguoi_lam", "so_nguoi", "tong_luong"}


def test_a_new_answer_works_out_again_what_stands_on_it():
    answers = filed()
    changed = eforms.with_answer(SCHEMA, answers, "nguoi_lam", GOOD["nguoi_lam"][:1])

    assert (changed["so_nguoi"], changed["tong_luong"]) == (1, 7_500_000)
    assert changed["ho_ten"] == GOOD["ho_ten"]


ROW_PAGE = (
    "nguoi_lam-rows=1&nguoi_lam-0-ten=An&nguoi_lam-0-luong=x&nguoi_lam-2-ten=B%C3%ACnh"
    "&nguoi_lam-2-sinh_ngay_day=1&nguoi_lam-2-sinh_ngay_month=2&nguoi_lam-2-sinh_ngay_year=2000"
    "&thiet_bi-rows=1&thiet_bi-0-so_luong=2&thiet_bi-1-so_luong="
)


def drafted(query: str) -> dict[str, Any]:
    return eforms.draft_values(SCHEMA, "nguoi-lam", QueryDict(query))


def test_a_draft_keeps_rows_right_or_wrong():
    taken = drafted(ROW_PAGE)

    assert taken["nguoi_lam"] == [
        {"ten": "An", "luong": "x"},
        {"ten": "Bình", "sinh_ngay": "2000-02-01"},
    ]
    assert taken["thiet_bi"] == [{"so_luong": 2}, {}]


def test_a_button_adds_a_blank_row_or_takes_one_away():
    assert drafted(f"{ROW_PAGE}&row-add=nguoi_lam")["nguoi_lam"][2:] == [{}]
    assert [row["ten"] for row in drafted(f"{ROW_PAGE}&row-remove=nguoi_lam-0")["nguoi_lam"]] == ["Bình"]
    assert [row["ten"] for row in drafted(f"{ROW_PAGE}&row-remove=nguoi_lam-1")["nguoi_lam"]] == [
        "An",
        "Bình",
    ]
    assert eforms.asks_for_rows(QueryDict("row-remove=nguoi_lam-12")) == "nguoi_lam"
    assert eforms.asks_for_rows(QueryDict("row-add=nguoi_lam")) == "nguoi_lam"
    assert eforms.asks_for_rows(QueryDict("later=1")) == ""


def test_no_row_is_added_beyond_the_most():
    full = "nguoi_lam-rows=1" + "".join(f"&nguoi_lam-{n}-ten=x" for n in range(5))

    assert len(drafted(f"{full}&row-add=nguoi_lam")["nguoi_lam"]) == 5


def test_removing_the_last_row_is_remembered():
    assert drafted("nguoi_lam-rows=1")["nguoi_lam"] == []


def test_boxes_of_which_none_is_ticked_are_told_from_boxes_that_were_not_shown():
    def chosen(query: str) -> dict[str, Any]:
        taken = eforms.draft_values(SCHEMA, "co-so", QueryDict(query))
        return {name: value for name, value in taken.items() if name == "hang_hoa"}

    assert chosen("hang_hoa-shown=1&hang_hoa=an&hang_hoa=khac") == {"hang_hoa": ["an", "khac"]}
    assert chosen("hang_hoa-shown=1") == {"hang_hoa": None}
    assert chosen("mo_cua=") == {}


def test_a_wrong_address_is_kept_as_it_was_typed():
    taken = eforms.draft_values(
        SCHEMA, "nguoi-nop", QueryDict("noi_o_street=12+X&noi_o_ward=kh%C3%B4ng+c%C3%B3&noi_o_city=48")
    )

    assert taken["noi_o"] == {"street": "12 X", "ward": "không có", "city": "48"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["ten", "street", "ward", "city", "so_luong", "x"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(sorted(SCHEMA.questions)), JSON)
def test_whatever_is_sent_as_an_answer_is_taken_or_refused(name: str, value: Any):
    try:
        answers = filed(**{name: value})
    except InvalidInput:
        return
    assert eforms.clean_all(SCHEMA, answers, {}) == answers


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(SCHEMA.questions)), JSON)
def test_whatever_a_draft_holds_can_be_shown(name: str, value: Any):
    kept = eforms.draft_values(SCHEMA, SCHEMA.page_of([name]).id, {name: value})
    stored = {**GOOD, **kept}

    eforms.summary(SCHEMA, stored, conceal=lambda number: number[-3:])
    eforms.differences(SCHEMA, GOOD, stored)
    str(eforms.page_form(SCHEMA, SCHEMA.page_of([name]).id, initial=stored))


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(SCHEMA.questions)), JSON, max_size=4))
def test_a_stored_draft_of_any_shape_breaks_nothing(stored: dict[str, Any]):
    eforms.summary(SCHEMA, stored)
    eforms.display_values(SCHEMA, stored)
    for page in SCHEMA.pages:
        str(eforms.page_form(SCHEMA, page.id, initial=stored))
