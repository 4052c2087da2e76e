"""L09: late forecast, apology in time, a new date, finished inside it; the indicators count it as late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agencies.states import Role
from core.working_time import TIME_ZONE
from dossiers import lateness, services
from dossiers.services import extensions, issued_papers, steps
from dossiers.states import Action, Form, Status
from dossiers.transitions import MOVES
from tests.dossiers.turns import DUE, NEW_DUE
from tests.factories import NINE, DossierFactory, actor_for

pytestmark = pytest.mark.django_db

FORECAST = datetime(2026, 3, 4, 14, 0, tzinfo=TIME_ZONE)
"""Wednesday, three hours before the last moment of an apology (R10: T30)."""


def test_l09_apology():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    steps.plan(dossier, at=NINE)
    steps.pass_on(dossier, roles=[Role.ONE_STOP_OFFICER], officer_id=None, at=NINE)
    steps.send_back(dossier, to_role=Role.SPECIALIST, officer_id=None, by_id=None, at=FORECAST)

    drafted = extensions.draft_for(dossier.pk, at=FORECAST)
    assert drafted is not None
    assert drafted.is_drafted
    head = actor_for(dossier, Role.AGENCY_HEAD)
    dossier = extensions.approve(dossier_id=dossier.pk, actor=head, at=FORECAST)

    # form 04, one reschedule, in time
    event = dossier.events.latest("seq")
    assert MOVES.find(status=dossier.status, action=Action.EXTEND).papers == (Form.APOLOGY,)
    assert len(issued_papers.request(event_id=event.pk, forms=[Form.APOLOGY], at=FORECAST)) == 1
    assert event.data["is_late_apology"] is False
    assert (dossier.original_due_at, dossier.due_at, dossier.is_rescheduled) == (DUE, NEW_DUE, True)

    # visible to the citizen
    assert dossier.owner_person is not None
    assert dossier.owner_person.user is not None
    client = Client()
    client.force_login(dossier.owner_person.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("dossiers:detail", args=[dossier.tracking_no])).content.decode()
    assert "xin lỗi" in page
    assert "09:00, 09/03/2026" in page
    assert "09:00, 05/03/2026" in page

    # finished inside the new date, and late in the indicators
    inside = NEW_DUE - timedelta(hours=1)
    for action, role in (
        (Action.SUBMIT_FOR_SIGNATURE, Role.SPECIALIST),
        (Action.SIGN, Role.SIGNER),
        (Action.ISSUE, Role.CLERK),
    ):
        dossier = services.advance(
            dossier_id=dossier.pk, action=action, actor=actor_for(dossier, role), at=inside
        )
    assert dossier.completed_at is not None
    assert dossier.due_at is not None
    assert dossier.completed_at < dossier.due_at
    assert lateness.is_late(dossier, at=inside)
