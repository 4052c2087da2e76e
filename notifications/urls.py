from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.notices, name="list"),
    path("da-doc/", views.mark_all_read, name="mark_all_read"),
    path("khong-gui-duoc/", views.failed_letters, name="failed"),
    path("khong-gui-duoc/<int:letter_id>/gui-lai/", views.send_again, name="send_again"),
    path("thu-can-bo/", views.failed_officer_letters, name="failed_officers"),
    path("thu-can-bo/<int:officer_letter_id>/gui-lai/", views.send_letter_again, name="send_letter_again"),
    path("<int:notice_id>/", views.notice, name="detail"),
    path("<int:notice_id>/da-doc/", views.mark_read, name="mark_read"),
]
