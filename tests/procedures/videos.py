"""Videos of a few bytes, as the check of uploads sees them: right in their container, with nothing to look at."""

from __future__ import annotations


def box(kind: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def track(handler: bytes, codec: bytes) -> bytes:
    described = b"\0\0\0\0\0\0\0\x01" + box(codec, bytes(70))
    stbl = box(b"stbl", box(b"stsd", described))
    hdlr = box(b"hdlr", bytes(8) + handler + bytes(12))
    return box(b"trak", box(b"mdia", hdlr, box(b"minf", stbl)))


def mp4(
    *, picture: bytes = b"avc1", sound: bytes = b"mp4a", seconds: int = 95, content: bytes = b"\0" * 400
) -> bytes:
    header = bytes(12) + (1000).to_bytes(4, "big") + (seconds * 1000).to_bytes(4, "big") + bytes(80)
    tracks = [track(b"vide", picture)] if picture else []
    tracks += [track(b"soun", sound)] if sound else []
    moov = box(b"moov", box(b"mvhd", header), *tracks)
    return box(b"ftyp", b"isom\0\0\2\0isomavc1") + moov + box(b"mdat", content)


def element(number: bytes, content: bytes) -> bytes:
    return number + (len(content) | 1 << 28).to_bytes(4, "big") + content


def webm(*, picture: bytes = b"V_VP8", unknown: bool = False, more: bytes = b"") -> bytes:
    header = element(b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm")
    info = element(b"\x15\x49\xa9\x66", element(b"\x2a\xd7\xb1", (1_000_000).to_bytes(3, "big")))
    entry = element(b"\xae", element(b"\x83", b"\1") + element(b"\x86", picture))
    tracks = element(b"\x16\x54\xae\x6b", entry)
    cluster = element(b"\xa3", bytes(64))
    length = b"\x01" + b"\xff" * 7
    clusters = b"\x1f\x43\xb6\x75" + length + cluster if unknown else element(b"\x1f\x43\xb6\x75", cluster)
    inside = info + tracks + clusters + more
    segment = b"\x18\x53\x80\x67" + (length + inside if unknown else b"")
    return header + (segment if unknown else element(b"\x18\x53\x80\x67", inside))
