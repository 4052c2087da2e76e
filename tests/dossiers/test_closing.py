"""However a dossier ends, what it asked of others is closed with the reason, and the asked are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import User
from agencies.states import Role
from core.actor import Actor
from dossiers import opinions_page, services
from dossiers.models import Dossier, Extension, Obligation, Opinion, RefusalProposal, Verification
from dossiers.services import closing, opinions, stopping, withdrawals
from dossiers.states import Action, LateReason, RefusalReason, Status, SupplementState
from dossiers.transitions import MOVES
from notifications.models import Notice, OfficerLetter
from outbox import services as outbox
from outbox.models import Message
from supervision import facts
from tests.dossiers.inquiries import TEN, answered, asked, in_process, notified, verifying
from tests.factories import (
    NINE,
    WAYS,
    AgencyFactory,
    DossierFactory,
    OfficerFactory,
    actor_for,
    officer_actor,
)

pytestmark = pytest.mark.django_db

LATER = TEN + timedelta(hours=1)
ENDINGS = sorted(
    (source, action)
    for source, action in MOVES
    if source not in closing.ENDED and MOVES.find(status=source, action=action).target in closing.ENDED
)
"""Every move of the table that ends a dossier."""


def ask_everything(dossier: Dossier) -> None:
    """Leave every kind of question open, as no dossier would have them all at once."""
    officer = OfficerFactory.create()
    Opinion.objects.create(
        dossier=dossier,
        agency=AgencyFactory.create(),
        question="Có trong quy hoạch không?",
        asked_by=officer,
        asked_at=NINE,
        due_at=NINE + timedelta(days=3),
    )
    Verification.objects.create(
        dossier=dossier,
        purpose="Đo lối đi",
        place="Kiệt 12",
        planned_at=NINE + timedelta(days=1),
        needs_presence=True,
        started_by=officer,
        started_at=NINE,
    )
    Obligation.objects.create(
        dossier=dossier, amount_vnd=1, basis="Nghị quyết", due_at=NINE + timedelta(days=3), notified_at=NINE
    )
    dossier.supplements.create(
        phase="process", asked_by=officer, asked_at=NINE, due_at=NINE + timedelta(days=30)
    )
    Extension.objects.create(
        dossier=dossier,
        reason=LateReason.WORKLOAD,
        explanation="…",
        old_due_at=NINE,
        new_due_at=NINE + timedelta(days=1),
        proposed_at=NINE,
    )
    RefusalProposal.objects.create(
        dossier=dossier,
        reason=RefusalReason.NOT_ELIGIBLE,
        explanation="…",
        legal_basis="…",
        proposed_by=officer,
        proposed_at=NINE,
    )


def test_the_ways_to_end_are_those_that_the_law_names():
    assert {action for _source, action in ENDINGS} == {
        Action.REFUSE_INTAKE,
        Action.REFUSE,
        Action.ISSUE,
        Action.COMPLETE_BUNDLE,
        Action.APPROVE_WITHDRAWAL,
        Action.LAPSE,
        Action.STOP,
    }


@pytest.mark.parametrize(("status", "action"), ENDINGS, ids=str)
def test_every_move_that_ends_a_dossier_closes_what_is_open_with_its_reason(status, action):
    dossier = DossierFactory.create(reach=status)
    ask_everything(dossier)
    actor = actor_for(dossier, sorted(MOVES.find(status=status, action=action).by)[0])

    services.advance(dossier_id=dossier.pk, action=action, actor=actor, at=LATER, note="Lý do")

    opinion, verification = dossier.opinions.get(), dossier.verifications.get()
    obligation, supplement = dossier.obligations.get(), dossier.supplements.get()
    assert (opinion.closed_at, opinion.closed_because) == (LATER, action.label)
    assert (verification.closed_at, verification.closed_because) == (LATER, action.label)
    assert (obligation.cancelled_at, obligation.cancelled_because) == (LATER, action.label)
    assert (supplement.state, supplement.closed_at) == (SupplementState.WITHDRAWN, LATER)
    assert supplement.closed_with == action
    assert (dossier.extensions.get().is_granted, dossier.refusal_proposals.get().is_granted) == (False, False)
    told = Message.objects.filter(key=dossier.tracking_no).values_list("topic", flat=True)
    assert {closing.OPINIONS_CLOSED, closing.PAYMENT_CALLED_OFF, closing.PRESENCE_CALLED_OFF} <= set(told)


@pytest.mark.parametrize("status", [status for status in WAYS if status not in closing.ENDED], ids=str)
def test_a_move_that_ends_nothing_closes_nothing(status):
    dossier = DossierFactory.create(reach=status)
    ask_everything(dossier)
    action: Action | None
    if status == Status.WITHDRAWAL_REQUESTED:
        action = Action.DENY_WITHDRAWAL
    else:
        action = next(
            (
                named
                for source, named in MOVES
                if source == status and MOVES.find(status=status, action=named).target not in closing.ENDED
            ),
            None,
        )
    if action is None:
        return
    actor = actor_for(dossier, sorted(MOVES.find(status=status, action=action).by)[0])

    services.advance(dossier_id=dossier.pk, action=action, actor=actor, at=LATER, note="Lý do")

    assert dossier.opinions.get().is_open


def stopped(dossier: Dossier) -> None:
    stopping.stop(
        dossier_id=dossier.pk,
        reason="Quyết định của tòa án số 5/QĐ ngày 01/03/2026.",
        returns_originals=False,
        refund_vnd=0,
        actor=actor_for(dossier, Role.AGENCY_HEAD),
        at=LATER,
    )


def withdrawn(dossier: Dossier) -> None:
    withdrawals.request(
        dossier_id=dossier.pk, reason="Không cần nữa", actor=actor_for(dossier, "applicant"), at=LATER
    )
    withdrawals.approve(
        dossier_id=dossier.pk,
        returns_originals=False,
        refund_vnd=0,
        actor=actor_for(dossier, Role.UNIT_LEADER),
        at=LATER,
    )


def asked_of_somebody(dossier: Dossier, specialist: Actor) -> Opinion:
    opinion = asked(dossier, specialist)[0]
    somebody = officer_actor(opinion.agency, Role.SPECIALIST)
    assert somebody.user_id is not None
    User.objects.filter(pk=somebody.user_id).update(email="chuyenvien@example.vn")
    return opinion


@pytest.mark.parametrize("end", [stopped, withdrawn])
def test_the_asked_agency_is_told_that_nobody_waits_and_finds_the_question_closed(
    end: Callable[[Dossier], None],
):
    dossier, specialist = in_process()
    opinion = asked_of_somebody(dossier, specialist)

    end(dossier)
    outbox.relay(at=LATER)

    opinion.refresh_from_db()
    letter = OfficerLetter.objects.get(key__endswith="closed")
    assert opinion.agency.name not in letter.subject
    assert "không cần ý kiến" in letter.subject
    assert opinion.closed_because.lower() in letter.body
    assert dossier.owner_person.full_name not in letter.body
    somebody = officer_actor(opinion.agency, Role.SPECIALIST)
    assert somebody.user_id is not None
    assert opinions_page.waiting_count(somebody) == 0
    with pytest.raises(opinions.NobodyWaits):
        answered(opinion, at=LATER)


def test_an_answer_that_came_before_the_end_stays_as_it_was():
    dossier, specialist = in_process()
    opinion = asked(dossier, specialist)[0]
    answered(opinion, at=TEN)

    stopped(dossier)

    opinion.refresh_from_db()
    assert (opinion.answered_at, opinion.closed_at) == (TEN, None)
    assert not Message.objects.filter(topic=closing.OPINIONS_CLOSED).exists()


def test_the_applicant_hears_that_the_notified_money_must_not_be_paid():
    dossier, specialist = in_process()
    notified(dossier, specialist)

    stopped(dossier)
    outbox.relay(at=LATER)

    assert Notice.objects.filter(topic=closing.PAYMENT_CALLED_OFF, dossier=dossier).count() == 1


@pytest.mark.parametrize(("needs_presence", "told"), [(True, 1), (False, 0)])
def test_the_applicant_hears_that_nobody_expects_them_at_a_verification(needs_presence, told):
    dossier, specialist = in_process()
    verifying(dossier, specialist, needs_presence=needs_presence)

    stopped(dossier)
    outbox.relay(at=LATER)

    assert Notice.objects.filter(topic=closing.PRESENCE_CALLED_OFF, dossier=dossier).count() == told


def test_a_dossier_under_correction_can_ask_again_and_is_answered():
    dossier, specialist = in_process()
    asked(dossier, specialist)
    opinions.go_on(dossier_id=dossier.pk, reason="Quá hạn trả lời.", actor=specialist, at=LATER)
    for action, role in (
        (Action.SUBMIT_FOR_SIGNATURE, Role.SPECIALIST),
        (Action.SIGN, Role.SIGNER),
        (Action.ISSUE, Role.CLERK),
        (Action.CORRECT_RESULT, Role.SIGNER),
    ):
        services.advance(
            dossier_id=dossier.pk, action=action, actor=actor_for(dossier, role), at=LATER, note="Sai tên"
        )
    Dossier.objects.filter(pk=dossier.pk).update(current_handler=specialist.officer_id)

    again = asked(dossier, specialist, at=LATER)[0]

    assert answered(again, at=LATER).answered_at == LATER


def test_no_alert_waits_for_a_closed_question():
    dossier, specialist = in_process()
    asked(dossier, specialist)
    dossier.refresh_from_db()
    known = facts.of(dossier)
    assert known is not None
    assert len(known.opinions) == 1

    stopped(dossier)

    dossier.refresh_from_db()
    after = facts.of(dossier)
    assert after is None or after.opinions == ()
