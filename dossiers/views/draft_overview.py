"""The list of what a draft still needs, and its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.http import PortalRequest
from dossiers import return_choice
from dossiers.drafts import CONTACT, FILES, RETURN, UNIT, Draft
from dossiers.services import drafting
from dossiers.services.drafting import ProcedureClosed
from dossiers.views.draft_access import of_draft
from dossiers.views.draft_way import page_url, url


@require_GET
@of_draft(closed=True)
def draft(request: PortalRequest, draft: Draft, *, is_closed: bool = False) -> HttpResponse:
    """The task list of a draft."""
    context = {
        "draft": draft,
        "dossier": draft.dossier,
        "tasks": [] if is_closed else _tasks(draft),
        "is_complete": not is_closed and not draft.problems,
        "closed_note": ProcedureClosed.message if is_closed else "",
        "kept_until": draft.dossier.updated_at + drafting.KEPT,
    }
    return render(request, "dossiers/citizen/draft.html", context)


def _tasks(draft: Draft) -> list[dict[str, Any]]:
    language = get_language() or "vi"
    tasks = [
        _task(
            draft,
            page.id,
            title=page.title_in(language),
            href=page_url(draft, page.id),
            begun=draft.is_begun(page),
        )
        for page in draft.pages
    ]
    if draft.asks_for_unit:
        unit = draft.dossier.received_at_unit
        tasks.append(
            _task(
                draft,
                UNIT,
                title=_("Nơi tiếp nhận"),
                href=url("draft_unit", draft),
                hint=unit.name if unit else "",
            )
        )
    if draft.asks_for_contact:
        tasks.append(
            _task(
                draft,
                CONTACT,
                title=_("Liên hệ"),
                href=url("draft_contact", draft),
                hint=draft.dossier.contact_phone,
            )
        )
    if draft.slots:
        given = sum(slot.file is not None for slot in draft.slots)
        hint = _("Đã tải lên %(given)d trong %(all)d giấy tờ") % {"given": given, "all": len(draft.slots)}
        tasks.append(
            _task(
                draft,
                FILES,
                title=_("Giấy tờ kèm theo"),
                href=url("draft_files", draft),
                hint=hint,
                begun=given > 0,
                optional=not given and not any(slot.is_required for slot in draft.slots),
            )
        )
    way = return_choice.told(return_choice.of(draft.dossier))
    tasks.append(_task(draft, RETURN, title=_("Nhận kết quả"), href=url("draft_return", draft), hint=way))
    return tasks


def _task(
    draft: Draft,
    place: str,
    *,
    title: str,
    href: str,
    hint: str = "",
    begun: bool = False,
    optional: bool = False,
) -> dict[str, Any]:
    if optional:
        status, colour = _("Không bắt buộc"), "neutral"
    elif not draft.problems_at(place):
        status, colour = _("Đã xong"), "success"
    elif begun:
        status, colour = _("Đang làm"), "info"
    else:
        status, colour = _("Chưa làm"), "neutral"
    return {"title": title, "href": href, "hint": hint, "status": status, "colour": colour}


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft(closed=True)
def draft_delete(request: PortalRequest, draft: Draft, *, is_closed: bool = False) -> HttpResponse:
    """Ask once, then throw the draft away."""
    if request.method == "POST":
        drafting.delete(dossier_id=draft.dossier.pk, actor=request.actor)
        messages.success(request, _("Đã xóa bản nháp %(no)s.") % {"no": draft.dossier.tracking_no})
        return redirect("dossiers:mine")
    return render(request, "dossiers/citizen/draft_delete.html", {"draft": draft, "dossier": draft.dossier})
