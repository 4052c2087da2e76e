"""L04: refused at intake because another agency decides: form 03 names it, message 3, and nobody was late."""

from __future__ import annotations

import pytest

from dossiers import lateness
from dossiers.services import intake
from dossiers.states import Action, Form, Outcome, Status
from dossiers.transitions import MOVES
from tests.dossiers.lists import in_march, one_stop, submitted
from tests.dossiers.turns import told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def test_l04_wrong_agency():
    dossier = submitted(at=in_march(2, 8))

    dossier = intake.refuse(
        dossier_id=dossier.pk,
        reason="wrong_agency",
        explanation="Nơi cư trú của bạn thuộc phường khác nên phường này không giải quyết được.",
        right_agency="Ủy ban nhân dân phường Sơn Trà (minh họa)",
        actor=one_stop(dossier),
        at=in_march(2, 10),
    )

    assert (dossier.status, dossier.outcome) == (Status.INTAKE_REFUSED, Outcome.REFUSED)
    assert dossier.intake_refusal.right_agency == "Ủy ban nhân dân phường Sơn Trà (minh họa)"
    move = MOVES.find(status=Status.SUBMITTED, action=Action.REFUSE_INTAKE)
    assert move.papers == (Form.REFUSAL_NOTICE,)
    assert told("dossier.refuse_intake") == 1
    assert not lateness.is_late(dossier, at=in_march(30, 8))
