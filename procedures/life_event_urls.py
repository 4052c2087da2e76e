"""Life events, under /su-kien/."""

from django.urls import path

from procedures import life_event_views

app_name = "life_events"

urlpatterns = [
    path("", life_event_views.events, name="list"),
    path("<slug:slug>/", life_event_views.event, name="detail"),
]
