"""Differences between the national catalogue and what the city published: listed, then answered item by item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Conflict, InvalidInput, Text
from core.http import PortalRequest
from core.pagination import keyset
from designer.care_forms import KINDS, ChangeFilters, KeepForm
from designer.comparison import Line, line
from designer.forms import AbolishForm, NeededReasonForm
from designer.impact import impact_of, reached
from designer.sections import SECTIONS, section_of
from designer.views.access import for_designers
from procedures import document as documents
from procedures import services
from procedures.care import differences, pending
from procedures.care.pending import Item
from procedures.care.queue import Tally
from procedures.models import ProcedureVersion, Sector, SourceChange
from procedures.states import SourceChangeKind, VersionStatus

ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """One item as the page shows it."""

    token: str
    lines: list[Line]
    is_harmless: bool
    doubts: list[tuple[Text, str]]


@require_safe
@for_designers
def changes(request: PortalRequest) -> HttpResponse:
    """Procedures with something to answer, the longest waiting first."""
    rows = SourceChange.objects.filter(pending__gt=0)
    kind, sector = request.GET.get("loai", ""), _plain(request.GET.get("linh_vuc", ""))
    code = _plain(request.GET.get("ma", "")).strip()
    if code:
        rows = rows.filter(procedure__code__startswith=code[:32])
    of_kind = rows.filter(kind=kind) if kind in SourceChangeKind.values else rows
    of_sector = rows.filter(procedure__current_version__sector__slug=sector) if sector else rows
    both = of_kind.filter(procedure__current_version__sector__slug=sector) if sector else of_kind
    form = ChangeFilters(request.GET, kinds=_kinds(of_sector), sectors=_sectors(of_kind))
    page = keyset(
        both.select_related("procedure__current_version__sector").defer(
            "source", "base", "answered", "doubts", "procedure__current_version__eform"
        ),
        order=("found_at",),
        size=ON_A_PAGE,
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    touched = reached([one.procedure_id for one in page.rows])
    context = {
        "form": form,
        "rows": [(one, *touched[one.procedure_id]) for one in page.rows],
        "filtered": bool(kind or sector or code),
        "earlier": _page(request, truoc=page.earlier) if page.earlier else "",
        "later": _page(request, sau=page.later) if page.later else "",
    }
    return render(request, "designer/changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_designers
def change(request: PortalRequest, code: str) -> HttpResponse:
    """One procedure: what the ministry changed beside what the city says."""
    found = get_object_or_404(
        SourceChange.objects.select_related("procedure__current_version"), procedure__code=code
    )
    if request.method == "POST":
        take = _abolition if found.kind == SourceChangeKind.ABOLISHED else _items
        return take(request, found)
    return _draw(request, found)


def _items(request: PortalRequest, found: SourceChange) -> HttpResponse:
    wish, tokens = request.POST.get("viec", ""), set(request.POST.getlist("muc"))
    if one := request.POST.get("mot"):
        wish, tokens = "nhan", {one}
    elif wish in ("nhan_het", "nhan_vo_hai"):
        shown = set(request.POST.getlist("thay"))
        tokens = {
            item.token
            for item in _pending(found)[1]
            if item.token in shown and (wish == "nhan_het" or item.is_harmless)
        }
    elif wish not in ("nhan", "tu_choi"):
        raise Http404
    form = KeepForm(request.POST)
    if not tokens:
        messages.error(request, _("Chưa có mục nào được chọn. Hãy chọn ít nhất một mục."))
        return _draw(request, found, status=422)
    try:
        answered = differences.answer(
            change_id=found.pk,
            tokens=tokens,
            accept=wish != "tu_choi",
            reason=request.POST.get("reason", "")[:2_000],
            actor=request.actor,
            at=timezone.now(),
        )
    except InvalidInput as refused:
        _refuse(form, refused)
        return _draw(request, found, keep=form, chosen=tokens, status=422)
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect("designer:change", code=found.procedure.code)
    _tell(request, answered, accepted=wish != "tu_choi")
    return redirect("designer:change", code=found.procedure.code)


def _abolition(request: PortalRequest, found: SourceChange) -> HttpResponse:
    at = timezone.now()
    if request.POST.get("viec") == "tu_choi":
        keep = KeepForm(request.POST)
        try:
            answered = differences.reject_abolition(
                change_id=found.pk, reason=request.POST.get("reason", "")[:2_000], actor=request.actor, at=at
            )
        except InvalidInput as refused:
            _refuse(keep, refused)
            return _draw(request, found, keep=keep, status=422)
        _tell(request, answered, accepted=False)
        return redirect("designer:changes")
    form = AbolishForm(request.POST, auto_id="id_abolish_%s")
    if not form.is_valid():
        return _draw(request, found, abolish=form, status=422)
    try:
        answered = differences.accept_abolition(
            change_id=found.pk, actor=request.actor, at=at, **form.cleaned_data
        )
    except InvalidInput as refused:
        for name, texts in refused.errors.items():
            form.add_error(name if name in form.fields else None, [str(text) for text in texts])
        return _draw(request, found, abolish=form, status=422)
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect("designer:change", code=found.procedure.code)
    if answered.settled:
        messages.success(request, _("Đã bãi bỏ thủ tục %s.") % found.procedure.code)
    else:
        _tell(request, answered, accepted=True)
    return redirect("designer:change", code=found.procedure.code)


def _refuse(form: KeepForm, refused: InvalidInput) -> None:
    """Show what the service refused: the reason that is missing, or what makes no sound document."""
    form.full_clean()
    for name, texts in refused.errors.items():
        if name != "reason":
            form.errors.pop("reason", None)
            form.add_error(None, [f"{name}: {text}" for text in texts])
        elif "reason" not in form.errors:
            form.add_error("reason", [str(text) for text in texts])


def _draw(
    request: PortalRequest,
    found: SourceChange,
    *,
    keep: KeepForm | None = None,
    abolish: AbolishForm | None = None,
    chosen: set[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    target, items = _pending(found)
    current = found.procedure.current_version or target
    sections: dict[str, tuple[Text, list[Shown]]] = {one.slug: (one.label, []) for one in SECTIONS}
    for item in items:
        sections[_section(item)][1].append(_shown(item))
    context: dict[str, Any] = {
        "change": found,
        "procedure": found.procedure,
        "version": current,
        "target": target,
        "groups": [(slug, label, rows) for slug, (label, rows) in sections.items() if rows],
        "items": len(items),
        "harmless": sum(one.is_harmless for one in items),
        "chosen": chosen or set(),
        "directly": target is not None and differences.is_directly_changed(target),
        "is_approved": target is not None and target.status == VersionStatus.APPROVED,
        "impact": impact_of(current) if current is not None else None,
        "keep": keep or KeepForm(),
        "abolish": abolish or AbolishForm(auto_id="id_abolish_%s"),
        "answers": list(found.answers.select_related("version__procedure").order_by("-pk")[:30]),
    }
    if current is not None and current.status == VersionStatus.ABOLISHED:
        context["stays_abolished"] = services.why_not_reinstated(current, at=timezone.now())
        context["reinstate_form"] = NeededReasonForm(auto_id="id_reinstate_%s")
    return render(request, "designer/change.html", context, status=status)


def _pending(found: SourceChange) -> tuple[ProcedureVersion | None, list[Item]]:
    target = pending.target_of(found.procedure)
    if target is None or found.kind != SourceChangeKind.CHANGED:
        return target, []
    return target, pending.items(found, documents.of_version(target))


def _shown(item: Item) -> Shown:
    return Shown(
        item.token,
        [line(one) for one in item.parts],
        item.is_harmless,
        [(reason.label, text) for reason, text in item.doubts],
    )


def _section(item: Item) -> str:
    section = section_of(item.parts[0].path)
    return section.slug if section is not None else SECTIONS[0].slug


def _tell(request: PortalRequest, answered: differences.Answered, *, accepted: bool) -> None:
    if answered.settled and accepted and answered.version is not None:
        messages.success(
            request,
            _("Đã nhận %(count)d mục vào phiên bản %(no)d.")
            % {"count": answered.settled, "no": answered.version.version_no},
        )
    elif answered.settled:
        messages.success(request, _("Đã ghi %d mục không nhận.") % answered.settled)
    if answered.gone:
        messages.warning(
            request,
            _(
                "%d mục đã được người khác xử lý hoặc đã đổi từ lúc bạn mở trang, nên không làm gì với các mục đó."
            )
            % answered.gone,
        )


def _kinds(rows: QuerySet[SourceChange]) -> list[Tally]:
    counted = rows.values_list("kind").annotate(found=Count("pk")).order_by("kind")
    return [Tally(kind, str(KINDS[kind]), found) for kind, found in counted]


def _sectors(rows: QuerySet[SourceChange]) -> list[Tally]:
    counted = dict(
        rows.values_list("procedure__current_version__sector").annotate(found=Count("pk")).order_by()
    )
    named = Sector.objects.filter(pk__in=[pk for pk in counted if pk is not None])
    return sorted(
        (Tally(one.slug, one.name, counted[one.pk]) for one in named),
        key=lambda one: (-one.flags, one.label),
    )


def _plain(text: str) -> str:
    return text[:120].replace("\x00", "")


def _page(request: PortalRequest, **more: str) -> str:
    kept = {name: request.GET[name] for name in ("ma", "loai", "linh_vuc") if request.GET.get(name)}
    return f"?{urlencode(kept | more)}"
