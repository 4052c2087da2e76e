"""Nộp bổ sung: the list that the applicant answers item by item, and the button that sends it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core import throttle
from core.errors import Conflict, InvalidInput, TooManyRequests
from core.http import PortalRequest
from core.uploads import UploadRefused
from dossiers import selectors, supplement_page
from dossiers.models import Dossier, SupplementItem
from dossiers.services import supplement_answers
from dossiers.services.supplement_answers import HandedInAlready, Incomplete
from dossiers.states import Status
from dossiers.views.draft_files import UPLOADS_A_MINUTE


@require_GET
@never_cache
def supplement(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """The items that the applicant must give, each with its answer so far."""
    return _page(request, _own(request, tracking_no))


@require_POST
def answer(request: PortalRequest, tracking_no: str, item_id: int) -> HttpResponse:
    """Take the answer to one item; a script hears of a refused file in JSON."""
    found, at = _own(request, tracking_no), timezone.now()
    item = get_object_or_404(
        SupplementItem.objects.select_related("component"), pk=item_id, request__dossier=found
    )
    by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    try:
        if supplement_answers.is_file(item):
            _take_file(request, item)
        elif item.field:
            supplement_answers.answer_question(item_id=item.pk, data=request.POST, actor=request.actor, at=at)
        else:
            text = request.POST.get("text", "")
            supplement_answers.answer_in_words(item_id=item.pk, text=text, actor=request.actor, at=at)
    except (UploadRefused, TooManyRequests) as problem:
        if by_script:
            return JsonResponse({"code": problem.code, "message": str(problem)}, status=problem.status)
        return _page(request, found, refused=item, error=str(problem))
    except InvalidInput as problem:
        if by_script:
            return JsonResponse({"code": problem.code, "message": str(problem)}, status=problem.status)
        return _page(request, found, refused=item, error=" ".join(problem.problems), invalid=problem)
    except Conflict as problem:
        if by_script:
            return JsonResponse({"code": problem.code, "message": str(problem)}, status=problem.status)
        messages.error(request, str(problem))
        return redirect("dossiers:detail", tracking_no=tracking_no)
    if by_script:
        return JsonResponse({"message": _("Đã nhận tệp")})
    return redirect("dossiers:supplement", tracking_no=tracking_no)


def _take_file(request: PortalRequest, item: SupplementItem) -> None:
    upload, at = request.FILES.get("file"), timezone.now()
    who = str(request.actor.user_id)
    throttle.require_pause(subject="upload", who=who, limit=UPLOADS_A_MINUTE, seconds=60, at=at)
    if upload is None:
        problem = _("Chưa có tệp nào. Hãy chọn một tệp trên máy rồi tải lên.")
        raise InvalidInput({"file": [problem]}, problem)
    supplement_answers.answer_file(
        item_id=item.pk, upload=upload, name=upload.name or "", actor=request.actor, at=at
    )


@require_POST
def hand_in(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Send all answers."""
    found = _own(request, tracking_no)
    try:
        supplement_answers.hand_in(dossier_id=found.pk, actor=request.actor, at=timezone.now())
    except HandedInAlready:
        pass  # pressed twice: the page shows that it is done
    except Incomplete as refusal:
        messages.error(request, str(refusal))
        return redirect("dossiers:supplement", tracking_no=tracking_no)
    except Conflict as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã gửi bổ sung. Cơ quan sẽ kiểm tra và báo cho bạn."))
    return redirect("dossiers:detail", tracking_no=tracking_no)


def _page(
    request: PortalRequest,
    found: Dossier,
    *,
    refused: SupplementItem | None = None,
    error: str = "",
    invalid: InvalidInput | None = None,
) -> HttpResponse:
    asked, at = supplement_page.waiting(found), timezone.now()
    if asked is None:
        return redirect("dossiers:detail", tracking_no=found.tracking_no)
    context = {
        "dossier": found,
        "asked": asked,
        "slots": supplement_page.slots(found, asked, refused=refused, typed=request.POST, invalid=invalid),
        "days_left": supplement_page.time_left(asked, at=at),
        "is_over": at > asked.request.due_at,
        "refused_id": refused.pk if refused else 0,
        "refused": error,
        "max_mb": settings.UPLOAD_MAX_BYTES // 2**20,
    }
    return render(request, "dossiers/citizen/supplement.html", context, status=422 if error else 200)


def _own(request: PortalRequest, tracking_no: str) -> Dossier:
    if not request.actor.is_person:
        raise Http404
    filed = selectors.of_applicant(request.actor).exclude(status=Status.DRAFT)
    rows = filed.select_related("procedure_version__procedure", "received_at_unit", "competent_agency")
    return get_object_or_404(rows, tracking_no=tracking_no)
