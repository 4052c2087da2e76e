"""Finding dossiers by what people bring to the counter: a code, a personal number, a phone number or a name.

Personal numbers and phone numbers are private: pages take them from the body of a request and never put them into an
address, where they would stand in logs and histories.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from django.db.models import Q, QuerySet

from citizens.models import Organisation, Person
from core import crypto, pagination
from core.actor import Actor
from core.name_words import beginning_with
from dossiers import codes, desk_selectors, policies
from dossiers.models import Dossier
from dossiers.states import Status

NAMESAKES = 500
"""So many people of one name are looked up; whoever searches more narrowly finds the rest."""

_PERSONAL_NUMBER = re.compile(r"^\d{12}$")
_PHONE = re.compile(r"^(?:\+?84|0)\d{9}$")
_BETWEEN_DIGITS = re.compile(r"[\s.\-]")
_TRACKING = "TN-"


class Kind(StrEnum):
    """What a text typed into the search field is."""

    NOTHING = "nothing"
    CODE = "code"
    PERSONAL_NUMBER = "personal_number"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for. The value of a private kind is shown nowhere, not even by ``repr``."""

    kind: Kind
    value: str = field(default="", repr=False)

    @property
    def is_private(self) -> bool:
        return self.kind in (Kind.PERSONAL_NUMBER, Kind.PHONE)


def read(text: str) -> Question:
    """Tell a code (typed, or scanned from the QR code of form 01), a personal number, a phone number and a name apart."""
    text = text.strip()
    if "ma=" in text:
        text = parse_qs(urlsplit(text).query).get("ma", [""])[0]
    if codes.LOOK_UP.match(text.upper()):
        return Question(Kind.CODE, text.upper())
    digits = _BETWEEN_DIGITS.sub("", text)
    if _PERSONAL_NUMBER.match(digits):
        return Question(Kind.PERSONAL_NUMBER, digits)
    if _PHONE.match(digits):
        return Question(Kind.PHONE, f"0{digits[-9:]}")
    return Question(Kind.NAME, text) if text else Question(Kind.NOTHING)


def by_code(code: str, *, actor: Actor) -> str | None:
    """Give the tracking number of the dossier with this code, if it exists for the actor; codes of old systems too."""
    wanted = Q(tracking_no=code) if code.startswith(_TRACKING) else Q(code=code) | Q(external_code=code)
    return policies.visible(actor).filter(wanted).values_list("tracking_no", flat=True).first()


def page_of(
    question: Question, *, actor: Actor, at: datetime, after: str = "", before: str = ""
) -> pagination.Page[desk_selectors.Row]:
    """Give one page of what exists for the actor and answers the question, the newest filing first."""
    found = _found(question, actor)
    return desk_selectors.listed(found, at=at, order=("-id",), after=after, before=before)


def _found(question: Question, actor: Actor) -> QuerySet[Dossier]:
    visible = policies.visible(actor).exclude(status=Status.DRAFT)
    match question.kind:
        case Kind.CODE:
            code = question.value
            return visible.filter(Q(code=code) | Q(tracking_no=code) | Q(external_code=code))
        case Kind.PERSONAL_NUMBER:
            people = Person.objects.filter(personal_id_digest=crypto.digest(question.value))
            return visible.filter(_of(list(people.values_list("pk", flat=True)), []))
        case Kind.PHONE:
            return visible.filter(contact_phone=question.value)
        case Kind.NAME:
            return visible.filter(_named(question.value))
        case _:
            return visible.none()


def _named(text: str) -> Q:
    """Look the people and organisations up first: their few dossiers are then found by index."""
    words = beginning_with(text)
    if words is None:
        return Q(pk__in=())
    people = Person.objects.filter(full_name_words=words).order_by("-pk").values_list("pk", flat=True)
    organisations = Organisation.objects.filter(name_words=words).order_by("-pk").values_list("pk", flat=True)
    # Lists, not subqueries: only then the planner knows how few they are.
    return _of(list(people[:NAMESAKES]), list(organisations[:NAMESAKES]))


def _of(people: list[int], organisations: list[int]) -> Q:
    return Q(owner_person__in=people) | Q(submitter__in=people) | Q(owner_organisation__in=organisations)
