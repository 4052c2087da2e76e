"""Life events on the desk: the list, and one event with its procedures."""

from __future__ import annotations

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Conflict, InvalidInput
from core.http import PortalRequest
from procedures.models import CareEvent, LifeEvent, LifeEventStep
from procedures.search_desk import reads
from procedures.search_desk.access import for_keepers
from procedures.search_desk.forms import EventForm, StepForm, StepRows, steps_of
from procedures.services import life_events as services
from procedures.services.life_events import WRITTEN, StepIn

PREFIX = "thu-tuc"


@require_safe
@for_keepers
def events(request: PortalRequest) -> HttpResponse:
    """All events in their order, hidden ones too."""
    context = {"events": reads.events(), "removed": _just_removed(request.GET.get("vua", ""))}
    return render(request, "procedures/search_desk/events.html", context)


def _just_removed(number: str) -> CareEvent | None:
    """Give the removal that was just made, while it can be taken back."""
    if not number.isdecimal() or len(number) > 18:
        return None
    removed = CareEvent.objects.filter(pk=int(number)).first()
    return removed if removed is not None and services.returnable([removed]) else None


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def event(request: PortalRequest, event_id: int | None = None) -> HttpResponse:
    """One event, or a new one."""
    row = get_object_or_404(LifeEvent, pk=event_id) if event_id is not None else None
    stored = [
        StepIn(*one)
        for one in LifeEventStep.objects.filter(event=event_id).values_list("code", "why", "why_en")
    ]
    if request.method != "POST":
        form = EventForm(instance=row, initial={"edits": row.edits if row else 0})
        return _page(request, row, form, _rows_of(stored), stored)
    form = EventForm(request.POST, instance=LifeEvent())
    rows = StepRows(request.POST, prefix=PREFIX)
    conflict, problems = "", list[str]()
    if form.is_valid() and rows.is_valid():
        try:
            services.save(
                event_id=event_id,
                values={name: form.cleaned_data[name] for name in WRITTEN},
                steps=steps_of(rows),
                edits=form.cleaned_data["edits"],
                actor=request.actor,
                at=timezone.now(),
            )
        except InvalidInput as problem:
            for name, texts in problem.errors.items():
                if name in form.fields:
                    form.add_error(name, [str(text) for text in texts])
                else:
                    problems += [str(text) for text in texts]
        except Conflict as problem:
            conflict = str(problem)
        else:
            messages.success(request, _("Đã lưu sự kiện “%s”.") % form.cleaned_data["title"])
            return redirect("search_desk:events")
    return _page(request, row, form, rows, stored, conflict=conflict, problems=problems, status=422)


@require_POST
@for_keepers
def remove(request: PortalRequest, event_id: int) -> HttpResponse:
    """Remove an event; the page asks before it posts here."""
    row = get_object_or_404(LifeEvent, pk=event_id)
    edits = request.POST.get("edits", "")
    if not (edits.isascii() and edits.isdigit() and len(edits) < 10):
        raise Http404
    removed = services.remove(event_id=row.pk, edits=int(edits), actor=request.actor, at=timezone.now())
    messages.success(request, _("Đã xóa sự kiện “%s”.") % row.title)
    return redirect(f"{reverse('search_desk:events')}?vua={removed.pk}")


@require_POST
@for_keepers
def bring_back(request: PortalRequest, care_event_id: int) -> HttpResponse:
    """Bring a removed event back."""
    try:
        row = services.bring_back(care_event_id=care_event_id, actor=request.actor, at=timezone.now())
    except CareEvent.DoesNotExist as missing:
        raise Http404 from missing
    messages.success(request, _("Sự kiện “%s” đã trở lại như trước khi xóa.") % row.title)
    return redirect("search_desk:event", event_id=row.pk)


def _rows_of(steps: list[StepIn]) -> BaseFormSet[StepForm]:
    initial = [
        {"order": 10 * number, "code": one.code, "why": one.why, "why_en": one.why_en}
        for number, one in enumerate(steps, start=1)
    ]
    return StepRows(prefix=PREFIX, initial=initial)


def _page(
    request: PortalRequest,
    row: LifeEvent | None,
    form: EventForm,
    rows: BaseFormSet[StepForm],
    stored: list[StepIn],
    *,
    conflict: str = "",
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    names = reads.names(stored)
    known = {one.code for one in stored}
    shown = [
        {"form": one, "name": names.get(code, ""), "is_missing": code in known and code not in names}
        for one in rows.forms
        for code in [str(one["code"].value() or "")]
    ]
    context = {
        "title": _("Sự kiện “%(name)s”") % {"name": row.title} if row else _("Thêm sự kiện"),
        "row": row,
        "form": form,
        "rows": rows,
        "shown": shown,
        "steps": len(stored),
        "conflict": conflict,
        "problems": problems or [],
    }
    return render(request, "procedures/search_desk/event.html", context, status=status)
