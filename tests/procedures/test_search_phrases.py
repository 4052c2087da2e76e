"""Words side by side, in titles and in papers, say what single words do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from procedures.models import PaperPhrases, ProcedureVersion, SearchWord
from procedures.search import index, knowledge, phrases
from procedures.search.find import find
from tests.procedures.test_catalogue_pages import enter
from tests.procedures.test_import import record

pytestmark = pytest.mark.django_db


def paper(name: str) -> dict[str, object]:
    return {"group": None, "name": name, "form": None, "originals": 1, "copies": 0}


@pytest.fixture
def catalogue(tmp_path: Path) -> dict[str, int]:
    enter(
        tmp_path,
        record(code="1.000001", name="Cấp đổi giấy tờ theo xe", components=[paper("Biển số vàng cũ")]),
        record(code="1.000002", name="Cấp đổi giấy tờ theo tàu", components=[paper("Số biển báo màu vàng")]),
        record(code="1.000003", name="Đăng ký hộ kinh doanh"),
        record(code="1.000004", name="Đăng ký kinh doanh cho hộ"),
        record(code="1.000005", name="Hộ kinh doanh tạm ngừng"),
    )
    return dict(ProcedureVersion.objects.current().values_list("procedure__code", "pk"))


def test_what_only_the_papers_name_is_found(catalogue: dict[str, int]):
    ids = find("bien so vang").ids

    assert ids[0] == catalogue["1.000001"]


def test_pairs_of_several_titles_are_counted(catalogue: dict[str, int]):
    counted = dict(SearchWord.objects.values_list("word", "titles"))

    assert counted["kinh doanh"] == 3
    assert counted["ho kinh"] == 2
    assert "doanh cho" not in counted
    assert knowledge.known().vocabulary.begun("kinh", most=5) == ["kinh"]


def test_a_title_with_the_words_side_by_side_comes_first(catalogue: dict[str, int]):
    first = find("ho kinh doanh").ids[:2]

    assert set(first) == {catalogue["1.000003"], catalogue["1.000005"]}


def test_phrases_follow_a_change_of_the_papers(catalogue: dict[str, int]):
    version = ProcedureVersion.objects.get(pk=catalogue["1.000002"])
    version.components.update(name="Thẻ thủy thủ")
    index.refresh(version)

    assert set(phrases.found([("thuy", "thu")], among=5)) == {version.pk}
    assert phrases.found([("bien", "bao")], among=5) == {}


def test_versions_that_count_no_more_have_no_phrases(catalogue: dict[str, int], tmp_path: Path):
    enter(tmp_path, record(code="1.000001", name="Cấp đổi giấy tờ theo xe", components=[paper("Khác")]))

    assert PaperPhrases.objects.filter(version=catalogue["1.000001"]).count() == 0
    assert PaperPhrases.objects.count() == 5


def test_a_pair_that_stands_everywhere_is_not_asked(
    catalogue: dict[str, int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(phrases, "MOST_COMMON", 0)

    assert phrases.found([("bien", "so")], among=5) == {}
    assert phrases.found([], among=5) == {}
