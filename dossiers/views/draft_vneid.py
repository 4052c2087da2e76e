"""Papers of a draft from VNeID: there, with one's consent, and back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from citizens import vneid_papers as vneid
from core.errors import Refusal
from core.http import PortalRequest
from dossiers import eligibility, selectors
from dossiers.drafts import Draft
from dossiers.services import vneid_papers
from dossiers.states import Status
from dossiers.views.draft_access import of_draft

ASKING = "vneid_papers"


@require_POST
@of_draft
def ask(request: PortalRequest, draft: Draft) -> HttpResponse:
    """Go to VNeID for the papers that the draft still misses."""
    scopes = vneid_papers.scopes_for(draft)
    tracking_no = draft.dossier.tracking_no
    if not scopes or not vneid.is_set_up() or draft.dossier.owner_person_id != request.actor.person_id:
        return redirect("dossiers:draft_files", tracking_no=tracking_no)
    try:
        address, asking = vneid.begin(request, scopes=scopes, back=reverse("dossiers:vneid_back"))
    except vneid.VneidAway as refusal:
        messages.error(request, str(refusal))
        return redirect("dossiers:draft_files", tracking_no=tracking_no)
    request.session[ASKING] = {"tracking_no": tracking_no, "asking": asking.as_data()}
    return redirect(address)


@require_GET
@never_cache
def come_back(request: PortalRequest) -> HttpResponse:
    """Take what VNeID shows into the draft that asked for it."""
    kept: dict[str, Any] | None = request.session.pop(ASKING, None)
    if kept is None:
        messages.error(request, str(vneid.NoConsent.message))
        return redirect("dossiers:mine")
    person, at = eligibility.person_of(request.actor), timezone.now()
    asking = vneid.Asking.from_data(kept["asking"])
    dossier = (
        selectors.of_applicant(request.actor)
        .filter(tracking_no=kept["tracking_no"], status=Status.DRAFT, owner_person=person)
        .select_related("procedure_version", "owner_person", "owner_organisation", "submitter")
        .first()
    )
    try:
        papers = vneid.fetch(request, asking=asking, answer=request.GET.dict(), person=person)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        vneid_papers.keep(person_id=person.pk, papers=papers, scopes=asking.scopes, at=at)
        rows = vneid_papers.fill(dossier=dossier, actor=request.actor, at=at) if dossier else []
        if rows:
            names = "; ".join(row.component.name for row in rows)
            messages.success(request, _("Đã dùng giấy tờ trên VNeID cho: %s.") % names)
        else:
            messages.info(request, _("VNeID không có giấy tờ nào dùng được cho hồ sơ này. Hãy tải tệp lên."))
    if dossier is None:
        return redirect("dossiers:mine")
    return redirect("dossiers:draft_files", tracking_no=dossier.tracking_no)
