"""One step for many dossiers of a list: what would happen, then what happened, line by line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput
from core.http import PortalRequest
from dossiers import desk_forms, desk_queues
from dossiers.services import bulk, processing
from dossiers.states import Action
from dossiers.views.desk import officer


@require_POST
@never_cache
def many(request: PortalRequest, name: str) -> HttpResponse:
    """Show what the step would do with the chosen dossiers; take it when that page asks for it.

    Asking twice is harmless: every dossier is looked at anew, and what is done already is told.
    """
    actor, at = officer(request), timezone.now()
    queue = next((one for one in desk_queues.queues_of(actor) if one.name == name), None)
    action = next((one for one in queue.bulk if one == request.POST.get("viec")), None) if queue else None
    if queue is None or action is None:
        raise Http404
    chosen, taking = request.POST.getlist("chon"), "lam" in request.POST
    form = _form(action, actor, request.POST if taking else None)
    try:
        if not taking or (form is not None and not form.is_valid()):
            taking = False
            outcomes = bulk.attempt(
                action=action, chosen=chosen, actor=actor, at=at, values=_values(action, actor, None)
            )
        else:
            values = _values(action, actor, form)
            outcomes = bulk.take(action=action, chosen=chosen, actor=actor, at=at, values=values)
            desk_queues.forget_counts(actor)
    except InvalidInput as refusal:
        messages.error(request, " ".join(refusal.problems))
        return redirect("desk:queue_named", name=name)
    context = {
        "queue": queue,
        "action": action,
        "form": form,
        "taken": taking,
        "good": [one for one in outcomes if one.is_done],
        "bad": [one for one in outcomes if not one.is_done],
    }
    status = 422 if form is not None and form.is_bound and not taking else 200
    return render(request, "dossiers/desk/bulk.html", context, status=status)


def _form(action: Action, actor: Actor, data: Any) -> forms.Form | None:
    if action == Action.HAND_OVER:
        return desk_forms.HandOverMany(data)
    agencies = actor.agencies_as(Role.UNIT_LEADER)
    if action == Action.ASSIGN and agencies:
        people = {
            one.pk: one.full_name
            for agency in sorted(agencies)
            for one in processing.specialists(agency_id=agency, at=timezone.now())
        }
        return desk_forms.Assign(data, officers=list(people.items()))
    return None


def _values(action: Action, actor: Actor, form: forms.Form | None) -> dict[str, Any] | None:
    """Give what the step asks for; None where it asks and nothing is answered yet."""
    if action == Action.ASSIGN:
        if form is not None:
            return {"officer_id": int(form.cleaned_data["officer"])}
        return None if actor.agencies_as(Role.UNIT_LEADER) else {"officer_id": actor.officer_id}
    if action == Action.HAND_OVER:
        return form.cleaned_data if form is not None else None
    return {}
