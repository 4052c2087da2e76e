"""What one needs before one starts; begin a draft or go on with one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from citizens import vneid_papers as vneid
from citizens.states import EidLevel
from core.http import PortalRequest
from dossiers import eligibility, holdings, selectors
from dossiers.forms import OnBehalfForm
from dossiers.services import drafting, reusing, vneid_papers
from procedures import held as held_told
from procedures.models import Procedure, ProcedureVersion
from procedures.states import ApplicantCategory, Channel

HELD = "held"
"""Name of the boxes of what is held already: ticked, it is used. The value is whose it is, and the component's position."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def start(request: PortalRequest, code: str) -> HttpResponse:
    """What one needs before one starts; begins a draft or goes on with one."""
    actor, at = request.actor, timezone.now()
    person = eligibility.person_of(actor)
    procedure = get_object_or_404(Procedure, code=code)
    versions = ProcedureVersion.objects.filter(procedure=procedure)
    version = drafting.require_open(versions.select_related("competent_agency", "procedure"), at=at)
    owners = holdings.owners(actor=actor, version=version, person=person)
    choices = _on_behalf(owners)
    form = OnBehalfForm(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and choices and form.is_valid():
        chosen = form.cleaned_data["on_behalf"]
        organisation_id = None if chosen == holdings.MYSELF else int(chosen)
        dossier = drafting.start(version_id=version.pk, actor=actor, organisation_id=organisation_id, at=at)
        reusing.fill(dossier_id=dossier.pk, actor=actor, at=at, positions=_ticked(request, whose=chosen))
        return redirect("dossiers:draft", tracking_no=dossier.tracking_no)
    held = holdings.of_version(version=version, whose=owners, at=at)
    boxes = [_boxes(request, one, version) for one in held if one.found or one.passed]
    context = {
        "version": version,
        "procedure": procedure,
        "form": form,
        "choices": choices,
        "held": boxes,
        "has_held": any(one.found for one in held),
        "held_for_all": {one.component.pk for one in held[0].found} if len(owners) == 1 else set(),
        "from_vneid": _from_vneid(version, person_files=any(one.organisation is None for one in owners)),
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


def _from_vneid(version: ProcedureVersion, *, person_files: bool) -> set[int]:
    """Give the components for which a person may have VNeID asked, if they consent."""
    if not (vneid.is_set_up() and person_files):
        return set()
    sources = sorted(vneid_papers.SCOPE_OF)
    return set(version.components.filter(accepted_sources__overlap=sources).values_list("pk", flat=True))


def _on_behalf(owners: list[holdings.Owner]) -> list[tuple[str, str]]:
    return [
        (
            one.key,
            _("Cho tôi: %(name)s") % {"name": one.person.full_name}
            if one.organisation is None
            else _("Cho tổ chức: %(name)s (mã số %(code)s)")
            % {"name": one.organisation.name, "code": one.organisation.code},
        )
        for one in owners
    ]


def _ticked(request: PortalRequest, *, whose: str) -> set[int]:
    """Give the positions of the components that are to be filled from what is held of who files."""
    found = set()
    for value in request.POST.getlist(HELD):
        owner, _colon, position = value.partition(":")
        if owner == whose and position.isdecimal() and len(position) < 6:
            found.add(int(position))
    return found


def _boxes(
    request: PortalRequest, of_owner: holdings.OwnersHoldings, version: ProcedureVersion
) -> dict[str, Any]:
    """Give what is held for one owner with its boxes: ticked at first where it is certain, then as they were sent."""
    sent = request.POST.getlist(HELD) if request.method == "POST" else None
    told = held_told.told_of(of_owner, version)
    boxes = []
    for one in of_owner.found:
        if one.component.condition:
            continue
        value = f"{of_owner.key}:{one.component.position}"
        is_ticked = one.is_certain if sent is None else value in sent
        boxes.append({"holding": one, "value": value, "is_ticked": is_ticked})
    return {"name": told.name, "boxes": boxes, "later": told.later, "passed": told.passed}
