"""Somebody brings a supplement to the counter: an officer types and scans it for them, item by item."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from dossiers.models import Dossier, SupplementItem, SupplementRequest
from dossiers.services import counter_supplements, guards, supplement_answers, supplement_checks
from dossiers.services.counter_supplements import Bearer
from dossiers.states import Action, GivenAs, IdPaper, Status, SupplementState
from dossiers.transitions import APPLICANT
from notifications import wording
from tests.dossiers.filing_kit import pdf
from tests.dossiers.lists import BLURRED, answer, answer_all, hand_in, in_march, one_stop, waiting
from tests.dossiers.test_desk_pages import client_of, to
from tests.dossiers.turns import told
from tests.factories import (
    AgencyFactory,
    OrganisationFactory,
    PersonFactory,
    actor_for,
    officer_actor,
    represent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

MONDAY, TUESDAY = in_march(2, 9), in_march(3, 9)
BOTH = [Status.INTAKE_SUPPLEMENT, Status.PROCESS_SUPPLEMENT]


def comes(request: SupplementRequest, officer: Actor, *, at=TUESDAY, **changes: str):
    bearer = {"name": request.dossier.submitter.full_name, "paper": IdPaper.ID_CARD} | changes
    return counter_supplements.receive(
        dossier_id=request.dossier_id, bearer=Bearer(**bearer), actor=officer, at=at
    )


def scan(
    item: SupplementItem,
    officer: Actor,
    *,
    at=TUESDAY,
    given_as: str = GivenAs.ORIGINAL,
    original_kept: bool = True,
) -> SupplementItem:
    return supplement_answers.answer_file(
        item_id=item.pk,
        upload=io.BytesIO(pdf(2)),
        name="quet.pdf",
        given_as=given_as,
        original_kept=original_kept,
        actor=officer,
        at=at,
    )


def type_all(request: SupplementRequest, officer: Actor, *, at=TUESDAY) -> Dossier:
    paper, *others = request.items.order_by("position")
    scan(paper, officer, at=at)
    for item in others:
        answer(item, at=at, by=officer)
    return supplement_answers.hand_in(dossier_id=request.dossier_id, actor=officer, at=at)


@pytest.mark.parametrize("status", BOTH)
def test_what_the_officer_types_counts_as_the_applicants_own_answer(status):
    """The same status, limits and clocks as after an answer that the applicant sends at the same moment."""
    own, brought = waiting(status, at=MONDAY), waiting(status, at=MONDAY)
    answer_all(own, at=TUESDAY)
    expected = hand_in(own, at=TUESDAY)
    officer = one_stop(brought.dossier)

    comes(brought, officer)
    dossier = type_all(brought, officer)

    for name in ("status", "due_at", "accept_due_at", "next_due_at", "original_due_at"):
        assert getattr(dossier, name) == getattr(expected, name), name
    assert dossier.clock_intervals.filter(stopped_at=None).count() == 0
    assert dossier.form_data["noi_o"] == "15 Bạch Đằng, phường Hải Châu"
    brought.refresh_from_db()
    assert (brought.state, brought.typed_by_id) == (SupplementState.ANSWERED, officer.officer_id)
    assert {item.typed_by_id for item in brought.items.all()} == {officer.officer_id}
    own.refresh_from_db()
    assert (own.typed_by_id, {item.typed_by_id for item in own.items.all()}) == (None, {None})


def test_the_scan_keeps_in_which_form_the_paper_was_given():
    request = waiting(at=MONDAY)
    officer = one_stop(request.dossier)
    comes(request, officer)
    item = request.items.get(position=1)

    for wrong, field in (
        (GivenAs.FILE, "given_as"),
        ("khac", "given_as"),
        (GivenAs.COPY, "original_kept"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            scan(item, officer, given_as=wrong)
        assert list(refusal.value.errors) == [field]
    file = scan(item, officer).answer_file

    assert file is not None
    assert (file.given_as, file.original_kept) == (GivenAs.ORIGINAL, True)
    item.refresh_from_db()
    item.before.refresh_from_db()
    assert item.before.replaced_at == TUESDAY


@pytest.mark.parametrize("status", BOTH)
def test_the_history_says_who_typed_for_whom_and_which_paper_was_seen(status):
    request = waiting(status, at=MONDAY)
    officer = one_stop(request.dossier)
    comes(request, officer)

    dossier = type_all(request, officer)

    event = dossier.events.latest("seq")
    action = Action.RESUBMIT if status == Status.INTAKE_SUPPLEMENT else Action.SUPPLEMENT_HANDED_IN
    assert (event.action, event.actor_name, event.actor_role) == (
        action,
        officer.display_name,
        Role.ONE_STOP_OFFICER,
    )
    seen = event.data["identity"]
    assert (seen["visitor"], seen["paper"]) == (dossier.submitter.full_name, IdPaper.ID_CARD)
    assert seen["seen_by"] == officer.display_name
    assert told(f"dossier.{action}") == 1


@pytest.mark.parametrize("status", BOTH)
def test_the_applicant_is_told_that_it_was_typed_at_the_counter(status):
    request = waiting(status, at=MONDAY)
    officer = one_stop(request.dossier)
    comes(request, officer)
    dossier = type_all(request, officer)

    with translation.override("vi"):
        topic = f"dossier.{dossier.events.latest('seq').action}"
        notice = wording.of(topic=topic, dossier=dossier, at=TUESDAY)

    assert "nhập hộ tại quầy" in notice.body
    assert "hãy gọi 1022 ngay" in notice.body


# Who may, and for whom


def test_nobody_types_before_papers_were_seen_on_that_day():
    request = waiting(at=MONDAY)
    officer = one_stop(request.dossier)
    item = request.items.get(position=3)

    with pytest.raises(supplement_answers.NobodySeen):
        answer(item, at=TUESDAY, by=officer)
    comes(request, officer)
    answer(item, at=TUESDAY, by=officer)
    with pytest.raises(supplement_answers.NobodySeen):
        answer(item, at=in_march(4, 9), by=officer)


@pytest.mark.parametrize("status", BOTH)
def test_only_a_one_stop_officer_of_the_receiving_unit_takes_it(status):
    request = waiting(status, at=MONDAY)
    dossier = request.dossier
    dossier.refresh_from_db()
    others = [actor_for(dossier, role) for role in Role if role != Role.ONE_STOP_OFFICER]
    others += [officer_actor(AgencyFactory.create(), Role.ONE_STOP_OFFICER)]
    comes(request, one_stop(dossier))

    for actor in others:
        with pytest.raises(NotAllowed):
            comes(request, actor)
        with pytest.raises(NotAllowed):
            answer(request.items.get(position=3), at=TUESDAY, by=actor)
        with pytest.raises(NotAllowed):
            supplement_answers.hand_in(dossier_id=dossier.pk, actor=actor, at=TUESDAY)
    with pytest.raises(NotAllowed):
        comes(request, actor_for(dossier, APPLICANT))


def test_who_acts_for_the_owner_shows_a_power_of_attorney_that_is_kept():
    request = waiting(at=MONDAY)
    officer = one_stop(request.dossier)

    with pytest.raises(InvalidInput) as refusal:
        comes(request, officer, name="Người Lạ")
    assert list(refusal.value.errors) == ["authority"]
    seen = comes(request, officer, name="Người  Lạ", authority="Số 12/GUQ ngày 02/03/2026")

    assert (seen.visitor_name, seen.authority) == ("Người Lạ", "Số 12/GUQ ngày 02/03/2026")
    assert (seen.supplement, seen.seen_by_id, seen.agency) == (
        request,
        officer.officer_id,
        request.dossier.received_at_unit,
    )


def test_for_an_organisation_comes_somebody_who_may_file_for_it():
    request = waiting(at=MONDAY)
    organisation = OrganisationFactory.create()
    Dossier.objects.filter(pk=request.dossier_id).update(owner_person=None, owner_organisation=organisation)
    officer = one_stop(request.dossier)
    may, only_receives = PersonFactory.create(), PersonFactory.create()
    represent(may, organisation, "file")
    represent(only_receives, organisation, "receive_result")

    for name in (only_receives.full_name, "Người Lạ"):
        with pytest.raises(InvalidInput) as refusal:
            comes(request, officer, name=name, authority="Số 12/GUQ")
        assert list(refusal.value.errors) == ["name"]
    assert comes(request, officer, name=may.full_name).pk


def test_a_visitor_is_named_and_a_known_kind_of_paper_was_seen():
    request = waiting(at=MONDAY)

    with pytest.raises(InvalidInput) as refusal:
        comes(request, one_stop(request.dossier), name="", paper="bang_lai_xe")

    assert set(refusal.value.errors) == {"name", "paper"}


@pytest.mark.parametrize("status", BOTH)
def test_after_the_limit_and_after_the_answer_nothing_is_taken(status):
    request = waiting(status, at=MONDAY)
    officer = one_stop(request.dossier)
    over = request.due_at + timedelta(minutes=1)

    with pytest.raises(supplement_answers.LimitPassed):
        comes(request, officer, at=over)
    answer_all(request, at=TUESDAY)
    hand_in(request, at=TUESDAY)
    with pytest.raises((supplement_answers.HandedInAlready, guards.AlreadyDone)):
        comes(request, officer)


def test_what_was_typed_is_confirmed_like_any_other_answer():
    request = waiting(Status.PROCESS_SUPPLEMENT, at=MONDAY)
    officer = one_stop(request.dossier)
    comes(request, officer)
    type_all(request, officer)

    dossier = supplement_checks.confirm(dossier_id=request.dossier_id, actor=officer, at=in_march(3, 10))

    assert dossier.status == Status.IN_PROCESS
    assert dossier.clock_intervals.filter(stopped_at=None).count() == 1


# In the browser's place


@pytest.fixture
def brought() -> SupplementRequest:
    return waiting(Status.PROCESS_SUPPLEMENT, at=timezone.now() - timedelta(minutes=30))


def typed(request: SupplementRequest) -> dict[str, str]:
    return {"name": request.dossier.submitter.full_name, "paper": IdPaper.PASSPORT}


def test_from_the_card_to_the_answer_item_by_item(brought):
    dossier, client = brought.dossier, client_of(one_stop(brought.dossier))
    page = to("supplement_at_counter", dossier)
    assert page in client.get(to("dossier", dossier)).content.decode()

    first = client.get(page).content.decode()
    assert "Người đến quầy" in first
    assert BLURRED in first
    assert client.post(page, {"name": "", "paper": ""}).status_code == 422
    assert client.post(page, typed(brought))["Location"] == page
    paper, question, words = brought.items.order_by("position")
    answers = {
        paper: {
            "file": SimpleUploadedFile("quet-moi.pdf", pdf(2), "application/pdf"),
            "given_as": GivenAs.ORIGINAL,
            "original_kept": "on",
        },
        question: {"noi_o": "15 Bạch Đằng"},
        words: {"text": "Buổi sáng"},
    }
    for number, (item, data) in enumerate(answers.items(), start=1):
        url = reverse("desk:supplement_at_counter_answer", args=[dossier.tracking_no, item.pk])
        assert client.post(url, data)["Location"] == f"{page}#muc-{item.pk}"
        shown = client.get(page).content.decode()
        assert f"{number}/3" in shown
    for told_of in (BLURRED, "quet-moi.pdf", "Bản chính", "15 Bạch Đằng", "Buổi sáng"):
        assert told_of in shown

    done = client.post(to("supplement_at_counter_hand_in", dossier), follow=True).content.decode()

    assert "Đã nhận bổ sung tại quầy" in done
    assert "nhập hộ tại quầy" in done
    assert "Hộ chiếu" in done
    assert "Đến bổ sung" in done
    brought.refresh_from_db()
    assert brought.state == SupplementState.ANSWERED
    owner = Client()
    owner.force_login(dossier.submitter.user, backend="django.contrib.auth.backends.ModelBackend")
    text = owner.get(reverse("dossiers:detail", args=[dossier.tracking_no])).content.decode()
    assert "Cán bộ một cửa nhập hộ và gửi tại quầy" in text


def test_what_is_wrong_is_told_beside_its_item(brought):
    dossier, client = brought.dossier, client_of(one_stop(brought.dossier))
    client.post(to("supplement_at_counter", dossier), typed(brought))
    paper, question, words = brought.items.order_by("position")
    bad = SimpleUploadedFile("x.exe", b"MZ\x90\x00", "application/pdf")

    for item, data, problem in (
        (paper, {"given_as": GivenAs.COPY}, "Chưa có tệp nào"),
        (paper, {"file": bad, "given_as": GivenAs.COPY}, "không thuộc loại được nhận"),
        (question, {"noi_o": ""}, "Hãy điền mục này"),
        (words, {"text": ""}, "Hãy ghi câu trả lời"),
    ):
        url = reverse("desk:supplement_at_counter_answer", args=[dossier.tracking_no, item.pk])
        answer = client.post(url, data)
        assert answer.status_code == 422
        assert problem in answer.content.decode()
        assert f'href="#muc-{item.pk}"' in answer.content.decode()
    early = client.post(to("supplement_at_counter_hand_in", dossier), follow=True).content.decode()
    assert "Còn mục chưa bổ sung" in early


def test_another_visitor_of_the_day_is_looked_at_anew(brought):
    dossier, client = brought.dossier, client_of(one_stop(brought.dossier))
    page = to("supplement_at_counter", dossier)
    client.post(page, typed(brought))

    assert "Đã đối chiếu, nhập bổ sung" in client.get(f"{page}?nguoi-khac=1").content.decode()
    client.post(page, typed(brought) | {"name": "Người Lạ", "authority": "Số 12/GUQ"})

    assert "Người Lạ" in client.get(page).content.decode()
    assert brought.identity_checks.count() == 2


def test_without_a_request_the_counter_says_why(brought):
    dossier = brought.dossier
    officer = one_stop(dossier)
    comes(brought, officer, at=timezone.now())
    type_all(brought, officer, at=timezone.now())

    shown = client_of(officer).get(to("supplement_at_counter", dossier), follow=True).content.decode()

    assert "đã được gửi rồi" in shown
