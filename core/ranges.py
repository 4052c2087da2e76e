"""Public files in parts, as players ask for them: one range at a time, and never more than a slow phone takes quickly.

An answer to an open range (``bytes=0-``) ends after `MOST_AT_ONCE`: the player asks for the next part when it needs it,
so that a connection that crawls holds a thread of the server for seconds and not for the length of the video.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from django.db.models.fields.files import FieldFile
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header, parse_etags

from core.downloads import SHOWN

MOST_AT_ONCE = 2 * 2**20
KEPT_S = 3_600
CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def answer(
    request: HttpRequest,
    file: FieldFile,
    *,
    name: str,
    media_type: str,
    digest: str,
    as_attachment: bool = False,
) -> HttpResponseBase:
    """Answer with a public file, or the part of it that is asked for (RFC 9110, section 14).

    ``digest`` names the content: who has it already is told so. A range that cannot be read is none, one that lies beyond
    the end is refused with 416.
    """
    etag = f'"{digest}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _told(HttpResponseNotModified(), etag)
    size = file.size
    wanted = _wanted(request, etag)
    if wanted is None:
        whole = FileResponse(file.open("rb"), content_type=media_type)
        whole["Content-Length"] = str(size)
        return _named(_told(whole, etag), name, as_attachment=as_attachment)
    first, last = _bounds(wanted, size)
    if first > last:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return _told(refused, etag)
    content = file.open("rb")
    part = StreamingHttpResponse(_read(content, first, last - first + 1), status=206, content_type=media_type)
    part["Content-Length"] = str(last - first + 1)
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    return _named(_told(part, etag), name, as_attachment=as_attachment)


def _wanted(request: HttpRequest, etag: str) -> tuple[str, str] | None:
    if request.method == "HEAD" or request.headers.get("If-Range", etag) != etag:
        return None
    found = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if first and last and int(first) > int(last):
        return None
    return first, last


def _bounds(wanted: tuple[str, str], size: int) -> tuple[int, int]:
    """Give the first and the last byte; the first lies beyond the last where nothing of the file is asked for."""
    if not wanted[0]:
        length = min(int(wanted[1]), size)
        return (size - length, size - 1) if length else (1, 0)
    first = int(wanted[0])
    last = int(wanted[1]) if wanted[1] else first + MOST_AT_ONCE - 1
    return (1, 0) if first >= size else (first, min(last, first + MOST_AT_ONCE - 1, size - 1))


def _read(content: IO[bytes], first: int, length: int) -> Iterator[bytes]:
    with content:
        content.seek(first)
        while length > 0 and (chunk := content.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


def _told(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SHOWN
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    patch_cache_control(response, public=True, max_age=KEPT_S)
    return response


def _named(response: HttpResponseBase, name: str, *, as_attachment: bool) -> HttpResponseBase:
    shown = content_disposition_header(as_attachment, name)
    if shown:
        response["Content-Disposition"] = shown
    return response
