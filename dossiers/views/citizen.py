"""What applicants see of their dossiers: the list, one dossier, its files and papers, the result."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.sessions import asked_by_the_page
from core import downloads
from core.http import PortalRequest
from core.pagination import keyset
from dossiers import (
    clock,
    eligibility,
    inquiries_page,
    losses,
    paper_page,
    return_choice,
    selectors,
    steps_page,
    supplement_page,
    talk_page,
    turns_page,
)
from dossiers.forms import MineFilter
from dossiers.models import Dossier, DossierComponent, Paper
from dossiers.paper_page import PaperRow
from dossiers.plain_words import ENDED, describe
from dossiers.services import drafting, returning, talk
from dossiers.services.guards import AlreadyDone
from dossiers.states import Form, HandOverMethod, PaperState, ScanState, Status
from results_vault import policies as vault_policies
from results_vault.models import Result

PAGE = 20
NOT_FOR_APPLICANTS = (Form.CONTROL_SHEET, Form.OPINION_LETTER)


@require_GET
@never_cache
def mine(request: PortalRequest) -> HttpResponse:
    """My dossiers and drafts, and those of the organisations that I act for."""
    eligibility.require_applicant(request.actor)
    form = MineFilter(request.GET)
    wanted: dict[str, str] = form.cleaned_data if form.is_valid() else {}
    group, search = wanted.get("nhom", ""), wanted.get("ma", "")
    page = keyset(
        selectors.list_of_applicant(request.actor, group=group, search=search),
        order=["-id"],
        size=PAGE,
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    at = timezone.now()
    kept = {key: value for key, value in (("nhom", group), ("ma", search)) if value}
    context = {
        "form": form,
        "rows": [{"dossier": one, "situation": describe(one, at=at)} for one in page.rows],
        "newer": f"?{urlencode({**kept, 'truoc': page.earlier})}" if page.earlier else "",
        "older": f"?{urlencode({**kept, 'sau': page.later})}" if page.later else "",
        "is_filtered": bool(kept),
        "kept_days": drafting.KEPT.days,
    }
    return render(request, "dossiers/citizen/mine.html", context)


@require_GET
@never_cache
def detail(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """One dossier: where it stands, what comes next, until when and why then, and all that belongs to it."""
    dossier = _own(request, tracking_no)
    if dossier.status == Status.DRAFT:
        return redirect("dossiers:draft", tracking_no=tracking_no)
    context = {
        **_status_context(request, dossier, _papers(dossier)),
        "files": dossier.components.filter(replaced_at=None)
        .select_related("component")
        .order_by("component__position"),
        "explanation": clock.explanation(dossier),
        "refusal": getattr(dossier, "intake_refusal", None),
        "hand_over": getattr(dossier, "hand_over", None),
        "supplement": supplement_page.latest(dossier),
        "refused": supplement_page.refused(dossier),
        **talk_page.for_applicant(dossier, actor=request.actor),
        **turns_page.for_applicant(dossier),
        **inquiries_page.for_applicant(dossier),
        "origin": steps_page.origin(dossier, actor=request.actor),
        "losses": losses.of(dossier),
        "return_way": return_choice.told(return_choice.of(dossier)),
        "may_choose_return": return_choice.is_open(dossier),
    }
    talk.note_read(dossier=dossier, actor=request.actor, at=timezone.now())
    return render(request, "dossiers/citizen/detail.html", context)


@asked_by_the_page
@require_GET
@never_cache
def status(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """The part of the page that follows the dossier; 204 while nothing has happened since the mark ``moc``."""
    dossier = _own(request, tracking_no)
    papers = _papers(dossier)
    if request.GET.get("moc") == _mark(dossier, papers):
        return HttpResponse(status=204)
    return render(request, "dossiers/citizen/_status.html", _status_context(request, dossier, papers))


def _papers(dossier: Dossier) -> list[PaperRow]:
    return paper_page.rows(dossier, without=NOT_FOR_APPLICANTS)


def _mark(dossier: Dossier, papers: list[PaperRow]) -> str:
    """Give what changes when there is something new to show."""
    return f"{dossier.history_length}-{sum(paper.is_ready for paper in papers)}"


def _status_context(request: PortalRequest, dossier: Dossier, papers: list[PaperRow]) -> dict[str, Any]:
    at = timezone.now()
    return {
        "dossier": dossier,
        "situation": describe(dossier, at=at),
        "timeline": selectors.timeline(dossier, actor=request.actor),
        "papers": papers,
        "result": _result(request, dossier),
        "may_receive": dossier.status == Status.COMPLETED
        and eligibility.may_receive(
            actor=request.actor, organisation_id=dossier.owner_organisation_id, at=at
        ),
        "mark": _mark(dossier, papers),
        "is_open": dossier.status not in ENDED,
    }


def _result(request: PortalRequest, dossier: Dossier) -> Result | None:
    if dossier.code is None or dossier.status not in (Status.COMPLETED, Status.RETURNED, Status.ARCHIVED):
        return None
    return vault_policies.visible(request.actor).filter(dossier_code=dossier.code).order_by("-pk").first()


@require_POST
def receive(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Receive the result electronically: recorded as handed over, then there to download."""
    dossier = _own(request, tracking_no)
    try:
        returning.hand_over(
            dossier_id=dossier.pk, method=HandOverMethod.VAULT, actor=request.actor, at=timezone.now()
        )
    except AlreadyDone:
        pass  # pressed twice: the page shows that it is done
    else:
        messages.success(request, _("Bạn đã nhận kết quả điện tử. Kết quả nằm trong kho kết quả của bạn."))
    return redirect("dossiers:detail", tracking_no=tracking_no)


@require_GET
@never_cache
def file(request: PortalRequest, tracking_no: str, file_id: int) -> FileResponse:
    """One's own file. A file in quarantine is not handed out."""
    dossier = _own(request, tracking_no)
    row = get_object_or_404(
        DossierComponent, dossier=dossier, pk=file_id, replaced_at=None, scan_state=ScanState.CLEAN
    )
    return downloads.attachment(row.file, name=row.original_name, kind=row.kind)


@require_GET
@never_cache
def paper(request: PortalRequest, tracking_no: str, paper_id: int) -> FileResponse:
    """One of the forms that the portal made for the applicant."""
    dossier = _own(request, tracking_no)
    row = get_object_or_404(
        Paper.objects.exclude(form__in=NOT_FOR_APPLICANTS),
        dossier=dossier,
        pk=paper_id,
        state=PaperState.READY,
    )
    return downloads.attachment(row.file, name=f"{row.form}-{dossier.reference}.pdf")


def _own(request: PortalRequest, tracking_no: str) -> Dossier:
    if not request.actor.is_person:
        raise Http404
    return get_object_or_404(
        selectors.of_applicant(request.actor).select_related(
            "procedure_version__procedure",
            "received_at_unit",
            "competent_agency",
            "owner_organisation",
            "intake_refusal",
            "hand_over",
        ),
        tracking_no=tracking_no,
    )
