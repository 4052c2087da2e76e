"""Who hears of a late dossier, who may look at it, and who may say that they have taken it on; the table is the rule."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse

from dossiers.states import Status
from supervision.models import Alert
from supervision.states import AlertKind, AlertState
from tests.factories import NINE
from tests.permissions.world import (
    ANYBODY,
    CLERK,
    COLLEAGUE,
    CONTROL,
    DEACTIVATED,
    ELSEWHERE,
    HEAD,
    IOC,
    LEADER,
    ONE_STOP,
    OWNER,
    RECEIVERS_ROLES,
    SIGNER,
    SPECIALIST,
    World,
)

pytestmark = pytest.mark.django_db

DONE, REFUSED, HIDDEN = 302, 403, 404
NOT_SIGNED_IN = {ANYBODY, DEACTIVATED}

AT_THE_WARD, AT_THE_DEPARTMENT = "ward", "department"
TOLD = {
    (AlertKind.NOT_ACCEPTED, AT_THE_WARD): {ONE_STOP, RECEIVERS_ROLES},
    (AlertKind.NEAR_DUE, AT_THE_DEPARTMENT): {SPECIALIST, LEADER},
    (AlertKind.OVERDUE, AT_THE_DEPARTMENT): {SPECIALIST, LEADER, HEAD, CONTROL},
    (AlertKind.APOLOGY_DUE, AT_THE_DEPARTMENT): {SPECIALIST, HEAD},
}
"""Who is told an alert of this kind at this agency, about a dossier that the specialist holds."""
OVERSEEN = {
    AT_THE_WARD: {
        RECEIVERS_ROLES,
        ELSEWHERE,
        IOC,
    },  # the first two hold more than one role, the latter the city's eye as well
    AT_THE_DEPARTMENT: {HEAD, CONTROL, ELSEWHERE, IOC},
}
"""Who looks at it all the same."""


def raised(world: World, kind: AlertKind, place: str) -> Alert:
    return Alert.objects.create(
        dossier=world.dossiers[OWNER, Status.IN_PROCESS],
        kind=kind,
        agency=getattr(world, place),
        handler=world.officers[SPECIALIST] if place == AT_THE_DEPARTMENT else None,
        limit_at=NINE,
        raised_at=NINE,
    )


@pytest.mark.parametrize(("kind", "place"), TOLD, ids=str)
def test_every_person_sees_what_they_are_told_or_look_over(world: World, kind: AlertKind, place: str):
    alert = raised(world, kind, place)
    told, sees = TOLD[kind, place], TOLD[kind, place] | OVERSEEN[place]
    address = reverse("supervision:alerts")
    problems = []
    for who in world.users:
        for everything, expected in (("", told), ("on", sees)):
            answer = world.visit(who, address, "GET", {"pham_vi": everything} if everything else None)
            shown = alert.dossier.reference.encode() in answer.content
            # Without an office to look over, the wider list is the ordinary one.
            if shown != (who in expected):
                problems.append(f"{who}: {'shown' if shown else 'not shown'} (pham_vi={everything!r})")

    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(("kind", "place"), TOLD, ids=str)
def test_only_those_who_are_told_may_take_it_on(world: World, kind: AlertKind, place: str):
    alert = raised(world, kind, place)
    told, sees = TOLD[kind, place], TOLD[kind, place] | OVERSEEN[place]
    problems = []
    for who in world.users:
        with transaction.atomic():
            answer = world.visit(who, reverse("supervision:acknowledge"), "POST", {"alert": alert.pk})
            alert.refresh_from_db()
            taken = alert.state == AlertState.ACKNOWLEDGED
            transaction.set_rollback(True)
        officer = who in world.officers and who not in NOT_SIGNED_IN
        wanted = HIDDEN if officer else REFUSED
        wanted = REFUSED if who in sees else wanted
        wanted = DONE if who in told or who in NOT_SIGNED_IN else wanted
        if (answer.status_code, taken) != (wanted, who in told):
            problems.append(f"{who}: {answer.status_code}, taken on: {taken}")

    assert not problems, "\n".join(problems)


def test_the_summary_is_for_those_who_look_over_something(world: World):
    allowed = {HEAD, CONTROL, RECEIVERS_ROLES, ELSEWHERE, IOC}
    address = reverse("supervision:summary")

    got = {who: world.visit(who, address).status_code for who in world.users}

    expected = {
        who: DONE if who in NOT_SIGNED_IN else 200 if who in allowed else REFUSED for who in world.users
    }
    assert got == expected


def test_an_alert_at_another_agency_and_one_that_is_not_there_get_the_same_answer(world: World):
    alert = raised(world, AlertKind.NOT_ACCEPTED, AT_THE_WARD)
    address = reverse("supervision:acknowledge")

    answers = [
        world.visit(who, address, "POST", {"alert": pk}).status_code
        for who in (COLLEAGUE, SIGNER, CLERK)
        for pk in (alert.pk, alert.pk + 1000)
    ]

    assert set(answers) == {HIDDEN}
