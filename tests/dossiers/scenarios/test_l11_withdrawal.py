"""L11: withdrawn before the signature, after a fee was paid: form 05, refund task, originals returned.

The payments room will add the e-receipt, and pay the refund out by itself where the money came through it.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from agencies.states import Role
from dossiers.services import archiving, withdrawals
from dossiers.states import Action, Form, Outcome, PaymentState, Status
from dossiers.transitions import APPLICANT, MOVES
from tests.dossiers.turns import WEDNESDAY, paid_dossier, told
from tests.factories import actor_for

pytestmark = pytest.mark.django_db


def test_l11_withdrawal():
    dossier = paid_dossier(60_000)

    dossier = withdrawals.request(
        dossier_id=dossier.pk,
        reason="Gia đình tôi đã thỏa thuận xong, không cần xác nhận nữa.",
        actor=actor_for(dossier, APPLICANT),
        at=WEDNESDAY,
    )
    assert dossier.status == Status.WITHDRAWAL_REQUESTED
    decided_at = WEDNESDAY + timedelta(hours=3)
    dossier = withdrawals.approve(
        dossier_id=dossier.pk,
        returns_originals=True,
        refund_vnd=60_000,
        actor=actor_for(dossier, Role.UNIT_LEADER),
        at=decided_at,
    )

    assert (dossier.status, dossier.outcome) == (Status.STOPPED, Outcome.WITHDRAWN)
    move = MOVES.find(status=Status.WITHDRAWAL_REQUESTED, action=Action.APPROVE_WITHDRAWAL)
    assert move.papers == (Form.STOP_NOTICE,)
    withdrawal = dossier.withdrawals.get()
    assert (withdrawal.returns_originals, withdrawal.refund_vnd) == (True, 60_000)
    assert dossier.payment_state == PaymentState.REFUND_DUE
    assert dossier.events.latest("seq").data["stage"] == Status.IN_PROCESS
    assert told("dossier.request_withdrawal") == told("dossier.approve_withdrawal") == 1
    # the task is not forgotten: the file is not closed before the money is back
    assert dossier.pk not in archiving.due(at=decided_at + timedelta(days=365))
