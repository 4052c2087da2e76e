"""The e-form as people will get it, at the width of a phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from core.errors import InvalidInput
from core.http import PortalRequest
from designer.views.access import of_version
from procedures import document as documents
from procedures import eforms
from procedures.models import ProcedureVersion
from procedures.trying.applicants import Trial

PAGE, LANGUAGE = "trang", "ngon-ngu"


@require_safe
@of_version
def preview(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    """A page of its own: works without a script, and on a real phone."""
    document = documents.of_version(version)
    context = {"version": version, **preview_context(request, version, document["eform"])}
    return render(request, "designer/preview.html", context)


def preview_context(
    request: PortalRequest, version: ProcedureVersion, eform: Mapping[str, Any], *, page_id: str = ""
) -> dict[str, Any]:
    """Give the page of a form that is shown, drawn as an applicant gets it; nothing where the form has none."""
    try:
        schema = eforms.parse(eform)
    except InvalidInput:
        schema = eforms.Schema()
    if not schema:
        return {"preview_pages": [], "preview_form": None}
    wanted = request.GET.get(PAGE, "") or page_id
    chosen = next((one for one in schema.pages if one.id == wanted), schema.pages[0])
    language = "en" if request.GET.get(LANGUAGE) == "en" else "vi"
    # Somebody who has answered what leads to this page, so that it is seen as those see it who are asked it.
    answers = _answers(schema, chosen)
    with translation.override(language):
        form = eforms.page_form(schema, chosen.id, initial=answers, language=language)
        form.auto_id = "preview_%s"
        drawn = form.render()
    return {
        "preview_pages": schema.pages,
        "preview_page": chosen,
        "preview_title": chosen.title_in(language),
        "preview_intro": chosen.intro_in(language),
        "preview_form": drawn,
        "preview_language": language,
    }


def _answers(schema: eforms.Schema, page: eforms.Page) -> dict[str, Any]:
    """Make up the answers of earlier pages; the page itself is left to be filled in."""
    own = {one.name for one in page.fields}
    trial = Trial(schema, timezone.localdate())
    first = next((one.name for one in page.fields), "")
    applicant = trial.reaching(first) or trial.fill({})
    return {name: value for name, value in applicant.answers.items() if name not in own}
