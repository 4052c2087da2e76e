"""What the page's script shows and hides is what the server asks for."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from procedures import eforms

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[2] / "static" / "js" / "show-if.js"
QUESTIONS: list[dict[str, Any]] = [
    {"name": "chu", "label": "Chữ", "type": "text"},
    {"name": "ngay", "label": "Ngày", "type": "date"},
    {"name": "den", "label": "Đến ngày", "type": "date"},
    {"name": "thang", "label": "Tháng", "type": "month"},
    {"name": "gio", "label": "Giờ", "type": "time"},
    {"name": "so", "label": "Số", "type": "integer"},
    {"name": "le", "label": "Số lẻ", "type": "decimal"},
    {"name": "tien", "label": "Tiền", "type": "money"},
    {"name": "loai", "label": "Loại", "type": "choice", "choices": [["a", "A"], ["1", "Một"]]},
    {
        "name": "chon",
        "label": "Chọn",
        "type": "choice",
        "display": "select",
        "choices": [["a", "A"], ["b", "B"]],
    },
    {"name": "nhieu", "label": "Nhiều", "type": "multi_choice", "choices": [["a", "A"], ["b", "B"]]},
    {"name": "co", "label": "Có không", "type": "yes_no"},
    {"name": "hop", "label": "Ô", "type": "checkbox"},
    {"name": "noi", "label": "Nơi", "type": "address"},
    {
        "name": "con",
        "label": "Con",
        "type": "repeat",
        "fields": [{"name": "ten", "label": "Tên", "type": "text"}],
    },
    {"name": "an", "label": "Ẩn", "type": "text", "show_when": {"field": "hop", "equals": True}},
]
CONDITIONS: list[dict[str, Any]] = [
    {"field": "chu", "equals": "x"},
    {"field": "chu", "in": ["x", "y"]},
    {"field": "chu", "not_equals": "x"},
    {"field": "chu", "filled": True},
    {"field": "chu", "filled": False},
    {"not": {"field": "chu", "equals": "x"}},
    {"field": "ngay", "at_least": "2026-01-01"},
    {"field": "ngay", "less": {"field": "den"}},
    {"field": "thang", "greater": "2025-06"},
    {"field": "gio", "less": "12:00"},
    {"field": "so", "equals": 1234},
    {"field": "so", "at_most": 5},
    {"field": "le", "greater": "2.5"},
    {"field": "tien", "at_least": 1_000_000},
    {"field": "tien", "greater": {"field": "so"}},
    {"field": "loai", "equals": "1"},
    {"field": "chon", "not_in": ["a"]},
    {"field": "nhieu", "contains": "b"},
    {"field": "co", "equals": False},
    {"field": "co", "not_equals": True},
    {"field": "hop", "equals": False},
    {"field": "noi", "filled": True},
    {"field": "con", "filled": True},
    {"field": "an", "filled": True},
    {"value_of": {"count": "con"}, "greater": 1},
    {
        "all": [
            {"field": "co", "equals": True},
            {"any": [{"field": "so", "less": 9}, {"field": "hop", "equals": True}]},
        ]
    },
]
ANSWERS: list[dict[str, Any]] = [
    {"hop": False},
    {
        "chu": "x",
        "ngay": "2026-03-02",
        "den": "2026-03-01",
        "thang": "2025-07",
        "gio": "07:30",
        "so": 1234,
        "le": "2.75",
        "tien": 1_500_000,
        "loai": "1",
        "chon": "a",
        "nhieu": ["a", "b"],
        "co": True,
        "hop": True,
        "noi": {"street": "1 X", "ward": "20242", "city": "48"},
        "con": [{"ten": "An"}, {"ten": "Bình"}],
        "an": "có",
    },
    {"chu": "z", "ngay": "2025-12-31", "den": "2026-01-01", "so": -3, "le": "2.5", "tien": 0, "loai": "a"}
    | {
        "chon": "b",
        "nhieu": ["a"],
        "co": False,
        "hop": False,
        "con": [{"ten": "An"}],
        "an": "bị ẩn",
        "gio": "13:00",
    },
]


def test_the_script_decides_as_the_server_does():
    raw = {
        "pages": [
            {
                "id": "trang",
                "title": "Trang",
                "fields": [
                    *QUESTIONS,
                    *(
                        {"name": f"k{at}", "label": f"K{at}", "type": "text", "show_when": condition}
                        for at, condition in enumerate(CONDITIONS)
                    ),
                ],
            }
        ]
    }
    schema = eforms.parse(raw)
    load = f"import('data:text/javascript,' + encodeURIComponent({SCRIPT.read_text()!r}))"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        wrong = []
        for answers in ANSWERS:
            page.set_content(
                f"<form data-show-if>{eforms.page_form(schema, 'trang', initial=answers)}</form>"
            )
            page.evaluate(f"{load}.then((script) => script.enhance(document.querySelector('form')))")
            asked = eforms.asked(schema, answers).names
            for at, condition in enumerate(CONDITIONS):
                control = page.locator(f"[name=k{at}]")
                seen = control.count() > 0 and control.locator("xpath=ancestor::*[@hidden]").count() == 0
                if seen is not (f"k{at}" in asked):
                    wrong.append((condition, answers, seen))
        browser.close()

    assert wrong == []
