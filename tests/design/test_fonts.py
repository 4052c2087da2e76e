"""The web fonts have every letter of Vietnamese."""

from __future__ import annotations

from itertools import product
from unicodedata import normalize

import pytest
from fontTools.ttLib import TTFont

from danang_portal.local import fonts

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
LETTERS = {normalize("NFC", vowel + tone) for vowel, tone in product(VOWELS, TONES)} | {"đ"}


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    target = tmp_path_factory.mktemp("fonts")
    fonts.build(target)
    return target


@pytest.mark.parametrize("weight", fonts.WEIGHTS)
def test_a_cut_font_has_all_vietnamese_letters_and_is_light(cut, weight):
    file = cut / f"be-vietnam-pro-{weight}.woff2"

    known = TTFont(file).getBestCmap()

    assert [letter for letter in LETTERS | {one.upper() for one in LETTERS} if ord(letter) not in known] == []
    assert file.stat().st_size < 40_000


def test_fonts_that_are_there_are_left_alone(cut):
    before = {file: file.stat().st_mtime_ns for file in cut.iterdir()}

    fonts.build(cut)

    assert {file: file.stat().st_mtime_ns for file in cut.iterdir()} == before


def test_the_licence_travels_with_the_fonts(cut):
    assert "SIL OPEN FONT LICENSE" in (cut / "be-vietnam-pro-LICENSE.txt").read_text().upper()
