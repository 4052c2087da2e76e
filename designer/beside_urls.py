"""What stands beside a procedure, and how far the city's services go online."""

from django.urls import path

from designer.views import beside, levels, other_services
from procedures import converters  # noqa: F401  (registers <procedure_code:…>)

urlpatterns = [
    path("muc-do/", levels.overview, name="levels"),
    path("muc-do/tai-ve/", levels.download, name="levels_csv"),
    path("danh-muc/nhap/", other_services.bring_in, name="other_services"),
    path("danh-muc/nhap/tep-mau/", other_services.example, name="other_services_example"),
    path("ben-canh/<procedure_code:code>/", beside.overview, name="beside"),
    path("ben-canh/<procedure_code:code>/danh-muc/", beside.put, name="put"),
    path("ben-canh/<procedure_code:code>/them/<slug:kind>/", beside.add, name="guide_add"),
    path("ben-canh/<procedure_code:code>/<int:guide_id>/", beside.change, name="guide_change"),
    path("ben-canh/<procedure_code:code>/<int:guide_id>/len/", beside.move, {"up": True}, name="guide_up"),
    path(
        "ben-canh/<procedure_code:code>/<int:guide_id>/xuong/", beside.move, {"up": False}, name="guide_down"
    ),
    path("ben-canh/<procedure_code:code>/<int:guide_id>/go/", beside.withdraw, name="guide_withdraw"),
    path("ben-canh/<procedure_code:code>/vuong-mac/", beside.add_blocker, name="blocker_add"),
    path(
        "ben-canh/<procedure_code:code>/vuong-mac/<int:blocker_id>/",
        beside.change_blocker,
        name="blocker_change",
    ),
    path(
        "ben-canh/<procedure_code:code>/vuong-mac/<int:blocker_id>/xong/",
        beside.resolve_blocker,
        name="blocker_resolve",
    ),
]
