"""Designing procedures and trying them, under /can-bo/thiet-ke/."""

from __future__ import annotations

from django.urls import include, path

from procedures import converters  # noqa: F401  (registers <procedure_code:…>)

app_name = "designer"

urlpatterns = [
    path("<procedure_code:code>/<int:version_no>/thu/", include("designer.trial_urls")),
]
