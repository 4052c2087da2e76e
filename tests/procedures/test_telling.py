"""When a paper is asked for, in the words of the form."""

from __future__ import annotations

from typing import Any

import pytest

from procedures import eforms

SCHEMA = eforms.parse(
    {
        "pages": [
            {
                "id": "a",
                "title": "A",
                "fields": [
                    {
                        "name": "muc_dich",
                        "label": "Mục đích",
                        "label_en": "Purpose",
                        "type": "choice",
                        "choices": [["a", "Kết hôn", "Marriage"], ["b", "Vay vốn", "Loan"]],
                    },
                    {"name": "la_uy_quyen", "label": "Bạn làm thay", "type": "yes_no"},
                    {"name": "dien_tich", "label": "Diện tích", "type": "decimal"},
                    {"name": "ghi_chu", "label": "Ghi chú", "type": "text"},
                ],
            }
        ]
    }
)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"field": "muc_dich", "equals": "a"}, "“Mục đích”: Kết hôn"),
        ({"field": "muc_dich", "in": ["a", "b"]}, "“Mục đích”: Kết hôn hoặc Vay vốn"),
        ({"field": "muc_dich", "not_equals": "a"}, "“Mục đích” khác Kết hôn"),
        ({"field": "la_uy_quyen", "equals": True}, "“Bạn làm thay”: Có"),
        ({"field": "dien_tich", "at_least": 20}, "“Diện tích” từ 20"),
        ({"field": "ghi_chu", "filled": True}, "có điền “Ghi chú”"),
        (
            {"all": [{"field": "muc_dich", "equals": "a"}, {"field": "la_uy_quyen", "equals": True}]},
            "“Mục đích”: Kết hôn và “Bạn làm thay”: Có",
        ),
        ({"not": {"field": "muc_dich", "equals": "a"}}, ""),
        ({}, ""),
    ],
)
def test_a_condition_is_told_or_left_out(condition: dict[str, Any], words: str) -> None:
    assert eforms.told_when(SCHEMA, condition, "vi") == words


def test_it_is_told_in_english_as_well() -> None:
    assert eforms.told_when(SCHEMA, {"field": "muc_dich", "equals": "a"}, "en") == "“Purpose”: Marriage"
