from django.urls import path

from procedures import (
    converters,  # noqa: F401  (registers <procedure_code:…>)
    guide_views,
    unit_views,
    views,
)
from procedures.eligibility import views as eligibility_views

app_name = "procedures"

urlpatterns = [
    path("", views.catalogue, name="list"),
    path("goi-y/", views.suggest, name="suggest"),
    path("toi-can-gi/", eligibility_views.screen, name="screener"),
    path("don-vi-hanh-chinh/<slug:within>/", unit_views.communal_units, name="communal_units"),
    path("danh-muc/<slug:catalogue>/", views.other_catalogue, name="catalogue"),
    path("<procedure_code:code>/", views.detail, name="detail"),
    path("<procedure_code:code>/dieu-kien/", eligibility_views.check, name="eligibility"),
    path("<procedure_code:code>/huong-dan/<int:guide_id>/tep/", guide_views.file, name="guide"),
    path("<procedure_code:code>/huong-dan/<int:guide_id>/bia/", guide_views.poster, name="guide_poster"),
    path(
        "<procedure_code:code>/huong-dan/<int:guide_id>/phu-de/", guide_views.captions, name="guide_captions"
    ),
    path("<procedure_code:code>/phien-ban/<int:version_no>/", views.detail, name="version"),
]
