"""Who inspects results for an agency, under /can-bo/nguoi-kiem-tra/."""

from django.urls import path

from results_vault import inspector_views

app_name = "inspectors"

urlpatterns = [
    path("", inspector_views.posts, name="list"),
    path("<int:post_id>/thoi/", inspector_views.end, name="end"),
]
