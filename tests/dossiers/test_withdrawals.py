"""Taking a dossier back: asked before a signature, decided by the unit's leader."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agencies.states import Role
from core.errors import Conflict, InvalidInput, NotAllowed
from dossiers import policies
from dossiers.models import ResultDraft, Withdrawal
from dossiers.services import guards, result_drafts, signing, withdrawals
from dossiers.states import DraftState, Outcome, PaymentState, Status, SupplementState
from dossiers.transitions import APPLICANT, IllegalMove
from tests.dossiers.test_signing_flow import Case, case  # noqa: F401
from tests.dossiers.turns import paid_dossier, told
from tests.factories import (
    NINE,
    DossierFactory,
    PersonFactory,
    actor_for,
    actor_of_person,
    officer_actor,
)

pytestmark = pytest.mark.django_db

LATER = NINE + timedelta(hours=2)


def ask(dossier, reason="Tôi đã làm thủ tục ở nơi khác."):
    return withdrawals.request(
        dossier_id=dossier.pk, reason=reason, actor=actor_for(dossier, APPLICANT), at=LATER
    )


def leader(dossier):
    dossier.refresh_from_db()
    return actor_for(dossier, Role.UNIT_LEADER)


def let_go(dossier, **changes):
    values = {"returns_originals": True, "refund_vnd": 0, "actor": leader(dossier), "at": LATER, **changes}
    return withdrawals.approve(dossier_id=dossier.pk, **values)


@pytest.mark.parametrize(
    "status",
    [
        Status.SUBMITTED,
        Status.ACCEPTED,
        Status.IN_PROCESS,
        Status.VERIFYING,
        Status.PROCESS_SUPPLEMENT,
        Status.AWAITING_PAYMENT,
        Status.AWAITING_SIGN_OFF,
    ],
)
def test_a_denied_withdrawal_leads_back_to_where_the_dossier_was(status):
    dossier = DossierFactory.create(reach=status)
    before = (dossier.next_due_at, dossier.due_at, dossier.payment_state)

    ask(dossier)
    withdrawals.deny(
        dossier_id=dossier.pk, note="Kết quả đã soạn xong, chỉ còn ký.", actor=leader(dossier), at=LATER
    )

    dossier.refresh_from_db()
    assert dossier.status == status
    assert (dossier.next_due_at, dossier.due_at, dossier.payment_state) == before
    withdrawal = dossier.withdrawals.get()
    assert (withdrawal.is_granted, withdrawal.decided_at) == (False, LATER)


def test_a_denied_one_can_be_asked_for_again():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    for _ in range(2):
        ask(dossier)
        withdrawals.deny(dossier_id=dossier.pk, note="Chưa nêu rõ lý do.", actor=leader(dossier), at=LATER)

    assert dossier.withdrawals.count() == 2


def test_before_acceptance_the_receiving_units_leader_decides():
    dossier = DossierFactory.create(reach=Status.SUBMITTED, competent_agency=None)
    dossier.competent_agency = DossierFactory.create().received_at_unit
    dossier.save()
    ask(dossier)
    dossier.refresh_from_db()
    unit, agency = dossier.received_at_unit, dossier.competent_agency
    assert unit is not None
    assert agency is not None

    with pytest.raises(NotAllowed):
        let_go(dossier, actor=officer_actor(agency, Role.UNIT_LEADER))
    assert let_go(dossier, actor=officer_actor(unit, Role.UNIT_LEADER)).outcome == Outcome.WITHDRAWN


def test_nobody_withdraws_what_is_not_theirs():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)

    with pytest.raises(NotAllowed):
        withdrawals.request(
            dossier_id=dossier.pk, reason="Rút", actor=actor_of_person(PersonFactory.create()), at=LATER
        )


def test_a_reason_is_needed():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)

    for reason in ("", "  ", "x" * 2001):
        with pytest.raises(InvalidInput) as refusal:
            ask(dossier, reason)
        assert list(refusal.value.errors) == ["reason"]
    assert not Withdrawal.objects.exists()


def test_a_denial_needs_a_reason_as_well():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    ask(dossier)

    with pytest.raises(InvalidInput) as refusal:
        withdrawals.deny(dossier_id=dossier.pk, note=" ", actor=leader(dossier), at=LATER)
    assert list(refusal.value.errors) == ["note"]


def test_it_is_asked_for_once():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    ask(dossier)

    with pytest.raises(withdrawals.AskedAlready):
        ask(dossier)
    assert told("dossier.request_withdrawal") == 1


@pytest.mark.parametrize("status", [Status.SIGNED, Status.COMPLETED, Status.RETURNED])
def test_after_the_signature_there_is_nothing_to_withdraw(status):
    with pytest.raises(withdrawals.SignedAlready):
        ask(DossierFactory.create(reach=status))


@pytest.mark.parametrize("status", [Status.DRAFT, Status.INTAKE_REFUSED, Status.STOPPED, Status.ARCHIVED])
def test_what_is_not_open_is_not_withdrawn(status):
    dossier = DossierFactory.create(reach=status)
    if status == Status.STOPPED:
        dossier.refresh_from_db()
    with pytest.raises(IllegalMove):
        ask(dossier)


def test_a_dossier_of_a_ministrys_system_is_withdrawn_there():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    dossier.is_mirror = True
    dossier.save()

    with pytest.raises(policies.ReadOnly):
        ask(dossier)


def test_the_second_leader_hears_who_decided():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    ask(dossier)
    first, second = leader(dossier), leader(dossier)
    let_go(dossier, actor=first)

    with pytest.raises(guards.AlreadyDone) as refusal:
        withdrawals.deny(dossier_id=dossier.pk, note="Không", actor=second, at=LATER)
    assert first.display_name in str(refusal.value)


# Money, questions


def test_what_was_paid_is_to_be_refunded():
    dossier = paid_dossier(60_000)
    ask(dossier)

    stopped = let_go(dossier, refund_vnd=60_000)

    assert stopped.payment_state == PaymentState.REFUND_DUE
    assert dossier.withdrawals.get().refund_vnd == 60_000


def test_no_more_is_refunded_than_was_paid():
    dossier = paid_dossier(60_000)
    ask(dossier)

    for amount in (60_001, -1):
        with pytest.raises(InvalidInput) as refusal:
            let_go(dossier, refund_vnd=amount)
        assert list(refusal.value.errors) == ["refund_vnd"]


def test_nothing_is_refunded_where_nothing_was_paid():
    dossier = DossierFactory.create(reach=Status.AWAITING_PAYMENT)
    ask(dossier)

    with pytest.raises(InvalidInput):
        let_go(dossier, refund_vnd=1)
    assert let_go(dossier).payment_state == PaymentState.NOT_DUE


def test_nobody_has_to_answer_a_request_for_a_supplement_any_more():
    dossier = DossierFactory.create(reach=Status.PROCESS_SUPPLEMENT)
    dossier.supplements.create(
        phase="process",
        asked_by_id=actor_for(dossier, Role.SPECIALIST).officer_id or 0,
        asked_at=NINE,
        due_at=NINE + timedelta(days=10),
    )
    ask(dossier)

    let_go(dossier)

    assert dossier.supplements.get().state == SupplementState.WITHDRAWN


# While a file is made or signed


def test_a_draft_that_is_being_signed_is_not_signed(case: Case, monkeypatch):  # noqa: F811
    """The worker holds the key in its hand when the request comes in."""
    case.submit()
    case.ask_to_sign()
    made = signing._signed

    def signed_while_withdrawn(*args, **kwargs):
        ask(case.dossier)
        return made(*args, **kwargs)

    monkeypatch.setattr(signing, "_signed", signed_while_withdrawn)
    signing.sign(draft_id=case.draft.pk, at=LATER)

    assert case.status() == Status.WITHDRAWAL_REQUESTED
    draft = case.draft
    assert (draft.state, draft.signed_sha256, draft.signed_file.name) == (DraftState.READY, "", "")
    assert "xin rút" in draft.last_error


def test_a_withdrawal_that_is_denied_at_once_still_asks_the_signer_again(case: Case):  # noqa: F811
    case.submit()
    case.ask_to_sign()
    ask(case.dossier)
    withdrawals.deny(
        dossier_id=case.dossier.pk, note="Kết quả đã soạn xong.", actor=leader(case.dossier), at=LATER
    )

    signing.sign(draft_id=case.draft.pk, at=LATER)

    assert case.status() == Status.AWAITING_SIGN_OFF
    assert case.draft.state == DraftState.READY
    case.sign()
    assert case.status() == Status.SIGNED


def test_a_draft_that_is_being_made_goes_back_to_its_author(case: Case):  # noqa: F811
    case.save()
    result_drafts.request_signature(dossier_id=case.dossier.pk, actor=case.specialist, at=NINE)
    ask(case.dossier)

    result_drafts.render(draft_id=case.draft.pk, at=LATER)

    assert case.status() == Status.WITHDRAWAL_REQUESTED
    assert ResultDraft.objects.get().state == DraftState.EDITING


def test_conflicts_are_told_with_what_to_do_next():
    for refusal in (withdrawals.SignedAlready, withdrawals.AskedAlready):
        assert issubclass(refusal, Conflict)
        assert str(refusal()).endswith(".")
