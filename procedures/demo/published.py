"""The published part of a demonstration procedure, entered by hand from the facts of its decision."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from procedures.models import (
    Component,
    FeeLine,
    LegalBasis,
    Procedure,
    ProcedureVersion,
    ResultType,
    SubmissionChannel,
)
from procedures.search import index
from procedures.sectors import sector_named
from procedures.states import (
    ApplicantCategory,
    Channel,
    ComponentKind,
    DurationUnit,
    FeeKind,
    Level,
    VersionStatus,
)


@dataclass(frozen=True, slots=True)
class Published:
    """``working_days`` holds for every channel; ``fee`` is (kind, đồng or None, text)."""

    code: str
    name: str
    decision: str
    ministry: str
    sector: str
    level: Level
    categories: tuple[ApplicantCategory, ...]
    sequence: str
    working_days: Decimal
    papers: tuple[tuple[ComponentKind, str, int, int], ...]
    results: tuple[tuple[str, str], ...]
    legal_bases: tuple[tuple[str, str], ...]
    authority: str
    fee: tuple[FeeKind | None, int | None, str] | None = None
    conditions: str = ""


def publish(content: Published) -> ProcedureVersion:
    """Enter a procedure that the catalogue does not have yet. Runs in the caller's transaction."""
    procedure, _made = Procedure.objects.get_or_create(code=content.code)
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        status=VersionStatus.PUBLISHED,
        name=content.name,
        sector=sector_named(content.sector),
        ministry=content.ministry,
        levels=[content.level],
        applicant_categories=list(content.categories),
        publication_decision=content.decision,
        execution_sequence=content.sequence,
        eligibility_conditions=content.conditions,
        authority=content.authority,
    )
    _enter_channels(version, content)
    Component.objects.bulk_create(
        Component(version=version, position=at, kind=kind, name=name, originals=originals, copies=copies)
        for at, (kind, name, originals, copies) in enumerate(content.papers, start=1)
    )
    LegalBasis.objects.bulk_create(
        LegalBasis(version=version, position=at, code=code, title=title)
        for at, (code, title) in enumerate(content.legal_bases, start=1)
    )
    ResultType.objects.bulk_create(
        ResultType(version=version, position=at, code=code, name=name)
        for at, (code, name) in enumerate(content.results, start=1)
    )
    procedure.current_version = version
    procedure.save()
    index.refresh(version)
    return version


def _enter_channels(version: ProcedureVersion, content: Published) -> None:
    days = content.working_days
    rows = SubmissionChannel.objects.bulk_create(
        SubmissionChannel(
            version=version,
            position=at,
            channel=channel,
            duration_value=days,
            duration_unit=DurationUnit.WORKING_DAY,
            duration_text=f"{days.normalize():f} Ngày làm việc",
        )
        for at, channel in enumerate((Channel.ONLINE, Channel.POST, Channel.COUNTER), start=1)
    )
    if content.fee:
        kind, amount, text = content.fee
        FeeLine.objects.bulk_create(
            FeeLine(channel=row, position=1, kind=kind or "", amount_vnd=amount, text=text) for row in rows
        )
