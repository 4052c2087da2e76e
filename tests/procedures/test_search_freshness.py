"""What every process holds of the titles is never shown after it has ceased to be right."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procedures import services
from procedures.models import Procedure, ProcedureVersion, SearchWord
from procedures.search import counting, index, memory, titles
from procedures.search.find import find
from procedures.selectors import Filters, facets
from tests.factories import NINE
from tests.procedures.finding import BIRTH, DEATH, KEEPER, WEDDING, enter_catalogue
from tests.procedures.test_catalogue_pages import names_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


@pytest.fixture
def catalogue(db: None, tmp_path: Path) -> None:
    enter_catalogue(tmp_path)


@pytest.fixture(autouse=True)
def trusting(catalogue: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As another process does that has just looked: it knows of no change until the number says so."""
    titles.current.forget()
    assert len(titles.current()) == 7


def version_of(name: str) -> ProcedureVersion:
    return ProcedureVersion.objects.select_related("procedure").get(name=name)


def test_what_is_abolished_is_not_found_any_more(client: Client):
    assert names_for(client, q="ket hon")[0] == WEDDING

    services.abolish(
        version_id=version_of(WEDDING).pk,
        decision="1/QĐ",
        last_day=NINE.date(),
        reason="Bãi bỏ (thử)",
        actor=KEEPER,
        at=NINE,
    )

    assert WEDDING not in names_for(client, q="ket hon")
    assert facets().total.value == 6


def test_a_process_that_has_not_heard_of_it_shows_neither_what_is_abolished_nor_an_old_name(client: Client):
    assert names_for(client, q="ket hon")[0] == WEDDING
    # Past every service, so that no number changes.
    ProcedureVersion.objects.filter(name=WEDDING).update(status="abolished")
    ProcedureVersion.objects.filter(name=DEATH).update(name="Đăng ký khai tử (sửa)")

    assert WEDDING not in names_for(client, q="ket hon")
    assert "Đăng ký khai tử (sửa)" in names_for(client, q="khai tu")


def test_a_new_version_takes_the_place_of_the_one_before_it(client: Client):
    draft = services.clone(version_id=version_of(WEDDING).pk, actor=KEEPER, at=NINE)
    ProcedureVersion.objects.filter(pk=draft.pk).update(
        name="Thủ tục ghi chú quáng gà",
        publication_decision="2/QĐ",
        effective_from=NINE.date() - timedelta(days=1),
        status="approved",
    )
    draft.refresh_from_db()
    index.refresh(draft)

    services.publish(version_id=draft.pk, actor=KEEPER, at=NINE)

    assert names_for(client, q="quang ga") == ["Thủ tục ghi chú quáng gà"]
    assert WEDDING not in names_for(client, q="ket hon")


def test_what_is_closed_is_not_among_what_can_be_filed_here():
    assert facets(Filters(online=True)).total.value == 2

    services.close_for_filing(version_id=version_of(BIRTH).pk, actor=KEEPER, at=NINE)

    assert facets(Filters(online=True)).total.value == 1


def test_only_what_has_changed_is_read_again(monkeypatch: pytest.MonkeyPatch):
    held = titles.current()
    ProcedureVersion.objects.filter(name=DEATH).update(ministry="Bộ Tư pháp (thử)")
    titles.have_changed()
    asked: list[Any] = []

    def ask(text: str, values: Any) -> Any:
        asked.append(values)
        return original(text, values)

    original = titles._ask
    monkeypatch.setattr(titles, "_ask", ask)

    assert titles.current() is held
    assert asked[1][1] == [version_of(DEATH).pk]
    assert len(held) == 7
    assert find("khai tu", lambda cell: cell.agency == "Bộ Tư pháp (thử)").ids == (version_of(DEATH).pk,)


def test_after_many_changes_the_titles_are_held_anew():
    held = titles.current()
    ProcedureVersion.objects.update(ministry="Bộ Tư pháp (thử)")
    titles.have_changed()

    assert titles.current() is not held
    assert len(titles.current()) == 7


def test_counting_one_title_comes_to_the_same_as_counting_all():
    procedure = Procedure.objects.get(code="1.000894")
    version = procedure.current_version
    assert version is not None
    before = counting.terms_of(version)
    version.name = "Thủ tục đăng ký khai sinh lưu động"
    version.save(update_fields=["name"])
    index.refresh(version)

    counting.count_changed(before=before, after=counting.terms_of(version))
    changed = dict(SearchWord.objects.filter(titles__gt=0).values_list("word", "titles"))
    counting.count_words()
    counted = dict(SearchWord.objects.values_list("word", "titles"))

    words = {word: times for word, times in counted.items() if " " not in word}
    assert {word: times for word, times in changed.items() if " " not in word} == words
    known = [pair for pair in counted if " " in pair and pair in changed and changed[pair] > 1]
    assert known
    assert all(changed[pair] == counted[pair] for pair in known)
    assert memory.last_number(memory.Part.TITLES)


def test_the_page_of_a_procedure_that_was_abolished_says_so(client: Client):
    address = reverse("procedures:detail", args=["1.000894"])
    assert "Thủ tục đã bị bãi bỏ" not in client.get(address).content.decode()

    services.abolish(
        version_id=version_of(WEDDING).pk,
        decision="1/QĐ",
        last_day=NINE.date(),
        reason="Bãi bỏ (thử)",
        actor=KEEPER,
        at=NINE,
    )

    assert "Thủ tục đã bị bãi bỏ" in client.get(address).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_parts_of_a_sealed_version_are_read_once_and_its_standing_each_time(client: Client):
    version = version_of(WEDDING)
    address = reverse("procedures:detail", args=[version.procedure.code])
    ProcedureVersion.objects.filter(pk=version.pk).update(is_sealed=True)

    with CaptureQueriesContext(connection) as first:
        before = client.get(address).content.decode().partition("<article")[2]
    with CaptureQueriesContext(connection) as second:
        after = client.get(address).content.decode().partition("<article")[2]
    assert before
    assert before == after
    assert len(second) < len(first)
    assert not any("procedures_component" in query["sql"] for query in second)

    ProcedureVersion.objects.filter(pk=version.pk).update(status="abolished")
    assert "Thủ tục đã bị bãi bỏ" in client.get(address).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_parts_of_a_version_that_can_still_be_corrected_are_read_each_time(client: Client):
    version = version_of(WEDDING)
    address = reverse("procedures:detail", args=[version.procedure.code])
    client.get(address)

    version.components.create(position=90, name="Giấy tờ bổ sung (thử)", originals=1)

    assert "Giấy tờ bổ sung (thử)" in client.get(address).content.decode()
