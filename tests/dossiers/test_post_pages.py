"""What the post says is written down by the one-stop officer, in its order, and nothing is lost or repeated."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from dossiers.models import Dossier
from dossiers.services import returning
from dossiers.states import DeliveryState, HandOverMethod, Status
from outbox.models import Message
from tests.dossiers.test_inquiry_pages import signed_in, to
from tests.factories import NINE, AgencyFactory, DossierFactory, actor_for, officer_actor

pytestmark = pytest.mark.django_db

NUMBER = "EK123456789VN"
TEN, NOON = NINE + timedelta(hours=1), NINE + timedelta(hours=3)


def with_the_post(*, at: datetime = NINE) -> tuple[Dossier, Actor]:
    dossier = DossierFactory.create(reach=Status.COMPLETED)
    officer = actor_for(dossier, Role.ONE_STOP_OFFICER)
    returning.hand_to_post(dossier_id=dossier.pk, consignment_no=NUMBER, actor=officer, at=at)
    dossier.refresh_from_db()
    return dossier, officer


def reported(state: DeliveryState, actor: Actor, *, at: datetime = TEN, **changes) -> Dossier:
    return returning.follow_post(
        consignment_no=NUMBER, state=state, actor=actor, at=at, told_at=NOON, **changes
    )


def test_the_officer_writes_the_whole_way_down_and_the_dossier_closes_with_the_receiver():
    _dossier, officer = with_the_post()

    reported(DeliveryState.IN_TRANSIT, officer)
    closed = reported(DeliveryState.DELIVERED, officer, at=NOON, receiver_name="Trần Thị Hai")

    assert (closed.status, closed.delivery_state) == (Status.RETURNED, DeliveryState.DELIVERED)
    assert closed.returned_at == NOON
    assert (closed.hand_over.method, closed.hand_over.receiver_name) == (HandOverMethod.POST, "Trần Thị Hai")
    assert closed.events.latest("seq").actor_user_id == officer.user_id


def test_a_letter_that_comes_back_says_why_tells_the_applicant_and_can_be_sent_again():
    dossier, officer = with_the_post()
    reported(DeliveryState.IN_TRANSIT, officer)
    reported(DeliveryState.FAILED, officer, note="Vắng nhà, phát lại chiều mai")

    back = reported(DeliveryState.RETURNED_TO_SENDER, officer, at=NOON, note="Ba lần vắng nhà")

    assert back.delivery_state == DeliveryState.RETURNED_TO_SENDER
    assert back.events.latest("seq").note.endswith("Ba lần vắng nhà")
    assert Message.objects.filter(topic=returning.NOT_DELIVERED).count() == 2
    again = returning.hand_to_post(
        dossier_id=dossier.pk, consignment_no="EK000000002VN", actor=officer, at=NOON
    )
    assert again.delivery_state == DeliveryState.HANDED_TO_POST


def test_what_the_officer_wrote_down_is_taken_from_the_post_once_more_without_a_change():
    dossier, officer = with_the_post()
    reported(DeliveryState.IN_TRANSIT, officer)
    events = dossier.events.count()

    reported(DeliveryState.IN_TRANSIT, Actor.system())
    reported(DeliveryState.IN_TRANSIT, Actor.system(), at=NOON)

    assert dossier.events.count() == events


@pytest.mark.parametrize(
    ("field", "state", "change"),
    [
        ("at", DeliveryState.IN_TRANSIT, {"at": NOON + timedelta(minutes=1)}),
        ("at", DeliveryState.IN_TRANSIT, {"at": NINE - timedelta(minutes=1)}),
        ("state", DeliveryState.NOT_READY, {}),
    ],
)
def test_a_report_that_cannot_be_names_its_field(field, state, change):
    _dossier, officer = with_the_post()

    with pytest.raises(InvalidInput) as refusal:
        reported(state, officer, **change)

    assert list(refusal.value.errors) == [field]


@pytest.mark.parametrize(
    ("field", "state"), [("receiver_name", DeliveryState.DELIVERED), ("note", DeliveryState.FAILED)]
)
def test_what_an_officer_must_know_is_asked_for(field, state):
    _dossier, officer = with_the_post()
    reported(DeliveryState.IN_TRANSIT, officer)

    with pytest.raises(InvalidInput) as refusal:
        reported(state, officer, at=NOON)

    assert list(refusal.value.errors) == [field]


def test_nobody_else_writes_it_down():
    dossier, _officer = with_the_post()

    for actor in (
        actor_for(dossier, Role.SPECIALIST),
        officer_actor(AgencyFactory.create(), Role.ONE_STOP_OFFICER),
    ):
        with pytest.raises(NotAllowed):
            reported(DeliveryState.IN_TRANSIT, actor)


# Pages


def test_the_page_offers_what_may_come_next_and_writes_it_down():
    earlier = timezone.now() - timedelta(hours=2)
    dossier, officer = with_the_post(at=earlier)
    client = signed_in(officer)
    address = to("desk:follow_post", dossier)
    local = f"{timezone.localtime():%Y-%m-%dT%H:%M}"

    assert address in client.get(to("desk:dossier", dossier)).content.decode()
    page = client.get(address)
    assert [value for value, _label in page.context["form"].fields["state"].choices] == ["in_transit"]
    client.post(address, {"state": "in_transit", "at": local})
    wrong = client.post(address, {"state": "failed", "at": local})
    client.post(address, {"state": "failed", "at": local, "note": "Sai địa chỉ"})
    client.post(address, {"state": "returned_to_sender", "at": local, "note": "Không tìm được người nhận"})

    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["note"])
    dossier.refresh_from_db()
    assert dossier.delivery_state == DeliveryState.RETURNED_TO_SENDER
    after = client.get(to("desk:dossier", dossier)).content.decode()
    assert address not in after
    assert to("desk:hand_over", dossier) in after
    assert "Bưu điện đã hoàn lại kết quả" in after


def test_where_the_post_has_nothing_the_page_says_so():
    dossier = DossierFactory.create(reach=Status.COMPLETED)
    client = signed_in(actor_for(dossier, Role.ONE_STOP_OFFICER))

    page = client.get(to("desk:follow_post", dossier), follow=True)

    assert "Bưu điện không giữ kết quả" in page.content.decode()
