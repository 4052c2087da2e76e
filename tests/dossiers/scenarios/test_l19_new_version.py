"""L19: the procedure gets a new version while a dossier is open: the dossier keeps its version, fee and time."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agencies.states import Role
from dossiers import clock
from dossiers.services import filing, intake, processing
from procedures.models import FeeLine, ProcedureVersion
from procedures.states import Channel, VersionStatus
from tests.dossiers import filing_kit
from tests.factories import NINE, VersionFactory, actor_for, actor_of_person

pytestmark = pytest.mark.django_db


def charge(version: ProcedureVersion, amount: int) -> None:
    FeeLine.objects.create(
        channel=version.channels.get(channel=Channel.ONLINE), position=1, amount_vnd=amount
    )


def test_l19_an_open_dossier_keeps_its_version_fee_and_time(clean_scanner):
    old = filing_kit.fileable(version_no=1)
    charge(old, 8_000)
    dossier = filing_kit.ready(version=old)
    applicant = actor_of_person(dossier.submitter)
    filing.submit(dossier_id=dossier.pk, idempotency_key="l19", actor=applicant, at=NINE)
    dossier.components.update(check_state="correct")
    accepted = intake.accept(dossier_id=dossier.pk, actor=actor_for(dossier, Role.ONE_STOP_OFFICER), at=NINE)
    promised, sheet = accepted.due_at, list(accepted.steps.order_by("id").values_list("name", "due_at"))

    new: ProcedureVersion = VersionFactory.create(
        procedure=old.procedure, version_no=2, status=VersionStatus.PUBLISHED
    )
    new.channels.update(duration_value=Decimal(1))
    new.workflow_steps.all().delete()
    charge(new, 50_000)
    old.procedure.refresh_from_db()
    assert old.procedure.current_version == new

    taken = processing.take(dossier_id=dossier.pk, actor=actor_for(accepted, Role.SPECIALIST), at=NINE)

    assert taken.procedure_version == old
    assert (taken.due_at, clock.due(taken).at) == (promised, promised)
    assert list(taken.steps.order_by("id").values_list("name", "due_at")) == sheet
    # The fee that it owes is that of its version; payments will read it from there.
    assert FeeLine.objects.get(channel__version=taken.procedure_version).amount_vnd == 8_000
