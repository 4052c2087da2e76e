"""The designer and its trials, under /can-bo/thiet-ke/."""

from django.urls import URLPattern, URLResolver, include, path

from designer.views import eform, lists, moves, outline, overview, preview, sections
from procedures import converters  # noqa: F401  (registers <procedure_code:…>)

app_name = "designer"

_version: list[URLPattern | URLResolver] = [
    path("", overview.version, name="version"),
    path("so-sanh/", overview.compare, name="compare"),
    path("tai-ve/", overview.export, name="export"),
    path("duyet/", moves.approve, name="approve"),
    path("tra-lai/", moves.return_to_draft, name="return"),
    path("cong-bo/", moves.publish, name="publish"),
    path("mo-nhan/", moves.open_for_filing, name="open"),
    path("ngung-nhan/", moves.close_for_filing, name="close"),
    path("hen-gio/", moves.schedule, name="schedule"),
    path("bai-bo/", moves.abolish, name="abolish"),
    path("bo-bai-bo/", moves.reinstate, name="reinstate"),
    path("bo/", moves.discard, name="discard"),
    path("nhan-ban/", moves.clone, name="clone_this"),
    path("hoan-tac/", sections.turn, {"back": True}, name="undo"),
    path("lam-lai/", sections.turn, {"back": False}, name="redo"),
    path("sua/<slug:slug>/", sections.section, name="section"),
    path("bieu-mau/", outline.outline, name="eform"),
    path("bieu-mau/trang/<slug:page_id>/", eform.page, name="page"),
    path("bieu-mau/trang/<slug:page_id>/phan/<int:number>/", eform.section, name="page_section"),
    path("bieu-mau/cau-hoi/<slug:name>/", eform.question, name="question"),
    path("bieu-mau/quy-tac/", eform.rules, name="rules"),
    path("xem-truoc/", preview.preview, name="preview"),
    path("thu/", include("designer.trial_urls")),
]

urlpatterns = [
    path("", lists.versions, name="list"),
    path("", include("designer.beside_urls")),
    path("moi/", lists.begin, name="begin"),
    path("nhan-ban/", lists.clone, name="clone"),
    path("tu-tep/", lists.bring_in, name="bring_in"),
    path("", include("designer.care_urls")),
    path("<procedure_code:code>/<int:version_no>/", include(_version)),
]
