"""The code on a result: read back as printed, as scanned, and never misread as another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results_vault import codes
from results_vault.privacy import masked_name

TOKEN = "9f86d081884c7d659a2feaa0c55ad015"


def test_a_code_is_read_back_from_paper_and_from_the_qr_code():
    expected = (TOKEN, codes.checksum(TOKEN))

    assert codes.parse(codes.printed(TOKEN)) == expected
    assert codes.parse(codes.link(TOKEN)) == expected
    assert codes.parse(f"  {codes.printed(TOKEN).upper().replace('-', ' ')} ") == expected
    assert codes.is_well_formed(*expected)


def test_a_printed_code_is_nine_groups_of_four():
    assert [len(group) for group in codes.printed(TOKEN).split("-")] == [4] * 9


@given(position=st.integers(0, 31), letter=st.sampled_from("0123456789abcdef"))
def test_one_mistyped_character_is_caught(position, letter):
    mistyped = TOKEN[:position] + letter + TOKEN[position + 1 :]

    assert codes.is_well_formed(mistyped, codes.checksum(TOKEN)) is (mistyped == TOKEN)


@pytest.mark.parametrize(
    "text",
    ["", "9f86", "x" * 36, TOKEN, TOKEN + "00000", "https://x.test/v/abc/?c=1234", "/v/", "/v/?c=", "é" * 36],
)
def test_what_is_no_code_is_refused(text):
    assert codes.parse(text) is None


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text):
    parsed = codes.parse(text)

    assert parsed is None or len(parsed[0]) == 32


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Đặng Thị Ngọc Ánh", "Đ*** T*** N*** Ánh"),
        ("Lê Ưng", "L*** Ưng"),
        ("Ý", "Ý***"),
        ("  Trần   Văn  An ", "T*** V*** An"),
        ("", ""),
    ],
)
def test_a_stranger_sees_initials_and_the_given_name(name, masked):
    assert masked_name(name) == masked
