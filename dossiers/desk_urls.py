"""The officers' desk, under /can-bo/."""

from django.urls import path

from dossiers.views import (
    desk,
    desk_bulk,
    desk_dossier,
    desk_filters,
    desk_find,
    desk_register,
    desk_result,
    desk_talk,
    desk_turns,
)

app_name = "desk"

urlpatterns = [
    path("", desk.queue, name="queue"),
    path("danh-sach/<slug:name>/", desk.queue, name="queue_named"),
    path("danh-sach/<slug:name>/nhieu-ho-so/", desk_bulk.many, name="many"),
    path("danh-sach/<slug:name>/luu-bo-loc/", desk_filters.save, name="filter_save"),
    path("bo-loc/<int:filter_id>/xoa/", desk_filters.remove, name="filter_remove"),
    path("tim/", desk_find.find, name="find"),
    path("so-theo-doi/", desk_register.book, name="register"),
    path("so-theo-doi/in/", desk_register.printed, name="register_print"),
    path("so-theo-doi/csv/", desk_register.export, name="register_export"),
    path("so-theo-doi/khoa/", desk_register.close, name="register_close"),
    path("ho-so/<slug:tracking_no>/", desk_dossier.dossier, name="dossier"),
    path("ho-so/<slug:tracking_no>/ghi-chu/", desk_talk.note, name="note"),
    path("ho-so/<slug:tracking_no>/trao-doi/", desk_talk.say, name="say"),
    path("ho-so/<slug:tracking_no>/so-dinh-danh/", desk_dossier.reveal, name="reveal"),
    path("ho-so/<slug:tracking_no>/giay-to/<int:paper_id>/", desk_dossier.paper, name="paper"),
    path(
        "ho-so/<slug:tracking_no>/giay-to/<int:paper_id>/tao-lai/",
        desk_dossier.paper_again,
        name="paper_again",
    ),
    path(
        "ho-so/<slug:tracking_no>/thanh-phan/<int:component_id>/",
        desk_dossier.component,
        name="component",
    ),
    path(
        "ho-so/<slug:tracking_no>/thanh-phan/<int:component_id>/kiem-tra/",
        desk_dossier.check,
        name="check",
    ),
    path("ho-so/<slug:tracking_no>/tiep-nhan/", desk_dossier.accept, name="accept"),
    path("ho-so/<slug:tracking_no>/tu-choi/", desk_dossier.refuse, name="refuse"),
    path("ho-so/<slug:tracking_no>/chuyen/", desk_dossier.forward, name="forward"),
    path("ho-so/<slug:tracking_no>/nhan-xu-ly/", desk_dossier.take, name="take"),
    path("ho-so/<slug:tracking_no>/phan-cong/", desk_dossier.assign, name="assign"),
    path("ho-so/<slug:tracking_no>/ket-qua/", desk_result.draft, name="draft"),
    path("ho-so/<slug:tracking_no>/ket-qua/xem-truoc/", desk_result.preview, name="preview"),
    path("ho-so/<slug:tracking_no>/ket-qua/tep/", desk_result.draft_file, name="draft_file"),
    path("ho-so/<slug:tracking_no>/ket-qua/tien-do/", desk_result.progress, name="progress"),
    path("ho-so/<slug:tracking_no>/ket-qua/ky/", desk_result.sign, name="sign"),
    path("ho-so/<slug:tracking_no>/ket-qua/tra-lai/", desk_result.return_draft, name="return_draft"),
    path("ho-so/<slug:tracking_no>/ket-qua/phat-hanh/", desk_result.issue, name="issue"),
    path("ho-so/<slug:tracking_no>/tra-ket-qua/", desk_result.hand_over, name="hand_over"),
    path("ho-so/<slug:tracking_no>/cho-rut/", desk_turns.approve_withdrawal, name="approve_withdrawal"),
    path("ho-so/<slug:tracking_no>/khong-cho-rut/", desk_turns.deny_withdrawal, name="deny_withdrawal"),
    path("ho-so/<slug:tracking_no>/hen-lai/de-nghi/", desk_turns.propose_extension, name="propose_extension"),
    path("ho-so/<slug:tracking_no>/hen-lai/duyet/", desk_turns.extend, name="extend"),
    path(
        "ho-so/<slug:tracking_no>/hen-lai/khong-duyet/",
        desk_turns.decline_extension,
        name="decline_extension",
    ),
    path("ho-so/<slug:tracking_no>/dung-giai-quyet/", desk_turns.stop, name="stop"),
    path("ho-so/<slug:tracking_no>/sua-ket-qua/", desk_turns.correct_result, name="correct_result"),
    path("ho-so/<slug:tracking_no>/luu-tru/", desk_turns.archive, name="archive"),
]
