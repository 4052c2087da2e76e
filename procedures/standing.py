"""What the page of a procedure shows beside its version: guides, how far it goes online and why, real times."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.working_time import Unit
from procedures.beside import Blocker, Guide, ProcedureFigures
from procedures.models import ProcedureVersion
from procedures.states import (
    CATALOGUE_SLUGS,
    NEVER_FILED,
    Catalogue,
    Channel,
    GuideKind,
    GuideState,
    OnlineLevel,
    PartialReason,
)

HOURS_A_DAY = 8
MIB = 2**20


@dataclass(frozen=True, slots=True)
class ShownGuide:
    """A guide in the language of the page. ``size`` is in words, empty for a link; ``length`` of a video as 3:05."""

    guide: Guide
    title: str
    size: str
    length: str


@dataclass(frozen=True, slots=True)
class RealTime:
    """How long a channel really took, in words: half of all, eight and nine of ten within."""

    channel: str
    dossiers: str
    half: str
    most: str
    nearly_all: str


@dataclass(frozen=True, slots=True)
class Figures:
    """``filed`` and ``processed`` are empty where there are too few to speak of; ``on_time`` is a share in words."""

    computed_at: datetime
    filed: str
    processed: str
    on_time: str
    times: Sequence[RealTime]

    @property
    def says_anything(self) -> bool:
        return bool(self.filed or self.processed or self.times)


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it. ``reason`` and ``basis`` are published wherever a service is online in part only."""

    catalogue: str
    catalogue_label: str
    catalogue_url: str
    is_administrative: bool
    is_never_filed: bool
    level: str
    reason: str
    basis: str
    blockers: Sequence[Blocker]
    samples: Sequence[ShownGuide]
    videos: Sequence[ShownGuide]
    links: Sequence[ShownGuide]
    figures: Figures | None
    least: int

    @property
    def has_guides(self) -> bool:
        return bool(self.samples or self.videos or self.links)


def of(version: ProcedureVersion) -> Standing:
    """Read what stands beside a version: three queries, none of which looks at a dossier."""
    procedure = version.procedure
    guides = [_shown(one) for one in ready_guides(procedure.pk)]
    is_partial = bool(version.partial_reason) and version.online_level != OnlineLevel.FULL_ONLINE
    catalogue = Catalogue(procedure.catalogue)
    return Standing(
        catalogue=catalogue.value,
        catalogue_label=str(catalogue.label),
        catalogue_url=reverse("procedures:catalogue", args=[CATALOGUE_SLUGS[catalogue]])
        if catalogue in CATALOGUE_SLUGS
        else reverse("procedures:list"),
        is_administrative=catalogue is Catalogue.ADMINISTRATIVE,
        is_never_filed=catalogue in NEVER_FILED,
        level=str(OnlineLevel(version.online_level).label),
        reason=str(PartialReason(version.partial_reason).label) if is_partial else "",
        basis=version.partial_basis if is_partial else "",
        blockers=open_blockers(procedure.pk),
        samples=_of(guides, GuideKind.SAMPLE),
        videos=_of(guides, GuideKind.VIDEO),
        links=_of(guides, GuideKind.LINK),
        figures=figures_of(ProcedureFigures.objects.filter(procedure=procedure).first()),
        least=settings.FIGURES_FROM_DOSSIERS,
    )


def ready_guides(procedure_id: int) -> list[Guide]:
    """Give the guides that people are shown, in order."""
    rows = Guide.objects.filter(procedure=procedure_id, state=GuideState.READY)
    return list(rows.order_by("position", "pk"))


def open_blockers(procedure_id: int) -> list[Blocker]:
    """Give the obstacles that are not out of the way yet."""
    rows = Blocker.objects.filter(procedure=procedure_id, resolved_at=None).select_related("agency")
    return list(rows.order_by("planned_on", "pk"))


def figures_of(row: ProcedureFigures | None) -> Figures | None:
    """Set figures out for people; what few dossiers would say is left out."""
    if row is None:
        return None
    least = settings.FIGURES_FROM_DOSSIERS
    share = _share(row.on_time, row.processed) if row.processed >= least else ""
    return Figures(
        computed_at=row.computed_at,
        filed=_number(row.filed) if row.filed >= least else "",
        processed=_number(row.processed) if row.processed >= least else "",
        on_time=share,
        times=[
            RealTime(
                channel=str(Channel(one["channel"]).label),
                dossiers=_number(one["dossiers"]),
                half=working_words(one["half"]),
                most=working_words(one["most"]),
                nearly_all=working_words(one["nearly_all"]),
            )
            for one in row.times
            if one["dossiers"] >= least
        ],
    )


def working_words(hours: float) -> str:
    """Say working hours so that nobody is promised too much: whole hours up to a day, then half days, always up."""
    if hours <= HOURS_A_DAY:
        return Unit.WORKING_HOUR.counted(Decimal(max(1, math.ceil(hours))))
    return Unit.WORKING_DAY.counted(Decimal(math.ceil(hours / HOURS_A_DAY * 2)) / 2)


def size_words(size: int) -> str:
    """Say how large a file is: a phone on a small data plan has to know."""
    if size < MIB:
        return _("%(size)s KB") % {"size": number_format(max(1, round(size / 1024)))}
    return _("%(size)s MB") % {"size": number_format(round(size / MIB, 1), decimal_pos=1)}


def _shown(guide: Guide) -> ShownGuide:
    in_english = guide.title_en if get_language() == "en" else ""
    length = "" if guide.seconds is None else f"{guide.seconds // 60}:{guide.seconds % 60:02d}"
    return ShownGuide(guide, in_english or guide.title, size_words(guide.size) if guide.size else "", length)


def _of(guides: Sequence[ShownGuide], kind: GuideKind) -> list[ShownGuide]:
    return [one for one in guides if one.guide.kind == kind]


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)


def _share(part: int, whole: int) -> str:
    """Give a share in percent, rounded down: 99.96 % is not all."""
    return f"{number_format(math.floor(1000 * part / whole) / 10, decimal_pos=1)} %"
