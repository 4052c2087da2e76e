from __future__ import annotations

import structlog
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.http import PortalRequest
from core.pagination import keyset
from notifications import letters, policies, selectors, services, tasks

log = structlog.get_logger(__name__)

NOTICES_A_PAGE = 20


@require_safe
def notices(request: PortalRequest) -> HttpResponse:
    """The person's notices, newest first."""
    page = keyset(
        policies.visible(request.actor),
        order=("-pk",),
        size=NOTICES_A_PAGE,
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    return render(request, "notifications/list.html", {"page": page})


@require_safe
def notice(request: PortalRequest, notice_id: int) -> HttpResponse:
    """One notice. Opening it is reading it."""
    found = get_object_or_404(
        policies.visible(request.actor).select_related("dossier", "email"), pk=notice_id
    )
    services.mark_read(person_id=found.person_id, notice_id=found.pk, at=timezone.now())
    context = {
        "notice": found,
        "link": letters.link(found) if found.dossier else "",
        "email": getattr(found, "email", None),
    }
    return render(request, "notifications/detail.html", context)


@require_POST
def mark_read(request: PortalRequest, notice_id: int) -> HttpResponse:
    found = get_object_or_404(policies.visible(request.actor), pk=notice_id)
    services.mark_read(person_id=found.person_id, notice_id=found.pk, at=timezone.now())
    return redirect("notifications:list")


@require_POST
def mark_all_read(request: PortalRequest) -> HttpResponse:
    if request.actor.person_id is not None:
        count = services.mark_read(person_id=request.actor.person_id, at=timezone.now())
        messages.success(request, _("Đã đánh dấu %d thông báo là đã đọc.") % count)
    return redirect("notifications:list")


@require_safe
def failed_letters(request: PortalRequest) -> HttpResponse:
    """Letters that could not be delivered, for the officers who deal with their dossiers."""
    policies.require_officer(request.actor)
    page = keyset(
        policies.failed_letters(request.actor).select_related("notice__dossier"),
        order=("-pk",),
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    rows = [(letter, selectors.masked(letter.address)) for letter in page.rows]
    context = {"page": page, "rows": rows, "administers": policies.administers(request.actor)}
    return render(request, "notifications/failed.html", context)


@require_POST
def send_again(request: PortalRequest, letter_id: int) -> HttpResponse:
    letter = get_object_or_404(policies.failed_letters(request.actor), pk=letter_id)
    services.send_again(delivery_id=letter.pk, at=timezone.now())
    tasks.hint()
    messages.success(request, _("Thư sẽ được gửi lại trong ít phút."))
    return redirect("notifications:failed")


@require_safe
def failed_officer_letters(request: PortalRequest) -> HttpResponse:
    """Letters to officers that were given up, with the reason, for the administrators of their agencies."""
    policies.require_administrator(request.actor)
    page = keyset(
        policies.failed_officer_letters(request.actor, at=timezone.now()).select_related("officer__user"),
        order=("-pk",),
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    return render(request, "notifications/failed_officers.html", {"page": page})


@require_POST
def send_letter_again(request: PortalRequest, officer_letter_id: int) -> HttpResponse:
    """Give a letter to an officer another chance, after their address or the server was mended."""
    at = timezone.now()
    letter = get_object_or_404(policies.failed_officer_letters(request.actor, at=at), pk=officer_letter_id)
    services.send_letter_again(letter_id=letter.pk, at=at)
    log.info("letter to an officer sent again", letter_id=letter.pk, officer_id=request.actor.officer_id)
    tasks.hint()
    messages.success(request, _("Thư sẽ được gửi lại trong ít phút."))
    return redirect("notifications:failed_officers")
