"""One dossier on the officers' desk: read it, check what was handed in, accept or refuse, assign."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.states import Role
from core import downloads
from core.actor import Actor
from core.errors import Conflict, InvalidInput
from dossiers import desk_forms, desk_page
from dossiers.models import Dossier, DossierComponent, Paper
from dossiers.services import intake, processing, reading
from dossiers.states import Action, CheckState, PaperState, ScanState, Status
from dossiers.views.desk import officer

DossierView = Callable[..., HttpResponse]


def open_dossier(request: HttpRequest, tracking_no: str) -> Dossier:
    """Give a dossier that exists for the officer, or answer 404; for applicants none is here, not even their own."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.is_officer:
        raise Http404
    return get_object_or_404(desk_page.open_to(actor), tracking_no=tracking_no)


def back(dossier: Dossier) -> HttpResponse:
    return redirect("desk:dossier", tracking_no=dossier.tracking_no)


def telling(view: DossierView) -> DossierView:
    """Tell on the dossier's page why a step could not be taken, beside what the dossier looks like now."""

    @wraps(view)
    def told(request: HttpRequest, tracking_no: str, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, tracking_no, **kwargs)
        except Conflict as refusal:
            messages.error(request, str(refusal))
            address = reverse("desk:dossier", args=[tracking_no])
            if request.headers.get("HX-Request"):
                return HttpResponse(headers={"HX-Redirect": address})
            return redirect(address)

    return told


@require_GET
@never_cache
def dossier(request: HttpRequest, tracking_no: str) -> HttpResponse:
    """All of a dossier that its officers need; opening it is noted for its owner."""
    found = open_dossier(request, tracking_no)
    reading.note_opening(dossier=found, actor=officer(request), at=timezone.now())
    return render(request, "dossiers/desk/dossier.html", _context(request, found))


def _context(request: HttpRequest, found: Dossier, **more: Any) -> dict[str, Any]:
    actor, at = officer(request), timezone.now()
    actions = desk_page.actions(found, actor=actor)
    assign = Action.ASSIGN in actions
    return {
        "dossier": found,
        "status": Status(found.status),
        "can": actions,
        "action_links": desk_page.action_links(found, can=actions),
        "deadline": desk_page.deadline(found, at=at),
        "explanation": desk_page.explanation(found),
        "answers": desk_page.answers(found),
        "masked_number": desk_page.masked_number(found),
        "checks": desk_page.checks(found),
        "history": desk_page.history(found),
        "control_rows": desk_page.control_rows(found),
        "papers": desk_page.issued_papers(found),
        "draft": desk_page.draft_of(found),
        "refusal": getattr(found, "intake_refusal", None),
        "hand_over": getattr(found, "hand_over", None),
        "assign_form": _assign_form(found, request) if assign and may_assign(request, found) else None,
        "may_take": assign and may_take(request, found),
        "return_form": desk_forms.ReturnDraft() if Action.RETURN_DRAFT in actions else None,
        **more,
    }


def may_assign(request: HttpRequest, found: Dossier) -> bool:
    return officer(request).holds(Role.UNIT_LEADER, agency_id=found.competent_agency_id)


def may_take(request: HttpRequest, found: Dossier) -> bool:
    return officer(request).holds(Role.SPECIALIST, agency_id=found.competent_agency_id)


def _assign_form(found: Dossier, request: HttpRequest) -> desk_forms.Assign:
    officers = [(one.pk, one.full_name) for one in desk_page.specialists(found, at=timezone.now())]
    return desk_forms.Assign(request.POST or None, officers=officers)


@require_POST
def reveal(request: HttpRequest, tracking_no: str) -> HttpResponse:
    """Show the owner's personal number; its owner sees that it was shown."""
    found = open_dossier(request, tracking_no)
    number = reading.personal_number(dossier=found, actor=officer(request), at=timezone.now())
    response = render(request, "dossiers/desk/_number.html", {"number": number})
    response["Cache-Control"] = "no-store"
    return response


# Components


@require_GET
def component(request: HttpRequest, tracking_no: str, component_id: int) -> HttpResponse:
    """Show one handed-in file in the page, or hand it out with ``?tai=1``. Files in quarantine stay there."""
    found = open_dossier(request, tracking_no)
    one = get_object_or_404(
        DossierComponent, pk=component_id, dossier=found, replaced_at=None, scan_state=ScanState.CLEAN
    )
    reading.note_component(dossier=found, actor=officer(request), at=timezone.now())
    answer = downloads.attachment if request.GET.get("tai") else downloads.in_page
    return answer(one.file, name=one.original_name, kind=one.kind)  # type: ignore[return-value]


@require_POST
@telling
def check(request: HttpRequest, tracking_no: str, component_id: int) -> HttpResponse:
    """Write down whether a component is right; htmx takes it, the progress and the decision anew."""
    found = open_dossier(request, tracking_no)
    one = get_object_or_404(DossierComponent, pk=component_id, dossier=found, replaced_at=None)
    note = request.POST.get("note", "")
    problem: dict[str, Any] = {}
    try:
        intake.check_component(
            component_id=one.pk,
            state=request.POST.get("state", ""),
            note=note,
            actor=officer(request),
            at=timezone.now(),
        )
    except InvalidInput as refusal:
        texts = [str(text) for texts in refusal.errors.values() for text in texts]
        problem = {"wrong_id": one.pk, "wrong_note": note, "problems": texts}
    if request.headers.get("HX-Request"):
        one.refresh_from_db()
        context = {
            "dossier": found,
            "can": desk_page.actions(found, actor=officer(request)),
            "checks": desk_page.checks(found),
            "one": one,
            **problem,
        }
        return render(request, "dossiers/desk/_checked.html", context)
    if problem:
        return render(request, "dossiers/desk/dossier.html", _context(request, found, **problem), status=422)
    return redirect(f"{request.path.rsplit('/thanh-phan/', 1)[0]}/#thanh-phan-{one.pk}")


# Intake


@require_POST
@telling
def accept(request: HttpRequest, tracking_no: str) -> HttpResponse:
    found = open_dossier(request, tracking_no)
    accepted = intake.accept(dossier_id=found.pk, actor=officer(request), at=timezone.now())
    due = timezone.localtime(accepted.due_at)
    messages.success(
        request,
        _("Đã tiếp nhận hồ sơ %(code)s, hẹn trả lúc %(due)s. Giấy tiếp nhận (Mẫu số 01) đang được tạo.")
        % {"code": accepted.code, "due": f"{due:%H:%M} {due:%d/%m/%Y}"},
    )
    return back(found)


@require_POST
@telling
def forward(request: HttpRequest, tracking_no: str) -> HttpResponse:
    found = open_dossier(request, tracking_no)
    intake.forward(dossier_id=found.pk, actor=officer(request), at=timezone.now())
    messages.success(request, _("Đã chuyển hồ sơ đến cơ quan giải quyết."))
    return back(found)


@require_http_methods(["GET", "POST"])
@telling
def refuse(request: HttpRequest, tracking_no: str) -> HttpResponse:
    """Ask for the legal reason and what the applicant should do, then refuse the intake."""
    found = open_dossier(request, tracking_no)
    intake.require_refusable(dossier=found, actor=officer(request))
    form = desk_forms.RefuseIntake(request.POST or None)
    if request.method == "POST":
        try:
            intake.refuse(
                dossier_id=found.pk,
                reason=request.POST.get("reason", ""),
                explanation=request.POST.get("explanation", ""),
                right_agency=request.POST.get("right_agency", ""),
                actor=officer(request),
                at=timezone.now(),
            )
        except InvalidInput as refusal:
            desk_forms.show_problems(form, refusal)
        else:
            messages.success(request, _("Đã từ chối tiếp nhận. Phiếu từ chối (Mẫu số 03) đang được tạo."))
            return back(found)
    status = 422 if form.is_bound else 200
    wrong = [one for one in desk_page.checks(found).components if one.check_state == CheckState.WRONG]
    context = {"dossier": found, "form": form, "wrong": wrong}
    return render(request, "dossiers/desk/refuse.html", context, status=status)


# Assignment


@require_POST
@telling
def take(request: HttpRequest, tracking_no: str) -> HttpResponse:
    found = open_dossier(request, tracking_no)
    processing.take(dossier_id=found.pk, actor=officer(request), at=timezone.now())
    messages.success(request, _("Bạn đã nhận xử lý hồ sơ này."))
    return back(found)


@require_POST
@telling
def assign(request: HttpRequest, tracking_no: str) -> HttpResponse:
    found = open_dossier(request, tracking_no)
    form = _assign_form(found, request)
    try:
        if not form.is_valid():
            raise InvalidInput({"officer": [_("Hãy chọn chuyên viên.")]})
        given = processing.assign(
            dossier_id=found.pk,
            officer_id=int(form.cleaned_data["officer"]),
            actor=officer(request),
            at=timezone.now(),
        )
    except InvalidInput as refusal:
        messages.error(request, " ".join(str(text) for texts in refusal.errors.values() for text in texts))
        return back(found)
    messages.success(request, _("Đã phân công cho %(name)s.") % {"name": given.current_handler})
    return back(found)


@require_GET
def paper(request: HttpRequest, tracking_no: str, paper_id: int) -> HttpResponse:
    """Hand out a form of the dossier once it is made."""
    found = open_dossier(request, tracking_no)
    one = get_object_or_404(Paper, pk=paper_id, dossier=found)
    if one.state != PaperState.READY:
        raise Http404
    return downloads.attachment(one.file, name=f"{found.reference}-{one.form}.pdf")  # type: ignore[return-value]
