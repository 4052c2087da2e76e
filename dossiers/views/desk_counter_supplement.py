"""Nhận bổ sung tại quầy: who has come, what was asked of them, and the answers that an officer types and scans."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import InvalidInput
from core.http import PortalRequest
from core.uploads import UploadRefused
from dossiers import desk_forms, supplement_page
from dossiers.counter_forms import Bearer, Given
from dossiers.models import Dossier, SupplementItem
from dossiers.services import counter_supplements, identity, reading, supplement_answers
from dossiers.services.supplement_answers import Incomplete, NobodySeen
from dossiers.views.desk import officer
from dossiers.views.desk_dossier import back, open_dossier, telling


@require_http_methods(["GET", "POST"])
@never_cache
@telling
def receive(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Ask who has come and which paper was seen; then show what was asked for, item by item."""
    found, at = open_dossier(request, tracking_no), timezone.now()
    asked = counter_supplements.require_open(dossier=found, actor=officer(request), at=at)
    if request.method != "POST":
        reading.note_opening(dossier=found, actor=officer(request), at=at)
        if identity.seen_today(asked, at=at) is not None and "nguoi-khac" not in request.GET:
            return _items(request, found)
        return _bearer(request, found, Bearer())
    form = Bearer(request.POST)
    try:
        counter_supplements.receive(
            dossier_id=found.pk,
            bearer=counter_supplements.Bearer(
                name=request.POST.get("name", ""),
                paper=request.POST.get("paper", ""),
                authority=request.POST.get("authority", ""),
            ),
            actor=officer(request),
            at=at,
        )
    except InvalidInput as refusal:
        desk_forms.show_problems(form, refusal)
        return _bearer(request, found, form, status=422)
    return redirect(_address(found))


@require_POST
@telling
def answer(request: PortalRequest, tracking_no: str, item_id: int) -> HttpResponse:
    """Take the answer to one item: a scan with its form, an answer to a question, or words."""
    found = open_dossier(request, tracking_no)
    counter_supplements.require_open(dossier=found, actor=officer(request), at=timezone.now())
    item = get_object_or_404(
        SupplementItem.objects.select_related("component"), pk=item_id, request__dossier=found
    )
    try:
        _take(request, item)
    except UploadRefused as problem:
        return _items(request, found, refused=item, error=str(problem))
    except InvalidInput as problem:
        return _items(request, found, refused=item, error=" ".join(problem.problems), invalid=problem)
    except NobodySeen as problem:
        return _again(request, found, problem)
    return redirect(f"{_address(found)}#muc-{item.pk}")


@require_POST
@telling
def hand_in(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Hand all answers in for the person who has come."""
    found = open_dossier(request, tracking_no)
    counter_supplements.require_open(dossier=found, actor=officer(request), at=timezone.now())
    try:
        supplement_answers.hand_in(dossier_id=found.pk, actor=officer(request), at=timezone.now())
    except (Incomplete, NobodySeen) as problem:
        return _again(request, found, problem)
    messages.success(request, _("Đã nhận bổ sung tại quầy và báo cho người nộp."))
    return back(found)


def _take(request: PortalRequest, item: SupplementItem) -> None:
    actor, at = officer(request), timezone.now()
    if item.field:
        supplement_answers.answer_question(item_id=item.pk, data=request.POST, actor=actor, at=at)
    elif not supplement_answers.is_file(item):
        text = request.POST.get("text", "")
        supplement_answers.answer_in_words(item_id=item.pk, text=text, actor=actor, at=at)
    else:
        upload = request.FILES.get("file")
        if upload is None:
            problem = _("Chưa có tệp nào. Hãy chụp hoặc chọn một tệp.")
            raise InvalidInput({"file": [problem]}, problem)
        supplement_answers.answer_file(
            item_id=item.pk,
            upload=upload,
            name=upload.name or "",
            given_as=request.POST.get("given_as", ""),
            original_kept="original_kept" in request.POST,
            actor=actor,
            at=at,
        )


def _bearer(request: PortalRequest, found: Dossier, form: Bearer, *, status: int = 200) -> HttpResponse:
    at = timezone.now()
    context = {
        "dossier": found,
        "form": form,
        "bearers": counter_supplements.bearers(found, at=at),
        "asked": supplement_page.waiting(found),
    }
    return render(request, "dossiers/desk/counter_bearer.html", context, status=status)


def _items(
    request: PortalRequest,
    found: Dossier,
    *,
    refused: SupplementItem | None = None,
    error: str = "",
    invalid: InvalidInput | None = None,
) -> HttpResponse:
    asked, at = supplement_page.waiting(found), timezone.now()
    if asked is None:
        return back(found)
    context = {
        "dossier": found,
        "asked": asked,
        "seen": identity.seen_today(asked.request, at=at),
        "slots": supplement_page.slots(found, asked, refused=refused, typed=request.POST, invalid=invalid),
        "given": Given(),
        "refused_id": refused.pk if refused else 0,
        "refused": error,
        "max_mb": settings.UPLOAD_MAX_BYTES // 2**20,
    }
    return render(request, "dossiers/desk/counter_supplement.html", context, status=422 if error else 200)


def _again(request: PortalRequest, found: Dossier, problem: Incomplete | NobodySeen) -> HttpResponse:
    messages.error(request, str(problem))
    return redirect(_address(found))


def _address(found: Dossier) -> str:
    return reverse("desk:supplement_at_counter", args=[found.tracking_no])
