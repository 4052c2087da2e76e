from django.urls import include, path

urlpatterns = [
    path("procedures/", include("procedures.api_urls")),
    path("dossiers/", include("dossiers.api_urls")),
]
