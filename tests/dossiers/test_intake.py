"""Acceptance and refusal by the one-stop officer."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from core.working_time import TIME_ZONE
from dossiers.models import CodeCounter, Dossier
from dossiers.services import guards, intake, processing
from dossiers.states import Action, CheckState, Outcome, RefusalReason, ScanState, Status
from outbox.models import Message
from procedures.states import Channel
from tests.dossiers.desk import checked, hand_in
from tests.factories import (
    NINE,
    AgencyFactory,
    DossierFactory,
    OfficerFactory,
    VersionFactory,
    actor_for,
    actor_of_person,
    officer_actor,
)

pytestmark = pytest.mark.django_db

ACCEPTED_AT = datetime(2026, 3, 2, 10, 30, tzinfo=TIME_ZONE)


def waiting(**attributes) -> tuple[Dossier, Actor]:
    dossier = DossierFactory.create(reach=Status.SUBMITTED, **attributes)
    return dossier, actor_for(dossier, Role.ONE_STOP_OFFICER)


def test_an_online_filing_is_accepted_and_sent_on_at_once_with_code_due_date_and_control_sheet():
    dossier, officer = waiting()
    hand_in(dossier, check_state=CheckState.CORRECT)

    intake.accept(dossier_id=dossier.pk, actor=officer, at=ACCEPTED_AT)

    dossier.refresh_from_db()
    assert dossier.status == Status.FORWARDED
    assert dossier.code == f"{dossier.received_at_unit.code}-260302-0001"
    assert dossier.due_at == datetime(2026, 3, 5, 10, 30, tzinfo=TIME_ZONE)
    events = list(dossier.events.order_by("seq"))[-2:]
    assert [(event.action, event.actor_name) for event in events] == [
        (Action.ACCEPT, officer.display_name),
        (Action.FORWARD, "Hệ thống"),
    ]
    topics = Message.objects.filter(key=dossier.tracking_no).values_list("topic", flat=True)
    assert {"dossier.accept", "dossier.forward"} <= set(topics)


def test_the_control_sheet_follows_the_internal_workflow_over_working_time():
    """T43: 0.5, 2, 0.25 and 0.25 working days from Monday 10:30."""
    dossier, officer = waiting()

    intake.accept(dossier_id=dossier.pk, actor=officer, at=ACCEPTED_AT)

    received, examined, *_ahead = steps = list(dossier.steps.order_by("id"))
    assert [f"{step.due_at.astimezone(TIME_ZONE):%m-%d %H:%M}" for step in steps] == [
        "03-02 16:00",
        "03-04 16:00",
        "03-05 08:30",
        "03-05 10:30",
    ]
    assert (received.finished_at, received.officer_id) == (ACCEPTED_AT, officer.officer_id)
    assert (examined.started_at, examined.finished_at) == (ACCEPTED_AT, None)


def test_a_filing_on_paper_waits_to_be_handed_over():
    dossier, officer = waiting(channel=Channel.COUNTER)

    intake.accept(dossier_id=dossier.pk, actor=officer, at=ACCEPTED_AT)
    dossier.refresh_from_db()
    assert dossier.status == Status.ACCEPTED

    intake.forward(dossier_id=dossier.pk, actor=officer, at=ACCEPTED_AT + timedelta(hours=5))

    dossier.refresh_from_db()
    assert dossier.status == Status.FORWARDED
    assert dossier.steps.order_by("id").first().finished_at == ACCEPTED_AT + timedelta(hours=5)


@pytest.mark.parametrize(
    ("state", "scan", "words"),
    [
        (CheckState.UNCHECKED, ScanState.CLEAN, "Chưa kiểm tra"),
        (CheckState.WRONG, ScanState.CLEAN, "chưa đạt"),
        (CheckState.CORRECT, ScanState.PENDING, "quét mã độc"),
    ],
)
def test_a_component_that_is_unchecked_wrong_or_unscanned_blocks_the_acceptance_and_is_named(
    state, scan, words
):
    dossier, officer = waiting()
    hand_in(dossier, check_state=CheckState.CORRECT)
    blocking = hand_in(dossier, name="Bản chụp giấy chứng sinh", check_state=state, scan_state=scan)

    with pytest.raises(intake.ComponentsUnfit) as refusal:
        intake.accept(dossier_id=dossier.pk, actor=officer, at=ACCEPTED_AT)

    assert words in str(refusal.value)
    assert "Bản chụp giấy chứng sinh" in str(refusal.value)
    assert refusal.value.data["components"] == [blocking.pk]
    dossier.refresh_from_db()
    assert (dossier.status, dossier.code, dossier.steps.count()) == (Status.SUBMITTED, None, 0)
    assert not CodeCounter.objects.exists()


def test_the_acceptance_keeps_which_files_were_accepted():
    dossier, officer = waiting()
    component = hand_in(dossier, check_state=CheckState.CORRECT)

    intake.accept(dossier_id=dossier.pk, actor=officer, at=ACCEPTED_AT)

    event = dossier.events.get(action=Action.ACCEPT)
    assert event.data["components"] == {str(component.component_id): component.sha256}


def test_checking_a_component_wrong_needs_a_note_and_checking_it_right_drops_it():
    dossier, officer = waiting()
    component = hand_in(dossier)

    with pytest.raises(InvalidInput) as refusal:
        intake.check_component(component_id=component.pk, state=CheckState.WRONG, note="  ", actor=officer)
    assert list(refusal.value.errors) == ["note"]

    checked(component, CheckState.WRONG, officer, note="Mờ, không đọc được")
    assert (component.check_state, component.check_note) == (CheckState.WRONG, "Mờ, không đọc được")

    checked(component, CheckState.CORRECT, officer, note="")
    assert (component.check_state, component.check_note) == (CheckState.CORRECT, "")


def test_only_a_one_stop_officer_of_the_receiving_unit_checks_accepts_or_refuses():
    dossier, _officer = waiting()
    component = hand_in(dossier)
    strangers = [
        officer_actor(AgencyFactory.create(), Role.ONE_STOP_OFFICER),
        actor_for(dossier, Role.SPECIALIST),
        actor_of_person(dossier.submitter),
        Actor.anonymous(),
    ]
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            intake.check_component(component_id=component.pk, state=CheckState.CORRECT, actor=stranger)
        with pytest.raises(NotAllowed):
            intake.accept(dossier_id=dossier.pk, actor=stranger, at=NINE)
        with pytest.raises(NotAllowed):
            intake.refuse(
                dossier_id=dossier.pk,
                reason=RefusalReason.DUPLICATE,
                explanation="Trùng",
                actor=stranger,
                at=NINE,
            )


def test_a_component_cannot_be_checked_once_the_dossier_has_moved_on():
    dossier, officer = waiting()
    component = hand_in(dossier, check_state=CheckState.CORRECT)
    intake.accept(dossier_id=dossier.pk, actor=officer, at=ACCEPTED_AT)

    with pytest.raises(guards.AlreadyDone):
        intake.check_component(component_id=component.pk, state=CheckState.WRONG, note="Sai", actor=officer)


def test_a_refusal_closes_the_dossier_with_its_legal_reason():
    dossier, officer = waiting()

    intake.refuse(
        dossier_id=dossier.pk,
        reason=RefusalReason.WRONG_AGENCY,
        explanation="Việc này do Sở Tư pháp giải quyết.",
        right_agency="Sở Tư pháp",
        actor=officer,
        at=ACCEPTED_AT,
    )

    dossier.refresh_from_db()
    assert (dossier.status, dossier.outcome, dossier.next_due_at) == (
        Status.INTAKE_REFUSED,
        Outcome.REFUSED,
        None,
    )
    event = dossier.events.get(action=Action.REFUSE_INTAKE)
    assert event.note == "Việc này do Sở Tư pháp giải quyết."
    assert event.data == {"reason": "wrong_agency", "right_agency": "Sở Tư pháp"}
    assert dossier.intake_refusal.right_agency == "Sở Tư pháp"


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"reason": "because"}, "reason"),
        ({"reason": ""}, "reason"),
        ({"explanation": "   "}, "explanation"),
        ({"explanation": "x" * 4001}, "explanation"),
        ({"reason": RefusalReason.WRONG_AGENCY}, "right_agency"),
        ({"right_agency": "x" * 256}, "right_agency"),
    ],
)
def test_a_refusal_names_the_field_that_is_missing_or_wrong(answer, field):
    dossier, officer = waiting()
    good = {
        "reason": RefusalReason.DUPLICATE,
        "explanation": "Trùng với hồ sơ đã nộp hôm qua. Hãy theo dõi hồ sơ đó.",
    }

    with pytest.raises(InvalidInput) as refusal:
        intake.refuse(dossier_id=dossier.pk, actor=officer, at=NINE, **{**good, **answer})

    assert list(refusal.value.errors) == [field]
    dossier.refresh_from_db()
    assert dossier.status == Status.SUBMITTED


def test_an_officer_who_comes_second_is_told_who_was_first_and_when():
    dossier, first = waiting()
    second = actor_for(dossier, Role.ONE_STOP_OFFICER)
    intake.accept(dossier_id=dossier.pk, actor=first, at=ACCEPTED_AT)

    for late in (
        lambda: intake.accept(dossier_id=dossier.pk, actor=second, at=ACCEPTED_AT),
        lambda: intake.refuse(
            dossier_id=dossier.pk,
            reason=RefusalReason.DUPLICATE,
            explanation="Trùng",
            actor=second,
            at=ACCEPTED_AT,
        ),
    ):
        with pytest.raises(guards.AlreadyDone) as refusal:
            late()
        assert f"đã được {first.display_name} tiếp nhận lúc 10:30 02/03/2026" in str(refusal.value)
        assert refusal.value.status == 409


def test_a_dossier_that_was_never_filed_cannot_be_accepted():
    dossier = DossierFactory.create()

    with pytest.raises(NotAllowed):
        intake.accept(dossier_id=dossier.pk, actor=actor_for(dossier, Role.ONE_STOP_OFFICER), at=NINE)


@pytest.mark.django_db(transaction=True)
def test_two_officers_accept_at_the_same_time_one_succeeds_the_other_is_told_and_there_is_one_code():
    """L17, with real threads."""
    dossier, first = waiting()
    officers = [first, *(actor_for(dossier, Role.ONE_STOP_OFFICER) for _ in range(3))]
    start = threading.Barrier(len(officers))
    told: list[str] = []
    accepted: list[str] = []

    def accept(actor: Actor) -> None:
        try:
            start.wait()
            intake.accept(dossier_id=dossier.pk, actor=actor, at=ACCEPTED_AT)
            accepted.append(actor.display_name)
        except guards.AlreadyDone as refusal:
            told.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(accepted), len(told)) == (1, 3)
    assert all(f"đã được {accepted[0]} tiếp nhận lúc 10:30 02/03/2026" in text for text in told)
    dossier.refresh_from_db()
    assert dossier.events.filter(action=Action.ACCEPT).count() == 1
    assert dossier.steps.count() == 4
    assert CodeCounter.objects.get().last == 1


def accepted_dossier() -> Dossier:
    dossier, officer = waiting()
    intake.accept(dossier_id=dossier.pk, actor=officer, at=ACCEPTED_AT)
    dossier.refresh_from_db()
    return dossier


def test_a_specialist_takes_a_dossier_and_holds_its_step():
    dossier = accepted_dossier()
    specialist = actor_for(dossier, Role.SPECIALIST)

    processing.take(dossier_id=dossier.pk, actor=specialist, at=ACCEPTED_AT)

    dossier.refresh_from_db()
    assert (dossier.status, dossier.current_handler_id) == (Status.IN_PROCESS, specialist.officer_id)
    assert dossier.steps.get(role=Role.SPECIALIST).officer_id == specialist.officer_id


def test_a_unit_leader_assigns_a_specialist_and_a_specialist_assigns_nobody_else():
    dossier = accepted_dossier()
    one, other = actor_for(dossier, Role.SPECIALIST), actor_for(dossier, Role.SPECIALIST)
    leader = actor_for(dossier, Role.UNIT_LEADER)

    with pytest.raises(NotAllowed):
        processing.assign(dossier_id=dossier.pk, officer_id=other.officer_id or 0, actor=one, at=ACCEPTED_AT)
    processing.assign(dossier_id=dossier.pk, officer_id=other.officer_id or 0, actor=leader, at=ACCEPTED_AT)

    dossier.refresh_from_db()
    assert dossier.current_handler_id == other.officer_id
    assert dossier.events.get(action=Action.ASSIGN).data["officer_id"] == other.officer_id


def test_a_dossier_is_given_only_to_a_specialist_of_the_competent_agency():
    dossier = accepted_dossier()
    leader = actor_for(dossier, Role.UNIT_LEADER)
    elsewhere = officer_actor(AgencyFactory.create(), Role.SPECIALIST)

    for officer_id in (elsewhere.officer_id, leader.officer_id, OfficerFactory.create().pk, 10**9):
        with pytest.raises(InvalidInput) as refusal:
            processing.assign(dossier_id=dossier.pk, officer_id=officer_id or 0, actor=leader, at=ACCEPTED_AT)
        assert list(refusal.value.errors) == ["officer"]


def test_a_specialist_who_comes_second_is_told_who_took_the_dossier():
    dossier = accepted_dossier()
    first, second = actor_for(dossier, Role.SPECIALIST), actor_for(dossier, Role.SPECIALIST)
    processing.take(dossier_id=dossier.pk, actor=first, at=ACCEPTED_AT)

    with pytest.raises(guards.AlreadyDone) as refusal:
        processing.take(dossier_id=dossier.pk, actor=second, at=ACCEPTED_AT)

    assert first.display_name in str(refusal.value)
    dossier.refresh_from_db()
    assert dossier.current_handler_id == first.officer_id


def test_a_procedure_without_a_workflow_has_an_empty_control_sheet():
    version = VersionFactory.create()
    version.workflow_steps.all().delete()
    dossier, officer = waiting(procedure_version=version)

    intake.accept(dossier_id=dossier.pk, actor=officer, at=ACCEPTED_AT)

    assert dossier.steps.count() == 0
