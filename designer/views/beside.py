"""The page of what stands beside a procedure: guides, catalogue, obstacles, figures; and the forms behind it."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Conflict, InvalidInput
from core.http import PortalRequest
from core.uploads import UploadRefused
from designer import beside
from designer.beside_forms import BlockerForm, CatalogueForm, GuideForm
from designer.views.access import View, for_designers
from procedures import standing, tasks
from procedures.beside import Blocker, Guide
from procedures.models import Procedure
from procedures.services import blockers, catalogues, guides
from procedures.states import GuideKind

_FIELDS = ("title", "title_en", "url", "transcript", "captions")


def _of_procedure(view: View) -> View:
    """Give a page its procedure by its code; only for who looks after the catalogue."""

    @wraps(view)
    def found(request: PortalRequest, *, code: str, **more: Any) -> HttpResponseBase:
        rows = Procedure.objects.select_related("current_version")
        return view(request, get_object_or_404(rows, code=code), **more)

    return for_designers(found)


@require_safe
@_of_procedure
def overview(request: PortalRequest, procedure: Procedure) -> HttpResponse:
    """Everything beside a procedure, with what can be done about it."""
    return _overview(request, procedure)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_procedure
def add(request: PortalRequest, procedure: Procedure, *, kind: str) -> HttpResponse:
    """A new guide, or one in the place of another (``?thay=12``)."""
    if kind not in GuideKind.values:
        raise Http404
    old = _replaced(request, procedure, kind)
    first = {name: getattr(old, name) for name in _FIELDS} if old else None
    form = GuideForm(request.POST or None, request.FILES or None, kind=kind, initial=first)
    if request.method == "POST" and form.is_valid():
        upload, poster = form.cleaned_data.get("file"), form.cleaned_data.get("poster")
        try:
            guide = guides.add(
                procedure_id=procedure.pk,
                kind=kind,
                words=form.words(),
                actor=request.actor,
                at=timezone.now(),
                upload=upload,
                upload_name=upload.name if upload else "",
                poster=poster,
                replaces=old.pk if old else None,
            )
        except UploadRefused as refused:
            form.add_error("file", str(refused))
        except (InvalidInput, Conflict) as refused:
            _tell(form, refused)
        else:
            tasks.hint_guide(guide.pk)
            return _back(procedure)
    context = {"procedure": procedure, "form": form, "kind": GuideKind(kind), "old": old}
    return render(request, "designer/guide.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_procedure
def change(request: PortalRequest, procedure: Procedure, *, guide_id: int) -> HttpResponse:
    """What stands beside the file of a guide."""
    guide = get_object_or_404(Guide, pk=guide_id, procedure=procedure, state__in=guides.SHOWN)
    first = {name: getattr(guide, name) for name in _FIELDS}
    form = GuideForm(request.POST or None, kind=guide.kind, has_file=True, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            guides.change(guide_id=guide.pk, words=form.words(), actor=request.actor, at=timezone.now())
        except (InvalidInput, Conflict) as refused:
            _tell(form, refused)
        else:
            return _back(procedure)
    context = {"procedure": procedure, "form": form, "kind": GuideKind(guide.kind), "guide": guide}
    return render(request, "designer/guide.html", context, status=422 if form.errors else 200)


@require_POST
@_of_procedure
def move(request: PortalRequest, procedure: Procedure, *, guide_id: int, up: bool) -> HttpResponse:
    """One place up or down."""
    guide = get_object_or_404(Guide, pk=guide_id, procedure=procedure)
    guides.move(guide_id=guide.pk, up=up, actor=request.actor, at=timezone.now())
    return _back(procedure)


@require_POST
@_of_procedure
def withdraw(request: PortalRequest, procedure: Procedure, *, guide_id: int) -> HttpResponse:
    """Show a guide no more."""
    guide = get_object_or_404(Guide, pk=guide_id, procedure=procedure)
    guides.withdraw(
        guide_id=guide.pk,
        actor=request.actor,
        at=timezone.now(),
        reason=request.POST.get("reason", "").strip()[:500],
    )
    return _back(procedure)


@require_POST
@_of_procedure
def put(request: PortalRequest, procedure: Procedure) -> HttpResponse:
    """Move the procedure to another catalogue."""
    form = CatalogueForm(request.POST)
    if form.is_valid():
        try:
            catalogues.put(
                procedure_id=procedure.pk, **form.cleaned_data, actor=request.actor, at=timezone.now()
            )
        except (InvalidInput, Conflict) as refused:
            _tell(form, refused)
        else:
            return _back(procedure)
    return _overview(request, procedure, catalogue_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_procedure
def add_blocker(request: PortalRequest, procedure: Procedure) -> HttpResponse:
    """A new obstacle with its plan."""
    form = BlockerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            blockers.add(
                procedure_id=procedure.pk,
                kind=form.cleaned_data["kind"],
                **form.said(),
                actor=request.actor,
                at=timezone.now(),
            )
        except (InvalidInput, Conflict) as refused:
            _tell(form, refused)
        else:
            return _back(procedure)
    context = {"procedure": procedure, "form": form, "answers": beside.technology_answers()}
    return render(request, "designer/blocker.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_procedure
def change_blocker(request: PortalRequest, procedure: Procedure, *, blocker_id: int) -> HttpResponse:
    """The law, the plan, its day and its agency."""
    blocker = get_object_or_404(Blocker, pk=blocker_id, procedure=procedure, resolved_at=None)
    first = {
        "legal_text": blocker.legal_text,
        "plan": blocker.plan,
        "planned_on": blocker.planned_on,
        "agency": blocker.agency_id,
    }
    form = BlockerForm(request.POST or None, kind_is_set=True, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            blockers.change(blocker_id=blocker.pk, **form.said(), actor=request.actor, at=timezone.now())
        except (InvalidInput, Conflict) as refused:
            _tell(form, refused)
        else:
            return _back(procedure)
    context = {
        "procedure": procedure,
        "form": form,
        "blocker": blocker,
        "answers": beside.technology_answers(),
    }
    return render(request, "designer/blocker.html", context, status=422 if form.errors else 200)


@require_POST
@_of_procedure
def resolve_blocker(request: PortalRequest, procedure: Procedure, *, blocker_id: int) -> HttpResponse:
    """An obstacle is out of the way."""
    blocker = get_object_or_404(Blocker, pk=blocker_id, procedure=procedure)
    blockers.resolve(blocker_id=blocker.pk, actor=request.actor, at=timezone.now())
    return _back(procedure)


def _overview(
    request: PortalRequest, procedure: Procedure, *, catalogue_form: CatalogueForm | None = None
) -> HttpResponse:
    context = {
        "procedure": procedure,
        "version": procedure.current_version,
        "guides": beside.guides(procedure.pk),
        "blockers": standing.open_blockers(procedure.pk),
        "figures": beside.figures(procedure.pk),
        "least": settings.FIGURES_FROM_DOSSIERS,
        "events": beside.events(procedure.pk),
        "kinds": list(GuideKind),
        "catalogue_form": catalogue_form or CatalogueForm(initial={"catalogue": procedure.catalogue}),
    }
    refused = bool(catalogue_form and catalogue_form.errors)
    return render(request, "designer/beside.html", context, status=422 if refused else 200)


def _replaced(request: PortalRequest, procedure: Procedure, kind: str) -> Guide | None:
    number = request.GET.get("thay", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return get_object_or_404(Guide, pk=int(number), procedure=procedure, kind=kind, state__in=guides.SHOWN)


def _tell(form: forms.Form, refused: InvalidInput | Conflict) -> None:
    if not isinstance(refused, InvalidInput):
        form.add_error(None, str(refused))
        return
    for name, texts in refused.errors.items():
        form.add_error(name if name in form.fields else None, [str(text) for text in texts])


def _back(procedure: Procedure) -> HttpResponse:
    return redirect("designer:beside", code=procedure.code)
