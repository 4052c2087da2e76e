"""The review queue: what an import flagged is confirmed, corrected, asked about or put off, and stays so."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.states import Role
from core.actor import Actor, ActorKind
from core.errors import Conflict, InvalidInput, NotAllowed
from procedures import services
from procedures.care import queue, review
from procedures.care.evidence import passages
from procedures.models import Procedure, ProcedureVersion, ReviewDecision, ReviewFlag
from procedures.states import FlagReason, ReviewState, VersionStatus
from tests.designer.kit import KEEPER
from tests.procedures.test_import import METHOD, file_of, record

pytestmark = pytest.mark.django_db


def bare(**changes: Any) -> dict[str, Any]:
    """A record whose time limit is a number without a unit, as 757 rows of the catalogue are."""
    methods = [METHOD | {"duration_value": 5, "duration_text": "5"}]
    told = {"methods": methods, "methods_text": "Trực tuyến5Miễn phí", "steps": "Trong 05 ngày làm việc."}
    return record(**(told | changes))


def imported(folder: Path, *records: dict[str, Any], **options: Any) -> None:
    call_command("import_procedures", file_of(folder, *records), report=folder / "report.tsv", **options)


def flag_of(code: str = "1.000001", reason: str = FlagReason.UNIT_ASSUMED) -> ReviewFlag:
    return ReviewFlag.objects.get(version__current_of__code=code, reason=reason)


def decide(flag: ReviewFlag, state: str, *, after: int = 0, at: Any = None, **more: Any) -> ReviewDecision:
    return review.decide(
        flag_id=flag.pk, state=state, after_decision=after, actor=KEEPER, at=at or now(), **more
    )


def now() -> datetime:
    return timezone.now()


FIVE_DAYS = {"value": "5", "unit": "day"}


def test_a_correction_is_written_on_an_imported_version_and_logged(tmp_path: Path):
    imported(tmp_path, bare())
    flag = flag_of()

    decision = decide(flag, "corrected", values=FIVE_DAYS)

    flag.refresh_from_db()
    channel = flag.version.channels.get()
    assert (channel.duration_value, channel.duration_unit) == (Decimal(5), "day")
    assert (flag.state, flag.resolved_at is not None) == (ReviewState.CORRECTED, True)
    assert (decision.before, decision.after) == (
        {"value": 5, "unit": "working_day"},
        {"value": 5, "unit": "day"},
    )
    assert decision.actor_name == KEEPER.display_name


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"value": "", "unit": "day"}, "value"),
        ({"value": "năm", "unit": "day"}, "value"),
        ({"value": "-1", "unit": "day"}, "value"),
        ({"value": "5", "unit": "fortnight"}, "unit"),
    ],
)
def test_a_correction_is_checked_in_the_kind_of_its_value(tmp_path: Path, values: Any, field: str):
    imported(tmp_path, bare())

    with pytest.raises(InvalidInput) as refused:
        decide(flag_of(), "corrected", values=values)

    assert list(refused.value.errors) == [field]
    assert refused.value.problems[0].startswith(("Hãy", "Con số"))
    assert not ReviewDecision.objects.exists()


@pytest.mark.parametrize(
    ("typed", "amount"), [("20.000", 20_000), ("20 000 đ", 20_000), ("20,000 VNĐ", 20_000), ("0", 0)]
)
def test_an_amount_is_read_as_people_write_it_here(tmp_path: Path, typed: str, amount: int):
    fees = [{"kind": None, "amount_vnd": None, "text": "20 VNĐ (20.000 đồng)"}]
    imported(tmp_path, record(methods=[METHOD | {"fees": fees}]))
    flag = flag_of(reason=FlagReason.LOST_THOUSANDS)

    decide(flag, "corrected", values={"amount_vnd": typed, "kind": "charge"})

    fee = flag.version.channels.get().fees.get()
    assert (fee.amount_vnd, fee.kind) == (amount, "charge")


def test_an_amount_that_lost_its_thousands_is_refused_with_its_mend(tmp_path: Path):
    fees = [{"kind": None, "amount_vnd": None, "text": "20 VNĐ"}]
    imported(tmp_path, record(methods=[METHOD | {"fees": fees}]))

    with pytest.raises(InvalidInput) as refused:
        decide(flag_of(reason=FlagReason.LOST_THOUSANDS), "corrected", values={"amount_vnd": "20"})

    assert "20000" in refused.value.problems[0]


def test_two_people_at_once_and_a_double_click_decide_once(tmp_path: Path):
    imported(tmp_path, bare())
    flag = flag_of()
    decide(flag, "confirmed")

    with pytest.raises(review.AlreadyDecided):
        decide(flag, "corrected", values=FIVE_DAYS)

    assert ReviewDecision.objects.count() == 1


def test_a_correction_is_kept_by_the_next_import_while_the_source_says_the_same(tmp_path: Path):
    imported(tmp_path, bare())
    decide(flag_of(), "corrected", values=FIVE_DAYS)

    imported(tmp_path, bare(requirements="Có nhà ở hợp pháp."))

    flag = flag_of()
    channel = flag.version.channels.get()
    assert flag.version.version_no == 2
    assert (flag.state, channel.duration_value, channel.duration_unit) == ("corrected", Decimal(5), "day")
    assert flag.decisions.get().after == {"value": 5, "unit": "day"}


def test_changed_words_of_the_source_ask_again(tmp_path: Path):
    imported(tmp_path, bare())
    decide(flag_of(), "corrected", values=FIVE_DAYS)

    imported(tmp_path, bare(methods=[METHOD | {"duration_value": 7, "duration_text": "7"}]))

    flag = flag_of()
    assert (flag.state, flag.version.channels.get().duration_value) == (ReviewState.OPEN, Decimal(7))


def test_what_was_decided_differently_in_two_rows_is_kept_row_by_row(tmp_path: Path):
    rows = [
        METHOD | {"channel": one, "duration_value": 5, "duration_text": "5"} for one in ("online", "post")
    ]
    imported(tmp_path, bare(methods=rows))
    first, second = ReviewFlag.objects.filter(reason=FlagReason.UNIT_ASSUMED).order_by("pk")
    decide(first, "corrected", values=FIVE_DAYS)
    decide(second, "confirmed")

    imported(tmp_path, bare(methods=rows, requirements="Khác"))

    version = ProcedureVersion.objects.get(current_of__code="1.000001")
    assert list(version.channels.order_by("position").values_list("duration_unit", flat=True)) == [
        "day",
        "working_day",
    ]
    assert sorted(version.review_flags.values_list("state", flat=True)) == ["confirmed", "corrected"]


def test_a_long_text_that_changed_beyond_its_doubt_is_not_overwritten(tmp_path: Path):
    steps = "Nộp tại Ủy ban nhân dân huyện. " + "Bước tiếp theo. " * 40
    imported(tmp_path, record(steps=steps))
    decide(flag_of(reason=FlagReason.DISTRICT_LEVEL), "corrected", values={"text": "Nộp tại xã."})

    imported(tmp_path, record(steps=steps + "Bước cuối mới."))

    flag = flag_of(reason=FlagReason.DISTRICT_LEVEL)
    assert flag.state == ReviewState.OPEN
    assert flag.version.execution_sequence.endswith("Bước cuối mới.")


def sealed(code: str = "1.000001") -> ProcedureVersion:
    ProcedureVersion.objects.filter(current_of__code=code).update(is_sealed=True)
    return ProcedureVersion.objects.get(current_of__code=code)


def test_a_sealed_version_does_not_change_and_its_correction_waits_in_a_draft(tmp_path: Path):
    imported(tmp_path, bare())
    published = sealed()

    decide(flag_of(), "corrected", values=FIVE_DAYS)

    flag = flag_of()
    draft = ProcedureVersion.objects.get(status=VersionStatus.DRAFT)
    assert published.channels.get().duration_unit == "working_day"
    assert (draft.channels.get().duration_unit, flag.draft, flag.resolved_at) == ("day", draft, None)

    services.discard(version_id=draft.pk, actor=KEEPER, at=now())

    assert flag_of().state == ReviewState.OPEN


def test_a_correction_of_a_sealed_version_finds_its_row_where_the_draft_moved_it(tmp_path: Path):
    papers = [{"name": name, "originals": 0, "copies": 0} for name in ("Đơn", "Sơ đồ")]
    imported(tmp_path, record(components=papers))
    published = sealed()
    draft = services.clone(version_id=published.pk, actor=KEEPER, at=now())
    draft.components.filter(name="Đơn").update(position=9)
    flag = ReviewFlag.objects.get(field="components[1]", reason=FlagReason.NO_QUANTITY)

    decide(flag, "corrected", values={"originals": "1", "copies": "0"})

    assert dict(draft.components.values_list("name", "originals")) == {"Đơn": 0, "Sơ đồ": 1}


def test_an_approved_version_is_not_edited_behind_its_back(tmp_path: Path):
    imported(tmp_path, bare())
    draft = services.clone(version_id=sealed().pk, actor=KEEPER, at=now())
    ProcedureVersion.objects.filter(pk=draft.pk).update(status=VersionStatus.APPROVED)

    with pytest.raises(Conflict, match="đã duyệt"):
        decide(flag_of(), "corrected", values=FIVE_DAYS)

    assert flag_of().state == ReviewState.OPEN


@pytest.mark.parametrize("is_sealed", [False, True])
def test_every_decision_can_be_taken_back_once(tmp_path: Path, is_sealed: bool):
    imported(tmp_path, bare())
    if is_sealed:
        sealed()
    decision = decide(flag_of(), "corrected", values=FIVE_DAYS)

    review.undo(decision_id=decision.pk, actor=KEEPER, at=now())

    where = ProcedureVersion.objects.order_by("-version_no")[0]
    assert (flag_of().state, where.channels.get().duration_unit) == (ReviewState.OPEN, "working_day")
    with pytest.raises(review.AlreadyDecided):
        review.undo(decision_id=decision.pk, actor=KEEPER, at=now())


def test_the_log_of_decisions_cannot_be_changed(tmp_path: Path):
    imported(tmp_path, bare())
    decision = decide(flag_of(), "confirmed")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ReviewDecision.objects.filter(pk=decision.pk).update(actor_name="Người khác")


def test_many_alike_are_counted_first_and_then_decided_at_once(tmp_path: Path):
    imported(tmp_path, *(bare(code=f"1.00000{at}", name=f"Thủ tục {at}") for at in range(1, 5)))
    sealed("1.000003")
    flag = flag_of()

    many = review.count_many(flag=flag, state="corrected")

    assert (many.flags, many.procedures, many.in_place, many.new_drafts) == (3, 3, 2, 1)
    assert not ReviewDecision.objects.exists(), "counting changes nothing"

    done, problems = review.decide_many(
        flag=flag, state="corrected", values=FIVE_DAYS, actor=KEEPER, at=now()
    )

    assert (done, problems) == (3, [])
    assert flag_of("1.000002").version.channels.get().duration_unit == "day"
    assert flag_of("1.000003").version.channels.get().duration_unit == "working_day"
    assert flag_of("1.000003").draft is not None
    assert flag.version.channels.get().duration_unit == "working_day", (
        "the flag itself is decided on its page"
    )


def test_only_who_looks_after_the_catalogue_decides(tmp_path: Path):
    imported(tmp_path, bare())
    stranger = Actor(kind=ActorKind.OFFICER, display_name="Chuyên viên", officer_id=2, grants=frozenset())

    with pytest.raises(NotAllowed):
        review.decide(flag_id=flag_of().pk, state="confirmed", after_decision=0, actor=stranger, at=now())


def test_the_words_that_led_to_the_value_are_marked(tmp_path: Path):
    imported(tmp_path, bare())
    flag = flag_of()

    table, steps = passages(flag, flag.version)

    assert [words for words, marked in table.pieces if marked] == ["5"]
    assert "".join(words for words, _marked in table.pieces) == "Trực tuyến5Miễn phí"
    assert [words for words, marked in steps.pieces if marked] == ["05 ngày làm việc"]


def test_the_times_of_several_cases_are_marked_each(tmp_path: Path):
    rows = [METHOD, METHOD | {"duration_value": 5, "duration_text": "5 Ngày làm việc"}]
    table = "Trực tuyến3 Ngày làm việcMiễn phíTrực tuyến5 Ngày làm việcMiễn phí"
    imported(tmp_path, record(methods=rows, methods_text=table))
    flag = flag_of(reason=FlagReason.SEVERAL_TIMES)

    [passage] = passages(flag, flag.version)

    assert [words for words, marked in passage.pieces if marked] == ["3 Ngày làm việc", "5 Ngày làm việc"]


def test_the_queue_is_narrowed_and_counted_by_reason_sector_and_age(tmp_path: Path):
    imported(tmp_path, bare(), bare(code="1.000002", name="Khác", field="Đất đai", authority=None))
    old = ProcedureVersion.objects.get(current_of__code="1.000002")
    ProcedureVersion.objects.filter(pk=old.pk).update(created_at=now() - timedelta(days=40))

    every = queue.Filters()
    land = queue.Filters(sector=old.sector.slug)

    assert {one.value: one.flags for one in queue.reasons(every, at=now())} == {
        "unit_assumed": 2,
        "no_authority": 1,
    }
    assert {one.label: one.flags for one in queue.sectors(every, at=now())} == {"Hộ tịch": 1, "Đất đai": 2}
    assert queue.count(land, at=now()) == 2
    assert queue.count(queue.Filters(age="cu"), at=now()) == 2
    assert queue.count(queue.Filters(age="moi", reason="unit_assumed"), at=now()) == 1


# The pages.


def test_a_flag_is_decided_on_its_page_and_the_next_one_comes(keeper: Client, tmp_path: Path):
    imported(tmp_path, bare(), bare(code="1.000002", name="Khác"))
    first, second = flag_of(), flag_of("1.000002")
    address = reverse("designer:flag", args=[first.pk]) + "?ly_do=unit_assumed"

    page = keeper.get(address).content.decode()
    assert "<mark>5</mark>" in page
    answer = keeper.post(address, {"viec": "corrected", "quyet_dinh": "0", "value": "1,5", "unit": "day"})

    decision = ReviewDecision.objects.get()
    assert answer["Location"] == (
        reverse("designer:flag", args=[second.pk]) + f"?ly_do=unit_assumed&vua={decision.pk}"
    )
    undo = reverse("designer:undo_review", args=[decision.pk])
    assert undo in keeper.get(answer["Location"]).content.decode()
    keeper.post(undo)
    assert flag_of().state == ReviewState.OPEN


def test_a_wrong_correction_is_shown_beside_its_field(keeper: Client, tmp_path: Path):
    imported(tmp_path, bare())
    address = reverse("designer:flag", args=[flag_of().pk])

    answer = keeper.post(address, {"viec": "corrected", "quyet_dinh": "0", "value": "năm", "unit": "day"})

    assert answer.status_code == 422
    assert "Hãy ghi một con số, ví dụ 5." in answer.content.decode()
    assert 'value="năm"' in answer.content.decode()


def test_a_question_for_the_ministry_is_kept_with_its_words(keeper: Client, tmp_path: Path):
    imported(tmp_path, bare())
    address = reverse("designer:flag", args=[flag_of().pk])

    assert keeper.post(address, {"viec": "asked", "quyet_dinh": "0", "note": ""}).status_code == 422
    keeper.post(address, {"viec": "asked", "quyet_dinh": "0", "note": "5 ngày gì?"})

    assert ReviewDecision.objects.get().note == "5 ngày gì?"
    assert "5 ngày gì?" in keeper.get(address).content.decode()


def test_the_page_of_flags_alike_asks_twice(keeper: Client, tmp_path: Path):
    imported(tmp_path, bare(), bare(code="1.000002", name="Khác"), bare(code="1.000003", name="Nữa"))
    address = reverse("designer:alike", args=[flag_of().pk])
    wish = {"viec": "corrected", **FIVE_DAYS}

    counted = keeper.post(address, wish)
    assert counted.status_code == 200
    assert not ReviewDecision.objects.exists()

    token = counted.context["counted"]
    assert keeper.post(address, {**wish, "value": "6", "dem": token}).context["recounted"]
    assert keeper.post(address, {**wish, "dem": token}).status_code == 302
    assert ReviewDecision.objects.count() == 2


def test_the_list_pages_by_key_and_asks_as_often_however_long_it_is(keeper: Client, tmp_path: Path):
    imported(tmp_path, *(bare(code=f"1.{at:06d}", name=f"Thủ tục {at}") for at in range(1, 4)))
    keeper.get(reverse("designer:review"))  # what is remembered between requests
    with CaptureQueriesContext(connection) as few:
        keeper.get(reverse("designer:review"))
    imported(tmp_path, *(bare(code=f"1.{at:06d}", name=f"Thủ tục {at}") for at in range(4, 70)))
    with CaptureQueriesContext(connection) as many:
        page = keeper.get(reverse("designer:review"))

    assert len(many) == len(few)
    assert len(page.context["rows"]) == 50
    older = keeper.get(reverse("designer:review") + page.context["later"])
    assert len(older.context["rows"]) == 19
    assert Procedure.objects.count() == 69


def test_nobody_else_sees_the_queue(officer_as: Any, tmp_path: Path):
    imported(tmp_path, bare())
    other = officer_as(Role.SPECIALIST)

    for address in (
        reverse("designer:review"),
        reverse("designer:flag", args=[flag_of().pk]),
        reverse("designer:alike", args=[flag_of().pk]),
        reverse("designer:changes"),
    ):
        assert other.get(address).status_code == 403


def test_numbers_of_laws_are_marked_whole_though_the_source_leaves_no_space(tmp_path: Path):
    said = "Tên văn bảnQuy định thi đua, khen thưởng152/2025/NĐ-CPLuật Thi đua06/2022/QH1315/06/2022"
    imported(tmp_path, record(legal_bases=[], legal_bases_text=said))
    flag = flag_of(reason=FlagReason.LEGAL_BASES_UNPARSED)

    marked = [words for one in passages(flag, flag.version) for words, is_marked in one.pieces if is_marked]

    assert marked == ["152/2025/NĐ-CP", "06/2022/QH13"]
