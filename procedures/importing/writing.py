"""Write records into the catalogue: a changed one becomes a new version, an unchanged one is not touched.

What the city published, edited or answered about is not overwritten: its record is kept as a difference, which people
accept or reject item by item (`procedures.care.differences`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import DatabaseError, models, transaction

from procedures.care import differences, review
from procedures.importing import doubts
from procedures.importing.doubts import Doubt, is_web_address
from procedures.importing.records import Record
from procedures.models import (
    Component,
    FeeLine,
    LegalBasis,
    Procedure,
    ProcedureVersion,
    ResultType,
    ReviewFlag,
    Sector,
    SourceChange,
    SubmissionChannel,
)
from procedures.search import index
from procedures.sectors import sector_named
from procedures.states import FlagReason, VersionStatus


class Outcome(StrEnum):
    """What became of a record."""

    CREATED = "created"
    UPDATED = "updated"
    PENDING = "pending"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(slots=True)
class Entry:
    """One record of one line on its way into the catalogue, with what became of it.

    ``is_checked``: whoever typed it was told of every doubt already, so that nothing is left to review.
    """

    line: int
    record: Record
    doubts: list[Doubt] = field(default_factory=list)
    outcome: Outcome | None = None
    problem: str = ""
    is_checked: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalogue has of the codes of a batch."""

    procedures: dict[str, Procedure]
    held: set[int]
    changes: dict[int, SourceChange]


def classify(entries: Sequence[Entry]) -> None:
    """Set what would become of each entry. Reads only."""
    known = _known(entries, lock=False)
    for entry in entries:
        _decide(entry, known)


def write(entries: Sequence[Entry], *, file_name: str, at: datetime) -> None:
    """Write a batch in one transaction, or, when the database refuses it, each record in its own."""
    sectors = {
        name: sector_named(name) for name in {entry.record.short["field"] for entry in entries} if name
    }
    try:
        with transaction.atomic():
            _write_all(entries, sectors, file_name=file_name, at=at)
    except DatabaseError:
        for entry in entries:
            _write_alone(entry, sectors, file_name=file_name, at=at)


def flag_shared_names(*, at: datetime) -> int:
    """Mark the current versions whose name another procedure has as well; say how many were newly marked."""
    current = ProcedureVersion.objects.current()
    shared = current.values("name").annotate(times=models.Count("pk")).filter(times__gt=1).values("name")
    unmarked = current.filter(name__in=shared).exclude(review_flags__reason=FlagReason.SHARED_NAME)
    flags = [
        ReviewFlag(
            version_id=pk,
            field="name",
            reason=FlagReason.SHARED_NAME,
            text=name[:300],
            alike=doubts.alike("name", FlagReason.SHARED_NAME, name),
        )
        for pk, name in unmarked.values_list("pk", "name")
    ]
    made = ReviewFlag.objects.bulk_create(flags)
    review.kept(
        current.filter(pk__in=[one.version_id for one in made]).select_related("procedure"), made, at=at
    )
    return len(flags)


def _write_alone(entry: Entry, sectors: dict[str, Sector], *, file_name: str, at: datetime) -> None:
    try:
        with transaction.atomic():
            _write_all([entry], sectors, file_name=file_name, at=at)
    except DatabaseError as problem:
        entry.outcome = Outcome.REJECTED
        entry.problem = f"the database refuses it ({str(problem).splitlines()[0]})"


def _known(entries: Iterable[Entry], *, lock: bool) -> Known:
    rows = Procedure.objects.filter(code__in=[entry.record.code for entry in entries])
    rows = rows.select_related("current_version").defer(
        "current_version__title_search", "current_version__body_search"
    )
    if lock:
        rows = rows.order_by("pk").select_for_update(of=("self",))
    procedures = {procedure.code: procedure for procedure in rows}
    by_id = {one.pk: one for one in procedures.values()}
    changes = SourceChange.objects.filter(procedure__in=by_id).only("procedure", "kind", "digest")
    return Known(
        procedures, differences.held(procedures.values()), {one.procedure_id: one for one in changes}
    )


def _decide(entry: Entry, known: Known) -> None:
    """Set what becomes of an entry, and look for doubts only where something will be written."""
    procedure = known.procedures.get(entry.record.code)
    digest = entry.record.digest
    if procedure is None:
        entry.outcome = Outcome.CREATED
    elif procedure.pk in known.held:
        same = differences.is_known(procedure, known.changes.get(procedure.pk), digest)
        entry.outcome = Outcome.UNCHANGED if same else Outcome.PENDING
    else:
        current = procedure.current_version
        same = current is not None and current.source_digest == digest
        entry.outcome = Outcome.UNCHANGED if same else Outcome.UPDATED
    if entry.outcome is not Outcome.UNCHANGED and not entry.is_checked:
        entry.doubts = doubts.find(entry.record)


def _write_all(entries: Sequence[Entry], sectors: dict[str, Sector], *, file_name: str, at: datetime) -> None:
    found = _known(entries, lock=True)
    known = found.procedures
    for entry in entries:
        _decide(entry, found)
    seen = [known[entry.record.code].pk for entry in entries if entry.record.code in known]
    differences.seen_again(seen, held=found.held)
    for entry in entries:
        if entry.outcome is Outcome.PENDING:
            change = differences.note(
                procedure=known[entry.record.code],
                record=entry.record,
                doubts=entry.doubts,
                file_name=file_name,
                at=at,
            )
            entry.outcome = Outcome.PENDING if change.pending else Outcome.UNCHANGED
    fresh = [entry for entry in entries if entry.outcome is Outcome.CREATED]
    for procedure in Procedure.objects.bulk_create(Procedure(code=entry.record.code) for entry in fresh):
        known[procedure.code] = procedure

    changed = [entry for entry in entries if entry.outcome in (Outcome.CREATED, Outcome.UPDATED)]
    if not changed:
        return
    before = [known[entry.record.code].current_version for entry in changed]
    numbers = _last_numbers(procedure.pk for procedure in known.values())
    versions = ProcedureVersion.objects.bulk_create(
        _version(entry.record, known[entry.record.code], numbers, sectors) for entry in changed
    )
    for entry, version in zip(changed, versions, strict=True):
        known[entry.record.code].current_version = version
    Procedure.objects.bulk_update((known[entry.record.code] for entry in changed), ["current_version"])
    ProcedureVersion.objects.filter(pk__in=[old.pk for old in before if old]).update(
        status=VersionStatus.SUPERSEDED
    )
    flags = _write_rows(changed, versions)
    updated = {
        version.pk
        for entry, version in zip(changed, versions, strict=True)
        if entry.outcome is Outcome.UPDATED
    }
    review.kept(
        [one for one in versions if one.pk in updated],
        [one for one in flags if one.version_id in updated],
        at=at,
    )


def _last_numbers(procedure_ids: Iterable[int]) -> dict[int, int]:
    rows = ProcedureVersion.objects.filter(procedure__in=list(procedure_ids))
    return dict(rows.values_list("procedure").annotate(last=models.Max("version_no")))


def _version(
    record: Record, procedure: Procedure, numbers: dict[int, int], sectors: dict[str, Sector]
) -> ProcedureVersion:
    sector = sectors.get(record.short["field"])
    link = record.short["source_url"]
    texts = record.texts
    return ProcedureVersion(
        procedure=procedure,
        version_no=numbers.get(procedure.pk, 0) + 1,
        status=VersionStatus.PUBLISHED,
        name=record.name,
        sector=sector,
        ministry=record.short["ministry"],
        kind=record.short["kind"],
        levels=list(record.levels),
        levels_text=texts["levels_text"],
        applicant_categories=list(record.audiences),
        applicant_categories_text=texts["audiences_text"],
        publication_decision=record.short["decision"],
        execution_sequence=texts["steps"],
        methods_text=texts["methods_text"],
        components_text=texts["components_text"],
        legal_bases_text=texts["legal_bases_text"],
        eligibility_conditions=texts["requirements"],
        authority=texts["authority"],
        source_url=link if is_web_address(link) else "",
        source_digest=record.digest,
        **index.columns(
            name=record.name, short_name="", sector=sector.name if sector else "", body=_body(record)
        ),
    )


def _body(record: Record) -> list[str]:
    return [
        *(result.name for result in record.results),
        record.texts["authority"],
        record.texts["steps"],
        record.texts["requirements"],
        *(paper.name for paper in record.papers),
    ]


def _write_rows(entries: Sequence[Entry], versions: Sequence[ProcedureVersion]) -> list[ReviewFlag]:
    pairs = [(entry.record, version) for entry, version in zip(entries, versions, strict=True)]
    channels = SubmissionChannel.objects.bulk_create(
        SubmissionChannel(
            version=version,
            position=at,
            channel=method.channel,
            duration_value=method.duration_value,
            duration_unit=method.duration_unit,
            duration_text=method.duration_text,
            note=method.note,
        )
        for record, version in pairs
        for at, method in enumerate(record.methods, start=1)
    )
    methods = [method for record, _version in pairs for method in record.methods]
    FeeLine.objects.bulk_create(
        FeeLine(channel=channel, position=at, kind=fee.kind, amount_vnd=fee.amount_vnd, text=fee.text)
        for channel, method in zip(channels, methods, strict=True)
        for at, fee in enumerate(method.fees, start=1)
    )
    Component.objects.bulk_create(
        Component(
            version=version,
            position=at,
            group=paper.group,
            name=paper.name,
            form_template=paper.form,
            originals=paper.originals,
            copies=paper.copies,
        )
        for record, version in pairs
        for at, paper in enumerate(record.papers, start=1)
    )
    LegalBasis.objects.bulk_create(
        LegalBasis(version=version, position=at, code=basis.code, title=basis.name)
        for record, version in pairs
        for at, basis in enumerate(record.legal_bases, start=1)
    )
    ResultType.objects.bulk_create(
        ResultType(version=version, position=at, code=result.code, name=result.name)
        for record, version in pairs
        for at, result in enumerate(record.results, start=1)
    )
    return ReviewFlag.objects.bulk_create(
        ReviewFlag(
            version=version, field=doubt.field, reason=doubt.reason, text=doubt.text, alike=doubt.alike
        )
        for entry, version in zip(entries, versions, strict=True)
        for doubt in entry.doubts
    )
