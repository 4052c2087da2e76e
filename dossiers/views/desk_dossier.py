"""One dossier on the officers' desk: read it, check what was handed in, accept or refuse, assign."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.states import Role
from core import downloads
from core.errors import Conflict, InvalidInput
from core.http import PortalRequest
from dossiers import (
    clock,
    desk_forms,
    desk_page,
    desk_selectors,
    inquiries_page,
    losses,
    paper_page,
    papers,
    policies,
    return_choice,
    step_forms,
    steps_page,
    supplement_page,
    talk_page,
    turns_page,
)
from dossiers.models import Dossier, DossierComponent, Paper
from dossiers.services import intake, issued_papers, processing, reading, talk
from dossiers.states import Action, CheckState, PaperState, ScanState, Status
from dossiers.views.desk import officer

DossierView = Callable[..., HttpResponse]


def open_dossier(request: PortalRequest, tracking_no: str) -> Dossier:
    """Give a dossier that exists for the officer, or answer 404; for applicants none is here, not even their own."""
    if not request.actor.is_officer:
        raise Http404
    return get_object_or_404(desk_page.open_to(request.actor), tracking_no=tracking_no)


def back(dossier: Dossier) -> HttpResponse:
    """Lead back to the dossier's page, which shows what has changed."""
    return redirect("desk:dossier", tracking_no=dossier.tracking_no)


def onward(request: PortalRequest, dossier: Dossier) -> HttpResponse:
    """Lead back to the dossier's page, or to the desk where the dossier is not the officer's to see any more."""
    if policies.visible(request.actor).filter(pk=dossier.pk).exists():
        return back(dossier)
    return redirect("desk:queue")


def telling(view: DossierView) -> DossierView:
    """Tell on the dossier's page why a step could not be taken, beside what the dossier looks like now."""

    @wraps(view)
    def told(request: PortalRequest, tracking_no: str, **kwargs: Any) -> HttpResponse:
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
def dossier(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """All of a dossier that its officers need; opening it is noted for its owner."""
    found = open_dossier(request, tracking_no)
    reading.note_opening(dossier=found, actor=officer(request), at=timezone.now())
    context = _context(request, found)
    talk.note_read(dossier=found, actor=officer(request), at=timezone.now())
    return render(request, "dossiers/desk/dossier.html", context)


def _context(request: PortalRequest, found: Dossier, **more: Any) -> dict[str, Any]:
    actor, at = officer(request), timezone.now()
    actions = desk_page.actions(found, actor=actor)
    assign, agency_id = Action.ASSIGN in actions, found.competent_agency_id
    may_assign = assign and actor.holds(Role.UNIT_LEADER, agency_id=agency_id)
    return {
        "dossier": found,
        "status": Status(found.status),
        "can": actions,
        "action_links": desk_page.action_links(found, can=actions),
        "deadline": desk_page.deadline(found, at=at),
        "explanation": clock.explanation(found),
        "answers": desk_page.answers(found),
        "masked_number": desk_page.masked_number(found),
        "checks": desk_page.checks(found),
        "history": desk_page.history(found),
        "control_rows": papers.control_rows(found),
        "papers": paper_page.rows(found),
        "draft": desk_page.draft_of(found),
        "refusal": getattr(found, "intake_refusal", None),
        "hand_over": getattr(found, "hand_over", None),
        "assign_form": _assign_form(found, request) if may_assign else None,
        "may_take": assign and actor.holds(Role.SPECIALIST, agency_id=agency_id),
        "return_form": desk_forms.ReturnDraft() if Action.RETURN_DRAFT in actions else None,
        "losses": losses.of(found),
        "return_way": return_choice.told(return_choice.of(found)),
        "identity_checks": desk_page.identity_checks(found),
        **supplement_page.for_officer(found, actor=actor, at=at),
        **talk_page.for_officer(found, actor=actor),
        **turns_page.for_officer(found, actor=actor, at=at),
        **inquiries_page.for_officer(found, actor=actor, at=at),
        **steps_page.for_officer(found, actor=actor, can=actions),
        **more,
    }


def _assign_form(found: Dossier, request: PortalRequest) -> desk_forms.Assign:
    loads = desk_page.loads(found, at=timezone.now())
    officers = [(load.officer.pk, step_forms.load_in_words(load)) for load in loads]
    return desk_forms.Assign(request.POST or None, officers=officers)


@require_POST
def reveal(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Show the owner's personal number; its owner sees that it was shown."""
    found = open_dossier(request, tracking_no)
    number = reading.personal_number(dossier=found, actor=officer(request), at=timezone.now())
    response = render(request, "dossiers/desk/_number.html", {"number": number})
    response["Cache-Control"] = "no-store"
    return response


# Components


@require_GET
def component(request: PortalRequest, tracking_no: str, component_id: int) -> FileResponse:
    """Show one handed-in file in the page, or hand it out with ``?tai=1``. Files in quarantine stay there."""
    found = open_dossier(request, tracking_no)
    one = get_object_or_404(
        DossierComponent, pk=component_id, dossier=found, replaced_at=None, scan_state=ScanState.CLEAN
    )
    reading.note_component(dossier=found, actor=officer(request), at=timezone.now())
    answer = downloads.attachment if request.GET.get("tai") else downloads.in_page
    return answer(one.file, name=one.original_name, kind=one.kind)


@require_POST
@telling
def check(request: PortalRequest, tracking_no: str, component_id: int) -> HttpResponse:
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
        )
    except InvalidInput as refusal:
        problem = {"wrong_id": one.pk, "wrong_note": note, "problems": refusal.problems}
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
def accept(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Accept the dossier, and say its code and when the result is due."""
    found = open_dossier(request, tracking_no)
    accepted = intake.accept(dossier_id=found.pk, actor=officer(request), at=timezone.now())
    assert accepted.due_at is not None, "a dossier is accepted with its due date"
    messages.success(
        request,
        _("Đã tiếp nhận hồ sơ %(code)s, hẹn trả lúc %(due)s. Giấy tiếp nhận (Mẫu số 01) đang được tạo.")
        % {"code": accepted.code, "due": desk_selectors.moment(accepted.due_at)},
    )
    return back(found)


@require_POST
@telling
def forward(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Hand an accepted dossier on paper over to the competent agency."""
    found = open_dossier(request, tracking_no)
    intake.forward(dossier_id=found.pk, actor=officer(request), at=timezone.now())
    messages.success(request, _("Đã chuyển hồ sơ đến cơ quan giải quyết."))
    return back(found)


@require_http_methods(["GET", "POST"])
@telling
def refuse(request: PortalRequest, tracking_no: str) -> HttpResponse:
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
def take(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Take a dossier that nobody works on."""
    found = open_dossier(request, tracking_no)
    processing.take(dossier_id=found.pk, actor=officer(request), at=timezone.now())
    messages.success(request, _("Bạn đã nhận xử lý hồ sơ này."))
    return back(found)


@require_POST
@telling
def assign(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Give the dossier to a specialist."""
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
        messages.error(request, " ".join(refusal.problems))
        return back(found)
    messages.success(request, _("Đã phân công cho %(name)s.") % {"name": given.current_handler})
    return back(found)


@require_GET
def paper(request: PortalRequest, tracking_no: str, paper_id: int) -> FileResponse:
    """Hand out a form of the dossier once it is made."""
    found = open_dossier(request, tracking_no)
    one = get_object_or_404(Paper, pk=paper_id, dossier=found)
    if one.state != PaperState.READY:
        raise Http404
    reading.note_opening(dossier=found, actor=officer(request), at=timezone.now())
    return downloads.attachment(one.file, name=f"{found.reference}-{one.form}.pdf")


@require_POST
@telling
def paper_again(request: PortalRequest, tracking_no: str, paper_id: int) -> HttpResponse:
    """Queue a form again that was given up because its facts were missing."""
    found = open_dossier(request, tracking_no)
    one = get_object_or_404(Paper, pk=paper_id, dossier=found)
    if issued_papers.take_up_again(paper_id=one.pk, at=timezone.now()):
        messages.success(request, _("Giấy tờ này đang được tạo lại. Hãy tải lại trang sau ít phút."))
    return back(found)
