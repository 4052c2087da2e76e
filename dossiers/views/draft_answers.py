"""The pages of a draft on which somebody answers: e-form, unit, contact."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import InvalidInput
from core.http import PortalRequest
from dossiers import places, selectors
from dossiers.drafts import CONTACT, UNIT, Draft, page_mark
from dossiers.forms import ContactForm
from dossiers.services import drafting
from dossiers.services.drafting import AnswersChanged
from dossiers.views.draft_access import of_draft
from dossiers.views.draft_way import after, comes_from_check, page_url, steps, url
from procedures import eforms


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def draft_page(request: PortalRequest, draft: Draft, *, page_id: str) -> HttpResponse:
    """One group of questions. Whatever is typed is kept, right or wrong; only right answers lead on."""
    page = _page(draft, page_id)
    stored = draft.dossier.form_data
    conflict: dict[str, str] = {}
    mark = page_mark(draft.schema, page_id, stored)
    if request.method == "POST":
        form = eforms.page_form(
            draft.schema,
            page_id,
            request.POST,
            initial=draft.answers,
            prefill=draft.prefill,
            files=draft.handed_in,
        )
        try:
            _dossier, mark = drafting.save_page(
                dossier_id=draft.dossier.pk,
                page_id=page_id,
                data=request.POST,
                seen=request.POST.get("version", ""),
                actor=request.actor,
            )
        except AnswersChanged:
            conflict = _stored_answers(draft, page)
        else:
            if "later" in request.POST:
                return redirect("dossiers:draft", tracking_no=draft.dossier.tracking_no)
            if rows := eforms.asks_for_rows(request.POST):
                return redirect(f"{page_url(draft, page_id, back=comes_from_check(request))}#id_{rows}")
            if slot := draft.slot_of(request.POST.get("to-files", "")):
                return redirect(f"{url('draft_files', draft)}#{slot.anchor}")
            if form.is_valid():
                return redirect(after(request, _saved(draft), page_id))
    else:
        form = eforms.page_form(
            draft.schema, page_id, initial=draft.answers, prefill=draft.prefill, files=draft.handed_in
        )
    language = get_language() or "vi"
    context = {
        "draft": draft,
        "dossier": draft.dossier,
        "form": form,
        "title": page.title_in(language),
        "intro": page.intro_in(language),
        "mark": mark,
        "conflict": conflict,
        "conflict_note": AnswersChanged.message if conflict else "",
        "back_to_check": comes_from_check(request),
        "autosave_url": reverse("dossiers:draft_autosave", args=[draft.dossier.tracking_no, page_id]),
        "steps": steps(draft, page_id),
    }
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "dossiers/citizen/draft_page.html", context, status=status)


def _page(draft: Draft, page_id: str) -> eforms.Page:
    for page in draft.pages:
        if page.id == page_id:
            return page
    raise Http404


def _saved(draft: Draft) -> Draft:
    """Read the draft again: an answer may have opened a page or closed one."""
    draft.dossier.refresh_from_db(fields=["form_data", "form_revision"])
    return Draft(draft.dossier, draft.at)


def _stored_answers(draft: Draft, page: eforms.Page) -> dict[str, str]:
    """Give what is stored for a page, as people read it, by label: shown beside what was typed here."""
    language = get_language() or "vi"
    shown = eforms.display_values(draft.schema, draft.answers, language)
    return {one.label_in(language): shown.get(one.name, "") for one in page.fields if one.takes_answer}


@require_POST
@of_draft
def draft_autosave(request: PortalRequest, draft: Draft, *, page_id: str) -> HttpResponse:
    """Keep what is being typed; answers with the page's new mark, or 409."""
    _page(draft, page_id)
    dossier, mark = drafting.save_page(
        dossier_id=draft.dossier.pk,
        page_id=page_id,
        data=request.POST,
        seen=request.POST.get("version", ""),
        actor=request.actor,
    )
    now = Draft(dossier, draft.at)
    worked_out = eforms.worked_out(now.schema, page_id, now.answers, get_language() or "vi")
    return JsonResponse({"version": mark, "worked_out": worked_out})


def _chosen_id(request: PortalRequest, name: str) -> int | None:
    chosen = request.POST.get(name, "")
    return int(chosen) if chosen.isdecimal() and len(chosen) < 18 else None


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def draft_unit(request: PortalRequest, draft: Draft) -> HttpResponse:
    """Choose the ward or commune that receives the dossier."""
    if not draft.asks_for_unit:
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            drafting.choose_unit(
                dossier_id=draft.dossier.pk,
                unit_id=_chosen_id(request, "unit"),
                centre_id=_chosen_id(request, "centre"),
                actor=request.actor,
                at=draft.at,
            )
        except InvalidInput as problem:
            error = str(next(iter(problem.errors.values()))[0])
        else:
            return redirect(after(request, draft, UNIT))
    search = request.GET.get("tim", "").strip()[:60]
    units = selectors.receiving_units(on=timezone.localdate(draft.at), search=search)
    chosen_unit, centre = draft.dossier.competent_agency, draft.dossier.received_at_unit
    suggested = None
    if chosen_unit is None and not search:
        suggested = selectors.suggested_unit(units, address=draft.applicant.address)
    context = {
        "draft": draft,
        "dossier": draft.dossier,
        "units": units,
        "search": search,
        "chosen": chosen_unit or suggested,
        "suggested": suggested,
        "centres": [] if search else places.all_centres(at=draft.at),
        "centre": centre if centre != chosen_unit else None,
        "error": error,
        "back_to_check": comes_from_check(request),
        "steps": steps(draft, UNIT),
    }
    return render(request, "dossiers/citizen/draft_unit.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def draft_contact(request: PortalRequest, draft: Draft) -> HttpResponse:
    """How the agency reaches the applicant, where the form does not ask for it."""
    if not draft.asks_for_contact:
        raise Http404
    known = {"phone": draft.dossier.contact_phone, "email": draft.dossier.contact_email}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        drafting.set_contact(dossier_id=draft.dossier.pk, actor=request.actor, **form.cleaned_data)
        return redirect(after(request, draft, CONTACT))
    context = {
        "draft": draft,
        "dossier": draft.dossier,
        "form": form,
        "back_to_check": comes_from_check(request),
        "steps": steps(draft, CONTACT),
    }
    return render(request, "dossiers/citizen/draft_contact.html", context, status=422 if form.errors else 200)
