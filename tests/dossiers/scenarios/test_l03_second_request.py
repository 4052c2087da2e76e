"""L03: a second request before the acceptance is blocked; a law and the leader's agreement open it, and are kept."""

from __future__ import annotations

import pytest

from agencies.states import Role
from core.errors import InvalidInput
from dossiers.states import Status
from tests.dossiers.lists import BASIS, answer_all, asked, hand_in, in_march, one_stop, submitted
from tests.factories import officer_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def test_l03_second_request():
    dossier = submitted(at=in_march(2, 8))
    officer = one_stop(dossier)
    request = asked(dossier, by=officer, at=in_march(2, 9))
    answer_all(request, at=in_march(2, 10))
    hand_in(request, at=in_march(2, 10))

    with pytest.raises(InvalidInput) as refusal:
        asked(dossier, by=officer, at=in_march(2, 14))
    assert set(refusal.value.errors) == {"override_basis", "approver"}
    dossier.refresh_from_db()
    assert dossier.status == Status.SUBMITTED
    assert dossier.supplements.count() == 1

    assert dossier.received_at_unit is not None
    leader = officer_actor(dossier.received_at_unit, Role.UNIT_LEADER)
    second = asked(
        dossier,
        by=officer,
        at=in_march(2, 14),
        override_basis=BASIS,
        approver_id=leader.officer_id,
    )
    assert second.override_basis == BASIS
    data = dossier.events.latest("seq").data
    assert (data["override_basis"], data["approved_by_id"]) == (BASIS, leader.officer_id)
