from allauth.idp.oidc import views as oidc_views
from django.urls import include, path

from simulators.vneid import views
from simulators.vneid.documents import documents

oidc = [
    path(".well-known/openid-configuration", oidc_views.configuration, name="configuration"),
    path(".well-known/jwks.json", oidc_views.jwks, name="jwks"),
    path("identity/o/authorize", views.authorize, name="authorization"),
    path("identity/o/logout", oidc_views.logout, name="logout"),
    path("identity/o/api/token", oidc_views.token, name="token"),
    path("identity/o/api/revoke", oidc_views.revoke, name="revoke"),
    path("identity/o/api/userinfo", oidc_views.user_info, name="userinfo"),
    # The configuration view names it, but no client of the stand-in is granted it.
    path("identity/o/api/device/code", oidc_views.device_code, name="device_code"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("style.css", views.style, name="style"),
    path("favicon.ico", views.no_icon),
    path("dang-nhap", views.sign_in, name="account_login"),
    path("identity/o/api/documents", documents, name="documents"),
    path("doi-nguoi", views.change_person, name="change_person"),
    path("", include(([path("", include((oidc, "oidc")))], "idp"))),
]
