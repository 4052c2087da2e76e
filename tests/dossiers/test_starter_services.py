"""Starter services are whole enough to be filed, processed and issued as they are shipped."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from agencies.models import Agency, Officer
from agencies.states import AgencyKind, Role
from core import pdf
from core.actor import Actor
from core.signing import demo_ca
from dossiers.drafts import Draft
from dossiers.models import Dossier, ResultDraft
from dossiers.services import drafting, filing, intake, issuing, processing, result_drafts, signing, steps
from dossiers.states import CheckState, Status
from procedures import eforms, starters, templates
from procedures.management.commands.load_procedures import load
from procedures.models import ProcedureVersion
from procedures.states import CompetentAgencyRule
from procedures.trying.applicants import Trial
from results_vault.models import Result
from tests.dossiers.filing_kit import attach
from tests.dossiers.test_signing_flow import ISSUED_AT, SIGNED_AT
from tests.factories import (
    NINE,
    AgencyFactory,
    CalendarFactory,
    OrganisationFactory,
    PersonFactory,
    actor_for,
    actor_of_person,
    represent,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("clean_scanner"),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]


@pytest.fixture
def unit(settings: Any, tmp_path: Path) -> Agency:
    """Who receives and decides, with a seal; under the code that the postal licence names."""
    settings.SIGNING_DIR = tmp_path
    demo_ca.ensure(tmp_path, at=NINE - timedelta(days=1))
    agency: Agency = AgencyFactory.create(
        code="H17.07", kind=AgencyKind.WARD, seal_key_id="seal", calendar=CalendarFactory.create()
    )
    issue = partial(demo_ca.issue, tmp_path, organisation=agency.name, at=NINE - timedelta(days=1))
    issue(key_id="signer", common_name="Lãnh đạo ký (minh họa)", kind="person")
    issue(key_id="seal", common_name=agency.name, kind="agency")
    issue(key_id="portal", common_name="Cổng dịch vụ công (minh họa)", kind="portal")
    return agency


def opened(code: str) -> ProcedureVersion:
    assert "open for filing" in load(starters.FOLDER / f"{code}.yaml", is_opened=True)
    return ProcedureVersion.objects.get(current_of__code=code)


def filed(version: ProcedureVersion, unit: Agency, *, is_organisation: bool) -> Dossier:
    """File what an invented applicant says, with the papers that the answers call for and no other."""
    person = PersonFactory.create()
    organisation = OrganisationFactory.create() if is_organisation else None
    if organisation:
        represent(person, organisation)
    actor = actor_of_person(person, *filter(None, [organisation]))
    dossier = drafting.start(
        version_id=version.pk, actor=actor, organisation_id=organisation.pk if organisation else None, at=NINE
    )
    schema = eforms.of_version(version)
    said = Trial(schema, timezone.localdate()).applicants[0].answers
    dossier.form_data = {
        name: said[name] for name, one in schema.fields.items() if name in said and one.takes_answer
    }
    if version.competent_agency_rule == CompetentAgencyRule.COMMUNE_OF_CHOICE:
        dossier.received_at_unit = dossier.competent_agency = unit
    dossier.save()
    for slot in Draft(dossier, NINE).slots:
        if slot.is_required:
            attach(dossier, position=slot.component.position)
    declaration = Draft(dossier, NINE).declaration
    assert declaration is not None
    return filing.submit(
        dossier_id=dossier.pk,
        idempotency_key="k",
        actor=actor,
        at=NINE,
        declared={one.name: True for one in declaration.fields},
    )


def processed(dossier: Dossier) -> Dossier:
    """Walk through every desk to the issued result; nothing is typed that the applicant has said."""
    one_stop = actor_for(dossier, Role.ONE_STOP_OFFICER)
    for one in dossier.components.filter(replaced_at=None):
        intake.check_component(component_id=one.pk, state=CheckState.CORRECT, actor=one_stop)
    intake.accept(dossier_id=dossier.pk, actor=one_stop, at=NINE)
    dossier.refresh_from_db()
    specialist = actor_for(dossier, Role.SPECIALIST)
    processing.take(dossier_id=dossier.pk, actor=specialist, at=NINE)
    dossier.refresh_from_db()
    pass_steps(dossier, specialist)
    values = result_drafts.values_of(dossier, result_drafts.result_type_of(dossier))
    draft = result_drafts.save(dossier_id=dossier.pk, values=values, revision=0, actor=specialist)
    result_drafts.request_signature(dossier_id=dossier.pk, actor=specialist, at=NINE)
    result_drafts.render(draft_id=draft.pk, at=NINE)
    signing.request(dossier_id=dossier.pk, actor=signer_of(dossier), at=SIGNED_AT)
    signing.sign(draft_id=draft.pk, at=SIGNED_AT)
    issuing.request(dossier_id=dossier.pk, actor=actor_for(dossier, Role.CLERK), at=ISSUED_AT)
    issuing.issue(draft_id=draft.pk, at=ISSUED_AT)
    dossier.refresh_from_db()
    return dossier


def pass_steps(dossier: Dossier, specialist: Actor) -> None:
    """Examine, verify, review: each step by who holds it, until the next one is the signer's."""
    while (step := steps.at_work(dossier)[0]).role in (Role.SPECIALIST, Role.UNIT_LEADER):
        actor = specialist if step.role == Role.SPECIALIST else actor_for(dossier, step.role)
        steps.pass_step(dossier_id=dossier.pk, step_id=step.pk, actor=actor, at=NINE)
        dossier.refresh_from_db()


def signer_of(dossier: Dossier) -> Actor:
    dossier.refresh_from_db()
    actor = actor_for(dossier, Role.SIGNER)
    Officer.objects.filter(pk=actor.officer_id or 0).update(signing_key_id="signer", title="Lãnh đạo")
    return actor


@pytest.mark.parametrize(
    ("code", "is_organisation"), [("1.001193", False), ("1.013225", False), ("9.200001", True)]
)
def test_a_starter_service_is_filed_processed_and_issued(
    unit: Agency, code: str, is_organisation: bool
) -> None:
    dossier = processed(filed(opened(code), unit, is_organisation=is_organisation))
    assert dossier.status == Status.COMPLETED
    result = Result.objects.get()
    draft = ResultDraft.objects.get(dossier=dossier)
    template = templates.of_result_type(draft.result_type)
    assert templates.missing(template, draft.values) == []
    assert result.dossier_code == dossier.code


def test_a_paper_is_asked_for_only_where_the_answers_call_for_it(unit: Agency) -> None:
    version = opened("1.013225")
    person = PersonFactory.create()
    dossier = drafting.start(version_id=version.pk, actor=actor_of_person(person), at=NINE)
    neighbour = "Cam kết bảo đảm an toàn công trình liền kề"

    def asked(has_neighbour: bool) -> list[str]:
        dossier.form_data = {"nha_lien_ke": has_neighbour}
        return [slot.component.name for slot in Draft(dossier, NINE).slots]

    assert neighbour in asked(True)
    assert neighbour not in asked(False)
