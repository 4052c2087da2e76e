"""What a source answers: something that serves as a component, or something that would, and why it will not do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from citizens.models import Organisation, Person
from core.errors import Text
from dossiers import validity
from dossiers.models import DossierComponent
from procedures.models import Component
from procedures.states import ComponentSource
from results_vault.models import Result

if TYPE_CHECKING:
    from dossiers.sources.shelf import Shelf

MYSELF = "self"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose papers: a person's own, or an organisation's that the person files for.

    ``reader_id`` is the person by whose right they are looked at, where it is another who acts for the organisation.
    """

    person: Person
    organisation: Organisation | None = None
    reader_id: int | None = None

    @property
    def key(self) -> str:
        return MYSELF if self.organisation is None else str(self.organisation.pk)

    @property
    def reads_as(self) -> int:
        return self.reader_id or self.person.pk


@dataclass(frozen=True, slots=True)
class Holding:
    """What would be used for a component, from where, valid until when (None: as long as nothing changes).

    ``details`` are the particulars of a register by name of the field, with label and value as they are told;
    ``paper`` is what an agency has found right in an earlier dossier.
    """

    component: Component
    source: ComponentSource
    origin: str
    valid_to: date | None = None
    issued_on: date | None = None
    result: Result | None = None
    paper: DossierComponent | None = None
    details: Mapping[str, tuple[Text, str]] | None = None

    @property
    def source_label(self) -> Text:
        return self.source.label

    @property
    def is_certain(self) -> bool:
        """It is this very paper. An earlier one of the same name may be about another house: its owner chooses it."""
        return self.paper is None

    @property
    def extract(self) -> bytes:
        """Give the particulars of a register as a text, for the file that stands in the dossier."""
        lines = [f"{label}: {value}" for label, value in (self.details or {}).values()]
        return "\n".join([self.origin, "", *lines, ""]).encode()

    @property
    def mark(self) -> str:
        """Tell one holding from another: a draft that uses this one has nothing to take."""
        if self.result is not None:
            return self.result.sha256
        if self.paper is not None:
            return self.paper.sha256
        return hashlib.sha256(self.extract).hexdigest()


@dataclass(frozen=True, slots=True)
class Passed:
    """What is on record and will not do, and why: it has expired, was taken out of force, or nobody knows its age."""

    component: Component
    source: ComponentSource
    origin: str
    why: str

    @property
    def source_label(self) -> Text:
        return self.source.label


Found = Holding | Passed
Source = Callable[[Component, Owner, "Shelf"], list[Found]]


def judged(held: Holding, *, on: date) -> Found:
    """Give a holding with the last day on which it serves, or say why it serves no more."""
    months = held.component.validity_months
    if months and held.issued_on is None:
        why = _("phải cấp trong vòng %d tháng, nhưng không biết ngày cấp") % months
        return Passed(held.component, held.source, held.origin, why)
    end = validity.last_day(held.component, issued_on=held.issued_on, valid_to=held.valid_to)
    if end is not None and end < on:
        return Passed(held.component, held.source, held.origin, expired_on(end))
    return Holding(
        held.component,
        held.source,
        held.origin[:500],
        end,
        held.issued_on,
        held.result,
        held.paper,
        held.details,
    )


def expired_on(day: date) -> str:
    return _("hết hạn ngày %s") % f"{day:%d/%m/%Y}"
