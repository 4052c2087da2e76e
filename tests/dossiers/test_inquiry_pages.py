"""The pages of money, verifications and opinions, as the officers and the applicant use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.calendars import working_calendar
from agencies.models import Officer
from agencies.states import Role
from core.actor import Actor
from dossiers.models import Obligation, Opinion
from dossiers.services import obligations
from dossiers.states import Status
from notifications import services as notifications
from notifications.models import Notice
from outbox.models import Message
from tests.dossiers.desk import hand_in
from tests.dossiers.inquiries import asked, in_process, notified, verifying
from tests.factories import AgencyFactory, actor_for

pytestmark = pytest.mark.django_db


def signed_in(who) -> Client:
    user = Officer.objects.get(pk=who.officer_id or 0).user if isinstance(who, Actor) else who.user
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def to(name, dossier):
    return reverse(name, args=[dossier.tracking_no])


def soon(dossier):
    """Give the second working day from today."""
    return working_calendar(dossier.competent_agency_id).nth_working_day(timezone.localdate(), 2)


@pytest.mark.parametrize("typed", ["", "0", "-5", "sáu mươi nghìn", "9" * 40, "1e9"])
def test_an_amount_that_is_none_is_told_at_its_field(typed):
    dossier, specialist = in_process()
    data = {"amount_vnd": typed, "basis": "Nghị quyết 12, điều 4", "due_on": soon(dossier).isoformat()}

    page = signed_in(specialist).post(to("desk:notify_obligation", dossier), data)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["amount_vnd"]
    assert not Obligation.objects.exists()


def test_an_amount_is_read_as_people_type_it_and_shown_on_both_sides():
    dossier, specialist = in_process()
    data = {"amount_vnd": "1.250.000", "basis": "Nghị quyết 12, điều 4", "due_on": soon(dossier).isoformat()}

    desk = signed_in(specialist).post(to("desk:notify_obligation", dossier), data, follow=True)
    own = signed_in(dossier.owner_person).get(to("dossiers:detail", dossier))

    assert obligations.waiting(dossier).amount_vnd == 1_250_000
    assert "1.250.000 đồng" in desk.content.decode()
    assert "1.250.000 đồng" in own.content.decode()
    assert to("dossiers:payment", dossier) in own.content.decode()


def test_a_collector_confirms_on_a_page_and_the_second_is_told():
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist, at=timezone.now(), due_on=soon(dossier))
    collector = signed_in(actor_for(dossier, Role.FEE_COLLECTOR))
    address = to("desk:confirm_payment", dossier)
    data = {
        "obligation": str(obligation.pk),
        "proof": "BL-0042",
        "paid_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
    }

    assert "1.250.000 đồng" in collector.get(address).content.decode()
    first = collector.post(address, data, follow=True).content.decode()
    second = collector.post(address, data, follow=True).content.decode()

    assert "Đã xác nhận tiền đã nộp" in first
    assert "Không xác nhận lần nữa" in second
    assert signed_in(dossier.owner_person).get(to("dossiers:payment", dossier)).status_code == 302


def test_a_verification_with_presence_is_seen_and_told():
    dossier, specialist = in_process()
    verifying(dossier, specialist, at=timezone.now(), needs_presence=True, place="Kiệt 12 (100% đường đất)")
    message = Message.objects.get(topic="dossier.verification_presence")
    notifications.tell_about_dossier(
        message_id=message.pk, topic=message.topic, dossier_id=dossier.pk, at=message.created_at
    )

    page = signed_in(dossier.owner_person).get(to("dossiers:detail", dossier)).content.decode()

    assert "Cần bạn có mặt khi xác minh" in page
    assert "Kiệt 12 (100% đường đất)" in page
    assert "Kiệt 12 (100% đường đất)" in Notice.objects.get().body


def test_several_agencies_are_asked_on_one_page_without_javascript():
    dossier, specialist = in_process()
    file, client = hand_in(dossier, name="Trích lục"), signed_in(specialist)
    address, day = to("desk:ask_opinion", dossier), soon(dossier).isoformat()
    first, second = AgencyFactory.create(), AgencyFactory.create()
    data = {
        "rows": "1",
        "agency_0": str(first.pk),
        "question_0": "Có trong quy hoạch không?",
        "due_on_0": day,
        "documents_0": str(file.pk),
    }

    more = client.post(address, data | {"add": "1"})
    assert more.status_code == 200
    assert "question_1" in more.context["form"].fields
    assert "Có trong quy hoạch không?" in more.content.decode()
    short = client.post(address, data | {"rows": "2"})
    assert set(short.context["form"].errors) == {"agency_1", "question_1", "due_on_1"}
    client.post(
        address,
        data
        | {"rows": "2", "agency_1": str(second.pk), "question_1": "Có tranh chấp không?", "due_on_1": day},
    )

    assert [opinion.agency for opinion in Opinion.objects.order_by("pk")] == [first, second]
    assert list(Opinion.objects.get(agency=first).documents.all()) == [file]


def test_the_applicant_sees_who_is_waited_for_and_not_what_was_asked():
    dossier, specialist = in_process()
    opinion = asked(dossier, specialist, at=timezone.now(), due_on=soon(dossier))[0]

    page = signed_in(dossier.owner_person).get(to("dossiers:detail", dossier)).content.decode()

    assert opinion.agency.name in page
    assert opinion.question not in page


def test_going_on_without_an_answer_asks_for_the_reason_at_its_field():
    dossier, specialist = in_process()
    asked(dossier, specialist, at=timezone.now(), due_on=soon(dossier))
    client, address = signed_in(specialist), to("desk:receive_opinion", dossier)

    refused = client.post(address, {"reason": ""})
    client.post(address, {"reason": "Quá hạn trả lời; quy hoạch đã công bố."})

    dossier.refresh_from_db()
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    assert dossier.status == Status.IN_PROCESS


def test_an_old_day_of_a_year_ago_is_told():
    dossier, specialist = in_process()
    past = (timezone.localdate() - timedelta(days=365)).isoformat()
    data = {"amount_vnd": "60000", "basis": "Nghị quyết 12, điều 4", "due_on": past}

    page = signed_in(specialist).post(to("desk:notify_obligation", dossier), data)

    assert list(page.context["form"].errors) == ["due_on"]
