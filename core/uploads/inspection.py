"""One uploaded file in, one clean file out, or a refusal that says how to mend it.

The parsers of PDF and pictures are imported on first use: together they cost a start an eighth of its time.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from core.uploads import office, refusals
from core.uploads.kinds import MIB, OFFICE, SNIFFED_BYTES, Kind, Limits, sniff
from core.uploads.names import clean_name

IN_MEMORY = 2 * MIB
CHUNK = 64 * 1024
HEIC = ("heic", "heif", "avif")
PICTURES = {"jpg": Kind.JPEG, "png": Kind.PNG}
ZIPS = ("zip", *OFFICE)


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A checked file, ready to be stored.

    ``content`` stands at its beginning; it lives in memory up to 2 MiB and in an anonymous temporary file beyond,
    and is gone when closed (``with clean:``). ``size`` is in bytes; ``sha256`` is of the clean content, in hex. ``pages`` is
    1 for a picture, None for an office file. ``signed``: a PDF with digital signatures, kept byte for byte.
    """

    content: BinaryIO
    kind: Kind
    name: str
    size: int
    sha256: str
    pages: int | None
    signed: bool = False

    @property
    def extension(self) -> str:
        return self.kind.value

    @property
    def media_type(self) -> str:
        return self.kind.media_type

    def __enter__(self) -> CleanFile:
        return self

    def __exit__(self, *problem: object) -> None:
        self.content.close()


def inspect(file: IO[bytes], *, name: str, limits: Limits | None = None) -> CleanFile:
    """Check an uploaded file by its content and return a clean copy.

    ``file`` is a seekable binary file (Django's UploadedFile is one); it is read, never changed or closed.
    The scanner for viruses is not asked here: see ``core.scanner``.

    :raises UploadRefused: its subclass says why: empty, too large, wrong kind, damaged, encrypted, too many pages
        or pixels, active content.
    """
    limits = limits or Limits()
    shown = clean_name(name, extension="").rstrip(".")
    size = file.seek(0, 2)
    if size == 0:
        raise refusals.EmptyFile(shown)
    if size > limits.max_bytes:
        raise refusals.TooLarge(shown, limit=limits.max_bytes // MIB)
    file.seek(0)
    sniffed = sniff(file.read(SNIFFED_BYTES))
    file.seek(0)
    # A spooled file is a BinaryIO in all but its declared type; whoever gets the clean file closes it.
    target = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115
    try:
        kind, pages, signed = _rewrite(cast(BinaryIO, file), target, sniffed, shown, limits)
        return _finish(target, kind, clean_name(name, extension=kind), pages, signed=signed)
    except BaseException:
        target.close()
        raise


def _rewrite(
    file: BinaryIO, target: BinaryIO, sniffed: str, name: str, limits: Limits
) -> tuple[Kind, int | None, bool]:
    if sniffed == "pdf" and Kind.PDF in limits.kinds:
        from core.uploads import pdfs

        pages, signed = pdfs.rewrite(file, target, name=name, limits=limits)
        if signed:
            _copy(file, target)
        return Kind.PDF, pages, signed
    picture = PICTURES.get(sniffed)
    if picture in limits.kinds:
        from core.uploads import pictures

        pictures.rewrite(file, target, kind=picture, name=name, limits=limits)
        return picture, 1, False
    if sniffed in ZIPS and limits.kinds & OFFICE:
        kind = office.check(file, name=name)
        if kind in limits.kinds:
            _copy(file, target)
            return kind, None, False
    if sniffed in HEIC and Kind.JPEG in limits.kinds:
        raise refusals.HeicPicture(name)
    raise refusals.WrongKind(name, allowed=limits.allowed)


def _copy(source: BinaryIO, target: BinaryIO) -> None:
    source.seek(0)
    shutil.copyfileobj(source, target, CHUNK)


def _finish(target: BinaryIO, kind: Kind, name: str, pages: int | None, *, signed: bool) -> CleanFile:
    size = target.seek(0, 2)
    target.seek(0)
    digest = hashlib.sha256()
    while chunk := target.read(CHUNK):
        digest.update(chunk)
    target.seek(0)
    return CleanFile(target, kind, name, size, digest.hexdigest(), pages, signed)
