"""Videos that a cheap phone plays: MP4 with H.264 and AAC, WebM with VP8 or VP9. Told by what is in the file.

A video is not written anew (that needs an encoder): its container is read whole instead. Every byte must belong to a
part that is known, so that nothing follows the last one and no second format hides in the file.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from core.uploads import refusals
from core.uploads.kinds import MIB, SNIFFED_BYTES, sniff
from core.uploads.names import clean_name

CHUNK = 1 * MIB
LARGEST_INDEX = 32 * MIB
MOST_PARTS = 500_000
MEDIA_TYPES = {"mp4": "video/mp4", "webm": "video/webm"}

# fmt: off
BOXES = frozenset({
    b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"sidx", b"moof", b"mfra", b"styp", b"pdin", b"meta",
})
INDEX_BOXES = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex"})
# fmt: on
MP4_PICTURES = {b"avc1", b"avc3"}
MP4_SOUNDS = {b"mp4a", b".mp3"}
WEBM_PICTURES = {"V_VP8", "V_VP9"}
WEBM_SOUNDS = {"A_OPUS", "A_VORBIS"}

EBML, DOC_TYPE = 0x1A45DFA3, b"\x42\x82\x84webm"
SEGMENT, INFO, TIME_SCALE, DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489
TRACKS, TRACK, TRACK_TYPE, CODEC = 0x1654AE6B, 0xAE, 0x83, 0x86
CLUSTER, ATTACHMENTS = 0x1F43B675, 0x1941A469
OPENED = frozenset({SEGMENT, INFO, TRACKS, TRACK, CLUSTER})


class Unplayable(refusals.UploadRefused):
    """The container is right, what is in it many phones cannot play."""

    code = "upload_unplayable_video"
    wording = _(
        "Video “%(name)s” dùng kiểu mã hóa %(codec)s mà nhiều điện thoại không mở được. "
        "Hãy xuất lại thành MP4 với hình H.264, tiếng AAC."
    )


class NoPicture(refusals.UploadRefused):
    code = "upload_no_picture"
    wording = _("Tệp “%(name)s” không có hình. Hãy chọn tệp video MP4 hoặc WebM.")


class VideoTooLarge(refusals.UploadRefused):
    code = "upload_video_too_large"
    wording = _(
        "Video “%(name)s” lớn hơn %(limit)s MB. Hãy xuất lại ở độ phân giải 480p, hoặc chia thành nhiều đoạn ngắn."
    )


@dataclass(frozen=True, slots=True)
class CheckedVideo:
    """What a video says of itself. ``seconds`` is None where the file does not say."""

    extension: str
    name: str
    size: int
    sha256: str
    seconds: int | None

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.extension]


@dataclass
class _Found:
    pictures: list[str] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)
    seconds: float | None = None


def inspect(file: IO[bytes], *, name: str, max_bytes: int) -> CheckedVideo:
    """Check an uploaded video. ``file`` is seekable; it is read, never changed or closed, and stands at its beginning after.

    :raises UploadRefused: empty, too large, no video of the two kinds, damaged, or nothing that phones play.
    """
    shown = clean_name(name, extension="").rstrip(".")
    size = file.seek(0, 2)
    if size == 0:
        raise refusals.EmptyFile(shown)
    if size > max_bytes:
        raise VideoTooLarge(shown, limit=max_bytes // MIB)
    file.seek(0)
    kind = _container(file.read(SNIFFED_BYTES))
    if not kind:
        raise refusals.WrongKind(shown, allowed="MP4, WebM")
    try:
        found = _of_mp4(file, size) if kind == "mp4" else _of_webm(file, size)
    except (_Broken, IndexError, ValueError, OverflowError, struct.error) as problem:
        raise refusals.Damaged(shown) from problem
    _require_playable(found, kind, shown)
    return CheckedVideo(
        extension=kind,
        name=clean_name(name, extension=kind),
        size=size,
        sha256=_digest(file),
        seconds=None if found.seconds is None else round(found.seconds),
    )


class _Broken(Exception):
    """The container does not add up."""


def _container(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        return "" if sniff(head) in ("heic", "avif") else "mp4"
    return "webm" if head[:4] == EBML.to_bytes(4, "big") else ""


def _require_playable(found: _Found, kind: str, name: str) -> None:
    if not found.pictures:
        raise NoPicture(name)
    pictures: set[Any] = {one.decode() for one in MP4_PICTURES} if kind == "mp4" else WEBM_PICTURES
    sounds: set[Any] = {one.decode() for one in MP4_SOUNDS} if kind == "mp4" else WEBM_SOUNDS
    for codec in found.pictures:
        if codec not in pictures:
            raise Unplayable(name, codec=codec)
    for codec in found.sounds:
        if codec not in sounds:
            raise Unplayable(name, codec=codec)


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _of_mp4(file: IO[bytes], size: int) -> _Found:
    found, at, seen = _Found(), 0, set()
    while at < size:
        file.seek(at)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        start = at + 8
        if length == 1:
            length, start = int.from_bytes(head[8:16], "big"), at + 16
        elif length == 0:
            length = size - at
        if kind not in BOXES or length < start - at or at + length > size:
            raise _Broken
        if kind == b"moov":
            if length > LARGEST_INDEX:
                raise _Broken
            file.seek(start)
            _index(file.read(at + length - start), found)
        seen.add(kind)
        at += length
    if not seen >= {b"ftyp", b"moov", b"mdat"}:
        raise _Broken
    return found


def _index(content: bytes, found: _Found, handler: bytes = b"") -> None:
    """Read the tracks of an MP4's index; ``handler`` says what the track is that we are in."""
    at = 0
    while at + 8 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if length < 8 or at + length > len(content):
            raise _Broken
        inside = content[at + 8 : at + length]
        if kind in INDEX_BOXES:
            _index(inside, found, handler)
        elif kind == b"mvhd":
            found.seconds = _mp4_seconds(inside)
        elif kind == b"hdlr":
            handler = inside[8:12]
        elif kind == b"stsd":
            codec = inside[12:16].decode("ascii", "replace")
            if handler == b"vide":
                found.pictures.append(codec)
            elif handler == b"soun":
                found.sounds.append(codec)
        at += length


def _mp4_seconds(header: bytes) -> float | None:
    wide = header[0] == 1
    scale = int.from_bytes(header[20:24] if wide else header[12:16], "big")
    length = int.from_bytes(header[24:32] if wide else header[16:20], "big")
    unknown = length in (0, 2**32 - 1, 2**64 - 1)
    return None if unknown or not scale else length / scale


def _of_webm(file: IO[bytes], size: int) -> _Found:
    found, at, parts = _Found(), 0, 0
    scale, length, kind, is_webm = 1_000_000, None, 0, False
    while at < size:
        parts += 1
        file.seek(at)
        number, length_of_part, start = _element(file.read(16), at)
        if parts > MOST_PARTS or (parts == 1 and number != EBML) or number == ATTACHMENTS:
            raise _Broken
        if length_of_part is None:
            if number not in (SEGMENT, CLUSTER):
                raise _Broken
            at = start  # as recorders write it: what is in it follows, until something else does
            continue
        if start + length_of_part > size:
            raise _Broken
        if number == EBML:
            is_webm = DOC_TYPE in _part(file, start, min(length_of_part, 256))
        elif number == TIME_SCALE:
            scale = int.from_bytes(_part(file, start, length_of_part), "big")
        elif number == DURATION:
            length = _float(_part(file, start, length_of_part))
        elif number == TRACK_TYPE:
            kind = int.from_bytes(_part(file, start, length_of_part), "big")
        elif number == CODEC:
            codec = _part(file, start, min(length_of_part, 64)).decode("ascii", "replace").rstrip("\0")
            (found.pictures if codec.startswith("V_") else found.sounds).append(codec)
        at = start if number in OPENED else start + length_of_part
    if not is_webm or kind not in (1, 2):
        raise _Broken
    found.seconds = None if length is None else length * scale / 1e9
    return found


def _part(file: IO[bytes], start: int, length: int) -> bytes:
    """Read a small part of a file."""
    if length > 4096:
        raise _Broken
    file.seek(start)
    return file.read(length)


def _float(content: bytes) -> float:
    value: float = struct.unpack(">f" if len(content) == 4 else ">d", content)[0]
    return value


def _element(head: bytes, at: int) -> tuple[int, int | None, int]:
    """Give number, length (None: unknown) and beginning of the content of an element of a WebM file."""
    digits = 9 - head[0].bit_length()
    if digits > 4:
        raise _Broken
    number = int.from_bytes(head[:digits], "big")
    wide = 9 - head[digits].bit_length()
    if wide > 8:
        raise _Broken
    length = int.from_bytes(head[digits : digits + wide], "big") & (1 << 7 * wide) - 1
    unknown = length == (1 << 7 * wide) - 1
    return number, None if unknown else length, at + digits + wide
