"""The list “steps waiting for me”: whose turn it is, in the order of the steps' own due moments."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Officer
from core.actor import Actor
from dossiers import desk_queues, desk_selectors
from dossiers.desk_selectors import Filters, Row
from dossiers.models import StepRecord
from dossiers.services import steps
from dossiers.states import Status
from tests.dossiers.outside import at_the_land_office
from tests.dossiers.test_steps import in_process
from tests.factories import NINE, AgencyFactory

pytestmark = pytest.mark.django_db

QUEUE = next(one for one in desk_queues.QUEUES if one.of_steps)
LATER = NINE + timedelta(hours=1)


def waiting(actor: Actor, *, filters: Filters | None = None, **where: Any) -> list[Row]:
    return desk_selectors.page_of(QUEUE, actor=actor, filters=filters or Filters(), at=LATER, **where).rows


def lines(actor: Actor) -> list[tuple[str, str]]:
    return [(row.tracking_no, row.step) for row in waiting(actor)]


def count(actor: Actor) -> int:
    return desk_queues.capped_counts([QUEUE], actor, at=LATER).get(QUEUE.name, 0)


def test_a_step_waits_for_its_specialist_and_its_leader_as_long_as_it_is_its_turn():
    dossier, specialist, leader = in_process()
    mine, theirs = steps.at_work(dossier)

    assert lines(specialist) == [(dossier.tracking_no, "Thẩm định hồ sơ")]
    assert lines(leader) == [(dossier.tracking_no, "Kiểm tra thực địa")]
    assert (count(specialist), count(leader)) == (1, 1)

    steps.pass_step(dossier_id=dossier.pk, step_id=theirs.pk, actor=leader, at=LATER)

    assert (lines(leader), count(leader)) == ([], 0)
    steps.pass_step(dossier_id=dossier.pk, step_id=mine.pk, actor=specialist, at=LATER)
    assert lines(specialist) == [(dossier.tracking_no, "Hỏi chuyên gia")]


def test_who_holds_two_of_the_steps_side_by_side_reads_two_lines():
    dossier, specialist, leader = in_process()
    both = Actor(
        kind=specialist.kind, officer_id=specialist.officer_id, grants=specialist.grants | leader.grants
    )

    assert lines(both) == [
        (dossier.tracking_no, "Kiểm tra thực địa"),
        (dossier.tracking_no, "Thẩm định hồ sơ"),
    ]
    assert count(both) == 2


def test_a_step_of_another_agency_waits_there_and_not_here():
    outside = at_the_land_office()

    assert lines(outside.surveyor) == lines(outside.colleague) == [(outside.dossier.tracking_no, "Trích lục")]
    assert lines(outside.specialist) == lines(outside.leader) == []

    steps.take_step(dossier_id=outside.dossier.pk, step_id=outside.step.pk, actor=outside.surveyor, at=LATER)
    assert (len(lines(outside.surveyor)), len(lines(outside.colleague))) == (1, 0)


def test_while_the_dossier_waits_for_somebody_else_no_step_waits():
    dossier, specialist, _leader = in_process()
    type(dossier).objects.filter(pk=dossier.pk).update(status=Status.AWAITING_PAYMENT)

    assert (lines(specialist), count(specialist)) == ([], 0)


def test_the_step_that_is_due_first_comes_first_and_pages_go_on_by_key(
    monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(desk_selectors, "PAGE_SIZE", 2)
    agency = AgencyFactory.create()
    _dossier, specialist, _leader = in_process(received_at_unit=agency)
    for hours in (5, 3, 1, 4):
        dossier, _someone, _leader = in_process(received_at_unit=agency)
        line = dossier.steps.get(name="Thẩm định hồ sơ")
        line.officer_id, line.due_at = specialist.officer_id, NINE + timedelta(hours=hours)
        line.save()

    with django_assert_num_queries(2):  # one of them reads the calendar
        first = desk_selectors.page_of(QUEUE, actor=specialist, filters=Filters(), at=LATER)
    second = desk_selectors.page_of(QUEUE, actor=specialist, filters=Filters(), at=LATER, after=first.later)
    third = desk_selectors.page_of(QUEUE, actor=specialist, filters=Filters(), at=LATER, after=second.later)

    found = [row.tracking_no for page in (first, second, third) for row in page.rows]
    dues = StepRecord.objects.filter(officer=specialist.officer_id, is_at_work=True)
    assert found == list(dues.order_by("due_at", "pk").values_list("dossier__tracking_no", flat=True))
    assert (len(first.rows), len(third.rows), third.later, count(specialist)) == (2, 1, "", 5)


def test_the_list_is_narrowed_to_late_steps_and_by_code():
    dossier, specialist, _leader = in_process()

    assert waiting(specialist, filters=Filters(late=True)) == []
    dossier.steps.update(due_at=NINE)
    assert [row.step for row in waiting(specialist, filters=Filters(late=True))] == ["Thẩm định hồ sơ"]
    assert len(waiting(specialist, filters=Filters(search=dossier.tracking_no[:6]))) == 1
    assert waiting(specialist, filters=Filters(search="Nguyễn Không Ai")) == []


def test_the_desk_has_the_list_with_its_count(client: Client):
    dossier, specialist, leader = in_process()
    for actor, name in ((specialist, "Thẩm định hồ sơ"), (leader, "Kiểm tra thực địa")):
        client.force_login(Officer.objects.get(pk=actor.officer_id or 0).user)

        page = client.get(reverse("desk:queue_named", args=[QUEUE.name])).content.decode()

        assert name in page
        assert f"/can-bo/ho-so/{dossier.tracking_no}/" in page
        assert "Hạn của bước" in page
