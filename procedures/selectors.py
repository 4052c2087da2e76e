"""Reads of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Count, F, Func, Prefetch, QuerySet

from core.errors import Text
from core.pagination import CappedCount, capped_count
from core.remembering import forget, remembered
from procedures import policies
from procedures.models import (
    Component,
    FeeLine,
    LegalBasis,
    ProcedureVersion,
    ProcedureVersionQuerySet,
    ResultType,
    ReviewFlag,
    Sector,
    SubmissionChannel,
)
from procedures.search import find
from procedures.search.find import CANDIDATES
from procedures.states import ApplicantCategory, Catalogue, Level, VersionStatus

PAGE_SIZE = 20
LAST_PAGE = 500
RELATED = 6
BEGUN = 8
_FACETS = "procedures:facets:2"  # a new number when the shape of `Facets` changes: releases overlap
_FACETS_SECONDS = 600
_HEAVY = ("title_search", "body_search", "name_words", "name_sort")
_LIST_COLUMNS = (
    "name",
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

    ``exact``: look for the words as they were typed, even those that nobody writes so. ``catalogue`` is one of
    `Catalogue`, or empty for all of them.
    """

    query: str = ""
    sector: str = ""
    level: str = ""
    category: str = ""
    online: bool = False
    exact: bool = False
    page: int = 1
    catalogue: str = Catalogue.ADMINISTRATIVE

    @property
    def is_empty(self) -> bool:
        return not (self.query or self.sector or self.level or self.category or self.online)

    def only_query(self) -> Filters:
        return Filters(query=self.query, catalogue=self.catalogue)

    def on_page(self, page: int) -> Filters:
        return replace(self, page=page)

    def as_typed(self) -> Filters:
        return replace(self, exact=True, page=1)


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """``marked`` are the words to highlight in the names, ``meant`` what the question was taken for when it was mistyped.

    ``is_weak``: what is shown answers little of the question.
    """

    versions: list[ProcedureVersion]
    count: CappedCount
    page: int
    has_later: bool
    marked: frozenset[str] = frozenset()
    meant: str = ""
    is_weak: bool = False

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.versions) - 1


@dataclass(frozen=True, slots=True)
class Facet:
    value: str
    label: Text
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """How many current procedures there are by sector, level and kind of applicant; ``others`` are of other catalogues."""

    sectors: list[Facet]
    levels: list[Facet]
    categories: list[Facet]
    online: int
    total: CappedCount
    others: dict[str, int]


def catalogue(filters: Filters) -> CataloguePage:
    """Give one page of current procedures, by rank for a question, else in Vietnamese order of their names."""
    page = min(max(filters.page, 1), LAST_PAGE)
    start, stop = (page - 1) * PAGE_SIZE, page * PAGE_SIZE
    among = _narrowed(filters)
    if not filters.query.strip():
        rows = list(_shown(among.order_by("name_sort", "pk"))[start : stop + 1])
        return CataloguePage(rows[:PAGE_SIZE], capped_count(among), page, len(rows) > PAGE_SIZE)
    found = find.find(filters.query, among, correct=not filters.exact)
    ids = found.ids[start:stop]
    by_id = _shown(ProcedureVersion.objects.filter(pk__in=ids)).in_bulk()
    count = CappedCount(len(found.ids), is_capped=len(found.ids) >= CANDIDATES)
    return CataloguePage(
        [by_id[pk] for pk in ids],
        count,
        page,
        len(found.ids) > stop,
        found.marked,
        found.meant,
        found.is_weak,
    )


def begun(text: str) -> list[ProcedureVersion]:
    """Give the few procedures that a question which is still being typed may ask for, by its words alone."""
    among = ProcedureVersion.objects.current().filter(status=VersionStatus.PUBLISHED)
    ids = find.find(text, among, by_meaning=False).ids[:BEGUN]
    rows = ProcedureVersion.objects.filter(pk__in=ids).select_related("procedure")
    by_id = rows.only("name", "short_name", "is_fileable", "procedure__code").in_bulk()
    return [by_id[pk] for pk in ids]


def facets() -> Facets:
    """Give the counts beside the filters; they may be ten minutes old, not older than the last import."""
    return remembered(_FACETS, seconds=_FACETS_SECONDS, make=_count_facets)


def forget_facets() -> None:
    """Have the counts made anew, after the catalogue has changed."""
    forget(_FACETS)


def version_of(*, code: str, version_no: int | None, visible: ProcedureVersionQuerySet) -> ProcedureVersion:
    """Give a version with all that its page shows: the current one, or the last one, or the one of a number.

    :raises ProcedureVersion.DoesNotExist: there is none that the actor may see.
    """
    rows = (
        visible.filter(procedure__code=code)
        .select_related("procedure", "sector", "competent_agency")
        .defer(*_HEAVY)
        .prefetch_related(
            Prefetch("channels", SubmissionChannel.objects.order_by("position")),
            Prefetch("channels__fees", FeeLine.objects.order_by("position")),
            Prefetch("components", Component.objects.order_by("position")),
            Prefetch("legal_bases", LegalBasis.objects.order_by("position")),
            Prefetch("result_types", ResultType.objects.order_by("position")),
            "review_flags",
        )
    )
    if version_no is not None:
        return rows.get(version_no=version_no)
    version = rows.order_by(F("procedure__current_version").desc(nulls_last=True), "-version_no").first()
    if version is None:
        raise ProcedureVersion.DoesNotExist
    return version


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
        .only("name", "short_name", "is_fileable", "procedure__code")
        .order_by("-is_fileable", "name_sort", "pk")[:RELATED]
    )


def suggestions() -> list[ProcedureVersion]:
    """Give what can be filed online, for people who have found nothing."""
    rows = ProcedureVersion.objects.open_for_filing().select_related("procedure")
    return list(
        rows.only("name", "short_name", "is_fileable", "procedure__code").order_by("name_sort", "pk")[
            :RELATED
        ]
    )


def _narrowed(filters: Filters) -> ProcedureVersionQuerySet:
    rows = ProcedureVersion.objects.current().filter(status=VersionStatus.PUBLISHED)
    if filters.catalogue:
        rows = rows.filter(current_of__catalogue=filters.catalogue)
    if filters.sector:
        rows = rows.filter(sector__slug=filters.sector)
    if filters.level:
        rows = rows.filter(levels__contains=[filters.level])
    if filters.category:
        rows = rows.filter(applicant_categories__contains=[filters.category])
    if filters.online:
        rows = rows.filter(is_fileable=True)
    return rows


def _shown(rows: QuerySet[ProcedureVersion]) -> QuerySet[ProcedureVersion]:
    doubted_times = ReviewFlag.objects.filter(resolved_at=None, field__endswith=".duration")
    return (
        rows.select_related("procedure", "sector")
        .only(*_LIST_COLUMNS)
        .prefetch_related("channels", Prefetch("review_flags", doubted_times))
    )


def sectors_of(catalogue: str) -> list[Facet]:
    """Give the sectors of one of the smaller catalogues, counted as asked for."""
    rows = _narrowed(Filters(catalogue=catalogue)).exclude(sector=None)
    counts = rows.values("sector__slug", "sector__name", "sector__name_sort").annotate(times=Count("pk"))
    return [
        Facet(one["sector__slug"], one["sector__name"], one["times"])
        for one in counts.order_by("sector__name_sort")
    ]


def catalogue_sizes() -> dict[str, int]:
    """Say how many procedures each of the other catalogues shows now."""
    rows = ProcedureVersion.objects.current().filter(status=VersionStatus.PUBLISHED)
    rows = rows.exclude(current_of__catalogue=Catalogue.ADMINISTRATIVE)
    counts = rows.values("current_of__catalogue").annotate(times=Count("pk")).order_by()
    return {one["current_of__catalogue"]: one["times"] for one in counts}


def _count_facets() -> Facets:
    current = _narrowed(Filters())
    return Facets(
        sectors=[
            Facet(slug, name, count)
            for slug, name, count in Sector.objects.filter(versions__in=current)
            .annotate(times=Count("versions"))
            .order_by("name_sort")
            .values_list("slug", "name", "times")
        ],
        levels=_by_member(current, "levels", Level),
        categories=_by_member(current, "applicant_categories", ApplicantCategory),
        online=current.filter(is_fileable=True).count(),
        total=CappedCount(current.count(), is_capped=False),
        others=catalogue_sizes(),
    )


def _by_member(
    current: ProcedureVersionQuerySet, column: str, choices: type[Level] | type[ApplicantCategory]
) -> list[Facet]:
    rows = (
        current.annotate(member=Func(F(column), function="unnest"))
        .values("member")
        .annotate(times=Count("pk"))
    )
    counts = dict(rows.order_by().values_list("member", "times"))
    return [Facet(one.value, one.label, counts[one.value]) for one in choices if one.value in counts]
