from django.urls import path

from procedures import (
    api,
    converters,  # noqa: F401  (registers <procedure_code:…>)
)

app_name = "api_procedures"

urlpatterns = [
    path("", api.Procedures.as_view(), name="list"),
    path("<procedure_code:code>/", api.OneProcedure.as_view(), name="detail"),
]
