import pytest

from core.vietnamese import fold, sort_key


def test_letters_sort_in_dictionary_order_before_tones_and_case():
    names = ["Đặng", "Dũng", "Ân", "ánh", "Anh", "An Hải", "An", "Ăn", "Zũ", "Êm", "Em"]

    assert sorted(names, key=sort_key) == [
        "An", "An Hải", "Anh", "ánh", "Ăn", "Ân", "Dũng", "Đặng", "Em", "Êm", "Zũ",
    ]  # fmt: skip


def test_tones_sort_from_level_to_heavy():
    assert sorted(["má", "mạ", "ma", "mã", "mả", "mà"], key=sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]


def test_composed_and_decomposed_text_sort_alike():
    assert sort_key("Nguye\u0302\u0303n") == sort_key("Nguyễn")


def test_folding_drops_marks_and_case():
    assert fold("Đường Nguyễn Văn Linh") == "duong nguyen van linh"


@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_letters_follow_the_alphabet_in_both_cases(case):
    letters = [case(letter) for letter in "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"]

    assert sorted(set(letters), key=sort_key) == letters


def test_letters_weigh_more_than_tones_and_tones_more_than_case():
    assert sorted(["mạ a", "ma b", "Ma a", "ma a"], key=sort_key) == ["ma a", "Ma a", "mạ a", "ma b"]


def test_the_letters_of_a_beginning_are_the_beginning_of_the_key():
    """Lists are searched by the beginning of a name, tones left out."""
    beginning = sort_key("Nguyên Vă").split("!")[0]

    assert sort_key("Nguyễn Văn Thử").startswith(beginning)
    assert not sort_key("Nguyễn Thị Thử").startswith(beginning)


@pytest.mark.parametrize("text", ["Đặng Thị Hồng Ửng", "Ỷ" * 200, "Ế ế" * 60])
def test_a_key_fits_its_column(text):
    assert len(sort_key(text)) <= 3 * len(text) + 2


def test_folding_composed_and_decomposed_texts_gives_the_same():
    assert fold("Đ\u0061\u0300 N\u0103\u0303ng") == fold("Đà Nẵng") == "da nang"
