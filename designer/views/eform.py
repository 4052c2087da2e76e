"""The e-form: its outline of pages and questions, and a page for each of them to edit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Conflict, InvalidInput
from core.http import PortalRequest
from designer import eform_editing as editing
from designer import services
from designer.conditions import KEPT, Questions, shown, told
from designer.eform_editing import Container
from designer.eform_parts import (
    KINDS_TO_CHOOSE,
    page_part,
    question_data,
    question_part,
    rules_part,
)
from designer.section_parts import Context
from designer.sections import EFORM, SECTIONS, section_after
from designer.views.access import of_version, to_version
from designer.views.editor import Target, edit_page, posted_revision
from designer.views.preview import preview_context
from procedures import document as documents
from procedures.eforms.labels import KIND_LABELS
from procedures.eforms.schema import FieldType
from procedures.models import ProcedureVersion
from procedures.services import Overtaken

TEMPLATE = "designer/eform_part.html"
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


@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def question(request: PortalRequest, version: ProcedureVersion, *, name: str) -> HttpResponse:
    """One question."""
    document = documents.of_version(version)
    try:
        place, at = editing.found(document["eform"], name)
    except KeyError as missing:
        if any(one["id"] == name for one in document["eform"].get("pages", [])):
            return to_version(version, "page", page_id=name)
        raise Http404 from missing
    value = _with_condition(place.questions[at])
    context = Context.of(document)
    before = _before(context, name)
    named = [one["name"] for one in document["uploads"]]
    components = tuple(dict.fromkeys([*named, *([value["component"]] if "component" in value else [])]))
    stored = FieldType(value["type"])

    def part_for(data: Mapping[str, Any]) -> Any:
        try:
            kind = FieldType(data.get("type", stored))
        except ValueError:
            kind = stored
        kept = {key for key in ("show_when", "value") if data.get(f"{key}-{KEPT}")}
        return question_part(kind, before, components=components, kept=frozenset(kept))

    kept = {"show_when"} if shown(value.get("show_when"), before)["join"] == KEPT else set()
    kept |= {"value"} if _is_kept_value(value, before) else set()
    target = Target(
        slug=EFORM.slug,
        title=_("Câu hỏi “%s”") % value["label"],
        lede=_("Mã %(name)s, trang “%(page)s”.")
        % {"name": name, "page": document["eform"]["pages"][place.page]["title"]},
        part=question_part(stored, before, components=components, kept=frozenset(kept)),
        value=value,
        put=lambda taken: {
            "eform": editing.replace_question(document["eform"], name, question_data(taken, stored))
        },
        path_of=lambda path: _below(path, f"eform.{_path_of(place)}fields[{at}]"),
        part_for=part_for,
        template=TEMPLATE,
        more=_preview(request, version, place),
    )
    return edit_page(request, version, document, target)


@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def page(request: PortalRequest, version: ProcedureVersion, *, page_id: str) -> HttpResponse:
    """What is said of one page, and when it is asked."""
    document = documents.of_version(version)
    try:
        raw = editing.page_at(document["eform"], page_id)
    except KeyError as missing:
        raise Http404 from missing
    number = document["eform"]["pages"].index(raw)
    place = Container(number, None, raw)
    return _edit_container(request, version, document, place, f"pages[{number}]")


@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def section(request: PortalRequest, version: ProcedureVersion, *, page_id: str, number: int) -> HttpResponse:
    """What is said of one section of a page, and when it is asked."""
    document = documents.of_version(version)
    try:
        raw = editing.page_at(document["eform"], page_id)
        own = raw["sections"][number]
    except (KeyError, IndexError) as missing:
        raise Http404 from missing
    at = document["eform"]["pages"].index(raw)
    return _edit_container(
        request, version, document, Container(at, number, own), f"pages[{at}].sections[{number}]"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@of_version
def rules(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    """Rules about several answers."""
    document = documents.of_version(version)
    questions = Context.of(document).questions
    if not questions:
        return to_version(version, "eform")
    eform = document["eform"]
    target = Target(
        slug=EFORM.slug,
        title=_("Quy tắc giữa các câu trả lời"),
        lede=_("Ví dụ: ngày kết thúc phải sau ngày bắt đầu. Lời báo phải nói cách sửa."),
        part=rules_part(questions),
        value={"rules": eform.get("rules", [])},
        put=lambda taken: {"eform": _with_rules(eform, taken["rules"])},
        path_of=lambda path: _below(path, "eform"),
        template=TEMPLATE,
        more=lambda now: preview_context(request, version, now["eform"]),
    )
    return edit_page(request, version, document, target)


def _edit_container(
    request: PortalRequest,
    version: ProcedureVersion,
    document: Mapping[str, Any],
    place: Container,
    path: str,
) -> HttpResponse:
    eform, value = document["eform"], place.raw
    context = Context.of(document)
    first = next((one["name"] for one in _questions_of(place)), "")
    before = _before(context, first)
    keys = ("title", "title_en", "intro", "intro_en", "show_when")

    def put(taken: dict[str, Any]) -> dict[str, Any]:
        made = {key: own for key, own in value.items() if key not in keys}
        said = {key: taken[key] for key in keys if taken[key]}
        lead = {"id": made.pop("id")} if "id" in made else {}
        new = {**lead, **said, **made}
        pages = list(eform["pages"])
        if place.section is None:
            pages[place.page] = new
        else:
            sections = list(pages[place.page]["sections"])
            sections[place.section] = new
            pages[place.page] = {**pages[place.page], "sections": sections}
        return {"eform": {**eform, "pages": pages}}

    kept = shown(value.get("show_when"), before)["join"] == KEPT
    target = Target(
        slug=EFORM.slug,
        title=_("Trang “%s”") % value["title"] if place.section is None else _("Phần “%s”") % value["title"],
        lede=_("Tiêu đề và lời dẫn mà người nộp đọc trước các câu hỏi."),
        part=page_part(before, kept=kept),
        value=value,
        put=put,
        path_of=lambda own: _below(own, f"eform.{path}"),
        part_for=lambda data: page_part(before, kept=bool(data.get(f"show_when-{KEPT}"))),
        template=TEMPLATE,
        more=_preview(request, version, place),
    )
    return edit_page(request, version, document, target)


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


def _condition(raw: Mapping[str, Any]) -> Any:
    return raw.get("show_when") or raw.get("show_if")


def _with_condition(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Give a question with its condition in the long form."""
    value = {key: one for key, one in raw.items() if key != "show_if"}
    if "show_if" in raw:
        value["show_when"] = raw["show_if"]
    return value


def _before(context: Context, name: str) -> Questions:
    """Give the questions that stand before one, which alone its condition may name."""
    before = {}
    for own, one in context.schema.fields.items():
        if own == name:
            break
        if one.keeps_answer:
            before[own] = one
    return before


def _questions_of(place: Container) -> list[dict[str, Any]]:
    if "sections" in place.raw:
        return [one for section in place.raw["sections"] for one in section["fields"]]
    return place.questions


def _is_kept_value(value: Mapping[str, Any], before: Questions) -> bool:
    part = question_part(FieldType.COMPUTED, before)
    bend = part.bends.get(("value",))
    return bool(bend and value.get("value") and bend.shown(value["value"])["operation"] == KEPT)


def _with_rules(eform: Mapping[str, Any], listed: list[dict[str, Any]]) -> dict[str, Any]:
    made = {key: one for key, one in eform.items() if key != "rules"}
    cleaned = [{key: one for key, one in rule.items() if one not in ("", {}, None)} for rule in listed]
    return {**made, "rules": cleaned} if cleaned else made


def _path_of(place: Container) -> str:
    return f"pages[{place.page}]." + ("" if place.section is None else f"sections[{place.section}].")


def _below(path: str, root: str) -> str | None:
    """Give a path as it is below a root; None where it lies elsewhere."""
    if path == root:
        return ""
    return path.removeprefix(f"{root}.") if path.startswith(f"{root}.") else None


def _preview(
    request: PortalRequest, version: ProcedureVersion, place: Container
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Make what draws the page of a container beside its controls."""

    def drawn(document: Mapping[str, Any]) -> dict[str, Any]:
        page_id = document["eform"]["pages"][place.page]["id"]
        return preview_context(request, version, document["eform"], page_id=page_id)

    return drawn


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
