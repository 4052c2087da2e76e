from __future__ import annotations

import json
import time
from copy import deepcopy
from html import unescape
from typing import Any

from django.http import QueryDict
from django.utils import translation

from procedures import eforms
from tests.procedures.every_kind import EVERY_KIND, GOOD

SCHEMA = eforms.parse(EVERY_KIND)


def shown(page_id: str, data: Any = None, **answers: Any) -> str:
    return unescape(str(eforms.page_form(SCHEMA, page_id, data, {**GOOD, **answers})))


def test_a_page_shows_headings_notes_sections_and_worked_out_values():
    html = shown("nguoi-nop")

    assert "<h2" in html
    assert "Nhân thân" in html
    assert "Ghi như trên thẻ căn cước." in html
    assert "<h3" in html
    assert "Mang theo thẻ căn cước" in html
    assert 'data-worked-out="tuoi"' in html
    assert ">35<" in html
    assert "Dãy 12 chữ số" in html
    assert "Ví dụ: 0905 123 456" in html


def test_answers_stand_in_their_controls_as_people_type_them():
    html = shown("co-so") + shown("nguoi-lam")

    assert 'value="Phường Hải Châu"' in html
    assert 'value="07/2025"' in html
    assert 'value="42,5"' in html
    assert 'value="11.500.000"' in html
    assert 'value="yes" id="id_co_so_khac_0" checked' in html


def test_labels_hints_and_choices_are_in_english_where_it_is_written():
    with translation.override("en"):
        html = shown("nguoi-nop") + shown("co-so")

    assert "Full name" in html
    assert "Bring your identity card" in html
    assert "Household" in html
    assert "Identity" in html


def test_texts_of_a_form_cannot_carry_markup():
    raw = deepcopy(EVERY_KIND)
    evil = "<script>alert(1)</script>"
    for field in raw["pages"][0]["sections"][0]["fields"]:
        field |= {"label": evil} | (
            {"hint": evil, "help": evil, "example": evil} if field["type"] == "text" else {}
        )
    raw["pages"][0]["sections"][0] |= {"title": evil, "intro": evil}
    raw["pages"][2]["fields"][0] |= {"row_label": evil}
    raw["pages"][2]["fields"][0]["fields"][0]["label"] = evil
    schema = eforms.parse(raw)
    wrong = {**GOOD, "ho_ten": evil, "nguoi_lam": [{"ten": evil, "luong": evil}]}

    for page_id in ("nguoi-nop", "nguoi-lam"):
        assert "<script" not in str(eforms.page_form(schema, page_id, initial=wrong))
        bound = eforms.page_form(schema, page_id, wrong)
        bound.is_valid()
        assert "<script" not in str(bound)


def test_what_depends_on_this_very_page_carries_its_condition():
    html = shown("co-so", loai="ho")

    assert '"operator": "equals"' in html
    assert json.dumps({"field": "hang_hoa", "operator": "contains", "sides": [{"value": "khac"}]}) in html


def test_what_an_earlier_page_settled_is_shown_or_left_out_without_a_condition():
    assert "thue_tu" in shown("thue-nha")
    assert "data-show-when" not in shown("thue-nha")
    assert "thue_tu" not in shown("thue-nha", co_so_khac=False)


def test_a_posted_page_tells_each_problem_in_its_row():
    data = QueryDict(
        "nguoi_lam-rows=1&nguoi_lam-0-ten=An&nguoi_lam-0-hop_dong=khong&nguoi_lam-1-ten=&so_ban=2"
    )
    form = eforms.page_form(SCHEMA, "nguoi-lam", data, initial=GOOD)

    assert not form.is_valid()
    assert form.errors["nguoi_lam"] == ["Người 1, Vì sao không có: Hãy điền mục này."]
    assert str(form).count("id_nguoi_lam-0-ly_do_error") >= 1


def test_a_posted_page_tells_a_broken_rule_beside_its_question():
    data = QueryDict("nguoi_lam-0-ten=An&nguoi_lam-0-hop_dong=co&nguoi_lam-0-luong=5&khai_luong=6&so_ban=2")
    form = eforms.page_form(SCHEMA, "nguoi-lam", data, initial={})

    assert form.errors == {"khai_luong": ["Phải bằng tổng tiền công ở trên."]}


def test_rows_come_with_a_button_to_add_and_one_to_remove_each():
    html = shown("nguoi-lam")

    assert html.count('name="row-remove"') == 3  # two rows and the pattern
    assert html.count('name="row-add"') == 1
    assert "Thêm người" in html
    assert "<template" in html


def test_a_question_that_is_asked_again_has_rows_to_spare():
    form = eforms.question_form(SCHEMA, "nguoi_lam", initial=GOOD)

    assert str(form["nguoi_lam"]).count('name="row-remove"') == 5
    assert 'type="submit"' not in str(form["nguoi_lam"])


def test_a_read_only_address_is_shown_but_not_asked():
    raw = deepcopy(EVERY_KIND)
    raw["pages"][0]["sections"][1]["fields"][0] |= {"prefill": "person.address", "readonly": True}
    schema = eforms.parse(raw)
    known = {"person.address": "12 Trần Phú, phường Hải Châu, thành phố Đà Nẵng"}
    form = eforms.page_form(schema, "nguoi-nop", {}, prefill=known)

    assert "readonly" in str(form["noi_o"])
    assert "<select" not in str(form["noi_o"])
    form.is_valid()
    assert form.cleaned_data["noi_o"] == GOOD["noi_o"]


def long_form() -> dict[str, Any]:
    kinds = ["text", "date", "integer", "money", "phone", "yes_no", "personal_number", "textarea"]

    def question(number: int) -> dict[str, Any]:
        made: dict[str, Any] = {
            "name": f"q{number}",
            "label": f"Câu hỏi {number}",
            "type": kinds[number % len(kinds)],
            "hint": "Gợi ý",
        }
        if number >= 8 and number % 3 == 0:
            made["show_when"] = {"field": f"q{number - number % 8 - 3}", "equals": True}
        return made

    return {
        "pages": [
            {
                "id": f"trang-{page}",
                "title": "Trang",
                "fields": [question(page * 50 + at) for at in range(50)],
            }
            for page in range(4)
        ]
    }


def test_a_form_of_two_hundred_questions_is_fast():
    raw = long_form()
    begun = time.process_time()
    schema = eforms.parse(raw)
    read = time.process_time() - begun
    answers = {f"q{number}": True for number in range(5, 200, 8)}
    str(eforms.page_form(schema, "trang-0", initial=answers))  # the templates are compiled
    begun = time.process_time()
    for page in schema.pages:
        str(eforms.page_form(schema, page.id, initial=answers))
    drawn = time.process_time() - begun
    begun = time.process_time()
    for _once in range(20):
        eforms.asked(schema, answers)
    walked = (time.process_time() - begun) / 20

    assert len(schema.fields) == 200
    assert read < 0.2
    assert drawn < 1.5  # all four pages; a quarter of it for one
    assert walked < 0.02
