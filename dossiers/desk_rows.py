"""The lines of a queue, written in one go: as nodes of a template, fifty of them cost more than the rest of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from dossiers.desk_queues import Queue
from dossiers.desk_selectors import Deadline, Row
from dossiers.drafts import short

LONGEST_NAME = 90


@dataclass(frozen=True, slots=True)
class Column:
    """Its heading, which on a phone names each cell, and the pattern of a cell, with names from `_values` in braces."""

    label: Promise
    cell: str

    def pattern(self) -> str:
        return self.cell.replace("{label}", escape(str(self.label)))


_REFERENCE = Column(
    _("Mã hồ sơ"),
    '<th scope="row" data-label="{label}"><a class="numeric" href="{address}">{reference}</a></th>',
)
_PROCEDURE = Column(_("Thủ tục"), '<td data-label="{label}">{procedure}</td>')
_OWNER = Column(_("Chủ hồ sơ"), '<td data-label="{label}">{owner}</td>')
_SUBMITTED = Column(_("Nộp lúc"), '<td data-label="{label}" class="numeric">{submitted}</td>')
_STATUS = Column(_("Trạng thái"), '<td data-label="{label}">{status}</td>')
_HANDLER = Column(_("Người xử lý"), '<td data-label="{label}">{handler}</td>')
_DUE = '<td data-label="{label}">{due}</td>'

# The same as templates/dossiers/desk/_deadline.html.
_DEADLINE = (
    '<span class="tag tag--{colour}"><svg class="icon" aria-hidden="true"><use href="{sprite}#{icon}"></use></svg>'
    '{text}</span> <span class="text-soft text-s numeric">{moment}</span>'
)
_NO_DEADLINE = '<span class="text-soft">—</span>'


FOUND = (_REFERENCE, _PROCEDURE, _OWNER, _SUBMITTED, _STATUS, _HANDLER, Column(_("Hạn"), _DUE))
"""The columns of what was found: dossiers of any status."""


def columns(queue: Queue) -> list[Column]:
    """Give the columns of a queue from left to right."""
    shown = [_REFERENCE, _PROCEDURE, _OWNER, _SUBMITTED]
    if queue.mixed:
        shown += [_STATUS, _HANDLER]
    if queue.due is not None:
        shown.append(Column(queue.due, _DUE))
    return shown


def lines(shown: Sequence[Column], rows: Sequence[Row]) -> SafeString:
    """Write the rows of the table with these columns."""
    line = "".join(column.pattern() for column in shown)
    written = "\n".join(f"<tr>{line.format_map(values)}</tr>" for values in _values(rows))
    return mark_safe(written)  # noqa: S308  (`_values` escapes)


def _values(rows: Sequence[Row]) -> Iterator[dict[str, str]]:
    """Give what stands in the cells of each row, as HTML."""
    sprite = static("icons/sprite.svg")
    base = reverse("desk:dossier", args=["-"]).removesuffix("-/")  # once: an address ends with the number
    for row in rows:
        yield {
            "address": f"{base}{row.tracking_no}/",
            "reference": escape(row.reference),
            "procedure": escape(short(row.procedure, length=LONGEST_NAME)),
            "owner": escape(row.owner),
            "submitted": row.submitted,
            "status": escape(str(row.status.label)),
            "handler": escape(row.handler),
            "due": _due(row.deadline, sprite),
        }


def _due(deadline: Deadline | None, sprite: str) -> str:
    if deadline is None:
        return _NO_DEADLINE
    return _DEADLINE.format(
        colour=deadline.colour,
        sprite=sprite,
        icon=deadline.icon,
        text=escape(deadline.text),
        moment=deadline.moment,
    )
