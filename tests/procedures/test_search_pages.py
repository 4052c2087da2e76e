from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from procedures import selectors
from procedures.models import FailedSearch, ProcedureVersion, SearchSynonym
from procedures.search import failures, find, memory
from procedures.search.find import Found
from procedures.search.index import learn_spellings
from tests.factories import NINE
from tests.procedures.test_catalogue_pages import enter, names_for
from tests.procedures.test_import import record

WEDDING, DEATH, LICENCE = (
    "Thủ tục đăng ký kết hôn",
    "Thủ tục đăng ký khai tử",
    "Cấp lại giấy phép lái xe",
)


@pytest.fixture
def catalogue(db: None, tmp_path: Path) -> Path:
    return enter(
        tmp_path,
        record(code="1.000894", name=WEDDING, levels=["commune"]),
        record(code="1.000656", name=DEATH, levels=["commune"]),
        record(code="1.005461", name="Đăng ký lại khai tử", levels=["commune"]),
        record(code="1.001766", name="Thủ tục đăng ký khai tử có yếu tố nước ngoài", levels=["commune"]),
        record(code="3.000348", name=LICENCE, field="Sát hạch", levels=["province"]),
        record(code="1.000049", name="Cấp chứng chỉ hành nghề đo đạc và bản đồ", levels=["ministry"]),
        record(code="1.000050", name="Mở bến khách ngang sông", levels=["province"]),
    )


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("dang ki ket hpn", WEDDING),  # a neighbouring key
        ("giay pehp lai xe", LICENCE),  # two letters turned round
        ("giaays phesp lais xe", LICENCE),  # a keyboard that made no marks
        ("kethon", WEDDING),  # two words in one
        ("khai tử", DEATH),
        ("mất gplx", LICENCE),
    ],
)
def test_slips_of_the_fingers_are_forgiven(client: Client, catalogue: Path, question: str, name: str):
    assert names_for(client, q=question)[0] == name


def test_the_plain_case_comes_before_special_ones_nobody_asked_for(client: Client, catalogue: Path):
    assert names_for(client, q="khai tu")[0] == DEATH
    assert names_for(client, q="khai tu nuoc ngoai")[0].endswith("có yếu tố nước ngoài")
    assert names_for(client, q="dang ky lai khai tu")[0] == "Đăng ký lại khai tử"


def test_a_correction_is_shown_and_can_be_undone(client: Client, catalogue: Path):
    html = client.get(reverse("procedures:list"), {"q": "ket hpn"}).content.decode()

    assert "Đang tìm:" in html
    assert "<strong>kết hôn</strong>" in html
    assert "?q=ket+hpn&amp;nguyen-van=1" in html
    undone = client.get(reverse("procedures:list"), {"q": "ket hpn", "nguyen-van": "1"}).content.decode()
    assert "Đang tìm:" not in undone


def test_what_is_typed_rightly_is_not_corrected(client: Client, catalogue: Path):
    assert (
        "Đang tìm:" not in client.get(reverse("procedures:list"), {"q": "dang ky ket hon"}).content.decode()
    )


def test_a_new_synonym_is_known_at_once(client: Client, catalogue: Path):
    assert names_for(client, q="nên duyên") == []

    SearchSynonym.objects.create(said="nên duyên", key="nen duyen", official="kết hôn")
    memory.has_changed()

    assert names_for(client, q="nen duyen") == [WEDDING]


def test_without_anything_learnt_the_words_still_find(client: Client, catalogue: Path):
    memory.keep_spellings(b"")

    assert names_for(client, q="ket hon") == [WEDDING]
    learn_spellings()
    assert names_for(client, q="ket hon") == [WEDDING]


def test_suggestions_come_while_a_question_is_typed(client: Client, catalogue: Path):
    answer = client.get(reverse("procedures:suggest"), {"q": "ket h"})

    assert answer.json()["suggestions"][0] == {
        "name": WEDDING,
        "code": "1.000894",
        "url": reverse("procedures:detail", args=["1.000894"]),
        "note": "",
    }
    assert "max-age" in answer["Cache-Control"]


@pytest.mark.parametrize("question", ["", "k", "\x00", "xyzzy", "'"])
def test_nothing_is_suggested_where_there_is_nothing(client: Client, catalogue: Path, question: str):
    assert client.get(reverse("procedures:suggest"), {"q": question}).json() == {"suggestions": []}


def test_what_finds_nothing_is_kept_without_numbers(client: Client, catalogue: Path):
    for _time in range(2):
        client.get(reverse("procedures:list"), {"q": "Xyzzy  của 048099000123 a@b.vn"})
    client.get(reverse("procedures:list"), {"q": "XYZZY cua 0905.123.456"})

    kept = FailedSearch.objects.get()
    assert (kept.text, kept.times) == ("xyzzy cua …", 3)
    assert kept.days.get().times == 3


def test_what_finds_something_or_was_narrowed_is_not_kept(client: Client, catalogue: Path):
    client.get(reverse("procedures:list"), {"q": "ket hon"})
    client.get(reverse("procedures:list"), {"q": "xyzzy", "cap": "commune"})

    assert not FailedSearch.objects.exists()


def test_the_log_does_not_grow_without_end(db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(failures, "MOST", 2)
    for number in range(4):
        failures.note(f"việc {'abcd'[number]}", found=0, at=NINE + timedelta(minutes=number))

    assert FailedSearch.objects.count() == 2


def test_a_flood_silences_nobody_who_asks_after_it(db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(failures, "MOST", 2)
    for number, question in enumerate(["mở đò", "mở đò", "xyzzy", "plugh"]):
        failures.note(question, found=0, at=NINE + timedelta(minutes=number))

    assert set(FailedSearch.objects.values_list("text", flat=True)) == {"mở đò", "plugh"}


def test_what_holds_no_word_of_a_question_and_means_little_of_it_is_a_guess(
    client: Client, catalogue: Path, monkeypatch: pytest.MonkeyPatch
):
    every = tuple(ProcedureVersion.objects.current().values_list("pk", flat=True))
    monkeypatch.setattr(find, "find", lambda *_args, **_options: Found(every, is_weak=True))
    html = client.get(reverse("procedures:list"), {"q": "zxqwv plkj"}).content.decode()

    assert "Không thủ tục nào có từ trong câu hỏi “zxqwv plkj”" in html
    assert html.count('class="procedure-item"') == selectors.GUESSED < len(every)
    assert "gần nghĩa với điều bạn hỏi" not in html
    assert "trang=2" not in html
    assert "Các cách khác để tìm" in html
    assert FailedSearch.objects.get().found == 0


def test_who_sets_marks_is_not_shown_words_with_other_marks(client: Client, catalogue: Path, tmp_path: Path):
    enter(tmp_path, record(code="1.000777", name="Chữa cháy do đỏ lửa ở sở, số 1"))
    html = client.get(reverse("procedures:list"), {"q": "đỏ lửa"}).content.decode()

    assert "Chữa cháy do <mark>đỏ lửa</mark> ở sở, số 1" in html
