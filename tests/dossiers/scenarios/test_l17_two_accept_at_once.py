"""L17: two officers accept one dossier at the same time: one succeeds, the other is told; one code, one line."""

from __future__ import annotations

import pytest
from django.db import connections

from agencies.states import Role
from core.errors import Conflict
from dossiers.models import CodeCounter, Dossier, RegisterLine
from dossiers.services import intake, register
from dossiers.services.guards import AlreadyDone
from dossiers.states import Action
from outbox.models import Message
from tests.dossiers.lists import check_all, in_march, submitted
from tests.factories import actor_for
from tests.threads import in_two_threads

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_scanner")]


def test_l17_two_accept_at_once():
    dossier = submitted()
    officers = [actor_for(dossier, Role.ONE_STOP_OFFICER) for _ in range(2)]
    check_all(dossier, officers[0])
    waiting = iter(officers)

    def accept() -> Dossier | Conflict:
        try:
            return intake.accept(dossier_id=dossier.pk, actor=next(waiting), at=in_march(2, 8, 30))
        except Conflict as refusal:
            return refusal

    answers = in_two_threads(accept, after=connections.close_all)

    (accepted,) = [one for one in answers if isinstance(one, Dossier)]
    (refusal,) = [one for one in answers if isinstance(one, Conflict)]
    event = dossier.events.get(action=Action.ACCEPT)
    assert isinstance(refusal, AlreadyDone)
    assert event.actor_name in str(refusal)  # who was faster
    assert accepted.code == f"{accepted.received_at_unit.code}-260302-0001"
    assert CodeCounter.objects.get().last == 1  # and no number was used up for the other
    for message in Message.objects.filter(topic="dossier.accept"):
        register.enter(dossier_id=message.payload["dossier_id"])
    assert RegisterLine.objects.get().dossier_id == dossier.pk
    assert Message.objects.filter(topic="dossier.accept").count() == 1
