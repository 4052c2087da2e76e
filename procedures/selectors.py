"""Reads of the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import F, Prefetch, QuerySet, prefetch_related_objects

from core.errors import Text
from core.kept_statements import ANY_TEXT, Statement
from core.languages import worded
from core.pagination import CappedCount, capped_count
from core.vietnamese import sort_key
from core.working_time import Unit
from procedures import parts, policies
from procedures.models import (
    Procedure,
    ProcedureVersion,
    ProcedureVersionQuerySet,
    ResultType,
    ReviewFlag,
)
from procedures.search import find, titles
from procedures.search.find import CANDIDATES
from procedures.search.ranking import SHORTLIST
from procedures.search.titles import Cell
from procedures.states import ApplicantCategory, Catalogue, Level, OnlineLevel, VersionStatus

PAGE_SIZE = 20
LAST_PAGE = 500
RELATED = 6
BEGUN = 8
GUESSED = 5
_HEAVY = ("title_search", "body_search", "name_words", "name_sort")
_LINK_COLUMNS = ("name", "name_en", "short_name", "is_fileable", "procedure__code")
"""What a link to a version needs."""
_LIST_COLUMNS = (
    "name",
    "name_en",
    "short_name",
    "levels",
    "applicant_categories",
    "is_fileable",
    "ministry",
    "procedure__code",
    "sector__name",
    "sector__slug",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to. Values that do not exist narrow it to nothing.

    ``agency`` is the ministry or body that looks after a procedure, ``online`` keeps what can be filed here.
    ``exact``: look for the words as they were typed, even those that nobody writes so.
    ``catalogue`` is one of `Catalogue`, or empty for all of them.
    """

    query: str = ""
    sector: str = ""
    level: str = ""
    category: str = ""
    agency: str = ""
    online_level: str = ""
    online: bool = False
    exact: bool = False
    page: int = 1
    catalogue: str = Catalogue.ADMINISTRATIVE

    @property
    def is_narrowed(self) -> bool:
        return self != replace(self.only_query(), exact=self.exact, page=self.page)

    @property
    def is_empty(self) -> bool:
        return not (self.query or self.is_narrowed)

    def only_query(self) -> Filters:
        return Filters(query=self.query, catalogue=self.catalogue)

    def on_page(self, page: int) -> Filters:
        return replace(self, page=page)

    def as_typed(self) -> Filters:
        return replace(self, exact=True, page=1)

    def asking(self, query: str) -> Filters:
        return replace(self, query=query, exact=False, page=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """A version in force with what a list shows of it. ``time`` is in words, where one limit holds and nobody doubts it."""

    pk: int
    code: str
    name: str
    name_en: str
    short_name: str
    sector: str
    levels: list[str]
    applicant_categories: list[str]
    is_fileable: bool
    time: str

    @property
    def called(self) -> str:
        """What people call it, in the language of the reader where that is written."""
        return worded(self.short_name or self.name, self.name_en)

    @property
    def level_labels(self) -> list[str]:
        return [str(Level(one).label) for one in self.levels]


@dataclass(frozen=True, slots=True)
class Facet:
    value: str
    label: Text
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """How many procedures each choice of a filter would leave, the other filters being as they are.

    ``is_least``: the question finds more than was ranked, so that each number is the least there is.
    """

    sectors: list[Facet]
    levels: list[Facet]
    categories: list[Facet]
    agencies: list[Facet]
    online_levels: list[Facet]
    online: int
    total: CappedCount
    is_least: bool = False


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """``marked`` are the words to highlight in the names, ``meant`` what the question was taken for when it was mistyped.

    ``is_weak``: what is shown answers little of the question. ``without_filters``: how many there are without them.
    ``near``: the sectors of what the question finds, filters aside, those of most first.
    """

    versions: list[Listed]
    count: CappedCount
    page: int
    has_later: bool
    facets: Facets
    marked: frozenset[str] = frozenset()
    meant: str = ""
    is_weak: bool = False
    without_filters: int = 0
    near: list[Facet] = field(default_factory=list)

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.versions) - 1


def catalogue(filters: Filters) -> CataloguePage:
    """Give one page of current procedures, by rank for a question, else in Vietnamese order of their names."""
    page = min(max(filters.page, 1), LAST_PAGE)
    start, stop = (page - 1) * PAGE_SIZE, page * PAGE_SIZE
    if not filters.query.strip():
        among = _narrowed(filters)
        ids = list(among.order_by("name_sort", "pk").values_list("pk", flat=True)[start : stop + 1])
        return CataloguePage(
            listed(ids[:PAGE_SIZE]), capped_count(among), page, len(ids) > PAGE_SIZE, facets(filters)
        )
    whole = filters.only_query()
    found = find.find(filters.query, partial(_fits, filters=whole), correct=not filters.exact)
    cells = titles.current().cells(found.ids)
    counted = Counter(cells.values())
    is_cut = len(found.ids) >= SHORTLIST
    if not filters.is_narrowed:
        ids = list(found.ids)
    elif is_cut:
        # Only the best of many were ranked: among what is left by the filters there are more.
        ids = list(find.find(filters.query, partial(_fits, filters=filters), correct=not filters.exact).ids)
    else:
        ids = [pk for pk in found.ids if pk in cells and _fits(cells[pk], filters)]
    return CataloguePage(
        listed(ids[start:stop]),
        CappedCount(len(ids), is_capped=len(ids) >= CANDIDATES),
        page,
        len(ids) > stop,
        replace(_count(counted, filters), is_least=is_cut),
        found.marked,
        found.meant,
        found.is_weak,
        without_filters=len(found.ids),
        near=_sectors_of(counted),
    )


def guessed(page: CataloguePage, filters: Filters) -> CataloguePage:
    """Keep the few nearest of a page that holds nothing of its question: no numbers are told of them, no more offered."""
    nothing = CappedCount(0, is_capped=False)
    return replace(
        page,
        versions=page.versions[:GUESSED],
        count=nothing,
        has_later=False,
        facets=_count({}, filters),
        without_filters=0,
        near=[],
    )


def published(catalogue: str = "") -> ProcedureVersionQuerySet:
    """Give the versions that the list and the search show: published ones in force, of a `Catalogue` or of all."""
    rows = ProcedureVersion.objects.current().filter(status=VersionStatus.PUBLISHED)
    return rows.filter(current_of__catalogue=catalogue) if catalogue else rows


def begun(text: str) -> list[Listed]:
    """Give the few procedures that a question which is still being typed may ask for, by its words alone."""
    return listed(find.find(text, by_meaning=False).ids[:BEGUN])


_ANY_IDS = ANY_TEXT
_LISTED = Statement(
    """
    SELECT version.id, procedure.code, version.name, version.name_en, version.short_name, coalesce(sector.name, ''),
        version.levels, version.applicant_categories, version.is_fileable,
        ARRAY(SELECT DISTINCT concat(duration_unit, ' ', duration_value) FROM procedures_submissionchannel channel
            WHERE channel.version_id = version.id),
        EXISTS(SELECT FROM procedures_reviewflag flag WHERE flag.version_id = version.id
            AND flag.resolved_at IS NULL AND flag.field LIKE '%%.duration')
    FROM procedures_procedureversion version
    JOIN procedures_procedure procedure ON procedure.current_version_id = version.id
    LEFT JOIN procedures_sector sector ON sector.id = version.sector_id
    WHERE version.id = ANY(%s) AND version.status = %s
    """,
    [_ANY_IDS, VersionStatus.PUBLISHED.value],
    table="procedures_procedureversion",
)


def listed(ids: Sequence[int]) -> list[Listed]:
    """Give those of some versions that are published and in force, in this order, with what a list shows. One query."""
    rows = _LISTED.rows({_ANY_IDS: list(ids)}) if ids else []
    by_id = {
        pk: Listed(
            pk,
            code,
            name,
            name_en,
            short,
            sector,
            levels,
            categories,
            fileable,
            _one_time(limits, is_doubted=doubted),
        )
        for pk, code, name, name_en, short, sector, levels, categories, fileable, limits, doubted in rows
    }
    return [by_id[pk] for pk in ids if pk in by_id]


def _one_time(limits: list[str], *, is_doubted: bool) -> str:
    """Give a time limit in words, if it is one for all channels, each as its unit and value."""
    unit, _blank, value = limits[0].partition(" ") if len(limits) == 1 else ("", "", "")
    return Unit(unit).counted(Decimal(value)) if unit and value and not is_doubted else ""


def facets(filters: Filters | None = None) -> Facets:
    """Give the counts beside the filters, without a question."""
    return _count(_whole(), filters or Filters())


def largest_sectors(*, most: int) -> list[Facet]:
    """Give the sectors of most procedures, for who would rather look around than ask."""
    filters = Filters()
    return _sectors_of({cell: times for cell, times in _whole().items() if _fits(cell, filters)})[:most]


def sectors_of(catalogue: str) -> list[Facet]:
    """Give the sectors of one of the smaller catalogues in their order, with the number of procedures of each."""
    return facets(Filters(catalogue=catalogue)).sectors


def catalogue_sizes() -> dict[str, int]:
    """Say how many procedures each of the other catalogues shows; a catalogue that shows none is not named."""
    counts: Counter[str] = Counter()
    for cell, times in _whole().items():
        if cell.catalogue != Catalogue.ADMINISTRATIVE:
            counts[cell.catalogue] += times
    return dict(counts)


def version_of(*, code: str, version_no: int | None, visible: ProcedureVersionQuerySet) -> ProcedureVersion:
    """Give a version with all that its page shows: the current one, or the last one, or the one of a number.

    :raises ProcedureVersion.DoesNotExist: there is none that the actor may see.
    """
    rows = (
        visible.filter(procedure__code=code)
        .select_related("procedure", "sector", "competent_agency")
        .defer(*_HEAVY)
    )
    if version_no is not None:
        version = rows.get(version_no=version_no)
    else:
        latest = rows.order_by(F("procedure__current_version").desc(nulls_last=True), "-version_no").first()
        if latest is None:
            raise ProcedureVersion.DoesNotExist
        version = latest
    parts.fetch(version)
    prefetch_related_objects([version], "review_flags")
    return version


def current_of(*, code: str, visible: ProcedureVersionQuerySet) -> ProcedureVersion:
    """Give a procedure's version in force, without its long texts.

    :raises ProcedureVersion.DoesNotExist: there is none that the actor may see.
    """
    rows = visible.filter(procedure__code=code, current_of__isnull=False).select_related("procedure")
    return rows.defer(*_HEAVY).get()


def current_named(code: str) -> ProcedureVersion | None:
    """Give the published version of a procedure for a link to it; None where the catalogue has none."""
    rows = ProcedureVersion.objects.current().filter(procedure__code=code, status=VersionStatus.PUBLISHED)
    return rows.select_related("procedure").only(*_LINK_COLUMNS).first()


def known_codes(document: Mapping[str, Any]) -> frozenset[str]:
    """Give those of the procedures that a parsed document names which the catalogue has."""
    named = {row["service"] for row in document["eligibility"]["outcomes"] if row["service"]}
    named |= {code for upload in document["uploads"] for code in upload["result_of"]}
    named |= {row["reissue_procedure"] for row in document["results"] if row["reissue_procedure"]}
    if not named:
        return frozenset()
    return frozenset(Procedure.objects.filter(code__in=named).values_list("code", flat=True))


def other_versions(version: ProcedureVersion) -> list[ProcedureVersion]:
    """Give the procedure's other public versions, newest first."""
    rows = ProcedureVersion.objects.filter(procedure=version.procedure_id, status__in=policies.PUBLIC)
    shown = rows.exclude(pk=version.pk).only("version_no", "status", "publication_decision", "created_at")
    return list(shown.order_by("-version_no")[:20])


def related(version: ProcedureVersion) -> list[ProcedureVersion]:
    """Give some other procedures of the sector, those that can be filed online first."""
    rows = ProcedureVersion.objects.current().filter(sector=version.sector_id, status=VersionStatus.PUBLISHED)
    return list(
        rows.exclude(procedure=version.procedure_id)
        .select_related("procedure")
        .only(*_LINK_COLUMNS)
        .order_by("-is_fileable", "name_sort", "pk")[:RELATED]
    )


@dataclass(frozen=True, slots=True)
class OfferedResult:
    """A result with the service that issues it again, where that is in force here."""

    result: ResultType
    reissue: ProcedureVersion | None


def results_of(version: ProcedureVersion) -> list[OfferedResult]:
    """Give the results of a version in order. One query beside those of the results, and only where one names another
    service.
    """
    results = list(version.result_types.all())
    codes = {one.reissue_procedure for one in results} - {""}
    again = {one.procedure.code: one for one in services_named(codes)} if codes else {}
    return [OfferedResult(one, again.get(one.reissue_procedure)) for one in results]


def services_named(codes: Collection[str]) -> QuerySet[ProcedureVersion]:
    """Give what is in force of the services with these codes: what a link to each needs."""
    rows = ProcedureVersion.objects.current().filter(procedure__code__in=codes)
    rows = rows.filter(status=VersionStatus.PUBLISHED).select_related("procedure")
    return rows.only(*_LINK_COLUMNS)


def result_type_in_force(*, code: str, name: str) -> ResultType | None:
    """Find what the service with a code says today of one of its results, by its name."""
    rows = ResultType.objects.filter(version__current_of__code=code, name=name)
    return rows.order_by("position").first()


def suggestions() -> list[ProcedureVersion]:
    """Give what can be filed online, for people who have found nothing."""
    rows = ProcedureVersion.objects.open_for_filing().select_related("procedure")
    return list(rows.only(*_LINK_COLUMNS).order_by("name_sort", "pk")[:RELATED])


def _narrowed(filters: Filters) -> ProcedureVersionQuerySet:
    rows = published(filters.catalogue)
    if filters.sector:
        rows = rows.filter(sector__slug=filters.sector)
    if filters.level:
        rows = rows.filter(levels__contains=[filters.level])
    if filters.category:
        rows = rows.filter(applicant_categories__contains=[filters.category])
    if filters.agency:
        rows = rows.filter(ministry=filters.agency)
    if filters.online_level:
        rows = rows.filter(online_level=filters.online_level)
    if filters.online:
        rows = rows.filter(is_fileable=True)
    return rows


def for_lists(rows: QuerySet[ProcedureVersion]) -> QuerySet[ProcedureVersion]:
    """Give rows with what a list shows of each, in three queries."""
    doubted_times = ReviewFlag.objects.filter(resolved_at=None, field__endswith=".duration")
    return (
        rows.select_related("procedure", "sector")
        .only(*_LIST_COLUMNS)
        .prefetch_related("channels", Prefetch("review_flags", doubted_times))
    )


def _whole() -> Mapping[Cell, int]:
    return titles.current().counted()


def _fits(cell: Cell, filters: Filters) -> bool:
    """Say of a cell what `_narrowed` says of a row."""
    return (
        (not filters.catalogue or cell.catalogue == filters.catalogue)
        and (not filters.sector or cell.sector == filters.sector)
        and (not filters.level or filters.level in cell.levels)
        and (not filters.category or filters.category in cell.categories)
        and (not filters.agency or cell.agency == filters.agency)
        and (not filters.online_level or cell.online_level == filters.online_level)
        and (not filters.online or cell.online)
    )


def _count(cells: Mapping[Cell, int], filters: Filters) -> Facets:
    def times(open_filters: Filters, values: Callable[[Cell], Iterable[str]]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for cell, number in cells.items():
            if _fits(cell, open_filters):
                for value in filter(None, values(cell)):
                    counts[value] += number
        return counts

    def choices(
        kind: type[Level | ApplicantCategory | OnlineLevel], counts: Counter[str], chosen: str
    ) -> list[Facet]:
        shown = [one for one in kind if counts[one.value] or one.value == chosen]
        return [Facet(one.value, one.label, counts[one.value]) for one in shown]

    sectors = times(replace(filters, sector=""), lambda cell: (cell.sector,))
    agencies = times(replace(filters, agency=""), lambda cell: (cell.agency,))
    any_way = replace(filters, online=False)
    return Facets(
        sectors=_sector_choices(cells, sectors, filters.sector),
        levels=choices(Level, times(replace(filters, level=""), lambda cell: cell.levels), filters.level),
        categories=choices(
            ApplicantCategory,
            times(replace(filters, category=""), lambda cell: cell.categories),
            filters.category,
        ),
        agencies=[
            Facet(name, name, agencies[name])
            for name in sorted({*agencies, filters.agency} - {""}, key=sort_key)
        ],
        online_levels=choices(
            OnlineLevel,
            times(replace(filters, online_level=""), lambda cell: (cell.online_level,)),
            filters.online_level,
        ),
        online=sum(number for cell, number in cells.items() if cell.online and _fits(cell, any_way)),
        total=CappedCount(
            sum(number for cell, number in cells.items() if _fits(cell, filters)), is_capped=False
        ),
    )


def _sector_choices(cells: Iterable[Cell], counts: Counter[str], chosen: str) -> list[Facet]:
    named = {cell.sector: cell for cell in cells if cell.sector in counts}
    if chosen and chosen not in named:  # what is chosen stays to be seen
        named |= {cell.sector: cell for cell in _whole() if cell.sector == chosen}
    in_order = sorted(named.values(), key=lambda cell: cell.sector_sort)
    return [Facet(cell.sector, cell.sector_name, counts[cell.sector]) for cell in in_order]


def _sectors_of(cells: Mapping[Cell, int]) -> list[Facet]:
    """Give the sectors of cells, those of most procedures first; of equally many, what was ranked higher first."""
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for cell, number in cells.items():
        if cell.sector:
            counts[cell.sector] += number
            names.setdefault(cell.sector, cell.sector_name)
    return [Facet(slug, names[slug], times) for slug, times in counts.most_common()]
