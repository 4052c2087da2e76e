"""Services of the other catalogues from a file: checked whole, told row by row, written all or none."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import spreadsheets
from core.errors import InvalidInput
from core.http import PortalRequest
from designer.beside_forms import ServicesFileForm
from designer.views.access import for_designers
from procedures.importing import services_file
from procedures.importing.services_file import HEADS, Brought
from procedures.states import CATALOGUE_SLUGS


@require_http_methods(["GET", "HEAD", "POST"])
@for_designers
def bring_in(request: PortalRequest) -> HttpResponse:
    """Choose a file; “Chỉ kiểm tra” writes nothing."""
    form = ServicesFileForm(request.POST or None, request.FILES or None)
    problems: list[tuple[str, list[str]]] = []
    brought: Brought | None = None
    checked = 0
    if request.method == "POST" and form.is_valid():
        try:
            services = services_file.parse(
                _content(form.cleaned_data["file"]), name=form.cleaned_data["file"].name
            )
            if request.POST.get("only_check"):
                services_file.check(services)
                checked = len(services)
            else:
                brought = services_file.write(
                    services,
                    file_name=form.cleaned_data["file"].name,
                    actor=request.actor,
                    at=timezone.now(),
                )
        except InvalidInput as refused:
            problems = [
                (_place(path), [str(text) for text in texts]) for path, texts in refused.errors.items()
            ]
    context = {
        "form": form,
        "problems": problems,
        "brought": brought,
        "checked": checked,
        "heads": list(HEADS.values()),
        "catalogues": [(slug, one.label) for one, slug in CATALOGUE_SLUGS.items()],
    }
    return render(
        request, "designer/other_services.html", context, status=422 if problems or form.errors else 200
    )


@require_safe
@for_designers
def example(request: PortalRequest) -> HttpResponse:
    """A table to fill in."""
    heads, *rows = services_file.example()
    answer = HttpResponse(
        "".join(spreadsheets.csv_lines(heads, rows)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="danh-muc-mau.csv"'
    return answer


def _content(file: UploadedFile) -> bytes:
    """Read no more than is ever taken: what is longer is refused by its length."""
    return file.read(services_file.MOST_BYTES + 1)


def _place(path: str) -> str:
    """Say where a problem is in words: ``rows[3].fee`` is "Dòng 3, Phí (đồng)"."""
    row, _bracket, name = path.removeprefix("rows[").partition("]")
    if row == path:
        return _("Tệp")
    column = HEADS.get(name.lstrip("."), name.lstrip("."))
    return _("Dòng %(row)s, %(column)s") % {"row": row, "column": column}
