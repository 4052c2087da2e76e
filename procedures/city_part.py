"""What the city adds to a published procedure so that it can be filed online.

The published part comes from the national catalogue and is replaced as a whole by every new version; the city's
part is the city's own work and goes along: short name, guidance, deciding agency, e-form, the list of files to
upload, internal workflow, result templates and the procedures that it is made of (liên thông). The upload list stands beside the published papers
(`Component.is_upload`), because the published rows are notes, cases and headings as much as papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Max

from core.vietnamese import fold
from procedures.models import Component, Procedure, ProcedureLink, ProcedureVersion, ResultType, WorkflowStep
from procedures.search import index
from procedures.states import CompetentAgencyRule, ComponentKind, DurationUnit, StepKind


@dataclass(frozen=True, slots=True)
class Upload:
    """One file to upload. ``max_pages`` bounds a PDF."""

    name: str
    kind: ComponentKind = ComponentKind.EVIDENCE
    is_required: bool = True
    hint: str = ""
    max_pages: int = 20
    name_en: str = ""
    hint_en: str = ""
    accepted_sources: Sequence[str] = ()
    result_of: Sequence[str] = ()
    condition: dict[str, Any] = field(default_factory=dict)
    validity_months: int | None = None
    is_digitised: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the internal workflow; ``role`` is one of `agencies.states.Role`."""

    name: str
    kind: StepKind
    role: str
    duration: Decimal
    unit: DurationUnit = DurationUnit.WORKING_DAY
    group: int | None = None
    is_optional: bool = False
    condition: dict[str, Any] = field(default_factory=dict)
    agency_id: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One result that is drafted from a template; it is laid over the published result of the same name."""

    name: str
    symbol: str
    template: dict[str, Any]
    validity_months: int | None = None
    is_licence: bool = False
    code: str = ""
    until_event: str = ""
    until_event_en: str = ""
    has_qr: bool = True
    inspector_classes: Sequence[str] = ()
    renewal_days: int | None = None
    reissue_procedure: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One procedure of a bundle (liên thông), by code. ``answers``: field of its form to field of the bundle's form."""

    procedure: str
    answers: dict[str, str]


@dataclass(frozen=True, slots=True)
class CityPart:
    """All that the city adds to one version; ``agency_id`` is the deciding agency under a fixed rule."""

    short_name: str
    guidance: str
    rule: CompetentAgencyRule
    eform: dict[str, Any]
    uploads: Sequence[Upload]
    steps: Sequence[Step]
    results: Sequence[Result]
    agency_id: int | None = None
    links: Sequence[Link] = ()
    eligibility: dict[str, Any] = field(default_factory=dict)
    guidance_en: str = ""
    messages: dict[str, Any] = field(default_factory=dict)


# fmt: off
_UPLOAD = (
    "name", "name_en", "kind", "is_required", "hint", "hint_en", "max_pages", "accepted_sources", "result_of",
    "condition", "validity_months", "is_digitised",
)
_STEP = ("group", "is_optional", "condition", "agency_id")
_RESULT = (
    "symbol", "template", "validity_months", "until_event", "until_event_en", "is_licence", "has_qr",
    "inspector_classes", "renewal_days", "reissue_procedure",
)
# fmt: on
"""What goes along as it stands, by the names of the columns."""


def _plain(value: Any) -> Any:
    """Give a sequence as the list that a column holds."""
    return list(value) if isinstance(value, tuple) else value


def has(version: ProcedureVersion) -> bool:
    """Say whether the city has added anything to a version."""
    return bool(version.eform or version.short_name or version.is_fileable)


def of(version: ProcedureVersion) -> CityPart:
    """Read the city part of a version, to be written on its successor."""
    return CityPart(
        short_name=version.short_name,
        guidance=version.guidance,
        rule=CompetentAgencyRule(version.competent_agency_rule),
        agency_id=version.competent_agency_id,
        eform=version.eform,
        eligibility=version.eligibility,
        guidance_en=version.guidance_en,
        messages=version.messages,
        uploads=[
            Upload(**{name: getattr(one, name) for name in _UPLOAD})
            for one in version.components.filter(is_upload=True).order_by("position")
        ],
        steps=[
            Step(
                one.name,
                StepKind(one.kind),
                one.role,
                one.duration_value,
                DurationUnit(one.duration_unit),
                **{name: getattr(one, name) for name in _STEP},
            )
            for one in version.workflow_steps.order_by("position")
        ],
        results=[
            Result(one.name, **{name: getattr(one, name) for name in _RESULT}, code=one.code)
            for one in version.result_types.order_by("position")
            if one.template
        ],
        links=[
            Link(one.procedure.code, one.answers)
            for one in version.links.select_related("procedure").order_by("position")
        ],
    )


def write(version: ProcedureVersion, part: CityPart) -> None:
    """Put a city part on a version that has none. Runs in the caller's transaction.

    :raises KeyError: the catalogue does not have a linked procedure.
    """
    version.short_name, version.guidance = part.short_name, part.guidance
    version.guidance_en, version.messages = part.guidance_en, part.messages
    version.competent_agency_rule, version.competent_agency_id = part.rule, part.agency_id
    version.eform, version.eligibility = part.eform, part.eligibility
    version.save()
    first = _next_position(Component, version)
    Component.objects.bulk_create(
        Component(
            version=version,
            position=first + at,
            is_upload=True,
            **{name: _plain(getattr(one, name)) for name in _UPLOAD},
        )
        for at, one in enumerate(part.uploads)
    )
    WorkflowStep.objects.bulk_create(
        WorkflowStep(
            version=version,
            position=at,
            name=one.name,
            kind=one.kind,
            role=one.role,
            duration_value=one.duration,
            duration_unit=one.unit,
            **{name: getattr(one, name) for name in _STEP},
        )
        for at, one in enumerate(part.steps, start=1)
    )
    for result in part.results:
        _write_result(version, result)
    codes = [one.procedure for one in part.links]
    linked = {one.code: one for one in Procedure.objects.filter(code__in=codes)}
    ProcedureLink.objects.bulk_create(
        ProcedureLink(version=version, position=at, procedure=linked[one.procedure], answers=one.answers)
        for at, one in enumerate(part.links, start=1)
    )
    index.refresh(version)


def _write_result(version: ProcedureVersion, part: Result) -> None:
    published = list(version.result_types.all())
    same = [one for one in published if part.code and one.code == part.code]
    same += [one for one in published if fold(one.name) == fold(part.name)]
    row = (
        same[0]
        if same
        else ResultType(version=version, position=_next_position(ResultType, version), name=part.name)
    )
    row.code = row.code or part.code
    for name in _RESULT:
        setattr(row, name, _plain(getattr(part, name)))
    row.save()


def _next_position(model: type[Component] | type[ResultType], version: ProcedureVersion) -> int:
    last: int | None = model.objects.filter(version=version).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
