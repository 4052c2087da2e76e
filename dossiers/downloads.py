"""Hand out private files: as attachments, by their true kind, never to be kept by anybody on the way."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import FileResponse

from core.uploads.kinds import MEDIA_TYPES, Kind


def attachment(file: FieldFile, *, name: str, kind: str = Kind.PDF) -> FileResponse:
    """Answer with a stored file under the name that people know it by."""
    response = FileResponse(
        file.open("rb"), as_attachment=True, filename=name, content_type=MEDIA_TYPES[Kind(kind)]
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
