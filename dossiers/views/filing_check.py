"""Check your answers, then file once."""

from __future__ import annotations

import uuid

from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.sessions import asked_by_the_page
from citizens.states import EidLevel
from core.errors import InvalidInput
from core.http import PortalRequest
from dossiers import clock, eligibility, return_choice, selectors
from dossiers.drafts import Draft
from dossiers.forms import DeclarationForm
from dossiers.models import Dossier
from dossiers.plain_words import describe
from dossiers.services import filing
from dossiers.services.drafting import AlreadyFiled
from dossiers.services.filing import ChangedSinceChecked, ProcedureChanged
from dossiers.states import Form as PaperForm
from dossiers.states import Status
from dossiers.views.draft_access import of_draft, tell_changes
from dossiers.views.draft_way import mend_url, page_url, with_question
from procedures import eforms


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
            tell_changes(request, dossier)
            return redirect("dossiers:draft", tracking_no=dossier.tracking_no)
        except (ChangedSinceChecked, InvalidInput) as problem:
            note = str(problem)
            dossier.refresh_from_db()
            draft = Draft(dossier, draft.at)
            if isinstance(problem, InvalidInput) and not draft.problems:
                # Not the draft's own: a part of a bundle lacks something, and no question is there to point at.
                note = " ".join(problem.problems)
        else:
            return redirect("dossiers:submitted", tracking_no=dossier.tracking_no)
    context = {
        "draft": draft,
        "dossier": dossier,
        "form": form,
        "key": key,
        "note": note,
        "pages": [
            {"page": page, "href": page_url(draft, page.id, back=True)}
            for page in eforms.summary(draft.schema, draft.answers, get_language() or "vi")
            if draft.declaration is None or page.id != draft.declaration.id
        ],
        "problems": [{"text": with_question(one), "href": mend_url(draft, one)} for one in draft.problems],
        "return_way": return_choice.told(return_choice.of(dossier)),
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


@asked_by_the_page
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
