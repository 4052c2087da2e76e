"""The filters of the catalogue and what is said about results: counts for the question, why, and other ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.urls import reverse

from procedures import selectors
from procedures.models import Sector
from procedures.search import titles
from procedures.search.why import Reason
from procedures.selectors import Filters
from procedures.services import synonyms as services
from tests.factories import NINE
from tests.procedures.finding import (
    BIRTH,
    DEATH,
    HOME,
    KEEPER,
    LAND,
    WEDDING,
    enter_catalogue,
    enter_life_events,
)

ASKED = "dang ky"


@pytest.fixture(autouse=True)
def catalogue(db: None, tmp_path: Path) -> None:
    enter_catalogue(tmp_path)
    enter_life_events()
    titles.current.forget()


def listed(client: Client, **address: str) -> Any:
    answer = client.get(reverse("procedures:list"), address)
    assert answer.status_code == 200
    return answer


def names(answer: Any) -> set[str]:
    return {row["version"].name for row in answer.context["rows"]}


def slug(name: str) -> str:
    return Sector.objects.get(name=name).slug


def test_the_counts_are_those_of_the_question_not_of_the_catalogue(client: Client):
    facets = listed(client, q=ASKED).context["facets"]

    assert {one.label: one.count for one in facets.sectors} == {"Hộ tịch": 3, "Cư trú": 1}
    assert {one.value: one.count for one in facets.agencies}["Bộ Công an"] == 1
    assert {one.value: one.count for one in facets.online_levels}["full_online"] == 2
    assert facets.online == 2


@pytest.mark.parametrize("question", ["", ASKED])
def test_each_count_is_what_its_choice_leaves(client: Client, question: str):
    narrowed = {"q": question, "truc-tuyen": "1"}
    facets = listed(client, **narrowed).context["facets"]

    for name, choices in (
        ("linh-vuc", facets.sectors),
        ("cap", facets.levels),
        ("doi-tuong", facets.categories),
        ("co-quan", facets.agencies),
        ("muc-do", facets.online_levels),
    ):
        assert choices
        for one in choices:
            answer = listed(client, **narrowed, **{name: one.value})
            assert answer.context["page"].count.value == one.count, (name, one.value)


def test_filters_work_together_and_are_kept_while_paging(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(selectors, "PAGE_SIZE", 1)

    answer = listed(
        client, q=ASKED, **{"linh-vuc": slug("Hộ tịch"), "co-quan": "", "muc-do": "information_only"}
    )

    assert len(answer.context["rows"]) == 1
    later = answer.context["later"]
    assert {"q", "muc-do", "linh-vuc", "trang"} == set(parse_qs(later[1:]))
    assert names(answer) | names(client.get(reverse("procedures:list") + later)) == {WEDDING, DEATH}


def test_a_choice_that_leaves_nothing_stays_to_be_seen(client: Client):
    answer = listed(client, q=ASKED, **{"linh-vuc": slug("Đất đai")})

    assert answer.context["rows"] == []
    chosen = [one for one in answer.context["facets"].sectors if one.label == "Đất đai"]
    assert [one.count for one in chosen] == [0]
    html = answer.content.decode()
    assert "Bỏ điều kiện lọc thì có 4 thủ tục." in html


def test_among_many_results_a_filter_finds_more_than_the_best(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("procedures.search.ranking.SHORTLIST", 2)
    monkeypatch.setattr(selectors, "SHORTLIST", 2)

    answer = listed(client, q=ASKED, **{"linh-vuc": slug("Cư trú")})

    assert names(answer) == {HOME}
    assert "+)" in answer.content.decode()


def test_counting_costs_one_query_more(client: Client, django_assert_max_num_queries: Any):
    listed(client, q=ASKED)
    with django_assert_max_num_queries(10):
        listed(client, q=ASKED)
    with django_assert_max_num_queries(10):
        listed(client, q=ASKED, cap="commune", **{"truc-tuyen": "1"})


def test_the_cells_say_what_the_rows_say():
    for filters in (
        Filters(level="commune"),
        Filters(category="citizen"),
        Filters(agency="Bộ Công an"),
        Filters(online_level="full_online"),
        Filters(online=True),
        Filters(sector="khong-co"),
        Filters(agency="Bộ không có"),
    ):
        assert selectors.facets(filters).total.value == selectors.catalogue(filters).count.value


# Why, and what else


def test_a_synonym_is_told_in_words(client: Client):
    services.add(said="nên duyên", official="kết hôn", both_ways=False, actor=KEEPER, at=NINE)

    html = listed(client, q="nên duyên").content.decode()

    assert "“nên duyên” trong danh mục gọi là “kết hôn”." in html


def test_a_title_without_a_word_of_the_question_says_why_it_is_there(client: Client):
    answer = listed(client, q="ruộng bậc thang")

    (row,) = answer.context["rows"]
    assert row["version"].name == LAND
    assert row["why"] == Reason.TEXT.label
    assert str(Reason.TEXT.label) in answer.content.decode()


def test_words_taken_as_typed_offer_what_was_probably_meant(client: Client):
    answer = listed(client, q="ket hpn", **{"nguyen-van": "1"})

    html = answer.content.decode()
    assert "Có phải bạn muốn tìm:" in html
    assert 'href="?q=k%E1%BA%BFt+h%C3%B4n"' in html


def test_when_nothing_fits_there_are_other_ways(client: Client):
    html = listed(client, q="xyzzy qwrtp").content.decode()

    assert 'href="tel:1022"' in html
    assert "/su-kien/" in html
    assert "Xem theo lĩnh vực" in html
    assert f"?linh-vuc={slug('Hộ tịch')}" in html


def test_the_words_that_the_catalogue_knows_are_offered_alone(client: Client):
    answer = listed(client, q="xyzzy qwrtp khai tử")

    assert answer.context["explained"].shorter == "khai tử"
    if answer.context["fits_little"]:
        assert answer.context["ways_on"]["near"][0][0].label == "Hộ tịch"
        assert "?q=khai+t%E1%BB%AD" in answer.content.decode()


def test_what_fits_needs_no_other_ways(client: Client):
    answer = listed(client, q="khai sinh")

    assert not answer.context["fits_little"]
    assert answer.context["rows"][0]["version"].name == BIRTH
    assert answer.context["rows"][0]["why"] == ""


def test_the_api_filters_by_agency_and_online_level(client: Client):
    answer = client.get("/api/v1/procedures/", {"q": ASKED, "agency": "Bộ Công an"})
    assert [row["name"] for row in answer.json()["results"]] == [HOME]
    assert client.get("/api/v1/procedures/", {"online_level": "x"}).status_code == 422
