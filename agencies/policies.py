"""Who may change what belongs to an agency."""

from __future__ import annotations

from django.db.models import QuerySet

from agencies.models import Agency
from agencies.states import Role
from core.actor import Actor
from core.errors import NotAllowed

KEEPERS_OF_CALENDARS = (Role.SYSTEM_ADMIN, Role.PROCEDURE_CONTROL_OFFICER)


def agencies_with_calendar(actor: Actor) -> QuerySet[Agency]:
    """Give the agencies whose working calendar the actor may see and change."""
    return Agency.objects.filter(pk__in=actor.agencies_as(*KEEPERS_OF_CALENDARS))


def require_calendar(actor: Actor, *, agency_id: int) -> None:
    """Let the actor change an agency's working calendar.

    :raises NotAllowed: the actor is neither its system administrator nor its procedure control officer.
    """
    if agency_id not in actor.agencies_as(*KEEPERS_OF_CALENDARS):
        raise NotAllowed()
