"""Refusing on substance: proposed by the specialist, decided by the signer; and a filing sent to the right unit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agencies.states import Role
from core.errors import InvalidInput, NotAllowed
from dossiers import lateness
from dossiers.services import guards, refusing, rerouting
from dossiers.states import Outcome, RefusalReason, Status, SupplementState
from dossiers.transitions import IllegalMove
from tests.dossiers.lists import BASIS, WHY, in_march, in_process, one_stop, submitted, waiting
from tests.dossiers.turns import told
from tests.factories import AgencyFactory, actor_for, officer_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

MONDAY, LATER = in_march(2, 9), in_march(3, 9)


def proposed(dossier, specialist, **changes):
    values = {"reason": "not_eligible", "explanation": WHY, "legal_basis": BASIS, **changes}
    return refusing.propose(dossier_id=dossier.pk, actor=specialist, at=LATER, **values)


def test_reason_explanation_and_law_are_needed():
    dossier, specialist = in_process()

    with pytest.raises(InvalidInput) as refusal:
        proposed(dossier, specialist, reason="", explanation=" ", legal_basis="")
    assert set(refusal.value.errors) == {"reason", "explanation", "legal_basis"}
    with pytest.raises(InvalidInput) as refusal:
        proposed(dossier, specialist, explanation="Hồ sơ không đạt.")
    assert list(refusal.value.errors) == ["explanation"]
    with pytest.raises(InvalidInput):
        proposed(dossier, specialist, reason=RefusalReason.WRONG_AGENCY)


def test_only_the_holder_proposes_and_only_once():
    dossier, specialist = in_process()

    for role in (Role.SPECIALIST, Role.SIGNER, Role.UNIT_LEADER):
        with pytest.raises(NotAllowed):
            proposed(dossier, actor_for(dossier, role))
    proposed(dossier, specialist)
    with pytest.raises(refusing.ProposedAlready):
        proposed(dossier, specialist)


def test_a_proposal_that_was_given_back_can_be_made_again():
    dossier, specialist = in_process()
    signer = actor_for(dossier, Role.SIGNER)
    proposed(dossier, specialist)

    with pytest.raises(InvalidInput):
        refusing.give_back(dossier_id=dossier.pk, note=" ", actor=signer, at=LATER)
    refusing.give_back(dossier_id=dossier.pk, note="Xem lại thời gian tạm trú.", actor=signer, at=LATER)
    proposed(dossier, specialist)

    dossier.refresh_from_db()
    assert dossier.status == Status.IN_PROCESS
    assert list(dossier.refusal_proposals.order_by("pk").values_list("is_granted", flat=True)) == [
        False,
        None,
    ]


def test_the_second_signer_hears_who_decided():
    dossier, specialist = in_process()
    first, second = actor_for(dossier, Role.SIGNER), actor_for(dossier, Role.SIGNER)
    proposed(dossier, specialist)
    refusing.grant(dossier_id=dossier.pk, actor=first, at=LATER)

    with pytest.raises(guards.AlreadyDone) as refusal:
        refusing.grant(dossier_id=dossier.pk, actor=second, at=LATER)
    assert first.display_name in str(refusal.value)
    assert told("dossier.refuse") == 1


def test_nothing_is_refused_that_nobody_proposed():
    dossier, specialist = in_process()

    with pytest.raises(refusing.NothingProposed):
        refusing.grant(dossier_id=dossier.pk, actor=actor_for(dossier, Role.SIGNER), at=LATER)
    with pytest.raises(NotAllowed):
        refusing.grant(dossier_id=dossier.pk, actor=specialist, at=LATER)


def test_the_holder_refuses_what_was_not_supplemented_in_time():
    request = waiting(Status.PROCESS_SUPPLEMENT, at=MONDAY)
    dossier = request.dossier
    dossier.refresh_from_db()
    holder = the_holder(dossier)
    values = {"reason": "missing_unrepaired", "explanation": WHY, "legal_basis": BASIS, "actor": holder}

    with pytest.raises(refusing.LimitNotPassed):
        refusing.refuse_unanswered(dossier_id=dossier.pk, at=request.due_at, **values)
    over = request.due_at + timedelta(minutes=5)
    dossier = refusing.refuse_unanswered(dossier_id=dossier.pk, at=over, **values)

    assert (dossier.status, dossier.outcome) == (Status.COMPLETED, Outcome.REFUSED)
    request.refresh_from_db()
    assert request.state == SupplementState.LAPSED
    assert dossier.refusal_proposals.get().decided_at == over
    assert not lateness.is_late(dossier, at=over)  # the clock stood still


def the_holder(dossier):
    return officer_actor(dossier.competent_agency, Role.SPECIALIST, officer=dossier.current_handler)


# Reroute

REASON = "Nơi cư trú ghi trong tờ khai thuộc phường Sơn Trà, không thuộc phường này."


def test_a_filing_goes_to_the_right_unit_and_is_due_when_it_was():
    dossier, right = submitted(at=in_march(2, 8)), AgencyFactory.create()
    due = dossier.accept_due_at

    moved = rerouting.reroute(
        dossier_id=dossier.pk, unit_id=right.pk, reason=REASON, actor=one_stop(dossier), at=MONDAY
    )

    assert moved.status == Status.SUBMITTED
    assert moved.received_at_unit == moved.competent_agency == right
    assert moved.accept_due_at == moved.next_due_at == due
    event = moved.events.latest("seq")
    assert (event.action, event.data["to_unit"], event.note) == ("reroute", right.code, REASON)
    assert told("dossier.reroute") == 1


def test_unit_and_reason_are_needed():
    dossier = submitted()

    for unit_id in (None, dossier.received_at_unit_id, 0):
        with pytest.raises(InvalidInput) as refusal:
            rerouting.reroute(
                dossier_id=dossier.pk, unit_id=unit_id, reason=" ", actor=one_stop(dossier), at=MONDAY
            )
        assert set(refusal.value.errors) == {"unit", "reason"}


def test_the_left_unit_can_do_nothing_any_more():
    dossier, right = submitted(), AgencyFactory.create()
    officer = one_stop(dossier)
    rerouting.reroute(dossier_id=dossier.pk, unit_id=right.pk, reason=REASON, actor=officer, at=MONDAY)

    with pytest.raises(NotAllowed):
        rerouting.reroute(dossier_id=dossier.pk, unit_id=right.pk, reason=REASON, actor=officer, at=MONDAY)


def test_what_was_accepted_is_not_rerouted():
    dossier, _specialist = in_process()

    with pytest.raises((IllegalMove, guards.AlreadyDone)):
        rerouting.require_reroutable(dossier=dossier, actor=one_stop(dossier))
