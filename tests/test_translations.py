"""English is complete: every text that a person reads has its translation."""

from __future__ import annotations

import re
from pathlib import Path

import polib
from django.conf import settings

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
