"""L05: a supplement asked for on the second day of five: the time limit counts anew, and the old due date stays in the history (T25)."""

from __future__ import annotations

from datetime import datetime

import pytest

from dossiers import lateness
from dossiers.services import supplement_checks
from dossiers.states import Action, Form, Status, SupplementState
from dossiers.transitions import MOVES
from tests.dossiers.lists import answer_all, asked, hand_in, in_march, in_process, one_stop
from tests.dossiers.turns import told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def test_l05_supplement_restart():
    dossier, specialist = in_process(supplement_policy="restart")
    assert dossier.due_at == in_march(9, 8)

    request = asked(dossier, by=specialist, at=in_march(4, 10))
    dossier.refresh_from_db()
    assert (dossier.status, dossier.next_due_at) == (Status.PROCESS_SUPPLEMENT, request.due_at)
    assert dossier.clock_intervals.get().stopped_at == in_march(4, 10)
    assert not lateness.is_late(dossier, at=in_march(10, 8))  # the clock stands still

    answer_all(request, at=in_march(9, 14))
    hand_in(request, at=in_march(9, 14))
    dossier = supplement_checks.confirm(dossier_id=dossier.pk, actor=one_stop(dossier), at=in_march(9, 15))

    assert dossier.status == Status.IN_PROCESS
    assert dossier.due_at == dossier.next_due_at == in_march(16, 15)
    assert dossier.original_due_at == in_march(9, 8)
    change = dossier.events.latest("seq").data["due_at"]
    assert datetime.fromisoformat(change["from"]) == in_march(9, 8)
    assert datetime.fromisoformat(change["to"]) == in_march(16, 15)
    request.refresh_from_db()
    assert request.state == SupplementState.SETTLED
    move = MOVES.find(status=Status.PROCESS_SUPPLEMENT, action=Action.SUPPLEMENT_RECEIVED)
    assert move.papers == (Form.RECEIPT,)  # printed anew with the new date
    assert told("dossier.request_supplement") == told("dossier.supplement_received") == 1
