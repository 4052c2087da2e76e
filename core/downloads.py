"""Hand out private files: under their true kind, with a policy of their own, never to be kept by anybody on the way."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import FileResponse

from core.uploads.kinds import MEDIA_TYPES, PAPERS, Kind

#: A file loads nothing and runs nothing. Style attributes are the browser's own: its viewer sets a picture with them.
SHOWN = "default-src 'none'; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
TAKEN = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def attachment(file: FieldFile, *, name: str, kind: str = Kind.PDF) -> FileResponse:
    """Answer with a stored file under the name that people know it by."""
    response = FileResponse(
        file.open("rb"), as_attachment=True, filename=name, content_type=MEDIA_TYPES[Kind(kind)]
    )
    return guarded(response, policy=TAKEN)


def in_page(file: FieldFile, *, name: str, kind: str = Kind.PDF) -> FileResponse:
    """Answer with a PDF or picture that a page of the portal, and no other, may show in itself; else an attachment."""
    if kind not in PAPERS:
        return attachment(file, name=name, kind=kind)
    response = FileResponse(file.open("rb"), filename=name, content_type=MEDIA_TYPES[Kind(kind)])
    response["X-Frame-Options"] = "SAMEORIGIN"
    return guarded(response, policy=SHOWN)


def guarded(response: FileResponse, *, policy: str = TAKEN) -> FileResponse:
    """Let nobody on the way keep a file, and let it load and run nothing."""
    response["Content-Security-Policy"] = policy
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
