from django.urls import path

from procedures import (
    converters,  # noqa: F401  (registers <procedure_code:…>)
    views,
)

app_name = "procedures"

urlpatterns = [
    path("", views.catalogue, name="list"),
    path("<procedure_code:code>/", views.detail, name="detail"),
    path("<procedure_code:code>/phien-ban/<int:version_no>/", views.detail, name="version"),
]
