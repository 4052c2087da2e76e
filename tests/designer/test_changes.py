"""What a newer catalogue says of what the city published: a difference that people accept or reject item by item."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.actor import Actor, ActorKind
from core.errors import Conflict, InvalidInput, NotAllowed
from designer.words import shape_at
from procedures import document, services
from procedures.care import differences, pending, review
from procedures.importing import writing
from procedures.models import Procedure, ProcedureVersion, ReviewFlag, SourceAnswer, SourceChange
from procedures.states import SourceChangeKind, VersionStatus
from tests.designer.kit import KEEPER
from tests.procedures.test_import import file_of

pytestmark = pytest.mark.django_db

CUT = Path(__file__).parents[1] / "procedures" / "catalogue_cut.jsonl"
CODE = "2.000908"
"""A copy from an original register: one working day in each of three channels, two papers, free."""

Record = dict[str, Any]
Change = Callable[[Record], Any]


def catalogue() -> dict[str, Record]:
    """Give a small cut of the national catalogue as it was published, by code."""
    records = [json.loads(line) for line in CUT.read_text(encoding="utf-8").splitlines()]
    return {one["code"]: one for one in records}


def imported(
    folder: Path, change: Change | None = None, *, code: str = CODE, **options: Any
) -> dict[str, Any]:
    """Import the cut, with a change to one record of it; give the figures."""
    records = catalogue()
    if change is not None:
        change(records[code])
    return imported_as(folder, records, **options)


def imported_as(folder: Path, records: dict[str, Record], **options: Any) -> dict[str, Any]:
    report = folder / "report.tsv"
    with (folder / "figures.txt").open("w+") as out:
        call_command(
            "import_procedures", file_of(folder, *records.values()), report=report, stdout=out, **options
        )
        out.seek(0)
        figures: dict[str, Any] = json.loads(out.read().splitlines()[-1])
    return figures


def now() -> datetime:
    return timezone.now()


def current(code: str = CODE) -> ProcedureVersion:
    return ProcedureVersion.objects.get(current_of__code=code)


def items(code: str = CODE) -> dict[str, pending.Item]:
    change = SourceChange.objects.get(procedure__code=code)
    target = pending.target_of(change.procedure)
    assert target is not None
    return {" › ".join(one.group): one for one in pending.items(change, document.of_version(target))}


def answer(
    *chosen: pending.Item, accept: bool = True, reason: str = "", code: str = CODE
) -> differences.Answered:
    change = SourceChange.objects.get(procedure__code=code)
    return differences.answer(
        change_id=change.pk,
        tokens={one.token for one in chosen},
        accept=accept,
        reason=reason,
        actor=KEEPER,
        at=now(),
    )


def slower(record: Record) -> None:
    """Two working days online, in the table and in its parsed row."""
    record["methods"][0] |= {"duration_value": 2, "duration_text": "2 Ngày làm việc"}
    record["methods_text"] = record["methods_text"].replace("1 Ngày", "2 Ngày", 1)


def much(record: Record) -> None:
    slower(record)
    record["components"][0]["originals"] = 2
    record["components"].append(
        {"group": None, "name": "Ảnh chân dung", "form": None, "originals": 1, "copies": 0}
    )
    record["decision"] = "999/QĐ-BTP"
    record["source_url"] = "https://dichvucong.gov.vn/trang-moi"


@pytest.fixture
def published(tmp_path: Path) -> ProcedureVersion:
    """The cut, imported, and one procedure of it that the city has published."""
    imported(tmp_path)
    ProcedureVersion.objects.filter(current_of__code=CODE).update(is_sealed=True)
    return current()


def test_a_newer_catalogue_does_not_overwrite_what_the_city_published(
    published: ProcedureVersion, tmp_path: Path
):
    before = document.of_version(published)

    figures = imported(tmp_path, much)

    assert (figures["pending"], figures["updated"], figures["unchanged"]) == (1, 0, 3)
    assert current() == published
    assert document.of_version(current()) == before
    assert set(items()) == {
        "decision › number",
        "source_url",
        "published › methods_text",
        "channels › online#0 › time",
        f"papers › {before['papers'][0]['name']}#0 › originals",
        "papers › Ảnh chân dung#0",
    }
    assert {key for key, one in items().items() if one.is_harmless} == {
        "source_url",
        "published › methods_text",
    }
    assert SourceChange.objects.get().pending == 6
    assert imported(tmp_path, much)["unchanged"] == 4, "the same file asks nothing new"


def test_what_nobody_touched_still_becomes_the_next_version(published: ProcedureVersion, tmp_path: Path):
    figures = imported(tmp_path, lambda record: record.update(authority="Cơ quan khác"), code="1.000593")

    assert (figures["pending"], figures["updated"]) == (0, 1)
    assert current("1.000593").authority == "Cơ quan khác"


def test_an_accepted_item_goes_into_a_new_draft_and_nothing_else_does(
    published: ProcedureVersion, tmp_path: Path
):
    imported(tmp_path, much)

    answered = answer(items()["channels › online#0 › time"])

    draft = answered.version
    assert draft is not None
    online = draft.channels.order_by("position")[0]
    assert (draft.status, online.duration_value, online.duration_text) == (
        "draft",
        Decimal(2),
        "2 Ngày làm việc",
    )
    assert draft.components.count() == published.components.count()
    assert draft.publication_decision == published.publication_decision
    assert current() == published
    assert current().channels.order_by("position")[0].duration_value == 1
    assert len(items()) == 5
    log = SourceAnswer.objects.get()
    assert (log.is_accepted, log.version, log.actor_name) == (True, draft, KEEPER.display_name)


def test_everything_accepted_makes_what_the_ministry_says(published: ProcedureVersion, tmp_path: Path):
    imported(tmp_path, much)

    answered = answer(*items().values())

    assert answered.version is not None
    said = pending.spoken(document.of_version(answered.version))
    assert said == SourceChange.objects.get().source
    assert (items(), SourceChange.objects.get().pending) == ({}, 0)


def test_further_items_join_the_same_draft_and_can_be_undone_there(
    published: ProcedureVersion, tmp_path: Path
):
    imported(tmp_path, much)
    first = answer(items()["decision › number"]).version
    second = answer(items()["papers › Ảnh chân dung#0"]).version
    assert first is not None
    assert first == second

    first.refresh_from_db()
    services.undo(version_id=first.pk, revision=first.revision, actor=KEEPER, at=now())

    assert not first.components.filter(name="Ảnh chân dung").exists()


def test_a_rejected_item_does_not_come_back_until_the_source_changes_it_again(
    published: ProcedureVersion, tmp_path: Path
):
    imported(tmp_path, slower)
    with pytest.raises(InvalidInput):
        answer(items()["channels › online#0 › time"], accept=False)
    answer(items()["channels › online#0 › time"], accept=False, reason="Thành phố cam kết một ngày.")
    answer(*items().values())

    def slower_and_named(record: Record) -> None:
        slower(record)
        record["authority"] = "Cơ quan khác"

    imported(tmp_path, slower_and_named)
    assert set(items()) == {"published › authority"}, "what else changed does not wake it"

    def slowest(record: Record) -> None:
        slower_and_named(record)
        record["methods"][0] |= {"duration_value": 4, "duration_text": "4 Ngày làm việc"}

    imported(tmp_path, slowest)
    assert set(items()) == {"published › authority", "channels › online#0 › time"}


def test_what_the_city_changed_by_itself_is_not_asked_about(tmp_path: Path):
    imported(tmp_path)
    draft = services.clone(version_id=current().pk, actor=KEEPER, at=now())
    own = copy.deepcopy(document.of_version(draft))
    own["channels"][0]["time"] = {"value": 4, "unit": "working_hour"}
    own["papers"].pop()
    own["name_en"] = "Copy from the register"
    services.save(version_id=draft.pk, document=own, revision=draft.revision, actor=KEEPER, at=now())

    figures = imported(tmp_path, lambda record: record.update(authority="Cơ quan khác"))

    assert figures["pending"] == 1
    assert set(items()) == {"published › authority"}
    answered = answer(*items().values())
    said = document.of_version(answered.version)  # type: ignore[arg-type]
    assert (said["channels"][0]["time"]["unit"], said["name_en"]) == ("working_hour", own["name_en"])
    assert said["published"]["authority"] == "Cơ quan khác"


def test_a_correction_is_the_citys_word_and_not_asked_about(tmp_path: Path):
    def bare(record: Record) -> None:
        record["methods"][0] |= {"duration_value": 1, "duration_text": "1"}

    imported(tmp_path, bare)
    flag = ReviewFlag.objects.get(version=current(), reason="unit_assumed")
    review.decide(
        flag_id=flag.pk,
        state="corrected",
        values={"value": "3", "unit": "day"},
        after_decision=0,
        actor=KEEPER,
        at=now(),
    )
    services.clone(version_id=current().pk, actor=KEEPER, at=now())

    def bare_and_named(record: Record) -> None:
        bare(record)
        record["authority"] = "Cơ quan khác"

    imported(tmp_path, bare_and_named)

    assert set(items()) == {"published › authority"}


def test_a_draft_that_is_thrown_away_gives_its_items_back(published: ProcedureVersion, tmp_path: Path):
    imported(tmp_path, much)
    draft = answer(*items().values()).version
    assert draft is not None

    services.discard(version_id=draft.pk, actor=KEEPER, at=now())

    assert (len(items()), SourceChange.objects.get().pending) == (6, 6)


def test_a_version_that_was_never_opened_takes_items_directly(tmp_path: Path):
    imported(tmp_path)
    ProcedureVersion.objects.filter(current_of__code=CODE).update(short_name="Bản sao từ sổ gốc")
    version = current()
    gone = version.components.order_by("position")[0]
    kept = ReviewFlag.objects.create(version=version, field="components[1]", reason="very_long", alike="x")
    lost = ReviewFlag.objects.create(version=version, field="components[0]", reason="very_long", alike="y")
    imported(tmp_path, lambda record: record["components"].pop(0))

    answered = answer(*items().values())

    assert (answered.version, current()) == (version, version)
    assert not version.components.filter(name=gone.name).exists()
    assert current().short_name == "Bản sao từ sổ gốc"
    kept.refresh_from_db()
    lost.refresh_from_db()
    assert (kept.field, kept.state) == ("components[0]", "open"), "a flag follows its row"
    assert lost.state == "confirmed", "a flag of a row that went goes with it"
    assert version.events.get().actor_name == KEEPER.display_name


def test_an_approved_version_takes_nothing(published: ProcedureVersion, tmp_path: Path):
    imported(tmp_path, much)
    draft = services.clone(version_id=published.pk, actor=KEEPER, at=now())
    ProcedureVersion.objects.filter(pk=draft.pk).update(status=VersionStatus.APPROVED)

    with pytest.raises(Conflict, match="đã duyệt"):
        answer(*items().values())

    assert len(items()) == 6


def test_a_double_click_and_a_second_administrator_find_nothing_left_to_do(
    published: ProcedureVersion, tmp_path: Path
):
    imported(tmp_path, much)
    chosen = list(items().values())
    answer(*chosen)

    again = answer(*chosen)

    assert (again.settled, again.gone) == (0, 6)
    assert ProcedureVersion.objects.filter(procedure__code=CODE).count() == 2
    assert SourceAnswer.objects.count() == 6


def test_an_item_that_changed_since_it_was_shown_is_not_accepted_by_its_old_name(
    published: ProcedureVersion, tmp_path: Path
):
    imported(tmp_path, slower)
    shown = items()["channels › online#0 › time"]

    def slowest(record: Record) -> None:
        record["methods"][0] |= {"duration_value": 9, "duration_text": "9 Ngày làm việc"}

    imported(tmp_path, slowest)

    assert (answer(shown).settled, len(items())) == (0, 1)


def test_the_source_going_back_leaves_nothing_to_answer(published: ProcedureVersion, tmp_path: Path):
    imported(tmp_path, much)

    figures = imported(tmp_path)

    assert (figures["pending"], SourceChange.objects.get().pending, items()) == (0, 0, {})


def test_an_import_that_dies_half_way_has_noted_whole_batches_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    imported(tmp_path)
    ProcedureVersion.objects.update(is_sealed=True)
    records = catalogue()
    for one in records.values():
        one["authority"] = "Cơ quan khác"
    write, batches = writing.write, list[Any]()

    def die_in_the_second(entries: Any, **more: Any) -> None:
        write(entries, **more)
        batches.append(entries)
        if len(batches) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("procedures.importing.run.BATCH", 1)
    monkeypatch.setattr(writing, "write", die_in_the_second)
    with pytest.raises(CommandError):
        imported_as(tmp_path, records, whole=True)
    assert not SourceChange.objects.filter(kind=SourceChangeKind.ABOLISHED).exists()
    monkeypatch.setattr(writing, "write", write)

    figures = imported_as(tmp_path, records)

    assert (figures["pending"], figures["unchanged"]) == (2, 2)
    assert SourceChange.objects.filter(pending=1).count() == 4


def test_doubts_about_a_record_stand_by_their_items_which_are_then_not_harmless(
    published: ProcedureVersion, tmp_path: Path
):
    def doubtful(record: Record) -> None:
        record["methods"][0] |= {"duration_value": 2, "duration_text": "2"}
        record["components"].append(
            {"group": None, "name": "Ghi chú", "form": None, "originals": 0, "copies": 0}
        )

    imported(tmp_path, doubtful)

    found = items()
    assert [str(reason) for reason, _text in found["channels › online#0 › time"].doubts] == ["unit_assumed"]
    assert [str(reason) for reason, _text in found["papers › Ghi chú#0"].doubts] == ["no_quantity"]


# What the catalogue no longer has.


def without(code: str = CODE) -> dict[str, Record]:
    records = catalogue()
    del records[code]
    return records


def test_only_a_whole_catalogue_asks_about_what_it_no_longer_has(tmp_path: Path):
    imported(tmp_path)

    assert imported_as(tmp_path, without())["absent"] == 0
    assert imported_as(tmp_path, without(), whole=True, dry_run=True)["absent"] == 1
    assert not SourceChange.objects.exists()
    assert imported_as(tmp_path, without(), whole=True)["absent"] == 1

    change = SourceChange.objects.get()
    assert (change.procedure.code, change.kind, change.pending) == (CODE, "abolished", 1)
    assert current().status == VersionStatus.PUBLISHED, "nobody has decided yet"


def test_a_file_with_a_line_that_cannot_be_read_abolishes_nothing(tmp_path: Path):
    imported(tmp_path)
    records = without()
    records["x"] = {"name": "Không có mã"}

    figures = imported_as(tmp_path, records, whole=True)

    assert (figures["absent"], figures["absent_left_out"]) == (0, True)


def test_an_abolition_is_accepted_with_its_decision(tmp_path: Path):
    imported(tmp_path)
    imported_as(tmp_path, without(), whole=True)
    change = SourceChange.objects.get()
    wish: dict[str, Any] = {
        "change_id": change.pk,
        "actor": KEEPER,
        "at": now(),
        "last_day": date(2026, 11, 30),
    }

    with pytest.raises(InvalidInput):
        differences.accept_abolition(**wish, decision="", reason="")
    differences.accept_abolition(**wish, decision="12/QĐ-BTP", reason="Gộp vào thủ tục khác.")

    assert current().status == VersionStatus.ABOLISHED
    again = differences.accept_abolition(**wish, decision="12/QĐ-BTP", reason="Gộp vào thủ tục khác.")
    assert (again.settled, again.gone) == (0, 1)


def test_a_rejected_abolition_does_not_come_back_until_the_source_had_it_once_more(tmp_path: Path):
    imported(tmp_path)
    imported_as(tmp_path, without(), whole=True)
    change = SourceChange.objects.get()
    differences.reject_abolition(change_id=change.pk, reason="Còn hiệu lực.", actor=KEEPER, at=now())

    assert imported_as(tmp_path, without(), whole=True)["absent"] == 0
    assert imported_as(tmp_path, catalogue(), whole=True)["unchanged"] == 4
    assert imported_as(tmp_path, without(), whole=True)["absent"] == 1


def test_a_procedure_that_is_back_is_no_longer_asked_about(published: ProcedureVersion, tmp_path: Path):
    imported_as(tmp_path, without(), whole=True)

    figures = imported(tmp_path, much)

    assert figures["pending"] == 1
    assert SourceChange.objects.get().kind == SourceChangeKind.CHANGED
    assert len(items()) == 6


def test_only_who_looks_after_the_catalogue_answers(published: ProcedureVersion, tmp_path: Path):
    imported(tmp_path, much)
    stranger = Actor(kind=ActorKind.OFFICER, display_name="Chuyên viên", officer_id=2, grants=frozenset())

    with pytest.raises(NotAllowed):
        differences.answer(
            change_id=SourceChange.objects.get().pk, tokens={"x"}, accept=True, actor=stranger, at=now()
        )


# The pages.


def page_of(code: str = CODE) -> str:
    return reverse("designer:change", args=[code])


def test_the_page_shows_both_sides_and_takes_one_item(
    keeper: Client, published: ProcedureVersion, tmp_path: Path
):
    imported(tmp_path, much)

    page = keeper.get(page_of()).content.decode()
    assert "999/QĐ-BTP" in page
    assert "Ảnh chân dung" in page
    answered = keeper.post(page_of(), {"mot": items()["decision › number"].token}, follow=True)

    draft = ProcedureVersion.objects.get(procedure__code=CODE, status=VersionStatus.DRAFT)
    assert draft.publication_decision == "999/QĐ-BTP"
    assert "Đã nhận 1 mục vào phiên bản 2" in answered.content.decode()


def test_all_harmless_items_are_taken_at_once_and_only_those_that_were_shown(
    keeper: Client, published: ProcedureVersion, tmp_path: Path
):
    imported(tmp_path, much)
    shown = [one.token for one in items().values() if one.group != ("source_url",)]

    keeper.post(page_of(), {"viec": "nhan_vo_hai", "thay": shown})

    assert {one.label for one in SourceAnswer.objects.all()} == {
        "nội dung công bố › cách thức thực hiện như đã công bố"
    }


def test_a_rejection_wants_a_reason_and_a_choice(keeper: Client, published: ProcedureVersion, tmp_path: Path):
    imported(tmp_path, much)
    token = items()["decision › number"].token

    assert keeper.post(page_of(), {"viec": "tu_choi", "reason": "x"}).status_code == 422
    assert keeper.post(page_of(), {"viec": "tu_choi", "muc": token}).status_code == 422
    keeper.post(page_of(), {"viec": "tu_choi", "muc": token, "reason": "Đang kiểm tra."})

    assert SourceAnswer.objects.get().reason == "Đang kiểm tra."


def test_an_abolition_is_decided_on_its_page(keeper: Client, tmp_path: Path):
    imported(tmp_path)
    imported_as(tmp_path, without(), whole=True)
    wish = {"decision": "12/QĐ-BTP", "last_day": "2026-11-30", "reason": "Gộp."}

    assert "không còn thủ tục này" in keeper.get(page_of()).content.decode()
    assert keeper.post(page_of(), {**wish, "last_day": ""}).status_code == 422
    assert keeper.post(page_of(), wish).status_code == 302
    assert current().status == VersionStatus.ABOLISHED


def test_the_list_asks_as_often_however_long_it_is(keeper: Client, tmp_path: Path):
    imported(tmp_path)
    ProcedureVersion.objects.filter(current_of__code=CODE).update(is_sealed=True)
    imported(tmp_path, much)
    address = reverse("designer:changes")
    keeper.get(address)
    with CaptureQueriesContext(connection) as few:
        keeper.get(address)
    ProcedureVersion.objects.update(is_sealed=True)
    records = catalogue()
    for one in records.values():
        much(one)
    imported_as(tmp_path, records)
    with CaptureQueriesContext(connection) as many:
        page = keeper.get(address)

    assert len(page.context["rows"]) == 4
    assert len(many) == len(few)
    assert Procedure.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_administrators_in_the_same_moment_make_one_draft(tmp_path: Path):
    imported(tmp_path)
    ProcedureVersion.objects.filter(current_of__code=CODE).update(is_sealed=True)
    imported(tmp_path, much)
    chosen = list(items().values())
    together = threading.Barrier(2)

    def accept() -> differences.Answered:
        together.wait()
        try:
            return answer(*chosen)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        answered = [one.result() for one in [people.submit(accept) for _person in range(2)]]

    assert sorted(one.settled for one in answered) == [0, 6]
    assert ProcedureVersion.objects.filter(status=VersionStatus.DRAFT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_throwing_the_draft_away_while_somebody_accepts_loses_nothing_and_locks_nobody(tmp_path: Path):
    imported(tmp_path)
    ProcedureVersion.objects.filter(current_of__code=CODE).update(is_sealed=True)
    imported(tmp_path, much)
    draft = answer(items()["decision › number"]).version
    assert draft is not None
    chosen = list(items().values())
    together = threading.Barrier(2)

    def run(work: Callable[[], object]) -> None:
        together.wait()
        try:
            work()
        except Conflict:
            pass  # who came second may be told that the draft is gone
        finally:
            connection.close()

    def discard() -> None:
        services.discard(version_id=draft.pk, actor=KEEPER, at=now())

    with ThreadPoolExecutor(2) as people:
        for one in [people.submit(run, discard), people.submit(run, lambda: answer(*chosen))]:
            one.result()

    working = ProcedureVersion.objects.filter(status=VersionStatus.DRAFT).first()
    settled = SourceAnswer.objects.filter(version=working).count() if working else 0
    assert len(items()) == 6 - settled


def test_the_shape_of_a_document_is_made_once_however_many_lines_a_page_shows():
    assert shape_at("channels[0].time.value") is shape_at("channels[7].time.value")
    assert shape_at("eform.pages[0].title") is None


def test_an_abolition_is_taken_back_on_the_page_of_the_difference_and_asked_about_again(
    keeper: Client, tmp_path: Path
):
    imported(tmp_path)
    imported_as(tmp_path, without(), whole=True)
    page = reverse("designer:change", args=[CODE])
    assert "bản nháp của người nộp sẽ không nộp được nữa" in keeper.get(page).content.decode()
    decided = {"decision": "12/QĐ-BTP", "last_day": f"{now():%Y-%m-%d}", "reason": "Gộp."}
    assert keeper.post(page, decided)["Location"] == page
    version = current()
    undo = reverse("designer:reinstate", args=[CODE, version.version_no])
    assert undo in keeper.get(page).content.decode()

    assert keeper.post(undo, {"reason": "Ghi nhầm"}).status_code == 302

    assert current().status == VersionStatus.PUBLISHED
    assert SourceChange.objects.get().pending == 1
    assert undo not in keeper.get(page).content.decode()


def test_an_abolition_that_stands_says_why_and_makes_a_draft_with_one_button(keeper: Client, tmp_path: Path):
    imported(tmp_path)
    version = current()
    services.abolish(
        version_id=version.pk,
        decision="12/QĐ-BTP",
        last_day=now().date() - timedelta(days=40),
        reason="Gộp.",
        actor=KEEPER,
        at=now() - timedelta(days=50),
    )
    page = keeper.get(reverse("designer:version", args=[CODE, version.version_no])).content.decode()

    assert "Muốn có lại thì cần quyết định công bố mới." in page
    made = keeper.post(reverse("designer:clone_this", args=[CODE, version.version_no]))

    draft = ProcedureVersion.objects.get(status=VersionStatus.DRAFT)
    assert made["Location"] == reverse("designer:version", args=[CODE, draft.version_no])
