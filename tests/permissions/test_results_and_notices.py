"""Who reads results and notices, and who changes or sends them again; the tables are the rule."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse

from citizens.models import AccessLog
from dossiers.states import Status
from results_vault import codes
from tests.permissions.world import (
    ACCOUNTANT,
    ANOTHER,
    ANYBODY,
    CLERK,
    COLLEAGUE,
    COLLECTOR,
    DEACTIVATED,
    DECIDERS_ONE_STOP,
    ELSEWHERE,
    HEAD,
    LEADER,
    ONE_STOP,
    ORGANISATION,
    OWNER,
    RECEIVERS_ROLES,
    RECEIVES,
    REPRESENTATIVE,
    SIGNER,
    SPECIALIST,
    World,
    footprints,
)

pytestmark = pytest.mark.django_db

SIGN_IN, DONE, REFUSED, HIDDEN = 302, 302, 403, 404
NOT_SIGNED_IN = {ANYBODY, DEACTIVATED}
ISSUERS = {SPECIALIST, COLLEAGUE, LEADER, SIGNER, CLERK, HEAD, DECIDERS_ONE_STOP}
DECIDERS = {SIGNER, HEAD}
OWNERS = {OWNER: {OWNER}, ANOTHER: {ANOTHER}, ORGANISATION: {REPRESENTATIVE, RECEIVES}}
AT_WORK = ISSUERS | {ONE_STOP, RECEIVERS_ROLES, ELSEWHERE}
"""Officers who deal with dossiers today, wherever."""


@pytest.mark.parametrize("of", [OWNER, ANOTHER, ORGANISATION])
@pytest.mark.parametrize("page", ["detail", "download"])
def test_a_result_exists_for_its_owner_and_for_the_agency_that_issued_it(world: World, page: str, of: str):
    address = reverse(f"results_vault:{page}", args=[world.results[of].token])
    readers = OWNERS[of] | ISSUERS

    got = {who: world.visit(who, address).status_code for who in world.users}

    assert got == {
        who: 200 if who in readers else SIGN_IN if who in NOT_SIGNED_IN else HIDDEN for who in world.users
    }


@pytest.mark.parametrize("data", [{"change": "revoke", "decision": "QĐ 1"}, {}], ids=["complete", "empty"])
def test_only_who_decides_for_the_agency_changes_the_force_of_a_result(world: World, data: dict[str, str]):
    address = reverse("results_vault:change_force", args=[world.results[OWNER].token])
    got, changed = {}, set()
    for who in world.users:
        with transaction.atomic():
            got[who] = world.visit(who, address, "POST", data).status_code
            if footprints() != world.untouched:
                changed.add(who)
            transaction.set_rollback(True)

    for who in world.users:
        if who in DECIDERS:
            wanted = DONE if data else 422
        elif who in NOT_SIGNED_IN:
            wanted = SIGN_IN
        else:
            wanted = REFUSED if who in OWNERS[OWNER] | ISSUERS else HIDDEN
        assert (who, got[who]) == (who, wanted)
    assert changed == (DECIDERS if data else set())


def test_a_claimed_purpose_shows_nobody_whose_result_it_is_without_a_post_as_an_inspector(world: World):
    result, owner = world.results[OWNER], world.people[OWNER]
    address = f"{reverse('results_vault:check', args=[result.token])}?c={codes.checksum(result.token)}"
    told, noted = set(), set()
    for who in set(world.users) - {OWNER}:  # the own name stands in the head of every page
        with transaction.atomic():
            page = world.visit(who, address, "POST", {"purpose": "inspect_result"}).content.decode()
            if owner.full_name in page or result.dossier_code in page:
                told.add(who)
            if AccessLog.objects.filter(person=owner, purpose="inspect_result").exists():
                noted.add(who)
            transaction.set_rollback(True)

    assert (told, noted) == (set(), set())


@pytest.mark.parametrize("of", [OWNER, ANOTHER])
@pytest.mark.parametrize(("page", "method", "then"), [("detail", "GET", 200), ("mark_read", "POST", DONE)])
def test_a_notice_exists_for_its_reader_only(world: World, page: str, method: str, then: int, of: str):
    address = reverse(f"notifications:{page}", args=[world.notices[of].pk])
    got, changed = {}, set()
    for who in world.users:
        with transaction.atomic():
            got[who] = world.visit(who, address, method).status_code
            if footprints() != world.untouched:
                changed.add(who)
            transaction.set_rollback(True)

    assert got == {
        who: then if who == of else SIGN_IN if who in NOT_SIGNED_IN else HIDDEN for who in world.users
    }
    assert changed == {of}


def test_a_letter_is_sent_again_by_officers_who_see_its_dossier(world: World):
    address = reverse("notifications:send_again", args=[world.notices[OWNER].email.pk])
    seeing = (ISSUERS - {DECIDERS_ONE_STOP}) | {ONE_STOP, COLLECTOR, ACCOUNTANT}
    got, changed = {}, set()
    for who in world.users:
        with transaction.atomic():
            got[who] = world.visit(who, address, "POST").status_code
            if footprints() != world.untouched:
                changed.add(who)
            transaction.set_rollback(True)

    assert got == {
        who: DONE if who in seeing else SIGN_IN if who in NOT_SIGNED_IN else HIDDEN for who in world.users
    }
    assert changed == seeing


LISTS = {
    "dossiers:mine": {OWNER, ANOTHER},
    "api_dossiers:list": {OWNER, ANOTHER},
    "results_vault:mine": {OWNER, ANOTHER},
    "notifications:list": {OWNER, ANOTHER},
    "notifications:failed": set(),
    "citizens:account": set(),
    "desk:queue": set(),
    "desk:register": set(),
    "desk:register_print": set(),
}


@pytest.mark.parametrize("name", LISTS)
def test_no_list_shows_what_its_reader_does_not_see(world: World, name: str):
    """Every code, number and name of a dossier or result that a person does not see is looked for in their lists."""
    of_agency = AT_WORK - {ELSEWHERE, RECEIVERS_ROLES} | {COLLECTOR, ACCOUNTANT}
    told = []
    for who in world.users:
        page = world.visit(who, reverse(name), follow=True).content.decode()
        for of in (OWNER, ANOTHER, ORGANISATION):
            if who in OWNERS[of] | of_agency or (of == ORGANISATION and who == "representative who files"):
                continue
            dossier, result = world.dossiers[of, Status.COMPLETED], world.results[of]
            secrets = [dossier.code or "", dossier.tracking_no, result.number, result.token]
            told += [(who, of, secret) for secret in secrets if secret and secret in page]

    assert told == []


@pytest.mark.parametrize(("name", "readers"), [(name, readers) for name, readers in LISTS.items() if readers])
def test_lists_show_their_readers_what_is_theirs(world: World, name: str, readers: set[str]):
    """So that the test above does not look at empty pages."""
    for who in readers:
        page = world.visit(who, reverse(name)).content.decode()
        known = [world.dossiers[who, Status.COMPLETED].code or "", world.results[who].number]
        assert any(one in page for one in known)
