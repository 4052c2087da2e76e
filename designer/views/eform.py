"""The parts of the e-form, each on a page of its own: a question, a page, a section, the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.http import PortalRequest
from designer import eform_editing as editing
from designer.conditions import KEPT, Questions, shown
from designer.eform_editing import Container
from designer.eform_parts import (
    page_part,
    question_data,
    question_part,
    rules_part,
)
from designer.section_parts import Context
from designer.sections import EFORM
from designer.views.access import of_version, to_version
from designer.views.editor import Target, edit_page
from designer.views.preview import preview_context
from procedures import document as documents
from procedures.eforms.schema import FieldType
from procedures.models import ProcedureVersion

TEMPLATE = "designer/eform_part.html"


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
