"""The tabs and lines of a queue, written in one go: as nodes of a template they cost more than the rest of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from dossiers.desk_queues import COUNTED_TO, Queue
from dossiers.desk_selectors import Deadline, Row
from dossiers.drafts import short

LONGEST_NAME = 90


@dataclass(frozen=True, slots=True)
class Column:
    """Its heading, which on a phone names each cell, and the pattern of a cell, with names from `_values` in braces."""

    label: Promise
    cell: str
    picks: bool = False

    def pattern(self) -> str:
        return self.cell.replace("{label}", escape(str(self.label)))


_PICK = Column(
    _("Chọn"),
    '<td class="desk-pick no-print" data-label="{label}"><label><input type="checkbox" name="chon" value="{tracking_no}"'
    ' form="bulk"><span class="visually-hidden">{label} {reference}</span></label></td>',
    picks=True,
)
_REFERENCE = Column(
    _("Mã hồ sơ"),
    '<th scope="row" data-label="{label}"><a class="numeric" href="{address}">{reference}</a></th>',
)
_PROCEDURE = Column(_("Thủ tục"), '<td data-label="{label}">{procedure}</td>')
_OWNER = Column(_("Chủ hồ sơ"), '<td data-label="{label}">{owner}</td>')
_SUBMITTED = Column(_("Nộp lúc"), '<td data-label="{label}" class="numeric">{submitted}</td>')
_STEP = Column(_("Bước"), '<td data-label="{label}">{step}</td>')
_ON_BEHALF = Column(_("Làm thay"), '<td data-label="{label}">{on_behalf_of}</td>')
_STATUS = Column(_("Trạng thái"), '<td data-label="{label}">{status}</td>')
_HANDLER = Column(_("Người xử lý"), '<td data-label="{label}">{handler}</td>')
_DUE = '<td data-label="{label}">{due}</td>'

# The same as templates/dossiers/desk/_deadline.html.
_DEADLINE = (
    '<span class="tag tag--{colour}"><svg class="icon" aria-hidden="true"><use href="{sprite}#{icon}"></use></svg>'
    '{text}</span> <span class="text-soft text-s numeric">{moment}</span>'
)
_TAB = '<li><a href="{address}"{current}>{title} <span class="tabs__count">{count}</span></a></li>'
_NO_DEADLINE = '<span class="text-soft">—</span>'


FOUND = (_REFERENCE, _PROCEDURE, _OWNER, _SUBMITTED, _STATUS, _HANDLER, Column(_("Hạn"), _DUE))
"""The columns of what was found: dossiers of any status."""


def columns(queue: Queue, *, deputises: bool) -> list[Column]:
    """Give the columns of a queue from left to right; who ``deputises`` also reads whose work each line is."""
    shown = [_PICK] if queue.bulk else []
    shown += [_REFERENCE, _PROCEDURE, _OWNER, _SUBMITTED]
    if queue.of_steps:
        shown.append(_STEP)
    if deputises:
        shown.append(_ON_BEHALF)
    if queue.mixed:
        shown += [_STATUS, _HANDLER]
    if queue.due is not None:
        shown.append(Column(queue.due, _DUE))
    return shown


def tabs(queues: Sequence[Queue], *, shown: Queue, counts: Mapping[str, int]) -> SafeString:
    """Write the tabs of an officer's queues with what waits in each."""
    base = reverse("desk:queue_named", args=["-"]).removesuffix("-/")
    return mark_safe(  # noqa: S308  (names are our own, titles are escaped)
        "\n".join(
            _TAB.format(
                address=f"{base}{queue.name}/",
                current=' aria-current="page"' if queue == shown else "",
                title=escape(str(queue.title)),
                count=_shown_count(counts.get(queue.name, 0)),
            )
            for queue in queues
        )
    )


def _shown_count(count: int) -> str:
    return f"{COUNTED_TO}+" if count > COUNTED_TO else str(count)


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
            "tracking_no": row.tracking_no,
            "reference": escape(row.reference),
            "procedure": escape(short(row.procedure, length=LONGEST_NAME)),
            "owner": escape(row.owner),
            "submitted": row.submitted,
            "status": escape(str(row.status.label)),
            "handler": escape(row.handler),
            "step": escape(row.step),
            "on_behalf_of": escape(row.on_behalf_of) or "—",
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
