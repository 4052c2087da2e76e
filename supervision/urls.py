"""Alerts, under /can-bo/canh-bao/."""

from django.urls import path

from supervision import views

app_name = "supervision"

urlpatterns = [
    path("", views.alerts, name="alerts"),
    path("ghi-nhan/", views.acknowledge, name="acknowledge"),
    path("tong-hop/", views.summary, name="summary"),
]
