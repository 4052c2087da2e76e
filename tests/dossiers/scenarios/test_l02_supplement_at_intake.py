"""L02: filed incomplete, one supplement before the acceptance, accepted: form 02 once, the clock from the acceptance."""

from __future__ import annotations

import pytest

from dossiers.services import intake
from dossiers.states import CheckState, Form, Status, SupplementState
from dossiers.transitions import MOVES
from tests.dossiers.lists import answer_all, asked, check_all, hand_in, in_march, one_stop, submitted
from tests.dossiers.turns import told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def test_l02_supplement_at_intake():
    dossier = submitted(at=in_march(2, 8))
    officer = one_stop(dossier)
    paper = dossier.components.get()
    intake.check_component(
        component_id=paper.pk, state=CheckState.WRONG, note="Bản chụp bị mờ", actor=officer
    )

    request = asked(dossier, by=officer, at=in_march(2, 9))
    dossier.refresh_from_db()
    assert dossier.status == Status.INTAKE_SUPPLEMENT
    assert dossier.next_due_at == request.due_at == in_march(31, 17) + (in_march(2, 17) - in_march(1, 17))
    assert not dossier.clock_intervals.exists()

    answer_all(request, at=in_march(4, 20))
    dossier = hand_in(request, at=in_march(4, 20, 30))
    assert dossier.status == Status.SUBMITTED
    # handed in at night: the acceptance counts anew from the next morning, in full (R8)
    assert dossier.accept_due_at == dossier.next_due_at == in_march(5, 11, 30)

    check_all(dossier, officer)
    dossier = intake.accept(dossier_id=dossier.pk, actor=officer, at=in_march(5, 9))

    assert dossier.clock_intervals.get().started_at == in_march(5, 9)
    assert dossier.due_at == in_march(10, 9)
    request.refresh_from_db()
    assert request.state == SupplementState.SETTLED
    actions = [event.action for event in dossier.events.order_by("seq")]
    assert actions == ["submit", "request_supplement", "resubmit", "accept", "forward"]
    forms = [
        MOVES.find(status=event.from_status, action=event.action).papers for event in dossier.events.all()
    ]
    assert sum(Form.SUPPLEMENT_NOTICE in papers for papers in forms) == 1
    assert told("dossier.request_supplement") == 1
