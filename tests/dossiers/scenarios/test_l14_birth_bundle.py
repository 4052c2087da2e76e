"""L14: one filing after a birth: certificate, residence and health insurance, side by side."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agencies.models import Agency
from agencies.states import AgencyKind, Role
from core.actor import Actor
from dossiers import services
from dossiers.models import Dossier
from dossiers.policies import ReadOnly
from dossiers.services import bundles, filing, intake, processing
from dossiers.states import Action, Outcome, Status
from procedures.models import ProcedureLink, ProcedureVersion
from procedures.states import CompetentAgencyRule
from tests.dossiers import filing_kit
from tests.dossiers.filing_kit import ANSWERS, fileable
from tests.factories import NINE, AgencyFactory, actor_for, actor_of_person

pytestmark = pytest.mark.django_db

LATER = NINE + timedelta(hours=1)


def linked(parent: ProcedureVersion, position: int, name: str, agency: Agency | None) -> None:
    fixed = {"competent_agency_rule": CompetentAgencyRule.FIXED, "competent_agency": agency} if agency else {}
    child = fileable(name=name, short_name=name, **fixed)
    ProcedureLink.objects.create(
        version=parent, position=position, procedure=child.procedure, answers={name: name for name in ANSWERS}
    )


def a_birth_is_filed() -> Dossier:
    parent = fileable(name="Liên thông khai sinh (minh họa)", short_name="Liên thông khai sinh")
    linked(parent, 1, "Khai sinh (minh họa)", None)
    linked(parent, 2, "Cư trú (minh họa)", None)
    insurance = AgencyFactory.create(name="Bảo hiểm xã hội (minh họa)", kind=AgencyKind.DEPARTMENT)
    linked(parent, 3, "Thẻ bảo hiểm y tế (minh họa)", insurance)
    dossier = filing_kit.ready(version=parent)
    return filing.submit(
        dossier_id=dossier.pk,
        idempotency_key="l14",
        actor=actor_of_person(dossier.submitter),
        at=NINE,
    )


def accept(child: Dossier) -> Dossier:
    child.components.update(check_state="correct")
    intake.accept(dossier_id=child.pk, actor=actor_for(child, Role.ONE_STOP_OFFICER), at=NINE)
    bundles.follow(child_id=child.pk, at=NINE)
    child.refresh_from_db()
    return child


def grant(child: Dossier) -> None:
    """Bring a child to its result; how it is drafted and signed is told elsewhere."""
    processing.take(dossier_id=child.pk, actor=actor_for(child, Role.SPECIALIST), at=LATER)
    for action, role in (
        (Action.SUBMIT_FOR_SIGNATURE, Role.SPECIALIST),
        (Action.SIGN, Role.SIGNER),
        (Action.ISSUE, Role.CLERK),
    ):
        actor = actor_for(child, role)
        services.advance(dossier_id=child.pk, action=action, actor=actor, at=LATER)
    bundles.follow(child_id=child.pk, at=LATER)


def test_l14_a_birth_bundle_is_completed_only_when_all_its_dossiers_are(clean_scanner):
    parent = a_birth_is_filed()

    children = list(parent.children.order_by("pk"))
    assert [str(child.procedure_version) for child in children] == [
        "Khai sinh (minh họa)", "Cư trú (minh họa)", "Thẻ bảo hiểm y tế (minh họa)"
    ]  # fmt: skip
    assert {child.status for child in children} == {Status.SUBMITTED}
    # Answers and papers went along; each has its agency, and the parent's centre receives them all.
    assert {child.form_data["noi_o"] for child in children} == {parent.form_data["noi_o"]}
    assert all(child.components.count() == 1 for child in children)
    assert len({child.competent_agency_id for child in children}) == 2
    assert {child.received_at_unit_id for child in children} == {parent.received_at_unit_id}
    assert [child.is_cross_area for child in children] == [False, False, True]

    first, second, third = (accept(child) for child in children)
    parent.refresh_from_db()
    assert (parent.status, bool(parent.code)) == (Status.FORWARDED, True)
    assert len({one.code for one in (parent, first, second, third)}) == 4
    # Own clocks: the insurance starts when it has the dossier.
    assert third.clock_intervals.count() == 0

    grant(first)
    grant(third)
    parent.refresh_from_db()
    assert parent.status == Status.FORWARDED
    grant(second)
    parent.refresh_from_db()
    assert (parent.status, parent.outcome) == (Status.COMPLETED, Outcome.GRANTED)
    assert parent.completed_at == LATER

    for child in (first, second, third):
        services.advance(dossier_id=child.pk, action=Action.HAND_OVER, actor=Actor.system(), at=LATER)
        bundles.follow(child_id=child.pk, at=LATER)
    parent.refresh_from_db()
    assert parent.status == Status.RETURNED


def test_a_bundle_of_which_one_part_was_refused_is_completed_in_part(clean_scanner):
    parent = a_birth_is_filed()
    first, second, third = parent.children.order_by("pk")
    services.advance(
        dossier_id=third.pk,
        action=Action.REFUSE_INTAKE,
        actor=actor_for(third, Role.ONE_STOP_OFFICER),
        at=NINE,
        note="Trùng hồ sơ",
    )
    bundles.follow(child_id=third.pk, at=NINE)
    parent.refresh_from_db()
    assert parent.status == Status.SUBMITTED

    for child in (first, second):
        grant(accept(child))

    parent.refresh_from_db()
    assert (parent.status, parent.outcome) == (Status.COMPLETED, Outcome.PARTLY)


def test_nobody_moves_a_bundle_by_hand(clean_scanner):
    parent = a_birth_is_filed()
    officer = actor_for(parent, Role.ONE_STOP_OFFICER)

    with pytest.raises(ReadOnly) as refusal:
        intake.accept(dossier_id=parent.pk, actor=officer, at=NINE)

    assert "hồ sơ thành phần" in str(refusal.value)


def test_a_bundle_filed_twice_has_its_dossiers_once(clean_scanner):
    parent = a_birth_is_filed()

    filing.submit(
        dossier_id=parent.pk, idempotency_key="l14", actor=actor_of_person(parent.submitter), at=LATER
    )

    assert parent.children.count() == 3
