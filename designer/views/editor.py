"""One way to edit: controls drawn from a part, saved as a whole, by a button, or by themselves while people type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import InvalidInput, Text
from core.http import PortalRequest
from designer import comparison, services
from designer.parts import Part
from designer.posting import posted
from designer.pressing import press
from designer.sections import SECTIONS, section_after
from designer.step_times import step_times
from designer.trees import draw
from designer.views.access import to_version
from procedures import document as documents
from procedures.models import ProcedureVersion
from procedures.services import NoDraft, Overtaken

REFRESH = "refresh"
"""The button that draws the controls anew, as some depend on what was chosen in others."""


@dataclass(frozen=True)
class Target:
    """What is edited on a page. ``put`` gives the entries of the document that change with a new value.

    ``path_of`` turns a path of the whole document into one of this part; None: the problem lies elsewhere.
    """

    slug: str
    title: Text
    lede: Text
    part: Part
    value: Mapping[str, Any]
    put: Callable[[dict[str, Any]], dict[str, Any]]
    path_of: Callable[[str], str | None] = lambda path: path
    part_for: Callable[[QueryDict], Part] | None = None
    """Gives the part from what is posted, where its controls depend on that."""
    template: str = "designer/section.html"
    more: Callable[[Mapping[str, Any]], dict[str, Any]] = lambda _document: {}
    """Gives what else the page shows of the document."""


def edit_page(
    request: PortalRequest, version: ProcedureVersion, document: Mapping[str, Any], target: Target
) -> HttpResponse:
    """Show a part, or take what is posted for it."""
    if not version.is_draft:
        messages.error(request, str(NoDraft.message))
        return to_version(version)
    if request.method != "POST":
        data = posted(target.part, target.value)
        return _page(request, version, document, target, data)
    return _take(request, version, document, target)


def _take(
    request: PortalRequest, version: ProcedureVersion, document: Mapping[str, Any], target: Target
) -> HttpResponse:
    data, button = request.POST.copy(), request.POST.get("do", "")
    part = target.part_for(data) if target.part_for else target.part
    focus = press(part, data, button) if button and button != REFRESH else ""
    tree = draw(part, data)
    outcome: dict[str, Any] = {"focus": focus, "saved": False, "problems": []}
    status = 422
    if tree.is_valid():
        try:
            version = services.edit(
                version_id=version.pk,
                changes=target.put(tree.taken()),
                revision=posted_revision(request),
                actor=request.actor,
                at=timezone.now(),
            )
        except InvalidInput as problem:
            for path, texts in problem.errors.items():
                own = target.path_of(path)
                tree.tell(own if own is not None else "", _elsewhere(path, texts) if own is None else texts)
        except Overtaken:
            status, outcome["overtaken"] = 409, _differences(document, target, tree.taken())
        except NoDraft as refusal:
            messages.error(request, str(refusal))
            return to_version(version)
        else:
            status, outcome["saved"] = 200, True
    autosaves = bool(request.headers.get("X-Autosave"))
    if outcome["saved"] and not autosaves and button in ("", REFRESH):
        if not button:
            messages.success(request, _("Đã lưu."))
        return redirect(request.get_full_path())
    if outcome["saved"]:
        document = documents.of_version(version)
    if autosaves:
        return _told(version, document, status)
    if button and status == 422:
        # What is not complete yet is no mistake while somebody is still adding to it.
        tree, status = draw(part, data), 200
        outcome["unsaved"] = True
    else:
        outcome["problems"] = list(tree.problems())
    return _page(request, version, document, target, data, tree=tree, status=status, **outcome)


def _page(
    request: PortalRequest,
    version: ProcedureVersion,
    document: Mapping[str, Any],
    target: Target,
    data: QueryDict,
    *,
    tree: Any = None,
    status: int = 200,
    **outcome: Any,
) -> HttpResponse:
    context = {
        "version": version,
        "document": document,
        "sections": SECTIONS,
        "here": target.slug,
        "next_section": section_after(target.slug),
        "target": target,
        "tree": tree or draw(target.part, data),
        "revision": version.revision,
        "step_times": step_times(document) if target.slug == "quy-trinh" else None,
        **target.more(document),
        **outcome,
    }
    return render(request, target.template, context, status=status)


def _told(version: ProcedureVersion, document: Mapping[str, Any], status: int) -> HttpResponse:
    """Answer the script that saves while people type."""
    if status != 200:
        return JsonResponse({}, status=status)
    worked_out = {"steps": step_times(document).words}
    return JsonResponse({"version": version.revision, "worked_out": worked_out})


def posted_revision(request: PortalRequest) -> int:
    """Give the save on which a page was drawn, as it is posted; -1 where it is none."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def _elsewhere(path: str, texts: list[Text]) -> list[Text]:
    return [f"{path}: {text}" for text in texts]


def _differences(
    document: Mapping[str, Any], target: Target, value: dict[str, Any]
) -> list[comparison.Group]:
    """Give what is stored now beside what was typed, so that nobody types it again."""
    try:
        typed = documents.parse({**document, **target.put(value)})
    except InvalidInput:
        return []
    return comparison.compared(document, typed)
