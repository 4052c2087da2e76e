"""Who gets the desk's lists, bulk steps, filters, counter, register, calendars and supervision; the table is the rule."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from agencies.models import Delegation
from dossiers.models import SavedFilter
from dossiers.states import Status
from tests.permissions.addresses import addresses
from tests.permissions.desk_lists import LISTS, OFFICERS, REFUSED, Listed
from tests.permissions.test_matrix import NOT_SIGNED_IN, PAGES
from tests.permissions.world import (
    ANOTHER,
    DECIDERS_ONE_STOP,
    ELSEWHERE,
    ONE_STOP,
    ORGANISATION,
    OWNER,
    World,
    footprints,
)

pytestmark = pytest.mark.django_db

ABOUT_ONE_QUESTION = {"desk:opinion", "desk:opinion_document"}  # test_inquiries
CHANGES_OF_A_CALENDAR = {"agencies:calendar_year", "agencies:remove_day"}  # tests.agencies
TAKING_ALERTS_ON = {"supervision:acknowledge"}  # test_alerts
MONEY_AND_POST = {"desk:refunds", "desk:refund", "desk:record_payment", "desk:follow_post"}  # test_money_back


def traces() -> tuple[Any, ...]:
    filters = SavedFilter.objects.order_by("pk").values_list("pk", "name")
    absences = Delegation.objects.order_by("pk").values_list("pk", "revoked_at")
    return *footprints(), *filters, *absences


def expected(page: Listed, who: str) -> int:
    if who in NOT_SIGNED_IN:
        return 302
    if who in page.gets:
        return page.then
    if who in page.wrong:
        return 422
    return REFUSED if who not in OFFICERS and page.name in REFUSES_PEOPLE else page.others


REFUSES_PEOPLE = {"desk:many", "desk:filter_remove"}
"""Pages that tell people that they are for officers, and hide from officers what they have not."""


@pytest.mark.parametrize("page", LISTS, ids=str)
def test_every_person_gets_what_the_table_says(world: World, page: Listed):
    problems = []
    for who in world.users:
        with transaction.atomic():
            address, data = page.address(world), page.data(world)
            before = traces()
            answer = world.visit(who, address, page.method, data)
            changed = traces() != before
            transaction.set_rollback(True)
        if page.name == "desk:queue_named" and answer.status_code == 302 and who in OFFICERS:
            continue  # led on to a list of their own
        if answer.status_code != expected(page, who):
            problems.append(f"{who}: {answer.status_code} in place of {expected(page, who)}")
        if changed != (who in page.acts):
            problems.append(f"{who}: {'something' if changed else 'nothing'} was changed")

    assert not problems, "\n".join(problems)


def test_every_address_of_the_officers_is_in_a_table():
    office = ("desk:", "agencies:", "delegations:", "supervision:")
    of_officers = {one.name for one in addresses() if one.name.startswith(office)}
    elsewhere = ABOUT_ONE_QUESTION | CHANGES_OF_A_CALENDAR | TAKING_ALERTS_ON | MONEY_AND_POST

    assert (
        of_officers
        == {one.name for one in LISTS} | {page.name for page in PAGES if page.side == "desk"} | elsewhere
    )


@pytest.mark.parametrize("who", [DECIDERS_ONE_STOP, ELSEWHERE])
def test_a_list_of_another_agency_shows_and_takes_none_of_these_dossiers(world: World, who: str):
    numbers = [world.dossiers[of, Status.SUBMITTED].tracking_no for of in (OWNER, ANOTHER, ORGANISATION)]
    bulk = next(page for page in LISTS if page.acts == {ONE_STOP} and page.name == "desk:many")

    listed = world.visit(who, bulk.address(world).removesuffix("nhieu-ho-so/")).content.decode()
    answer = world.visit(who, bulk.address(world), "POST", {**bulk.data(world), "chon": numbers})

    assert not [number for number in numbers if number in listed]
    assert world.people[OWNER].full_name not in answer.content.decode()
    assert footprints() == world.untouched
