"""Long lists, page by page, as fast at the end as at the beginning.

A page continues from the last row that was shown (keyset) and never counts or skips what lies before it. Nulls stand
where PostgreSQL puts them by default (last when ascending, first when descending), so that an ordinary index on the
order fields and ``id`` serves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.signing import BadSignature, Signer
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.kept_statements import statement

T = TypeVar("T")

PAGE_SIZE = 50
COUNT_CAP = 1_000
_signer = Signer(salt="core.pagination")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows in order. The cursors go into ``?truoc=`` and ``?sau=``; empty where there is nothing more."""

    rows: list[T]
    earlier: str = ""
    later: str = ""


@dataclass(frozen=True, slots=True)
class CappedCount:
    """A number of rows, exact up to a cap; as text "1.000" or "hơn 1.000"."""

    value: int
    is_capped: bool

    def __str__(self) -> str:
        number = number_format(self.value, force_grouping=True)
        return _("hơn %(number)s") % {"number": number} if self.is_capped else number


def capped_count(queryset: QuerySet[Any, Any], *, cap: int = COUNT_CAP) -> CappedCount:
    """Count rows, but not more than one beyond the cap: the price stays the same however long the list grows."""
    found = queryset.order_by().values("pk")[: cap + 1].count()
    return CappedCount(min(found, cap), found > cap)


def keyset(
    queryset: QuerySet[Any, T],
    *,
    order: Sequence[str],
    size: int = PAGE_SIZE,
    after: str = "",
    before: str = "",
) -> Page[T]:
    """Return the page after or before a cursor: the first one for none, a bad one, or one that leads nowhere.

    :param queryset: of models, or of ``values()`` that include the order fields and ``pk`` (or ``id``).
    :param order: field names as in ``order_by`` (``("due_at",)``, ``("-submitted_at",)``); ``pk`` is added when it is
        not named, so that equal rows keep their order. A cursor shows the values of these fields in the address
        (signed, not encrypted): never order by personal data.
    """
    keys = _keys(queryset.model, queryset, order)
    values = _decode(after or before, keys)
    if values is None:
        return _first(queryset, keys, size)
    backward = not after
    found = _rows_after(queryset, [key.flipped() for key in keys] if backward else keys, values, size + 1)
    more, rows = len(found) > size, found[:size]
    if not rows or (backward and not more):
        # Going back ends with a whole first page, not with the few rows that happen to be left before this one.
        return _first(queryset, keys, size)
    if backward:
        rows.reverse()
    return Page(
        rows,
        earlier=_encode(keys, rows[0]),
        later=_encode(keys, rows[-1]) if more or backward else "",
    )


class FirstPage:
    """The first page of one list, whose statement is written once and asked again and again.

    :param queryset: of ``values()``, with stand-ins (`core.kept_statements`) for what changes.
    """

    def __init__(
        self, queryset: QuerySet[Any, dict[str, Any]], *, order: Sequence[str], size: int = PAGE_SIZE
    ) -> None:
        self._keys, self._size = _keys(queryset.model, queryset, order), size
        self._names = list(queryset.query.selected or ())
        self._statement = statement(_ordered(queryset, self._keys)[: size + 1])

    def page(self, stand_ins: Mapping[Any, Any], *, prepare: bool = True) -> Page[dict[str, Any]]:
        """Read it with these values in place of their stand-ins, as `keyset` would."""
        rows = self._statement.rows(stand_ins, prepare=prepare)
        return _page([dict(zip(self._names, row, strict=True)) for row in rows], self._keys, self._size)


@dataclass(frozen=True, slots=True)
class _Key:
    """One field of the order."""

    name: str
    field: Field[Any, Any]
    descending: bool
    nullable: bool

    def flipped(self) -> _Key:
        return _Key(self.name, self.field, not self.descending, self.nullable)

    def ordering(self) -> OrderBy:
        return F(self.name).desc() if self.descending else F(self.name).asc()

    def equal(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def beyond(self, value: Any) -> Q | None:
        """Rows that stand after a value by this field alone; None when there can be none."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if self.descending else None
        if self.descending:
            return Q(**{f"{self.name}__lt": value})
        after = Q(**{f"{self.name}__gt": value})
        return after | Q(**{f"{self.name}__isnull": True}) if self.nullable else after

    def read(self, row: Any) -> Any:
        if isinstance(row, dict):
            return row[self.name]
        for part in self.name.split("__"):
            row = getattr(row, part, None)
        return row


def _first(queryset: QuerySet[Any, T], keys: list[_Key], size: int) -> Page[T]:
    return _page(list(_ordered(queryset, keys)[: size + 1]), keys, size)


def _page(found: list[T], keys: list[_Key], size: int) -> Page[T]:
    rows = found[:size]
    return Page(rows, later=_encode(keys, rows[-1]) if len(found) > size else "")


def _ordered(queryset: QuerySet[Any, T], keys: list[_Key]) -> QuerySet[Any, T]:
    return queryset.order_by(*(key.ordering() for key in keys))


def _rows_after(queryset: QuerySet[Any, T], keys: list[_Key], values: list[Any], most: int) -> list[T]:
    """Fetch rows after a place. A nullable first field is read in two parts, each one range of the index."""
    first, value = keys[0], values[0]
    rest = _after(keys, values)
    if not first.nullable:
        bound = Q(**{f"{first.name}__{'lte' if first.descending else 'gte'}": value})
        return list(_ordered(queryset.filter(bound, rest), keys)[:most])
    nulls = Q(**{f"{first.name}__isnull": True})
    if value is None:
        found = list(_ordered(queryset.filter(nulls, _after(keys[1:], values[1:])), keys)[:most])
        following = ~nulls if first.descending else None
    else:
        bound = Q(**{f"{first.name}__{'lte' if first.descending else 'gte'}": value})
        found = list(_ordered(queryset.filter(bound, rest), keys)[:most])
        following = None if first.descending else nulls
    if following is not None and len(found) < most:
        found += _ordered(queryset.filter(following), keys)[: most - len(found)]
    return found


def _after(keys: list[_Key], values: list[Any]) -> Q:
    """Rows that stand after a place: beyond it in the first field, or equal there and beyond in the next, and so on."""
    condition = Q(pk__in=())
    equal = Q()
    for key, value in zip(keys, values, strict=True):
        beyond = key.beyond(value)
        if beyond is not None:
            condition |= equal & beyond
        equal &= key.equal(value)
    return condition


def _keys(model: type[Model], queryset: QuerySet[Any, Any], order: Sequence[str]) -> list[_Key]:
    names = list(order)
    if not any(name.lstrip("-") in ("pk", "id") for name in names):
        names.append("-pk" if names and names[-1].startswith("-") else "pk")
    return [_key(model, queryset, name) for name in names]


def _key(model: type[Model], queryset: QuerySet[Any, Any], name: str) -> _Key:
    """:raises FieldDoesNotExist: the model has no such field, nor the queryset such an annotation."""
    path = name.lstrip("-")
    descending = name.startswith("-")
    annotation = queryset.query.annotations.get(path)
    if annotation is not None:
        return _Key(path, annotation.output_field, descending, nullable=True)
    nullable = False
    field: Any = None
    here: Any = model
    for part in path.split("__"):
        if here is None:
            raise FieldDoesNotExist(f"order: {name!r} does not lead to a field of {model.__name__}")
        field = here._meta.pk if part == "pk" else here._meta.get_field(part)
        nullable = nullable or field.null
        here = field.related_model
    return _Key(path, field, descending, nullable)


def _encode(keys: list[_Key], row: Any) -> str:
    return _signer.sign_object([_signature(keys), [_plain(key.read(row)) for key in keys]])


def _decode(cursor: str, keys: list[_Key]) -> list[Any] | None:
    """Read a cursor; None when there is none, when it is broken, or when it belongs to another order."""
    if not cursor:
        return None
    try:
        signature, values = _signer.unsign_object(cursor)
        if signature != _signature(keys):
            return None
        return [
            None if value is None else key.field.to_python(value)
            for key, value in zip(keys, values, strict=True)
        ]
    except (BadSignature, ValidationError, ValueError, TypeError):
        return None


def _signature(keys: list[_Key]) -> str:
    return ",".join(f"{'-' if key.descending else ''}{key.name}" for key in keys)


def _plain(value: Any) -> Any:
    # Not Django's JSON encoder: it drops microseconds, and with them the rows between.
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, int | str) else str(value)
