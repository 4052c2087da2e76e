"""What the city holds already of what a procedure asks for, so that nobody hands it in again. Reads only.

Information in published databases must not be asked again (NĐ 309/2026, art. 2). Each component names its accepted
sources in order of priority; the first that has it is offered. A source that the portal cannot ask yet is passed over:
`SOURCES` grows by a line for each that it can.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens.models import Organisation, Person
from citizens.states import EidLevel
from core.actor import Actor
from core.errors import Text
from core.working_time.due_dates import add_months
from dossiers import eligibility
from procedures.models import Component, ProcedureVersion
from procedures.states import ComponentKind, ComponentSource
from results_vault import policies as vault
from results_vault.models import Result
from results_vault.states import ResultStatus

MYSELF = "self"


@dataclass(frozen=True, slots=True)
class Holding:
    """What would be used for a component, from where, valid until when (None: as long as nothing changes).

    ``details`` are the particulars of a register by name of the field, with label and value as they are told.
    """

    component: Component
    source: ComponentSource
    origin: str
    valid_to: date | None = None
    result: Result | None = None
    details: Mapping[str, tuple[Text, str]] | None = None

    @property
    def source_label(self) -> Text:
        return self.source.label

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
        return hashlib.sha256(self.extract).hexdigest()


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose papers: a person's own, or an organisation's that ``actor`` acts for."""

    actor: Actor
    person: Person
    organisation: Organisation | None = None

    @property
    def key(self) -> str:
        return MYSELF if self.organisation is None else str(self.organisation.pk)


@dataclass(frozen=True, slots=True)
class OwnersHoldings:
    """What is held for one of those for whom somebody may file."""

    owner: Owner
    found: list[Holding]

    @property
    def key(self) -> str:
        return self.owner.key

    @property
    def name(self) -> str:
        return str(self.owner.organisation or self.owner.person)


def owners(*, actor: Actor, version: ProcedureVersion, person: Person) -> list[Owner]:
    """Give those for whom a person may file a procedure today."""
    found = [Owner(actor, person)] if eligibility.for_person(version, person) else []
    if eligibility.for_organisations(version):
        found += [Owner(actor, person, one) for one in eligibility.represented(actor)]
    return found


def of_version(*, version: ProcedureVersion, whose: Iterable[Owner], at: datetime) -> list[OwnersHoldings]:
    """Give what is held of everything that a procedure asks for, by owner. A query for the papers, one an owner."""
    components = list(version.components.filter(is_upload=True).order_by("position"))
    return [OwnersHoldings(one, list(find(components, owner=one, at=at).values())) for one in whose]


def find(components: Iterable[Component], *, owner: Owner, at: datetime) -> dict[int, Holding]:
    """Give what is held by component, each from the first of its accepted sources that has it. One query at most."""
    components = list(components)
    results = _results(components, owner=owner, at=at)
    found: dict[int, Holding] = {}
    for component in components:
        for source in component.accepted_sources:
            ask = SOURCES.get(ComponentSource(source))
            holding = ask(component, owner, results, at) if ask else None
            if holding is not None:
                found[component.pk] = holding
                break
    return found


def _results(components: Iterable[Component], *, owner: Owner, at: datetime) -> list[Result]:
    """Give the owner's results in force that may be one of the components, the newest first.

    What the actor may not read is not offered: an organisation's results are for who may receive them.
    """
    codes = {
        code
        for one in components
        if ComponentSource.RESULT_REPOSITORY in one.accepted_sources
        for code in one.result_of
    }
    if not codes:
        return []
    whose = (
        Q(owner_organisation=owner.organisation)
        if owner.organisation is not None
        else Q(owner_person=owner.person)
    )
    today = timezone.localdate(at)
    in_force = Q(valid_to=None) | Q(valid_to__gte=today)
    rows = vault.visible(owner.actor).filter(
        whose & in_force, status=ResultStatus.VALID, superseded_by=None, procedure_code__in=codes
    )
    return list(rows.select_related("issuer").defer("data", "signatures").order_by("-issued_on", "-pk")[:200])


def _from_repository(
    component: Component, owner: Owner, results: list[Result], at: datetime
) -> Holding | None:
    for result in results:
        valid_to = valid_until(component, result)
        if result.procedure_code in component.result_of and (
            valid_to is None or valid_to >= timezone.localdate(at)
        ):
            origin = _("%(title)s số %(number)s, %(issuer)s cấp ngày %(day)s") % {
                "title": result.title,
                "number": result.number,
                "issuer": result.issuer.name,
                "day": f"{result.issued_on:%d/%m/%Y}",
            }
            return Holding(component, ComponentSource.RESULT_REPOSITORY, origin[:500], valid_to, result)
    return None


def valid_until(component: Component, result: Result) -> date | None:
    """Give the last day on which a result serves as the component: its own, or an earlier one that the component sets."""
    limits = [result.valid_to] if result.valid_to else []
    if component.validity_months:
        limits.append(add_months(result.issued_on, component.validity_months))
    return min(limits, default=None)


def _from_identity(source: ComponentSource) -> Source:
    def ask(component: Component, owner: Owner, _results: list[Result], at: datetime) -> Holding | None:
        """Only a paper that says who the applicant is, and only of a verified identity, is replaced by its data."""
        person = owner.person
        if (
            owner.organisation is not None
            or component.kind != ComponentKind.IDENTITY
            or person.eid_level < EidLevel.LEVEL_2
        ):
            return None
        details: dict[str, tuple[Text, str]] = {
            "full_name": (_("Họ và tên"), person.full_name),
            "personal_id_number": (_("Số định danh cá nhân"), person.masked_personal_id),
            "birth_on": (_("Ngày sinh"), f"{person.birth_on:%d/%m/%Y}" if person.birth_on else ""),
            "sex": (_("Giới tính"), person.sex),
            "nationality": (_("Quốc tịch"), person.nationality),
            "address": (_("Nơi cư trú"), person.address),
        }
        return _of_register(component, source, _("Tài khoản định danh điện tử mức độ 2 trên VNeID"), details)

    return ask


def _from_business_register(
    component: Component, owner: Owner, _results: list[Result], at: datetime
) -> Holding | None:
    organisation = owner.organisation
    if organisation is None:
        return None
    details: dict[str, tuple[Text, str]] = {
        "code": (_("Mã số tổ chức"), organisation.code),
        "name": (_("Tên tổ chức"), organisation.name),
        "address": (_("Địa chỉ trụ sở"), organisation.address),
    }
    origin = _("Dữ liệu đăng ký của tổ chức mã số %s, theo VNeID") % organisation.code
    return _of_register(component, ComponentSource.DATA_BUSINESS_REGISTER, origin, details)


def _of_register(
    component: Component, source: ComponentSource, origin: str, details: dict[str, tuple[Text, str]]
) -> Holding:
    given = {name: pair for name, pair in details.items() if pair[1]}
    return Holding(component, source, origin, details=given)


Source = Callable[[Component, Owner, "list[Result]", datetime], "Holding | None"]
SOURCES: dict[ComponentSource, Source] = {
    ComponentSource.RESULT_REPOSITORY: _from_repository,
    ComponentSource.DATA_POPULATION_DB: _from_identity(ComponentSource.DATA_POPULATION_DB),
    ComponentSource.DATA_IDENTITY_CARD: _from_identity(ComponentSource.DATA_IDENTITY_CARD),
    ComponentSource.DATA_BUSINESS_REGISTER: _from_business_register,
}
"""The sources that the portal can ask, each by what asks it."""


def told(actor: Actor, version: ProcedureVersion, at: datetime) -> list[OwnersHoldings]:
    """Give what is held for everybody for whom the actor may file; nothing for who files nothing here."""
    if not actor.is_person:
        return []
    person = eligibility.person_of(actor)
    return of_version(version=version, whose=owners(actor=actor, version=version, person=person), at=at)
