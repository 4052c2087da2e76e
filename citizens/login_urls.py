"""Signing in with VNeID."""

from django.urls import path

from citizens import login_views

urlpatterns = [
    path("vneid/", login_views.begin, name="vneid_login"),
    path("vneid/tro-lai/", login_views.come_back, name="vneid_callback"),
]
