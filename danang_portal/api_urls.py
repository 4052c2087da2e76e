from django.urls import include, path

urlpatterns = [
    path("dossiers/", include("dossiers.api_urls")),
]
