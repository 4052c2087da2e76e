"""Who acts: one frozen value for pages, the API and background work."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ActorKind(StrEnum):
    """What an actor is, before any role is asked for."""

    ANONYMOUS = "anonymous"
    PERSON = "person"
    OFFICER = "officer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held at one agency; ``stands_in_for`` names the officer whose deputy holds it for a time."""

    role: str
    agency_id: int
    stands_in_for: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class StandIn:
    """One officer who is away, for whom the actor acts in one role at one agency for a time."""

    role: str
    agency_id: int
    officer_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, officer or machine behind a request or a task. Rules see this, never a request.

    ``organisation_ids`` are the organisations that the person may act for today, ``stands_in`` the officers who are away
    and whose deputy this officer is now.
    """

    kind: ActorKind
    display_name: str = ""
    user_id: int | None = None
    person_id: int | None = None
    eid_level: int = 0
    organisation_ids: frozenset[int] = frozenset()
    officer_id: int | None = None
    grants: frozenset[Grant] = field(default_factory=frozenset)
    stands_in: frozenset[StandIn] = field(default_factory=frozenset)
    ip: str = ""

    @classmethod
    def anonymous(cls, *, ip: str = "") -> Actor:
        """Make the actor of a request that nobody has signed in for."""
        return cls(kind=ActorKind.ANONYMOUS, ip=ip)

    @classmethod
    def system(cls) -> Actor:
        """Make the actor of background work that no officer asked for."""
        return cls(kind=ActorKind.SYSTEM, display_name="Hệ thống")

    @property
    def is_anonymous(self) -> bool:
        return self.kind is ActorKind.ANONYMOUS

    @property
    def is_person(self) -> bool:
        return self.kind is ActorKind.PERSON

    @property
    def is_officer(self) -> bool:
        return self.kind is ActorKind.OFFICER

    @property
    def is_system(self) -> bool:
        return self.kind is ActorKind.SYSTEM

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def agency_ids(self) -> frozenset[int]:
        return frozenset(grant.agency_id for grant in self.grants)

    def agencies_as(self, *roles: str) -> frozenset[int]:
        """Give the agencies where the actor holds one of the roles."""
        return frozenset(grant.agency_id for grant in self.grants if grant.role in roles)

    def holds(self, role: str, *, agency_id: int | None) -> bool:
        """Say whether the actor holds the role at just this agency."""
        return agency_id is not None and Grant(role, agency_id) in self.grants

    def deputy_of(self, officer_id: int | None, *, role: str, agency_id: int | None) -> StandIn | None:
        """Say whether the actor acts for just this officer in this role at this agency."""
        return next(
            (
                one
                for one in self.stands_in
                if (one.officer_id, one.role, one.agency_id) == (officer_id, role, agency_id)
            ),
            None,
        )
