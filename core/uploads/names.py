"""File names that people may keep and no system stumbles over."""

from __future__ import annotations

import re
import unicodedata

LONGEST_STEM = 100
LONGEST_STEM_BYTES = 200  # file systems count bytes: 255 in all
RESERVED_CHARACTERS = re.compile(r'[<>:"|?*\\/]')
RESERVED_NAMES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")
NAMELESS = "tep"


def clean_name(name: str, *, extension: str) -> str:
    """Return the last part of a name, without tricks, with the extension of its true kind.

    Controls, invisible marks and direction overrides (``gpj.exe`` shown as ``exe.jpg``) go; letters are
    composed (NFC), so that a name typed on a Mac equals the one typed on Windows.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name).rstrip("/\\ "))[-1]
    visible = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    stem = RESERVED_CHARACTERS.sub("-", visible)
    stem, dot, suffix = stem.rpartition(".")
    if not dot or len(suffix) > 5 or not suffix.isalnum():
        stem = f"{stem}{dot}{suffix}"
    stem = " ".join(stem.split()).strip(". ")[:LONGEST_STEM]
    stem = stem.encode()[:LONGEST_STEM_BYTES].decode(errors="ignore").strip(". ")
    if not stem:
        stem = NAMELESS
    elif RESERVED_NAMES.fullmatch(stem):
        stem = f"{NAMELESS}-{stem}"
    return f"{stem}.{extension}"
