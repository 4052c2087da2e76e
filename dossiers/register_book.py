"""The register as its readers see it: which books, which lines, and the columns of the form. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from agencies.models import Agency
from agencies.states import Role
from core import pagination
from core.actor import Actor
from core.errors import Text
from core.name_words import beginning_with
from core.working_time import TIME_ZONE
from dossiers import clock, lateness
from dossiers.models import Dossier, RegisterLine, RegisterYear
from dossiers.states import Outcome

READERS = (Role.ONE_STOP_OFFICER, Role.UNIT_LEADER, Role.AGENCY_HEAD)
PAGE_SIZE = 50

COLUMNS: tuple[Text, ...] = (
    gettext_lazy("Số thứ tự"),
    gettext_lazy("Mã hồ sơ"),
    gettext_lazy("Thủ tục"),
    gettext_lazy("Số bộ"),
    gettext_lazy("Chủ hồ sơ"),
    gettext_lazy("Địa chỉ, điện thoại"),
    gettext_lazy("Cơ quan giải quyết"),
    pgettext_lazy("register", "Nhận lúc"),
    gettext_lazy("Hẹn trả"),
    pgettext_lazy("register", "Trả lúc"),
    gettext_lazy("Cách trả"),
    gettext_lazy("Người nhận"),
    gettext_lazy("Ghi chú"),
)
"""The columns of form 07 of TT 03/2025 (06 of TT 01/2018), in its order."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of a book: ``state`` is "open", "returned", "late" or nothing; days are of the acceptance."""

    search: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the register; moments are aware, texts are ready to be read."""

    number: int
    tracking_no: str
    code: str
    procedure: str
    count: int
    owner: str
    contact: str
    agency: str
    received_at: datetime
    due_at: datetime | None
    returned_at: datetime | None
    method: str
    receiver: str
    note: str


def books_open_to(actor: Actor) -> list[Agency]:
    """Give the units whose register the officer may read, by name."""
    return list(Agency.objects.filter(pk__in=actor.agencies_as(*READERS)).order_by("name_sort", "pk"))


def years(agency: Agency) -> list[RegisterYear]:
    """Give the books of a unit, the latest first."""
    return list(agency.register_years.select_related("closed_by").order_by("-year"))


def page_of(
    book: RegisterYear, wanted: Wanted, *, at: datetime, after: str = "", before: str = ""
) -> pagination.Page[RegisterLine]:
    """Give one page of a book, the latest line first; `row` lays each line out."""
    return pagination.keyset(
        _lines(book, wanted, at=at), order=["-number"], size=PAGE_SIZE, after=after, before=before
    )


def count(book: RegisterYear, wanted: Wanted, *, at: datetime) -> pagination.CappedCount:
    """Say how many lines match, exactly up to a cap."""
    return pagination.capped_count(_lines(book, wanted, at=at))


def rows(book: RegisterYear, wanted: Wanted, *, at: datetime, most: int | None = None) -> Iterator[Row]:
    """Stream the lines in the order of their numbers, for print and export; memory does not grow with the book."""
    found = _lines(book, wanted, at=at).order_by("number")
    for line in (found[:most] if most else found).iterator(chunk_size=500):
        yield row(line, at=at)


def rows_between(book: RegisterYear, first: int, last: int, *, at: datetime) -> Iterator[Row]:
    """Stream the lines of a volume, in the order of their numbers; what they note is as of ``at``."""
    found = _lines(book, Wanted(), at=at).filter(number__range=(first, last)).order_by("number")
    for line in found.iterator(chunk_size=500):
        yield row(line, at=at)


def row(line: RegisterLine, *, at: datetime) -> Row:
    dossier = line.dossier
    owner = dossier.owner_person or dossier.owner_organisation
    phone = dossier.contact_phone or (owner.phone if owner else "")
    hand_over = getattr(dossier, "hand_over", None)
    agency = dossier.competent_agency or dossier.received_at_unit
    return Row(
        number=line.number,
        tracking_no=dossier.tracking_no,
        code=dossier.code or "",
        procedure=dossier.procedure_version.short_name or dossier.procedure_version.name,
        count=1,
        owner=str(owner or ""),
        contact=", ".join(part for part in ((owner.address if owner else ""), phone) if part),
        agency=agency.name if agency else "",
        received_at=dossier.accepted_at or at,
        due_at=dossier.due_at,
        returned_at=hand_over.at if hand_over else None,
        method=str(hand_over.get_method_display()) if hand_over else "",
        receiver=hand_over.receiver_name if hand_over else "",
        note="; ".join(_notes(dossier, at=at)),
    )


def _notes(dossier: Dossier, *, at: datetime) -> Iterator[str]:
    """A rescheduled dossier still counts as late by its first promise (NĐ 61/2018, art. 19.9)."""
    if dossier.outcome and dossier.outcome != Outcome.GRANTED:
        yield str(Outcome(dossier.outcome).label)
    if dossier.is_rescheduled:
        yield _("Đã xin lỗi và hẹn lại")
    if _is_late(dossier, at=at):
        yield _("Quá hạn")


def _is_late(dossier: Dossier, *, at: datetime) -> bool:
    """Say what the indicators say; the clock is asked only where its pauses may tell, for a book has many lines."""
    promise = dossier.original_due_at if dossier.is_rescheduled else dossier.due_at
    if promise is None or (dossier.completed_at or at) <= promise:
        return False
    runs = dossier.completed_at is None and not clock.stands_still(dossier)
    if not dossier.is_rescheduled and (runs or dossier.outcome == Outcome.GRANTED):
        return True
    try:
        return lateness.is_late(dossier, at=at)
    except clock.NoTimeLimit:  # what was published is gone; the promise that was written down holds
        return True


_RETURNED = Q(dossier__returned_at__isnull=False)
_ENDED = Q(dossier__completed_at__isnull=False)


def _lines(book: RegisterYear, wanted: Wanted, *, at: datetime) -> QuerySet[RegisterLine]:
    if book.pk is None:  # a year in which nothing has been received yet
        return RegisterLine.objects.none()
    found = RegisterLine.objects.filter(book=book).select_related(
        "dossier__procedure_version",
        "dossier__owner_person",
        "dossier__owner_organisation",
        "dossier__received_at_unit",
        "dossier__competent_agency",
        "dossier__hand_over",
    )
    if wanted.search:
        found = found.filter(_matching(wanted.search))
    if wanted.state == "open":
        found = found.exclude(_RETURNED).exclude(_ENDED)
    elif wanted.state == "returned":
        found = found.filter(_RETURNED)
    elif wanted.state == "late":
        found = found.filter(
            ~Exists(Dossier.objects.filter(clock.STANDS_STILL, pk=OuterRef("dossier"))),
            dossier__completed_at=None,
            dossier__due_at__lt=at,
        )
    if wanted.since:
        found = found.filter(dossier__accepted_at__gte=_begins(wanted.since))
    if wanted.until:
        found = found.filter(dossier__accepted_at__lt=_begins(date.fromordinal(wanted.until.toordinal() + 1)))
    return found


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=TIME_ZONE)


def _matching(text: str) -> Q:
    """Match a line's number, the beginning of a code, or every word of the owner's name, with or without marks.

    Codes and names are looked up where they are indexed, each by itself; the lines of what was found come last.
    """
    text = text.strip()
    if text.isdecimal():
        return Q(number=int(text)) if len(text) <= 9 else Q(pk__in=())
    found = [
        Dossier.objects.filter(code__startswith=text.upper()),
        Dossier.objects.filter(tracking_no__startswith=text.upper()),
    ]
    if (words := beginning_with(text)) is not None:
        found += [
            Dossier.objects.filter(owner_person__full_name_words=words),
            Dossier.objects.filter(owner_organisation__name_words=words),
        ]
    first, *others = (one.order_by().values("pk") for one in found)
    return Q(dossier__in=first.union(*others))
