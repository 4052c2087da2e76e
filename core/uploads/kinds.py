"""What is taken, and how a kind is told: by content, never by the file's name or the browser's word."""

from __future__ import annotations

from dataclasses import dataclass

import filetype
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SNIFFED_BYTES = 8192
MIB = 2**20


class Kind(TextChoices):
    """Kind of a file; the value is its extension."""

    PDF = "pdf", _("PDF")
    JPEG = "jpg", _("JPEG")
    PNG = "png", _("PNG")
    DOCX = "docx", _("Word (DOCX)")
    XLSX = "xlsx", _("Excel (XLSX)")
    TEXT = "txt", _("Văn bản thuần")
    """Only what the portal writes itself; nobody may send it."""

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self]


MEDIA_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.TEXT: "text/plain; charset=utf-8",
}
PAPERS = frozenset({Kind.PDF, Kind.JPEG, Kind.PNG})
OFFICE = frozenset({Kind.DOCX, Kind.XLSX})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one upload may be: at most ``max_bytes`` in, ``max_pages`` of a PDF, one of ``kinds``."""

    max_bytes: int = 20 * MIB
    max_pages: int = 200
    max_pixels: int = 50_000_000
    kinds: frozenset[Kind] = PAPERS

    @property
    def allowed(self) -> str:
        return ", ".join(str(kind.label) for kind in Kind if kind in self.kinds)


def sniff(head: bytes) -> str:
    """Return the extension that the first bytes of a file speak for, or an empty text.

    A zip container is ``zip`` or an office extension: only the office check can tell.
    """
    guess = filetype.guess(head)
    return guess.extension if guess else ""
