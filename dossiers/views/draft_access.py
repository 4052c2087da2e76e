"""Whose draft, and may it still be filed: what every page of a draft asks first."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from core.http import PortalRequest
from dossiers import selectors
from dossiers.drafts import Draft
from dossiers.models import Dossier
from dossiers.services import drafting
from dossiers.services.drafting import ProcedureClosed
from dossiers.states import Status

DraftView = Callable[..., HttpResponse]


def of_draft(view: DraftView | None = None, *, filed: str = "dossiers:detail", closed: bool = False) -> Any:
    """Hand a view the actor's draft as a `Draft`; 404 for everybody else.

    What is filed already leads to the page ``filed``. A draft on an old version of its procedure is carried over
    first and its owner told what changed. With ``closed`` the view also takes drafts that cannot be filed any more.
    """

    def decorate(view: DraftView) -> DraftView:
        @never_cache
        @wraps(view)
        def wrapper(request: PortalRequest, tracking_no: str, **kwargs: Any) -> HttpResponse:
            dossier = get_object_or_404(
                selectors.of_applicant(request.actor).select_related(
                    "procedure_version__procedure",
                    "procedure_version__competent_agency",
                    "received_at_unit",
                    "owner_person",
                    "owner_organisation",
                    "submitter",
                ),
                tracking_no=tracking_no,
            )
            if dossier.status != Status.DRAFT:
                return redirect(filed, tracking_no=tracking_no)
            at, version = timezone.now(), dossier.procedure_version
            is_current = version.procedure.current_version_id == version.pk
            try:
                if not is_current:
                    tell_changes(request, dossier)
                    return redirect("dossiers:draft", tracking_no=tracking_no)
                if not version.takes_filings(on=timezone.localdate(at)):
                    raise ProcedureClosed()
            except ProcedureClosed:
                if not closed:
                    return redirect("dossiers:draft", tracking_no=tracking_no)
                kwargs["is_closed"] = True
            return view(request, Draft(dossier, at), **kwargs)

        return wrapper

    return decorate(view) if view else decorate


def tell_changes(request: PortalRequest, dossier: Dossier) -> None:
    """Carry a draft to the procedure's version in force, and tell on the next page what changed.

    :raises ProcedureClosed: there is no version open for filing.
    """
    changes = drafting.bring_up_to_date(dossier_id=dossier.pk, actor=request.actor, at=timezone.now())
    for change in changes:
        messages.warning(request, change)
