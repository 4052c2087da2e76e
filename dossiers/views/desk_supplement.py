"""Asking for what is missing on the desk: type the list, compare what came, confirm it; send a filing elsewhere."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core import downloads
from core.errors import InvalidInput
from core.http import PortalRequest
from dossiers import desk_forms, desk_selectors, supplement_forms, supplement_page
from dossiers.models import Dossier, SupplementItem
from dossiers.services import (
    further_supplements,
    guards,
    reading,
    rerouting,
    supplement_checks,
    supplement_lists,
    supplements,
)
from dossiers.services.supplements import Asking
from dossiers.states import Action, ScanState, SupplementState
from dossiers.views.desk import officer
from dossiers.views.desk_dossier import back, open_dossier, telling

BEFORE, NOW = "truoc", "nay"


@require_http_methods(["GET", "POST"])
@telling
def request_supplement(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Type the whole list, adding and taking away rows, then send it; a further one goes to the unit's leader."""
    found, at = open_dossier(request, tracking_no), timezone.now()
    supplements.require_askable(dossier=found, actor=officer(request), at=at)
    if supplements.needs_approval(found):
        further_supplements.require_proposable(dossier=found, actor=officer(request), at=at)
    if request.method != "POST":
        rows = supplement_forms.first_rows(found)
        return _request_page(request, found, _form(found, rows))
    rows = supplement_forms.typed_rows(request.POST)
    if "them" in request.POST:
        rows = [*rows, supplement_forms.empty_row()][: supplement_lists.MOST_ITEMS]
        return _request_page(request, found, _form(found, rows, kept=request.POST))
    if taken := request.POST.get("bo", ""):
        rows = [row for n, row in enumerate(rows) if str(n) != taken]
        rows = rows or [supplement_forms.empty_row()]
        return _request_page(request, found, _form(found, rows, kept=request.POST))
    try:
        messages.success(request, _sent(request, found, rows))
    except InvalidInput as refusal:
        form = _form(found, rows or [supplement_forms.empty_row()], data=request.POST)
        desk_forms.show_problems(form, refusal)
        return _request_page(request, found, form, status=422)
    return back(found)


def _sent(request: PortalRequest, found: Dossier, rows: list[supplement_forms.Row]) -> str:
    """Send the list to the applicant, or a further one to the leader; say what was done."""
    actor, at, guidance = officer(request), timezone.now(), request.POST.get("guidance", "")
    items = supplement_forms.wanted(rows)
    if supplements.needs_approval(found):
        asking = Asking(items, guidance, request.POST.get("basis", ""))
        further_supplements.propose(dossier_id=found.pk, asking=asking, actor=actor, at=at)
        return _("Đã trình lãnh đạo đơn vị. Người nộp chỉ được báo khi lãnh đạo duyệt.")
    made = supplements.request(dossier_id=found.pk, items=items, guidance=guidance, actor=actor, at=at)
    return _(
        "Đã gửi yêu cầu bổ sung, chờ người nộp đến %(due)s. Phiếu yêu cầu (Mẫu số 02) đang được tạo."
    ) % {"due": desk_selectors.moment(made.due_at)}


def _form(
    found: Dossier, rows: list[supplement_forms.Row], *, data: Any = None, kept: Any = None
) -> supplement_forms.Supplement:
    return supplement_forms.Supplement(
        data,
        initial=supplement_forms.initial(rows, kept),
        dossier=found,
        rows=len(rows),
        is_further=supplements.needs_approval(found),
    )


def _request_page(
    request: PortalRequest, found: Dossier, form: supplement_forms.Supplement, *, status: int = 200
) -> HttpResponse:
    context = {
        "dossier": found,
        "form": form,
        "wait_until": supplements.wait_until(found, at=timezone.now()),
        "notice_due": None if found.accepted_at is None else supplements.notice_due(found),
        "late_basis": found.procedure_version.late_supplement_basis,
        "is_further": supplements.needs_approval(found),
    }
    return render(request, "dossiers/desk/supplement_request.html", context, status=status)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None


@require_http_methods(["GET", "POST"])
@telling
def confirm(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Compare what came with what was asked, then confirm that it is complete."""
    found = open_dossier(request, tracking_no)
    if request.method == "POST":
        confirmed = supplement_checks.confirm(dossier_id=found.pk, actor=officer(request), at=timezone.now())
        assert confirmed.due_at is not None, "a dossier in process has a due date"
        messages.success(
            request,
            _("Đã xác nhận nhận đủ bổ sung. Hẹn trả mới: %(due)s.")
            % {"due": desk_selectors.moment(confirmed.due_at)},
        )
        return back(found)
    guards.require(found, Action.SUPPLEMENT_RECEIVED, officer(request))
    answered = [one for one in supplement_page.asked(found) if one.request.state == SupplementState.ANSWERED]
    if not answered:
        raise supplement_checks.NotHandedIn()
    context = {"dossier": found, "one": answered[0], "is_over": timezone.now() > answered[0].request.due_at}
    return render(request, "dossiers/desk/supplement_confirm.html", context)


@require_http_methods(["GET", "POST"])
@telling
def send_back(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Say of each item whether its answer is right; what is not goes back with the reason, the limit stays."""
    found, at = open_dossier(request, tracking_no), timezone.now()
    returned = supplement_checks.require_returnable(dossier=found, actor=officer(request), at=at)
    one = next(asked for asked in supplement_page.asked(found) if asked.request.pk == returned.pk)
    form = supplement_forms.SendBack(request.POST or None, items=one.items)
    status = 200
    if request.method == "POST":
        try:
            supplement_checks.send_back(
                dossier_id=found.pk,
                lacking=supplement_forms.lacking(request.POST, one.items),
                actor=officer(request),
                at=at,
            )
        except InvalidInput as refusal:
            desk_forms.show_problems(form, refusal)
            status = 422
        else:
            messages.success(
                request,
                _("Đã trả lại các mục chưa đạt, người nộp được báo và bổ sung lại đến %(due)s.")
                % {"due": desk_selectors.moment(returned.due_at)},
            )
            return back(found)
    context = {"dossier": found, "one": one, "form": form}
    return render(request, "dossiers/desk/supplement_send_back.html", context, status=status)


@require_GET
@never_cache
def file(request: PortalRequest, tracking_no: str, item_id: int, which: str) -> FileResponse:
    """Show the file that an item was asked for because of, or the one that answers it."""
    found = open_dossier(request, tracking_no)
    item = get_object_or_404(
        SupplementItem.objects.select_related("before", "answer_file"),
        pk=item_id,
        request__dossier=found,
    )
    row = {BEFORE: item.before, NOW: item.answer_file}.get(which)
    if row is None or row.scan_state != ScanState.CLEAN:
        raise Http404
    reading.note_component(dossier=found, actor=officer(request), at=timezone.now())
    return downloads.in_page(row.file, name=row.original_name, kind=row.kind)


@require_http_methods(["GET", "POST"])
@telling
def reroute(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Send a filing to the unit that it should have come to."""
    found, at = open_dossier(request, tracking_no), timezone.now()
    rerouting.require_reroutable(dossier=found, actor=officer(request))
    units = [(unit.pk, unit.name) for unit in rerouting.targets(found, at=at)]
    form = supplement_forms.Reroute(request.POST or None, units=units)
    if request.method == "POST":
        try:
            moved = rerouting.reroute(
                dossier_id=found.pk,
                unit_id=_number(request.POST.get("unit", "")),
                reason=request.POST.get("reason", ""),
                actor=officer(request),
                at=at,
            )
        except InvalidInput as refusal:
            desk_forms.show_problems(form, refusal)
        else:
            messages.success(
                request,
                _("Đã chuyển hồ sơ %(code)s đến %(unit)s.")
                % {"code": moved.reference, "unit": moved.received_at_unit},
            )
            return redirect("desk:queue")
    status = 422 if form.is_bound else 200
    context = {"dossier": found, "form": form, "has_targets": bool(units)}
    return render(request, "dossiers/desk/reroute.html", context, status=status)
