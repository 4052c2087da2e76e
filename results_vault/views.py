from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citizens.states import AccessPurpose
from core import downloads, qr, throttle
from core.errors import InvalidInput, NotAllowed
from core.http import PortalRequest
from core.outages import DATABASE_AWAY
from results_vault import codes, inspection, policies, reissuing, selectors, services, transitions
from results_vault.forms import CodeForm, FileForm, ForceForm, InspectionForm
from results_vault.models import Result
from results_vault.privacy import masked_name
from results_vault.states import Change, Fact, Outcome

LOOK_UPS_A_MINUTE = 60
FILES_A_MINUTE = 10


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: PortalRequest) -> HttpResponse:
    """Where anybody types a code or compares a file."""
    code_form, file_form = CodeForm(request.GET if "ma" in request.GET else None), FileForm()
    if code_form.is_bound and code_form.is_valid():
        token, check = code_form.cleaned_data["ma"]
        return redirect(f"{reverse('results_vault:check', args=[token])}?c={check}")
    comparison = None
    if request.method == "POST":
        file_form = FileForm(request.POST, request.FILES)
        _limit(request, "file", FILES_A_MINUTE)
        if file_form.is_valid():
            comparison = selectors.compare(content=file_form.cleaned_data["file"], at=timezone.now())
    context = {"code_form": code_form, "file_form": file_form, "comparison": comparison}
    if comparison and comparison.result:
        context |= _public_facts(comparison.result)
    invalid = code_form.errors or file_form.errors
    return render(request, "results_vault/verify.html", context, status=422 if invalid else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: PortalRequest, token: str) -> HttpResponse | FileResponse:
    """What the QR code on a result leads to."""
    _limit(request, "look-up", LOOK_UPS_A_MINUTE)
    try:
        return _noindex(_checked(request, token))
    except DATABASE_AWAY:
        # Rendered without the request: whatever the frame would ask the database fails as well.
        page = render_to_string("results_vault/unavailable.html", {"outcome": Outcome.UNAVAILABLE})
        return HttpResponse(page, status=503, headers={"Retry-After": "60"})


def _checked(request: PortalRequest, token: str) -> HttpResponse | FileResponse:
    at, actor = timezone.now(), request.actor
    found = selectors.look_up(token=token, check=request.GET.get("c", ""), on=timezone.localdate(at))
    if request.method != "POST":
        services.record_scan(result=found.result, outcome=found.outcome, actor=actor, at=at)
    if found.result is None:
        context = {"outcome": found.outcome, "checked_at": at}
        return render(request, "results_vault/check.html", context, status=404)

    context = {"outcome": found.outcome, "checked_at": at, **_public_facts(found.result)}
    file_form, inspection_form = FileForm(), InspectionForm()
    posts = policies.posts_of(actor, at=at)
    matching = inspection.posts_for(found.result, posts)
    context |= {"inspects_others": bool(posts) and not matching, "may_inspect": bool(matching)}
    if request.method == "POST" and "purpose" in request.POST and matching:
        inspection_form = InspectionForm(request.POST)
        if inspection_form.is_valid():
            purpose = AccessPurpose(inspection_form.cleaned_data["purpose"])
            wants_file = "tep" in request.POST
            view = inspection.view(found.result, matching)
            if wants_file and not view.may_open_file:
                raise NotAllowed(_("Nhóm kiểm tra của bạn không được mở tệp của kết quả này."))
            facts = {Fact.FILE} if wants_file else view.facts - {Fact.FILE}
            services.record_inspection(
                result=found.result, posts=matching, facts=facts, purpose=purpose, actor=actor, at=at
            )
            if wants_file:
                return downloads.attachment(found.result.file, name=f"{token}.pdf")
            context |= {"inspected": view, "purpose": purpose}
    elif request.method == "POST":
        _limit(request, "file", FILES_A_MINUTE)
        file_form = FileForm(request.POST, request.FILES)
        if file_form.is_valid():
            content = file_form.cleaned_data["file"]
            context["comparison"] = selectors.compare(content=content, at=at, expected=found.result)
    context |= {"file_form": file_form, "inspection_form": inspection_form}
    context["may_read"] = actor.is_officer and policies.visible(actor).filter(pk=found.result.pk).exists()
    invalid = file_form.errors or inspection_form.errors
    return render(request, "results_vault/check.html", context, status=422 if invalid else 200)


@require_GET
def mine(request: PortalRequest) -> HttpResponse:
    """Kho kết quả: a person's own results, or those of the agency an officer works for."""
    search = request.GET.get("so", "").strip()
    page = selectors.page_of(
        policies.visible(request.actor),
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
        search=search,
    )
    today = timezone.localdate()
    rows = [{"result": result, "outcome": result.outcome(on=today)} for result in page.rows]
    return render(request, "results_vault/mine.html", {"rows": rows, "page": page, "search": search})


@never_cache
@require_GET
def detail(request: PortalRequest, token: str) -> HttpResponse:
    """One result with its content, code and look-ups, for those who may read it."""
    result = _readable(request, token)
    _note_reading(request, result)
    return render(request, "results_vault/detail.html", _detail_context(request, result))


@never_cache
@require_GET
def download(request: PortalRequest, token: str) -> FileResponse:
    """Hand out the signed file to those who may read it."""
    result = _readable(request, token)
    _note_reading(request, result)
    name = f"ket-qua-{result.dossier_code}.pdf"
    return downloads.attachment(result.file, name=name)


@require_POST
def change_force(request: PortalRequest, token: str) -> HttpResponse:
    """Take a result out of force, or back into it, by a decision of its agency."""
    result = _readable(request, token)
    policies.require_decider(request.actor, result)
    changes = transitions.available(result, on=timezone.localdate())
    form = ForceForm(request.POST, changes=changes)
    if form.is_valid():
        try:
            services.change_force(
                result_id=result.pk,
                change=Change(form.cleaned_data["change"]),
                decision=form.cleaned_data["decision"],
                successor_number=form.cleaned_data["successor_number"],
                happened_on=form.cleaned_data.get("happened_on"),
                actor=request.actor,
                at=timezone.now(),
            )
        except InvalidInput as problem:
            for field, errors in problem.errors.items():
                form.add_error(field, [str(error) for error in errors])
        else:
            messages.success(request, _("Đã cập nhật hiệu lực của kết quả."))
            return redirect("results_vault:detail", token=token)
    context = _detail_context(request, result) | {"force_form": form}
    return render(request, "results_vault/detail.html", context, status=422)


def _readable(request: PortalRequest, token: str) -> Result:
    return get_object_or_404(selectors.with_owner(policies.visible(request.actor)), token=token)


def _note_reading(request: PortalRequest, result: Result) -> None:
    services.record_reading(
        result=result, actor=request.actor, purpose=AccessPurpose.READ_RESULT, at=timezone.now()
    )


def _detail_context(request: PortalRequest, result: Result) -> dict[str, Any]:
    today = timezone.localdate()
    changes = transitions.available(result, on=today) if policies.may_decide(request.actor, result) else []
    may_name_it = bool(changes) and not result.replaces.exists()
    unclear = reissuing.candidates(result, on=today) if may_name_it else []
    return {
        "result": result,
        "outcome": result.outcome(on=today),
        "again": selectors.again(result),
        "earlier": selectors.replaced_by(result),
        "unclear": unclear,
        "scans": selectors.recent_scans(result),
        "qr": qr.svg(result.link, size="160", label=str(_("Mã QR kiểm tra kết quả"))),
        "force_form": ForceForm(changes=changes) if changes else None,
    }


def _public_facts(result: Result) -> dict[str, Any]:
    """Tell a stranger of a result what they need to trust it; an organisation's name is public, a person's not."""
    person = result.owner_person
    return {
        "result": result,
        "owner": masked_name(person.full_name) if person else result.owner_name,
        "check": codes.checksum(result.token),
    }


def _limit(request: PortalRequest, subject: str, limit: int) -> None:
    who = throttle.network_of(request.actor.ip)
    throttle.require_pause(subject=subject, who=who, limit=limit, seconds=60, at=timezone.now())


def _noindex(response: HttpResponse | FileResponse) -> HttpResponse | FileResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
