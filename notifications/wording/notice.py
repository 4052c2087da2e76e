"""How a notice is put together, whatever it tells: what happened, the next step, and the facts that the law wants named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from dossiers import clock
from dossiers.drafts import short
from dossiers.models import Dossier
from dossiers.states import Action

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and body of a notice. The body is plain text, paragraphs apart by an empty line."""

    subject: str
    body: str


Words = Mapping[str, Callable[[Dossier, datetime], Wording]]
"""How each topic of a subject is worded."""


def facts(dossier: Dossier, at: datetime) -> dict[str, str]:
    """Give what the words of a notice name, in words of the active language."""
    return {
        "code": dossier.reference,
        "at": moment(at),
        "accept_due": moment(dossier.accept_due_at),
        "due": moment(dossier.due_at),
        "next_due": moment(dossier.next_due_at),
        "now_due": moment(dossier.next_due_at or dossier.due_at or dossier.accept_due_at),
        "unit": unit(dossier),
        "agency": dossier.competent_agency.name if dossier.competent_agency else unit(dossier),
    }


def notice(dossier: Dossier, *, subject: str, happened: str, next_step: str, at: datetime) -> Wording:
    """Put a notice together; its parts name facts as ``%(code)s``."""
    procedure = short(str(dossier.procedure_version), length=LONGEST_NAME)
    known = facts(dossier, at)
    lines = [
        _("Mã hồ sơ: %s") % dossier.reference,
        _("Thủ tục: %s") % procedure,
        _("Người nộp: %s") % initials(dossier.submitter.full_name),
        *_who_and_when(dossier),
    ]
    return Wording(
        subject=subject % known, body="\n\n".join([happened % known, next_step % known, "\n".join(lines)])
    )


def _who_and_when(dossier: Dossier) -> Iterator[str]:
    yield _("Nơi tiếp nhận: %s") % unit(dossier)
    if dossier.accepted_at is None:
        return
    accepted = dossier.events.filter(action__in=(Action.ACCEPT, Action.ACCEPT_AT_COUNTER))
    last = accepted.order_by("-seq").first()
    yield _named(_("Tiếp nhận lúc: %s") % moment(dossier.accepted_at), last.actor_name if last else "")
    if dossier.competent_agency is not None:
        handler = dossier.current_handler
        yield _named(
            _("Cơ quan giải quyết: %s") % dossier.competent_agency.name, handler.full_name if handler else ""
        )
    with suppress(clock.NoTimeLimit):  # what was published is gone; the date that was promised holds
        yield _("Thời gian giải quyết: %s") % clock.time_limit(dossier)
    if dossier.returned_at is not None:
        yield _("Trả kết quả lúc: %s") % moment(dossier.returned_at)
    elif dossier.completed_at is None and not clock.stands_still(dossier):
        yield _("Hẹn trả kết quả: %s") % moment(dossier.due_at)


def _named(line: str, officer: str) -> str:
    return f"{line} ({officer})" if officer else line


def initials(name: str) -> str:
    """Shorten a name so that its bearer knows it and a stranger does not: "Trần Thị Hai" becomes "T. T. Hai"."""
    words = name.partition("(")[0].split()
    return " ".join([*(f"{word[0]}." for word in words[:-1]), *words[-1:]])


def meeting(dossier: Dossier) -> tuple[str, str]:
    """Give when and where the verification that goes on takes place."""
    verification = dossier.verifications.order_by("-pk").first() if dossier.pk else None
    return moment(verification.planned_at if verification else None), (
        verification.place if verification else "–"
    )


def unit(dossier: Dossier) -> str:
    """Name the desk that received the dossier."""
    found = dossier.received_at_unit
    return (found.one_stop_name or found.name) if found else _("Bộ phận một cửa")


def moment(at: datetime | None) -> str:
    """Write a moment as the reader's language does; a dash where there is none."""
    return date_format(localtime(at), "DATETIME_FORMAT") if at else "–"


def was_typed(topic: str, dossier: Dossier) -> bool:
    """An officer did at the counter what is told of."""
    if topic == "dossier.accept_at_counter":
        return True
    if topic not in ("dossier.resubmit", "dossier.supplement_handed_in") or dossier.pk is None:
        return False
    last = dossier.supplements.order_by("-pk").first()
    return last is not None and last.typed_by_id is not None
