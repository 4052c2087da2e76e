"""The files of the guides: public, in parts for players, kept by browsers for an hour."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from core import ranges
from core.http import PortalRequest
from procedures.beside import Guide
from procedures.states import GuideKind, GuideState


@login_not_required
@require_safe
def file(request: PortalRequest, code: str, guide_id: int) -> HttpResponseBase:
    """A sample with its mark, or a video."""
    guide = _ready(code, guide_id)
    if not guide.file:
        raise Http404
    return ranges.answer(
        request,
        guide.file,
        name=_name(guide),
        media_type=guide.media_type,
        digest=guide.sha256,
        as_attachment=request.GET.get("tai-ve") == "1",
    )


@login_not_required
@require_safe
def poster(request: PortalRequest, code: str, guide_id: int) -> HttpResponseBase:
    """The picture that stands for a video before it plays."""
    guide = _ready(code, guide_id)
    if not guide.poster:
        raise Http404
    stem, _dot, extension = str(guide.poster.name).rpartition(".")
    media_type = "image/png" if extension == "png" else "image/jpeg"
    digest = f"{stem[-32:]}{guide.sha256[:8]}"
    return ranges.answer(request, guide.poster, name=f"bia.{extension}", media_type=media_type, digest=digest)


@login_not_required
@require_safe
def captions(request: PortalRequest, code: str, guide_id: int) -> HttpResponse:
    """The captions of a video, as WebVTT."""
    guide = _ready(code, guide_id)
    if not guide.captions:
        raise Http404
    answer = HttpResponse(guide.captions + "\n", content_type="text/vtt; charset=utf-8")
    answer["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(answer, public=True, max_age=300)
    return answer


def _ready(code: str, guide_id: int) -> Guide:
    """:raises Http404: there is none that people are shown."""
    rows = Guide.objects.filter(
        procedure__code=code, state=GuideState.READY, procedure__current_version__isnull=False
    )
    found = rows.filter(pk=guide_id).first()
    if found is None:
        raise Http404
    return found


def _name(guide: Guide) -> str:
    """Under this name people save it: a sample says what it is there too."""
    return f"MAU-{guide.name}" if guide.kind == GuideKind.SAMPLE else guide.name
