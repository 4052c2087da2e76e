"""The sections of the editor, and taking changes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Conflict
from core.http import PortalRequest
from designer.section_parts import Context, section_part
from designer.sections import EFORM, MESSAGES, PUBLIC, SectionPlace, message_path, section_named
from designer.views.access import of_version, to_version
from designer.views.editor import Target, edit_page, posted_revision
from dossiers.papers import own_words
from notifications import wording
from procedures import document as documents
from procedures import reading, services
from procedures import selectors as catalogue
from procedures.messages import LETTERS, TOPICS
from procedures.models import ProcedureVersion


@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def section(request: PortalRequest, version: ProcedureVersion, *, slug: str) -> HttpResponse:
    """One section of the document."""
    place = section_named(slug)
    if place is None:
        raise Http404
    if place is EFORM:
        return to_version(version, "eform")
    document = documents.of_version(version)
    target = Target(
        slug=place.slug,
        title=place.label,
        lede=place.lede,
        part=section_part(place, Context.of(document)),
        value={key: document[key] for key in place.parts},
        put=lambda value: value,
        path_of=lambda path: _at_its_row(request.POST, path) if place is MESSAGES else path,
        template="designer/messages.html" if place is MESSAGES else "designer/section.html",
        more=lambda now: (
            {"samples": _samples(version, now)} if place is MESSAGES else {"shown": _shown(version, place)}
        ),
    )
    return edit_page(request, version, document, target)


def _at_its_row(data: QueryDict, path: str) -> str:
    """Lead a problem of own words to the row in which they are posted."""
    marks = [one for one in data.getlist("messages-row") if not data.get(f"messages-{one}-removed")]
    return message_path(path, [data.get(f"messages-{one}-topic", "") for one in marks])


def _shown(version: ProcedureVersion, place: SectionPlace) -> dict[str, Any] | None:
    """Give what the public page will say of a draft; None for sections of which people see nothing there."""
    if not PUBLIC.intersection(place.parts):
        return None
    saved = catalogue.version_of(
        code=version.procedure.code,
        version_no=version.version_no,
        visible=ProcedureVersion.objects.filter(pk=version.pk),
    )
    return {"version": saved, "reading": reading.read(saved), "results": catalogue.results_of(saved)}


def _samples(version: ProcedureVersion, document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give each notice with own words as people get it, in both languages, and what it says without them; of a letter
    what is printed where its form leaves room.
    """
    version.messages = document["messages"]
    at = timezone.now()
    samples: list[dict[str, Any]] = []
    for topic in document["messages"]:
        if topic in LETTERS:
            samples.append(
                {
                    "label": LETTERS[topic].label,
                    "letter": own_words.sample(topic=topic, version=version, at=at),
                }
            )
            continue
        shown = []
        for language, name in (("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))):
            with translation.override(language):
                words, usual = wording.sample(topic=topic, version=version, at=at)
            shown.append({"language": language, "name": name, "words": words, "usual": usual})
        samples.append({"label": TOPICS[topic].label, "shown": shown})
    return samples


@require_POST
@of_version
def turn(request: PortalRequest, version: ProcedureVersion, *, back: bool) -> HttpResponse:
    """Take the last save back, or do it again."""
    service = services.undo if back else services.redo
    try:
        service(
            version_id=version.pk, revision=posted_revision(request), actor=request.actor, at=timezone.now()
        )
    except Conflict as refusal:
        messages.error(request, str(refusal))
    address = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure())
    if own and address.startswith("/"):
        return HttpResponseRedirect(address)
    return to_version(version)
