"""The sections of the editor, and taking changes back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Conflict
from core.http import PortalRequest
from designer.section_parts import Context, section_part
from designer.sections import EFORM, section_named
from designer.views.access import of_version, to_version
from designer.views.editor import Target, edit_page
from procedures import document as documents
from procedures import services
from procedures.models import ProcedureVersion


@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def section(request: PortalRequest, version: ProcedureVersion, *, slug: str) -> HttpResponse:
    """One section of the document."""
    place = section_named(slug)
    if place is None:
        raise Http404
    if place is EFORM:
        return to_version(version, "eform")
    document = documents.of_version(version)
    target = Target(
        slug=place.slug,
        title=place.label,
        lede=place.lede,
        part=section_part(place, Context.of(document)),
        value={key: document[key] for key in place.parts},
        put=lambda value: value,
    )
    return edit_page(request, version, document, target)


@require_POST
@of_version
def turn(request: PortalRequest, version: ProcedureVersion, *, back: bool) -> HttpResponse:
    """Take the last save back, or do it again."""
    service = services.undo if back else services.redo
    try:
        service(version_id=version.pk, actor=request.actor, at=timezone.now())
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return to_version(version)
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure()):
        return redirect(address)
    return to_version(version)
