"""The check before filing and the screener: they ask what they must, say why, and keep nothing."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from core.errors import InvalidInput
from procedures import document, eligibility
from procedures.eligibility import fileable, screener
from procedures.models import ProcedureVersion, Sector
from procedures.states import ApplicantCategory
from procedures.trying.lint import lint
from tests.factories import VersionFactory

TODAY = date(2026, 3, 2)

AGE = {"name": "tuoi", "type": "integer", "label": "Bạn bao nhiêu tuổi?", "label_en": "Your age?", "min": 0}
MARRIED = {"name": "da_ket_hon", "type": "yes_no", "label": "Đang có vợ, chồng?", "label_en": "Married?"}
ABROAD = {
    "name": "nuoc_ngoai",
    "type": "yes_no",
    "label": "Có người nước ngoài?",
    "label_en": "With a foreigner?",
    "show_when": {"field": "da_ket_hon", "equals": False},
}
TOO_YOUNG = {
    "condition": {"field": "tuoi", "less": 18},
    "result": "cannot",
    "reason": "Chưa đủ 18 tuổi.",
    "reason_en": "Under 18.",
    "law": "Luật Hôn nhân và gia đình 2014, điều 8",
}
TAKEN = {
    "condition": {"field": "da_ket_hon", "equals": True},
    "result": "cannot",
    "reason": "Đang có vợ, có chồng.",
    "reason_en": "Married already.",
    "law": "Luật Hôn nhân và gia đình 2014, điều 5",
}
ELSEWHERE = {
    "condition": {"field": "nuoc_ngoai", "equals": True},
    "result": "other",
    "service": "2.000806",
    "reason": "Có yếu tố nước ngoài.",
    "reason_en": "With a foreign element.",
    "law": "Luật Hộ tịch 2014, điều 37",
}
MARRIAGE: dict[str, Any] = {"questions": [AGE, MARRIED, ABROAD], "outcomes": [TOO_YOUNG, TAKEN, ELSEWHERE]}


def verdict(answers: dict[str, Any], *unknown: str, said: dict[str, Any] = MARRIAGE) -> eligibility.Verdict:
    return eligibility.decide(eligibility.parse(said), answers, today=TODAY, unknown=unknown)


def a_service(said: dict[str, Any], **more: Any) -> ProcedureVersion:
    version: ProcedureVersion = VersionFactory.create(eligibility=said, **more)
    return version


# Deciding


def test_the_first_outcome_that_holds_ends_the_questions():
    found = verdict({"tuoi": 17})

    assert (found.outcome.reason, found.ask) == ("Chưa đủ 18 tuổi.", ())


def test_only_what_still_matters_is_asked():
    assert verdict({}).ask[0] == "tuoi"
    assert verdict({"tuoi": 30}).ask[0] == "da_ket_hon"
    assert verdict({"tuoi": 30, "da_ket_hon": False}).ask == ("nuoc_ngoai",)


def test_who_no_outcome_holds_for_can_file():
    found = verdict({"tuoi": 30, "da_ket_hon": False, "nuoc_ngoai": False})

    assert (found.outcome.result, found.stops) == ("can", False)


def test_an_answer_to_a_question_that_is_not_asked_counts_for_nothing():
    found = verdict({"tuoi": 30, "da_ket_hon": True, "nuoc_ngoai": True})

    assert found.outcome.reason == "Đang có vợ, có chồng."
    assert "nuoc_ngoai" not in found.counted


def test_somebody_who_does_not_know_hears_what_it_hangs_on():
    found = verdict({"tuoi": 30, "da_ket_hon": False}, "nuoc_ngoai")

    assert found.is_unsure
    assert [one.reason for one in found.doubts] == ["Có yếu tố nước ngoài."]


# Reading


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (
            {"questions": [AGE, MARRIED, ABROAD, {**MARRIED, "name": "so", "type": "personal_number"}]},
            "questions[3].type",
        ),
        ({"questions": [{**MARRIED, "prefill": "person.sex"}], "outcomes": [TAKEN]}, "questions[0].prefill"),
        ({"outcomes": [{**TOO_YOUNG, "reason": ""}]}, "outcomes[0].reason"),
        ({"outcomes": [{**ELSEWHERE, "service": ""}]}, "outcomes[0].service"),
        ({"outcomes": [{**TAKEN, "service": "1.000894"}]}, "outcomes[0].service"),
        ({"outcomes": [{**TAKEN, "condition": {"field": "x", "equals": 1}}]}, "outcomes[0].condition.field"),
        ({"outcomes": []}, "outcomes"),
    ],
)
def test_a_check_that_is_wrong_is_refused_at_its_place(change: dict[str, Any], path: str):
    with pytest.raises(InvalidInput) as refusal:
        eligibility.parse({**MARRIAGE, **change})

    assert path in refusal.value.errors


@pytest.mark.django_db
def test_a_check_goes_through_a_file_and_back_and_is_compared_row_by_row():
    version = a_service(MARRIAGE)
    said = document.of_version(version)

    again = document.from_yaml(document.to_yaml(said))
    changed = copy.deepcopy(again)
    changed["eligibility"]["outcomes"][0]["law"] = "Luật khác"
    found = document.differences(said, changed)

    assert again == said
    assert [(one.before, one.after) for one in found] == [(TOO_YOUNG["law"], "Luật khác")]


@pytest.mark.django_db
def test_a_file_without_a_check_stays_valid():
    said = document.parse({"format": document.FORMAT, "code": "9.1", "name": "Một việc"})

    assert said["eligibility"] == {"questions": [], "outcomes": []}


# Lint


def rules_of(said: dict[str, Any], codes: frozenset[str] | None = None) -> dict[str, str]:
    raw = {
        "format": document.FORMAT,
        "code": "9.1",
        "name": "Một việc",
        "online": {"level": "full_online"},
        "eligibility": said,
    }
    return {one.rule: one.path for one in lint(document.parse(raw), today=TODAY, codes=codes)}


def test_the_lint_leaves_a_good_check_in_peace():
    found = rules_of(MARRIAGE, frozenset({"2.000806"}))

    assert not {"outcome_unreachable", "no_law", "unknown_service", "question_decides_nothing"} & set(found)
    assert not [path for path in found.values() if path.startswith("eligibility")]


def test_the_lint_finds_what_is_wrong_with_a_check():
    never = {**TOO_YOUNG, "condition": {"field": "tuoi", "less": 16}, "law": ""}
    idle = {**MARRIED, "name": "thua", "label_en": ""}
    said = {"questions": [AGE, MARRIED, ABROAD, idle], "outcomes": [TOO_YOUNG, never, TAKEN, ELSEWHERE]}

    found = rules_of(said, frozenset())

    assert found["outcome_unreachable"] == "eligibility.outcomes[1]"
    assert found["no_law"] == "eligibility.outcomes[1].law"
    assert found["unknown_service"] == "eligibility.outcomes[3].service"
    assert found["question_decides_nothing"] == "eligibility.questions[3]"
    assert "no_english" in found


# The page of one service


def ask(version: ProcedureVersion, **answers: Any) -> Any:
    address = reverse("procedures:eligibility", args=[version.procedure.code])
    return Client().get(address, answers, follow=True)


@pytest.mark.django_db
def test_the_page_asks_one_question_after_the_other_and_ends_in_an_address_to_share():
    version = a_service(MARRIAGE)

    first = ask(version)
    second = ask(version, tuoi="30", hoi="tuoi")
    last = ask(version, tuoi="17", hoi="tuoi")

    assert "Bạn bao nhiêu tuổi?" in first.content.decode()
    assert 'name="da_ket_hon"' in second.content.decode()
    assert "Luật Hôn nhân và gia đình 2014, điều 8" in last.content.decode()
    assert last.redirect_chain[-1][0].endswith("?tuoi=17")


@pytest.mark.django_db
def test_the_page_leads_to_the_service_that_is_needed():
    needed = VersionFactory.create(short_name="Kết hôn có yếu tố nước ngoài")
    said = {**MARRIAGE, "outcomes": [TOO_YOUNG, TAKEN, {**ELSEWHERE, "service": needed.procedure.code}]}

    page = ask(a_service(said), tuoi="30", da_ket_hon="no", nuoc_ngoai="yes").content.decode()

    assert reverse("procedures:detail", args=[needed.procedure.code]) in page
    assert "Bạn cần một thủ tục khác" in page


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["", "mười", "-3"])
def test_an_answer_that_cannot_be_read_is_told_and_asked_again(answer: str):
    page = ask(a_service(MARRIAGE), tuoi=answer, hoi="tuoi")

    assert page.context["form"].errors["tuoi"]


@pytest.mark.django_db
def test_the_page_keeps_nothing_of_who_asks():
    version = a_service(MARRIAGE)
    client = Client()

    client.get(reverse("procedures:eligibility", args=[version.procedure.code]), {"tuoi": "30"})

    assert not client.cookies.get("portal_session")
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_a_service_without_a_check_has_no_page_for_it():
    assert ask(a_service({})).status_code == 404


# The screener


def seen(answers: dict[str, Any], *unknown: str) -> screener.Screening:
    return screener.screen(fileable.services(on=TODAY), answers, today=TODAY, unknown=unknown)


@pytest.fixture
def three_services(db: None) -> list[ProcedureVersion]:
    family = Sector.objects.create(slug="ho-tich", name="Hộ tịch")
    trade = Sector.objects.create(slug="kinh-doanh", name="Kinh doanh")
    adult = {"questions": [AGE], "outcomes": [TOO_YOUNG]}
    return [
        a_service(MARRIAGE, sector=family, short_name="Kết hôn", applicant_categories=["citizen"]),
        a_service(adult, sector=family, short_name="Nhận con nuôi", applicant_categories=["citizen"]),
        a_service({}, sector=trade, short_name="Mở công ty", applicant_categories=["enterprise"]),
    ]


def names(rows: list[screener.Row]) -> set[str]:
    return {row.service.name for row in rows}


def test_a_question_that_several_services_share_is_asked_once(three_services: list[ProcedureVersion]):
    found = seen({screener.TOPIC: "ho-tich", screener.WHO: "citizen", "tuoi": 17})

    assert names(found.cannot) == {"Kết hôn", "Nhận con nuôi"}
    assert found.aside == 1
    assert found.question is None


def test_the_question_that_narrows_most_comes_first(three_services: list[ProcedureVersion]):
    first = seen({})
    then = seen({screener.TOPIC: "ho-tich", screener.WHO: "citizen"})

    assert first.question is not None
    assert first.question.name in (screener.TOPIC, screener.WHO)
    assert then.question is not None
    assert then.question.name == "tuoi"


def test_who_a_service_is_not_for_hears_so(three_services: list[ProcedureVersion]):
    found = seen({screener.WHO: ApplicantCategory.ORGANISATION.value})

    assert names(found.cannot) == {"Kết hôn", "Nhận con nuôi"}
    assert names(found.unchecked) == {"Mở công ty"}


def test_a_question_of_the_same_name_that_means_something_else_is_left_to_its_own_page(db: None):
    for _one in range(2):
        a_service({"questions": [AGE], "outcomes": [TOO_YOUNG]})
    other = {**AGE, "type": "yes_no"}
    other.pop("min")
    a_service(
        {"questions": [other], "outcomes": [{**TOO_YOUNG, "condition": {"field": "tuoi", "equals": True}}]},
        short_name="Khác",
    )

    found = seen({"tuoi": 30})

    assert "Khác" in names(found.open)
    assert found.question is None


def test_the_screener_asks_the_database_twice_whatever_the_number_of_services(
    three_services: list[ProcedureVersion], django_assert_max_num_queries: Any
):
    client, address = Client(), reverse("procedures:screener")
    client.get(address)

    with django_assert_max_num_queries(2):
        page = client.get(address, {"tuoi": "17"})

    assert "Nhận con nuôi" in page.content.decode()


def test_a_service_that_changes_is_read_anew(three_services: list[ProcedureVersion]):
    seen({})
    ProcedureVersion.objects.filter(pk=three_services[0].pk).update(is_fileable=False)

    assert "Kết hôn" not in names(seen({}).open)
