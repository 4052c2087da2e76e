"""Flags about a whole table lead to its rows in the draft, and what is saved there settles them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from designer import services as designer
from designer.sections import address_of
from procedures import document as documents
from procedures import services
from procedures.care import review, tables
from procedures.models import ProcedureVersion, ReviewFlag
from procedures.states import FlagReason, ReviewState, VersionStatus
from tests.designer.test_review import KEEPER, imported, record

pytestmark = pytest.mark.django_db

CHANNEL = {"channel": "online", "time": {"value": 5, "unit": "working_day"}}
PAPER = {"name": "Tờ khai", "originals": 1}


def flag_of(reason: str) -> ReviewFlag:
    return ReviewFlag.objects.get(reason=reason, version__current_of__isnull=False)


def draft() -> ProcedureVersion:
    return ProcedureVersion.objects.get(status=VersionStatus.DRAFT)


def save(**changes: Any) -> None:
    one = draft()
    designer.edit(version_id=one.pk, changes=changes, revision=one.revision, actor=KEEPER, at=timezone.now())


def parsed(part: str, *rows: dict[str, Any]) -> list[Any]:
    said = documents.of_version(draft()) | {part: list(rows)}
    found: list[Any] = documents.parse(said)[part]
    return found


@pytest.mark.parametrize(
    ("missing", "reason", "part", "row"),
    [
        ({"methods": []}, FlagReason.NO_METHODS, "channels", CHANNEL),
        ({"components": []}, FlagReason.NO_COMPONENTS, "papers", PAPER),
        ({"results": []}, FlagReason.NO_RESULTS, "results", {"name": "Giấy xác nhận"}),
    ],
)
def test_a_missing_table_is_filled_in_the_draft_and_its_flag_is_settled_by_that(
    tmp_path: Path, keeper: Client, missing: dict[str, Any], reason: str, part: str, row: dict[str, Any]
) -> None:
    imported(tmp_path, record(**missing))
    page = reverse("designer:flag", args=[flag_of(reason).pk])
    assert "Sửa các dòng trong bản thảo" in keeper.get(page).content.decode()

    answer = keeper.post(page, {"viec": "bang"})

    assert (answer.status_code, answer["Location"]) == (302, address_of(draft(), part))
    assert flag_of(reason).state == ReviewState.OPEN  # nothing is mended yet
    save(**{part: parsed(part, row)})
    flag = flag_of(reason)
    assert (flag.state, flag.draft) == (ReviewState.CORRECTED, draft())
    assert flag.decisions.get().note.startswith("Sửa cả bảng trong bản thảo")
    assert "Đã sửa trong bản thảo, chờ công bố" in keeper.get(page).content.decode()


def test_a_second_click_and_an_existing_draft_lead_to_the_same_draft(tmp_path: Path, keeper: Client) -> None:
    imported(tmp_path, record(methods=[]))
    page = reverse("designer:flag", args=[flag_of(FlagReason.NO_METHODS).pk])

    ways = {keeper.post(page, {"viec": "bang"})["Location"] for _time in range(2)}

    assert ways == {address_of(draft(), "channels")}


def test_rows_that_are_taken_back_ask_again_and_so_does_a_discarded_draft(tmp_path: Path) -> None:
    imported(tmp_path, record(methods=[]))
    flag = flag_of(FlagReason.NO_METHODS)
    tables.draft_for(flag_id=flag.pk, actor=KEEPER, at=timezone.now())
    save(channels=parsed("channels", CHANNEL))

    save(channels=[])
    assert flag_of(FlagReason.NO_METHODS).state == ReviewState.OPEN

    save(channels=parsed("channels", CHANNEL))
    assert flag_of(FlagReason.NO_METHODS).state == ReviewState.CORRECTED
    services.discard(version_id=draft().pk, actor=KEEPER, at=timezone.now())
    assert flag_of(FlagReason.NO_METHODS).state == ReviewState.OPEN


def test_the_settling_is_taken_back_in_the_queue_and_the_rows_stay_in_the_draft(tmp_path: Path) -> None:
    imported(tmp_path, record(methods=[]))
    flag = flag_of(FlagReason.NO_METHODS)
    tables.draft_for(flag_id=flag.pk, actor=KEEPER, at=timezone.now())
    save(channels=parsed("channels", CHANNEL))

    review.undo(decision_id=flag.decisions.get().pk, actor=KEEPER, at=timezone.now())

    assert flag_of(FlagReason.NO_METHODS).state == ReviewState.OPEN
    assert draft().channels.count() == 1


def test_other_parts_of_the_draft_settle_nothing(tmp_path: Path) -> None:
    imported(tmp_path, record(methods=[]))
    flag = flag_of(FlagReason.NO_METHODS)
    tables.draft_for(flag_id=flag.pk, actor=KEEPER, at=timezone.now())

    save(guidance="Nộp tại phường.")

    assert flag_of(FlagReason.NO_METHODS).state == ReviewState.OPEN


def test_a_flag_about_one_value_leads_to_no_table(tmp_path: Path, keeper: Client) -> None:
    imported(tmp_path, record(decision="không số"))
    flag = ReviewFlag.objects.filter(field="decision").get()

    answer = keeper.post(reverse("designer:flag", args=[flag.pk]), {"viec": "bang"})

    assert answer.status_code == 404
    assert not ProcedureVersion.objects.filter(status=VersionStatus.DRAFT).exists()
