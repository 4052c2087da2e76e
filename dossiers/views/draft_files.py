"""The papers of a draft: send, replace, remove."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from citizens import vneid_papers as vneid
from core import throttle
from core.errors import InvalidInput, TooManyRequests
from core.http import PortalRequest
from core.uploads import UploadRefused
from dossiers import held_page, validity
from dossiers.drafts import FILES, Draft
from dossiers.services import attachments, reusing, vneid_papers
from dossiers.services.reusing import NotHeld
from dossiers.states import ScanState
from dossiers.views.draft_access import of_draft
from dossiers.views.draft_way import steps

UPLOADS_A_MINUTE = 60


@require_GET
@of_draft
def draft_files(request: PortalRequest, draft: Draft) -> HttpResponse:
    """The papers of a draft, each with its file."""
    return _files_page(request, draft)


def _files_page(request: PortalRequest, draft: Draft, *, position: int = 0, error: str = "") -> HttpResponse:
    owner = reusing.owner_of(draft.dossier, actor=request.actor)
    context = {
        "draft": draft,
        "dossier": draft.dossier,
        "slots": held_page.of_slots(draft.slots, owner=owner, at=draft.at),
        "asks_vneid": bool(vneid.is_set_up() and vneid_papers.scopes_for(draft)),
        "refused_position": position,
        "refused": error,
        "issued_on": request.POST.get(validity.ISSUED_ON, ""),
        "max_mb": settings.UPLOAD_MAX_BYTES // 2**20,
        "is_waiting": any(slot.file and slot.file.scan_state == ScanState.PENDING for slot in draft.slots),
        "steps": steps(draft, FILES),
    }
    return render(request, "dossiers/citizen/draft_files.html", context, status=422 if error else 200)


@require_POST
@of_draft
def draft_reuse(request: PortalRequest, draft: Draft, *, position: int) -> HttpResponse:
    """Put what the city holds already into the place of a paper."""
    component = get_object_or_404(draft.version.components, position=position, is_upload=True)
    try:
        reusing.use(
            dossier_id=draft.dossier.pk,
            component=component,
            mark=request.POST.get("mark", ""),
            actor=request.actor,
            at=draft.at,
        )
    except NotHeld as refusal:
        return _files_page(request, draft, position=position, error=str(refusal))
    messages.success(request, _("Đã dùng bản thành phố đang có cho “%(name)s”.") % {"name": component.name})
    return redirect("dossiers:draft_files", tracking_no=draft.dossier.tracking_no)


@require_POST
@of_draft
def draft_upload(request: PortalRequest, draft: Draft, *, position: int) -> HttpResponse:
    """Take a file for one paper; a script hears of a refusal in JSON, a plain form sees it beside the paper."""
    component = get_object_or_404(draft.version.components, position=position, is_upload=True)
    upload = request.FILES.get("file")
    try:
        who = str(request.actor.user_id)
        throttle.require_pause(subject="upload", who=who, limit=UPLOADS_A_MINUTE, seconds=60, at=draft.at)
        if upload is None:
            raise InvalidInput({"file": []}, _("Chưa có tệp nào. Hãy chọn một tệp trên máy rồi tải lên."))
        attachments.attach(
            dossier_id=draft.dossier.pk,
            component=component,
            upload=upload,
            name=upload.name or "",
            actor=request.actor,
            issued_on=validity.read_day(request.POST.get(validity.ISSUED_ON, "")),
            at=draft.at,
        )
    except (UploadRefused, InvalidInput, TooManyRequests) as problem:
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return JsonResponse({"code": problem.code, "message": str(problem)}, status=problem.status)
        return _files_page(request, draft, position=position, error=str(problem))
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return JsonResponse({"message": _("Đã nhận tệp")})
    return redirect("dossiers:draft_files", tracking_no=draft.dossier.tracking_no)


@require_POST
@of_draft
def draft_remove_file(request: PortalRequest, draft: Draft, *, file_id: int) -> HttpResponse:
    """Ask once, then take the file out."""
    file = draft.dossier.components.filter(pk=file_id, replaced_at=None).select_related("component").first()
    if file is not None and "confirmed" not in request.POST:
        context = {"draft": draft, "dossier": draft.dossier, "file": file}
        return render(request, "dossiers/citizen/draft_remove_file.html", context)
    if file is not None:
        attachments.remove(dossier_id=draft.dossier.pk, file_id=file.pk, actor=request.actor)
        messages.success(request, _("Đã gỡ tệp “%(name)s”.") % {"name": file.original_name})
    return redirect("dossiers:draft_files", tracking_no=draft.dossier.tracking_no)
