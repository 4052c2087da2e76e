"""Trials of a version, under …/<code>/<version>/thu/."""

from __future__ import annotations

from django.urls import path

from designer import trial_views

urlpatterns = [
    path("", trial_views.trials_of_version, name="trials"),
    path("bat-dau/", trial_views.start, name="trial_start"),
    path("<int:trial_id>/", trial_views.trial, name="trial"),
    path("<int:trial_id>/tien-do/", trial_views.progress, name="trial_progress"),
    path("<int:trial_id>/tep/<str:name>", trial_views.paper, name="trial_paper"),
]
