"""Ý kiến phối hợp on the officers' desk: asking and going on, and the pages of the agency that is asked."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.states import Role
from core import downloads
from core.errors import Conflict, InvalidInput, NotAllowed
from core.http import PortalRequest
from dossiers import inquiry_forms, opinions_page, policies
from dossiers.desk_forms import show_problems
from dossiers.models import Opinion
from dossiers.services import asking, opinions, reading
from dossiers.states import Action, ScanState
from dossiers.views.desk import officer, page_address
from dossiers.views.desk_dossier import back, open_dossier, telling
from dossiers.views.desk_step import Page, step


@require_http_methods(["GET", "POST"])
@never_cache
@telling
def ask(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Ask one or several agencies; the button “add” gives the form room for one more."""
    found, actor, at = open_dossier(request, tracking_no), officer(request), timezone.now()
    asking.require_holder(found, Action.ASK_OPINION, actor)
    rows = inquiry_forms.rows(request.POST)
    adds = "add" in request.POST
    if adds:
        rows = min(rows + 1, opinions.MOST_AGENCIES)
    form = inquiry_forms.AskOpinion(
        request.POST or None,
        rows=rows,
        agencies=opinions.may_be_asked(found, at=at),
        documents=opinions.may_be_shown(found),
    )
    status = 200
    if adds:
        form.full_clean()
        form.errors.clear()
    elif request.method == "POST":
        try:
            opinions.ask(
                dossier_id=found.pk, questions=inquiry_forms.questions(request.POST), actor=actor, at=at
            )
        except InvalidInput as refusal:
            show_problems(form, refusal)
            status = 422
        else:
            messages.success(request, _("Đã gửi phiếu lấy ý kiến."))
            return back(found)
    context = {
        "dossier": found,
        "form": form,
        "rows": rows,
        "has_room": rows < opinions.MOST_AGENCIES,
    }
    return render(request, "dossiers/desk/ask_opinion.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@telling
def go_on(request: PortalRequest, tracking_no: str) -> HttpResponse:
    """Take the dossier up again; without an answer a reason is asked for."""
    found, actor = open_dossier(request, tracking_no), officer(request)
    asking.require_holder(found, Action.RECEIVE_OPINION, actor)
    missing = [opinion.agency.name for opinion in opinions.unanswered(found)]
    page = Page(
        title=_("Giải quyết tiếp"),
        lede=_("Còn cơ quan chưa trả lời. Câu trả lời đến sau vẫn được ghi nhận và đánh dấu muộn.")
        if missing
        else _("Mọi cơ quan được hỏi đã trả lời."),
        button=_("Giải quyết tiếp"),
        facts=[(_("Chưa trả lời"), ", ".join(missing))] if missing else (),
    )
    return step(
        request,
        found,
        page,
        form=inquiry_forms.GoOn(request.POST or None) if missing else None,
        do=lambda: opinions.go_on(
            dossier_id=found.pk, reason=request.POST.get("reason", ""), actor=actor, at=timezone.now()
        ),
        done=_("Hồ sơ được giải quyết tiếp."),
    )


@require_POST
@telling
def remind(request: PortalRequest, tracking_no: str, opinion_id: int) -> HttpResponse:
    """Remind an asked agency of its answer."""
    found = open_dossier(request, tracking_no)
    policies.require_role(
        officer(request), found, Role.SPECIALIST
    )  # before it is said what there is to ask about
    opinion = get_object_or_404(found.opinions, pk=opinion_id)
    opinions.remind(opinion_id=opinion.pk, actor=officer(request), at=timezone.now())
    messages.success(request, _("Đã nhắc %(agency)s.") % {"agency": opinion.agency.name})
    return back(found)


# The asked agency


@require_GET
@never_cache
def listed(request: PortalRequest) -> HttpResponse:
    """What the officer's agency is asked by others: what waits, the most urgent first, or what was answered."""
    actor = officer(request)
    if not actor.agencies_as(*policies.ANSWERS_OPINIONS):
        raise NotAllowed()
    answered = request.GET.get("loai") == "da-tra-loi"
    page = opinions_page.page_of(
        actor,
        answered=answered,
        at=timezone.now(),
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    context = {
        "rows": page.rows,
        "answered": answered,
        "waiting_count": opinions_page.waiting_count(actor),
        "newer": page_address(request, "truoc", page.earlier),
        "older": page_address(request, "sau", page.later),
    }
    return render(request, "dossiers/desk/opinions.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def answer(request: PortalRequest, opinion_id: int) -> HttpResponse:
    """One question with the documents that belong to it, and the answer to it."""
    opinion, at = _opinion(request, opinion_id), timezone.now()
    form, status = inquiry_forms.AnswerOpinion(request.POST or None), 200
    if request.method == "POST":
        try:
            opinions.answer(
                opinion_id=opinion.pk,
                agrees={"yes": True, "no": False}.get(request.POST.get("agrees", "")),
                text=request.POST.get("answer", ""),
                actor=officer(request),
                at=at,
            )
        except InvalidInput as refusal:
            show_problems(form, refusal)
            status = 422
        except Conflict as refusal:
            messages.error(request, str(refusal))
            return redirect("desk:opinion", opinion_id=opinion.pk)
        else:
            messages.success(request, _("Đã gửi ý kiến đến cơ quan hỏi."))
            return redirect("desk:opinion", opinion_id=opinion.pk)
    context = opinions_page.of(opinion, at=at) | {"form": form}
    return render(request, "dossiers/desk/opinion.html", context, status=status)


@require_GET
@never_cache
def document(request: PortalRequest, opinion_id: int, component_id: int) -> FileResponse:
    """Hand out a document that was put to the question; its owner sees that it was read."""
    opinion = _opinion(request, opinion_id)
    if opinion.closed_at is not None:  # nobody waits for an answer, so there is nothing to read it for
        raise Http404
    one = get_object_or_404(opinion.documents, pk=component_id, scan_state=ScanState.CLEAN)
    reading.note_opinion(opinion=opinion, actor=officer(request), at=timezone.now())
    return downloads.attachment(one.file, name=one.original_name, kind=one.kind)


def _opinion(request: PortalRequest, opinion_id: int) -> Opinion:
    if not request.actor.is_officer:
        raise Http404
    visible = policies.visible_opinions(request.actor)
    return get_object_or_404(visible.select_related("agency", "dossier"), pk=opinion_id)
