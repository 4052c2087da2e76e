"""Working calendars, under /can-bo/lich-lam-viec/."""

from django.urls import path

from agencies import views

app_name = "agencies"

urlpatterns = [
    path("", views.calendars, name="calendars"),
    path("<str:code>/", views.calendar, name="calendar"),
    path("<str:code>/<int:year>/", views.calendar, name="calendar_year"),
    path("<str:code>/them-ngay/", views.add_day, name="add_day"),
    path("<str:code>/ngay/<str:day>/", views.day, name="day"),
    path("<str:code>/ngay/<str:day>/bo/", views.remove_day, name="remove_day"),
]
