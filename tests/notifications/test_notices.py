"""Who is told what about a dossier."""

import pytest
from django.db import transaction
from django.utils.translation import override

from citizens.states import Scope
from dossiers.models import Dossier
from dossiers.states import Action, Status
from notifications import wording
from notifications.models import EmailDelivery, Notice
from notifications.subscribers import tell_applicant
from outbox import services as outbox
from outbox.models import Message
from tests.factories import (
    NINE,
    DossierFactory,
    OfficerFactory,
    OrganisationFactory,
    PersonFactory,
    represent,
    walk,
)

pytestmark = pytest.mark.django_db


def tell(topic: str, dossier: Dossier) -> Message:
    """Let the subscriber take a message about a dossier."""
    with transaction.atomic():
        message = outbox.publish(
            topic=topic, key=dossier.tracking_no, payload={"dossier_id": dossier.pk}, at=NINE
        )
    tell_applicant(message)
    return message


def test_each_step_of_a_dossier_tells_its_applicant_once(worker):
    dossier = DossierFactory.create()
    walk(dossier, Status.RETURNED)
    worker.relay()
    worker.relay()

    told = list(Notice.objects.order_by("pk").values_list("topic", flat=True))
    assert told == ["dossier.submit", "dossier.accept", "dossier.issue", "dossier.hand_over"]
    assert set(Notice.objects.values_list("person", flat=True)) == {dossier.submitter_id}
    assert EmailDelivery.objects.count() == 4


def test_a_message_that_comes_twice_tells_once():
    message = tell("dossier.submit", DossierFactory.create(status=Status.SUBMITTED, submitted_at=NINE))
    tell_applicant(message)

    assert (Notice.objects.count(), EmailDelivery.objects.count()) == (1, 1)


def test_owner_and_submitter_are_both_told_when_they_are_two_people():
    dossier = DossierFactory.create(
        status=Status.SUBMITTED, submitted_at=NINE, submitter=PersonFactory.create()
    )
    tell("dossier.submit", dossier)

    assert set(Notice.objects.values_list("person", flat=True)) == {
        dossier.submitter_id,
        dossier.owner_person_id,
    }


def test_who_no_longer_represents_the_organisation_hears_no_more_of_its_dossiers():
    organisation, left, stays = OrganisationFactory.create(), PersonFactory.create(), PersonFactory.create()
    dossier = DossierFactory.create(
        owner_person=None,
        owner_organisation=organisation,
        submitter=left,
        contact_email="nguoi-cu@example.vn",
        status=Status.SUBMITTED,
        submitted_at=NINE,
    )
    represent(stays, organisation)
    represent(PersonFactory.create(), organisation, Scope.RECEIVE_RESULT)
    representation = represent(left, organisation)

    tell("dossier.submit", dossier)
    assert [notice.person for notice in Notice.objects.all()] == [left]

    representation.revoked_at = NINE
    representation.save()
    tell("dossier.accept", dossier)

    told = Notice.objects.select_related("email").latest("pk")
    assert (told.person, told.email.address) == (stays, stays.email)
    assert Notice.objects.count() == 2


@pytest.mark.parametrize("topic", wording.TOPICS)
def test_a_notice_says_code_procedure_and_next_step_and_nothing_sensitive(topic):
    dossier = DossierFactory.create(
        status=Status.SUBMITTED,
        submitted_at=NINE,
        accept_due_at=NINE,
        form_data={"ly_do": "điều kín đáo"},
    )
    tell(topic, dossier)

    notice = Notice.objects.get()
    assert dossier.tracking_no in notice.subject
    assert str(dossier.procedure_version)[:40] in notice.body
    assert len(notice.body.split("\n\n")) == 3
    assert dossier.submitter.full_name not in notice.body
    for secret in (str(dossier.submitter.personal_id_number), dossier.submitter.phone, "điều kín đáo"):
        assert secret not in notice.subject + notice.body


def test_a_notice_names_who_receives_who_handles_and_when():
    """NĐ 224/2026, art. 15.1.g."""
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    dossier.current_handler = OfficerFactory.create(full_name="Nguyễn Xử Lý (minh họa)")
    dossier.save()
    received_by = dossier.events.get(action="accept").actor_name

    tell("dossier.message_sent", dossier)

    facts = Notice.objects.get().body.split("\n\n")[-1].splitlines()
    assert facts[3:] == [
        f"Nơi tiếp nhận: {dossier.received_at_unit.one_stop_name}",
        f"Tiếp nhận lúc: 09:00, 02/03/2026 ({received_by})",
        f"Cơ quan giải quyết: {dossier.competent_agency.name} (Nguyễn Xử Lý (minh họa))",
        "Thời gian giải quyết: 3 ngày làm việc",
        "Hẹn trả kết quả: 09:00, 05/03/2026",
    ]


def test_no_date_is_named_that_does_not_hold():
    waiting = DossierFactory.create(reach=Status.PROCESS_SUPPLEMENT)
    tell("dossier.request_supplement", waiting)
    assert "Hẹn trả kết quả" not in Notice.objects.get().body

    returned = DossierFactory.create(reach=Status.RETURNED)
    tell("dossier.hand_over", returned)
    last = Notice.objects.latest("pk").body.splitlines()[-1]
    assert last == "Trả kết quả lúc: 09:00, 02/03/2026"


def test_who_came_to_the_counter_is_told_of_the_acceptance():
    tell("dossier.accept_at_counter", DossierFactory.create(reach=Status.ACCEPTED))

    notice = Notice.objects.get()
    assert "đã được tiếp nhận" in notice.subject
    assert "tại quầy" in notice.body
    assert "09:00, 05/03/2026" in notice.body


@pytest.mark.parametrize(("day", "is_early"), [(4, True), (5, False), (6, False)])
def test_a_result_before_its_day_is_announced_as_early(day, is_early):
    dossier = DossierFactory.create(reach=Status.SIGNED)
    at = NINE.replace(day=day)

    body = wording.of(topic="dossier.issue", dossier=dossier, at=at).body

    assert ("sớm hơn ngày hẹn trả 09:00, 05/03/2026" in body) is is_early


OF_THE_APPLICANT = {
    *(Action.SUBMIT, Action.ACCEPT_AT_COUNTER, Action.ACCEPT, Action.REQUEST_SUPPLEMENT, Action.RESUBMIT),
    *(Action.LAPSE, Action.REFUSE_INTAKE, Action.REROUTE, Action.SUPPLEMENT_RECEIVED, Action.REFUSE),
    *(Action.NOTIFY_OBLIGATION, Action.CONFIRM_PAYMENT, Action.ISSUE, Action.HAND_OVER, Action.EXTEND),
    *(Action.REQUEST_WITHDRAWAL, Action.APPROVE_WITHDRAWAL, Action.DENY_WITHDRAWAL, Action.STOP),
    Action.CORRECT_RESULT,
}
"""Moves that the applicant hears of (domain: dossier life cycle, 4.2 and 4.3)."""


@pytest.mark.parametrize("action", sorted(OF_THE_APPLICANT))
def test_every_move_that_concerns_the_applicant_has_its_words(action):
    assert f"dossier.{action}" in wording.TOPICS


def test_the_first_answer_is_promised_for_a_time():
    tell(
        "dossier.submit",
        DossierFactory.create(status=Status.SUBMITTED, submitted_at=NINE, accept_due_at=NINE),
    )

    assert "02/03/2026" in Notice.objects.get().body


def test_a_person_is_told_in_the_language_they_chose():
    dossier = DossierFactory.create(status=Status.SUBMITTED, submitted_at=NINE, owner_person__language="en")
    tell("dossier.issue", dossier)

    with override("en"):
        assert (
            Notice.objects.get().subject
            == wording.of(topic="dossier.issue", dossier=dossier, at=NINE).subject
        )


def test_who_has_no_address_is_told_in_the_portal_only():
    dossier = DossierFactory.create(
        status=Status.SUBMITTED, submitted_at=NINE, owner_person__email="", contact_email=""
    )
    tell("dossier.submit", dossier)

    assert (Notice.objects.count(), EmailDelivery.objects.count()) == (1, 0)


def test_the_address_given_for_the_dossier_comes_first():
    dossier = DossierFactory.create(
        status=Status.SUBMITTED, submitted_at=NINE, contact_email="ho-so-nay@example.vn"
    )
    tell("dossier.submit", dossier)

    assert EmailDelivery.objects.get().address == "ho-so-nay@example.vn"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Trần Thị Hai (minh họa)", "T. T. Hai"),
        ("Madonna", "Madonna"),
        ("Nguyễn  Văn   A", "N. V. A"),
        ("", ""),
    ],
)
def test_names_are_shortened_to_initials(name, short):
    assert wording.initials(name) == short
