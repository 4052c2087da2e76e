"""What a person sees and does on the way to a filed dossier, and afterwards."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agencies.states import Role
from citizens.states import EidLevel
from core import scanner
from core.scanner import Outcome
from dossiers import services
from dossiers.drafts import page_mark
from dossiers.models import Dossier, IntakeRefusal, Paper
from dossiers.states import Action, DeliveryState, Form, PaperState, RefusalReason, ScanState, Status
from procedures import eforms
from tests.dossiers.filing_kit import (
    ORGANISATIONS,
    OWN_WORDS,
    answers_with,
    attach,
    draft,
    fileable,
    jpeg,
    pdf,
    ready,
)
from tests.factories import (
    NINE,
    AgencyFactory,
    DossierFactory,
    OrganisationFactory,
    PersonFactory,
    VersionFactory,
    actor_of_person,
    officer_actor,
    represent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def signed_in(person: Any) -> Any:
    client = Client()
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name: str, dossier: Any, *args: object) -> str:
    return reverse(f"dossiers:{name}", args=[dossier.tracking_no, *args])


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def mark_of(dossier: Any, page_id: str) -> str:
    dossier.refresh_from_db()
    return page_mark(eforms.of_version(dossier.procedure_version), page_id, dossier.form_data)


# The start


def test_the_start_page_says_what_one_needs_and_begins_a_draft():
    person, version = PersonFactory.create(), fileable()
    client, address = signed_in(person), reverse("dossiers:start", args=[version.procedure.code])

    page = client.get(address)
    begun = client.post(address, {"on_behalf": "self"})

    assert "Giấy tờ chứng minh nơi cư trú" in text(page)
    dossier = Dossier.objects.get()
    assert dossier.owner_person == person
    assert begun.url == url("draft", dossier)
    assert dossier.tracking_no in text(client.get(address))


def test_whoever_represents_organisations_chooses_for_whom_to_file():
    person, organisation = PersonFactory.create(), OrganisationFactory.create()
    represent(person, organisation)
    version = fileable(applicant_categories=[*ORGANISATIONS, "citizen"])
    client, address = signed_in(person), reverse("dossiers:start", args=[version.procedure.code])

    assert organisation.name in text(client.get(address))
    assert client.post(address, {}).status_code == 422
    client.post(address, {"on_behalf": str(organisation.pk)})

    assert Dossier.objects.get().owner_organisation == organisation


def test_a_person_who_may_not_file_is_told_so_and_gets_no_button():
    version = fileable(applicant_categories=ORGANISATIONS)

    page = signed_in(PersonFactory.create()).get(reverse("dossiers:start", args=[version.procedure.code]))

    assert "không thuộc đối tượng" in text(page)
    assert 'name="on_behalf"' not in text(page)


def test_level_1_may_draft_and_is_told_how_to_file():
    person, version = PersonFactory.create(eid_level=EidLevel.LEVEL_1), fileable()
    client, address = signed_in(person), reverse("dossiers:start", args=[version.procedure.code])

    assert "mức độ 2" in text(client.get(address))
    client.post(address, {"on_behalf": "self"})

    assert Dossier.objects.get().status == Status.DRAFT


@pytest.mark.parametrize("is_known", [True, False])
def test_a_procedure_that_cannot_be_filed_says_so_and_an_unknown_one_does_not_exist(is_known):
    code = VersionFactory.create(is_fileable=False).procedure.code if is_known else "9.999999"

    page = signed_in(PersonFactory.create()).get(reverse("dossiers:start", args=[code]))

    assert page.status_code == (409 if is_known else 404)


# The draft


def test_the_task_list_shows_what_is_done_and_what_is_missing():
    dossier: Any = draft()

    page = text(signed_in(dossier.submitter).get(url("draft", dossier)))

    for words in (
        "Người yêu cầu",
        "Nội dung yêu cầu",
        "Nơi tiếp nhận",
        "Liên hệ",
        "Giấy tờ kèm theo",
        "Chưa đủ",
    ):
        assert words in page


def test_a_page_of_questions_keeps_wrong_answers_shows_why_and_leads_on_once_they_are_right():
    dossier: Any = draft()
    client, address = signed_in(dossier.submitter), url("draft_page", dossier, "noi-dung")

    wrong = client.post(
        address, {"so_ban": "99", "muc_dich": "ket_hon", "version": mark_of(dossier, "noi-dung")}
    )
    assert wrong.status_code == 422
    assert "Phải từ 20 trở xuống" in text(wrong)
    right = client.post(
        address, {"so_ban": "2", "muc_dich": "ket_hon", "version": mark_of(dossier, "noi-dung")}
    )

    assert right.url == url("draft_unit", dossier)
    dossier.refresh_from_db()
    assert dossier.form_data == {"so_ban": 2, "muc_dich": "ket_hon"}


def test_saving_for_later_asks_for_nothing_more():
    dossier: Any = draft()

    answer = signed_in(dossier.submitter).post(
        url("draft_page", dossier, "noi-dung"),
        {"so_ban": "", "later": "1", "version": mark_of(dossier, "noi-dung")},
    )

    assert answer.url == url("draft", dossier)


def test_what_is_typed_is_saved_by_itself_and_the_page_learns_its_new_mark():
    dossier: Any = draft()
    client, address = signed_in(dossier.submitter), url("draft_autosave", dossier, "noi-dung")

    answer = client.post(
        address,
        {"so_ban": "ba", "version": mark_of(dossier, "noi-dung")},
        headers={"accept": "application/json"},
    )

    assert answer.json() == {"version": mark_of(dossier, "noi-dung"), "worked_out": {}}
    assert dossier.form_data["so_ban"] == "ba"


def test_a_second_tab_hears_of_the_conflict_and_sees_both_versions():
    dossier: Any = draft()
    client, old = signed_in(dossier.submitter), mark_of(dossier, "noi-dung")
    autosave, page = url("draft_autosave", dossier, "noi-dung"), url("draft_page", dossier, "noi-dung")
    client.post(autosave, {"so_ban": "1", "muc_dich": "khac", "version": old})

    quiet = client.post(autosave, {"so_ban": "5", "version": old}, headers={"accept": "application/json"})
    shown = client.post(page, {"so_ban": "5", "muc_dich": "ket_hon", "version": old})

    assert (quiet.status_code, quiet.json()["code"]) == (409, "answers_changed")
    assert shown.status_code == 409
    assert 'value="5"' in text(shown)
    assert "Số bản: <strong>1</strong>" in text(shown)
    dossier.refresh_from_db()
    assert dossier.form_data["so_ban"] == 1
    again = client.post(page, {"so_ban": "5", "muc_dich": "ket_hon", "version": shown.context["mark"]})
    assert again.status_code == 302
    dossier.refresh_from_db()
    assert dossier.form_data["so_ban"] == 5


def test_a_lost_session_leads_back_to_the_same_page_with_everything_saved():
    dossier: Any = draft()
    client, address = signed_in(dossier.submitter), url("draft_page", dossier, "noi-dung")
    client.post(
        url("draft_autosave", dossier, "noi-dung"), {"so_ban": "7", "version": mark_of(dossier, "noi-dung")}
    )

    client.logout()
    turned_away = client.get(address)
    assert turned_away.status_code == 302
    assert f"next={address}" in turned_away.url
    client.force_login(dossier.submitter.user, backend="django.contrib.auth.backends.ModelBackend")

    assert 'value="7"' in text(client.get(address))


def test_the_unit_is_found_without_marks_and_the_one_of_the_address_is_chosen_already():
    dossier: Any = draft(person=PersonFactory.create(address="12 Trần Phú, phường Hải Châu, Đà Nẵng"))
    home = AgencyFactory.create(name="Ủy ban nhân dân phường Hải Châu")
    AgencyFactory.create(name="Ủy ban nhân dân xã Hòa Vang")
    client, address = signed_in(dossier.submitter), url("draft_unit", dossier)

    page, found = client.get(address), client.get(address, {"tim": "hoa vang"})
    assert f'value="{home.pk}" checked' in text(page)
    assert "Hòa Vang" in text(found)
    assert "Hải Châu" not in text(found)

    assert client.post(address, {"unit": ""}).status_code == 422
    assert client.post(address, {"unit": str(home.pk)}).url == url("draft_contact", dossier)
    dossier.refresh_from_db()
    assert dossier.competent_agency == home


def test_a_wrong_telephone_number_is_explained():
    dossier: Any = draft()
    client, address = signed_in(dossier.submitter), url("draft_contact", dossier)

    assert "Số điện thoại chưa đúng" in text(client.post(address, {"phone": "113"}))
    client.post(address, {"phone": "0905 123 999", "email": ""})

    dossier.refresh_from_db()
    assert (dossier.contact_phone, dossier.contact_email) == ("0905123999", "")


def upload(client: Client, dossier: Dossier, content: bytes, name: str, **headers: str):
    file = io.BytesIO(content)
    file.name = name
    return client.post(url("draft_upload", dossier, 1), {"file": file}, headers=headers)


def test_a_file_is_uploaded_shown_downloaded_and_removed_after_one_question():
    dossier: Any = draft()
    client = signed_in(dossier.submitter)

    assert upload(client, dossier, pdf(), "Giấy tờ.pdf").url == url("draft_files", dossier)
    row = dossier.components.get()
    assert "Giấy tờ.pdf" in text(client.get(url("draft_files", dossier)))
    download = client.get(url("file", dossier, row.pk))
    assert download["Content-Disposition"].startswith("attachment")
    assert (download["X-Content-Type-Options"], download["Content-Type"]) == ("nosniff", "application/pdf")

    asked = client.post(url("draft_remove_file", dossier, row.pk))
    assert "Gỡ tệp này?" in text(asked)
    assert dossier.components.exists()
    client.post(url("draft_remove_file", dossier, row.pk), {"confirmed": "1"})
    assert not dossier.components.exists()


def test_a_bad_file_is_explained_to_a_script_and_on_the_page():
    dossier: Any = draft()
    client = signed_in(dossier.submitter)

    by_script = upload(client, dossier, b"MZ" + b"\0" * 99, "virus.pdf", x_requested_with="XMLHttpRequest")
    by_page = upload(client, dossier, b"MZ" + b"\0" * 99, "virus.pdf")
    nothing = client.post(url("draft_upload", dossier, 1))

    assert by_script.status_code == 422
    assert "virus" in by_script.json()["message"]
    assert (by_page.status_code, nothing.status_code) == (422, 422)
    assert "không thuộc loại được nhận" in text(by_page)
    assert "Chưa có tệp nào" in text(nothing)
    assert client.post(url("draft_upload", dossier, 9)).status_code == 404


def test_a_file_in_quarantine_is_shown_as_waiting_and_not_handed_out(monkeypatch):
    monkeypatch.setattr(scanner, "scan", answers_with(Outcome.UNAVAILABLE))
    dossier: Any = draft()
    row = attach(dossier)
    client = signed_in(dossier.submitter)

    assert row.scan_state == ScanState.PENDING
    assert "Chờ quét mã độc" in text(client.get(url("draft_files", dossier)))
    assert client.get(url("file", dossier, row.pk)).status_code == 404


def test_a_draft_is_deleted_after_one_question():
    dossier: Any = draft()
    client = signed_in(dossier.submitter)

    assert "không lấy lại được" in text(client.get(url("draft_delete", dossier)))
    assert client.post(url("draft_delete", dossier)).url == reverse("dossiers:mine")
    assert not Dossier.objects.exists()


def test_a_draft_on_an_old_version_is_carried_over_and_its_owner_told():
    dossier: Any = ready()
    VersionFactory.create(
        procedure=dossier.procedure_version.procedure, version_no=2, applicant_categories=[]
    )

    page = signed_in(dossier.submitter).get(url("check", dossier), follow=True)

    assert page.redirect_chain[0][0] == url("draft", dossier)
    assert "phiên bản mới" in text(page)
    assert "Mục đích sử dụng" in text(page)


def test_a_draft_of_a_closed_procedure_can_only_be_thrown_away():
    dossier: Any = ready()
    dossier.procedure_version.is_fileable = False
    dossier.procedure_version.save()
    client = signed_in(dossier.submitter)

    assert "Không nộp được nữa" in text(client.get(url("check", dossier), follow=True))
    assert client.post(url("draft_delete", dossier)).status_code == 302


# Check and file


def filed_by_page(client: Client, dossier: Dossier, **data: str):
    page = client.get(url("check", dossier))
    sent = {"key": page.context["key"], "revision": dossier.form_revision, "declaration": "on"}
    return client.post(url("check", dossier), sent | data)


def test_answers_are_checked_and_filed_once_with_a_number_and_what_comes_next():
    dossier: Any = ready()
    client = signed_in(dossier.submitter)

    page = text(client.get(url("check", dossier)))
    assert "Đăng ký kết hôn" in page
    assert "giay-to.pdf" in page
    first = filed_by_page(client, dossier)
    second = client.post(url("check", dossier), {"key": "again", "declaration": "on"})

    assert first.url == second.url == url("submitted", dossier)
    confirmation = text(client.get(first.url))
    assert dossier.tracking_no in confirmation
    assert "chậm nhất" in confirmation
    assert "4 giờ làm việc" in confirmation
    assert "Đang tạo giấy xác nhận" in confirmation
    dossier.refresh_from_db()
    assert (dossier.status, dossier.history_length) == (Status.SUBMITTED, 1)


def test_without_the_declaration_nothing_is_filed():
    dossier: Any = ready()

    answer = filed_by_page(signed_in(dossier.submitter), dossier, declaration="")

    assert answer.status_code == 422
    dossier.refresh_from_db()
    assert dossier.status == Status.DRAFT


def test_the_check_page_links_every_gap_to_its_field_and_has_no_button():
    dossier: Any = draft()

    page = text(signed_in(dossier.submitter).get(url("check", dossier)))

    assert f"{url('draft_page', dossier, 'noi-dung')}?tu=kiem-tra#id_so_ban" in page
    assert f"{url('draft_files', dossier)}#component-1" in page
    assert 'name="declaration"' not in page


def test_what_the_form_asks_itself_is_not_asked_twice_and_its_declaration_is_asked_at_the_end():
    dossier: Any = ready(version=fileable(eform=OWN_WORDS))
    dossier.form_data = {}
    dossier.save()
    client = signed_in(dossier.submitter)

    tasks = text(client.get(url("draft", dossier)))
    assert "Cam đoan" not in tasks
    for page in (url("draft_contact", dossier), url("draft_page", dossier, "cam-doan")):
        assert page not in tasks
        assert client.get(page).status_code == 404
    assert "Tôi xin cam đoan" in text(client.get(url("check", dossier)))

    assert filed_by_page(client, dossier).status_code == 422
    assert filed_by_page(client, dossier, cam_doan="on").url == url("submitted", dossier)


def test_a_change_in_another_tab_after_the_check_is_shown_before_filing():
    dossier: Any = ready()
    client = signed_in(dossier.submitter)
    checked = dossier.form_revision
    attach(dossier, content=jpeg(), name="moi.jpg")

    answer = filed_by_page(client, dossier, revision=str(checked))

    assert answer.status_code == 409
    assert "moi.jpg" in text(answer)


def test_level_1_sees_the_check_but_no_way_to_file_and_is_refused_if_it_tries():
    dossier: Any = ready(person=PersonFactory.create(eid_level=EidLevel.LEVEL_1))
    client = signed_in(dossier.submitter)

    assert "mức độ 2" in text(client.get(url("check", dossier)))
    assert filed_by_page(client, dossier).status_code == 403


def test_the_acknowledgement_is_asked_for_until_it_is_made():
    dossier: Any = ready()
    client = signed_in(dossier.submitter)
    filed_by_page(client, dossier)

    assert "hx-get" in text(client.get(url("acknowledgement", dossier)))
    paper = Paper.objects.create(
        dossier=dossier,
        event=dossier.events.get(),
        form=Form.ACKNOWLEDGEMENT,
        state=PaperState.READY,
        file=dossier.components.get().file.name,
        requested_at=NINE,
    )

    made = text(client.get(url("acknowledgement", dossier)))
    assert "hx-get" not in made
    assert url("paper", dossier, paper.pk) in made
    assert client.get(url("paper", dossier, paper.pk))["Content-Type"] == "application/pdf"


# Mine


def test_the_list_shows_own_dossiers_and_those_of_ones_organisations_filtered_by_address():
    person, organisation = PersonFactory.create(), OrganisationFactory.create()
    represent(person, organisation)
    version = fileable(applicant_categories=[])
    own = draft(person=person, version=version)
    theirs = draft(person=person, version=version, organisation=organisation)
    done: Any = DossierFactory.create(owner_person=person, procedure_version=version, reach=Status.RETURNED)
    strangers = DossierFactory.create(procedure_version=version)
    client, mine = signed_in(person), reverse("dossiers:mine")

    page = text(client.get(mine))
    assert own.tracking_no in page
    assert theirs.tracking_no in page
    assert done.code in page
    assert strangers.tracking_no not in page

    finished = text(client.get(mine, {"nhom": "da-xong"}))
    assert done.code in finished
    assert own.tracking_no not in finished
    assert done.code in text(client.get(mine, {"ma": done.code.lower()}))
    assert "Không có hồ sơ nào khớp" in text(client.get(mine, {"ma": "TN-000000"}))


def test_an_empty_list_says_where_to_begin():
    assert "chưa có hồ sơ nào" in text(signed_in(PersonFactory.create()).get(reverse("dossiers:mine")))


def test_long_lists_go_page_by_page_there_and_back(django_assert_max_num_queries):
    person, version = PersonFactory.create(), fileable()
    numbers = [draft(person=person, version=version).tracking_no for _ in range(25)]
    client = signed_in(person)
    client.get(reverse("dossiers:mine"))

    with django_assert_max_num_queries(7):
        first = client.get(reverse("dossiers:mine"))
    second = client.get(reverse("dossiers:mine") + first.context["older"])
    back = client.get(reverse("dossiers:mine") + second.context["newer"])

    assert [no for no in numbers if no in text(first)] == numbers[5:]
    assert [no for no in numbers if no in text(second)] == numbers[:5]
    assert [row["dossier"].pk for row in back.context["rows"]] == [
        row["dossier"].pk for row in first.context["rows"]
    ]


def test_an_accepted_dossier_explains_its_due_date_and_names_officers_by_role_and_unit_only():
    dossier: Any = DossierFactory.create(procedure_version=fileable(), reach=Status.IN_PROCESS)
    officers = set(dossier.events.filter(actor_kind="officer").values_list("actor_name", flat=True))

    page = text(signed_in(dossier.owner_person).get(url("detail", dossier)))

    assert "Vì sao hẹn ngày này?" in page
    assert "3 ngày làm việc" in page
    assert f"{Role.ONE_STOP_OFFICER.label}, {dossier.received_at_unit.name}" in page
    assert officers
    assert not any(name in page for name in officers)


def test_a_refusal_shows_the_reason_and_what_to_do_next():
    dossier: Any = DossierFactory.create(procedure_version=fileable(), reach=Status.INTAKE_REFUSED)
    IntakeRefusal.objects.create(
        dossier=dossier,
        reason=RefusalReason.WRONG_AGENCY,
        explanation="Việc này do Sở Xây dựng giải quyết.",
        right_agency="Sở Xây dựng",
    )

    page = text(signed_in(dossier.owner_person).get(url("detail", dossier)))

    assert "Việc này do Sở Xây dựng giải quyết." in page
    assert reverse("dossiers:start", args=[dossier.procedure_version.procedure.code]) in page


def test_the_status_is_asked_for_lightly_and_comes_anew_only_when_something_happened():
    dossier: Any = DossierFactory.create(procedure_version=fileable(), reach=Status.SUBMITTED)
    client = signed_in(dossier.owner_person)
    mark = client.get(url("detail", dossier)).context["mark"]

    assert client.get(url("status", dossier), {"moc": mark}).status_code == 204
    assert client.get(url("status", dossier), {"moc": "0-0"}).status_code == 200


def test_the_result_is_received_electronically_once():
    dossier: Any = DossierFactory.create(procedure_version=fileable(), reach=Status.COMPLETED)
    client = signed_in(dossier.owner_person)
    assert "Nhận kết quả điện tử" in text(client.get(url("detail", dossier)))

    for _press in range(2):
        assert client.post(url("receive", dossier)).url == url("detail", dossier)

    dossier.refresh_from_db()
    assert (dossier.status, dossier.delivery_state) == (Status.RETURNED, DeliveryState.DELIVERED)
    assert dossier.events.filter(action=Action.HAND_OVER).count() == 1


def test_a_filed_dossier_has_no_draft_pages_any_more():
    dossier: Any = DossierFactory.create(procedure_version=fileable(), reach=Status.SUBMITTED)
    client = signed_in(dossier.owner_person)

    for name, args in [
        ("draft", []),
        ("draft_page", ["noi-dung"]),
        ("draft_files", []),
        ("draft_delete", []),
    ]:
        assert client.get(url(name, dossier, *args)).url == url("detail", dossier)
    assert client.get(url("check", dossier)).url == url("submitted", dossier)


PAGES = [
    ("draft", []),
    ("draft_page", ["noi-dung"]),
    ("draft_unit", []),
    ("draft_contact", []),
    ("draft_files", []),
    ("draft_delete", []),
    ("check", []),
    ("submitted", []),
    ("acknowledgement", []),
    ("detail", []),
    ("status", []),
]


@pytest.mark.parametrize(("name", "args"), PAGES, ids=lambda value: str(value))
@pytest.mark.parametrize("reach", [None, Status.SUBMITTED], ids=str)
def test_another_persons_number_does_not_exist_and_officers_have_their_own_pages(name, args, reach):
    version = fileable()
    dossier: Any = DossierFactory.create(procedure_version=version, reach=reach)
    officer = officer_actor(dossier.received_at_unit, Role.ONE_STOP_OFFICER, Role.SPECIALIST)
    stranger = PersonFactory.create()
    inspector = Client()
    inspector.force_login(
        User.objects.get(pk=officer.user_id or 0), backend="django.contrib.auth.backends.ModelBackend"
    )

    for client in (signed_in(stranger), inspector):
        assert client.get(url(name, dossier, *args)).status_code == 404
    assert Client().get(url(name, dossier, *args)).status_code == 302


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("draft_autosave", ["noi-dung"]),
        ("draft_upload", [1]),
        ("draft_remove_file", [1]),
        ("receive", []),
        ("check", []),
        ("draft_delete", []),
    ],
)
def test_nobody_writes_to_another_persons_dossier(name, args):
    dossier: Any = ready()

    assert signed_in(PersonFactory.create()).post(url(name, dossier, *args)).status_code == 404
    dossier.refresh_from_db()
    assert dossier.status == Status.DRAFT


def test_another_persons_files_and_papers_do_not_exist():
    dossier: Any = ready()
    row = dossier.components.get()
    other = signed_in(PersonFactory.create())
    own = draft(person=PersonFactory.create())

    assert other.get(url("file", dossier, row.pk)).status_code == 404
    assert signed_in(own.submitter).get(url("file", own, row.pk)).status_code == 404
    assert other.get(url("paper", dossier, 1)).status_code == 404


def test_an_organisations_dossier_is_gone_for_whoever_no_longer_represents_it():
    person, organisation = PersonFactory.create(), OrganisationFactory.create()
    representation = represent(person, organisation)
    dossier: Any = draft(person=person, version=fileable(applicant_categories=[]), organisation=organisation)
    client = signed_in(person)
    assert client.get(url("draft", dossier)).status_code == 200

    representation.revoked_at = NINE
    representation.save()

    assert client.get(url("draft", dossier)).status_code == 404


# Look-up without an account


def track(client: Client, code: Any, number: Any) -> Any:
    return client.post(reverse("dossiers:track"), {"ma": code, "so": number})


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def test_anybody_with_code_and_number_sees_how_far_it_is_and_no_names():
    dossier: Any = DossierFactory.create(procedure_version=fileable(), reach=Status.IN_PROCESS)
    owner = dossier.owner_person

    page = track(Client(), f" {dossier.code.lower()} ", owner.personal_id_number)

    assert page.status_code == 200
    assert dossier.code in text(page)
    assert "Đang giải quyết" in text(page)
    for secret in (owner.full_name, owner.address, owner.phone, dossier.procedure_version.short_name):
        assert secret not in text(page)


def test_an_organisations_dossier_is_found_by_its_code():
    organisation = OrganisationFactory.create()
    dossier: Any = DossierFactory.create(owner_person=None, owner_organisation=organisation)
    walk_for(dossier, organisation)

    assert dossier.tracking_no in text(track(Client(), dossier.tracking_no, organisation.code))


def walk_for(dossier: Dossier, organisation) -> None:
    actor = actor_of_person(dossier.submitter, organisation)
    services.advance(dossier_id=dossier.pk, action=Action.SUBMIT, actor=actor, at=NINE)


def test_a_wrong_code_and_a_wrong_number_get_the_same_answer_at_the_same_cost(django_assert_num_queries):
    dossier: Any = DossierFactory.create(reach=Status.SUBMITTED)
    number = dossier.owner_person.personal_id_number
    unfiled: Any = draft()
    pairs = [
        (dossier.tracking_no, "048090999999"),
        ("TN-260302-ZZZZZZ", number),
        ("nothing like a code", number),
        (unfiled.tracking_no, unfiled.owner_person.personal_id_number),
    ]

    answers = []
    for code, given in pairs:
        with django_assert_num_queries(1):
            answers.append(track(Client(), code, given))

    assert {answer.status_code for answer in answers} == {404}
    stripped = {
        re.sub(
            r'value="[^"]*"|name="csrfmiddlewaretoken"|"X-CSRFToken": "[^"]*"|<code>[^<]*</code>',
            "",
            text(one),
        )
        for one in answers
    }
    assert len(stripped) == 1


def test_whoever_guesses_is_slowed_down_and_told_for_how_long(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NINE)
    client = Client()

    answers = [track(client, f"TN-260302-AAAAA{n}", "048090999999") for n in "23456789ABCD"]

    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "60"


def test_the_signed_in_owner_is_led_to_the_whole_dossier():
    dossier: Any = DossierFactory.create(procedure_version=fileable(), reach=Status.SUBMITTED)
    client = signed_in(dossier.owner_person)

    assert client.get(reverse("dossiers:track"), {"ma": dossier.tracking_no}).url == url("detail", dossier)
    assert track(client, dossier.tracking_no, "").url == url("detail", dossier)
    prefilled = text(Client().get(reverse("dossiers:track"), {"ma": dossier.tracking_no}))
    assert f'value="{dossier.tracking_no}"' in prefilled
