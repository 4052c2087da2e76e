"""A dossier that one agency decides and another agency does a step of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from agencies.models import Agency
from agencies.states import AgencyKind, Role
from core.actor import Actor
from dossiers.models import Dossier, StepRecord
from dossiers.services import processing, steps
from dossiers.states import Status
from procedures.models import ProcedureVersion
from tests.dossiers.test_steps import step
from tests.factories import NINE, AgencyFactory, DossierFactory, VersionFactory, officer_actor

LATER = NINE + timedelta(hours=1)


@dataclass
class Outside:
    """A step of the land office stands between two of the deciding agency's specialist; it is the land office's turn."""

    dossier: Dossier
    land_office: Agency
    specialist: Actor
    leader: Actor
    surveyor: Actor
    colleague: Actor

    @property
    def step(self) -> StepRecord:
        return self.dossier.steps.filter(name="Trích lục").latest("pk")


def workflow(land_office: Agency) -> ProcedureVersion:
    version: ProcedureVersion = VersionFactory.create()
    version.workflow_steps.all().delete()
    step(version, 1, "Tiếp nhận", Role.ONE_STOP_OFFICER, "0.25")
    step(version, 2, "Thẩm định hồ sơ", Role.SPECIALIST, "0.5")
    step(version, 3, "Trích lục", Role.SPECIALIST, "0.5", agency=land_office)
    step(version, 4, "Hoàn thiện", Role.SPECIALIST, "0.5")
    step(version, 5, "Ký", Role.SIGNER, "0.25")
    step(version, 6, "Phát hành", Role.CLERK, "0.25")
    return version


def at_the_land_office(**fields: Any) -> Outside:
    land_office = AgencyFactory.create(name="Văn phòng đất đai (minh họa)", kind=AgencyKind.DEPARTMENT)
    dossier = DossierFactory.create(procedure_version=workflow(land_office), reach=Status.FORWARDED, **fields)
    steps.plan(dossier, at=NINE)
    assert dossier.competent_agency is not None
    specialist = officer_actor(dossier.competent_agency, Role.SPECIALIST)
    leader = officer_actor(dossier.competent_agency, Role.UNIT_LEADER)
    assert specialist.officer_id
    processing.assign(dossier_id=dossier.pk, officer_id=specialist.officer_id, actor=leader, at=NINE)
    (first,) = steps.at_work(dossier)
    steps.pass_step(dossier_id=dossier.pk, step_id=first.pk, actor=specialist, at=NINE)
    dossier.refresh_from_db()
    return Outside(
        dossier,
        land_office,
        specialist,
        leader,
        surveyor=officer_actor(land_office, Role.SPECIALIST),
        colleague=officer_actor(land_office, Role.SPECIALIST),
    )
