"""The stage of a dry run: the draft as if it were published and open, an agency with its officers, an applicant.

All of it is made for one play inside the transaction that is rolled back, under codes and numbers of its own. The draft,
the agency whose double plays and their counters are only read, so nobody waits for a dry run.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from agencies.models import Agency, Officer, OfficerRole
from agencies.selectors import officer_of
from agencies.states import COMMUNE_KINDS, Role
from citizens import organisation_codes
from citizens.models import Organisation, Person, Representation
from citizens.states import ActorCategory, EidLevel, Scope
from core import crypto, signing, storage
from core.actor import Actor, ActorKind
from core.signing import demo_ca, keys
from dossiers.eligibility import AS_PERSON, ORGANISATIONS
from procedures import document as documents
from procedures.eforms.schema import Schema
from procedures.models import Procedure, ProcedureVersion
from procedures.services import check_fileable
from procedures.states import ApplicantCategory, CompetentAgencyRule, OnlineLevel, VersionStatus
from procedures.trying.applicants import Applicant

_SEAL, _HAND = "seal", "hand"
_TRIES = 5


class NoAgency(LookupError):
    """There is no agency that could decide under the draft."""


@dataclass(frozen=True)
class Stage:
    """``problems`` are what keeps the draft from being open for filing, as `procedures.services.check_fileable` says."""

    document: Mapping[str, Any]
    schema: Schema
    version: ProcedureVersion
    agency: Agency
    applicant: Actor
    person: Person
    organisation: Organisation | None
    problems: list[str] = field(default_factory=list)

    def officer(self, role: str, *, at: datetime) -> Actor:
        """Give the officer of the stage who holds a role."""
        held = OfficerRole.objects.select_related("officer").get(agency=self.agency, role=role)
        identity = officer_of(user_id=held.officer.user_id, at=at)
        if identity is None:
            raise LookupError(f"{role}: the stage has no such officer")
        return identity.actor(user_id=held.officer.user_id)


@contextmanager
def wings(*, at: datetime) -> Iterator[None]:
    """Keep files and keys of a play in a folder that goes when it ends."""
    with TemporaryDirectory(prefix="dry-run-") as name:
        folder = Path(name)
        demo_ca.ensure(folder / "keys", at=at)
        for key_id, kind in ((_SEAL, "agency"), (_HAND, "person"), (signing.PORTAL_KEY_ID, "portal")):
            demo_ca.issue(
                folder / "keys",
                key_id=key_id,
                common_name=f"Chạy thử {key_id}",
                organisation=demo_ca.AUTHORITY,
                kind=kind,  # type: ignore[arg-type]  # one of the three
                at=at,
            )
        with storage.aside(folder / "files"), keys.aside(folder / "keys"):
            yield


def set_up(document: Mapping[str, Any], schema: Schema, one: Applicant, *, at: datetime) -> Stage:
    """Make everything that a play needs. Runs in the caller's transaction, which must be rolled back.

    :raises NoAgency: nobody could decide.
    :raises InvalidInput: the document names an agency or a procedure that is not known here.
    """
    agency = _double(_decider(document, at=at))
    _hire(agency, at=at)
    version = _published(document, agency, at=at)
    problems = check_fileable(version)
    version.is_fileable = True
    version.save(update_fields=["is_fileable"])
    person = _person(document, schema, one)
    organisation = _organisation(person, schema, one, at=at) if _for_organisations(document) else None
    actor = Actor(
        kind=ActorKind.PERSON,
        display_name=person.full_name,
        person_id=person.pk,
        eid_level=EidLevel.LEVEL_2,
        organisation_ids=frozenset({organisation.pk} if organisation else ()),
    )
    return Stage(document, schema, version, agency, actor, person, organisation, problems)


def _decider(document: Mapping[str, Any], *, at: datetime) -> Agency:
    agencies = Agency.objects.in_force(on=timezone.localdate(at)).order_by("pk")
    if document["deciding"]["rule"] == CompetentAgencyRule.FIXED:
        found = agencies.filter(code=document["deciding"]["agency"]).first()
    else:
        found = agencies.filter(kind__in=COMMUNE_KINDS).first()
    if found is None:
        raise NoAgency()
    return found


def _double(agency: Agency) -> Agency:
    return Agency.objects.create(
        code=f"CT-{secrets.token_hex(6)}",
        name=agency.name,
        kind=agency.kind,
        area_code=agency.area_code,
        parent=agency.parent,
        one_stop_name=agency.one_stop_name,
        address=agency.address,
        phone=agency.phone,
        calendar=agency.calendar,
        seal_key_id=_SEAL,
        valid_from=agency.valid_from,
    )


def _hire(agency: Agency, *, at: datetime) -> None:
    for role in Role:
        user = User.objects.create(
            username=f"chay-thu-{secrets.token_hex(8)}", password=UNUSABLE_PASSWORD_PREFIX
        )
        officer = Officer.objects.create(
            user=user, full_name=f"{role.label} (chạy thử)", title=str(role.label), signing_key_id=_HAND
        )
        OfficerRole.objects.create(
            officer=officer, agency=agency, role=role, valid_from=at - timedelta(days=1)
        )


def _published(document: Mapping[str, Any], agency: Agency, *, at: datetime) -> ProcedureVersion:
    procedure = Procedure.objects.create(code=f"CT-{secrets.token_hex(6)}")
    version = ProcedureVersion.objects.create(procedure=procedure, name=document["name"])
    documents.write(version, {**document, "code": procedure.code})
    version.refresh_from_db()
    version.status = VersionStatus.PUBLISHED
    version.effective_from, version.effective_to = None, None
    version.opens_at, version.closes_at = None, None
    version.online_level = OnlineLevel.FULL_ONLINE
    if version.competent_agency_rule == CompetentAgencyRule.FIXED:
        version.competent_agency = agency
    version.save()
    procedure.current_version = version
    procedure.save()
    return ProcedureVersion.objects.select_related("procedure__current_version").get(pk=version.pk)


def _for_organisations(document: Mapping[str, Any]) -> bool:
    """Say whether only organisations may file."""
    named = set(document["applicant_categories"])
    people = {*AS_PERSON.values(), ApplicantCategory.OTHER}
    return bool(named & ORGANISATIONS) and not named & people


def _category(document: Mapping[str, Any]) -> str:
    """Give a kind of person that may file; a citizen where the draft names nobody."""
    named = set(document["applicant_categories"])
    if not named or ApplicantCategory.OTHER in named or _for_organisations(document):
        return ActorCategory.CITIZEN
    return next((one for one, category in AS_PERSON.items() if category in named), ActorCategory.CITIZEN)


def _person(document: Mapping[str, Any], schema: Schema, one: Applicant) -> Person:
    """Make the person whose data prefill the form just as the applicant answers."""
    known = _known("person", schema, one)
    facts: dict[str, Any] = {
        "category": _category(document),
        "full_name": "Nguyễn Chạy Thử (minh họa)",
        "eid_level": EidLevel.LEVEL_2,
        "birth_on": date(1990, 1, 31),
        "sex": "female",
        "address": "12 Trần Phú, phường Hải Châu, thành phố Đà Nẵng",
        "phone": "0905123456",
        "email": "chay.thu@example.vn",
        "language": "vi",
    }
    facts |= {
        name: value
        for name, value in known.items()
        if name in facts and name != "birth_on" and len(value) <= _room(Person, name)
    }
    if "birth_on" in known:
        facts["birth_on"] = date.fromisoformat(str(known["birth_on"]))
    for _try in range(_TRIES):
        number = f"048190{secrets.randbelow(1_000_000):06d}"  # a woman of 1990
        try:
            with transaction.atomic():
                return Person.objects.create(
                    personal_id_number=number, personal_id_digest=crypto.digest(number), **facts
                )
        except IntegrityError:
            continue  # somebody has this number
    raise RuntimeError("no free personal number found")


def _organisation(person: Person, schema: Schema, one: Applicant, *, at: datetime) -> Organisation:
    known = _known("organisation", schema, one)
    facts = {
        "name": "Công ty Chạy Thử (minh họa)",
        "address": "1 Bạch Đằng, phường Hải Châu, thành phố Đà Nẵng",
        "phone": "0905123456",
        "email": "chay.thu@example.vn",
    }
    facts |= {
        name: value
        for name, value in known.items()
        if name in facts and len(value) <= _room(Organisation, name)
    }
    made = Organisation.objects.create(code=_organisation_code(), **facts)
    Representation.objects.create(
        person=person, organisation=made, scopes=list(Scope.values), valid_from=at - timedelta(days=1)
    )
    return made


def _organisation_code() -> str:
    """Make a code whose check digit fits; of the many nobody has, one at random."""
    while True:
        nine = f"09{secrets.randbelow(10_000_000):07d}"
        if (last := organisation_codes.check_digit(nine)) < 10:
            return f"{nine}{last}"


def _room(model: type[Model], name: str) -> int:
    return getattr(model._meta.get_field(name), "max_length", None) or 1_000


def _known(owner: str, schema: Schema, one: Applicant) -> dict[str, str]:
    """Give what the applicant answers where the form takes it from somebody."""
    found = {}
    for name, question in schema.fields.items():
        thing, _dot, attribute = question.prefill.partition(".")
        if thing == owner and isinstance(one.answers.get(name), str):
            found[attribute] = one.answers[name]
    return found
