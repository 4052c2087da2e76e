"""Care of the search, under /can-bo/tim-kiem/."""

from django.urls import path

from procedures.search_desk import event_views, question_views, synonym_views

app_name = "search_desk"

urlpatterns = [
    path("tu-dong-nghia/", synonym_views.synonyms, name="synonyms"),
    path("tu-dong-nghia/moi/", synonym_views.add, name="add_synonym"),
    path("tu-dong-nghia/tai-ve/", synonym_views.export, name="export_synonyms"),
    path("tu-dong-nghia/tu-tep/", synonym_views.bring_in, name="bring_in_synonyms"),
    path("tu-dong-nghia/<int:synonym_id>/", synonym_views.change, name="synonym"),
    path("tu-dong-nghia/<int:synonym_id>/xoa/", synonym_views.remove, name="remove_synonym"),
    path("nhat-ky/", synonym_views.log, name="log"),
    path("nhat-ky/<int:care_event_id>/hoan-tac/", synonym_views.undo, name="undo"),
    path("cau-hoi/", question_views.questions, name="questions"),
    path("cau-hoi/<int:question_id>/", question_views.mark, name="mark_question"),
    path("su-kien/", event_views.events, name="events"),
    path("su-kien/moi/", event_views.event, name="add_event"),
    path("su-kien/<int:event_id>/", event_views.event, name="event"),
    path("su-kien/<int:event_id>/xoa/", event_views.remove, name="remove_event"),
    path("su-kien/<int:care_event_id>/tro-lai/", event_views.bring_back, name="bring_back_event"),
]
