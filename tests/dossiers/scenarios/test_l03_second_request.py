"""L03: a second request before the acceptance is blocked; a law and the leader's approval open it, and are kept."""

from __future__ import annotations

import pytest

from agencies.states import Role
from core.errors import InvalidInput
from dossiers.services import further_supplements, supplements
from dossiers.services.supplements import Asking
from dossiers.states import Action, Status
from tests.dossiers.lists import (
    BASIS,
    answer_all,
    asked,
    hand_in,
    in_march,
    one_stop,
    submitted,
    whole_list,
)
from tests.factories import officer_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def test_l03_second_request():
    dossier = submitted(at=in_march(2, 8))
    officer = one_stop(dossier)
    request = asked(dossier, by=officer, at=in_march(2, 9))
    answer_all(request, at=in_march(2, 10))
    hand_in(request, at=in_march(2, 10))

    with pytest.raises(supplements.NeedsApproval):
        asked(dossier, by=officer, at=in_march(2, 14))
    with pytest.raises(InvalidInput) as refusal:
        further_supplements.propose(
            dossier_id=dossier.pk, asking=Asking(whole_list(dossier)), actor=officer, at=in_march(2, 14)
        )
    assert set(refusal.value.errors) == {"basis"}
    dossier.refresh_from_db()
    assert dossier.status == Status.SUBMITTED
    assert dossier.supplements.count() == 1

    assert dossier.received_at_unit is not None
    leader = officer_actor(dossier.received_at_unit, Role.UNIT_LEADER)
    asking = Asking(whole_list(dossier), basis=BASIS)
    further_supplements.propose(dossier_id=dossier.pk, asking=asking, actor=officer, at=in_march(2, 14))
    second = further_supplements.approve(dossier_id=dossier.pk, actor=leader, at=in_march(2, 15))

    assert (second.override_basis, second.asked_by_id) == (BASIS, officer.officer_id)
    event = dossier.events.latest("seq")
    assert (event.action, event.actor_name) == (Action.APPROVE_SUPPLEMENT, leader.display_name)
    assert (event.data["override_basis"], event.data["proposed_by_id"]) == (BASIS, officer.officer_id)
