from django.urls import path

from citizens import views

app_name = "citizens"

urlpatterns = [
    path("", views.account, name="account"),
    path("lien-he/", views.contact, name="contact"),
]
