from django.urls import path, register_converter

from dossiers.views import (
    citizen,
    citizen_talk,
    draft_answers,
    draft_files,
    draft_overview,
    draft_vneid,
    filing_check,
    filing_start,
    payment,
    return_choice,
    supplement,
    tracking,
    withdrawal,
)

app_name = "dossiers"


class TrackingNumber:
    """A tracking number as `dossiers.codes.new_tracking_no` makes it; what is none leads to no page."""

    regex = "TN-[0-9]{6}-[2-9A-HJ-NP-Z]{6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TrackingNumber, "tracking_no")

urlpatterns = [
    path("", citizen.mine, name="mine"),
    path("tra-cuu/", tracking.track, name="track"),
    path("vneid/tro-lai/", draft_vneid.come_back, name="vneid_back"),
    path("nop/<str:code>/", filing_start.start, name="start"),
    path("<tracking_no:tracking_no>/", citizen.detail, name="detail"),
    path("<tracking_no:tracking_no>/tinh-trang/", citizen.status, name="status"),
    path("<tracking_no:tracking_no>/nhan-ket-qua/", citizen.receive, name="receive"),
    path("<tracking_no:tracking_no>/tep/<int:file_id>/", citizen.file, name="file"),
    path("<tracking_no:tracking_no>/giay-to/<int:paper_id>/", citizen.paper, name="paper"),
    path("<tracking_no:tracking_no>/trao-doi/", citizen_talk.say, name="say"),
    path("<tracking_no:tracking_no>/rut-ho-so/", withdrawal.withdraw, name="withdraw"),
    path("<tracking_no:tracking_no>/bo-sung/", supplement.supplement, name="supplement"),
    path("<tracking_no:tracking_no>/bo-sung/gui/", supplement.hand_in, name="supplement_hand_in"),
    path("<tracking_no:tracking_no>/bo-sung/<int:item_id>/", supplement.answer, name="supplement_answer"),
    path("<tracking_no:tracking_no>/cach-nhan-ket-qua/", return_choice.change, name="return_choice"),
    path("<tracking_no:tracking_no>/nop-tien/", payment.payment, name="payment"),
    path("<tracking_no:tracking_no>/nhap/", draft_overview.draft, name="draft"),
    path("<tracking_no:tracking_no>/nhap/xoa/", draft_overview.draft_delete, name="draft_delete"),
    path(
        "<tracking_no:tracking_no>/nhap/to-khai/<slug:page_id>/", draft_answers.draft_page, name="draft_page"
    ),
    path(
        "<tracking_no:tracking_no>/nhap/to-khai/<slug:page_id>/tu-luu/",
        draft_answers.draft_autosave,
        name="draft_autosave",
    ),
    path("<tracking_no:tracking_no>/nhap/noi-tiep-nhan/", draft_answers.draft_unit, name="draft_unit"),
    path("<tracking_no:tracking_no>/nhap/lien-he/", draft_answers.draft_contact, name="draft_contact"),
    path("<tracking_no:tracking_no>/nhap/nhan-ket-qua/", return_choice.draft_return, name="draft_return"),
    path("<tracking_no:tracking_no>/nhap/giay-to/", draft_files.draft_files, name="draft_files"),
    path("<tracking_no:tracking_no>/nhap/giay-to/vneid/", draft_vneid.ask, name="draft_vneid"),
    path(
        "<tracking_no:tracking_no>/nhap/giay-to/<int:position>/tai-len/",
        draft_files.draft_upload,
        name="draft_upload",
    ),
    path(
        "<tracking_no:tracking_no>/nhap/giay-to/<int:position>/dung-ban-da-co/",
        draft_files.draft_reuse,
        name="draft_reuse",
    ),
    path(
        "<tracking_no:tracking_no>/nhap/giay-to/<int:file_id>/go/",
        draft_files.draft_remove_file,
        name="draft_remove_file",
    ),
    path("<tracking_no:tracking_no>/kiem-tra/", filing_check.check, name="check"),
    path("<tracking_no:tracking_no>/da-nop/", filing_check.submitted, name="submitted"),
    path("<tracking_no:tracking_no>/xac-nhan/", filing_check.acknowledgement, name="acknowledgement"),
]
