"""Find the EICAR test pattern: plain, in zip members, in deflated streams of PDF files."""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

# Encoded, because a scanner on the machine of a developer would take this very file away.
EICAR = base64.b64decode(
    "WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo="
)
SIGNATURE = "Eicar-Signature"
PDF_STREAM = re.compile(rb"stream\r?\n")
DEEPEST = 3
MOST_UNPACKED = 8 * 2**20  # of one member or stream: enough to find a test pattern, too little to hurt


def find(data: bytes, depth: int = 0) -> str | None:
    """Return the name of what was found in the content of a file, or None."""
    if EICAR in data:
        return SIGNATURE
    if depth == DEEPEST:
        return None
    return next((found for part in _parts(data) if (found := find(part, depth + 1))), None)


def _parts(data: bytes) -> Iterator[bytes]:
    if data.startswith(b"%PDF-"):
        for mark in PDF_STREAM.finditer(data):
            try:
                yield zlib.decompressobj().decompress(data[mark.end() :], MOST_UNPACKED)
            except zlib.error:
                continue
    if b"PK\x03\x04" in data:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.infolist():
                    with archive.open(member) as content:
                        yield content.read(MOST_UNPACKED)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
            return
