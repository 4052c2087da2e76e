"""L22: refused on substance within the time limit: completed with the outcome "refused", message 3, on time."""

from __future__ import annotations

import pytest

from agencies.states import Role
from dossiers import lateness
from dossiers.services import refusing
from dossiers.states import Action, Form, Outcome, Status
from dossiers.transitions import MOVES
from tests.dossiers.lists import BASIS, WHY, in_march, in_process
from tests.dossiers.turns import told
from tests.factories import actor_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def test_l22_refused_on_substance():
    dossier, specialist = in_process()

    refusing.propose(
        dossier_id=dossier.pk,
        reason="not_eligible",
        explanation=WHY,
        legal_basis=BASIS,
        actor=specialist,
        at=in_march(4, 10),
    )
    dossier.refresh_from_db()
    assert dossier.status == Status.IN_PROCESS

    dossier = refusing.grant(dossier_id=dossier.pk, actor=actor_for(dossier, Role.SIGNER), at=in_march(5, 9))

    assert (dossier.status, dossier.outcome) == (Status.COMPLETED, Outcome.REFUSED)
    assert (dossier.completed_at, dossier.next_due_at) == (in_march(5, 9), None)
    assert not lateness.is_late(dossier, at=in_march(30, 9))
    move = MOVES.find(status=Status.IN_PROCESS, action=Action.REFUSE)
    assert Form.REFUSAL_NOTICE in move.papers
    proposal = dossier.refusal_proposals.get()
    assert (proposal.is_granted, proposal.legal_basis) == (True, BASIS)
    assert dossier.events.latest("seq").note == WHY
    assert told("dossier.refuse") == 1
