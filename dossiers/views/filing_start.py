"""What one needs before one starts; begin a draft or go on with one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from citizens.models import Person
from citizens.states import EidLevel
from core.http import PortalRequest
from dossiers import eligibility, selectors
from dossiers.forms import OnBehalfForm
from dossiers.services import drafting
from procedures.models import Procedure, ProcedureVersion
from procedures.states import ApplicantCategory, Channel

MYSELF = "self"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def start(request: PortalRequest, code: str) -> HttpResponse:
    """What one needs before one starts; begins a draft or goes on with one."""
    actor, at = request.actor, timezone.now()
    person = eligibility.person_of(actor)
    procedure = get_object_or_404(Procedure, code=code)
    versions = ProcedureVersion.objects.filter(procedure=procedure)
    version = drafting.require_open(versions.select_related("competent_agency", "procedure"), at=at)
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
