from django.urls import path

from bench.mini import filing, reading

urlpatterns = [
    path("plain", reading.plain),
    path("page", reading.page),
    path("dossiers", reading.Worklist.as_view()),
    path("dossiers/new", filing.file_dossier),
    path("dossiers/<slug:code>", reading.one),
]
