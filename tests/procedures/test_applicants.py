"""Invented applicants meet every question and give every deciding answer, with as few of them as are needed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from procedures import eforms
from procedures.demo import birth_bundle, marital_status, transport_licence, vehicle_badge
from procedures.trying.applicants import Trial

TODAY = date(2026, 3, 2)


def form(*fields: dict[str, Any]) -> eforms.Schema:
    return eforms.parse({"pages": [{"id": "trang", "title": "Trang", "fields": list(fields)}]})


def question(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"name": name, "label": name, "type": kind, **more}


PURPOSE = question("muc_dich", "choice", choices=[["a", "A"], ["b", "B"], ["c", "C"]])


def test_one_applicant_is_enough_for_a_form_without_branches() -> None:
    trial = Trial(form(question("a"), question("b", "date")), TODAY)
    assert len(trial.applicants) == 1
    assert trial.unreachable == []


def test_every_choice_that_decides_something_is_made_once() -> None:
    trial = Trial(form(PURPOSE, question("khac", show_when={"field": "muc_dich", "equals": "c"})), TODAY)
    assert sorted(one.answers["muc_dich"] for one in trial.applicants if "muc_dich" in one.answers) == [
        "a",
        "b",
        "c",
    ]
    assert [one.answers["muc_dich"] for one in trial.applicants if "khac" in one.meets] == ["c"]


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "tuoi", "greater": 17},
        {"all": [{"field": "tuoi", "at_least": 6}, {"field": "tuoi", "less": 14}]},
        {"not": {"field": "tuoi", "filled": True}},
    ],
)
def test_numbers_are_tried_on_both_sides_of_a_border(condition: dict[str, Any]) -> None:
    trial = Trial(form(question("tuoi", "integer"), question("x", show_when=condition)), TODAY)
    assert trial.unreachable == []
    assert any("x" not in one.meets for one in trial.applicants)


def test_an_age_is_reached_through_the_day_of_birth() -> None:
    child = {"value_of": {"years": [{"field": "ngay_sinh"}, {"today": True}]}, "less": 14}
    trial = Trial(form(question("ngay_sinh", "date"), question("cha_me", show_when=child)), TODAY)
    assert trial.unreachable == []


def test_a_chain_of_conditions_is_followed_to_its_beginning() -> None:
    trial = Trial(
        form(
            PURPOSE,
            question("co_khac", "yes_no", show_when={"field": "muc_dich", "equals": "c"}),
            question("khac", show_when={"field": "co_khac", "equals": True}),
        ),
        TODAY,
    )
    assert trial.unreachable == []
    assert any({"co_khac", "khac"} <= one.meets for one in trial.applicants)


@pytest.mark.parametrize(
    "condition",
    [
        {"all": [{"field": "muc_dich", "equals": "a"}, {"field": "muc_dich", "equals": "b"}]},
        {"all": [{"field": "muc_dich", "equals": "a"}, {"not": {"field": "muc_dich", "filled": True}}]},
    ],
)
def test_what_nobody_is_ever_asked_is_found(condition: dict[str, Any]) -> None:
    trial = Trial(form(PURPOSE, question("x", show_when=condition)), TODAY)
    assert trial.unreachable == ["x"]


def test_a_pattern_without_an_example_cannot_be_filled() -> None:
    odd = question("so", pattern="QX[0-9]{9}Z", pattern_problem="Viết như trên giấy.", required=True)
    assert Trial(form(odd), TODAY).unfillable == ["so"]
    assert Trial(form({**odd, "example": "QX123456789Z"}), TODAY).unfillable == []


@pytest.mark.parametrize(
    "eform",
    [marital_status.EFORM, transport_licence.EFORM, vehicle_badge.EFORM, birth_bundle.CITY_PART.eform],
)
def test_invented_applicants_can_file_the_services_of_the_city(eform: dict[str, Any]) -> None:
    trial = Trial(eforms.parse(eform), TODAY)
    assert trial.unreachable == []
    for one in trial.applicants:
        taken = {
            name: answer for name, answer in one.answers.items() if trial.schema.fields[name].takes_answer
        }
        eforms.clean_all(trial.schema, taken, taken)
