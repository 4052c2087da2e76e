"""Tiếp nhận tại quầy: who has come, what they ask for, their papers, and the acceptance, on two pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.models import Agency
from agencies.states import Role
from core.errors import Conflict, InvalidInput, NotAllowed
from core.http import PortalRequest
from core.uploads import UploadRefused
from dossiers import desk_page, desk_selectors, held_page, return_forms, validity
from dossiers.counter_forms import Given, Visitor
from dossiers.desk_forms import show_problems
from dossiers.drafts import Draft, Slot
from dossiers.models import Dossier
from dossiers.return_forms import ChooseReturn
from dossiers.services import counter, reusing
from dossiers.services.counter import WalkIn
from dossiers.services.reusing import NotHeld
from dossiers.states import FilingMode, Status
from dossiers.views.desk import officer
from procedures import eforms
from procedures.models import Procedure
from procedures.states import Channel

OPEN_DRAFTS = 20
MOST_SCANS = 30
_RETURN = "nhan-ket-qua"

NOT_AT_THE_COUNTER = _("Trang này dành cho cán bộ một cửa.")

_LEADING_NUMBER = re.compile(r"^\D{0,12}?(\d{1,2})(?!\d)")


@require_http_methods(["GET", "POST"])
@never_cache
def start(request: PortalRequest) -> HttpResponse:
    """Begin a draft for somebody at the counter. The first press looks the number up; the second begins."""
    actor, at = officer(request), timezone.now()
    agencies = actor.agencies_as(Role.ONE_STOP_OFFICER)
    if not agencies:
        raise NotAllowed(NOT_AT_THE_COUNTER)
    form = Visitor(
        request.POST or None,
        procedures=desk_selectors.procedures_to_choose(),
        units=list(Agency.objects.filter(pk__in=agencies).order_by("name").values_list("pk", "name")),
    )
    known = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            known = counter.known_person(number=typed["number"], actor=actor, at=at)
            if "begin" in request.POST:
                version = Procedure.objects.get(code=typed["procedure"]).current_version
                draft = counter.start(
                    version_id=version.pk if version else 0,
                    walk_in=WalkIn(
                        number=typed["number"],
                        full_name=typed["full_name"] or (known.full_name if known else ""),
                        birth_on=typed["birth_on"],
                        address=typed["address"],
                        phone=typed["phone"],
                        email=typed["email"],
                        paper=typed["paper"],
                    ),
                    unit_id=int(typed["unit"]),
                    organisation_code=typed["organisation"],
                    filing_mode=typed["filing_mode"] or FilingMode.OFFICER_ENTRY,
                    filed_at=typed["filed_at"],
                    actor=actor,
                    at=at,
                )
                return redirect("desk:counter_draft", tracking_no=draft.tracking_no)
        except InvalidInput as refusal:
            show_problems(form, refusal)
        except Conflict as refusal:
            messages.error(request, str(refusal))
    context = {
        "form": form,
        "looked_up": form.is_bound and "number" not in form.errors and "procedure" not in form.errors,
        "known": known,
        "drafts": Dossier.objects.filter(
            status=Status.DRAFT, channel=Channel.COUNTER, received_at_unit__in=agencies
        )
        .select_related("submitter", "procedure_version")
        .order_by("-pk")[:OPEN_DRAFTS],
    }
    return render(request, "dossiers/desk/counter_start.html", context, status=422 if form.errors else 200)


@require_GET
@never_cache
def draft(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """The form, the papers and the acceptance of one counter draft."""
    found = _open(request, tracking_no)
    if found.status != Status.DRAFT:
        return redirect("desk:dossier", tracking_no=tracking_no)
    return _page(request, found)


@require_POST
def fill(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Keep what was typed into the form; what is wrong is shown beside it."""
    found = _open(request, tracking_no)
    try:
        wrong = _filled(request, found)
        if rows := eforms.asks_for_rows(request.POST):
            return redirect(f"{reverse('desk:counter_draft', args=[tracking_no])}#id_{rows}")
    except Conflict as refusal:
        return _told(request, found, refusal)
    if wrong:
        return _page(request, found, wrong=wrong)
    messages.success(request, _("Đã lưu tờ khai."))
    return redirect(f"{_address(found)}#giay-to")


@require_POST
def scan(request: PortalRequest, tracking_no: str, position: int) -> HttpResponse:
    """Take the scan of one paper, or a note of one that needs none, and in which form it was given."""
    found = _open(request, tracking_no)
    component = get_object_or_404(found.procedure_version.components, position=position, is_upload=True)
    upload = request.FILES.get("file")
    is_note = "note" in request.POST
    if upload is None and not is_note:
        return _page(request, found, refused={position: _("Chưa có tệp nào. Hãy chụp hoặc chọn một tệp.")})
    try:
        given: dict[str, Any] = {
            "dossier_id": found.pk,
            "component": component,
            "given_as": request.POST.get("given_as", ""),
            "original_kept": "original_kept" in request.POST,
            "actor": officer(request),
            "at": timezone.now(),
            "issued_on": validity.read_day(request.POST.get(validity.ISSUED_ON, "")),
        }
        if upload is None:
            counter.note_component(**given)
        else:
            counter.add_component(**given, upload=upload, name=upload.name or "")
    except InvalidInput as refusal:
        return _page(request, found, refused={position: " ".join(refusal.problems)})
    except UploadRefused as refusal:
        return _page(request, found, refused={position: str(refusal)})
    except Conflict as refusal:
        return _told(request, found, refusal)
    return redirect(f"{_address(found)}#giay-to-{position}")


@require_POST
def folder(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Take the files of a scanner's folder at once: a number at the beginning of a name says which paper it is."""
    found, actor = _open(request, tracking_no), officer(request)
    uploads = request.FILES.getlist("files")[:MOST_SCANS]
    slots = Draft(found, timezone.now()).slots
    taken, problems = 0, []
    for upload, slot in _matched(uploads, slots):
        if slot is None:
            problems.append(_("Không biết “%(name)s” là giấy tờ nào.") % {"name": upload.name})
            continue
        try:
            counter.add_component(
                dossier_id=found.pk,
                component=slot.component,
                upload=upload,
                name=upload.name or "",
                given_as=request.POST.get("given_as", ""),
                original_kept="original_kept" in request.POST,
                actor=actor,
                at=timezone.now(),
            )
        except (InvalidInput, UploadRefused, Conflict) as refusal:
            problems.append(" ".join(refusal.problems) if isinstance(refusal, InvalidInput) else str(refusal))
        else:
            taken += 1
    if taken:
        messages.success(request, _("Đã nhận %(n)d tệp. Hãy xem lại từng giấy tờ.") % {"n": taken})
    for problem in problems or ([] if taken else [_("Chưa có tệp nào. Hãy chọn các tệp đã quét.")]):
        messages.error(request, problem)
    return redirect(f"{_address(found)}#giay-to")


@require_POST
def use_held(request: PortalRequest, tracking_no: str, position: int) -> HttpResponse:
    """Put what the city holds of the visitor into the place of a paper."""
    found = _open(request, tracking_no)
    component = get_object_or_404(found.procedure_version.components, position=position, is_upload=True)
    try:
        counter.use_held(
            dossier_id=found.pk,
            component=component,
            mark=request.POST.get("mark", ""),
            actor=officer(request),
            at=timezone.now(),
        )
    except NotHeld as refusal:
        return _page(request, found, refused={position: str(refusal)})
    except Conflict as refusal:
        return _told(request, found, refusal)
    return redirect(f"{_address(found)}#giay-to-{position}")


@require_POST
def remove(request: PortalRequest, tracking_no: str, file_id: int) -> HttpResponse:
    """Take a scan out again."""
    found = _open(request, tracking_no)
    try:
        counter.remove_component(dossier_id=found.pk, file_id=file_id, actor=officer(request))
    except Conflict as refusal:
        return _told(request, found, refusal)
    return redirect(f"{_address(found)}#giay-to")


@require_POST
def accept(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Keep the form and accept the draft; form 01 can be printed from the dossier's page as soon as it is made."""
    found = _open(request, tracking_no)
    try:
        if wrong := _filled(request, found):
            return _page(request, found, wrong=wrong)
        accepted = counter.accept(dossier_id=found.pk, actor=officer(request), at=timezone.now())
    except InvalidInput as refusal:
        return _page(request, found, missing=refusal.problems)
    except Conflict as refusal:
        return _told(request, found, refusal)
    assert accepted.due_at is not None, "a dossier is accepted with its due date"
    messages.success(
        request,
        _("Đã tiếp nhận hồ sơ %(code)s, hẹn trả lúc %(due)s. In Mẫu số 01 ở mục Giấy tờ của hồ sơ.")
        % {"code": accepted.code, "due": desk_selectors.moment(accepted.due_at)},
    )
    return redirect("desk:dossier", tracking_no=tracking_no)


def _open(request: PortalRequest, tracking_no: str) -> Dossier:
    """Give a counter draft that exists for the officer, or what became of it; 404 for everybody and all else."""
    if not request.actor.is_officer:
        raise Http404
    drafts = desk_page.open_to(request.actor).filter(channel=Channel.COUNTER)
    return get_object_or_404(drafts, tracking_no=tracking_no)


def _filled(request: PortalRequest, found: Dossier) -> dict[str, Any]:
    """Keep the answers of every page of the form; give the pages that are not right, by id."""
    schema = eforms.of_version(found.procedure_version)
    for page in schema.pages:
        counter.fill(dossier_id=found.pk, page_id=page.id, data=request.POST, actor=officer(request))
    found.refresh_from_db()
    shown = Draft(found, timezone.now())
    forms = {
        page.id: eforms.page_form(schema, page.id, request.POST, initial=shown.answers, prefill=shown.prefill)
        for page in schema.pages
    }
    wrong = {name: form for name, form in forms.items() if not form.is_valid()}
    return wrong | _chosen_return(request, found)


def _chosen_return(request: PortalRequest, found: Dossier) -> dict[str, Any]:
    """Keep how the visitor wants the result; give the form, by its place, where that is not right."""
    if f"{_RETURN}-method" not in request.POST:
        return {}
    at = timezone.now()
    try:
        counter.choose_return(
            dossier_id=found.pk,
            wanted=return_forms.wanted(request.POST, prefix=f"{_RETURN}-"),
            actor=officer(request),
            at=at,
        )
    except InvalidInput as refusal:
        form = ChooseReturn(request.POST, dossier=found, at=at, prefix=_RETURN)
        show_problems(form, refusal)
        return {_RETURN: form}
    return {}


def _page(
    request: PortalRequest,
    found: Dossier,
    *,
    wrong: dict[str, Any] | None = None,
    refused: dict[int, str] | None = None,
    missing: Iterable[str] = (),
) -> HttpResponse:
    at = timezone.now()
    shown, wrong, refused = Draft(found, at), wrong or {}, refused or {}
    pages = [(page, wrong.get(page.id) or _form(shown, page)) for page in shown.schema.pages]
    context = {
        "dossier": found,
        "pages": pages,
        "return_form": wrong.get(_RETURN) or ChooseReturn(dossier=found, at=at, prefix=_RETURN),
        "slots": _slots(request, shown, refused),
        "given": Given(),
        "missing": list(missing),
        "problems": bool(wrong or refused or missing),
    }
    status = 422 if context["problems"] else 200
    return render(request, "dossiers/desk/counter_draft.html", context, status=status)


def _slots(
    request: PortalRequest, shown: Draft, refused: dict[int, str]
) -> list[tuple[Slot, str, held_page.OfSlot]]:
    """Give each paper with what was refused of it and with what the city holds of it."""
    owner = reusing.owner_of(shown.dossier, actor=request.actor)
    of_slots = held_page.of_slots(shown.slots, owner=owner, at=shown.at)
    return [(slot, refused.get(slot.component.position, ""), held) for slot, held in of_slots]


def _form(shown: Draft, page: eforms.Page) -> Any:
    return eforms.page_form(shown.schema, page.id, initial=shown.answers, prefill=shown.prefill)


def _matched(
    uploads: Iterable[UploadedFile[Any]], slots: list[Slot]
) -> list[tuple[UploadedFile[Any], Slot | None]]:
    """Give each file its paper: by the number that its name begins with, else the next paper without a file."""
    waiting = [slot for slot in slots if slot.file is None]
    matched: list[tuple[UploadedFile[Any], Slot | None]] = []
    for upload in sorted(uploads, key=lambda one: one.name or ""):
        number = _LEADING_NUMBER.match(upload.name or "")
        place = int(number[1]) - 1 if number else -1
        slot = slots[place] if 0 <= place < len(slots) else (waiting[0] if waiting else None)
        if slot in waiting:
            waiting.remove(slot)
        matched.append((upload, slot))
    return matched


def _address(found: Dossier) -> str:
    return reverse("desk:counter_draft", args=[found.tracking_no])


def _told(request: PortalRequest, found: Dossier, refusal: Conflict) -> HttpResponse:
    messages.error(request, str(refusal))
    return redirect("desk:counter_draft", tracking_no=found.tracking_no)
