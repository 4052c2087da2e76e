"""The list of what is being designed, and the three ways to begin."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Conflict, InvalidInput
from core.http import PortalRequest
from designer import selectors
from designer.forms import BeginForm, CloneForm, CloneSearch, FileForm, ListFilters
from designer.selectors import ON_A_PAGE, Filters
from designer.views.access import for_designers, to_version
from procedures import document as documents
from procedures import services
from procedures.models import ProcedureVersion


@require_safe
@for_designers
def versions(request: PortalRequest) -> HttpResponse:
    """Drafts, approved and lately published versions."""
    form = ListFilters(request.GET)
    filters = form.filters()
    first = (filters.page - 1) * ON_A_PAGE
    rows = list(selectors.versions(filters, at=timezone.now())[first : first + ON_A_PAGE + 1])
    context = {
        "form": form,
        "versions": rows[:ON_A_PAGE],
        "filtered": filters != Filters(page=filters.page),
        "earlier": _page(request, filters.page - 1) if filters.page > 1 else "",
        "later": _page(request, filters.page + 1) if len(rows) > ON_A_PAGE else "",
    }
    return render(request, "designer/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_designers
def begin(request: PortalRequest) -> HttpResponse:
    """A procedure from nothing."""
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.begin(**form.cleaned_data, actor=request.actor, at=timezone.now())
        except InvalidInput as problem:
            for name, texts in problem.errors.items():
                form.add_error(name if name in form.fields else None, [str(text) for text in texts])
        except Conflict as problem:
            form.add_error(None, str(problem))
        else:
            return to_version(version, "section", slug="chung")
    return render(request, "designer/begin.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_designers
def clone(request: PortalRequest) -> HttpResponse:
    """A draft from a procedure that is there: search, choose, and give another code if it is to be another one."""
    search = CloneSearch(request.GET)
    query = search.cleaned_data["q"] if search.is_valid() else ""
    problem, form = "", CloneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.clone(
                version_id=form.cleaned_data["version"],
                code=form.cleaned_data["code"].strip(),
                actor=request.actor,
                at=timezone.now(),
            )
        except ProcedureVersion.DoesNotExist as missing:
            raise Http404 from missing
        except InvalidInput as refused:
            problem = " ".join(refused.problems)
        except Conflict as refused:
            problem = str(refused)
        else:
            return to_version(version)
    context = {
        "search": search,
        "query": query,
        "found": selectors.to_clone(query),
        "problem": problem,
        "code": form["code"].value() or "",
        "form": CloneForm(),
    }
    return render(request, "designer/clone.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_designers
def bring_in(request: PortalRequest) -> HttpResponse:
    """A draft from a YAML file; what is wrong with the file is told with its path."""
    form = FileForm(request.POST or None, request.FILES or None)
    problems: list[tuple[str, list[str]]] = []
    if request.method == "POST" and form.is_valid():
        try:
            version, told = _brought_in(request, form)
        except InvalidInput as refused:
            if "code" in refused.errors:
                form.add_error("code", [str(text) for text in refused.errors.pop("code")])
            problems = [(path, [str(text) for text in texts]) for path, texts in refused.errors.items()]
        except Conflict as refused:
            form.add_error(None, str(refused))
        else:
            for text in told:
                messages.warning(request, text)
            return to_version(version)
    context = {"form": form, "problems": problems}
    return render(request, "designer/bring_in.html", context, status=422 if problems or form.errors else 200)


def _brought_in(request: PortalRequest, form: FileForm) -> tuple[ProcedureVersion, list[str]]:
    """Make the draft that a file and the choices beside it ask for; say what was left out of it.

    :raises InvalidInput: under ``code``: the code is here that of a procedure with another name.
    """
    document = documents.from_yaml(_content(form.cleaned_data["file"]))
    if code := form.cleaned_data["code"]:
        document = documents.parse({**document, "code": code})
    known = selectors.name_of(document["code"])
    if known and known != document["name"] and not form.cleaned_data["is_next"]:
        raise InvalidInput(
            {
                "code": [
                    _(
                        "Mã %(code)s ở đây là của thủ tục “%(name)s”. Nếu tệp là thủ tục khác, hãy ghi mã mới; nếu là "
                        "bản sửa của chính thủ tục đó, hãy đánh dấu ô bên dưới. Rồi chọn lại tệp."
                    )
                    % {"code": document["code"], "name": known}
                ]
            }
        )
    told: list[str] = []
    if form.cleaned_data["without_strangers"]:
        document, told = documents.without_strangers(document)
    return services.bring_in(document=document, actor=request.actor, at=timezone.now()), told


def _content(file: UploadedFile) -> bytes:
    """:raises InvalidInput: the file is larger than any procedure."""
    most = documents.MOST_BYTES
    if (file.size or 0) > most:
        raise InvalidInput({"document": [_("Tệp lớn hơn %d MB. Hãy kiểm tra lại tệp.") % (most >> 20)]})
    return file.read()


def _page(request: PortalRequest, number: int) -> str:
    kept = {key: value for key, value in request.GET.items() if key != "trang" and value}
    return f"?{urlencode({**kept, 'trang': number})}"
