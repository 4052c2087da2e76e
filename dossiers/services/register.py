"""Sổ theo dõi hồ sơ: enter what was received, and close a year (TT 01/2018, art. 10; form 07 of 2025)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, NotAllowed
from dossiers.models import Dossier, RegisterLine, RegisterYear
from dossiers.services import register_volumes


class YearNotOver(Conflict):
    """A book is closed when its year is over."""

    code = "year_not_over"
    message = _("Năm này chưa kết thúc nên chưa khóa được sổ. Hãy khóa sổ từ ngày 01/01 năm sau.")


class LinesMissing(Conflict):
    """Dossiers of the year still wait to be entered; the background work does that by itself."""

    code = "lines_missing"
    message = _("Còn hồ sơ của năm này đang được ghi vào sổ. Hãy chờ vài phút rồi khóa lại.")


class BookClosed(Conflict):
    """Nothing is entered into a closed book, and it is closed once."""

    code = "book_closed"
    message = _("Sổ của năm này đã khóa. Hãy tải lại trang để xem ai khóa, lúc nào.")


@transaction.atomic
def enter(*, dossier_id: int) -> RegisterLine:
    """Give an accepted dossier its line in the book of the unit that received it. Asking twice enters it once.

    :raises Dossier.DoesNotExist: no such accepted dossier.
    :raises BookClosed: the year of its acceptance is closed.
    """
    dossier = Dossier.objects.get(pk=dossier_id, accepted_at__isnull=False)
    if entered := RegisterLine.objects.filter(dossier=dossier).first():
        return entered
    if dossier.received_at_unit_id is None or dossier.accepted_at is None:
        raise ValueError("received_at_unit: a dossier is accepted at a unit")
    book = _locked(agency_id=dossier.received_at_unit_id, year=timezone.localtime(dossier.accepted_at).year)
    if entered := RegisterLine.objects.filter(dossier=dossier).first():
        return entered  # somebody else entered it while this waited for the book
    if book.closed_at is not None:
        raise BookClosed()
    book.last += 1
    book.save(update_fields=["last"])
    return RegisterLine.objects.create(book=book, number=book.last, dossier=dossier)


@transaction.atomic
def close(*, agency_id: int, year: int, actor: Actor, at: datetime) -> RegisterYear:
    """Close the book of a year that is over; the actor's name stays with it, and its signed volumes follow.

    :raises NotAllowed: the actor is not the head of the agency.
    :raises YearNotOver: the year has not ended.
    :raises BookClosed: it was closed before.
    :raises LinesMissing: an accepted dossier of the year has no line yet.
    """
    if not actor.holds(Role.AGENCY_HEAD, agency_id=agency_id):
        raise NotAllowed(_("Chỉ thủ trưởng đơn vị được khóa sổ theo dõi hồ sơ của năm."))
    if year >= timezone.localtime(at).year:
        raise YearNotOver()
    book = _locked(agency_id=agency_id, year=year)
    if book.closed_at is not None:
        raise BookClosed()
    accepted = Dossier.objects.filter(received_at_unit_id=agency_id, accepted_at__year=year)
    if accepted.filter(register_line=None).exists():
        raise LinesMissing()
    book.closed_at, book.closed_by_id = at, actor.officer_id
    book.save(update_fields=["closed_at", "closed_by"])
    register_volumes.queue(book, at=at)
    return book


def _locked(*, agency_id: int, year: int) -> RegisterYear:
    RegisterYear.objects.get_or_create(agency_id=agency_id, year=year)
    return RegisterYear.objects.select_for_update().get(agency_id=agency_id, year=year)
