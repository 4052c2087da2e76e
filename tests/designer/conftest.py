from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Officer, OfficerRole
from agencies.states import Role
from core.actor import Actor, ActorKind, Grant
from core.working_time import TIME_ZONE
from procedures import document, services
from procedures.models import ProcedureVersion
from tests.factories import LONG_AGO, AgencyFactory, OfficerFactory
from tests.procedures.test_lint import GOOD

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=TIME_ZONE)
KEEPER = Actor(
    kind=ActorKind.OFFICER,
    display_name="Cán bộ kiểm soát (minh họa)",
    officer_id=1,
    grants=frozenset({Grant(Role.PROCEDURE_CONTROL_OFFICER, 1)}),
)


@pytest.fixture
def officer_as(db: None) -> Callable[[str], Client]:
    """Give a browser in which an officer with a role is signed in."""

    def signed_in(role: str) -> Client:
        officer: Officer = OfficerFactory.create()
        OfficerRole.objects.create(
            officer=officer, agency=AgencyFactory.create(), role=role, valid_from=LONG_AGO
        )
        client = Client()
        client.force_login(officer.user)
        return client

    return signed_in


@pytest.fixture
def keeper(officer_as: Callable[[str], Client]) -> Client:
    return officer_as(Role.PROCEDURE_CONTROL_OFFICER)


@pytest.fixture
def draft(db: None) -> ProcedureVersion:
    """A draft of a good service."""
    return services.bring_in(document=document.parse(GOOD), actor=KEEPER, at=NOON)


def address(page: str, version: ProcedureVersion, /, **more: Any) -> str:
    return reverse(
        f"designer:{page}", kwargs={"code": version.procedure.code, "version_no": version.version_no, **more}
    )
