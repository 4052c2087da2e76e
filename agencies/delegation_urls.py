"""Delegations during an absence, under /can-bo/uy-quyen/."""

from django.urls import path

from agencies import delegation_views

app_name = "delegations"

urlpatterns = [
    path("", delegation_views.delegations, name="list"),
    path("<int:delegation_id>/thu-hoi/", delegation_views.revoke, name="revoke"),
]
