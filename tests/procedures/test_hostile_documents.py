"""Files that are meant to hurt, or were written by hand in a hurry: each is refused with its place and its mend."""

from __future__ import annotations

import json

import pytest

from core.errors import InvalidInput
from procedures import document

HEAD = "format: danang-procedure/1\ncode: DN.9\nname: Thủ tục thử\n"
STEP = "steps:\n- {name: a, kind: receive, role: specialist, time: {value: 1, unit: hour}, condition: {%s}}\n"


def bomb(levels: int = 30) -> str:
    """A kilobyte that stands for 2^30 texts."""
    lines = ["eform:", "  a: &a0 [x, x]"]
    lines += [f"  b{at}: &a{at} [*a{at - 1}, *a{at - 1}]" for at in range(1, levels)]
    return HEAD + "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        pytest.param(HEAD + "eform: " + "[" * 1_000_000, "document", "dòng 4", id="a million brackets"),
        pytest.param(HEAD + "eform: " + "{a: " * 200_000, "document", "dòng 4", id="deep mappings"),
        pytest.param(bomb(), "document", "& và *", id="names of names"),
        pytest.param(HEAD + "eform: &a {b: *a}", "document", "& và *", id="a name of itself"),
        pytest.param(HEAD + STEP % "a: !!set {b}", "document", "set", id="a set"),
        pytest.param(HEAD + STEP % "a: !!binary aGVsbG8=", "document", "binary", id="bytes"),
        pytest.param(
            HEAD + STEP % "field: x, equals: .nan", "steps[0].condition.equals", "Số", id="no number"
        ),
        pytest.param(HEAD + STEP % "not_equals: x", "steps[0].condition", "equals", id="half a condition"),
        pytest.param(
            HEAD + 'eform: {pages: [{id: a, title: "a\\0b", fields: []}]}',
            "eform.pages[0].title",
            "mã 0",
            id="an unreadable character",
        ),
        pytest.param(
            HEAD + "channels: [{channel: online, fees: [{amount_vnd: 99999999999999999999}]}]",
            "channels[0].fees[0].amount_vnd",
            "quá lớn",
            id="more money than there is",
        ),
        pytest.param(HEAD + "eform: 0x" + "f" * 20_000, "eform", "quá lớn", id="a giant number"),
        pytest.param(HEAD + "name_en: yes", "name_en", "ngoặc kép", id="yes is no text"),
        pytest.param(HEAD + "online: {level: all}", "online.level", "full_online", id="an unknown choice"),
        pytest.param(HEAD + "effective_from: 31/12/2026", "effective_from", "2026-03-31", id="a day our way"),
        pytest.param("- a\n- b", "document", "tên: giá trị", id="a list"),
        pytest.param("", "document", "để trống", id="nothing"),
    ],
)
def test_a_hostile_or_hasty_file_is_refused_with_its_place(text: str, path: str, words: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        document.from_yaml(text)
    assert words in str(refusal.value.errors[path][0])


@pytest.mark.parametrize("code", ["<script>", "../a", "a b", "x" * 33, "Mã.1", "'--"])
def test_a_code_is_fit_for_an_address(code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        document.from_yaml(f"format: danang-procedure/1\ncode: {json.dumps(code)}\nname: x\n")
    assert list(refusal.value.errors) == ["code"]


def test_what_is_only_odd_is_taken() -> None:
    said = document.from_yaml(("\ufeff" + HEAD + "guidance: '{{ 7*7 }} <b>'\n").encode())
    assert said["guidance"] == "{{ 7*7 }} <b>"
    assert document.from_yaml(document.to_yaml(said)) == said
