"""What an identity provider claims about a person, read strictly.

Only the configured issuer is believed, and only claims of the right shape: a wrong personal identification number
would hand somebody's dossiers to somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from citizens.states import ActorCategory, EidLevel, Scope

PERSONAL_ID = re.compile(r"[0-9]{12}")
ORGANISATION_CODE = re.compile(r"[0-9A-Z][0-9A-Z-]{3,19}")
COUNTRY = re.compile(r"[A-Z]{2}")
SEXES = ("male", "female")
MOST_ORGANISATIONS = 50


class InvalidIdentity(Exception):
    """A claim cannot be used. ``claim`` names it; its value may be personal and is not repeated."""

    def __init__(self, claim: str, problem: str) -> None:
        super().__init__(f"{claim}: {problem}")
        self.claim = claim


@dataclass(frozen=True, slots=True)
class OrganisationClaim:
    """An organisation that the person represents, and what they may do for it (``scopes``)."""

    code: str
    name: str
    address: str
    title: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """One electronic identity, as its issuer describes it at a sign-in."""

    subject: str
    personal_id_number: str
    name: str
    level: EidLevel
    category: ActorCategory
    birth_on: date | None
    sex: str
    nationality: str
    address: str
    phone: str
    email: str
    organisations: tuple[OrganisationClaim, ...]


def read(*, userinfo: Mapping[str, Any], id_token: Mapping[str, Any], issuer: str) -> Identity:
    """Read the claims of one sign-in.

    :param userinfo: answer of the userinfo endpoint.
    :param id_token: claims of the ID token, signature, audience and expiry already checked.
    :param issuer: the only issuer that is believed.
    :raises InvalidIdentity: naming the claim and what is wrong with it.
    """
    if not isinstance(userinfo, Mapping):
        raise InvalidIdentity("userinfo", "not an object")
    if id_token.get("iss") != issuer:
        raise InvalidIdentity("iss", "not the configured issuer")
    subject = _text(userinfo, "sub", most=191)
    # OpenID Connect Core 5.3.2: else the two answers may be about two people.
    if not subject or subject != id_token.get("sub"):
        raise InvalidIdentity("sub", "userinfo and ID token name different subjects")
    number = _text(userinfo, "personal_id_number", most=12)
    if not PERSONAL_ID.fullmatch(number):
        raise InvalidIdentity("personal_id_number", "not 12 digits")
    name = _text(userinfo, "name", most=200)
    if not name:
        raise InvalidIdentity("name", "missing")
    nationality = _text(userinfo, "nationality", most=2) or "VN"
    if not COUNTRY.fullmatch(nationality):
        raise InvalidIdentity("nationality", "not a two-letter country code")
    sex = _text(userinfo, "gender", most=8)
    return Identity(
        subject=subject,
        personal_id_number=number,
        name=name,
        level=_level(userinfo.get("eid_level")),
        category=_category(userinfo.get("category")),
        birth_on=_birth(userinfo.get("birthdate")),
        sex=sex if sex in SEXES else "",
        nationality=nationality,
        address=_text(userinfo, "address", most=255),
        phone=_text(userinfo, "phone_number", most=20),
        email=_email(_text(userinfo, "email", most=254)),
        organisations=_organisations(userinfo.get("organisations") or []),
    )


def _text(claims: Mapping[str, Any], name: str, *, most: int) -> str:
    value = claims.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise InvalidIdentity(name, f"not a text of at most {most} characters")
    return value.strip()


def _level(value: Any) -> EidLevel:
    try:
        level = EidLevel(int(value))
    except (TypeError, ValueError) as problem:
        raise InvalidIdentity("eid_level", "neither 1 nor 2") from problem
    if level == EidLevel.NONE:
        raise InvalidIdentity("eid_level", "neither 1 nor 2")
    return level


def _category(value: Any) -> ActorCategory:
    if value not in ActorCategory.values:
        raise InvalidIdentity("category", f"not one of {', '.join(ActorCategory.values)}")
    return ActorCategory(value)


def _birth(value: Any) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as problem:
        raise InvalidIdentity("birthdate", "not a date (YYYY-MM-DD)") from problem


def _email(value: str) -> str:
    """An address that is none is left out: mail is a courtesy, the identity is the point."""
    try:
        validate_email(value)
    except ValidationError:
        return ""
    return value


def _organisations(value: Any) -> tuple[OrganisationClaim, ...]:
    if not isinstance(value, list) or len(value) > MOST_ORGANISATIONS:
        raise InvalidIdentity("organisations", f"not a list of at most {MOST_ORGANISATIONS}")
    return tuple({claim.code: claim for claim in map(_organisation, value)}.values())


def _organisation(value: Any) -> OrganisationClaim:
    if not isinstance(value, Mapping):
        raise InvalidIdentity("organisations", "an entry is not an object")
    code, name = _text(value, "code", most=20), _text(value, "name", most=255)
    if not ORGANISATION_CODE.fullmatch(code):
        raise InvalidIdentity("organisations.code", "not an organisation code")
    if not name:
        raise InvalidIdentity("organisations.name", "missing")
    scopes = value.get("scopes") or []
    if not isinstance(scopes, list):
        raise InvalidIdentity("organisations.scopes", "not a list")
    return OrganisationClaim(
        code=code,
        name=name,
        address=_text(value, "address", most=255),
        title=_text(value, "title", most=100),
        scopes=tuple(scope for scope in Scope.values if scope in scopes),
    )
