"""Notes among officers, and what they write to the applicant."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import InvalidInput
from core.http import PortalRequest
from dossiers import talk_page
from dossiers.services import talk
from dossiers.views.desk import officer
from dossiers.views.desk_dossier import open_dossier, telling


@require_POST
@telling
def note(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Keep a note for the other officers."""
    return _write(request, tracking_no, kind="note", done=_("Đã lưu ghi chú nội bộ."))


@require_POST
@telling
def say(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Write to the applicant."""
    return _write(request, tracking_no, kind="say", done=_("Đã gửi. Người nộp nhận được thông báo."))


def _write(request: PortalRequest, tracking_no: str, *, kind: str, done: str) -> HttpResponse:
    found, actor = open_dossier(request, tracking_no), officer(request)
    text, write = request.POST.get("text", ""), talk.note if kind == "note" else talk.say
    try:
        write(dossier_id=found.pk, text=text, actor=actor, at=timezone.now())
    except InvalidInput as refusal:
        context = {
            "dossier": found,
            "kind": kind,
            "text": text,
            "problems": refusal.problems,
            **talk_page.for_officer(found, actor=actor),
        }
        return render(request, "dossiers/desk/talk.html", context, status=422)
    messages.success(request, done)
    place = "ghi-chu" if kind == "note" else "trao-doi"
    return redirect(f"{reverse('desk:dossier', args=[tracking_no])}#{place}")
