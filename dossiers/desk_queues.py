"""The officers' queues: which dossiers wait for which role, each a condition that a partial index serves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core.actor import Actor, ActorKind, Grant, StandIn
from core.kept_statements import ANY_MOMENT, Statement, statement
from core.remembering import forget, remembered
from dossiers import policies
from dossiers.models import Dossier, Extension, RefusalProposal, SupplementProposal, SupplementRequest
from dossiers.states import ASKED_TO_SUPPLEMENT, RUNNING, Action, Status, SupplementState
from dossiers.transitions import EXTENDABLE

COUNTED_TO = 99
"""Counts beside the names of queues stop here: nobody needs to know whether 300 or 310 are waiting."""

COUNTS_KEPT_S = 10
"""Seconds for which an officer's counts are kept: planning their query costs more than all else on the page."""

_KEPT_COUNTS = "desk:counts:1:%s"  # a new number when the shape changes: releases overlap

UNIT, AGENCY, HANDLER, NOBODY = "received_at_unit", "competent_agency", "current_handler", ""

RETURN_BY = _("Hạn trả")

Where = Callable[[datetime], Q]


@dataclass(frozen=True, slots=True)
class Queue:
    """One tab of the desk: which dossiers, for whom, in which order.

    ``holder`` is the column whose agency must be one where the officer holds one of ``roles``; for `HANDLER` the
    dossier must also be the officer's own, for `NOBODY` something else decides. ``also`` are roles that find the same work under another column.
    ``where`` narrows the statuses further, at a moment. The lines of ``of_steps`` are the internal steps that wait for
    the officer, wherever their dossiers are decided. ``mixed`` queues show dossiers of several statuses and who
    works on each; ``due`` names their limit, and is None where no clock runs any more. ``bulk`` are the steps that
    can be taken for many dossiers at once.
    """

    name: str
    title: Promise
    roles: frozenset[Role]
    holder: str
    statuses: tuple[Status, ...]
    due: Promise | None = RETURN_BY
    mixed: bool = False
    also: tuple[str, frozenset[Role]] | None = None
    where: Where | None = None
    of_steps: bool = False
    bulk: tuple[Action, ...] = ()

    @property
    def seats(self) -> list[tuple[str, frozenset[Role]]]:
        """Which roles find the work, each under its column."""
        own = (AGENCY if self.holder == HANDLER else self.holder, self.roles)
        return [own, self.also] if self.also else [own]

    @property
    def all_roles(self) -> frozenset[Role]:
        return self.roles | self.also[1] if self.also else self.roles

    def condition(self, actor: Actor, *, at: datetime) -> Q:
        """Give the condition for the dossiers that stand in the actor's queue at ``at``, once for each line."""
        if self.of_steps:
            return policies.steps_of(actor, path="steps__") & Q(status__in=self.statuses)
        mine = _held(actor, self.holder, self.roles)
        if self.also and actor.roles & self.also[1]:
            other = _held(actor, *self.also)
            mine = mine | other if actor.roles & self.roles else other
        found = mine & Q(status__in=self.statuses)
        return found & self.where(at) if self.where else found


def _held(actor: Actor, holder: str, roles: frozenset[Role]) -> Q:
    agencies = actor.agencies_as(*roles)
    if holder == HANDLER:
        own = Q(current_handler=actor.officer_id, competent_agency__in=agencies)
        for one in actor.stands_in:
            if one.role in roles:
                own |= Q(current_handler=one.officer_id, competent_agency=one.agency_id)
        return own
    if Role.UNIT_LEADER in roles and holder == UNIT:
        return Q(
            received_at_unit__in=agencies, accepted_at=None
        )  # after acceptance it is the deciding agency's
    return Q(**{f"{holder}__in": agencies})


def _answered(at: datetime) -> Q:
    requests = SupplementRequest.objects.filter(dossier=OuterRef("pk"), state=SupplementState.ANSWERED)
    return Q(Exists(requests))


def _unanswered(at: datetime) -> Q:
    return ~_answered(at)


def _refusal_proposed(at: datetime) -> Q:
    return Q(Exists(RefusalProposal.objects.filter(dossier=OuterRef("pk"), decided_at=None)))


def _supplement_proposed(at: datetime) -> Q:
    return Q(Exists(SupplementProposal.objects.filter(dossier=OuterRef("pk"), decided_at=None)))


def _extension_proposed(at: datetime) -> Q:
    return Q(Exists(Extension.objects.filter(dossier=OuterRef("pk"), decided_at=None)))


def _late(at: datetime) -> Q:
    # Whose clock stood still when they asked to withdraw: what passed since was the applicant's limit.
    asked_back = Q(
        status=Status.WITHDRAWAL_REQUESTED, resume_status__in=(*ASKED_TO_SUPPLEMENT, Status.AWAITING_PAYMENT)
    )
    return Q(next_due_at__lt=at) & ~asked_back


def _in_order(statuses: Iterable[Status]) -> tuple[Status, ...]:
    wanted = frozenset(statuses)
    return tuple(status for status in Status if status in wanted)


ONE_STOP = frozenset({Role.ONE_STOP_OFFICER})
LEADER = frozenset({Role.UNIT_LEADER})
SPECIALIST = frozenset({Role.SPECIALIST})
SIGNER = frozenset({Role.SIGNER})
HEAD = frozenset({Role.AGENCY_HEAD})

# fmt: off
QUEUES = (
    Queue("cho-tiep-nhan",     _("Chờ tiếp nhận"),        ONE_STOP, UNIT, (Status.SUBMITTED,), due=_("Hạn tiếp nhận"), bulk=(Action.ACCEPT,)),
    Queue("nhan-bo-sung",      _("Đã nộp bổ sung"),       ONE_STOP, UNIT, (Status.PROCESS_SUPPLEMENT,), where=_answered),
    Queue("cho-bo-sung",       _("Chờ bổ sung"),          ONE_STOP, UNIT, _in_order(ASKED_TO_SUPPLEMENT), due=_("Hạn bổ sung"), mixed=True, where=_unanswered),
    Queue("cho-chuyen",        _("Chờ chuyển xử lý"),     ONE_STOP, UNIT, (Status.ACCEPTED,), bulk=(Action.FORWARD,)),
    Queue("cho-tra-ket-qua",   _("Chờ trả kết quả"),      ONE_STOP, UNIT, (Status.COMPLETED,), due=None, bulk=(Action.HAND_OVER,)),
    Queue("cho-phan-cong",     _("Chờ phân công"),        LEADER | SPECIALIST, AGENCY, (Status.FORWARDED,), bulk=(Action.ASSIGN,)),
    Queue("buoc-cho-toi",      _("Bước chờ tôi"),         LEADER | SPECIALIST, NOBODY, (Status.IN_PROCESS,), due=_("Hạn của bước"), of_steps=True),
    Queue("dang-xu-ly",        _("Đang xử lý"),           SPECIALIST, HANDLER, (Status.IN_PROCESS,)),
    Queue("dang-xac-minh",     _("Đang xác minh"),        SPECIALIST, HANDLER, (Status.VERIFYING,)),
    Queue("cho-y-kien",        _("Chờ ý kiến phối hợp"),  SPECIALIST, HANDLER, (Status.AWAITING_OPINION,)),
    Queue("cho-nguoi-nop",     _("Chờ người nộp"),        SPECIALIST, HANDLER, (Status.PROCESS_SUPPLEMENT, Status.AWAITING_PAYMENT), due=_("Hạn của người nộp"), mixed=True),
    Queue("bo-sung-them",      _("Đề nghị bổ sung thêm"), LEADER, AGENCY, (Status.IN_PROCESS,), where=_supplement_proposed),
    Queue("bo-sung-them-tiep-nhan", _("Đề nghị bổ sung thêm khi tiếp nhận"), LEADER, UNIT, (Status.SUBMITTED,), due=_("Hạn tiếp nhận"), where=_supplement_proposed),
    Queue("xin-rut",           _("Xin rút hồ sơ"),        LEADER, AGENCY, (Status.WITHDRAWAL_REQUESTED,), also=(UNIT, LEADER)),
    Queue("cho-ky",            _("Chờ ký"),               SIGNER, AGENCY, (Status.AWAITING_SIGN_OFF,)),
    Queue("de-nghi-tu-choi",   _("Đề nghị từ chối"),      SIGNER, AGENCY, (Status.IN_PROCESS,), where=_refusal_proposed),
    Queue("cho-phat-hanh",     _("Chờ phát hành"),        frozenset({Role.CLERK}), AGENCY, (Status.SIGNED,)),
    Queue("cho-nop-tien",      _("Chờ nộp tiền"),         frozenset({Role.ACCOUNTANT}), AGENCY, (Status.AWAITING_PAYMENT,), due=_("Hạn nộp tiền"), also=(UNIT, frozenset({Role.FEE_COLLECTOR}))),
    Queue("de-nghi-gia-han",   _("Đề nghị xin lỗi, hẹn lại"), HEAD, AGENCY, _in_order(EXTENDABLE), mixed=True, where=_extension_proposed),
    Queue("qua-han",           _("Quá hạn"),              LEADER | HEAD, AGENCY, _in_order(RUNNING), mixed=True, where=_late),
    Queue("cua-co-quan",       _("Hồ sơ của cơ quan"),    LEADER | HEAD, AGENCY, _in_order(RUNNING), mixed=True),
)
# fmt: on


def on_behalf_of(queue: Queue, actor: Actor, line: Mapping[str, Any]) -> str:
    """Name the officer whose work a line of the queue is, where the actor does it as a deputy; else "".

    ``line`` holds the dossier's agencies and its handler by id, and of a step ``step_officer_id``, ``step_role`` and
    ``step_agency_id``.
    """
    if not actor.stands_in:
        return ""
    holder_id = line["step_officer_id"] if queue.of_steps else line["current_handler_id"]
    if (queue.of_steps or queue.holder == HANDLER) and holder_id is not None:
        names = [one.name for one in actor.stands_in if one.officer_id == holder_id]
        return names[0] if names and holder_id != actor.officer_id else ""
    if queue.of_steps:
        seats = {(line["step_role"], line["step_agency_id"])}
    else:
        seats = {(role, line[f"{holder}_id"]) for holder, roles in queue.seats for role in roles}
    held = [grant.stands_in_for for grant in actor.grants if (grant.role, grant.agency_id) in seats]
    return held[0] if held and all(held) else ""


def queues_of(actor: Actor) -> list[Queue]:
    """Give the queues of the officer's roles, in the order in which a dossier walks through them."""
    return [queue for queue in QUEUES if queue.all_roles & actor.roles]


def capped_counts(queues: Iterable[Queue], actor: Actor, *, at: datetime) -> dict[str, int]:
    """Count each queue up to `COUNTED_TO` + 1, all of them in one query."""
    names = tuple(queue.name for queue in queues)
    counting = _counting(names, actor.grants, actor.stands_in, actor.officer_id)
    return dict(Counter(name for (name,) in counting.rows({ANY_MOMENT: at}, prepare=False)))


def counts_key(actor: Actor) -> str:
    """Name where an officer's counts are kept."""
    return _KEPT_COUNTS % actor.officer_id


def recent_counts(queues: Iterable[Queue], actor: Actor, *, at: datetime) -> dict[str, int]:
    """Give the counts as they were at most `COUNTS_KEPT_S` ago, or since the officer's last step for many dossiers."""
    return remembered(
        counts_key(actor),
        seconds=COUNTS_KEPT_S,
        make=lambda: capped_counts(queues, actor, at=at),
    )


def forget_counts(actor: Actor) -> None:
    """Let the next page count anew."""
    forget(counts_key(actor))


@lru_cache(maxsize=512)
def _counting(
    names: tuple[str, ...], grants: frozenset[Grant], stands_in: frozenset[StandIn], officer_id: int | None
) -> Statement:
    actor = Actor(kind=ActorKind.OFFICER, officer_id=officer_id, grants=grants, stands_in=stands_in)
    parts = [
        Dossier.objects.filter(queue.condition(actor, at=ANY_MOMENT))
        .annotate(queue=Value(queue.name))
        .order_by()
        .values_list("queue", flat=True)[: COUNTED_TO + 1]
        for queue in QUEUES
        if queue.name in names
    ]
    if not parts:
        return Statement("", ())
    return statement(parts[0] if len(parts) == 1 else parts[0].union(*parts[1:], all=True))
