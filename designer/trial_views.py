"""Trials on the screen: ask for one, watch it, read what it has found, take its papers away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.downloads import guarded
from core.errors import InvalidInput
from core.http import PortalRequest
from core.uploads.kinds import MEDIA_TYPES, Kind
from designer import gate, losses, rehearsal, tasks, trials
from designer.checklist import items_of
from designer.models import Trial
from designer.states import TrialKind
from designer.views.access import of_version
from dossiers import policies as dossier_policies
from procedures.models import ProcedureVersion
from procedures.states import VersionStatus

_PAGES = {
    TrialKind.LINT: "designer/trial.html",
    TrialKind.DRY_RUN: "designer/trial_dry_run.html",
    TrialKind.REHEARSAL: "designer/trial_rehearsal.html",
}


@require_safe
@of_version
def trials_of_version(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    """What was tried of the revision that the version has now, and what a change would take from people."""
    at = timezone.now()
    context: dict[str, Any] = {"version": version, "trial_rows": trials.rows(version, at=at)}
    try:
        context["losses"] = losses.of_publishing(version, at=at)
    except InvalidInput as problem:
        context["broken"] = problem.problems
    context["closing"] = losses.of_closing(version)
    if version.status == VersionStatus.DRAFT:
        context["obstacles"] = gate.obstacles(version, at=at)
    return render(request, "designer/trials.html", context)


@require_POST
@of_version
def start(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    """Ask for one trial."""
    kind = request.POST.get("kind", "")
    if kind not in TrialKind.values:
        raise Http404
    trial = tasks.begin(version_id=version.pk, kind=kind, actor=request.actor, at=timezone.now())
    return _to(version, trial)


@require_safe
@of_version
def trial(request: PortalRequest, version: ProcedureVersion, *, trial_id: int) -> HttpResponse:
    """How far a trial is, or what it has found."""
    found = get_object_or_404(Trial, version=version, pk=trial_id)
    context = {
        "version": version,
        "trial": found,
        "is_present": found.revision == version.revision,
        "findings": items_of(version, found.findings),
    }
    if found.kind == TrialKind.DRY_RUN:
        context |= {"plays": _plays(version, found), "applicants": found.report.get("applicants", [])}
    elif found.kind == TrialKind.REHEARSAL and found.report:
        context |= {"kinds": _kinds(found, request)}
    return render(request, _PAGES[TrialKind(found.kind)], context)


@require_safe
@of_version
def progress(request: PortalRequest, version: ProcedureVersion, *, trial_id: int) -> HttpResponse:
    """The bar alone, for a page that waits; ended, it leads to the whole page."""
    found = get_object_or_404(Trial.objects.defer("report", "findings"), version=version, pk=trial_id)
    answer = render(request, "designer/_trial_progress.html", {"version": version, "trial": found})
    if found.is_finished:
        answer["HX-Refresh"] = "true"
    return answer


@require_safe
@of_version
def paper(
    request: PortalRequest, version: ProcedureVersion, *, trial_id: int, name: str
) -> HttpResponse | FileResponse:
    """A paper as the trial made it, marked as a sample."""
    found = get_object_or_404(Trial, version=version, pk=trial_id)
    stored = trials.previews(found).get(name)
    if stored is None or not default_storage.exists(stored):
        raise Http404
    return guarded(
        FileResponse(
            default_storage.open(stored),
            as_attachment=True,
            filename=f"mau-chay-thu-{name}",
            content_type=MEDIA_TYPES[Kind.PDF],
        )
    )


def _to(version: ProcedureVersion, trial: Trial) -> HttpResponse:
    return redirect(
        "designer:trial", code=version.procedure.code, version_no=version.version_no, trial_id=trial.pk
    )


def _plays(version: ProcedureVersion, trial: Trial) -> list[dict[str, Any]]:
    """Give the plays with moments instead of texts, and files by the names in their addresses."""
    return [
        {
            **play,
            "number": number,
            "who": play["applicant"] + 1,
            "is_red": any(one["weight"] == "red" for one in play["findings"]),
            "findings": items_of(version, play["findings"]),
            "lines": [
                {**line, "at": _moment(line["at"]), "due": _moment(line["due"])} for line in play["lines"]
            ],
            "papers": [{**one, "file": one["file"].rpartition("/")[2]} for one in play["papers"]],
            "messages": [{**one, "at": _moment(one["at"])} for one in play["messages"]],
        }
        for number, play in enumerate(trial.report.get("plays", []), start=1)
    ]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _kinds(trial: Trial, request: PortalRequest) -> list[dict[str, Any]]:
    """Give what a rehearsal has counted; tracking numbers only of dossiers that exist for the reader."""
    numbers = [one["tracking_no"] for told in trial.report["kinds"].values() for one in told["rows"]]
    visible = set(
        dossier_policies.visible(request.actor)
        .filter(tracking_no__in=numbers)
        .values_list("tracking_no", flat=True)
    )
    return [
        {
            "kind": kind,
            "label": rehearsal.LABELS[kind],
            "count": told["count"],
            "sum_vnd": told.get("sum_vnd"),
            "why": sorted(told["why"].items(), key=lambda one: -one[1]),
            "rows": [one for one in told["rows"] if one["tracking_no"] in visible],
            "hidden": told["count"] - sum(one["tracking_no"] in visible for one in told["rows"]),
        }
        for kind, told in trial.report["kinds"].items()
    ]
