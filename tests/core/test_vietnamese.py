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
