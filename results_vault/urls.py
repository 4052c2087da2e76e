from django.urls import URLPattern

app_name = "results_vault"

urlpatterns: list[URLPattern] = []
