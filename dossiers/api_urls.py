from django.urls import path

from dossiers import api

app_name = "api_dossiers"

urlpatterns = [
    path("", api.Dossiers.as_view(), name="list"),
    path("<str:tracking_no>/", api.OneDossier.as_view(), name="detail"),
    path("<str:tracking_no>/events/", api.Events.as_view(), name="events"),
]
