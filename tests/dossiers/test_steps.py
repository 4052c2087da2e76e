"""The internal workflow as data: in a row, side by side, only where called for, left out, returned."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from core.working_time import TIME_ZONE
from dossiers import papers
from dossiers.models import Dossier, StepRecord
from dossiers.services import processing, refusing, steps, stopping
from dossiers.services.steps import StepPassed, StepsLeft
from dossiers.states import Status
from procedures.models import ProcedureVersion, WorkflowStep
from procedures.states import StepKind
from tests.dossiers.lists import BASIS, WHY
from tests.factories import NINE, DossierFactory, OfficerFactory, VersionFactory, actor_for, officer_actor

pytestmark = pytest.mark.django_db

LATER = NINE + timedelta(hours=1)


def step(version: ProcedureVersion, position: int, name: str, role: str, days: str, **more: Any) -> None:
    WorkflowStep.objects.create(
        version=version,
        position=position,
        name=name,
        kind=StepKind.EXAMINE,
        role=role,
        duration_value=Decimal(days),
        **more,
    )


def workflow() -> ProcedureVersion:
    """Received, examined by two side by side, one step only for foreigners, one that may be left out, reviewed."""
    version: ProcedureVersion = VersionFactory.create()
    version.workflow_steps.all().delete()
    step(version, 1, "Tiếp nhận", Role.ONE_STOP_OFFICER, "0.5")
    step(version, 2, "Thẩm định hồ sơ", Role.SPECIALIST, "1", group=1)
    step(version, 3, "Kiểm tra thực địa", Role.UNIT_LEADER, "0.5", group=1)
    step(
        version,
        4,
        "Tra cứu hộ chiếu",
        Role.SPECIALIST,
        "1",
        condition={"field": "quoc_tich", "equals": "khac"},
    )
    step(version, 5, "Hỏi chuyên gia", Role.SPECIALIST, "0.5", is_optional=True)
    step(version, 6, "Duyệt", Role.UNIT_LEADER, "0.25")
    step(version, 7, "Ký", Role.SIGNER, "0.25")
    step(version, 8, "Phát hành", Role.CLERK, "0.25")
    return version


def in_process(**fields: Any) -> tuple[Dossier, Actor, Actor]:
    """A dossier whose plan is laid out, with its specialist and leader."""
    dossier = DossierFactory.create(
        procedure_version=workflow(), reach=Status.FORWARDED, form_data=fields.pop("form_data", {}), **fields
    )
    steps.plan(dossier, at=NINE)
    assert dossier.competent_agency is not None
    specialist = officer_actor(dossier.competent_agency, Role.SPECIALIST)
    leader = officer_actor(dossier.competent_agency, Role.UNIT_LEADER)
    assert specialist.officer_id
    processing.assign(dossier_id=dossier.pk, officer_id=specialist.officer_id, actor=leader, at=NINE)
    dossier.refresh_from_db()
    return dossier, specialist, leader


def names(rows: list[StepRecord]) -> list[str]:
    return [row.name for row in rows]


def test_the_plan_takes_the_longest_of_steps_side_by_side_and_leaves_out_what_no_answer_calls_for():
    dossier, _specialist, _leader = in_process()

    rows = list(dossier.steps.order_by("id"))

    assert names(rows) == [
        "Tiếp nhận", "Thẩm định hồ sơ", "Kiểm tra thực địa", "Hỏi chuyên gia", "Duyệt", "Ký", "Phát hành"
    ]  # fmt: skip
    dues = [row.due_at.astimezone(TIME_ZONE) for row in rows if row.due_at]
    day = datetime(2026, 3, 2, tzinfo=TIME_ZONE)
    assert dues[:4] == [
        day.replace(hour=14, minute=30),
        day.replace(day=3, hour=14, minute=30),
        day.replace(day=3, hour=9, minute=0),
        day.replace(day=4, hour=9, minute=0),
    ]


def test_a_condition_on_the_form_calls_for_a_step():
    dossier, _specialist, _leader = in_process(form_data={"quoc_tich": "khac"})

    assert "Tra cứu hộ chiếu" in names(list(dossier.steps.all()))


def test_a_stage_ends_when_the_last_of_its_steps_is_passed_on():
    dossier, specialist, leader = in_process()
    mine, theirs = steps.at_work(dossier)

    steps.pass_step(dossier_id=dossier.pk, step_id=mine.pk, actor=specialist, at=LATER)
    assert names(steps.at_work(dossier)) == ["Kiểm tra thực địa"]
    with pytest.raises(StepPassed):
        steps.pass_step(dossier_id=dossier.pk, step_id=mine.pk, actor=specialist, at=LATER)

    steps.pass_step(dossier_id=dossier.pk, step_id=theirs.pk, actor=leader, at=LATER)
    following = steps.at_work(dossier)
    assert names(following) == ["Hỏi chuyên gia"]
    assert following[0].started_at == LATER


def test_a_step_is_passed_on_only_by_who_holds_it():
    dossier, specialist, leader = in_process()
    mine, theirs = steps.at_work(dossier)
    assert dossier.competent_agency
    colleague = officer_actor(dossier.competent_agency, Role.SPECIALIST)

    for actor, one in ((colleague, mine), (leader, mine), (specialist, theirs)):
        with pytest.raises(NotAllowed):
            steps.pass_step(dossier_id=dossier.pk, step_id=one.pk, actor=actor, at=LATER)


def test_only_an_optional_step_is_left_out_and_only_with_a_note():
    dossier, specialist, leader = in_process()
    mine, theirs = steps.at_work(dossier)
    with pytest.raises(InvalidInput) as refusal:
        steps.pass_step(
            dossier_id=dossier.pk, step_id=mine.pk, actor=specialist, at=LATER, skip=True, note="Không cần"
        )
    assert set(refusal.value.errors) == {"skip"}
    steps.pass_step(dossier_id=dossier.pk, step_id=mine.pk, actor=specialist, at=LATER)
    steps.pass_step(dossier_id=dossier.pk, step_id=theirs.pk, actor=leader, at=LATER)

    (optional,) = steps.at_work(dossier)
    with pytest.raises(InvalidInput) as refusal:
        steps.pass_step(dossier_id=dossier.pk, step_id=optional.pk, actor=specialist, at=LATER, skip=True)
    assert set(refusal.value.errors) == {"note"}
    steps.pass_step(
        dossier_id=dossier.pk, step_id=optional.pk, actor=specialist, at=LATER, skip=True, note="Đã rõ"
    )

    optional.refresh_from_db()
    assert (optional.is_skipped, optional.note) == (True, "Đã rõ")
    assert names(steps.at_work(dossier)) == ["Duyệt"]


def test_a_return_walks_the_way_again_and_the_planned_time_does_not_grow():
    dossier, specialist, leader = in_process()
    for one, actor in zip(steps.at_work(dossier), (specialist, leader), strict=True):
        steps.pass_step(dossier_id=dossier.pk, step_id=one.pk, actor=actor, at=LATER)
    (optional,) = steps.at_work(dossier)
    steps.pass_step(
        dossier_id=dossier.pk, step_id=optional.pk, actor=specialist, at=LATER, skip=True, note="Đã rõ"
    )
    planned = {row.position: row.due_at for row in dossier.steps.all()}

    steps.return_step(dossier_id=dossier.pk, to_position=2, reason="Thiếu đối chiếu", actor=leader, at=LATER)

    assert names(steps.at_work(dossier)) == ["Thẩm định hồ sơ", "Kiểm tra thực địa"]
    assert {row.position: row.due_at for row in dossier.steps.all()} == planned
    review = dossier.steps.filter(name="Duyệt").order_by("id").first()
    assert review is not None
    assert (review.note, review.finished_at) == ("Thiếu đối chiếu", LATER)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.due_at) == (Status.IN_PROCESS, dossier.original_due_at)
    assert steps.at_work(dossier)[0].officer_id == specialist.officer_id


def test_a_return_needs_a_reason_and_an_earlier_step_of_the_agency():
    dossier, specialist, _leader = in_process()

    with pytest.raises(InvalidInput) as refusal:
        steps.return_step(dossier_id=dossier.pk, to_position=1, reason=" ", actor=specialist, at=LATER)

    assert set(refusal.value.errors) == {"reason", "to_position"}


def test_the_result_is_not_submitted_over_the_head_of_who_reviews_it():
    dossier, specialist, _leader = in_process()

    with pytest.raises(StepsLeft) as refusal:
        steps.require_examined(dossier, actor=specialist)

    assert "Kiểm tra thực địa" in str(refusal.value)


def test_a_dossier_is_given_to_another_specialist_with_the_reason_and_the_control_sheet_keeps_both():
    dossier, specialist, leader = in_process()
    assert dossier.competent_agency
    other = officer_actor(dossier.competent_agency, Role.SPECIALIST)
    assert other.officer_id

    processing.reassign(
        dossier_id=dossier.pk, officer_id=other.officer_id, reason="Nghỉ phép", actor=leader, at=LATER
    )

    dossier.refresh_from_db()
    assert dossier.current_handler_id == other.officer_id
    lines = list(dossier.steps.filter(name="Thẩm định hồ sơ").order_by("id"))
    assert [(one.officer_id, one.finished_at, one.note) for one in lines] == [
        (specialist.officer_id, LATER, "Nghỉ phép"),
        (other.officer_id, None, ""),
    ]
    assert names(steps.at_work(dossier)) == ["Thẩm định hồ sơ", "Kiểm tra thực địa"]


def test_a_reassignment_names_what_is_wrong():
    dossier, specialist, leader = in_process()
    assert specialist.officer_id
    for officer_id in (specialist.officer_id, OfficerFactory.create().pk):
        with pytest.raises(InvalidInput) as refusal:
            processing.reassign(
                dossier_id=dossier.pk, officer_id=officer_id, reason="", actor=leader, at=LATER
            )
        assert set(refusal.value.errors) == {"officer", "reason"}
    with pytest.raises(NotAllowed):
        processing.reassign(
            dossier_id=dossier.pk, officer_id=specialist.officer_id, reason="x", actor=specialist, at=LATER
        )


def test_who_has_least_on_the_desk_comes_first():
    dossier, specialist, _leader = in_process()
    assert dossier.competent_agency
    assert dossier.due_at
    idle = officer_actor(dossier.competent_agency, Role.SPECIALIST)
    late = dossier.due_at + timedelta(minutes=1)

    found = processing.loads(agency_id=dossier.competent_agency_id, at=late)

    assert [(one.officer.pk, one.open, one.late) for one in found] == [
        (idle.officer_id, 0, 0),
        (specialist.officer_id, 1, 1),
    ]


def test_the_agency_confirms_once_that_it_has_the_dossier():
    dossier = DossierFactory.create(reach=Status.FORWARDED)
    leader = actor_for(dossier, Role.UNIT_LEADER)

    processing.receive(dossier_id=dossier.pk, actor=leader, at=LATER)

    dossier.refresh_from_db()
    assert dossier.competent_received_at == LATER
    with pytest.raises(processing.AlreadyReceived):
        processing.receive(dossier_id=dossier.pk, actor=leader, at=LATER)


def refuse(dossier: Dossier, specialist: Actor, signer: Actor) -> None:
    refusing.propose(
        dossier_id=dossier.pk,
        reason="not_eligible",
        explanation=WHY,
        legal_basis=BASIS,
        actor=specialist,
        at=LATER,
    )
    refusing.grant(dossier_id=dossier.pk, actor=signer, at=LATER)


def test_a_refusal_ends_the_control_sheet_and_says_what_was_not_done():
    dossier, specialist, _leader = in_process()
    signer = actor_for(dossier, Role.SIGNER)

    refuse(dossier, specialist, signer)

    assert not dossier.steps.filter(finished_at=None).exists()
    assert not dossier.steps.filter(is_at_work=True).exists()
    lines = {row.name: row for row in dossier.steps.order_by("id")}
    done = [name for name, row in lines.items() if not row.is_skipped]
    assert done == ["Tiếp nhận", "Thẩm định hồ sơ", "Kiểm tra thực địa", "Ký"]
    assert lines["Thẩm định hồ sơ"].officer_id == specialist.officer_id
    assert lines["Ký"].officer_id == signer.officer_id
    clerks = lines["Phát hành"]
    assert (clerks.officer_id, clerks.started_at, clerks.finished_at) == (None, LATER, LATER)
    assert "từ chối" in clerks.note
    verdicts = {row.name: row.verdict for row in papers.control_rows(dossier)}
    assert (verdicts["Phát hành"], verdicts["Ký"]) == ("Bỏ qua", "Trước hạn")


def test_a_stop_leaves_no_step_of_the_control_sheet_open():
    dossier, specialist, _leader = in_process()

    stopping.stop(
        dossier_id=dossier.pk,
        reason="Thửa đất đã bị thu hồi theo quyết định 12/QĐ-UBND ngày 2/3/2026.",
        returns_originals=False,
        refund_vnd=0,
        actor=actor_for(dossier, Role.AGENCY_HEAD),
        at=LATER,
    )

    assert not dossier.steps.filter(finished_at=None).exists()
    skipped = dossier.steps.filter(is_skipped=True).order_by("id")
    assert names(list(skipped)) == ["Hỏi chuyên gia", "Duyệt", "Ký", "Phát hành"]
    mine = dossier.steps.get(name="Thẩm định hồ sơ")
    assert (mine.officer_id, mine.finished_at) == (specialist.officer_id, LATER)
