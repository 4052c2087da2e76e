from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.search import highlight, knowledge, query
from procedures.search.spelling import Spellings
from procedures.search.words import code_in, words
from procedures.search.words import marked as word_marks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đăng ký KẾT HÔN", ["dang", "ki", "ket", "hon"]),
        ("đăng kí", ["dang", "ki"]),
        ("Lý lịch, quỹ, thủy", ["li", "lich", "qui", "thuy"]),
        ("tây tai", ["tay", "tai"]),
        ("NĐ-158/2024", ["nd", "158", "2024"]),
        ("Th\u1ebf ch\u00e2\u0301p", ["the", "chap"]),
    ],
)
def test_words_are_compared_without_marks_and_in_one_spelling(text: str, expected: list[str]):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [("1.004873", "1.004873"), (" 1004873 ", "1.004873"), ("mã 1.004873", ""), ("12.004873", "")],
)
def test_a_question_that_is_a_code_is_known_as_one(text: str, code: str):
    assert code_in(text) == code


KNOWN = knowledge.of(
    lines=[
        ("gplx", "giấy phép lái xe"),
        ("làm lại", "cấp lại"),
        ("đò", "bến khách ngang sông"),
        ("tiền cháy", "đổi tiền"),
    ]
)


def said(text: str) -> list[tuple[str, ...]]:
    return [group.phrases[0] for group in query.parse(text, KNOWN).groups]


def test_a_question_keeps_what_matters_and_knows_other_names():
    asked = query.parse("Tôi muốn hỏi làm lại GPLX cần giấy gì?", KNOWN)

    assert ("gplx",) in said("Tôi muốn hỏi làm lại GPLX cần giấy gì?")
    assert {"giay", "phep", "lai", "xe"} <= asked.words
    assert "muon" not in asked.words
    assert "giấy phép lái xe" in asked.official


def test_a_question_of_chatter_alone_is_still_a_question():
    assert query.parse("thủ tục", KNOWN).words == {"thu", "tuc"}


def test_a_synonym_of_one_word_is_that_word_and_no_other_with_its_letters():
    assert "bến khách" in query.parse("mở đò", KNOWN).official
    assert "bến khách" not in query.parse("đo đạc", KNOWN).official


def test_a_little_word_between_does_not_hide_a_synonym():
    assert query.parse("tiền bị cháy", KNOWN).official == "đổi tiền"


def test_neighbouring_words_are_marked_as_one():
    marked = highlight.markup("Đổi giấy phép, lái xe", frozenset({"giay", "phep", "xe"}))

    assert marked == "Đổi <mark>giấy phép</mark>, lái <mark>xe</mark>"


def test_a_word_is_marked_only_as_it_is_written_where_that_is_known():
    forms = {"do": frozenset({word_marks("đỏ")})}

    assert highlight.markup("Sổ ĐỎ do đó", frozenset({"do"}), forms) == "Sổ <mark>ĐỎ</mark> do đó"


def test_a_word_that_is_hardly_ever_seen_may_be_a_slip():
    words_seen = {"khai": 900_000, "sinh": 900_000, "khía": 1, "cạnh": 90}
    spellings = Spellings(words_seen, {"khai sinh": 800_000, "khía cạnh": 1, "^ khai": 10})

    assert spellings.meant("khia sinh").words == ("khai", "sinh")
    assert spellings.meant("khia sinh", correct=False).words == ("khía", "sinh")
    assert spellings.meant("khía sinh").words == ("khía", "sinh")
    assert spellings.meant("khia canh").words == ("khía", "cạnh")


@given(st.text(max_size=80))
def test_marking_loses_no_character(text: str):
    marked = highlight.markup(
        text.replace("&", "").replace("<", "").replace(">", ""), frozenset(words(text)[:2])
    )

    plain = marked.replace("<mark>", "").replace("</mark>", "").replace("&#x27;", "'").replace("&quot;", '"')
    assert plain == text.replace("&", "").replace("<", "").replace(">", "")


@given(st.text())
def test_any_text_is_a_question_of_plain_words(text: str):
    asked = query.parse(text, KNOWN)

    assert all(word.isascii() and word.isalnum() for word in asked.words)


def test_a_word_with_marks_is_chatter_only_with_those():
    told = query.parse("do đỏ", KNOWN)

    assert [group.weight for group in told.groups] == [query.CHATTER_WEIGHT, 1.0]
