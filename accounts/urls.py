"""Signing in and out. Only the pages in use: no sign-up, no e-mail addresses, no password reset."""

from allauth.account import views as allauth_views
from django.urls import path

from accounts import views

urlpatterns = [
    path("dang-nhap/", views.login_choice, name="login_choice"),
    path("dang-nhap/can-bo/", allauth_views.login, name="account_login"),
    path("dang-nhap/bi-khoa/", allauth_views.account_inactive, name="account_inactive"),
    path("dang-xuat/", allauth_views.logout, name="account_logout"),
]
