"""One version: how it stands, what is to be mended, whom it touches, and what can be done with it."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.errors import InvalidInput
from core.http import PortalRequest
from designer import comparison, gate, selectors, trials
from designer.checklist import Checklist, checklist
from designer.forms import AbolishForm, CloneForm, NeededReasonForm, ReasonForm, ScheduleForm
from designer.impact import impact_of
from designer.launch_clock import launch_clock
from designer.sections import SECTIONS
from designer.views.access import of_version
from procedures import document as documents
from procedures import services
from procedures.models import ProcedureVersion
from procedures.states import VersionStatus


@require_safe
@of_version
def version(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    """The overview."""
    return overview(request, version)


def overview(
    request: PortalRequest, version: ProcedureVersion, *, status: int = 200, **forms: Form
) -> HttpResponse:
    """Draw the overview; a form that was refused takes the place of a fresh one under its name."""
    at = timezone.now()
    events = list(version.events.order_by("id"))
    found, unread = _checklist(version)
    context: dict[str, Any] = {
        "version": version,
        "sections": SECTIONS,
        "status_colour": _COLOURS[VersionStatus(version.status)],
        "events": events[::-1],
        "clock": launch_clock(events, at=at, calendar=selectors.office_calendar(request.actor)),
        "checklist": found,
        "unread": unread,
        "trial_rows": trials.rows(version, at=at) if version.is_draft else [],
        "obstacles": gate.obstacles(version, at=at) if version.is_draft else [],
        "impact": impact_of(version),
        "lacks": services.check_approvable(version) if version.is_draft else [],
        "not_fileable": services.check_fileable(version) if version.status == "published" else [],
        "is_current": version.procedure.current_version_id == version.pk,
        "has_begun": version.effective_from is None or version.effective_from <= timezone.localdate(at),
        "others": selectors.versions_beside(version),
        "open_draft": selectors.open_draft_of(version),
        "approve_form": ReasonForm(auto_id="id_approve_%s"),
        "return_form": NeededReasonForm(auto_id="id_return_%s"),
        "close_form": NeededReasonForm(auto_id="id_close_%s"),
        "abolish_form": AbolishForm(auto_id="id_abolish_%s"),
        "reinstate_form": NeededReasonForm(auto_id="id_reinstate_%s"),
        "stays_abolished": (
            services.why_not_reinstated(version, at=timezone.now())
            if version.status == VersionStatus.ABOLISHED
            else ""
        ),
        "clone_form": CloneForm(auto_id="id_clone_%s", initial={"version": version.pk}),
        "schedule_form": ScheduleForm(
            auto_id="id_schedule_%s",
            initial={"opens_at": version.opens_at, "closes_at": version.closes_at},
        ),
        "problem_form": next(iter(forms.values()), None),
        **forms,
    }
    if context["obstacles"]:
        context["approve_form"].fields["reason"].required = True
    return render(request, "designer/version.html", context, status=status)


@require_safe
@of_version
def compare(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    """Field by field beside another version: of this procedure by its number, of another as CODE/NUMBER."""
    others = selectors.versions_beside(version)
    chosen = request.GET.get("voi", "").strip()
    other = _other(version, chosen) if chosen else (others[0] if others else None)
    context: dict[str, Any] = {"version": version, "others": others, "chosen": chosen, "other": other}
    if other is not None:
        other = selectors.version_of(code=other.procedure.code, version_no=other.version_no)
        left, right = documents.of_version(other), documents.of_version(version)
        context |= {"other": other, "groups": comparison.compared(left, right)}
    return render(request, "designer/compare.html", context)


@require_safe
@of_version
def export(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    """The version as a YAML file."""
    text = documents.to_yaml(documents.of_version(version))
    name = f"{version.procedure.code}-{version.version_no}.yaml"
    return HttpResponse(
        text,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


_COLOURS = {
    VersionStatus.DRAFT: "info",
    VersionStatus.APPROVED: "warning",
    VersionStatus.PUBLISHED: "success",
    VersionStatus.SUPERSEDED: "neutral",
    VersionStatus.ABOLISHED: "neutral",
    VersionStatus.DISCARDED: "neutral",
}


def _checklist(version: ProcedureVersion) -> tuple[Checklist | None, list[tuple[str, str]]]:
    """Give the lint's list; or, for an imported version that no document can say, why not."""
    try:
        document = documents.of_version(version)
    except InvalidInput as problem:
        return None, [(path, str(text)) for path, texts in problem.errors.items() for text in texts]
    return checklist(version, document, today=timezone.localdate()), []


def _other(version: ProcedureVersion, chosen: str) -> ProcedureVersion:
    code, _slash, number = chosen.rpartition("/")
    if not number.isdecimal() or len(number) > 6:
        raise Http404
    try:
        return selectors.version_of(code=code or version.procedure.code, version_no=int(number))
    except ProcedureVersion.DoesNotExist as missing:
        raise Http404 from missing
