"""The way to a filed dossier: start, draft page by page, check, file, confirmation."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citizens.models import Person
from citizens.states import EidLevel
from core.errors import InvalidInput
from core.http import PortalRequest
from core.uploads import UploadRefused
from dossiers import clock, eligibility, selectors
from dossiers.drafts import CONTACT, FILES, UNIT, Draft, Problem, page_mark
from dossiers.forms import ContactForm, DeclarationForm, OnBehalfForm
from dossiers.models import Dossier
from dossiers.plain_words import describe
from dossiers.services import attachments, drafting, filing
from dossiers.services.drafting import AlreadyFiled, AnswersChanged, ProcedureClosed
from dossiers.services.filing import ChangedSinceChecked, ProcedureChanged
from dossiers.states import Form as PaperForm
from dossiers.states import Status
from procedures import eforms
from procedures.models import Procedure, ProcedureVersion
from procedures.states import ApplicantCategory, Channel

MYSELF = "self"
BACK_TO_CHECK = "kiem-tra"

DraftView = Callable[..., HttpResponse]


def of_draft(view: DraftView | None = None, *, filed: str = "dossiers:detail", closed: bool = False) -> Any:
    """Hand a view the actor's draft as a `Draft`; 404 for everybody else.

    What is filed already leads to the page ``filed``. A draft on an old version of its procedure is carried over
    first and its owner told what changed. With ``closed`` the view also takes drafts that cannot be filed any more.
    """

    def decorate(view: DraftView) -> DraftView:
        @never_cache
        @wraps(view)
        def wrapper(request: PortalRequest, tracking_no: str, **kwargs: Any) -> HttpResponse:
            dossier = get_object_or_404(
                selectors.of_applicant(request.actor).select_related(
                    "procedure_version__procedure",
                    "procedure_version__competent_agency",
                    "received_at_unit",
                    "owner_person",
                    "owner_organisation",
                    "submitter",
                ),
                tracking_no=tracking_no,
            )
            if dossier.status != Status.DRAFT:
                return redirect(filed, tracking_no=tracking_no)
            at, version = timezone.now(), dossier.procedure_version
            is_current = version.procedure.current_version_id == version.pk
            try:
                if not is_current:
                    _tell_changes(request, dossier)
                    return redirect("dossiers:draft", tracking_no=tracking_no)
                if not version.is_fileable or not version.in_force(on=timezone.localdate(at)):
                    raise ProcedureClosed()
            except ProcedureClosed:
                if not closed:
                    return redirect("dossiers:draft", tracking_no=tracking_no)
                kwargs["is_closed"] = True
            return view(request, Draft(dossier, at), **kwargs)

        return wrapper

    return decorate(view) if view else decorate


def _tell_changes(request: PortalRequest, dossier: Dossier) -> None:
    changes = drafting.bring_up_to_date(dossier_id=dossier.pk, actor=request.actor, at=timezone.now())
    for change in changes:
        messages.warning(request, change)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def start(request: PortalRequest, code: str) -> HttpResponse:
    """What one needs before one starts; begins a draft or goes on with one."""
    actor, at = request.actor, timezone.now()
    person = eligibility.person_of(actor)
    procedure = get_object_or_404(Procedure, code=code)
    version = (
        ProcedureVersion.objects.open_for_filing()
        .select_related("competent_agency", "procedure")
        .filter(procedure=procedure)
        .first()
    )
    if version is None or not version.in_force(on=timezone.localdate(at)):
        raise ProcedureClosed()
    choices = _on_behalf(request, version, person)
    form = OnBehalfForm(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and choices and form.is_valid():
        chosen = form.cleaned_data["on_behalf"]
        organisation_id = None if chosen == MYSELF else int(chosen)
        dossier = drafting.start(version_id=version.pk, actor=actor, organisation_id=organisation_id, at=at)
        return redirect("dossiers:draft", tracking_no=dossier.tracking_no)
    context = {
        "version": version,
        "procedure": procedure,
        "form": form,
        "choices": choices,
        "components": version.components.order_by("position"),
        "uploads": version.components.filter(is_upload=True).order_by("position"),
        "categories": [ApplicantCategory(one).label for one in version.applicant_categories],
        "channels": version.channels.filter(channel=Channel.ONLINE)
        .order_by("position")
        .prefetch_related("fees"),
        "drafts": selectors.open_drafts(actor, procedure_id=procedure.pk)[:10],
        "may_submit": actor.eid_level >= EidLevel.LEVEL_2,
        "level_note": eligibility.LevelTooLow.message,
    }
    return render(request, "dossiers/citizen/start.html", context, status=422 if form.errors else 200)


def _on_behalf(request: PortalRequest, version: ProcedureVersion, person: Person) -> list[tuple[str, str]]:
    choices: list[tuple[str, str]] = []
    if eligibility.for_person(version, person):
        choices.append((MYSELF, _("Cho tôi: %(name)s") % {"name": person.full_name}))
    if eligibility.for_organisations(version):
        choices += [
            (str(one.pk), _("Cho tổ chức: %(name)s (mã số %(code)s)") % {"name": one.name, "code": one.code})
            for one in eligibility.represented(request.actor)
        ]
    return choices


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
            href=_page_url(draft, page.id),
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
                href=_url("draft_unit", draft),
                hint=unit.name if unit else "",
            )
        )
    if draft.asks_for_contact:
        tasks.append(
            _task(
                draft,
                CONTACT,
                title=_("Liên hệ"),
                href=_url("draft_contact", draft),
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
                href=_url("draft_files", draft),
                hint=hint,
                begun=given > 0,
                optional=not given and not any(slot.component.is_required for slot in draft.slots),
            )
        )
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
@of_draft
def draft_page(request: PortalRequest, draft: Draft, *, page_id: str) -> HttpResponse:
    """One group of questions. Whatever is typed is kept, right or wrong; only right answers lead on."""
    page = _page(draft, page_id)
    stored = draft.dossier.form_data
    conflict: dict[str, str] = {}
    mark = page_mark(draft.schema, page_id, stored)
    if request.method == "POST":
        form = eforms.page_form(
            draft.schema, page_id, request.POST, initial=draft.answers, prefill=draft.prefill
        )
        try:
            drafting.save_page(
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
            if form.is_valid():
                return redirect(_after(request, draft, page_id))
    else:
        form = eforms.page_form(draft.schema, page_id, initial=draft.answers, prefill=draft.prefill)
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
        "back_to_check": _comes_from_check(request),
        "autosave_url": reverse("dossiers:draft_autosave", args=[draft.dossier.tracking_no, page_id]),
        "steps": _steps(draft, page_id),
    }
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "dossiers/citizen/draft_page.html", context, status=status)


def _page(draft: Draft, page_id: str) -> eforms.Page:
    for page in draft.pages:
        if page.id == page_id:
            return page
    raise Http404


def _stored_answers(draft: Draft, page: eforms.Page) -> dict[str, str]:
    """Give what is stored for a page, as people read it, by label: shown beside what was typed here."""
    language = get_language() or "vi"
    shown = eforms.display_values(draft.schema, draft.answers, language)
    return {one.label_in(language): shown.get(one.name, "") for one in page.fields}


@require_POST
@of_draft
def draft_autosave(request: PortalRequest, draft: Draft, *, page_id: str) -> HttpResponse:
    """Keep what is being typed; answers with the page's new mark, or 409."""
    _page(draft, page_id)
    _dossier, mark = drafting.save_page(
        dossier_id=draft.dossier.pk,
        page_id=page_id,
        data=request.POST,
        seen=request.POST.get("version", ""),
        actor=request.actor,
    )
    return JsonResponse({"version": mark})


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def draft_unit(request: PortalRequest, draft: Draft) -> HttpResponse:
    """Choose the ward or commune that receives the dossier."""
    if not draft.asks_for_unit:
        raise Http404
    error = ""
    if request.method == "POST":
        chosen = request.POST.get("unit", "")
        try:
            drafting.choose_unit(
                dossier_id=draft.dossier.pk,
                unit_id=int(chosen) if chosen.isdecimal() and len(chosen) < 18 else None,
                actor=request.actor,
                at=draft.at,
            )
        except InvalidInput as problem:
            error = str(problem.errors["unit"][0])
        else:
            return redirect(_after(request, draft, UNIT))
    search = request.GET.get("tim", "").strip()[:60]
    units = selectors.receiving_units(on=timezone.localdate(draft.at), search=search)
    chosen_unit = draft.dossier.received_at_unit
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
        "error": error,
        "back_to_check": _comes_from_check(request),
        "steps": _steps(draft, UNIT),
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
        return redirect(_after(request, draft, CONTACT))
    context = {
        "draft": draft,
        "dossier": draft.dossier,
        "form": form,
        "back_to_check": _comes_from_check(request),
        "steps": _steps(draft, CONTACT),
    }
    return render(request, "dossiers/citizen/draft_contact.html", context, status=422 if form.errors else 200)


@require_GET
@of_draft
def draft_files(request: PortalRequest, draft: Draft) -> HttpResponse:
    """The papers of a draft, each with its file."""
    return _files_page(request, draft)


def _files_page(request: PortalRequest, draft: Draft, *, position: int = 0, error: str = "") -> HttpResponse:
    context = {
        "draft": draft,
        "dossier": draft.dossier,
        "slots": draft.slots,
        "refused_position": position,
        "refused": error,
        "max_mb": settings.UPLOAD_MAX_BYTES // 2**20,
        "is_waiting": any(slot.file and slot.file.scan_state == "pending" for slot in draft.slots),
        "steps": _steps(draft, FILES),
    }
    return render(request, "dossiers/citizen/draft_files.html", context, status=422 if error else 200)


@require_POST
@of_draft
def draft_upload(request: PortalRequest, draft: Draft, *, position: int) -> HttpResponse:
    """Take a file for one paper; a script hears of a refusal in JSON, a plain form sees it beside the paper."""
    component = get_object_or_404(draft.version.components, position=position, is_upload=True)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise InvalidInput({"file": []}, _("Chưa có tệp nào. Hãy chọn một tệp trên máy rồi tải lên."))
        attachments.attach(
            dossier_id=draft.dossier.pk,
            component=component,
            upload=upload,
            name=upload.name or "",
            actor=request.actor,
            at=draft.at,
        )
    except (UploadRefused, InvalidInput) as problem:
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


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft(closed=True)
def draft_delete(request: PortalRequest, draft: Draft, *, is_closed: bool = False) -> HttpResponse:
    """Ask once, then throw the draft away."""
    if request.method == "POST":
        drafting.delete(dossier_id=draft.dossier.pk, actor=request.actor)
        messages.success(request, _("Đã xóa bản nháp %(no)s.") % {"no": draft.dossier.tracking_no})
        return redirect("dossiers:mine")
    return render(request, "dossiers/citizen/draft_delete.html", {"draft": draft, "dossier": draft.dossier})


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft(filed="dossiers:submitted")
def check(request: PortalRequest, draft: Draft) -> HttpResponse:
    """Check your answers, declare, file."""
    dossier, actor = draft.dossier, request.actor
    key = request.POST.get("key") or uuid.uuid4().hex
    sent = request.POST if request.method == "POST" else None
    form = _declaration_form(draft, sent)
    note = ""
    if request.method == "POST" and form.is_valid():
        revision = request.POST.get("revision", "")
        try:
            filing.submit(
                dossier_id=dossier.pk,
                idempotency_key=key,
                actor=actor,
                at=timezone.now(),
                checked_revision=int(revision) if revision.isdecimal() and len(revision) < 10 else -1,
                declared=request.POST,
            )
        except AlreadyFiled:
            return redirect("dossiers:submitted", tracking_no=dossier.tracking_no)
        except ProcedureChanged:
            _tell_changes(request, dossier)
            return redirect("dossiers:draft", tracking_no=dossier.tracking_no)
        except (ChangedSinceChecked, InvalidInput) as problem:
            note = str(problem)
            dossier.refresh_from_db()
            draft = Draft(dossier, draft.at)
        else:
            return redirect("dossiers:submitted", tracking_no=dossier.tracking_no)
    context = {
        "draft": draft,
        "dossier": dossier,
        "form": form,
        "key": key,
        "note": note,
        "pages": [
            {"page": page, "href": _page_url(draft, page.id, back=True)}
            for page in eforms.summary(draft.schema, draft.answers, get_language() or "vi")
            if draft.declaration is None or page.id != draft.declaration.id
        ],
        "problems": [{"text": _with_question(one), "href": _mend_url(draft, one)} for one in draft.problems],
        "may_submit": actor.eid_level >= EidLevel.LEVEL_2,
        "level_note": eligibility.LevelTooLow.message,
    }
    status = 409 if note else 422 if form.errors else 200
    return render(request, "dossiers/citizen/check.html", context, status=status)


def _declaration_form(draft: Draft, sent: QueryDict | None) -> Form:
    """Make the form of what is declared at the end: the procedure's own words, else the general ones."""
    if draft.declaration is None:
        return DeclarationForm(sent)
    return eforms.page_form(draft.schema, draft.declaration.id, sent)


@require_GET
@never_cache
def submitted(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Confirmation: the number, what happens next and until when, the acknowledgement."""
    dossier = _filed(request, tracking_no)
    if dossier.status == Status.DRAFT:
        return redirect("dossiers:draft", tracking_no=tracking_no)
    office_hours, counted = clock.explain_accept_due(dossier)
    context = {
        "dossier": dossier,
        "situation": describe(dossier, at=timezone.now()),
        "office_hours": office_hours,
        "counted": counted,
        "paper": dossier.papers.filter(form=PaperForm.ACKNOWLEDGEMENT).first(),
    }
    return render(request, "dossiers/citizen/submitted.html", context)


@require_GET
@never_cache
def acknowledgement(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """The part of the confirmation that asks again until the acknowledgement is made."""
    dossier = _filed(request, tracking_no)
    context = {"dossier": dossier, "paper": dossier.papers.filter(form=PaperForm.ACKNOWLEDGEMENT).first()}
    return render(request, "dossiers/citizen/_acknowledgement.html", context)


def _filed(request: PortalRequest, tracking_no: str) -> Dossier:
    return get_object_or_404(
        selectors.of_applicant(request.actor).select_related("procedure_version", "received_at_unit"),
        tracking_no=tracking_no,
    )


def _url(name: str, draft: Draft) -> str:
    return reverse(f"dossiers:{name}", args=[draft.dossier.tracking_no])


def _page_url(draft: Draft, page_id: str, *, back: bool = False) -> str:
    url = reverse("dossiers:draft_page", args=[draft.dossier.tracking_no, page_id])
    return f"{url}?tu={BACK_TO_CHECK}" if back else url


def _mend_url(draft: Draft, problem: Problem) -> str:
    """Give the address of the very field where a problem is mended."""
    if problem.place == UNIT:
        return f"{_url('draft_unit', draft)}?tu={BACK_TO_CHECK}"
    if problem.place == CONTACT:
        return f"{_url('draft_contact', draft)}?tu={BACK_TO_CHECK}#id_phone"
    if problem.place == FILES:
        return f"{_url('draft_files', draft)}#{problem.field.replace('.', '-')}"
    return f"{_page_url(draft, problem.place, back=True)}#id_{problem.field}"


def _with_question(problem: Problem) -> str:
    if not problem.label:
        return str(problem.text)
    mark = "" if problem.label.endswith("?") else ":"
    return f"{problem.label}{mark} {problem.text}"


def _comes_from_check(request: PortalRequest) -> bool:
    return BACK_TO_CHECK in (request.GET.get("tu"), request.POST.get("tu"))


def _places(draft: Draft) -> list[tuple[str, str]]:
    """List the draft's pages in order, as (place, address)."""
    places = [(page.id, _page_url(draft, page.id)) for page in draft.pages]
    if draft.asks_for_unit:
        places.append((UNIT, _url("draft_unit", draft)))
    if draft.asks_for_contact:
        places.append((CONTACT, _url("draft_contact", draft)))
    if draft.slots:
        places.append((FILES, _url("draft_files", draft)))
    return [*places, (BACK_TO_CHECK, _url("check", draft))]


def _after(request: PortalRequest, draft: Draft, place: str) -> str:
    """Give the address of the page that follows, or the check page for whoever came from there."""
    if _comes_from_check(request):
        return _url("check", draft)
    places = _places(draft)
    return places[[name for name, _address in places].index(place) + 1][1]


def _steps(draft: Draft, place: str) -> dict[str, Any]:
    """Say where a page stands on the way: its number, of how many, and the page before."""
    places = _places(draft)
    at = [name for name, _address in places].index(place)
    return {
        "number": at + 1,
        "of": len(places),
        "back": places[at - 1][1] if at else _url("draft", draft),
    }
