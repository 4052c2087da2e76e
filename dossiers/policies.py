"""Which dossiers exist for an actor, and what the actor may do with them."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core.actor import Actor, Grant, StandIn
from core.errors import Conflict, NotAllowed
from dossiers.models import Dossier, Opinion, Refund, ReturnChoice, StepRecord, SupplementProposal
from dossiers.states import Action, HandOverMethod, Status
from dossiers.transitions import APPLICANT, EXAMINED, MOVES, RETURN_DESK, STEP_HOLDER, SYSTEM, Move
from procedures.states import Channel

AT_RECEIVING_UNIT = frozenset({Role.ONE_STOP_OFFICER, Role.FEE_COLLECTOR})
AT_COMPETENT_AGENCY = frozenset(
    {Role.SPECIALIST, Role.UNIT_LEADER, Role.SIGNER, Role.CLERK, Role.ACCOUNTANT, Role.AGENCY_HEAD}
)

EXAMINERS = frozenset({Role.SPECIALIST, Role.UNIT_LEADER})
"""Roles whose internal steps are taken, passed on and returned; the other steps go with moves of their own."""

NOT_WITH_DRAFTS = ~Q(status=Status.DRAFT)
COUNTER_DRAFT = Q(status=Status.DRAFT, channel=Channel.COUNTER)
UNACCEPTED_WITHDRAWAL = Q(status=Status.WITHDRAWAL_REQUESTED, accepted_at=None)


MOVES_OF_A_BUNDLE = frozenset(
    {
        Action.SUBMIT,
        Action.ACCEPT_AT_COUNTER,
        Action.ACCEPT_BUNDLE,
        Action.COMPLETE_BUNDLE,
        Action.HAND_OVER,
        Action.ARCHIVE,
    }
)


class ReadOnly(Conflict):
    """Nothing is changed here in a dossier that is led elsewhere; the message says where."""

    code = "read_only"


def visible(actor: Actor) -> QuerySet[Dossier]:
    """Give the dossiers that exist for the actor: own ones, or those of the agencies where a role is held.

    A draft exists for its applicant only, or at the counter for the unit that types it. A dossier whose internal step
    another agency does exists for the step's officers there until it is passed on. Whoever else is neither applicant
    nor officer of the agency sees nothing.
    """
    if actor.is_person:
        return Dossier.objects.filter(own(actor))
    if actor.is_officer:
        received = actor.agencies_as(*AT_RECEIVING_UNIT)
        competent = actor.agencies_as(*AT_COMPETENT_AGENCY)
        leads = actor.agencies_as(Role.UNIT_LEADER)
        mine = Q()
        if received:
            mine |= Q(NOT_WITH_DRAFTS | COUNTER_DRAFT, received_at_unit__in=received)
        if competent:
            # Before acceptance a dossier is the one-stop unit's alone.
            mine |= Q(competent_agency__in=competent, accepted_at__isnull=False)
        if leads:
            mine |= Q(UNACCEPTED_WITHDRAWAL, received_at_unit__in=leads)
            mine |= Q(_further_supplement_proposed(), received_at_unit__in=leads)
        if actor.roles & EXAMINERS:
            elsewhere = StepRecord.objects.filter(steps_of(actor), dossier=OuterRef("pk"))
            elsewhere = elsewhere.exclude(agency=F("dossier__competent_agency"))
            mine |= Q(Exists(elsewhere), status__in=EXAMINED)
        return Dossier.objects.filter(mine) if mine else Dossier.objects.none()
    if actor.is_system:
        return Dossier.objects.all()
    return Dossier.objects.none()


def _further_supplement_proposed() -> Q:
    """The condition for dossiers that wait for a leader before their acceptance: may more be asked for?"""
    open_ones = SupplementProposal.objects.filter(decided_at=None).values("dossier")
    return Q(status=Status.SUBMITTED, accepted_at=None, pk__in=open_ones)


def steps_of(actor: Actor, *, path: str = "") -> Q:
    """Give the condition for the internal steps whose turn it is and that the actor may do.

    They are of a role that the actor holds at the step's agency, and nobody else has them. ``path`` leads to the steps,
    such as ``steps__``.
    """
    held = Q(pk__in=())
    for role in sorted(EXAMINERS & actor.roles):
        held |= Q(**{f"{path}role": role, f"{path}agency__in": actor.agencies_as(role)})
    free = Q(**{f"{path}officer": None}) | Q(**{f"{path}officer": actor.officer_id})
    for one in actor.stands_in:
        absent = {"role": one.role, "agency": one.agency_id, "officer": one.officer_id}
        free |= Q(**{f"{path}{name}": value for name, value in absent.items()})
    return Q(**{f"{path}is_at_work": True}) & held & free


def has_step(actor: Actor, step: StepRecord) -> bool:
    """Say whether the actor holds the step's role at its agency, and has the step, or nobody has it.

    A deputy has the steps of the officer who is away.
    """
    if not actor.holds(step.role, agency_id=step.agency_id):
        return False
    return step.officer_id in (None, actor.officer_id) or _absent_holder(actor, step) is not None


def _absent_holder(actor: Actor, step: StepRecord) -> StandIn | None:
    return actor.deputy_of(step.officer_id, role=step.role, agency_id=step.agency_id)


def has_in_hands(actor: Actor, dossier: Dossier) -> bool:
    """Say whether the dossier is the actor's own work: as its specialist, as that one's deputy, or while nobody has it."""
    if dossier.current_handler_id in (None, actor.officer_id):
        return True
    return _absent_handler(actor, dossier) is not None


def _absent_handler(actor: Actor, dossier: Dossier) -> StandIn | None:
    return actor.deputy_of(
        dossier.current_handler_id, role=Role.SPECIALIST, agency_id=dossier.competent_agency_id
    )


def acts_for(actor: Actor, dossier: Dossier, *, grant: Grant | None, step: StepRecord | None = None) -> str:
    """Name the officer on whose behalf a deputy acts; "" for who acts in their own right.

    That is who holds the dossier or the step and is away, or else whose role it is under which the deputy acts.
    """
    if step is not None:
        absent = _absent_holder(actor, step)
    elif grant is not None and grant.role == Role.SPECIALIST:
        absent = _absent_handler(actor, dossier)
    else:
        absent = None
    if absent is not None:
        return absent.name
    return grant.stands_in_for if grant is not None else ""


ANSWERS_OPINIONS = frozenset({Role.SPECIALIST, Role.UNIT_LEADER})


def visible_opinions(actor: Actor) -> QuerySet[Opinion]:
    """Give the questions of other agencies that the actor may answer for theirs.

    Who sees a question does not see its dossier: only the text and the documents that were put to it.
    """
    if not actor.is_officer:
        return Opinion.objects.none()
    return Opinion.objects.filter(agency__in=actor.agencies_as(*ANSWERS_OPINIONS))


PAYS_REFUNDS = frozenset({Role.FEE_COLLECTOR, Role.ACCOUNTANT})


def visible_refunds(actor: Actor) -> QuerySet[Refund]:
    """Give the refunds that the actor writes down: the collector of the receiving unit, the deciders' accountant."""
    if not actor.is_officer:
        return Refund.objects.none()
    collects, accounts = actor.agencies_as(Role.FEE_COLLECTOR), actor.agencies_as(Role.ACCOUNTANT)
    return Refund.objects.filter(
        Q(dossier__received_at_unit__in=collects) | Q(dossier__competent_agency__in=accounts),
        dossier__is_mirror=False,
    )


FETCHED = (Status.COMPLETED, Status.RETURNED)
"""Statuses in which the counter where the result is fetched knows of it: while it waits there, and once it is given."""


def visible_returns(actor: Actor) -> QuerySet[Dossier]:
    """Give the dossiers whose result the applicant fetches at a counter of the actor's, received elsewhere (NĐ 118/2025).

    Who gives a result out for another unit sees whose it is and the result, not the dossier.
    """
    if not actor.is_officer:
        return Dossier.objects.none()
    here = actor.agencies_as(Role.ONE_STOP_OFFICER)
    return Dossier.objects.filter(
        return_choice__method=HandOverMethod.COUNTER,
        return_choice__centre__in=here,
        status__in=FETCHED,
        is_mirror=False,
        is_bundle=False,
    ).exclude(received_at_unit__in=here)


def own(actor: Actor) -> Q:
    """The condition for dossiers that the actor owns, or may see for an organisation."""
    if actor.person_id is None:
        return Q(pk__in=())
    return Q(owner_person_id=actor.person_id) | Q(owner_organisation_id__in=actor.organisation_ids)


def is_applicant(actor: Actor, dossier: Dossier) -> bool:
    """Say whether the dossier is the actor's own, or one of an organisation that they act for today."""
    if not actor.is_person:
        return False
    if dossier.owner_organisation_id is not None:
        return dossier.owner_organisation_id in actor.organisation_ids
    return dossier.owner_person_id == actor.person_id


def capacities(actor: Actor, dossier: Dossier) -> frozenset[str]:
    """Give every role in which the actor may deal with this dossier."""
    found: set[str] = set()
    if is_applicant(actor, dossier):
        found.add(APPLICANT)
    if actor.is_system:
        found.add(SYSTEM)
    found.update(
        grant.role for grant in actor.grants if grant.agency_id == _agency_id_for(grant.role, dossier)
    )
    if _grant_of_step(actor, dossier) is not None:
        found.add(STEP_HOLDER)
    if _grant_of_return(actor, dossier) is not None:
        found.add(RETURN_DESK)
    return frozenset(found)


def _grant_of_return(actor: Actor, dossier: Dossier) -> Grant | None:
    """Give the grant of the one-stop officer at whose counter the applicant fetches what another unit received."""
    if dossier.status not in FETCHED or dossier.is_mirror or dossier.is_bundle:
        return None
    elsewhere = [
        grant
        for grant in actor.grants
        if grant.role == Role.ONE_STOP_OFFICER and grant.agency_id != dossier.received_at_unit_id
    ]
    if not elsewhere:
        return None
    chosen = ReturnChoice.objects.filter(dossier=dossier, method=HandOverMethod.COUNTER)
    centre_id = chosen.values_list("centre", flat=True).first()
    return next((grant for grant in elsewhere if grant.agency_id == centre_id), None)


def _grant_of_step(actor: Actor, dossier: Dossier) -> Grant | None:
    """Give the grant under which the actor has the step at work, where another agency than the deciding one does it."""
    if dossier.status not in EXAMINED or dossier.is_mirror or dossier.is_bundle:
        return None
    elsewhere = [
        grant
        for grant in actor.grants
        if grant.role in EXAMINERS and grant.agency_id != dossier.competent_agency_id
    ]
    if not elsewhere:
        return None
    steps = StepRecord.objects.filter(steps_of(actor), dossier=dossier)
    held = set(steps.values_list("role", "agency_id"))
    return next((grant for grant in elsewhere if (grant.role, grant.agency_id) in held), None)


def _agency_id_for(role: str, dossier: Dossier) -> int | None:
    """Name the agency whose officers deal with the dossier in this role; None where nobody does."""
    if dossier.is_mirror or (dossier.is_bundle and dossier.status != Status.DRAFT):
        return None  # another system leads, or the dossiers that it is made of
    if dossier.status == Status.DRAFT and dossier.channel != Channel.COUNTER:
        return None
    if role in AT_RECEIVING_UNIT:
        return dossier.received_at_unit_id
    if role not in AT_COMPETENT_AGENCY:
        return None
    if role == Role.UNIT_LEADER and dossier.accepted_at is None:
        return dossier.received_at_unit_id
    return dossier.competent_agency_id


def require(actor: Actor, dossier: Dossier, move: Move) -> Grant | None:
    """Let the actor take the move, and give the grant under which it is taken (None for applicant and system).

    :raises NotAllowed: no role of the actor at the dossier's agencies may take it.
    """
    require_led_here(dossier, move.action)
    may = capacities(actor, dossier) & move.by
    if not may:
        raise _not_yours(move.action, move.by)
    role = sorted(may)[0]
    if role in (APPLICANT, SYSTEM):
        return None
    if role == STEP_HOLDER:
        return _grant_of_step(actor, dossier)
    if role == RETURN_DESK:
        return _grant_of_return(actor, dossier)
    agency_id = _agency_id_for(role, dossier)
    return next(grant for grant in actor.grants if grant.role == role and grant.agency_id == agency_id)


def require_ever(actor: Actor, dossier: Dossier, action: Action) -> None:
    """Let the actor take a step at some time or other: who may never take it is not told how far things are.

    :raises NotAllowed: no role of the actor at the dossier's agencies takes this step from any status.
    """
    require_led_here(dossier, action)
    by = MOVES.takers(action)
    if not capacities(actor, dossier) & by:
        raise _not_yours(action, by)


def require_led_here(dossier: Dossier, action: Action) -> None:
    """Let a step be taken here at all.

    :raises ReadOnly: another system leads the dossier, or it follows its children.
    """
    if dossier.is_mirror and action != Action.MIRROR:
        raise ReadOnly(
            _("Hồ sơ này do %(system)s xử lý; ở đây chỉ xem. Hãy thực hiện thao tác trên hệ thống đó.")
            % {"system": dossier.leading_system or _("hệ thống khác")}
        )
    if dossier.is_bundle and action not in MOVES_OF_A_BUNDLE:
        raise ReadOnly(
            _(
                "Hồ sơ liên thông tự chuyển theo các hồ sơ thành phần. Hãy thực hiện thao tác ở hồ sơ thành phần."
            )
        )


def require_role(actor: Actor, dossier: Dossier, *roles: str) -> None:
    """Let the actor do something that moves nothing, such as checking a component.

    :raises NotAllowed: the actor holds none of the roles for this dossier.
    """
    if not capacities(actor, dossier) & frozenset(roles):
        raise NotAllowed()


def _not_yours(action: Action, by: frozenset[str]) -> NotAllowed:
    names = {
        APPLICANT: str(_("người nộp hồ sơ")),
        SYSTEM: str(_("hệ thống")),
        STEP_HOLDER: str(_("người giữ bước ở cơ quan khác")),
        RETURN_DESK: str(_("bộ phận một cửa nơi người nộp chọn nhận kết quả")),
    }
    roles = ", ".join(names.get(role) or str(Role(role).label) for role in sorted(by))
    return NotAllowed(
        _("Bạn không có quyền thực hiện thao tác “%(action)s” với hồ sơ này. Việc này dành cho: %(roles)s.")
        % {"action": action.label, "roles": roles}
    )
