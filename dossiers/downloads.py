"""Hand out private files: as attachments, by their true kind, never to be kept by anybody on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from csp.constants import SELF
from csp.decorators import csp_replace
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_sameorigin

from core.uploads.kinds import MEDIA_TYPES, PAPERS, Kind

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def attachment(file: FieldFile, *, name: str, kind: str = Kind.PDF) -> FileResponse:
    """Answer with a stored file under the name that people know it by."""
    response = FileResponse(
        file.open("rb"), as_attachment=True, filename=name, content_type=MEDIA_TYPES[Kind(kind)]
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def in_page(file: FieldFile, *, name: str, kind: str = Kind.PDF) -> FileResponse:
    """Answer with a PDF or picture that a page of the portal shows in itself; other kinds as attachments.

    Its view says by ``framed_by_portal`` that pages of the portal may frame it.
    """
    if kind not in PAPERS:
        return attachment(file, name=name, kind=kind)
    response = FileResponse(file.open("rb"), filename=name, content_type=MEDIA_TYPES[Kind(kind)])
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def framed_by_portal(view: View) -> View:
    """Let the portal's own pages, and no others, show what a view answers inside a frame."""
    return cast(View, xframe_options_sameorigin(csp_replace({"frame-ancestors": [SELF]})(view)))
