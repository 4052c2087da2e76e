"""English is complete: every text that a person reads has its translation."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from danang_portal import translations

PO = Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
VIETNAMESE = re.compile(
    "[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE
)
NAMES = re.compile(r"Đà Nẵng|Tiếng Việt|Hải Châu|[A-Z]{1,3}Đ-CP|NĐ \d+|QĐ \d+|“[^”]*”|\([^)]*\)")


def test_every_text_has_an_english_translation():
    texts = translations.collect(Path(settings.BASE_DIR))
    po = polib.pofile(str(PO))
    known = {(entry.msgctxt, entry.msgid) for entry in po}

    missing = [text for context, text, _plural in texts if (context, text) not in known]
    assert missing == [], "run: manage.py collect_texts, then translate"
    assert translations.untranslated(po) == []


def test_translations_keep_their_placeholders():
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(PO))
        for translated in [entry.msgstr, *entry.msgstr_plural.values()]
        if translated and not set(PLACEHOLDER.findall(translated)) <= set(PLACEHOLDER.findall(entry.msgid))
    ]

    assert wrong == []


def test_english_is_english():
    mixed = [
        entry.msgstr for entry in polib.pofile(str(PO)) if VIETNAMESE.search(NAMES.sub("", entry.msgstr))
    ]

    assert mixed == []


PUBLIC_PAGES = [
    reverse("home"),
    reverse("accessibility"),
    reverse("account_login"),
    reverse("login_choice"),
    reverse("procedures:list"),
    reverse("procedures:list") + "?q=khong+co",
    reverse("dossiers:track"),
    reverse("results_vault:verify"),
    reverse("results_vault:check", args=["0" * 32]),
    "/khong-co/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_a_page_in_english_says_nothing_in_vietnamese(client: Client, address: str):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    page = EnglishTexts()
    page.feed(client.get(address).content.decode())

    assert [text for text in page.texts if VIETNAMESE.search(NAMES.sub("", text))] == []


class EnglishTexts(HTMLParser):
    """Collects what people read of a page, except in elements that are marked as Vietnamese."""

    READ = ("alt", "aria-label", "content", "placeholder", "title")

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.vietnamese: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in self.vietnamese or found.get("lang") == "vi":
            self.vietnamese.append(tag)
        elif not self.vietnamese:
            self.texts += [value for name in self.READ if (value := found.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if self.vietnamese and self.vietnamese[-1] == tag:
            self.vietnamese.pop()

    def handle_data(self, data: str) -> None:
        if not self.vietnamese and data.strip():
            self.texts.append(data.strip())
