"""Who sees a result with its content, and who may change its force.

Anybody who holds the code sees what `selectors.look_up` tells; that is no permission, it is the code's purpose.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from citizens.models import Representation
from citizens.states import Scope
from core.actor import Actor
from core.errors import NotAllowed
from results_vault.models import InspectorPost, Result

READERS = (
    Role.ONE_STOP_OFFICER,
    Role.SPECIALIST,
    Role.UNIT_LEADER,
    Role.SIGNER,
    Role.CLERK,
    Role.AGENCY_HEAD,
)
GIVERS = (Role.AGENCY_HEAD, Role.SYSTEM_ADMIN)
"""Who says which officers inspect for their agency."""
DECIDERS = (Role.SIGNER, Role.AGENCY_HEAD)


def visible(actor: Actor) -> QuerySet[Result]:
    """Give the results whose content the actor may read: their own, or those of the agency they work for.

    An organisation's result goes to who may receive results for it, not to everybody who files for it.
    """
    results = Result.objects.all()
    if actor.is_system:
        return results
    if actor.is_person:
        return of_person(actor.person_id)
    if actor.is_officer:
        return results.filter(issuer__in=actor.agencies_as(*READERS))
    return results.none()


def of_person(person_id: int | None) -> QuerySet[Result]:
    """Give the results that a person may read: their own, and those that they receive for an organisation.

    Whoever files for somebody asks this, so that an officer at the counter finds what the visitor has a right to.
    """
    representations = Representation.objects.filter(person=person_id)
    receives_for = representations.allowing(Scope.RECEIVE_RESULT, at=Now())
    return Result.objects.filter(
        Q(owner_person=person_id, owner_person__isnull=False)
        | Q(owner_organisation__in=receives_for.values("organisation"))
    )


def posts_of(actor: Actor, *, at: datetime) -> list[InspectorPost]:
    """Give the posts as an inspector that the officer holds now. One query, none for others."""
    if not actor.is_officer or actor.officer_id is None:
        return []
    held = InspectorPost.objects.filter(officer=actor.officer_id).in_force(at=at)
    return list(held.select_related("agency").order_by("pk"))


def require_giver(actor: Actor, *, agency_id: int) -> None:
    """:raises NotAllowed: the actor does not say who inspects for the agency."""
    if agency_id not in actor.agencies_as(*GIVERS):
        raise NotAllowed(
            _("Chỉ thủ trưởng hoặc quản trị của cơ quan được giao việc kiểm tra. Hãy liên hệ thủ trưởng.")
        )


def may_decide(actor: Actor, result: Result) -> bool:
    """Tell whether the actor decides for the agency that issued the result."""
    return actor.is_system or result.issuer_id in actor.agencies_as(*DECIDERS)


def require_decider(actor: Actor, result: Result) -> None:
    """:raises NotAllowed: the actor does not decide for the agency that issued the result."""
    if not may_decide(actor, result):
        raise NotAllowed(
            _("Chỉ người ký hoặc thủ trưởng của cơ quan đã cấp mới được thay đổi hiệu lực kết quả.")
        )
