from __future__ import annotations

import random
import unicodedata

import pytest

from core.vietnamese import ALPHABET, fold, sort_key


def shuffled(texts: list[str]) -> list[str]:
    return random.Random(1).sample(texts, len(texts))


def test_letters_follow_the_alphabet_in_both_cases():
    assert sorted(shuffled(list(ALPHABET)), key=sort_key) == list(ALPHABET)
    assert sorted(shuffled(list(ALPHABET.upper())), key=sort_key) == list(ALPHABET.upper())


def test_tones_follow_the_dictionary():
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]

    assert sorted(shuffled(tones), key=sort_key) == tones


@pytest.mark.parametrize(
    "order",
    [
        ["An", "An Bình", "Anh", "Ánh", "Ăn", "Ân", "Ba", "Cẩm Lệ", "Da", "Đà Nẵng", "Đặng", "Em", "Zét"],
        ["Hải Châu", "Hải Vân", "Hòa Vang", "Hội An", "Huế"],
        ["Lê Thị Ân", "Lê Thị Bé", "Lê Văn An", "Lý Văn An", "Mai"],
        ["Phường 2", "Phường Hải Châu", "Xã 1"],
        ["hoà", "Hoà", "hoá"],
        ["thủ tục", "thủ tục _ khác", "thủ tục a"],
    ],
)
def test_words_and_names_sort_as_people_expect(order):
    assert sorted(shuffled(order), key=sort_key) == order


def test_letters_weigh_more_than_tones_and_tones_more_than_case():
    assert sorted(["mạ a", "ma b", "Ma a", "ma a"], key=sort_key) == ["ma a", "Ma a", "mạ a", "ma b"]


@pytest.mark.parametrize("text", ["Đặng Thị Hồng Ửng", "Quế Sơn", "Nguyễn Ỷ"])
def test_composed_and_decomposed_texts_are_equal(text):
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)

    assert composed != decomposed
    assert sort_key(composed) == sort_key(decomposed)
    assert fold(composed) == fold(decomposed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đà Nẵng", "da nang"),
        ("  Ủy  ban\tnhân dân ", "uy ban nhan dan"),
        ("ĂÂĐÊÔƠƯ ăâđêôơư", "aadeoou aadeoou"),
        ("Ðường", "duong"),
        ("Quyết định số 12/QĐ-UBND", "quyet dinh so 12/qd-ubnd"),
        ("", ""),
    ],
)
def test_folding_takes_diacritics_and_case_away(text, expected):
    assert fold(text) == expected


def test_an_empty_text_comes_first():
    assert sort_key("") < sort_key("a")
