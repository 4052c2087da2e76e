"""L21 and T34: somebody comes in person, on a make-up Saturday and on a Saturday that takes filings only."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest

from agencies import services as calendars
from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from core.working_time import TIME_ZONE, DayKind, DayRecord, official_days
from dossiers.models import Dossier
from dossiers.services import counter, intake
from dossiers.services.counter import WalkIn
from dossiers.services.guards import AlreadyDone
from dossiers.states import Action, FilingMode, Form, GivenAs, IntakeRoute, Status
from dossiers.transitions import MOVES
from procedures.models import Component
from procedures.states import Channel
from tests.dossiers.filing_kit import fileable, pdf
from tests.factories import NINE, AgencyFactory, PersonFactory, officer_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

VISITOR = WalkIn(
    number="048190000888",
    full_name="Lê Văn Mẫu (minh họa)",
    birth_on=date(1980, 5, 1),
    address="3 Lê Lợi, phường Hải Châu",
    phone="0905000111",
    paper="id_card",
)


def typed_in(*, at: datetime, walk_in: WalkIn = VISITOR) -> tuple[Dossier, Actor]:
    """A counter draft with every answer and the required paper scanned."""
    unit = AgencyFactory.create()
    officer = officer_actor(unit, Role.ONE_STOP_OFFICER)
    version = fileable()
    draft = counter.start(version_id=version.pk, walk_in=walk_in, unit_id=unit.pk, actor=officer, at=at)
    counter.fill(dossier_id=draft.pk, page_id="nguoi-yeu-cau", data={"noi_o": "3 Lê Lợi"}, actor=officer)
    counter.fill(
        dossier_id=draft.pk,
        page_id="noi-dung",
        data={"muc_dich": "ket_hon", "so_ban": "2"},
        actor=officer,
    )
    counter.add_component(
        dossier_id=draft.pk,
        component=Component.objects.get(version=version, position=1),
        upload=io.BytesIO(pdf()),
        name="ban-quet.pdf",
        given_as=GivenAs.COMPARED_COPY,
        original_kept=True,
        actor=officer,
        at=at,
    )
    return draft, officer


def test_l21_a_walk_in_on_a_make_up_saturday_finds_an_ordinary_working_day():
    saturday = datetime(2026, 8, 22, 9, 0, tzinfo=TIME_ZONE)
    draft, officer = typed_in(at=saturday)
    assert draft.competent_agency
    calendars.enter_days(calendar_id=draft.competent_agency.calendar_id, days=official_days())

    accepted = counter.accept(dossier_id=draft.pk, actor=officer, at=saturday)

    assert accepted.status == Status.ACCEPTED
    assert accepted.code == f"{accepted.received_at_unit.code}-260822-0001"
    # Three working days of which this Saturday is the first.
    assert accepted.due_at == datetime(2026, 8, 26, 9, 0, tzinfo=TIME_ZONE)
    assert (accepted.channel, accepted.filing_mode, accepted.intake_route) == (
        Channel.COUNTER,
        FilingMode.OFFICER_ENTRY,
        IntakeRoute.COUNTER_ENTRY,
    )
    assert Form.RECEIPT in MOVES.find(status=Status.DRAFT, action=Action.ACCEPT_AT_COUNTER).papers
    component = accepted.components.get()
    assert (component.given_as, component.original_kept) == (GivenAs.COMPARED_COPY, True)
    # On paper: the officer hands it over.
    sent = intake.forward(dossier_id=accepted.pk, actor=officer, at=saturday)
    assert sent.status == Status.FORWARDED


def test_t34_on_a_saturday_that_takes_filings_only_the_time_runs_from_monday():
    saturday = datetime(2026, 3, 7, 9, 0, tzinfo=TIME_ZONE)
    draft, officer = typed_in(at=saturday)
    unit = draft.competent_agency
    assert unit is not None
    calendars.enter_days(
        calendar_id=unit.calendar_id,
        days=[DayRecord(date(2026, 3, 7), DayKind.INTAKE_ONLY, "Sáng thứ Bảy nhận hồ sơ")],
    )

    accepted = counter.accept(dossier_id=draft.pk, actor=officer, at=saturday)

    assert accepted.due_at == datetime(2026, 3, 11, 17, 0, tzinfo=TIME_ZONE)


def test_who_is_known_keeps_their_data_and_nobody_gets_a_login():
    known = PersonFactory.create(personal_id_number=VISITOR.number)
    draft, _officer = typed_in(at=NINE)
    assert draft.submitter == known
    known.refresh_from_db()
    assert known.address != VISITOR.address

    other, _officer = typed_in(
        at=NINE, walk_in=WalkIn("048190000889", "Người mới", phone="09", paper="id_card")
    )
    assert other.submitter.user is None


def test_an_incomplete_draft_is_not_accepted_and_says_what_is_missing():
    unit, version = AgencyFactory.create(), fileable()
    officer = officer_actor(unit, Role.ONE_STOP_OFFICER)
    draft = counter.start(version_id=version.pk, walk_in=VISITOR, unit_id=unit.pk, actor=officer, at=NINE)

    with pytest.raises(InvalidInput) as refusal:
        counter.accept(dossier_id=draft.pk, actor=officer, at=NINE)

    assert set(refusal.value.errors) == {"noi_o", "muc_dich", "so_ban", "component.1"}


def test_a_walk_in_is_entered_only_by_the_units_one_stop_officer_who_has_seen_the_card():
    unit, version = AgencyFactory.create(), fileable()
    officer = officer_actor(unit, Role.ONE_STOP_OFFICER)
    elsewhere = officer_actor(AgencyFactory.create(), Role.ONE_STOP_OFFICER)
    unseen = WalkIn(VISITOR.number, VISITOR.full_name)

    with pytest.raises(InvalidInput) as refusal:
        counter.start(version_id=version.pk, walk_in=unseen, unit_id=unit.pk, actor=officer, at=NINE)
    assert set(refusal.value.errors) == {"paper"}
    with pytest.raises(NotAllowed):
        counter.start(version_id=version.pk, walk_in=VISITOR, unit_id=unit.pk, actor=elsewhere, at=NINE)
    draft, _officer = typed_in(at=NINE)
    with pytest.raises(NotAllowed):
        counter.accept(dossier_id=draft.pk, actor=elsewhere, at=NINE)


def test_a_second_acceptance_at_the_counter_tells_who_was_faster():
    draft, officer = typed_in(at=NINE)
    counter.accept(dossier_id=draft.pk, actor=officer, at=NINE)

    with pytest.raises(AlreadyDone) as refusal:
        counter.accept(dossier_id=draft.pk, actor=officer, at=NINE)

    assert officer.display_name in str(refusal.value)
