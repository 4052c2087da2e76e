"""What is said about a dossier: notes that stay among officers, a thread in which nobody is asked for papers."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Officer
from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, NotAllowed
from dossiers.models import Dossier, InternalNote, ThreadMessage
from dossiers.services import talk
from dossiers.states import Status
from dossiers.transitions import APPLICANT
from notifications.models import Notice
from outbox import services as outbox
from tests.factories import NINE, AgencyFactory, DossierFactory, actor_for, officer_actor

pytestmark = pytest.mark.django_db

ANSWER = "Chào bà, hồ sơ đang chờ lãnh đạo ký, dự kiến xong trước thứ Sáu."


@pytest.fixture
def dossier() -> Dossier:
    return DossierFactory.create(reach=Status.IN_PROCESS)


def officers_client(actor: Actor) -> Client:
    client = Client()
    client.force_login(Officer.objects.get(pk=actor.officer_id or 0).user)
    return client


def owners_client(dossier: Dossier) -> Client:
    client = Client()
    assert dossier.owner_person is not None
    assert dossier.owner_person.user is not None
    client.force_login(dossier.owner_person.user)
    return client


def test_a_note_is_read_by_officers_and_never_by_the_applicant(dossier):
    specialist, clerk = (actor_for(dossier, role) for role in (Role.SPECIALIST, Role.CLERK))

    talk.note(dossier_id=dossier.pk, text=" Đã gọi điện hai lần ", actor=specialist, at=NINE)

    assert InternalNote.objects.get().text == "Đã gọi điện hai lần"
    desk = reverse("desk:dossier", args=[dossier.tracking_no])
    assert "Đã gọi điện hai lần" in officers_client(clerk).get(desk).content.decode()
    own = reverse("dossiers:detail", args=[dossier.tracking_no])
    assert "Đã gọi điện hai lần" not in owners_client(dossier).get(own).content.decode()
    with pytest.raises(NotAllowed):
        talk.note(dossier_id=dossier.pk, text="x", actor=actor_for(dossier, APPLICANT), at=NINE)
    elsewhere = officer_actor(AgencyFactory.create(), *Role.values)
    with pytest.raises(NotAllowed):
        talk.note(dossier_id=dossier.pk, text="x", actor=elsewhere, at=NINE)


def test_both_sides_write_in_their_pages_and_see_that_it_was_read(dossier):
    officer = officers_client(actor_for(dossier, Role.ONE_STOP_OFFICER))
    applicant = owners_client(dossier)
    desk, own = (reverse(f"{app}", args=[dossier.tracking_no]) for app in ("desk:dossier", "dossiers:detail"))

    applicant.post(f"{own}trao-doi/", {"text": "Bao giờ tôi nhận được kết quả?"})
    assert "Bao giờ tôi nhận được kết quả?" in officer.get(desk).content.decode()
    officer.post(f"{desk}trao-doi/", {"text": ANSWER})
    page = applicant.get(own).content.decode()

    assert ANSWER in page
    assert "đã xem" in page
    assert not ThreadMessage.objects.filter(read_at=None).exists()


def test_the_applicant_is_told_of_an_answer_without_its_words(dossier):
    talk.say(dossier_id=dossier.pk, text=ANSWER, actor=actor_for(dossier, Role.SPECIALIST), at=NINE)
    outbox.relay(at=NINE)

    notice = Notice.objects.get(topic=talk.MESSAGE_SENT)
    assert notice.person == dossier.owner_person
    assert "lãnh đạo ký" not in notice.body


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Bà nộp thêm giấy khai sinh của con cho tôi nhé.", "Không đòi giấy tờ"),
        ("Gửi thêm tiền cà phê thì tôi giải quyết nhanh hơn.", "đòi hỏi ngoài quy định"),
        ("", "Hãy viết nội dung"),
        ("a" * (talk.LENGTH + 1), "dài quá"),
    ],
)
def test_what_an_officer_may_not_write_is_told_beside_what_was_typed(dossier, text, problem):
    officer = officers_client(actor_for(dossier, Role.SPECIALIST))

    answer = officer.post(reverse("desk:say", args=[dossier.tracking_no]), {"text": text})

    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert text in answer.content.decode()
    assert not ThreadMessage.objects.exists()


def test_the_applicant_may_name_papers_and_needs_words(dossier):
    applicant = actor_for(dossier, APPLICANT)
    talk.say(dossier_id=dossier.pk, text="Tôi cần nộp giấy khai sinh không?", actor=applicant, at=NINE)

    empty = owners_client(dossier).post(reverse("dossiers:say", args=[dossier.tracking_no]), {"text": " "})
    assert empty.status_code == 422
    assert ThreadMessage.objects.count() == 1


def test_who_does_not_answer_for_the_dossier_does_not_write_to_the_applicant(dossier):
    for role in (Role.SIGNER, Role.CLERK, Role.ACCOUNTANT):
        with pytest.raises(NotAllowed):
            talk.say(dossier_id=dossier.pk, text=ANSWER, actor=actor_for(dossier, role), at=NINE)
    stranger = DossierFactory.create(reach=Status.SUBMITTED)
    assert (
        owners_client(stranger).post(reverse("dossiers:say", args=[dossier.tracking_no])).status_code == 404
    )


def test_an_archived_dossier_takes_no_more_messages():
    dossier = DossierFactory.create(reach=Status.ARCHIVED)

    with pytest.raises(Conflict):
        talk.say(dossier_id=dossier.pk, text="Xin hỏi", actor=actor_for(dossier, APPLICANT), at=NINE)


def test_a_draft_has_no_thread():
    draft = DossierFactory.create()

    assert not talk.may_say(draft, actor_for(draft, APPLICANT))
    own = reverse("dossiers:say", args=[draft.tracking_no])
    assert owners_client(draft).post(own, {"text": "Xin hỏi"}).status_code == 302
    assert not ThreadMessage.objects.exists()
