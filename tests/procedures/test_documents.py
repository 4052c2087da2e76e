"""A procedure as a document: nothing is lost on the way there and back, and a wrong document says where."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from core.errors import InvalidInput
from procedures import document
from procedures.models import Procedure, ProcedureVersion
from procedures.states import VersionStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions(offered: None) -> list[ProcedureVersion]:
    return list(ProcedureVersion.objects.current().order_by("procedure__code"))


def bare(**more: Any) -> dict[str, Any]:
    return {"format": document.FORMAT, "code": "9.000001", "name": "Xác nhận một việc", **more}


def draft(code: str) -> ProcedureVersion:
    procedure, _made = Procedure.objects.get_or_create(code=code)
    return ProcedureVersion.objects.create(
        procedure=procedure, version_no=99, status=VersionStatus.DRAFT, name="?"
    )


def test_a_version_comes_back_whole_from_its_document(versions: list[ProcedureVersion]) -> None:
    assert len(versions) >= 5
    for version in versions:
        said = document.of_version(version)
        copied = draft(version.procedure.code)
        document.write(copied, document.from_yaml(document.to_yaml(said)))
        copied.refresh_from_db()
        assert document.differences(said, document.of_version(copied)) == []


def test_writing_twice_leaves_one_of_everything(versions: list[ProcedureVersion]) -> None:
    said = document.of_version(versions[0])
    copied = draft("9.000001")
    document.write(copied, said)
    document.write(copied, said)
    assert copied.workflow_steps.count() == len(said["steps"])
    assert copied.components.count() == len(said["papers"]) + len(said["uploads"])


def test_the_file_is_written_for_people(versions: list[ProcedureVersion]) -> None:
    text = document.to_yaml(document.of_version(versions[0]))
    assert text.startswith("format: danang-procedure/1\n")
    assert "\\u" not in text, "Vietnamese stands as it is written"
    assert "|-\n" in text or "|\n" in text, "a long text is a block"
    assert "null" not in text, "what is empty is left out"


def test_a_document_of_three_lines_is_enough_to_begin() -> None:
    said = document.parse(bare())
    assert said["steps"] == []
    assert said["deciding"]["rule"] == "not_set"


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"nmae": "x"}, "nmae"),
        ({"name": ""}, "name"),
        ({"channels": [{"channel": "fax"}]}, "channels[0].channel"),
        ({"channels": [{"channel": "online", "time": {"value": 3}}]}, "channels[0].time.unit"),
        (
            {"channels": [{"channel": "online", "fees": [{"amount_vnd": -1}]}]},
            "channels[0].fees[0].amount_vnd",
        ),
        (
            {"steps": [{"name": "Ký", "kind": "sign", "role": "signer", "time": {}}]},
            "steps[0].time.value",
        ),
        (
            {
                "steps": [
                    {"name": "Ký", "kind": "sign", "role": "mayor", "time": {"value": 1, "unit": "hour"}}
                ]
            },
            "steps[0].role",
        ),
        ({"eform": {"pages": [{"id": "a"}]}}, "eform.pages[0].title"),
        ({"results": [{"name": "Giấy", "template": {"titel": "x"}}]}, "results[0].template.titel"),
        ({"effective_from": "31/12/2026"}, "effective_from"),
        ({"steps": "none"}, "steps"),
        (
            {"uploads": [{"name": "Đơn", "condition": {"field": "khong_co", "equals": "x"}}]},
            "uploads[0].condition.field",
        ),
    ],
)
def test_a_wrong_document_says_where(wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        document.parse(bare(**wrong))
    assert path in refusal.value.errors


@pytest.mark.parametrize("raw", [None, [], "text", 3])
def test_what_is_no_document_is_refused(raw: Any) -> None:
    with pytest.raises(InvalidInput):
        document.parse(raw)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: [", "dòng "),
        ("name: a\nname: b", "hai lần"),
        ("!!python/object/apply:os.system ['true']", "YAML"),
        ("a" * (document.text.MOST_BYTES + 1), "MB"),
        (b"\xff\xfe\x00", "YAML"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(text: str | bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        document.from_yaml(text)
    assert words in " ".join(refusal.value.problems)


def test_an_agency_that_is_not_known_here_is_named() -> None:
    said = document.parse(bare(deciding={"rule": "fixed", "agency": "H99.1"}))
    with pytest.raises(InvalidInput) as refusal:
        document.write(draft("9.000001"), said)
    assert list(refusal.value.errors) == ["deciding.agency"]


class TestDifferences:
    def rows(self, *names: str) -> dict[str, Any]:
        step = {"kind": "examine", "role": "specialist", "time": {"value": 1, "unit": "working_day"}}
        return document.parse(bare(steps=[{"name": name, **step} for name in names]))

    def test_a_changed_field_is_named_for_people_and_machines(self) -> None:
        left = self.rows("Thẩm định", "Ký")
        right = copy.deepcopy(left)
        right["steps"][1]["time"]["value"] = 2
        (one,) = document.differences(left, right)
        assert (one.path, one.before, one.after, one.kind) == ("steps[1].time.value", 1, 2, "changed")
        assert one.label == "quy trình nội bộ › Ký › thời gian › con số"

    def test_a_row_that_is_added_or_removed_is_one_difference(self) -> None:
        added, *rest = document.differences(self.rows("A", "C"), self.rows("A", "B", "C"))
        assert (added.kind, added.path, rest) == ("added", "steps[1]", [])
        removed, *rest = document.differences(self.rows("A", "B", "C"), self.rows("A", "C"))
        assert (removed.kind, removed.path, rest) == ("removed", "steps[1]", [])

    def test_a_row_that_moved_is_told_as_moved(self) -> None:
        (moved,) = document.differences(self.rows("A", "B", "C"), self.rows("C", "A", "B"))
        assert (moved.before, moved.after) == (3, 1)

    def test_rows_of_one_name_are_told_apart(self) -> None:
        left, right = self.rows("A", "A"), self.rows("A", "A")
        right["steps"][1]["is_optional"] = True
        (one,) = document.differences(left, right)
        assert one.path == "steps[1].is_optional"

    def test_the_same_is_no_difference(self) -> None:
        assert document.differences(self.rows("A"), self.rows("A")) == []
