"""Collect every text that a person reads, and keep its English beside it.

Vietnamese stands where it is used; ``locale/en/LC_MESSAGES/django.po`` holds the English. Collecting needs Babel, a
development dependency; running the portal does not.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SOURCES = ("*.py", "*.html", "*.txt")

Text = tuple[str | None, str, str | None]
"""Context, text, plural."""


def collect(root: Path) -> dict[Text, list[tuple[str, str]]]:
    """Give every text under ``root`` with the places (file, line) where it stands."""
    found: dict[Text, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(_files(root)):
        place = str(path.relative_to(root))
        for line, text in _texts(path):
            found[text].append((place, str(line)))
    return dict(found)


def update(po: polib.POFile, texts: dict[Text, list[tuple[str, str]]]) -> tuple[int, int]:
    """Bring a translation file up to date; give how many texts came and how many went."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in po}
    wanted = {(context, text): (plural, places) for (context, text, plural), places in texts.items()}
    gone = [entry for key, entry in known.items() if key not in wanted]
    for entry in gone:
        po.remove(entry)
    came = 0
    for (context, text), (plural, places) in wanted.items():
        entry = known.get((context, text))
        if entry is None:
            came += 1
            entry = polib.POEntry(msgctxt=context, msgid=text)
            if plural:
                entry.msgid_plural, entry.msgstr_plural = plural, {0: "", 1: ""}
            po.append(entry)
        entry.occurrences = sorted({(place, "") for place, _line in places})
        entry.flags = ["python-format"] if "%(" in text else []
    po.sort(key=lambda entry: (entry.occurrences, entry.msgid))
    return came, len(gone)


def untranslated(po: polib.POFile) -> list[str]:
    """List the texts that have no English yet, or one that is marked as doubtful."""
    return [
        entry.msgid
        for entry in po
        if entry.fuzzy or not (entry.msgstr or (entry.msgstr_plural and all(entry.msgstr_plural.values())))
    ]


def _files(root: Path) -> Iterator[Path]:
    apps = (path.parent for path in root.glob("*/apps.py"))  # whatever is an app is collected, new ones too
    for folder in (*apps, root / "core", root / "templates"):
        for pattern in SOURCES:
            yield from (path for path in folder.rglob(pattern) if "migrations" not in path.parts)


def _texts(path: Path) -> Iterator[tuple[int, Text]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns a template into calls of gettext between blanks; without indents that is Python enough.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    for line, message, _comments, context in extract(
        "python", io.BytesIO(source.encode()), keywords=KEYWORDS
    ):
        forms = (message,) if isinstance(message, str) else message
        if forms[0]:
            yield line, (context, forms[0], forms[1] if len(forms) > 1 else None)
