"""Care of the catalogue, under /can-bo/thiet-ke/: what an import flagged, and what the ministry changed."""

from django.urls import path

from designer.views import changes, review
from procedures import converters  # noqa: F401  (registers <procedure_code:…>)

urlpatterns = [
    path("ra-soat/", review.flags, name="review"),
    path("ra-soat/<int:item_id>/", review.flag, name="flag"),
    path("ra-soat/<int:item_id>/giong/", review.alike, name="alike"),
    path("ra-soat/hoan-tac/<int:number>/", review.undo, name="undo_review"),
    path("khac-biet/", changes.changes, name="changes"),
    path("khac-biet/<procedure_code:code>/", changes.change, name="change"),
]
