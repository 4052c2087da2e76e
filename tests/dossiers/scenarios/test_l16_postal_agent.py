"""L16: a postal agent files for somebody, and the post delivers the result.

The agent's filing comes to the counter, where who filed and when is kept. Agents with their own accounts, the subsidy
for each filing and its proof are the room of agents; that of shipments adds the feed which reports in place of
this test, the address and the postage.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from dossiers import services
from dossiers.models import Dossier, Shipment
from dossiers.services import counter, intake, returning
from dossiers.services.returning import PostOutOfOrder, WithThePost
from dossiers.states import (
    Action,
    DeliveryState,
    FilingMode,
    GivenAs,
    HandOverMethod,
    IntakeRoute,
    Status,
)
from procedures.models import Component
from tests.dossiers.filing_kit import fileable, pdf
from tests.dossiers.lists import in_march
from tests.dossiers.scenarios.test_l21_counter import VISITOR
from tests.dossiers.turns import told
from tests.factories import WAYS, AgencyFactory, actor_for, officer_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

AT_THE_POST_OFFICE = in_march(2, 8, 10)
ACCEPTED_AT = in_march(2, 14)
NUMBER = "EK123456789VN"


def filed_by_an_agent() -> Dossier:
    unit, version = AgencyFactory.create(), fileable()
    officer = officer_actor(unit, Role.ONE_STOP_OFFICER)
    draft = counter.start(
        version_id=version.pk,
        walk_in=VISITOR,
        unit_id=unit.pk,
        filing_mode=FilingMode.POSTAL_AGENT,
        filed_at=AT_THE_POST_OFFICE,
        actor=officer,
        at=ACCEPTED_AT,
    )
    for page, answers in (
        ("nguoi-yeu-cau", {"noi_o": "3 Lê Lợi"}),
        ("noi-dung", {"muc_dich": "ket_hon", "so_ban": "2"}),
    ):
        counter.fill(dossier_id=draft.pk, page_id=page, data=answers, actor=officer)
    counter.add_component(
        dossier_id=draft.pk,
        component=Component.objects.get(version=version, position=1),
        upload=io.BytesIO(pdf()),
        name="ban-quet.pdf",
        given_as=GivenAs.COPY,
        original_kept=False,
        actor=officer,
        at=ACCEPTED_AT,
    )
    accepted = counter.accept(dossier_id=draft.pk, actor=officer, at=ACCEPTED_AT)
    intake.forward(dossier_id=accepted.pk, actor=officer, at=ACCEPTED_AT)
    return accepted


def completed(dossier: Dossier) -> Dossier:
    dossier.refresh_from_db()
    for action in WAYS[Status.COMPLETED][3:]:
        by = {
            Action.ASSIGN: Role.SPECIALIST,
            Action.SUBMIT_FOR_SIGNATURE: Role.SPECIALIST,
            Action.SIGN: Role.SIGNER,
            Action.ISSUE: Role.CLERK,
        }[action]
        services.advance(
            dossier_id=dossier.pk, action=action, actor=actor_for(dossier, by), at=in_march(4, 9)
        )
    dossier.refresh_from_db()
    return dossier


def reports(state: DeliveryState, hour: int, *, number: str = NUMBER, actor: Actor | None = None) -> Dossier:
    return returning.follow_post(
        consignment_no=number, state=state, actor=actor or Actor.system(), at=in_march(5, hour)
    )


def test_l16_postal_agent():
    filed = filed_by_an_agent()
    assert (filed.filing_mode, filed.intake_route) == (FilingMode.POSTAL_AGENT, IntakeRoute.COUNTER_ENTRY)
    assert (filed.submitted_at, filed.accepted_at) == (AT_THE_POST_OFFICE, ACCEPTED_AT)
    kept = filed.events.get(action=Action.ACCEPT_AT_COUNTER).data
    assert (kept["filing_mode"], datetime.fromisoformat(kept["filed_at"])) == (
        "postal_agent",
        AT_THE_POST_OFFICE,
    )

    dossier = completed(filed)
    officer = actor_for(dossier, Role.ONE_STOP_OFFICER)
    returning.hand_to_post(
        dossier_id=dossier.pk, consignment_no="ek 123 456 789 vn", actor=officer, at=in_march(4, 10)
    )
    dossier.refresh_from_db()
    assert (dossier.status, dossier.delivery_state) == (Status.COMPLETED, DeliveryState.HANDED_TO_POST)
    assert told("dossier.hand_to_post") == 1
    with pytest.raises(WithThePost, match=NUMBER):  # neither sent twice nor given out at the counter
        returning.hand_to_post(
            dossier_id=dossier.pk, consignment_no="EK000000001VN", actor=officer, at=in_march(4, 11)
        )
    with pytest.raises(WithThePost):
        returning.hand_over(
            dossier_id=dossier.pk,
            method=HandOverMethod.COUNTER,
            receiver_name=str(dossier.owner_person),
            receiver_id_checked=True,
            actor=officer,
            at=in_march(4, 11),
        )

    with pytest.raises(PostOutOfOrder):
        reports(DeliveryState.DELIVERED, 8)
    assert reports(DeliveryState.IN_TRANSIT, 8).delivery_state == DeliveryState.IN_TRANSIT
    assert reports(DeliveryState.FAILED, 9).delivery_state == DeliveryState.FAILED
    assert told("dossier.post_not_delivered") == 1
    reports(DeliveryState.IN_TRANSIT, 10)
    events = dossier.events.count()
    for state, hour in (
        (DeliveryState.IN_TRANSIT, 8),
        (DeliveryState.FAILED, 9),
        (DeliveryState.IN_TRANSIT, 10),
    ):
        assert reports(state, hour).delivery_state == DeliveryState.IN_TRANSIT  # told again: nothing happens
    delivered = reports(DeliveryState.DELIVERED, 11)
    reports(DeliveryState.DELIVERED, 11)

    assert dossier.events.count() == events + 1
    assert (delivered.status, delivered.delivery_state) == (Status.RETURNED, DeliveryState.DELIVERED)
    assert delivered.returned_at == in_march(5, 11)
    hand_over = delivered.hand_over
    assert (hand_over.method, hand_over.note) == (HandOverMethod.POST, NUMBER)
    assert hand_over.receiver_name == str(dossier.owner_person)
    event = dossier.events.get(action=Action.HAND_OVER)
    assert (event.actor_kind, event.data["consignment_no"]) == ("system", NUMBER)


def test_what_the_post_sends_back_is_given_out_or_sent_anew_under_another_number():
    dossier = completed(filed_by_an_agent())
    officer = actor_for(dossier, Role.ONE_STOP_OFFICER)
    returning.hand_to_post(dossier_id=dossier.pk, consignment_no=NUMBER, actor=officer, at=in_march(4, 10))
    reports(DeliveryState.IN_TRANSIT, 8)
    reports(DeliveryState.FAILED, 9)
    assert reports(DeliveryState.RETURNED_TO_SENDER, 14).delivery_state == DeliveryState.RETURNED_TO_SENDER

    with pytest.raises(InvalidInput):
        returning.hand_to_post(
            dossier_id=dossier.pk, consignment_no=NUMBER, actor=officer, at=in_march(5, 15)
        )
    returning.hand_to_post(
        dossier_id=dossier.pk, consignment_no="EK000000002VN", actor=officer, at=in_march(5, 15)
    )
    with pytest.raises(PostOutOfOrder):
        reports(DeliveryState.IN_TRANSIT, 16)  # of the letter that came back
    reports(DeliveryState.IN_TRANSIT, 17, number="EK000000002VN")
    assert Shipment.objects.filter(dossier=dossier).count() == 2


def test_only_the_system_and_the_one_stop_officer_say_what_the_post_says_and_only_of_what_was_sent():
    dossier = completed(filed_by_an_agent())
    officer = actor_for(dossier, Role.ONE_STOP_OFFICER)
    returning.hand_to_post(dossier_id=dossier.pk, consignment_no=NUMBER, actor=officer, at=in_march(4, 10))

    with pytest.raises(NotAllowed):
        reports(DeliveryState.IN_TRANSIT, 8, actor=actor_for(dossier, Role.SPECIALIST))
    for number, state, field in (
        ("EK999999999VN", DeliveryState.IN_TRANSIT, "consignment_no"),
        ("??", DeliveryState.IN_TRANSIT, "consignment_no"),
        (NUMBER, DeliveryState.SENT_TO_VAULT, "state"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            reports(state, 8, number=number)
        assert list(refusal.value.errors) == [field]
    with pytest.raises(NotAllowed):
        returning.hand_to_post(
            dossier_id=dossier.pk,
            consignment_no="EK000000003VN",
            actor=actor_for(dossier, Role.SPECIALIST),
            at=in_march(4, 10),
        )


@pytest.mark.parametrize(
    ("mode", "filed_at", "field"),
    [
        (FilingMode.POSTAL_AGENT, None, "filed_at"),
        (FilingMode.POSTAL_AGENT, ACCEPTED_AT + timedelta(minutes=1), "filed_at"),
        (FilingMode.OFFICER_ENTRY, AT_THE_POST_OFFICE, "filed_at"),
        (FilingMode.KIOSK, None, "filing_mode"),
    ],
)
def test_when_the_agent_filed_is_asked_of_an_agents_filing_alone(mode, filed_at, field):
    unit = AgencyFactory.create()
    with pytest.raises(InvalidInput) as refusal:
        counter.start(
            version_id=fileable().pk,
            walk_in=VISITOR,
            unit_id=unit.pk,
            filing_mode=mode,
            filed_at=filed_at,
            actor=officer_actor(unit, Role.ONE_STOP_OFFICER),
            at=ACCEPTED_AT,
        )
    assert list(refusal.value.errors) == [field]
