"""What can be done with a version as a whole: each a form that is posted, then the overview again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Conflict, InvalidInput, Text
from core.http import PortalRequest
from designer import gate, tasks
from designer.forms import AbolishForm, CloneForm, NeededReasonForm, ReasonForm, ScheduleForm
from designer.views.access import of_version, to_version
from designer.views.overview import overview
from procedures import services
from procedures.models import ProcedureVersion


@require_POST
@of_version
def approve(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="id_approve_%s")
    return _run(request, version, "approve_form", form, gate.approve, _("Đã duyệt phiên bản này."))


@require_POST
@of_version
def return_to_draft(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    form = NeededReasonForm(request.POST, auto_id="id_return_%s")
    done = _("Đã trả lại thành bản thảo để sửa.")
    return _run(request, version, "return_form", form, services.return_to_draft, done)


@require_POST
@of_version
def publish(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    return _run(request, version, "", Form(request.POST), tasks.publish, _("Đã công bố phiên bản này."))


@require_POST
@of_version
def open_for_filing(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    done = _("Đã mở nhận hồ sơ trực tuyến.")
    return _run(request, version, "", Form(request.POST), services.open_for_filing, done)


@require_POST
@of_version
def close_for_filing(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    form = NeededReasonForm(request.POST, auto_id="id_close_%s")
    done = _("Đã ngừng nhận hồ sơ mới. Hồ sơ đã nộp vẫn được giải quyết.")
    return _run(request, version, "close_form", form, services.close_for_filing, done)


@require_POST
@of_version
def schedule(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    form = ScheduleForm(request.POST, auto_id="id_schedule_%s")
    return _run(request, version, "schedule_form", form, services.schedule, _("Đã ghi giờ hẹn."))


@require_POST
@of_version
def abolish(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    form = AbolishForm(request.POST, auto_id="id_abolish_%s")
    return _run(request, version, "abolish_form", form, services.abolish, _("Đã bãi bỏ thủ tục."))


@require_POST
@of_version
def reinstate(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    """Take an abolition back, with a reason."""
    form = NeededReasonForm(request.POST, auto_id="id_reinstate_%s")
    done = _("Đã bỏ việc bãi bỏ. Thủ tục lại được công bố như trước.")
    return _run(request, version, "reinstate_form", form, services.reinstate, done)


@require_POST
@of_version
def discard(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    try:
        services.discard(version_id=version.pk, actor=request.actor, at=timezone.now())
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return to_version(version)
    messages.success(request, _("Đã bỏ bản thảo của thủ tục %s.") % version.procedure.code)
    return redirect("designer:list")


@require_POST
@of_version
def clone(request: PortalRequest, version: ProcedureVersion) -> HttpResponse:
    """Make a draft from this very version."""
    form = CloneForm({**request.POST.dict(), "version": version.pk}, auto_id="id_clone_%s")
    form.is_valid()
    try:
        made = services.clone(
            version_id=version.pk,
            code=form.cleaned_data.get("code", "").strip(),
            actor=request.actor,
            at=timezone.now(),
        )
    except InvalidInput as problem:
        _tell(form, problem.errors)
        return overview(request, version, status=422, clone_form=form)
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return to_version(version)
    return to_version(made)


def _run(
    request: PortalRequest,
    version: ProcedureVersion,
    name: str,
    form: Form,
    service: Callable[..., Any],
    done: str,
) -> HttpResponse:
    """Do one thing with a version; a refused form is shown again, any other refusal is told on the overview."""
    if form.is_valid():
        try:
            service(version_id=version.pk, **form.cleaned_data, actor=request.actor, at=timezone.now())
        except InvalidInput as problem:
            _tell(form, problem.errors)
        except Conflict as refusal:
            messages.error(request, str(refusal))
            return to_version(version)
        else:
            messages.success(request, done)
            return to_version(version)
    return overview(request, version, status=422, **{name: form})


def _tell(form: Form, errors: Mapping[str, list[Text]]) -> None:
    for name, texts in errors.items():
        form.add_error(name if name in form.fields else None, [str(text) for text in texts])
