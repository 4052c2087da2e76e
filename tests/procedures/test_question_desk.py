"""Questions that found little: what is kept of them, how they are counted, what is done about them."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from procedures.models import CareEvent, FailedSearch, FailedSearchDay
from procedures.search import failures
from procedures.services import questions as services
from procedures.states import QuestionState
from procedures.tasks import forget_old_questions
from tests.factories import NINE
from tests.procedures.finding import KEEPER, officer

LIST = "/can-bo/tim-kiem/cau-hoi/"


@pytest.fixture
def keeper(db: None) -> Client:
    return officer()


@pytest.mark.parametrize(
    "number",
    [
        "048090000123",
        "048 090 000 123",
        "0905.123.456",
        "+84 905 123 456",
        "(0905) 123-456",
        "0905/123/456",
        "0 9 0 5 1 2 3 4 5 6",
        "048_090_000_123",
        "０４８０９００００１２３",
        "٠٤٨٠٩٠٠٠٠١٢٣",
        "048\u200b090\u200b000\u200b123",
        "B1234567",
        "12/3/1990",
        "43A-123.45",
        "3822123",
    ],
)
def test_a_number_of_somebody_is_not_kept(number: str):
    kept = failures.without_numbers(f"hồ sơ của {number} ở đâu")

    assert sum(one.isdigit() for one in kept) < 4
    assert kept.startswith("hồ sơ của ")
    assert kept.endswith(" ở đâu")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Mất 2 xe", "mất 2 xe"),
        ("1.004873", "1.004873"),
        ("thủ tục 1.004873 ở đâu", "thủ tục 1.004873 ở đâu"),
        ("gửi a.b+c@example.vn nhé", "gửi … nhé"),
        ("mức độ 4", "mức độ 4"),
    ],
)
def test_what_is_nobodys_is_kept(text: str, kept: str):
    assert failures.without_numbers(text) == kept


def test_a_very_long_question_is_masked_in_no_time():
    started = timezone.now()

    kept = failures.without_numbers("x" * 100_000 + " 048090000123")

    assert len(kept) <= failures.LONGEST
    assert timezone.now() - started < timedelta(seconds=1)


def test_questions_with_the_same_words_are_one(db: None):
    for text in ("Xin phép nuôi hổ", "xin phep nuoi ho", "XIN PHÉP, NUÔI HỔ!"):
        failures.note(text, found=0, at=NINE)
    failures.note("xin phép nuôi voi", found=3, at=NINE + timedelta(days=1))

    assert list(FailedSearch.objects.order_by("pk").values_list("text", "times")) == [
        ("xin phép, nuôi hổ!", 3),
        ("xin phép nuôi voi", 1),
    ]


def test_what_is_nothing_but_numbers_is_not_kept(db: None):
    failures.note("048090000123", found=0, at=NINE)

    assert not FailedSearch.objects.exists()


def test_an_answered_question_that_fails_again_is_open_again(db: None):
    failures.note("nuôi hổ", found=0, at=NINE)
    question = FailedSearch.objects.get()
    for state, then in ((QuestionState.ANSWERED, "open"), (QuestionState.NOT_OURS, "not_ours")):
        services.mark(question_id=question.pk, state=state, actor=KEEPER, at=NINE)
        failures.note("nuôi hổ", found=0, at=NINE + timedelta(hours=1))
        question.refresh_from_db()
        assert question.state == then

    assert CareEvent.objects.count() == 2


def test_what_was_asked_long_ago_is_forgotten(db: None):
    now = timezone.now()
    failures.note("nuôi hổ", found=0, at=now - failures.KEPT - timedelta(days=2))
    failures.note("nuôi voi", found=0, at=now - failures.KEPT - timedelta(days=2))
    failures.note("nuôi voi", found=0, at=now)

    forget_old_questions()

    assert list(FailedSearch.objects.values_list("text", "times")) == [("nuôi voi", 1)]
    assert FailedSearchDay.objects.count() == 1


def test_the_list_counts_what_was_asked_in_the_period(keeper: Client):
    now = timezone.now()
    for days, text in ((40, "nuôi hổ"), (1, "nuôi hổ"), (1, "nuôi voi"), (2, "nuôi voi"), (60, "nuôi gấu")):
        failures.note(text, found=0, at=now - timedelta(days=days))

    month = keeper.get(LIST).context
    quarter = keeper.get(LIST, {"trong": "90"}).context

    assert [(row["text"], row["asked"]) for row in month["rows"]] == [("nuôi voi", 2), ("nuôi hổ", 1)]
    assert month["count"] == 2
    assert {row["text"]: row["asked"] for row in quarter["rows"]} == {
        "nuôi hổ": 2,
        "nuôi voi": 2,
        "nuôi gấu": 1,
    }


@pytest.mark.parametrize("address", [{"trong": "x"}, {"tinh_trang": "x"}, {"sau": "x"}, {"trong": "9999999"}])
def test_a_strange_address_shows_the_usual_list(keeper: Client, address: dict[str, str]):
    failures.note("nuôi hổ", found=0, at=timezone.now())

    answer = keeper.get(LIST, address)

    assert answer.status_code == 200
    assert len(answer.context["rows"]) == 1


def test_from_a_question_one_step_leads_to_a_synonym(keeper: Client):
    failures.note("nuôi hổ", found=0, at=timezone.now())
    html = keeper.get(LIST).content.decode()
    address = reverse("search_desk:add_synonym")
    link = html.split(f'href="{address}', 1)[1].split('"')[0].replace("&amp;", "&")

    assert parse_qs(urlsplit(link).query) == {"noi": ["nuôi hổ"], "hoi": ["nuôi hổ"]}
    form = keeper.get(address + link).context["form"]
    assert (form["said"].value(), form["question"].value()) == ("nuôi hổ", "nuôi hổ")


def test_a_question_is_marked_and_leaves_the_open_ones(keeper: Client):
    failures.note("nuôi hổ", found=0, at=timezone.now())
    question = FailedSearch.objects.get()
    address = reverse("search_desk:mark_question", args=[question.pk])

    answer = keeper.post(address, {"state": "not_ours", "back": f"{LIST}?trong=90"})

    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?trong=90")
    assert keeper.get(LIST).context["rows"] == []
    (row,) = keeper.get(LIST, {"tinh_trang": "not_ours"}).context["rows"]
    assert row["state_by"]
    assert keeper.post(address, {"state": "x"}).status_code == 404
    assert keeper.post(address, {"state": "open", "back": "//evil.example/"})["Location"] == LIST


def test_many_questions_come_in_pages_of_the_same_cost(keeper: Client, django_assert_max_num_queries: object):
    now = timezone.now()
    rows = FailedSearch.objects.bulk_create(
        FailedSearch(key=f"k{n}", text=f"k{n}", found=0, first_at=now, last_at=now) for n in range(120)
    )
    FailedSearchDay.objects.bulk_create(
        FailedSearchDay(question=row, day=timezone.localtime(now).date(), times=1 + number // 10)
        for number, row in enumerate(rows)
    )
    seen: list[int] = []
    address = LIST
    for _page in range(3):
        with django_assert_max_num_queries(10):  # type: ignore[operator]
            context = keeper.get(address).context
        seen += [row["pk"] for row in context["rows"]]
        address = LIST + context["later"]

    assert len(seen) == len(set(seen)) == 120
