"""What the starter services ask is said in the designer's lines, and comes back from them as it was."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import InvalidInput
from designer import eform_editing as editing
from designer.conditions import KEPT, shown, taken, told
from designer.eform_parts import question_data, question_part
from designer.posting import posted
from designer.trees import draw
from procedures import eforms, starters
from procedures.document import from_yaml
from procedures.eforms.schema import FieldType

EFORM: dict[str, Any] = {
    "pages": [
        {
            "id": "mot",
            "title": "Một",
            "fields": [
                {"name": "ngay_sinh", "label": "Ngày sinh", "type": "date"},
                {"name": "so_minh", "label": "Số của bạn", "type": "personal_number"},
                {"name": "so_kia", "label": "Số người kia", "type": "personal_number"},
                {"name": "dai", "label": "Chiều dài", "type": "decimal"},
            ],
        }
    ]
}
QUESTIONS = dict(eforms.parse(EFORM).questions)
AGE = {"years": [{"field": "ngay_sinh"}, {"today": True}]}


@pytest.mark.parametrize(
    "condition",
    [
        {"value_of": AGE, "at_least": 9},
        {"value_of": AGE, "less": 14},
        {"field": "so_minh", "filled": False},
        {"field": "so_kia", "not_equals": {"field": "so_minh"}},
        {"field": "dai", "at_least": 12},
        {"field": "dai", "less": "12.5"},
        {"all": [{"field": "dai", "filled": True}, {"value_of": AGE, "at_least": 18}]},
    ],
)
def test_a_condition_comes_back_as_it_was(condition: dict[str, Any]) -> None:
    lines = shown(condition, QUESTIONS)

    assert lines["join"] != KEPT
    assert taken(lines, QUESTIONS) == condition


def test_a_turned_round_question_for_an_answer_is_one_line() -> None:
    lines = shown({"not": {"field": "so_minh", "filled": True}}, QUESTIONS)

    assert taken(lines, QUESTIONS) == {"field": "so_minh", "filled": False}
    assert told({"value_of": AGE, "at_least": 9}, QUESTIONS).endswith(
        "đã đủ số năm tròn, tính đến ngày điền đơn 9"
    )


@pytest.mark.parametrize(
    "condition",
    [
        {"not": {"field": "dai", "less": 3}},
        {"value_of": {"years": [{"today": True}, {"field": "ngay_sinh"}]}, "at_least": 9},
        {"value_of": {"count": "so_minh"}, "at_least": 9},
    ],
)
def test_what_lines_would_change_is_kept_as_it_is(condition: dict[str, Any]) -> None:
    """No answer makes a comparison false, and what is turned round true: that is not the other comparison."""
    assert shown(condition, QUESTIONS)["join"] == KEPT


def test_no_starter_service_asks_what_cannot_be_said_in_lines() -> None:
    for path in starters.FOLDER.glob("*.yaml"):
        eform = from_yaml(path.read_bytes())["eform"]
        questions = dict(eforms.parse(eform).questions)
        places = [*eform["pages"], *(one for place in editing.containers(eform) for one in place.questions)]
        for one in places:
            assert shown(one.get("show_when"), questions)["join"] != KEPT, (
                path.name,
                one["title" if "id" in one else "name"],
            )


def test_bounds_of_a_decimal_are_numbers_where_they_are_whole() -> None:
    part = question_part(FieldType.DECIMAL, {})
    value = {"label": "Chiều dài", "type": "decimal", "min": 1, "max": "2.5"}
    tree = draw(part, posted(part, value))
    assert tree.is_valid()

    assert question_data(tree.taken(), FieldType.DECIMAL) == value


def test_questions_and_pages_may_be_given_their_code_once() -> None:
    made, name = editing.add_question(
        EFORM, 0, None, label="Cao bao nhiêu", kind=FieldType.DECIMAL, name="chieu_cao"
    )
    made, page_id = editing.add_page(made, "Hai", page_id="trang-hai")
    assert (name, page_id) == ("chieu_cao", "trang-hai")

    with pytest.raises(InvalidInput) as refusal:
        editing.add_question(made, 0, None, label="Cao", kind=FieldType.TEXT, name="chieu_cao")
    assert "chieu_cao" in str(refusal.value.errors["name"][0])
    with pytest.raises(InvalidInput) as refusal:
        editing.add_page(made, "Ba", page_id="trang-hai")
    assert "trang-hai" in str(refusal.value.errors["page_id"][0])
