from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from procedures import eforms
from tests.procedures.every_kind import EVERY_KIND, GOOD

OLD = eforms.parse(EVERY_KIND)


def page(*fields: dict[str, Any]) -> eforms.Schema:
    return eforms.parse({"pages": [{"id": "trang", "title": "Trang", "fields": list(fields)}]})


def question(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "label": name.title(), "type": kind} | more


def test_the_same_form_keeps_everything_and_has_nothing_to_tell():
    carried = eforms.carried(OLD, eforms.parse(deepcopy(EVERY_KIND)), GOOD)

    assert carried.answers == GOOD
    assert not carried


def test_a_question_that_is_gone_is_told_with_its_answer():
    raw = deepcopy(EVERY_KIND)
    del raw["pages"][1]["fields"][6]
    carried = eforms.carried(OLD, eforms.parse(raw), GOOD)

    assert [(one.field.label, one.answer) for one in carried.dropped] == [("Giờ mở cửa", "07:30")]
    assert "mo_cua" not in carried.answers


def test_a_new_question_is_told_where_it_is_asked():
    old, new = (
        page(question("a", "yes_no")),
        page(
            question("a", "yes_no"),
            question("b", "text", show_when={"field": "a", "equals": True}),
            question("c", "note"),
        ),
    )

    assert [one.name for one in eforms.carried(old, new, {"a": True}).new] == ["b"]
    assert eforms.carried(old, new, {"a": False}).new == ()
    assert eforms.carried(old, new, {"a": False}).answers == {"a": False}


def test_an_answer_that_fits_another_kind_goes_along_in_its_new_form():
    old = page(question("a", "text"), question("b", "integer"), question("c", "text"))
    new = page(question("a", "date"), question("b", "money"), question("c", "personal_number"))
    carried = eforms.carried(old, new, {"a": "5/7/2025", "b": 5, "c": "048 090 000 011"})

    assert carried.answers == {"a": "2025-07-05", "b": 5, "c": "048090000011"}
    assert not carried


def test_an_answer_that_does_not_fit_any_more_is_kept_to_be_checked():
    old = page(question("a", "text"), question("b", "integer"), question("c", "text"))
    new = page(question("a", "text", max_length=3), question("b", "integer", max=3), question("c", "yes_no"))
    carried = eforms.carried(old, new, {"a": "quá dài", "b": 5, "c": "gì đó"})

    assert carried.answers == {"a": "quá dài", "b": 5}
    assert [one.field.name for one in carried.to_check] == ["a", "b"]
    assert "3" in carried.to_check[1].problem
    assert [one.field.name for one in carried.dropped] == ["c"]


def test_a_question_that_became_required_is_told():
    old, new = (
        page(question("a", "text"), question("b", "text")),
        page(question("a", "text", required=True), question("b", "text", required=True)),
    )

    assert [one.name for one in eforms.carried(old, new, {"a": "x"}).required] == ["b"]


def test_rows_keep_the_columns_that_are_still_there():
    columns = [question("ten", "text"), question("tuoi", "integer")]
    old = page(question("con", "repeat", fields=columns))
    new = page(question("con", "table", fields=[columns[0], question("lop", "text")]))

    assert eforms.carried(old, new, {"con": [{"ten": "An", "tuoi": 5}]}).answers == {"con": [{"ten": "An"}]}


def test_a_ticked_box_is_a_declaration_and_becomes_nothing_else():
    old, new = page(question("a", "checkbox")), page(question("a", "yes_no"))
    carried = eforms.carried(old, new, {"a": True})

    assert carried.answers == {}
    assert [one.field.name for one in carried.dropped] == ["a"]


KINDS = ["text", "textarea", "date", "integer", "money", "decimal", "yes_no", "phone", "checkbox"]
VALUES = st.none() | st.booleans() | st.integers(0, 999) | st.text(max_size=5) | st.just("2025-07-05")


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(KINDS), VALUES), min_size=1, max_size=5))
def test_no_answer_is_lost_without_being_told(questions: list[tuple[str, str, Any]]):
    old = page(*(question(f"q{at}", before) for at, (before, _after, _value) in enumerate(questions)))
    new = page(*(question(f"q{at}", after) for at, (_before, after, _value) in enumerate(questions)))
    answers = {f"q{at}": value for at, (_before, _after, value) in enumerate(questions)}
    carried = eforms.carried(old, new, answers)

    told = {one.field.name for one in carried.dropped}
    given_answers = {name for name, value in answers.items() if value not in (None, "", False)}
    assert given_answers <= set(carried.answers) | told
    assert not told & set(carried.answers)
