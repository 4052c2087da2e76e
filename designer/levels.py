"""How far the city's services go online, what blocks them and what is planned: for leaders, and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from core import spreadsheets
from core.errors import Text
from core.pagination import Page, keyset
from core.working_time import Mode
from procedures.beside import Blocker
from procedures.models import ProcedureVersion, SubmissionChannel
from procedures.states import (
    BlockerKind,
    Catalogue,
    Channel,
    CompetentAgencyRule,
    DurationUnit,
    OnlineLevel,
    PartialReason,
    VersionStatus,
)

ON_A_PAGE = 30
A_DAY = 8
"""Working hours."""
_HOURS = {
    DurationUnit.WORKING_DAY: Decimal(8),
    DurationUnit.WORKING_HOUR: Decimal(1),
    DurationUnit.DAY: Decimal(24),
    DurationUnit.HOUR: Decimal(1),
    DurationUnit.MONTH: Decimal(720),
}
_WORKING = (DurationUnit.WORKING_DAY, DurationUnit.WORKING_HOUR)
COMMUNES = "phuong-xa"
NOBODY = "chua-xac-dinh"


@dataclass(frozen=True, slots=True)
class Filters:
    """``agency`` is the code of one, `COMMUNES` or `NOBODY`; ``blocker`` one of `BlockerKind`."""

    catalogue: str = Catalogue.ADMINISTRATIVE
    sector: str = ""
    agency: str = ""
    blocker: str = ""

    @property
    def is_narrowed(self) -> bool:
        return self != Filters(catalogue=self.catalogue)


@dataclass
class Row:
    """One line of the tables: a sector or an agency with its services by level."""

    value: str
    label: Text
    full: int = 0
    partial: int = 0
    information: int = 0

    @property
    def total(self) -> int:
        return self.full + self.partial + self.information

    @property
    def share(self) -> int:
        """How many of a hundred are online as a whole, rounded down."""
        return 100 * self.full // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Blocking:
    """An obstacle: how many services it blocks, for how many a day is set, and how many of these days have passed."""

    kind: str
    label: Text
    services: int
    planned: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Speed:
    """Services that can be filed: done within the day, and by how much online is quicker than the counter."""

    same_day: int
    compared: int
    quicker: int
    slower: int
    mean_reduction: int
    over_half: int


@dataclass
class Overview:
    all: Row
    sectors: list[Row]
    agencies: list[Row]
    legacy: dict[int, int]
    reasons: list[tuple[Text, int]]
    blocking: list[Blocking]
    speed: Speed
    rows: Page[ProcedureVersion] = field(default_factory=lambda: Page([]))


def overview(filters: Filters, *, on: date, after: str = "", before: str = "") -> Overview:
    """Count everything for a page. Versions in force only; what can be filed is full unless a reason is published."""
    rows = _rows(filters)
    by_sector: dict[str, Row] = {}
    for one in _by_level(rows, "sector__slug", "sector__name"):
        label = one["sector__name"] or _("Chưa xếp lĩnh vực")
        _add(by_sector, one["sector__slug"] or "", label, one)
    by_agency: dict[str, Row] = {}
    for one in _by_level(rows.annotate(decides=_decides()), "decides", "competent_agency__name"):
        labels = {COMMUNES: _("Phường, xã, đặc khu"), NOBODY: _("Chưa xác định cơ quan")}
        label = labels.get(one["decides"]) or one["competent_agency__name"] or ""
        _add(by_agency, one["decides"] or NOBODY, label, one)
    total = Row("", _("Tất cả"))
    for row in by_sector.values():
        total.full += row.full
        total.partial += row.partial
        total.information += row.information
    return Overview(
        all=total,
        sectors=_busiest(by_sector),
        agencies=_busiest(by_agency),
        legacy=_legacy(rows),
        reasons=_reasons(rows),
        blocking=_blocking(filters, on=on),
        speed=_speed(rows),
        rows=keyset(_not_full(filters), order=("name_sort",), size=ON_A_PAGE, after=after, before=before),
    )


def csv_lines(filters: Filters) -> Iterator[str]:
    """Give the table of every service line by line; a cell that a spreadsheet would compute is made text."""
    heads = [
        _("Mã"),
        _("Tên"),
        _("Lĩnh vực"),
        _("Cơ quan"),
        _("Mức độ"),
        _("Mức độ theo cách gọi cũ"),
        _("Lý do chưa toàn trình"),
        _("Căn cứ"),
        _("Vướng mắc"),
        _("Cách gỡ"),
        _("Ngày hoàn thành"),
        _("Cơ quan chịu trách nhiệm"),
        _("Thời hạn trực tuyến"),
        _("Thời hạn trực tiếp"),
        _("Thời hạn qua bưu chính"),
        _("Trực tuyến giảm (%)"),
        _("Bưu chính giảm (%)"),
    ]
    rows = _with_parts(_rows(filters)).annotate(decides=_decides())
    versions = rows.order_by("name_sort", "pk").iterator(chunk_size=500)
    return spreadsheets.csv_lines(heads, map(_line, versions))


def _line(version: ProcedureVersion) -> list[str]:
    blockers: list[Blocker] = list(version.procedure.open_blockers)  # type: ignore[attr-defined]  # set by the prefetch
    times = {one.channel: one.time_limit for one in reversed(version.channels.all())}
    cuts = [reduction(version, channel) for channel in (Channel.ONLINE, Channel.POST)]
    agency = version.competent_agency.name if version.competent_agency else ""
    if version.competent_agency_rule == CompetentAgencyRule.COMMUNE_OF_CHOICE:
        agency = _("Phường, xã, đặc khu")
    return [
        version.procedure.code,
        version.name,
        version.sector.name if version.sector else "",
        agency,
        str(OnlineLevel(version.online_level).label),
        str(version.legacy_level or ""),
        str(PartialReason(version.partial_reason).label) if version.partial_reason else "",
        version.partial_basis,
        "; ".join(str(BlockerKind(one.kind).label) for one in blockers),
        "; ".join(one.plan for one in blockers),
        "; ".join(one.planned_on.isoformat() if one.planned_on else "" for one in blockers),
        "; ".join(one.agency.name if one.agency else "" for one in blockers),
        times.get(Channel.ONLINE, ""),
        times.get(Channel.COUNTER, ""),
        times.get(Channel.POST, ""),
        *("" if cut is None else str(cut) for cut in cuts),
    ]


def reduction(version: ProcedureVersion, channel: str = Channel.ONLINE) -> int | None:
    """Say by how much of a hundred a channel is quicker than the counter; negative where it is slower.

    None where one of the two has no time, or they are not counted in the same kind of time.
    """
    lengths: dict[str, tuple[bool, Decimal]] = {}
    for one in version.channels.all():
        if one.duration_value and one.duration_unit:
            unit = DurationUnit(one.duration_unit)
            lengths.setdefault(one.channel, (unit in _WORKING, one.duration_value * _HOURS[unit]))
    own, counter = lengths.get(channel), lengths.get(Channel.COUNTER)
    if own is None or counter is None or own[0] != counter[0]:
        return None
    return int(100 - 100 * own[1] / counter[1])


def _is_same_day(version: ProcedureVersion) -> bool:
    """Done within the day: counted so, with a limit of a day; or in less than a working day."""
    limits = [one for one in version.channels.all() if one.duration_value and one.duration_unit in _WORKING]
    hours = [
        one.duration_value * _HOURS[DurationUnit(one.duration_unit)] for one in limits if one.duration_value
    ]
    if not hours:
        return False
    return min(hours) <= A_DAY if version.counting_mode == Mode.SAME_DAY else min(hours) < A_DAY


def _rows(filters: Filters) -> QuerySet[ProcedureVersion]:
    rows: QuerySet[ProcedureVersion] = ProcedureVersion.objects.current().filter(
        status=VersionStatus.PUBLISHED, current_of__catalogue=filters.catalogue
    )
    if filters.sector:
        rows = rows.filter(sector__slug=filters.sector)
    if filters.agency:
        rows = rows.annotate(decides=_decides()).filter(decides=filters.agency)
    if filters.blocker:
        rows = rows.filter(Exists(_open_blockers().filter(kind=filters.blocker)))
    return rows


def _open_blockers() -> QuerySet[Blocker]:
    return Blocker.objects.filter(procedure=OuterRef("procedure"), resolved_at=None)


def _not_full(filters: Filters) -> QuerySet[ProcedureVersion]:
    """Services that are online in part, or for which an obstacle is known: what leaders can do something about."""
    rows = _rows(filters).filter(~Q(partial_reason="") | Exists(_open_blockers()))
    return _with_parts(rows)


def _with_parts(rows: QuerySet[ProcedureVersion]) -> QuerySet[ProcedureVersion]:
    blockers = Blocker.objects.filter(resolved_at=None).select_related("agency").order_by("planned_on", "pk")
    return (
        rows.select_related("procedure", "sector", "competent_agency")
        .only(
            "name",
            "name_sort",
            "online_level",
            "legacy_level",
            "partial_reason",
            "partial_basis",
            "counting_mode",
            "competent_agency_rule",
            "procedure__code",
            "sector__name",
            "competent_agency__name",
        )
        .prefetch_related(
            Prefetch("channels", SubmissionChannel.objects.order_by("position")),
            Prefetch("procedure__blockers", blockers, to_attr="open_blockers"),
        )
    )


def _decides() -> Case:
    fixed = Q(competent_agency_rule=CompetentAgencyRule.FIXED, competent_agency__isnull=False)
    return Case(
        When(competent_agency_rule=CompetentAgencyRule.COMMUNE_OF_CHOICE, then=Value(COMMUNES)),
        When(fixed, then=F("competent_agency__code")),
        default=Value(NOBODY),
        output_field=CharField(),
    )


def _by_level(rows: QuerySet[ProcedureVersion], *by: str) -> Any:
    return rows.order_by().values(*by, "online_level").annotate(times=Count("pk"))


def _add(rows: dict[str, Row], value: str, label: Text, found: Mapping[str, Any]) -> None:
    row = rows.setdefault(value, Row(value, label))
    name = {OnlineLevel.FULL_ONLINE: "full", OnlineLevel.PARTIAL_ONLINE: "partial"}.get(
        found["online_level"], "information"
    )
    setattr(row, name, getattr(row, name) + found["times"])


def _busiest(rows: dict[str, Row]) -> list[Row]:
    """Order by what is not done yet, so that the longest way stands first."""
    return sorted(rows.values(), key=lambda row: (-row.partial, -row.full, -row.information, str(row.label)))


def _legacy(rows: QuerySet[ProcedureVersion]) -> dict[int, int]:
    counts = rows.exclude(legacy_level=None).order_by().values("legacy_level").annotate(times=Count("pk"))
    return {one["legacy_level"] or 0: one["times"] for one in counts.order_by("legacy_level")}


def _reasons(rows: QuerySet[ProcedureVersion]) -> list[tuple[Text, int]]:
    counts = rows.exclude(partial_reason="").order_by().values("partial_reason").annotate(times=Count("pk"))
    return [(PartialReason(one["partial_reason"]).label, one["times"]) for one in counts.order_by("-times")]


def _blocking(filters: Filters, *, on: date) -> list[Blocking]:
    shown = _rows(filters).values("procedure")
    counts = (
        Blocker.objects.filter(resolved_at=None, procedure__in=shown)
        .values("kind")
        .annotate(
            services=Count("pk"),
            planned=Count("pk", filter=Q(planned_on__isnull=False)),
            overdue=Count("pk", filter=Q(planned_on__lt=on)),
        )
    )
    return [
        Blocking(one["kind"], BlockerKind(one["kind"]).label, one["services"], one["planned"], one["overdue"])
        for one in counts.order_by("-services", "kind")
    ]


def _speed(rows: QuerySet[ProcedureVersion]) -> Speed:
    """Look at what can be filed: the rest of the national catalogue is not the city's to shorten."""
    versions = (
        rows.filter(is_fileable=True)
        .only("counting_mode")
        .prefetch_related(Prefetch("channels", SubmissionChannel.objects.order_by("position")))
    )
    cuts: list[int] = []
    same_day = 0
    for version in versions.iterator(chunk_size=500):
        same_day += _is_same_day(version)
        cut = reduction(version)
        if cut is not None:
            cuts.append(cut)
    quicker = [one for one in cuts if one > 0]
    return Speed(
        same_day=same_day,
        compared=len(cuts),
        quicker=len(quicker),
        slower=sum(one < 0 for one in cuts),
        mean_reduction=round(sum(quicker) / len(quicker)) if quicker else 0,
        over_half=sum(one > 50 for one in cuts),
    )


def today() -> date:
    """The day in Da Nang."""
    return timezone.localdate()
