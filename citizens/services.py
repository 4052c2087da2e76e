"""Changes to what the portal knows about people and organisations."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from citizens.identity import Identity, OrganisationClaim
from citizens.models import AccessLog, Organisation, Person, Representation
from citizens.states import AccessPurpose, ActorCategory
from core import crypto
from core.actor import Actor
from core.vietnamese import sort_key


@transaction.atomic
def sign_in(*, identity: Identity, at: datetime) -> User:
    """Find or make the person behind an electronic identity, bring their data up to date, give their account.

    The personal identification number alone decides who it is, never an e-mail address. Contact data that the
    person has given to the portal stays; the rest follows the issuer.
    """
    person = _person(identity)
    person.category = identity.category
    person.full_name = identity.name
    person.full_name_sort = sort_key(identity.name)
    person.eid_level = identity.level
    person.birth_on = identity.birth_on
    person.sex = identity.sex
    person.nationality = identity.nationality
    person.address = identity.address
    person.phone = person.phone or identity.phone
    person.email = person.email or identity.email
    user = _account(person)
    person.user = user
    person.save()
    _follow_representations(person, identity.organisations, at=at)
    return user


@transaction.atomic
def enter_person(
    *,
    number: str,
    full_name: str,
    birth_on: date | None = None,
    address: str = "",
    phone: str = "",
    email: str = "",
) -> Person:
    """Find somebody by personal identification number (12 digits), or enter them as their identity card says.

    Makes no account: who comes in person or is told of by another system never gets a login by that. What is known of
    a person already stays as it is.
    """
    person, _made = Person.objects.get_or_create(
        personal_id_digest=crypto.digest(number),
        defaults={
            "personal_id_number": number,
            "full_name": full_name,
            "full_name_sort": sort_key(full_name),
            "birth_on": birth_on,
            "address": address,
            "phone": phone,
            "email": email,
        },
    )
    return person


def update_contact(*, person_id: int, phone: str, email: str, language: str) -> Person:
    """Change how a person is reached and in which language; the values are checked by the caller's form.

    :raises Person.DoesNotExist: no such person.
    """
    person = Person.objects.get(pk=person_id)
    person.phone, person.email, person.language = phone, email, language
    person.save(update_fields=["phone", "email", "language", "updated_at"])
    return person


def log_access(
    *,
    actor: Actor,
    purpose: AccessPurpose,
    reference: str,
    at: datetime,
    person_id: int | None = None,
    organisation_id: int | None = None,
    role: str = "",
    unit: str = "",
) -> None:
    """Note that an officer read personal data, for its owner to see (Law 91/2025). Others leave no trace here.

    :param reference: the dossier or result that was the reason.
    :param role: in what role, in words. :param unit: name of the agency.
    """
    if not actor.is_officer:
        return
    AccessLog.objects.create(
        person_id=person_id,
        organisation_id=organisation_id,
        at=at,
        user_id=actor.user_id,
        reader=actor.display_name,
        reader_role=role,
        reader_unit=unit,
        purpose=purpose,
        reference=reference,
        ip=actor.ip or None,
    )


def _person(identity: Identity) -> Person:
    """Give the person's row, locked; two first sign-ins at once meet in the unique digest."""
    digest = crypto.digest(identity.personal_id_number)
    person, _ = Person.objects.select_for_update().get_or_create(
        personal_id_digest=digest,
        defaults={
            "personal_id_number": identity.personal_id_number,
            "full_name": identity.name,
            # Until the person says otherwise.
            "language": "en" if identity.category == ActorCategory.FOREIGNER else settings.LANGUAGE_CODE,
        },
    )
    return person


def _account(person: Person) -> User:
    user = person.user
    if user is None:
        user = User(username=f"p-{secrets.token_hex(10)}")
        user.set_unusable_password()
    user.display_name = person.full_name
    user.save()
    return user


def _follow_representations(person: Person, claims: tuple[OrganisationClaim, ...], *, at: datetime) -> None:
    """Open, change and revoke the person's representations until they say what the issuer says."""
    open_ones = {
        row.organisation.code: row
        for row in person.representations.filter(revoked_at=None).select_related("organisation")
    }
    for claim in claims:
        organisation = _organisation(claim)
        row = open_ones.pop(claim.code, None) or Representation(
            person=person, organisation=organisation, valid_from=at
        )
        row.title, row.scopes = claim.title, list(claim.scopes)
        row.save()
    gone = [row.pk for row in open_ones.values()]
    Representation.objects.filter(pk__in=gone).update(revoked_at=at)


def _organisation(claim: OrganisationClaim) -> Organisation:
    organisation, _ = Organisation.objects.update_or_create(
        code=claim.code,
        defaults={"name": claim.name, "name_sort": sort_key(claim.name), "address": claim.address},
    )
    return organisation
