"""Synonyms: a list with search, one row beside a trial of it, a file, and the log with undo."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Conflict, InvalidInput
from core.http import PortalRequest
from procedures.models import CareEvent, SearchSynonym
from procedures.search import synonyms as store
from procedures.search.synonyms import Entry
from procedures.search_desk import reads
from procedures.search_desk.access import for_keepers
from procedures.search_desk.forms import (
    LONGEST_QUESTION,
    MOST_BYTES,
    LogFilters,
    SynonymFile,
    SynonymForm,
    SynonymSearch,
)
from procedures.search_desk.trial import Trial, trial
from procedures.services import synonyms as services
from procedures.services.life_events import returnable
from procedures.states import CareKind, CareSubject

TRY = "thu"
"""The name of the button that asks the question and saves nothing."""
REMOVED = "da-xoa"


@require_safe
@for_keepers
def synonyms(request: PortalRequest) -> HttpResponse:
    """All rows by what is said, or those that a search finds."""
    form = SynonymSearch(request.GET)
    query = form.cleaned_data["q"].strip() if form.is_valid() else ""
    page = reads.synonyms(query=query, **_place(request))
    removed = request.GET.get(REMOVED, "")
    context = {
        "form": form,
        "query": query,
        "page": page,
        "pages": _pages(page, {"q": query}),
        "removed": _removed(removed) if removed.isascii() and removed.isdigit() else None,
    }
    return render(request, "procedures/search_desk/synonyms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def add(request: PortalRequest) -> HttpResponse:
    """A new row; the address may bring what is said and a question to try."""
    said = request.GET.get("noi", "").replace("\x00", "")[: services.LONGEST_SAID]
    question = request.GET.get("hoi", "").replace("\x00", "")[:LONGEST_QUESTION]
    form = SynonymForm(request.POST or None, initial={"said": said, "question": question})
    if request.method == "POST" and TRY not in request.POST and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("said", "official", "both_ways")}
        try:
            row = services.add(**values, actor=request.actor, at=timezone.now())
        except InvalidInput as problem:
            _take(form, problem)
        else:
            messages.success(request, _("Đã thêm “%s”. Việc tìm kiếm dùng ngay dòng này.") % row.said)
            return redirect("search_desk:synonyms")
    return _editor(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def change(request: PortalRequest, synonym_id: int) -> HttpResponse:
    """One row, beside what it does to a question."""
    row = get_object_or_404(SearchSynonym, pk=synonym_id)
    initial = {name: getattr(row, name) for name in ("said", "official", "both_ways", "edits")}
    form = SynonymForm(request.POST or None, initial=initial | {"question": row.said})
    conflict = ""
    if request.method == "POST" and TRY not in request.POST and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("said", "official", "both_ways", "edits")}
        try:
            services.change(synonym_id=row.pk, **values, actor=request.actor, at=timezone.now())
        except InvalidInput as problem:
            _take(form, problem)
        except Conflict as problem:
            conflict = str(problem)
        else:
            messages.success(request, _("Đã lưu. Việc tìm kiếm dùng ngay dòng này."))
            return redirect("search_desk:synonyms")
    return _editor(request, form, row, conflict)


@require_POST
@for_keepers
def remove(request: PortalRequest, synonym_id: int) -> HttpResponse:
    """Remove a row; the list then offers to take it back."""
    edits = request.POST.get("edits", "")
    if not (edits.isascii() and edits.isdigit() and len(edits) < 10):
        raise Http404
    event = services.remove(synonym_id=synonym_id, edits=int(edits), actor=request.actor, at=timezone.now())
    return redirect(f"{_list()}?{REMOVED}={event.pk}")


@require_POST
@for_keepers
def undo(request: PortalRequest, care_event_id: int) -> HttpResponse:
    """Take back a line of the log."""
    try:
        services.undo(event_id=care_event_id, actor=request.actor, at=timezone.now())
    except CareEvent.DoesNotExist as missing:
        raise Http404 from missing
    messages.success(request, _("Đã hoàn tác. Việc tìm kiếm dùng ngay dòng cũ."))
    return redirect("search_desk:synonyms")


@require_safe
@for_keepers
def log(request: PortalRequest) -> HttpResponse:
    """Who changed what and when."""
    form = LogFilters(request.GET)
    subject = form.cleaned_data["ve"] if form.is_valid() else ""
    page = reads.log(subject=subject, **_place(request))
    back = returnable(page.rows)
    context = {
        "form": form,
        "filtered": bool(subject),
        "page": page,
        "pages": _pages(page, {"ve": subject}),
        "rows": [_log_row(event, back=back) for event in page.rows],
    }
    return render(request, "procedures/search_desk/log.html", context)


@require_safe
@for_keepers
def export(request: PortalRequest) -> HttpResponse:
    """All rows as the text file that can be brought in again."""
    answer = HttpResponse(store.as_text(store.entries()), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="tu-dong-nghia.txt"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def bring_in(request: PortalRequest) -> HttpResponse:
    """A file: first what it would change, then, confirmed, the change."""
    form = SynonymFile(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _file_page(request, SynonymFile())
    try:
        if "text" in request.POST:
            rows = services.parse(request.POST["text"])
            told = services.bring_in(
                rows=rows,
                remove_missing=request.POST.get("remove_missing") == "on",
                actor=request.actor,
                at=timezone.now(),
            )
            done = {"added": len(told.added), "changed": len(told.changed)}
            messages.success(request, _("Đã nhập tệp: thêm %(added)d dòng, sửa %(changed)d dòng.") % done)
            return redirect("search_desk:synonyms")
        if not form.is_valid():
            return _file_page(request, form, status=422)
        text = _text(form.cleaned_data["file"])
        rows = services.parse(text)
    except InvalidInput as problem:
        return _file_page(request, SynonymFile(), problems=problem.problems, status=422)
    return _file_page(request, SynonymFile(), text=text, told=services.difference(rows))


def _editor(
    request: PortalRequest, form: SynonymForm, row: SearchSynonym | None, conflict: str = ""
) -> HttpResponse:
    title = _("Từ đồng nghĩa “%(said)s”") % {"said": row.said} if row else _("Thêm từ đồng nghĩa")
    context = {"title": title, "form": form, "row": row, "conflict": conflict, "trial": _trial(form, row)}
    refused = form.is_bound and (form.errors or conflict) and TRY not in request.POST
    return render(request, "procedures/search_desk/synonym.html", context, status=422 if refused else 200)


def _trial(form: SynonymForm, row: SearchSynonym | None) -> Trial | None:
    """Ask the question of the form with the row as it stands in the form."""

    def value(name: str) -> str:
        return str(form[name].value() or "").replace("\x00", "").strip()

    question = value("question")[:LONGEST_QUESTION]
    new = Entry(value("said"), value("official"), bool(form["both_ways"].value()))
    if not question or not (new.key and new.phrases):
        return None
    return trial(question, new, instead_of=row.key if row else "")


def _take(form: SynonymForm, problem: InvalidInput) -> None:
    for name, texts in problem.errors.items():
        form.add_error(name if name in form.fields else None, [str(text) for text in texts])


def _text(file: UploadedFile) -> str:
    """:raises InvalidInput: the file is too large or no text."""
    if (file.size or 0) > MOST_BYTES:
        raise InvalidInput({"file": [_("Tệp lớn hơn 2 MB. Hãy kiểm tra lại tệp.")]})
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = _("Tệp không phải văn bản UTF-8. Hãy lưu lại tệp với mã UTF-8 rồi gửi lại.")
        raise InvalidInput({"file": [problem]}) from None


def _file_page(
    request: PortalRequest,
    form: SynonymFile,
    *,
    problems: list[str] | None = None,
    text: str = "",
    told: services.Difference | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "problems": problems or [], "text": text, "told": told}
    return render(request, "procedures/search_desk/synonym_file.html", context, status=status)


def _removed(number: str) -> CareEvent | None:
    """Give the removal that has just been done, to be offered for undoing."""
    events = CareEvent.objects.filter(subject=CareSubject.SYNONYM, kind=CareKind.REMOVED)
    return events.filter(pk=int(number)).first() if len(number) < 18 else None


def _log_row(event: CareEvent, *, back: set[int]) -> dict[str, Any]:
    is_synonym = event.subject == CareSubject.SYNONYM
    return {
        "event": event,
        "before": Entry(**event.before).as_line() if is_synonym and event.before else "",
        "after": Entry(**event.after).as_line() if is_synonym and event.after else "",
        "undo": _undo_of(event, back),
    }


def _undo_of(event: CareEvent, back: set[int]) -> str:
    """Give the address that takes a line of the log back; "" where none does."""
    if event.subject == CareSubject.SYNONYM:
        return reverse("search_desk:undo", args=[event.pk])
    return reverse("search_desk:bring_back_event", args=[event.pk]) if event.pk in back else ""


def _list() -> str:
    return redirect("search_desk:synonyms").url


def _place(request: PortalRequest) -> dict[str, str]:
    return {"after": request.GET.get("sau", ""), "before": request.GET.get("truoc", "")}


def _pages(page: Any, kept: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in kept.items() if value}
    return {
        "earlier": f"?{urlencode({**kept, 'truoc': page.earlier})}" if page.earlier else "",
        "later": f"?{urlencode({**kept, 'sau': page.later})}" if page.later else "",
    }
