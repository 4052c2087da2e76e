"""Designing procedures and trying them, under /can-bo/thiet-ke/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "designer"

urlpatterns: list[URLPattern | URLResolver] = []
