"""Word and Excel files: a zip that is what it says, without macros, and that does not explode."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO

from core.uploads import refusals
from core.uploads.kinds import MIB, Kind

MOST_PARTS = 2_000
MOST_UNPACKED = 100 * MIB
MAIN_PART = {Kind.DOCX: "word/document.xml", Kind.XLSX: "xl/workbook.xml"}
ACTIVE_PARTS = (
    "vbaproject.bin",
    "vbadata.xml",
    "/activex/",
    "/embeddings/",
    "/macrosheets/",
    "/externallinks/",
)


def check(source: BinaryIO, *, name: str) -> Kind | None:
    """Return the kind of an office file, None when it is another zip.

    :raises UploadRefused: damaged, encrypted, with active content, or exploding when unpacked.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            return _check(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as problem:
        raise refusals.Damaged(name) from problem


def _check(archive: zipfile.ZipFile, name: str) -> Kind | None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    kind = next((kind for kind, main in MAIN_PART.items() if main in names), None)
    if kind is None or "[Content_Types].xml" not in names:
        return None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise refusals.Expanding(name)
    if any(part.flag_bits & 1 for part in parts):
        raise refusals.Encrypted(name)
    if any(mark in f"/{part.lower()}" for part in names for mark in ACTIVE_PARTS):
        raise refusals.ActiveContent(name)
    if min(part.header_offset for part in parts) != 0 or archive.comment:
        raise refusals.Damaged(name)
    # Reading stops at the size that the directory declares, so a lying part cannot grow past the sum above.
    if archive.testzip() is not None:
        raise refusals.Damaged(name)
    return kind
