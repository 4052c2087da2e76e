"""The review queue: what an import flagged, one by one or many alike."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Conflict, InvalidInput
from core.http import PortalRequest
from core.pagination import keyset
from designer import selectors
from designer.care_forms import NAMES, AskForm, CorrectionForm, ManyForm, QueueFilters, filters_of
from designer.impact import impact_of
from designer.sections import address_of
from designer.views.access import for_designers
from designer.words import said
from procedures.care import corrections, queue, review, tables
from procedures.care.corrections import Place
from procedures.care.evidence import in_words, passages
from procedures.models import ReviewDecision, ReviewFlag
from procedures.reading import printed
from procedures.states import ReviewState

ON_A_PAGE = 50
MEND = "bang"
"""The button that leads to a table in the draft."""


@require_safe
@for_designers
def flags(request: PortalRequest) -> HttpResponse:
    """The queue, oldest first."""
    at, filters = timezone.now(), filters_of(request.GET)
    reasons, sectors = queue.reasons(filters, at=at), queue.sectors(filters, at=at)
    page = keyset(
        queue.flags(filters, at=at).defer("version__title_search", "version__body_search", "version__eform"),
        order=("pk",),
        size=ON_A_PAGE,
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    total = sum(one.flags for one in reasons if filters.reason in ("", one.value))
    context = {
        "form": QueueFilters(filters, reasons=reasons, sectors=sectors),
        "rows": [(one, in_words(one), _address("flag", one.pk, request)) for one in page.rows],
        "total": total,
        "states": [
            (f"?{_kept(request, trang_thai=one.value)}", one, one.value == filters.state)
            for one in queue.states()
        ],
        "filtered": bool(filters.reason or filters.sector or filters.age or filters.query),
        "earlier": f"?{_kept(request, truoc=page.earlier)}" if page.earlier else "",
        "later": f"?{_kept(request, sau=page.later)}" if page.later else "",
        "just": _just_decided(request),
    }
    return render(request, "designer/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_designers
def flag(request: PortalRequest, item_id: int) -> HttpResponse:
    """One flag: the source beside the value, and what to do with it."""
    found = _flag(item_id)
    place = corrections.place_of(found.field, found.reason)
    if request.method != "POST":
        return _draw(request, found, place)
    wish = request.POST.get("viec", "")
    if wish == MEND:
        return _to_the_table(request, found)
    form = ask = None
    values: dict[str, Any] = {}
    if wish == ReviewState.CORRECTED and place is not None:
        form = CorrectionForm(place, request.POST)
        if not form.is_valid():
            return _draw(request, found, place, form=form, status=422)
        values = form.cleaned_data
    if wish == ReviewState.ASKED:
        ask = AskForm(request.POST, auto_id="id_ask_%s")
        if not ask.is_valid():
            return _draw(request, found, place, ask=ask, status=422)
    if wish not in ReviewState.values:
        raise Http404
    seen = request.POST.get("quyet_dinh", "0")
    try:
        decision = review.decide(
            flag_id=found.pk,
            state=wish,
            values=values,
            note=ask.cleaned_data["note"] if ask else "",
            after_decision=int(seen) if seen.isdecimal() and len(seen) < 19 else 0,
            actor=request.actor,
            at=timezone.now(),
        )
    except InvalidInput as refused:
        if form is None:
            messages.error(request, " ".join(refused.problems))
            return _draw(request, found, place, status=422)
        form.fill(refused.errors)
        return _draw(request, found, place, form=form, status=422)
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect(_address("flag", found.pk, request))
    return _onward(request, found, decision)


@require_http_methods(["GET", "HEAD", "POST"])
@for_designers
def alike(request: PortalRequest, item_id: int) -> HttpResponse:
    """Many flags about the same words: counted first, then decided at once."""
    found = _flag(item_id)
    place = corrections.place_of(found.field, found.reason)
    may_correct = place is not None and bool(found.text)
    data = request.POST if request.method == "POST" else None
    form = ManyForm(data, may_correct=may_correct)
    values_form = (
        CorrectionForm(place, data, values=_values(place, found), optional=True)
        if place is not None and may_correct
        else None
    )
    context: dict[str, Any] = {"form": form, "values_form": values_form}
    status = 200
    if data is not None:
        answered = _alike(request, found, place, form, values_form, context)
        if answered is not None:
            return answered
        status = 200 if "many" in context else 422
    rows = queue.alike(found).select_related("version__procedure", "version__sector").order_by("pk")
    context |= {
        "flag": found,
        "text": in_words(found),
        "total": queue.alike(found).count(),
        "rows": list(rows.defer("version__title_search", "version__body_search", "version__eform")[:20]),
        "kept": _kept(request),
        "most": review.MOST_AT_ONCE,
    }
    return render(request, "designer/review_alike.html", context, status=status)


@require_POST
@for_designers
def undo(request: PortalRequest, number: int) -> HttpResponse:
    """Take a decision back, and show its flag again."""
    decision = get_object_or_404(ReviewDecision, pk=number)
    try:
        review.undo(decision_id=decision.pk, actor=request.actor, at=timezone.now())
    except Conflict as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã hoàn tác. Điểm này lại chờ rà soát."))
    return redirect(_address("flag", decision.flag_id, request))


def _to_the_table(request: PortalRequest, found: ReviewFlag) -> HttpResponse:
    """Lead to the rows of a table in the draft; what is saved there settles the flag."""
    part = tables.part_of(found)
    if part is None:
        raise Http404
    try:
        draft = tables.draft_for(flag_id=found.pk, actor=request.actor, at=timezone.now())
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect(_address("flag", found.pk, request))
    messages.info(
        request,
        _("Sửa các dòng rồi bấm Lưu: điểm “%s” được đánh dấu là đã sửa.") % found.get_reason_display(),
    )
    return redirect(address_of(draft, part))


def _alike(
    request: PortalRequest,
    found: ReviewFlag,
    place: Place | None,
    form: ManyForm,
    values_form: CorrectionForm | None,
    context: dict[str, Any],
) -> HttpResponse | None:
    """Count, or do what was counted; None: the page shows a count or what is wrong."""
    if not form.is_valid() or (values_form is not None and not values_form.is_valid()):
        return None
    wish, sector_only = form.cleaned_data["viec"], form.cleaned_data["cung_linh_vuc"]
    values = values_form.cleaned_data if values_form is not None and wish == ReviewState.CORRECTED else {}
    if wish == ReviewState.ASKED and not form.cleaned_data["note"]:
        form.add_error("note", _("Hãy ghi điều cần hỏi bộ, ngành."))
        return None
    try:
        if values and place is not None:
            corrections.check(place, values)
    except InvalidInput as refused:
        assert values_form is not None
        values_form.fill(refused.errors)
        return None
    many = review.count_many(flag=found, state=wish, sector_only=sector_only)
    counted = hashlib.sha256(json.dumps([wish, sector_only, values, many.flags]).encode()).hexdigest()
    if request.POST.get("dem") != counted:
        context |= {"many": many, "counted": counted, "recounted": bool(request.POST.get("dem"))}
        return None
    done, problems = review.decide_many(
        flag=found,
        state=wish,
        values=values,
        note=form.cleaned_data["note"],
        sector_only=sector_only,
        actor=request.actor,
        at=timezone.now(),
    )
    messages.success(
        request,
        ngettext("Đã xử lý %d điểm giống nhau.", "Đã xử lý %d điểm giống nhau.", done) % done,
    )
    for problem in problems[:5]:
        messages.warning(request, problem)
    return redirect(_address("flag", found.pk, request))


def _draw(
    request: PortalRequest,
    found: ReviewFlag,
    place: Place | None,
    *,
    form: CorrectionForm | None = None,
    ask: AskForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at, filters = timezone.now(), filters_of(request.GET)
    before, after = queue.neighbours(found, filters, at=at)
    history = queue.history(found)
    last = next((one for one in history if one.flag_id == found.pk), None)
    version = found.version
    context = {
        "flag": found,
        "version": version,
        "text": in_words(found),
        "passages": passages(found, version),
        "values": _said(place, _values(place, found)),
        "place": place,
        "table": tables.part_of(found),
        "form": form or (CorrectionForm(place, values=_values(place, found)) if place is not None else None),
        "ask": ask or AskForm(auto_id="id_ask_%s"),
        "history": [(one, _said(place, one.before), _said(place, one.after)) for one in history],
        "last": last.pk if last else 0,
        "may_undo": last is not None and last.undoes_id is None,
        "earlier": _address("flag", before, request) if before else "",
        "later": _address("flag", after, request) if after else "",
        "left": queue.count(filters, at=at),
        "alike": queue.alike(found).count(),
        "impact": impact_of(version),
        "draft": selectors.open_draft_of(version),
        "kept": _kept(request),
        "just": _just_decided(request, but=found.pk),
        "is_current": version.procedure.current_version_id == version.pk,
        "is_open": found.state not in (ReviewState.CONFIRMED, ReviewState.CORRECTED),
    }
    return render(request, "designer/review_flag.html", context, status=status)


def _onward(request: PortalRequest, found: ReviewFlag, decision: ReviewDecision) -> HttpResponse:
    """Go on to the next flag of the queue, else back to the list; both offer to take the decision back."""
    _before, after = queue.neighbours(found, filters_of(request.GET), at=timezone.now())
    if after is None:
        return redirect(f"{reverse('designer:review')}?{_kept(request, vua=str(decision.pk))}")
    return redirect(_address("flag", after, request, vua=str(decision.pk)))


def _just_decided(request: PortalRequest, but: int = 0) -> ReviewDecision | None:
    """Give the decision that the actor has just made, if nobody has taken it back."""
    number = request.GET.get("vua", "")
    if not number.isdecimal() or len(number) > 18:
        return None
    rows = ReviewDecision.objects.filter(
        pk=int(number), actor_user_id=request.actor.user_id, undone_by=None, undoes=None
    )
    return rows.exclude(flag=but).select_related("procedure").first()


def _flag(item_id: int) -> ReviewFlag:
    rows = ReviewFlag.objects.select_related(
        "version__procedure", "version__sector", "version__competent_agency", "draft"
    )
    return get_object_or_404(rows, pk=item_id)


def _values(place: Place | None, found: ReviewFlag) -> corrections.Values | None:
    return corrections.of_rows(place, found.version) if place is not None else None


def _said(place: Place | None, values: corrections.Values | None) -> list[tuple[str, str]]:
    if place is None or not values:
        return []
    return [(str(one.label), printed(said(values.get(name), one))) for name, one in place.fields.items()]


def _kept(request: PortalRequest, **more: str) -> str:
    kept = {name: request.GET[name] for name in NAMES if request.GET.get(name)}
    return urlencode(kept | more)


def _address(page: str, item_id: int, request: PortalRequest, **more: str) -> str:
    kept = _kept(request, **more)
    return reverse(f"designer:{page}", args=[item_id]) + (f"?{kept}" if kept else "")
