"""Every address of the portal, by app."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from danang_portal import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("giao-dien/", views.style_guide, name="style_guide"),
    path("kha-nang-tiep-can/", views.accessibility, name="accessibility"),
    path("ngon-ngu/", login_not_required(set_language), name="set_language"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("dang-nhap/xong/", views.after_login, name="after_login"),
    path("", include("accounts.urls")),
    path("dang-nhap/", include("citizens.login_urls")),
    path("tai-khoan/", include("citizens.urls")),
    path("thu-tuc/", include("procedures.urls")),
    path("su-kien/", include("procedures.life_event_urls")),
    path("ho-so/", include("dossiers.urls")),
    path("can-bo/lich-lam-viec/", include("agencies.urls")),
    path("can-bo/uy-quyen/", include("agencies.delegation_urls")),
    path("can-bo/canh-bao/", include("supervision.urls")),
    path("can-bo/thiet-ke/", include("designer.urls")),
    path("can-bo/tim-kiem/", include("procedures.search_desk.urls")),
    path("can-bo/nguoi-kiem-tra/", include("results_vault.inspector_urls")),
    path("can-bo/", include("dossiers.desk_urls")),
    path("thong-bao/", include("notifications.urls")),
    path("", include("results_vault.urls")),
    path("api/v1/", include("danang_portal.api_urls")),
]

handler500 = "danang_portal.outages.server_error"
