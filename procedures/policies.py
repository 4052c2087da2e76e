"""Who may see and configure the catalogue. Everybody may read it."""

from __future__ import annotations

from agencies.states import Role
from core.actor import Actor
from core.errors import NotAllowed
from procedures.models import ProcedureVersion, ProcedureVersionQuerySet
from procedures.states import VersionStatus

PUBLIC = (VersionStatus.PUBLISHED, VersionStatus.SUPERSEDED, VersionStatus.ABOLISHED)


def visible(actor: Actor) -> ProcedureVersionQuerySet:
    """Give the versions an actor may read: published ones, old ones among them; drafts only to whoever makes them."""
    if may_configure(actor):
        return ProcedureVersion.objects.all()
    return ProcedureVersion.objects.filter(status__in=PUBLIC)


def may_configure(actor: Actor) -> bool:
    """Say whether the actor looks after the catalogue."""
    return actor.is_system or Role.PROCEDURE_CONTROL_OFFICER in actor.roles


def require_configure(actor: Actor) -> None:
    """:raises NotAllowed: the actor does not look after the catalogue."""
    if not may_configure(actor):
        raise NotAllowed()


OVERSEERS = frozenset(
    {Role.PROCEDURE_CONTROL_OFFICER, Role.AGENCY_HEAD, Role.IOC_OPERATOR, Role.AUDITOR, Role.SYSTEM_ADMIN}
)
"""Roles that look at how far the city's services go online."""


def require_oversee(actor: Actor) -> None:
    """:raises NotAllowed: the actor neither leads an agency nor looks after the catalogue."""
    if not (actor.is_system or OVERSEERS & set(actor.roles)):
        raise NotAllowed()
