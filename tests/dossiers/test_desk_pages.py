"""One dossier on the officers' desk: who opens it, what is noted, what a press of a button does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from agencies.models import Officer
from agencies.states import Role
from citizens.models import AccessLog
from citizens.states import AccessPurpose
from core.actor import Actor
from dossiers.models import Dossier, DossierComponent, Paper, ResultDraft
from dossiers.services import intake, reading
from dossiers.states import (
    CheckState,
    DeliveryState,
    DraftState,
    Form,
    PaperState,
    RefusalReason,
    ScanState,
    Status,
)
from procedures.models import ResultType
from tests.dossiers.desk import PNG, checked, hand_in
from tests.factories import (
    NINE,
    AgencyFactory,
    DossierFactory,
    OrganisationFactory,
    PersonFactory,
    actor_for,
    officer_actor,
    represent,
)

pytestmark = pytest.mark.django_db

TEMPLATE = {
    "title": "GIẤY XÁC NHẬN",
    "paragraphs": ["Xác nhận {ho_ten} <b>{noi_dung}</b>."],
    "fields": [
        {"name": "ho_ten", "label": "Họ và tên", "required": True, "prefill": "owner.name"},
        {"name": "noi_dung", "label": "Nội dung", "required": True},
        {"name": "ngay", "label": "Ngày", "type": "date"},
    ],
}


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Officer.objects.get(user_id=actor.user_id or 0).user)
    return client


def to(name: str, dossier: Dossier, *more: int) -> str:
    return reverse(f"desk:{name}", args=[dossier.tracking_no, *more])


def page(client: Client, dossier: Dossier) -> str:
    answer = client.get(to("dossier", dossier))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def submitted() -> Dossier:
    return DossierFactory.create(reach=Status.SUBMITTED)


@pytest.fixture
def one_stop(submitted) -> Client:
    return client_of(actor_for(submitted, Role.ONE_STOP_OFFICER))


def test_a_dossier_of_another_agency_a_draft_and_an_unknown_number_are_not_found(submitted):
    stranger = client_of(officer_actor(AgencyFactory.create(), *Role.values))
    draft = DossierFactory.create()
    drafts_unit = client_of(actor_for(draft, Role.ONE_STOP_OFFICER))

    assert stranger.get(to("dossier", submitted)).status_code == 404
    assert drafts_unit.get(to("dossier", draft)).status_code == 404
    assert drafts_unit.get(reverse("desk:dossier", args=["TN-260302-AAAAAA"])).status_code == 404


def test_the_owner_does_not_see_the_desk(submitted):
    client = Client()
    client.force_login(submitted.owner_person.user)

    assert client.get(to("dossier", submitted)).status_code == 404


def test_before_acceptance_the_deciding_agency_does_not_see_the_dossier(submitted):
    specialist = client_of(actor_for(submitted, Role.SPECIALIST))

    assert specialist.get(to("dossier", submitted)).status_code == 404


# What is noted for the owner


def test_opening_a_dossier_is_noted_once_an_hour_for_each_officer(submitted):
    first, second = (actor_for(submitted, Role.ONE_STOP_OFFICER) for _ in range(2))
    for actor, at in [
        (first, NINE),
        (first, NINE + timedelta(minutes=59)),
        (second, NINE + timedelta(minutes=5)),
        (first, NINE + timedelta(minutes=61)),
    ]:
        reading.note_opening(dossier=submitted, actor=actor, at=at)

    rows = AccessLog.objects.filter(person=submitted.owner_person).order_by("at")
    assert [row.reader for row in rows] == [first.display_name, second.display_name, first.display_name]
    assert rows[0].reference == submitted.tracking_no
    assert rows[0].reader_unit == submitted.received_at_unit.name
    assert rows[0].reader_role == "Cán bộ một cửa"


def test_the_page_masks_the_personal_number_and_showing_it_is_noted_every_time(submitted, one_stop):
    number = submitted.owner_person.personal_id_number
    html = page(one_stop, submitted)
    assert number not in html
    assert number[-3:] in html

    assert number in one_stop.post(to("reveal", submitted)).content.decode()
    one_stop.post(to("reveal", submitted))
    assert one_stop.get(to("reveal", submitted)).status_code == 405
    noted = AccessLog.objects.filter(purpose=AccessPurpose.READ_PERSONAL_ID)
    assert noted.count() == 2
    assert AccessLog.objects.filter(purpose=AccessPurpose.PROCESS_DOSSIER).count() == 1


def test_an_organisation_has_no_personal_number_and_sees_who_read(one_stop):
    organisation, person = OrganisationFactory.create(), PersonFactory.create()
    represent(person, organisation)
    dossier = DossierFactory.create(
        owner_person=None, owner_organisation=organisation, submitter=person, reach=Status.SUBMITTED
    )
    client = client_of(actor_for(dossier, Role.ONE_STOP_OFFICER))

    assert organisation.name in page(client, dossier)
    assert client.post(to("reveal", dossier)).status_code == 409
    assert AccessLog.objects.get().organisation == organisation


# Components


def test_a_component_is_shown_by_its_true_kind_and_only_inside_the_portal(submitted, one_stop):
    component = hand_in(submitted, name="Tờ khai")

    shown = one_stop.get(to("component", submitted, component.pk))
    assert b"".join(shown.streaming_content) == PNG
    assert shown["Content-Type"] == "image/png"
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert "no-store" in shown["Cache-Control"]

    downloaded = one_stop.get(to("component", submitted, component.pk), {"tai": "1"})
    assert downloaded["Content-Disposition"].startswith("attachment")
    assert AccessLog.objects.filter(purpose=AccessPurpose.READ_COMPONENT).count() == 1


@pytest.mark.parametrize("state", [ScanState.PENDING, ScanState.INFECTED])
def test_a_file_in_quarantine_is_not_handed_out(submitted, one_stop, state):
    component = hand_in(submitted, scan_state=state)

    assert one_stop.get(to("component", submitted, component.pk)).status_code == 404
    assert "mã độc" in page(one_stop, submitted)


def test_a_component_of_another_dossier_is_not_found(submitted, one_stop):
    other = hand_in(DossierFactory.create(reach=Status.SUBMITTED))

    assert one_stop.get(to("component", submitted, other.pk)).status_code == 404
    assert one_stop.post(to("check", submitted, other.pk), {"state": "correct"}).status_code == 404


def test_a_check_without_javascript_comes_back_to_the_component(submitted, one_stop):
    component = hand_in(submitted)

    answer = one_stop.post(to("check", submitted, component.pk), {"state": "correct"})

    assert answer.url == f"{to('dossier', submitted)}#thanh-phan-{component.pk}"
    assert DossierComponent.objects.get().check_state == CheckState.CORRECT


def test_a_wrong_component_without_a_note_is_told_at_its_field(submitted, one_stop):
    component = hand_in(submitted)

    answer = one_stop.post(to("check", submitted, component.pk), {"state": "wrong", "note": " "})

    assert answer.status_code == 422
    assert f'aria-describedby="problem-{component.pk}"' in answer.content.decode()


def test_htmx_takes_the_component_the_progress_and_the_decision_anew(submitted, one_stop):
    component = hand_in(submitted)

    answer = one_stop.post(
        to("check", submitted, component.pk), {"state": "correct"}, headers={"HX-Request": "true"}
    )

    html = answer.content.decode()
    assert html.count('hx-swap-oob="true"') == 2
    assert "Đã kiểm tra 1/1" in html
    assert "Hồ sơ đủ và đúng" in html


# Decisions


def test_accepting_tells_code_and_due_date_and_a_second_officer_who_was_first(submitted, one_stop):
    answer = one_stop.post(to("accept", submitted), follow=True)
    submitted.refresh_from_db()
    assert f"Đã tiếp nhận hồ sơ {submitted.code}" in answer.content.decode()

    second = client_of(actor_for(submitted, Role.ONE_STOP_OFFICER))
    told = second.post(to("accept", submitted), follow=True).content.decode()
    assert "tiếp nhận lúc" in told
    by_htmx = second.post(to("accept", submitted), headers={"HX-Request": "true"})
    assert by_htmx["HX-Redirect"] == to("dossier", submitted)


def test_the_button_to_accept_waits_for_the_last_check(submitted, one_stop):
    component = hand_in(submitted)
    assert "disabled" in page(one_stop, submitted)
    told = one_stop.post(to("accept", submitted), follow=True).content.decode()
    assert "Chưa kiểm tra: Tờ khai" in told

    checked(component, CheckState.CORRECT, actor_for(submitted, Role.ONE_STOP_OFFICER))
    assert "disabled" not in page(one_stop, submitted)


def test_refusing_asks_for_reason_and_explanation_and_shows_what_was_wrong(submitted, one_stop):
    component = hand_in(submitted)
    checked(component, CheckState.WRONG, actor_for(submitted, Role.ONE_STOP_OFFICER), note="Thiếu chữ ký")

    assert "Thiếu chữ ký" in one_stop.get(to("refuse", submitted)).content.decode()
    gaps = one_stop.post(to("refuse", submitted), {"reason": "", "explanation": ""})
    assert gaps.status_code == 422
    assert "Hãy chọn lý do từ chối" in gaps.content.decode()

    done = one_stop.post(
        to("refuse", submitted),
        {
            "reason": RefusalReason.MISSING_UNREPAIRED,
            "explanation": "Thiếu chữ ký của chủ hồ sơ. Hãy ký rồi nộp lại.",
        },
        follow=True,
    )
    assert "Thiếu chữ ký của chủ hồ sơ. Hãy ký rồi nộp lại." in done.content.decode()
    again = one_stop.get(to("refuse", submitted), follow=True)
    assert "từ chối tiếp nhận lúc" in again.content.decode()


@pytest.fixture
def forwarded(submitted) -> Dossier:
    intake.accept(dossier_id=submitted.pk, actor=actor_for(submitted, Role.ONE_STOP_OFFICER), at=NINE)
    submitted.refresh_from_db()
    ResultType.objects.create(
        version=submitted.procedure_version, position=1, name="Giấy xác nhận", template=TEMPLATE
    )
    return submitted


def test_a_specialist_takes_and_a_leader_assigns(forwarded):
    specialist, leader = actor_for(forwarded, Role.SPECIALIST), actor_for(forwarded, Role.UNIT_LEADER)
    assert "Nhận xử lý" in page(client_of(specialist), forwarded)
    html = page(client_of(leader), forwarded)
    assert "Nhận xử lý" not in html
    assert specialist.display_name in html

    nobody = client_of(leader).post(to("assign", forwarded), {"officer": ""}, follow=True)
    assert "Hãy chọn chuyên viên" in nobody.content.decode()
    client_of(leader).post(to("assign", forwarded), {"officer": specialist.officer_id})

    forwarded.refresh_from_db()
    assert forwarded.current_handler_id == specialist.officer_id
    late = client_of(specialist).post(to("take", forwarded), follow=True)
    assert "phân công hoặc nhận xử lý lúc" in late.content.decode()


def test_the_page_explains_the_due_date(forwarded):
    html = page(client_of(actor_for(forwarded, Role.SPECIALIST)), forwarded)

    assert "Bắt đầu tính từ 09:00 02/03/2026" in html
    assert "Hạn trả kết quả: 09:00 05/03/2026" in html


# Results


@pytest.fixture
def specialist(forwarded) -> Client:
    actor = actor_for(forwarded, Role.SPECIALIST)
    client = client_of(actor)
    client.post(to("take", forwarded))
    return client


def test_a_draft_is_filled_previewed_saved_and_submitted(forwarded, specialist):
    html = specialist.get(to("draft", forwarded)).content.decode()
    assert forwarded.owner_person.full_name in html

    typed = {"version": "0", "ho_ten": "Nguyễn Văn Mẫu", "noi_dung": "<i>x</i>", "ngay": ""}
    preview = specialist.post(to("preview", forwarded), typed).content.decode()
    assert "&lt;b&gt;&lt;i&gt;x&lt;/i&gt;&lt;/b&gt;" in preview
    assert "BẢN XEM TRƯỚC" in preview
    assert not ResultDraft.objects.exists()

    specialist.post(to("draft", forwarded), {**typed, "noi_dung": ""})
    assert ResultDraft.objects.get().revision == 1
    gaps = specialist.post(
        to("draft", forwarded), {**typed, "version": "1", "noi_dung": "", "action": "submit"}
    )
    assert gaps.status_code == 422
    assert "Hãy điền mục này trước khi trình ký" in gaps.content.decode()
    assert 'name="version" value="2"' in gaps.content.decode()

    specialist.post(to("draft", forwarded), {**typed, "version": "2", "action": "submit"})
    assert ResultDraft.objects.get().state == DraftState.RENDERING
    assert "draft-progress" in page(specialist, forwarded)
    assert "hx-trigger" in specialist.get(to("progress", forwarded)).content.decode()


def test_autosave_answers_with_the_new_version_and_refuses_an_old_one(forwarded, specialist):
    typed = {"version": "0", "ho_ten": "Nguyễn Văn Mẫu"}

    saved = specialist.post(to("draft", forwarded), typed, headers={"X-Autosave": "1"})
    assert saved.json() == {"version": 1}
    assert specialist.post(to("draft", forwarded), typed, headers={"X-Autosave": "1"}).status_code == 409
    too_long = {"version": "1", "ho_ten": "x" * 4001}
    assert specialist.post(to("draft", forwarded), too_long, headers={"X-Autosave": "1"}).status_code == 422
    nonsense = {"version": "một", "ho_ten": "x"}
    assert specialist.post(to("draft", forwarded), nonsense, headers={"X-Autosave": "1"}).status_code == 409


def test_nobody_but_the_holder_drafts_or_previews(forwarded, specialist):
    for actor in (actor_for(forwarded, Role.SPECIALIST), actor_for(forwarded, Role.SIGNER)):
        client = client_of(actor)
        assert client.get(to("draft", forwarded)).status_code == 403
        assert client.post(to("preview", forwarded)).status_code == 403


def test_a_procedure_without_a_template_says_whom_to_ask(forwarded, specialist):
    ResultType.objects.update(template={})

    told = specialist.get(to("draft", forwarded), follow=True).content.decode()

    assert "chưa có mẫu kết quả" in told


@pytest.mark.parametrize("name", ["draft", "draft_file", "paper"])
def test_who_goes_straight_to_a_paper_or_a_draft_leaves_a_trace_too(forwarded, specialist, name):
    specialist.post(to("draft", forwarded), {"version": "0", "ho_ten": "Mẫu", "noi_dung": "x"})
    file = ContentFile(b"%PDF-1.7", name="a.pdf")
    draft = ResultDraft.objects.get()
    draft.draft_file = file
    draft.save()
    paper = Paper.objects.create(
        dossier=forwarded,
        event=forwarded.events.first(),
        form=Form.RECEIPT,
        state=PaperState.READY,
        requested_at=NINE,
        file=file,
    )
    AccessLog.objects.all().delete()

    answer = specialist.get(to(name, forwarded, *([paper.pk] if name == "paper" else [])))

    assert answer.status_code == 200
    assert AccessLog.objects.get().person == forwarded.owner_person


def test_a_failed_step_is_shown_with_what_to_do(forwarded, specialist):
    specialist.post(to("draft", forwarded), {"version": "0", "ho_ten": "Mẫu", "noi_dung": "x"})
    ResultDraft.objects.update(last_error="Chưa có khóa ký số dùng được. Hãy báo quản trị.")

    assert "Hãy báo quản trị." in page(specialist, forwarded)
    assert specialist.get(to("progress", forwarded))["HX-Refresh"] == "true"
    assert specialist.get(to("draft_file", forwarded)).status_code == 404


def test_the_one_stop_officer_does_not_read_drafts(forwarded, specialist):
    client = client_of(actor_for(forwarded, Role.ONE_STOP_OFFICER))

    assert client.get(to("draft_file", forwarded)).status_code == 403


def test_a_hand_over_is_recorded_at_the_counter():
    dossier = DossierFactory.create(reach=Status.COMPLETED)
    client = client_of(actor_for(dossier, Role.ONE_STOP_OFFICER))

    assert dossier.owner_person.full_name in client.get(to("hand_over", dossier)).content.decode()
    gaps = client.post(to("hand_over", dossier), {"receiver_name": dossier.owner_person.full_name})
    assert (gaps.status_code, "Hãy đối chiếu giấy tờ" in gaps.content.decode()) == (422, True)
    client.post(
        to("hand_over", dossier),
        {"receiver_name": dossier.owner_person.full_name, "receiver_id_checked": "on"},
    )

    dossier.refresh_from_db()
    assert dossier.status == Status.RETURNED
    assert "trả lúc" in client.get(to("hand_over", dossier), follow=True).content.decode()


def test_a_result_is_given_to_the_post_and_both_pages_follow_it():
    dossier = DossierFactory.create(reach=Status.COMPLETED)
    client = client_of(actor_for(dossier, Role.ONE_STOP_OFFICER))
    sent = {"method": "post", "consignment_no": "EK123456789VN"}

    gaps = client.post(to("hand_over", dossier), {**sent, "consignment_no": "?"})
    assert (gaps.status_code, "Hãy ghi mã trên phiếu gửi" in gaps.content.decode()) == (422, True)
    page = client.post(to("hand_over", dossier), sent, follow=True).content.decode()
    assert "Đã ghi nhận giao bưu điện" in page
    assert "EK123456789VN" in page

    dossier.refresh_from_db()
    assert (dossier.status, dossier.delivery_state) == (Status.COMPLETED, DeliveryState.HANDED_TO_POST)
    # The form is not shown again while the post has it.
    assert "Kết quả đang ở bưu điện" in client.get(to("hand_over", dossier), follow=True).content.decode()
    assert dossier.owner_person is not None
    assert dossier.owner_person.user is not None
    owner = Client()
    owner.force_login(dossier.owner_person.user, backend="django.contrib.auth.backends.ModelBackend")
    own = owner.get(reverse("dossiers:detail", args=[dossier.tracking_no])).content.decode()
    for told in ("Kết quả đang được gửi đến bạn", "EK123456789VN", "Đã giao bưu điện"):
        assert told in own


def test_a_paper_is_handed_out_once_it_is_made_and_until_then_its_tries_are_shown(submitted, one_stop):
    event = submitted.events.get()
    paper = Paper.objects.create(
        dossier=submitted, event=event, form=Form.ACKNOWLEDGEMENT, requested_at=NINE, attempts=3
    )

    assert "đã thử 3 lần" in page(one_stop, submitted)
    assert one_stop.get(to("paper", submitted, paper.pk)).status_code == 404
