"""Synonyms on the desk: who may, what is refused, what is tried, what is kept, what is taken back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from procedures.models import CareEvent, SearchSynonym
from procedures.search import find, synonyms
from procedures.search.synonyms import Entry
from procedures.search_desk.trial import trial
from procedures.services import synonyms as services
from procedures.states import CareKind
from tests.factories import NINE
from tests.procedures.finding import KEEPER, WEDDING, enter_catalogue, officer
from tests.procedures.test_catalogue_pages import names_for

LIST = "/can-bo/tim-kiem/tu-dong-nghia/"
NEW = {"said": "nên duyên", "official": "kết hôn", "edits": "0"}


@pytest.fixture
def catalogue(db: None, tmp_path: Path) -> Path:
    enter_catalogue(tmp_path)
    return tmp_path


@pytest.fixture
def keeper(db: None) -> Client:
    return officer()


def added(said: str = "nên duyên", official: str = "kết hôn", *, both_ways: bool = False) -> SearchSynonym:
    return services.add(said=said, official=official, both_ways=both_ways, actor=KEEPER, at=NINE)


def test_only_who_looks_after_the_catalogue_comes_in(client: Client, keeper: Client):
    clerk = officer(Role.CLERK)
    for name in ("synonyms", "add_synonym", "export_synonyms", "bring_in_synonyms", "questions", "events"):
        address = reverse(f"search_desk:{name}")
        assert keeper.get(address).status_code == 200
        assert clerk.get(address).status_code == 403
        assert client.get(address).status_code == 302


def test_the_services_ask_themselves_who_may(db: None):
    with pytest.raises(NotAllowed):
        services.add(said="a b", official="c d", both_ways=False, actor=Actor.anonymous(), at=NINE)


def test_a_row_that_is_added_finds_at_once(client: Client, catalogue: Path, keeper: Client):
    assert WEDDING not in names_for(client, q="nen duyen")

    answer = keeper.post(f"{LIST}moi/", NEW)

    assert answer.status_code == 302
    assert names_for(client, q="nen duyen")[0] == WEDDING
    event = CareEvent.objects.get()
    assert (event.kind, (event.after or {})["official"]) == (CareKind.ADDED, "kết hôn")
    assert SearchSynonym.objects.get(key="nen duyen").edited_by == event.actor_name != ""


def test_a_row_of_both_ways_finds_from_each_side(catalogue: Path):
    added("lễ thành hôn", "kết hôn", both_ways=False)
    assert not find.find("lễ thành hôn").is_weak
    one_way = synonyms.stored()
    assert ("lễ", "thành", "hôn") not in one_way.longest_at(("kết", "hôn"), 0)[1]

    row = SearchSynonym.objects.get(key="le thanh hon")
    services.change(
        synonym_id=row.pk,
        said=row.said,
        official=row.official,
        both_ways=True,
        edits=0,
        actor=KEEPER,
        at=NINE,
    )

    assert ("lễ", "thành", "hôn") in synonyms.stored().longest_at(("kết", "hôn"), 0)[1]


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"said": ""}, "said", "Hãy ghi cách nói"),
        ({"said": "…"}, "said", "bằng chữ"),
        ({"said": "a = b"}, "said", "Không dùng"),
        ({"said": "x" * 121}, "said", "120"),
        ({"official": ""}, "official", "Hãy ghi cách gọi"),
        ({"official": "| |"}, "official", "ít nhất một"),
        ({"official": "Nên Duyên"}, "official", "Trùng"),
        ({"said": "CCCD"}, "said", "Đã có dòng"),
    ],
)
def test_what_will_not_do_is_told_at_its_field(
    keeper: Client, changes: dict[str, str], field: str, told: str
):
    answer = keeper.post(f"{LIST}moi/", NEW | changes)

    assert answer.status_code == 422
    assert told in " ".join(answer.context["form"].errors[field])
    assert not CareEvent.objects.exists()


def test_two_people_do_not_overwrite_each_other(keeper: Client):
    row = added()
    change = f"{LIST}{row.pk}/"

    assert keeper.post(change, NEW | {"official": "kết hôn | đăng ký kết hôn"}).status_code == 302
    late = keeper.post(change, NEW | {"official": "ly hôn"})

    assert late.status_code == 422
    assert "Người khác vừa sửa" in late.content.decode()
    assert SearchSynonym.objects.get(pk=row.pk).official == "kết hôn | đăng ký kết hôn"
    assert keeper.post(f"{change}xoa/", {"edits": "0"}).status_code == 409


def test_what_is_removed_can_be_taken_back(client: Client, catalogue: Path, keeper: Client):
    row = added()
    listed = keeper.post(f"{LIST}{row.pk}/xoa/", {"edits": "0"}, follow=True)
    assert "Đã xóa “nên duyên”." in listed.content.decode()
    assert WEDDING not in names_for(client, q="nen duyen")

    removal = CareEvent.objects.filter(kind=CareKind.REMOVED).get()
    undo = reverse("search_desk:undo", args=[removal.pk])
    assert keeper.post(undo).status_code == 302

    assert names_for(client, q="nen duyen")[0] == WEDDING
    assert keeper.post(undo).status_code == 409, "a second click changes nothing"
    assert SearchSynonym.objects.filter(key="nen duyen").count() == 1


@pytest.mark.parametrize("said", ["nên duyên", "nên vợ nên chồng"])
def test_a_change_can_be_taken_back_until_somebody_changes_it_again(db: None, said: str):
    row = added()
    change: dict[str, Any] = {"synonym_id": row.pk, "both_ways": True, "actor": KEEPER}
    services.change(**change, said=said, official="ly hôn", edits=0, at=NINE)
    event = CareEvent.objects.latest("pk")

    services.undo(event_id=event.pk, actor=KEEPER, at=NINE)

    row.refresh_from_db()
    assert (row.said, row.official, row.both_ways) == ("nên duyên", "kết hôn", False)
    services.change(**change, said="nên duyên", official="tảo hôn", edits=2, at=NINE)
    with pytest.raises(services.Changed):
        services.undo(event_id=event.pk, actor=KEEPER, at=NINE)


def test_the_log_is_only_added_to(db: None):
    added()
    with pytest.raises(IntegrityError), transaction.atomic():
        CareEvent.objects.update(actor_name="Người khác")


def test_a_question_is_tried_before_anything_is_saved(catalogue: Path, keeper: Client):
    answer = keeper.post(f"{LIST}moi/", NEW | {"question": "nên duyên", "thu": "1"})

    assert answer.status_code == 200
    found = answer.context["trial"]
    assert WEDDING not in [line.name for line in found.before]
    assert (found.after[0].name, found.after[0].was) == (WEDDING, 0)
    assert not SearchSynonym.objects.filter(key="nen duyen").exists()
    assert WEDDING not in names_for(Client(), q="nen duyen")


def test_a_trial_says_what_a_removal_would_lose(catalogue: Path):
    added()

    told = trial("nên duyên", None, instead_of="nen duyen")

    assert told.before[0].name == WEDDING
    assert WEDDING not in [line.name for line in told.after]


def test_a_trial_of_half_a_row_is_no_trial(keeper: Client):
    answer = keeper.post(f"{LIST}moi/", {"said": "x", "official": "", "question": "y", "thu": "1"})

    assert answer.status_code == 200
    assert answer.context["trial"] is None


@pytest.mark.parametrize("query", ["so do", "Sổ ĐỎ", "quyền sử dụng đất", "'", "%", "\x00"])
def test_the_list_is_searched_on_both_sides(keeper: Client, query: str):
    answer = keeper.get(LIST, {"q": query})

    assert answer.status_code == 200
    if "'" not in query and "%" not in query and "\x00" not in query:
        assert "sổ đỏ" in {row.said for row in answer.context["page"].rows}


def test_the_list_costs_the_same_on_every_page(keeper: Client, django_assert_max_num_queries: object):
    first = keeper.get(LIST).context
    assert len(first["page"].rows) == 50
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        second = keeper.get(LIST + first["pages"]["later"])
    assert second.context["page"].rows[0].key > first["page"].rows[-1].key


# The file


def test_the_file_that_goes_out_comes_in_again_unchanged(keeper: Client):
    added(both_ways=True)
    text = keeper.get(f"{LIST}tai-ve/").content.decode()
    assert "nên duyên <=> kết hôn\n" in text
    rows = services.parse(text)

    told = services.bring_in(rows=rows, remove_missing=True, actor=KEEPER, at=NINE)

    assert (told.added, told.changed, told.missing) == ([], [], [])
    assert told.same == SearchSynonym.objects.count() == len(rows)


def test_a_file_is_shown_before_it_is_brought_in(keeper: Client):
    added()
    before = SearchSynonym.objects.count()
    text = "# mine\nnên duyên = kết hôn | cưới hỏi\nnghỉ dưỡng <=> nghỉ mát  # both\n"
    file = SimpleUploadedFile("tu.txt", text.encode())

    shown = keeper.post(f"{LIST}tu-tep/", {"file": file})

    assert shown.status_code == 200
    told = shown.context["told"]
    assert (len(told.added), len(told.changed), len(told.missing)) == (1, 1, before - 1)
    assert SearchSynonym.objects.count() == before

    assert keeper.post(f"{LIST}tu-tep/", {"text": text}).status_code == 302
    assert SearchSynonym.objects.count() == before + 1
    assert SearchSynonym.objects.get(key="nghi duong").both_ways
    assert CareEvent.objects.filter(kind=CareKind.CHANGED, title="nên duyên").exists()


def test_a_file_can_replace_all_rows(db: None):
    services.bring_in(
        rows=[Entry("nên duyên", "kết hôn")],
        remove_missing=True,
        actor=KEEPER,
        at=NINE + timedelta(minutes=1),
    )

    assert [row.said for row in SearchSynonym.objects.all()] == ["nên duyên"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"abc\n", "Dòng 1"),
        (b"a =\n", "Dòng 1"),
        ("nên = kết\nnên = ly\n".encode(), "hai dòng khác nhau"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"# nothing\n", "không có dòng nào"),
        ("… = kết hôn\n".encode(), "bằng chữ"),
    ],
)
def test_a_file_that_will_not_do_says_where(keeper: Client, content: bytes, told: str):
    answer = keeper.post(f"{LIST}tu-tep/", {"file": SimpleUploadedFile("tu.txt", content)})

    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_a_file_of_nonsense_names_the_first_lines_only(db: None):
    with pytest.raises(InvalidInput) as refused:
        services.parse("x\n" * 1_000)

    assert len(refused.value.problems) == services.MOST_PROBLEMS
