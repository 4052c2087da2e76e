from django.urls import path

from results_vault import views

app_name = "results_vault"

urlpatterns = [
    path("xac-minh/", views.verify, name="verify"),
    path("v/<slug:token>/", views.check, name="check"),
    path("ket-qua/", views.mine, name="mine"),
    path("ket-qua/<slug:token>/", views.detail, name="detail"),
    path("ket-qua/<slug:token>/tai-ve/", views.download, name="download"),
    path("ket-qua/<slug:token>/hieu-luc/", views.change_force, name="change_force"),
]
