"""Every move of the table can be made in the browser by each role that may make it, and nobody moves what is led elsewhere.

That those pages do what their row says, for the right people alone, is asked in `test_matrix`.
"""

from __future__ import annotations

import pytest
from django.db import transaction

from agencies.states import Role
from dossiers.models import Dossier
from dossiers.policies import MOVES_OF_A_BUNDLE
from dossiers.states import Action, Status
from dossiers.transitions import APPLICANT, MOVES, RETURN_DESK, STEP_HOLDER, SYSTEM
from tests.permissions.test_matrix import PAGES, Page, by_title
from tests.permissions.world import (
    ACCOUNTANT,
    CLERK,
    COLLECTOR,
    HEAD,
    LEADER,
    MOMENTS,
    ONE_STOP,
    OWNER,
    RECEIVERS_ROLES,
    SIGNER,
    SPECIALIST,
    STATUS_OF_KIND,
    World,
    footprints,
)

BY_NOBODY = {
    (Status.INTAKE_SUPPLEMENT, Action.LAPSE): "the sweep, when the time to answer is over",
    (Status.PROCESS_SUPPLEMENT, Action.LAPSE): "the sweep, when the time to answer is over",
    (Status.COMPLETED, Action.ARCHIVE): "the sweep, when nobody has collected the result for long",
    (Status.SUBMITTED, Action.ACCEPT_BUNDLE): "follows from its parts",
    (Status.SUBMITTED, Action.COMPLETE_BUNDLE): "follows from its parts",
    (Status.ACCEPTED, Action.COMPLETE_BUNDLE): "follows from its parts",
    (Status.FORWARDED, Action.COMPLETE_BUNDLE): "follows from its parts",
}
"""Moves that no person makes, and who makes them."""

HOLDERS = {
    Role.ONE_STOP_OFFICER: {ONE_STOP},
    Role.FEE_COLLECTOR: {COLLECTOR},
    Role.SPECIALIST: {SPECIALIST},
    Role.UNIT_LEADER: {LEADER, RECEIVERS_ROLES},
    Role.SIGNER: {SIGNER},
    Role.CLERK: {CLERK},
    Role.ACCOUNTANT: {ACCOUNTANT},
    Role.AGENCY_HEAD: {HEAD},
}
ASKED_ELSEWHERE = {
    (status, action, role)
    for status, action in MOVES
    for role in (STEP_HOLDER, RETURN_DESK)
    if role in MOVES.find(status=status, action=action).by
}
"""Who has a step at work, or a result to give out, for another agency sees no other part of the table:
`tests.dossiers.test_steps_elsewhere`, `desk_lists`."""

ASKED_ABOUT_MONEY_AND_POST = {
    (status, action)
    for status, action in MOVES
    if action in (Action.RECORD_PAYMENT, Action.PAY_REFUND, Action.FOLLOW_POST)
    or (status, action) == (Status.WITHDRAWAL_REQUESTED, Action.CONFIRM_PAYMENT)
}
"""What needs a notice, a refund or a shipment first: `test_money_back`, `tests.dossiers.test_refund_pages`."""


def is_taken_on(page: Page, status: str, action: str, role: str) -> bool:
    """Say whether the table has the role take the action from the status on this page."""
    if page.takes != action or status not in {STATUS_OF_KIND.get(one, one) for one in page.when}:
        return False
    if role == APPLICANT:
        return page.side == "applicants"
    may = page.now or page.may
    return page.side == "desk" and (may is None or bool(may & HOLDERS[Role(role)]))


def test_every_move_has_a_button_for_each_role_that_makes_it():
    missing = [
        f"{status}: {action} by {role}"
        for status, action in MOVES
        for role in sorted(MOVES.find(status=status, action=action).by - {SYSTEM})
        if (status, action, role) not in ASKED_ELSEWHERE
        and (status, action) not in ASKED_ABOUT_MONEY_AND_POST
        and not any(is_taken_on(page, status, action, role) for page in PAGES)
    ]

    assert not missing, "\n".join(missing)


def test_what_no_person_does_is_done_by_the_system_alone():
    alone = {pair for pair in MOVES if MOVES.find(status=pair[0], action=pair[1]).by == {SYSTEM}}

    assert alone == set(BY_NOBODY)


def test_no_button_makes_a_move_that_the_table_does_not_have():
    unknown = [
        f"{page} in {moment}"
        for page in PAGES
        for moment in page.when
        if page.takes and (STATUS_OF_KIND.get(moment, moment), page.takes) not in set(MOVES)
    ]

    assert not unknown, "\n".join(unknown)


TAKING = [page for page in PAGES if page.takes]


def tried(world: World, page: Page, **columns: object) -> list[str]:
    """Press a button in every moment in which it would be there, after changing columns of the dossier."""
    problems = []
    for moment in sorted(page.when, key=MOMENTS.index):
        dossier = world.dossiers[OWNER, moment]
        people = page.now or page.may or ({ONE_STOP, SPECIALIST} if page.side == "desk" else {OWNER})
        for who in people:
            with transaction.atomic():
                if page.first is not None:
                    page.first(world, dossier)
                Dossier.objects.filter(pk=dossier.pk).update(**columns)
                before = footprints()
                answer = world.visit(
                    who, world.address(page.name, dossier), "POST", page.data(world, dossier)
                )
                if footprints() != before or answer.status_code not in (302, 403, 404, 409):
                    problems.append(f"{who}, {moment}: {answer.status_code}")
                transaction.set_rollback(True)
    return problems


@pytest.mark.django_db
@pytest.mark.usefixtures("clean_scanner")
class TestLedElsewhere:
    @pytest.mark.parametrize(
        "page", by_title([page for page in TAKING if page.takes != Action.ACCEPT_AT_COUNTER])
    )
    def test_nobody_moves_a_mirror(self, world: World, page: Page):
        assert not tried(world, page, is_mirror=True, leading_system="Bộ Công an")

    @pytest.mark.parametrize(
        "page", by_title([page for page in TAKING if page.takes not in MOVES_OF_A_BUNDLE])
    )
    def test_nobody_moves_a_bundle_by_hand(self, world: World, page: Page):
        assert not tried(world, page, is_bundle=True)
