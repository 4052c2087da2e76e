"""Pages of the desk that are about no single dossier: lists, bulk steps, filters, counter, register, calendars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from agencies.models import Delegation
from agencies.states import Role
from dossiers.models import ReturnChoice, SavedFilter
from dossiers.states import Action, HandOverMethod, Status
from results_vault.models import Result
from tests.permissions.world import (
    ACCOUNTANT,
    ADMIN,
    AUDITOR,
    CLERK,
    COLLEAGUE,
    COLLECTOR,
    CONTROL,
    DECIDERS_ONE_STOP,
    ELSEWHERE,
    ENDED,
    HEAD,
    IOC,
    LEADER,
    NOT_YET,
    ONE_STOP,
    OWNER,
    RECEIVERS_ROLES,
    SIGNER,
    SPECIALIST,
    World,
)


def only(*people: str) -> frozenset[str]:
    return frozenset(people)


AT_A_COUNTER = only(ONE_STOP, DECIDERS_ONE_STOP, ELSEWHERE)
EXAMINING = only(SPECIALIST, COLLEAGUE, LEADER, RECEIVERS_ROLES, ELSEWHERE)
HANDLING = AT_A_COUNTER | EXAMINING | {COLLECTOR, SIGNER, CLERK, ACCOUNTANT, HEAD}
OFFICERS = HANDLING | {CONTROL, ADMIN, AUDITOR, IOC, ENDED, NOT_YET}
"""All of them, also those without a role now."""
LEADING = only(LEADER, HEAD, RECEIVERS_ROLES, ELSEWHERE)
READING = AT_A_COUNTER | LEADING
CLOSING = only(HEAD, RECEIVERS_ROLES, ELSEWHERE)
KEEPERS = only(CONTROL, ADMIN)
OVERSEEING = CLOSING | {CONTROL, IOC}

REFUSED, HIDDEN = 403, 404


@dataclass(frozen=True)
class Listed:
    """A page or button: ``gets`` names the officers who get the answer ``then``, the ``others`` get another one.

    People who are no officers are refused, or get ``others`` where that hides the page. ``acts`` names those for whom
    something changes, ``wrong`` those who are told that what is typed does not belong to their agency.
    """

    name: str
    method: str = "GET"
    gets: frozenset[str] = OFFICERS
    then: int = 200
    others: int = REFUSED
    parts: Callable[[World], list[Any]] = lambda world: []
    data: Callable[[World], dict[str, Any]] = lambda world: {}
    acts: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.method} {self.name}{' that acts' if self.acts else ''}"

    def address(self, world: World) -> str:
        """Give its address; what it names is made for it."""
        return reverse(self.name, args=self.parts(world))


def a_queue(world: World) -> list[Any]:
    return ["cho-tiep-nhan"]


def the_department(world: World) -> list[Any]:
    return [world.department.code]


def a_day(world: World) -> list[Any]:
    return [world.department.code, a_later_day()]


def a_later_day() -> str:
    return (timezone.localdate() + timedelta(days=40)).isoformat()


def a_filter(world: World) -> list[Any]:
    one = SavedFilter.objects.create(
        officer=world.officers[ONE_STOP], queue="cho-tiep-nhan", query="tre=on", name="Trễ"
    )
    return [one.pk]


def a_delegation(world: World) -> list[Any]:
    at = timezone.now()
    one = Delegation.objects.create(
        agency=world.department,
        officer=world.officers[SPECIALIST],
        role=Role.SPECIALIST,
        deputy=world.officers[COLLEAGUE],
        decision="QĐ số 3/QĐ-UBND (minh họa)",
        valid_from=at,
        valid_to=at + timedelta(days=2),
    )
    return [one.pk]


def ticked(world: World) -> dict[str, Any]:
    return {"viec": Action.ACCEPT, "chon": [world.dossiers[OWNER, Status.SUBMITTED].tracking_no]}


def ticked_and_sure(world: World) -> dict[str, Any]:
    return {**ticked(world), "lam": "1"}


def a_late_list(world: World) -> dict[str, Any]:
    return {"query": "tre=on", "ten": "Trễ"}


def an_absence(world: World) -> dict[str, Any]:
    begins = timezone.localtime() + timedelta(days=1)
    return {
        "officer": f"{world.officers[SPECIALIST].pk}:{Role.SPECIALIST}",
        "deputy": str(world.officers[COLLEAGUE].pk),
        "valid_from": f"{begins:%Y-%m-%dT%H:%M}",
        "valid_to": f"{begins + timedelta(days=2):%Y-%m-%dT%H:%M}",
        "decision": "QĐ số 4/QĐ-UBND (minh họa)",
    }


def fetched_elsewhere(world: World) -> list[Any]:
    """Let the owner fetch a result at the counter of another centre than the one that received it."""
    dossier = world.dossiers[OWNER, Status.COMPLETED]
    ReturnChoice.objects.update_or_create(
        dossier=dossier, defaults={"method": HandOverMethod.COUNTER, "centre": world.elsewhere}
    )
    Result.objects.filter(pk=world.results[OWNER].pk).update(dossier_code=dossier.reference)
    return [dossier.tracking_no]


def the_receiver(world: World) -> dict[str, Any]:
    owner = world.dossiers[OWNER, Status.COMPLETED].owner_person
    return {"receiver_name": str(owner), "receiver_id_checked": "on"}


# fmt: off
LISTS = [
    Listed("desk:queue",            then=302, gets=HANDLING),
    Listed("desk:queue_named",      gets=AT_A_COUNTER, parts=a_queue),
    Listed("desk:find"),
    Listed("desk:find",             "POST", then=302, data=lambda world: {"q": "Trần Thị Chủ"}),
    Listed("desk:many",             "POST", AT_A_COUNTER, 200, HIDDEN, a_queue, ticked),
    Listed("desk:many",             "POST", AT_A_COUNTER, 200, HIDDEN, a_queue, ticked_and_sure, acts=only(ONE_STOP)),
    Listed("desk:filter_save",      "POST", OFFICERS, 302, REFUSED, a_queue, a_late_list, acts=AT_A_COUNTER),
    Listed("desk:filter_remove",    "POST", only(ONE_STOP), 302, HIDDEN, a_filter, acts=only(ONE_STOP)),
    Listed("desk:counter",          gets=AT_A_COUNTER),
    Listed("desk:register",         gets=READING),
    Listed("desk:register_print",   gets=READING),
    Listed("desk:register_export",  gets=READING),
    Listed("desk:register_workbook", gets=READING),
    # No year is closed here: who may read the book is told that there is no such volume, the others are refused.
    Listed("desk:register_volume",  gets=READING, then=HIDDEN, parts=lambda world: [1]),
    Listed("desk:register_close",   gets=CLOSING),
    Listed("desk:register_close",   "POST", CLOSING, 302),
    Listed("desk:opinions",         gets=EXAMINING),
    Listed("desk:returns",          gets=AT_A_COUNTER),
    Listed("desk:return",           gets=only(ELSEWHERE), others=HIDDEN, parts=fetched_elsewhere),
    Listed("desk:return",           "POST", only(ELSEWHERE), 302, HIDDEN, fetched_elsewhere, the_receiver, acts=only(ELSEWHERE)),
    Listed("desk:return_document",  gets=only(ELSEWHERE), others=HIDDEN, parts=fetched_elsewhere),
    Listed("delegations:list",      gets=LEADING),
    Listed("delegations:list",      "POST", only(LEADER, HEAD), 302, data=an_absence, acts=only(LEADER, HEAD), wrong=only(RECEIVERS_ROLES, ELSEWHERE)),
    Listed("delegations:revoke",    "POST", only(LEADER, HEAD), 302, HIDDEN, a_delegation, acts=only(LEADER, HEAD)),
    Listed("agencies:calendars",    then=302, gets=KEEPERS | {ELSEWHERE}),
    Listed("agencies:calendar",     gets=KEEPERS, others=HIDDEN, parts=the_department),
    Listed("agencies:add_day",      gets=KEEPERS, others=HIDDEN, parts=the_department),
    Listed("agencies:day",          gets=KEEPERS, others=HIDDEN, parts=a_day),
    Listed("supervision:alerts"),
    Listed("supervision:summary",   gets=OVERSEEING),
]
# fmt: on
