"""The outline of the e-form: pages, sections and questions in order, moved, taken out and added to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from core.errors import Conflict, InvalidInput
from core.http import PortalRequest
from designer import eform_editing as editing
from designer import services
from designer.conditions import Questions, told
from designer.eform_parts import (
    KINDS_TO_CHOOSE,
)
from designer.section_parts import Context
from designer.sections import EFORM, SECTIONS, section_after
from designer.views.access import of_version, to_version
from designer.views.editor import posted_revision
from designer.views.preview import preview_context
from procedures import document as documents
from procedures.eforms.labels import KIND_LABELS
from procedures.eforms.schema import FieldType
from procedures.models import ProcedureVersion
from procedures.services import Overtaken

_QUESTION = re.compile(r"eform\.pages\[(\d+)\](?:\.sections\[(\d+)\])?\.fields\[(\d+)\]")


@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def outline(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    """Pages, sections and questions in order, each to be moved, taken out, or opened; and where to add more."""
    if not version.is_draft:
        return to_version(version, "preview")
    document = documents.of_version(version)
    problems: list[str] = []
    if request.method == "POST":
        changed = document["eform"]
        try:
            # First, as a question that a button names may have gone with what somebody else has saved.
            if (revision := posted_revision(request)) != version.revision:
                raise Overtaken()
            changed, anchor, gone = _pressed(document["eform"], request.POST)
            services.edit(
                version_id=version.pk,
                changes={"eform": changed},
                revision=revision,
                actor=request.actor,
                at=timezone.now(),
            )
        except (KeyError, ValueError) as missing:
            raise Http404 from missing
        except InvalidInput as problem:
            problems = _in_words(problem, changed)
        except Conflict as problem:
            problems = [str(problem)]
        else:
            query = f"?{urlencode({'da-bo': gone})}" if gone else ""
            here = reverse(
                "designer:eform", kwargs={"code": version.procedure.code, "version_no": version.version_no}
            )
            return redirect(f"{here}{query}#{anchor}")
    context = {
        "version": version,
        "sections": SECTIONS,
        "here": EFORM.slug,
        "next_section": section_after(EFORM.slug),
        "target": EFORM,
        "pages": _outlined(document["eform"], Context.of(document).questions),
        "kinds": KINDS_TO_CHOOSE,
        "components": [one["name"] for one in document["uploads"]],
        "rules": len(document["eform"].get("rules", [])),
        "revision": version.revision,
        "problems": problems,
        "gone": request.GET.get("da-bo", "")[:200],
        **preview_context(request, version, document["eform"]),
    }
    # A part of a page that is drawn by htmx is drawn whatever came of it.
    status = 422 if problems and not request.headers.get("HX-Request") else 200
    return render(request, "designer/eform.html", context, status=status)


def _pressed(eform: Mapping[str, Any], data: QueryDict) -> tuple[dict[str, Any], str, str]:
    """Do what a button of the outline says; give the form, what to lead to, and what was taken out.

    :raises KeyError, ValueError: there is no such button, page or question.
    """
    what, _colon, target = data.get("do", "").partition(":")
    match what:
        case "add-page":
            title, chosen = data.get("title", "")[:300], data.get("page_id", "").strip()[:60]
            made, page_id = editing.add_page(eform, title, page_id=chosen)
            return made, f"trang-{page_id}", ""
        case "add-section":
            return editing.add_section(eform, target, data.get("title", "")[:300]), f"trang-{target}", ""
        case "add-question":
            page_no, section_no = _container(target)
            made, name = editing.add_question(
                eform,
                page_no,
                section_no,
                label=data.get("label", "")[:500],
                kind=FieldType(data.get("kind", "")),
                component=data.get("component", "")[:500],
                name=data.get("name", "").strip()[:60],
            )
            return made, f"cau-{name}", ""
        case "up" | "down":
            return editing.move_question(eform, target, -1 if what == "up" else 1), f"cau-{target}", ""
        case "remove":
            place, at = editing.found(eform, target)
            gone = str(place.questions[at]["label"])
            return editing.remove_question(eform, target), "outline", gone
        case "page-up" | "page-down":
            return editing.move_page(eform, target, -1 if what == "page-up" else 1), f"trang-{target}", ""
        case "remove-page":
            gone = str(editing.page_at(eform, target)["title"])
            return editing.remove_page(eform, target), "outline", gone
        case "order":
            page_no, section_no = _container(target)
            return (
                editing.order_questions(eform, page_no, section_no, data.getlist("order")),
                "outline",
                "",
            )
    raise KeyError(what)


def _container(target: str) -> tuple[int, int | None]:
    page_no, _dot, section_no = target.partition(".")
    return int(page_no), int(section_no) if section_no else None


def _outlined(eform: Mapping[str, Any], questions: Questions) -> list[dict[str, Any]]:
    """Give the pages with their containers and questions as the outline shows them."""
    pages: list[dict[str, Any]] = [
        {"raw": one, "when": told(_condition(one), questions), "places": []} for one in eform.get("pages", [])
    ]
    for place in editing.containers(eform):
        pages[place.page]["places"].append(
            {
                "raw": place.raw,
                "section": place.section,
                "key": f"{place.page}" if place.section is None else f"{place.page}.{place.section}",
                "when": "" if place.section is None else told(_condition(place.raw), questions),
                "questions": [
                    {
                        **one,
                        "kind": KIND_LABELS[FieldType(one["type"])],
                        "when": told(_condition(one), questions),
                    }
                    for one in place.questions
                ],
            }
        )
    return pages


def _in_words(problem: InvalidInput, eform: Mapping[str, Any]) -> list[str]:
    """Say problems of a changed form with the question that each is about."""
    said = []
    for path, texts in problem.errors.items():
        label = _label_at(path, eform)
        said += [f"“{label}”: {text}" if label else str(text) for text in texts]
    return said


def _label_at(path: str, eform: Mapping[str, Any]) -> str:
    place = _QUESTION.match(path)
    if place is None:
        return ""
    page, section, at = (None if one is None else int(one) for one in place.groups())
    for one in editing.containers(eform):
        if (one.page, one.section) == (page, section) and at is not None and at < len(one.questions):
            return str(one.questions[at]["label"])
    return ""


def _condition(raw: Mapping[str, Any]) -> Any:
    return raw.get("show_when") or raw.get("show_if")
