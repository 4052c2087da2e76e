"""Ủy quyền khi vắng mặt: who stands in for whom, in which role, from when to when."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Delegation, Officer, OfficerRole
from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text

GIVERS = (Role.UNIT_LEADER, Role.AGENCY_HEAD)
DECISION_LENGTH = 255
HEADS_ALONE = frozenset({Role.AGENCY_HEAD, Role.SIGNER})
"""Roles that a unit leader gives away only where they are the leader's own."""


class AlreadyRevoked(Conflict):
    code = "already_revoked"
    message = _("Ủy quyền này đã được thu hồi hoặc đã hết hạn.")


def agencies_of(actor: Actor) -> QuerySet[Agency]:
    """Give the agencies whose delegations the actor sees, makes and revokes."""
    return Agency.objects.filter(pk__in=actor.agencies_as(*GIVERS)).order_by("name_sort", "pk")


def visible(actor: Actor) -> QuerySet[Delegation]:
    """Give the delegations of the actor's agencies, the latest first."""
    found = Delegation.objects.filter(agency__in=actor.agencies_as(*GIVERS))
    return found.select_related("officer", "deputy", "agency").order_by("-valid_from", "-pk")


def holders(*, agency_id: int, at: datetime) -> list[OfficerRole]:
    """Give the roles held at an agency at ``at``, with their officers, by name."""
    held = OfficerRole.objects.filter(agency_id=agency_id, officer__user__is_active=True).in_force(at=at)
    return list(held.select_related("officer").order_by("officer__full_name", "role"))


@transaction.atomic
def delegate(
    *,
    agency_id: int,
    officer_id: int | None,
    role: str,
    deputy_id: int | None,
    decision: str,
    valid_from: datetime,
    valid_to: datetime,
    actor: Actor,
    at: datetime,
) -> Delegation:
    """Let a colleague of the same agency take an officer's role for a time.

    :param decision: the document by which it was decided.
    :raises NotAllowed: the actor neither leads nor heads the agency, or the role is not theirs to give.
    :raises InvalidInput: under ``officer``, ``deputy``, ``decision``, ``valid_from`` or ``valid_to``.
    """
    if agency_id not in actor.agencies_as(*GIVERS):
        raise NotAllowed()
    is_head = actor.holds(Role.AGENCY_HEAD, agency_id=agency_id)
    if role in HEADS_ALONE and not is_head and officer_id != actor.officer_id:
        raise NotAllowed(_("Vai trò này do thủ trưởng cơ quan hoặc chính người giữ vai trò ủy quyền."))
    held = OfficerRole.objects.filter(agency_id=agency_id).in_force(at=at)
    problems: dict[str, list[Text]] = {}
    if not held.filter(officer_id=officer_id or 0, role=role).exists():
        problems["officer"] = [_("Người này không giữ vai trò đã chọn. Hãy chọn lại người vắng mặt.")]
    deputy = Officer.objects.filter(pk=deputy_id or 0, user__is_active=True).first()
    if deputy is None or not held.filter(officer_id=deputy.pk).exists():
        problems["deputy"] = [_("Người được ủy quyền phải là cán bộ của cơ quan.")]
    elif deputy.pk == officer_id:
        problems["deputy"] = [_("Người được ủy quyền phải là người khác.")]
    elif role == Role.SIGNER and not deputy.signing_key_id:
        problems["deputy"] = [
            _("Người này chưa có khóa ký số của mình nên chưa ký thay được. Hãy chọn người khác.")
        ]
    decision = decision.strip()
    if not decision or len(decision) > DECISION_LENGTH:
        problems["decision"] = [
            _("Hãy ghi số và ngày của văn bản ủy quyền, dài nhất %(limit)d ký tự.")
            % {"limit": DECISION_LENGTH}
        ]
    if valid_to <= valid_from:
        problems["valid_to"] = [_("Thời điểm kết thúc phải sau thời điểm bắt đầu.")]
    elif valid_to <= at:
        problems["valid_to"] = [_("Thời gian ủy quyền đã qua. Hãy chọn thời điểm kết thúc về sau.")]
    elif Delegation.objects.filter(
        officer_id=officer_id or 0, agency_id=agency_id, role=role, revoked_at=None,
        valid_from__lt=valid_to, valid_to__gt=valid_from,
    ).exists():  # fmt: skip
        problems["valid_from"] = [
            _(
                "Vai trò này đã được ủy quyền trong khoảng thời gian đó. Hãy thu hồi ủy quyền trước rồi tạo lại."
            )
        ]
    if problems or deputy is None or officer_id is None:
        raise InvalidInput(problems)
    return Delegation.objects.create(
        officer_id=officer_id,
        deputy=deputy,
        agency_id=agency_id,
        role=role,
        decision=decision,
        valid_from=valid_from,
        valid_to=valid_to,
    )


@transaction.atomic
def revoke(*, delegation_id: int, actor: Actor, at: datetime) -> Delegation:
    """End a delegation now; what the deputy has done stays done.

    :raises Delegation.DoesNotExist: none of the actor's agencies has it.
    :raises AlreadyRevoked: it has ended.
    """
    found = visible(actor).select_for_update(of=("self",)).get(pk=delegation_id)
    if found.revoked_at is not None or found.valid_to <= at:
        raise AlreadyRevoked()
    found.revoked_at = at
    found.save(update_fields=["revoked_at", "updated_at"])
    return found
