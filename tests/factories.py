"""Rows for tests, with traits that speak the domain."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from agencies.models import Agency, Calendar, Officer, OfficerRole
from agencies.states import AgencyKind, Role
from citizens.models import Organisation, Person, Representation
from citizens.states import EidLevel, Scope
from core import crypto
from core.actor import Actor, ActorKind, Grant
from core.working_time import TIME_ZONE
from dossiers import services
from dossiers.codes import new_tracking_no
from dossiers.models import Dossier
from dossiers.policies import AT_RECEIVING_UNIT
from dossiers.states import Action, Status
from dossiers.transitions import APPLICANT, MOVES, SYSTEM
from procedures import document
from procedures.models import Procedure, ProcedureVersion, SubmissionChannel, WorkflowStep
from procedures.states import Channel, CompetentAgencyRule, DurationUnit, StepKind, VersionStatus

LONG_AGO = datetime(2025, 7, 1, tzinfo=UTC)
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=TIME_ZONE)
"""Monday, 2 March 2026, 09:00 in Đà Nẵng: an ordinary working day."""

_id_numbers = itertools.count(48_090_000_001)
_codes = itertools.count(1)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")


class CalendarFactory(DjangoModelFactory[Calendar]):
    class Meta:
        model = Calendar
        django_get_or_create = ("code",)

    code = "city"
    name = "Lịch thành phố (minh họa)"


class AgencyFactory(DjangoModelFactory[Agency]):
    class Meta:
        model = Agency

    # A group of an agency code has at most three digits: after 900 units the next group begins.
    code = factory.Sequence(lambda n: f"H17.{34 + n // 900}.{100 + n % 900}")
    name = factory.Sequence(lambda n: f"Phường {n} (minh họa)")
    one_stop_name = factory.Sequence(lambda n: f"Trung tâm Phục vụ hành chính công phường {n} (minh họa)")
    kind = AgencyKind.WARD
    calendar = factory.SubFactory(CalendarFactory)


class OfficerFactory(DjangoModelFactory[Officer]):
    class Meta:
        model = Officer

    user = factory.SubFactory(UserFactory)
    full_name = factory.Sequence(lambda n: f"Cán bộ {n} (minh họa)")
    title = "Chuyên viên"


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    user = factory.SubFactory(UserFactory)
    full_name = factory.Sequence(lambda n: f"Nguyễn Văn {n} (minh họa)")
    personal_id_number = factory.LazyFunction(lambda: f"{next(_id_numbers):012d}")
    personal_id_digest = factory.LazyAttribute(lambda o: crypto.digest(o.personal_id_number))
    eid_level = EidLevel.LEVEL_2
    birth_on = date(1990, 1, 31)
    address = "12 Trần Phú, phường Hải Châu"
    phone = "0905123456"
    email = factory.Sequence(lambda n: f"nguoi.dan.{n}@example.vn")


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    code = factory.Sequence(lambda n: f"04{n:08d}")
    name = factory.Sequence(lambda n: f"Công ty TNHH {n} (minh họa)")
    address = "1 Bạch Đằng, phường Hải Châu"


class VersionFactory(DjangoModelFactory[ProcedureVersion]):
    """A published version that a ward decides in three working days; ``fileable`` by default."""

    class Meta:
        model = ProcedureVersion
        skip_postgeneration_save = True

    procedure = factory.LazyFunction(lambda: Procedure.objects.create(code=f"9.{next(_codes):06d}"))
    status = VersionStatus.PUBLISHED
    name = "Xác nhận một việc (minh họa)"
    short_name = "Xác nhận một việc"
    is_fileable = True
    competent_agency_rule = CompetentAgencyRule.COMMUNE_OF_CHOICE

    @factory.post_generation
    def published(obj: ProcedureVersion, create: bool, extracted: Any, **kwargs: Any) -> None:
        obj.procedure.current_version = obj
        obj.procedure.save()
        for position, channel in enumerate((Channel.ONLINE, Channel.COUNTER), start=1):
            SubmissionChannel.objects.create(
                version=obj,
                position=position,
                channel=channel,
                duration_value=Decimal(3),
                duration_unit=DurationUnit.WORKING_DAY,
            )
        steps = [
            ("Tiếp nhận, chuyển hồ sơ", StepKind.RECEIVE, Role.ONE_STOP_OFFICER, "0.5"),
            ("Thẩm định", StepKind.EXAMINE, Role.SPECIALIST, "2"),
            ("Ký", StepKind.SIGN, Role.SIGNER, "0.25"),
            ("Cấp số, phát hành", StepKind.ISSUE, Role.CLERK, "0.25"),
        ]
        for position, (name, kind, role, days) in enumerate(steps, start=1):
            WorkflowStep.objects.create(
                version=obj, position=position, name=name, kind=kind, role=role, duration_value=Decimal(days)
            )


class DossierFactory(DjangoModelFactory[Dossier]):
    """A draft; with ``reach=Status.…`` a dossier that has really walked to that status, at `NINE`."""

    class Meta:
        model = Dossier
        skip_postgeneration_save = True

    tracking_no = factory.LazyFunction(lambda: new_tracking_no(at=NINE))
    procedure_version = factory.SubFactory(VersionFactory)
    owner_person = factory.SubFactory(PersonFactory)
    submitter = factory.LazyAttribute(lambda o: o.owner_person or PersonFactory.create())
    received_at_unit = factory.SubFactory(AgencyFactory)
    competent_agency = factory.SelfAttribute("received_at_unit")

    @factory.post_generation
    def reach(obj: Dossier, create: bool, extracted: Status | None, **kwargs: Any) -> None:
        if extracted:
            walk(obj, extracted)


WAYS: dict[Status, list[Action]] = {
    Status.DRAFT: [],
    Status.SUBMITTED: [Action.SUBMIT],
    Status.INTAKE_REFUSED: [Action.SUBMIT, Action.REFUSE_INTAKE],
    Status.ACCEPTED: [Action.SUBMIT, Action.ACCEPT],
    Status.FORWARDED: [Action.SUBMIT, Action.ACCEPT, Action.FORWARD],
    Status.IN_PROCESS: [Action.SUBMIT, Action.ACCEPT, Action.FORWARD, Action.ASSIGN],
}
WAYS[Status.INTAKE_SUPPLEMENT] = [Action.SUBMIT, Action.REQUEST_SUPPLEMENT]
WAYS[Status.VERIFYING] = [*WAYS[Status.IN_PROCESS], Action.START_VERIFICATION]
WAYS[Status.AWAITING_OPINION] = [*WAYS[Status.IN_PROCESS], Action.ASK_OPINION]
WAYS[Status.PROCESS_SUPPLEMENT] = [*WAYS[Status.IN_PROCESS], Action.REQUEST_SUPPLEMENT]
WAYS[Status.AWAITING_PAYMENT] = [*WAYS[Status.IN_PROCESS], Action.NOTIFY_OBLIGATION]
WAYS[Status.WITHDRAWAL_REQUESTED] = [*WAYS[Status.IN_PROCESS], Action.REQUEST_WITHDRAWAL]
WAYS[Status.STOPPED] = [*WAYS[Status.WITHDRAWAL_REQUESTED], Action.APPROVE_WITHDRAWAL]
WAYS[Status.AWAITING_SIGN_OFF] = [*WAYS[Status.IN_PROCESS], Action.SUBMIT_FOR_SIGNATURE]
WAYS[Status.SIGNED] = [*WAYS[Status.AWAITING_SIGN_OFF], Action.SIGN]
WAYS[Status.COMPLETED] = [*WAYS[Status.SIGNED], Action.ISSUE]
WAYS[Status.RETURNED] = [*WAYS[Status.COMPLETED], Action.HAND_OVER]
WAYS[Status.ARCHIVED] = [*WAYS[Status.RETURNED], Action.ARCHIVE]


def walk(dossier: Dossier, target: Status, *, at: datetime = NINE) -> None:
    """Take a draft to a status by its legal moves, each by somebody who may."""
    for action in WAYS[target]:
        dossier.refresh_from_db()
        move = MOVES.find(status=dossier.status, action=action)
        actor = actor_for(dossier, sorted(move.by)[0])
        services.advance(dossier_id=dossier.pk, action=action, actor=actor, at=at, note="Lý do minh họa")
    dossier.refresh_from_db()


def actor_for(dossier: Dossier, role: str) -> Actor:
    """Make an actor who holds ``role`` for this dossier."""
    if role == SYSTEM:
        return Actor.system()
    if role == APPLICANT:
        owner = dossier.owner_organisation
        return actor_of_person(dossier.submitter, *([owner] if owner else []))
    at_unit = role in AT_RECEIVING_UNIT or (role == Role.UNIT_LEADER and dossier.accepted_at is None)
    agency = dossier.received_at_unit if at_unit else dossier.competent_agency
    assert agency is not None
    return officer_actor(agency, role)


def actor_of_person(person: Person, *organisations: Organisation) -> Actor:
    return Actor(
        kind=ActorKind.PERSON,
        display_name=person.full_name,
        user_id=person.user_id,
        person_id=person.pk,
        eid_level=person.eid_level,
        organisation_ids=frozenset(organisation.pk for organisation in organisations),
    )


def officer_actor(agency: Agency, *roles: str, officer: Officer | None = None) -> Actor:
    """Make an officer with the roles at the agency, in the database as well, and give the actor."""
    officer = officer or OfficerFactory.create()
    for role in roles:
        OfficerRole.objects.get_or_create(
            officer=officer, agency=agency, role=role, valid_to=None, defaults={"valid_from": LONG_AGO}
        )
    return Actor(
        kind=ActorKind.OFFICER,
        display_name=officer.full_name,
        user_id=officer.user_id,
        officer_id=officer.pk,
        grants=frozenset(Grant(role, agency.pk) for role in roles),
    )


def represent(person: Person, organisation: Organisation, *scopes: str) -> Representation:
    return Representation.objects.create(
        person=person,
        organisation=organisation,
        scopes=list(scopes or (Scope.FILE, Scope.RECEIVE_RESULT)),
        valid_from=LONG_AGO,
    )


def unsealed(code: str) -> ProcedureVersion:
    """Put in force a copy of a published version that is not sealed, so that a test can bend it.

    Only a database that is out of step holds one: the portal seals what it publishes.
    """
    sealed = ProcedureVersion.objects.get(current_of__code=code)
    version = ProcedureVersion.objects.create(
        procedure=sealed.procedure,
        version_no=sealed.version_no + 1,
        status=VersionStatus.PUBLISHED,
        name=sealed.name,
    )
    document.write(version, document.of_version(sealed))
    Procedure.objects.filter(pk=version.procedure_id).update(current_version=version)
    return ProcedureVersion.objects.get(pk=version.pk)
