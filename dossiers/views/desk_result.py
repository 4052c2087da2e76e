"""A result on the officers' desk: draft it, sign it, issue it, hand it over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.sessions import asked_by_the_page
from core import downloads
from core.errors import InvalidInput, Refusal
from core.http import PortalRequest
from dossiers import desk_forms, desk_page, papers, policies, return_choice
from dossiers.models import Dossier
from dossiers.return_forms import HandOverInPerson
from dossiers.services import background, issuing, reading, result_drafts, returning, signing
from dossiers.states import DraftState, HandOverMethod
from dossiers.views.desk import officer
from dossiers.views.desk_dossier import back, open_dossier, telling
from procedures import templates


@require_http_methods(["GET", "POST"])
@never_cache
@telling
def draft(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Fill the result template beside a preview; save it, or save it and submit it for signature."""
    found = open_dossier(request, tracking_no)
    result_drafts.require_holder(dossier=found, actor=officer(request))
    result_type = result_drafts.result_type_of(found)
    template = templates.of_result_type(result_type)
    reading.note_opening(dossier=found, actor=officer(request), at=timezone.now())
    kept = desk_page.draft_of(found)
    values: dict[str, Any] = result_drafts.values_of(found, result_type)
    revision = kept.revision if kept else 0
    form = desk_forms.result_form(template, values=values)
    status = 200
    if request.method == "POST":
        values = _typed(request, template)
        form = desk_forms.result_form(template, data=request.POST, values=values)
        revision = _revision(request)
        if request.headers.get("X-Autosave"):
            return _autosave(request, found, values, revision)
        try:
            saved = _save(request, found, values, revision)
            revision = saved.revision
            if request.POST.get("action") != "submit":
                messages.success(request, _("Đã lưu dự thảo."))
                return redirect("desk:draft", tracking_no=tracking_no)
            result_drafts.request_signature(dossier_id=found.pk, actor=officer(request), at=timezone.now())
            return back(found)
        except InvalidInput as refusal:
            desk_forms.show_problems(form, refusal)
            status = 422
    context = {
        "dossier": found,
        "form": form,
        "revision": revision,
        "draft": kept,
        "returned_because": desk_page.reason_of_return(found),
        "result_type": result_type,
        "paper": papers.result(dossier=found, result_type=result_type, values=values),
    }
    return render(request, "dossiers/desk/draft.html", context, status=status)


def _typed(request: PortalRequest, template: templates.Template) -> dict[str, str]:
    return {one.name: request.POST.get(one.name, "") for one in template.fields}


def _revision(request: PortalRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _save(request: PortalRequest, found: Dossier, values: dict[str, str], revision: int) -> Any:
    return result_drafts.save(dossier_id=found.pk, values=values, revision=revision, actor=officer(request))


def _autosave(request: PortalRequest, found: Dossier, values: dict[str, str], revision: int) -> HttpResponse:
    try:
        saved = _save(request, found, values, revision)
    except Refusal as refusal:
        return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=refusal.status)
    return JsonResponse({"version": saved.revision})


@require_POST
def preview(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Set out what is typed so far as it will look. Nothing is stored."""
    found = open_dossier(request, tracking_no)
    result_drafts.require_holder(dossier=found, actor=officer(request))
    result_type = result_drafts.result_type_of(found)
    values = _typed(request, templates.of_result_type(result_type))
    paper = papers.result(dossier=found, result_type=result_type, values=values)
    return render(request, "dossiers/desk/_preview.html", {"paper": paper})


@require_GET
@never_cache
def draft_file(request: PortalRequest, tracking_no: str) -> FileResponse:
    """Show the draft as it stands: signed if it is, else as it was submitted."""
    found = open_dossier(request, tracking_no)
    policies.require_role(officer(request), found, *policies.AT_COMPETENT_AGENCY)
    kept = desk_page.draft_of(found)
    file = kept and (kept.signed_file or kept.draft_file)
    if not file:
        raise Http404
    reading.note_opening(dossier=found, actor=officer(request), at=timezone.now())
    answer = downloads.attachment if request.GET.get("tai") else downloads.in_page
    return answer(file, name=f"{found.reference}-ket-qua.pdf")


@asked_by_the_page
@require_GET
@never_cache
def progress(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Answer the page that waits for a background step: the same again, or a whole new page when it is done."""
    found = open_dossier(request, tracking_no)
    kept = desk_page.draft_of(found)
    if kept is not None and DraftState(kept.state) in background.TOPICS:
        return render(request, "dossiers/desk/_progress.html", {"dossier": found, "draft": kept})
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_POST
@telling
def sign(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Ask for the signer's signature under the draft that was shown."""
    found = open_dossier(request, tracking_no)
    signing.request(dossier_id=found.pk, actor=officer(request), at=timezone.now())
    return back(found)


@require_POST
@telling
def return_draft(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Return the draft to its specialist with a reason."""
    found = open_dossier(request, tracking_no)
    try:
        signing.return_draft(
            dossier_id=found.pk,
            reason=request.POST.get("note", ""),
            actor=officer(request),
            at=timezone.now(),
        )
    except InvalidInput as refusal:
        messages.error(request, " ".join(refusal.problems))
        return back(found)
    messages.success(request, _("Đã trả lại dự thảo cho chuyên viên."))
    return back(found)


@require_POST
@telling
def issue(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Give the result its number and ask for the agency's signature; the worker issues it."""
    found = open_dossier(request, tracking_no)
    issuing.request(dossier_id=found.pk, actor=officer(request), at=timezone.now())
    return back(found)


@require_http_methods(["GET", "POST"])
@telling
def hand_over(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Record who received the result at the counter, or that the post has it."""
    found = open_dossier(request, tracking_no)
    returning.require_open(dossier=found, actor=officer(request))
    owner = found.owner_person
    by_post = request.POST.get("method") == HandOverMethod.POST
    chosen = return_choice.of(found)
    form = HandOverInPerson(
        None if by_post else request.POST or None,
        initial={
            "method": HandOverMethod.HOME if chosen.method == HandOverMethod.HOME else HandOverMethod.COUNTER,
            "receiver_name": chosen.receiver_name or (owner.full_name if owner else ""),
        },
    )
    post_form = desk_forms.HandToPost(request.POST if by_post else None)
    if request.method == "POST":
        try:
            _hand_over(request, found, by_post=by_post)
        except InvalidInput as refusal:
            desk_forms.show_problems(post_form if by_post else form, refusal)
        else:
            return back(found)
    context = {
        "dossier": found,
        "form": form,
        "post_form": post_form,
        "return_way": return_choice.told(chosen),
        "originals": returning.kept_originals(found),
        "receivers": returning.receivers(found, at=timezone.now()) if owner is None else [],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "dossiers/desk/hand_over.html", context, status=status)


def _hand_over(request: PortalRequest, found: Dossier, *, by_post: bool) -> None:
    actor, at = officer(request), timezone.now()
    if by_post:
        number = request.POST.get("consignment_no", "")
        returning.hand_to_post(dossier_id=found.pk, consignment_no=number, actor=actor, at=at)
        messages.success(request, _("Đã ghi nhận giao bưu điện. Hồ sơ đóng khi bưu điện báo đã giao."))
        return
    returning.hand_over(
        dossier_id=found.pk,
        method=_in_person(request.POST.get("method", "")),
        receiver_name=request.POST.get("receiver_name", ""),
        receiver_id_checked=request.POST.get("receiver_id_checked") == "on",
        note=request.POST.get("note", ""),
        actor=actor,
        at=at,
    )
    messages.success(request, _("Đã ghi nhận trả kết quả. Hồ sơ đã đóng."))


def _in_person(method: str) -> str:
    """Take the way that was ticked; what is none of them is for the service to refuse, the vault is the applicant's."""
    return "" if method == HandOverMethod.VAULT else method or HandOverMethod.COUNTER
