"""What a flagged value is made of: read, checked in its own kind, and written, in rows or in a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from core.errors import Conflict, InvalidInput, Text
from procedures.document.comparing import row_keys
from procedures.importing.records import CODE
from procedures.models import LegalBasis, ProcedureVersion
from procedures.search import index
from procedures.states import ApplicantCategory, DurationUnit, FeeKind, FlagReason, Level

_CURRENCY = re.compile(r"[.,\s]|đồng|đ$|vnđ|vnd", re.IGNORECASE)

Values = dict[str, Any]
"""Plain values by the names of a kind's fields."""


_SAID: dict[str, Any] = {
    **dict.fromkeys(("required", "blank", "null"), gettext_lazy("Hãy điền mục này.")),
    "invalid": gettext_lazy("Hãy ghi một con số, ví dụ 5."),
    "min_value": gettext_lazy("Con số quá nhỏ. Ghi ít nhất là {min_value}."),
    "max_value": gettext_lazy("Con số quá lớn. Ghi nhiều nhất là {max_value}."),
    **dict.fromkeys(
        ("max_digits", "max_whole_digits", "max_string_length", "overflow"),
        gettext_lazy("Con số quá dài. Hãy kiểm tra lại."),
    ),
    "max_decimal_places": gettext_lazy("Ghi nhiều nhất hai chữ số sau dấu phẩy."),
    "max_length": gettext_lazy("Dài quá {max_length} ký tự. Hãy rút ngắn."),
    **dict.fromkeys(
        ("invalid_choice", "empty", "not_a_list"), gettext_lazy("Hãy chọn một trong các giá trị được nêu.")
    ),
}


class Time(serializers.Serializer[Any]):
    """Thời hạn."""

    value = serializers.DecimalField(
        error_messages=_SAID,
        label=gettext_lazy("Con số"),
        max_digits=8,
        decimal_places=2,
        min_value=Decimal("0.01"),
    )
    unit = serializers.ChoiceField(
        error_messages=_SAID, label=gettext_lazy("Đơn vị"), choices=DurationUnit.choices
    )

    def to_internal_value(self, data: Any) -> Any:
        """Take a comma as people write it here: 1,5 days."""
        if isinstance(data, Mapping) and isinstance(data.get("value"), str):
            data = {**data, "value": data["value"].replace(",", ".")}
        return super().to_internal_value(data)


class Money(serializers.Serializer[Any]):
    """Mức thu. No amount at all is right where the text tells who sets it."""

    amount_vnd = serializers.IntegerField(
        error_messages=_SAID, label=gettext_lazy("Số tiền (đồng)"), min_value=0, max_value=10**12
    )
    kind = serializers.ChoiceField(
        error_messages=_SAID,
        label=gettext_lazy("Loại"),
        choices=FeeKind.choices,
        allow_blank=True,
        required=False,
        default="",
    )

    def to_internal_value(self, data: Any) -> Any:
        """Take an amount as people write it here: 20.000 đồng are twenty thousand, not twenty."""
        if isinstance(data, Mapping) and isinstance(data.get("amount_vnd"), str):
            amount = _CURRENCY.sub("", data["amount_vnd"])
            data = {**data, "amount_vnd": amount}
        return super().to_internal_value(data)

    def validate_amount_vnd(self, value: int) -> int:
        if 0 < value < 1_000:
            raise serializers.ValidationError(
                _("Mức thu dưới 1.000 đồng. Ghi đủ số tiền, ví dụ 20000; ghi 0 nếu miễn phí.")
            )
        return value


class Quantity(serializers.Serializer[Any]):
    """Số bản."""

    originals = serializers.IntegerField(
        error_messages=_SAID, label=gettext_lazy("Số bản chính"), min_value=0, max_value=1_000
    )
    copies = serializers.IntegerField(
        error_messages=_SAID, label=gettext_lazy("Số bản sao"), min_value=0, max_value=1_000
    )

    def validate(self, attrs: Values) -> Values:
        if not attrs["originals"] and not attrs["copies"]:
            raise serializers.ValidationError(
                {
                    "originals": [
                        _("Ghi ít nhất một bản. Nếu dòng này chỉ là ghi chú thì chọn “Đúng như nguồn”.")
                    ]
                }
            )
        return attrs


class Paper(serializers.Serializer[Any]):
    """Tên giấy tờ và tệp mẫu đứng riêng."""

    name = serializers.CharField(error_messages=_SAID, label=gettext_lazy("Tên giấy tờ"), max_length=20_000)
    form_template = serializers.CharField(
        error_messages=_SAID,
        label=gettext_lazy("Tệp mẫu"),
        max_length=500,
        allow_blank=True,
        required=False,
        default="",
    )


class Words(serializers.Serializer[Any]):
    """Một đoạn văn."""

    text = serializers.CharField(
        error_messages=_SAID, label=gettext_lazy("Nội dung đúng"), max_length=120_000, trim_whitespace=False
    )


class Line(serializers.Serializer[Any]):
    """Một dòng ngắn."""

    text = serializers.CharField(error_messages=_SAID, label=gettext_lazy("Nội dung đúng"), max_length=255)


class Name(serializers.Serializer[Any]):
    """Tên thủ tục."""

    text = serializers.CharField(error_messages=_SAID, label=gettext_lazy("Tên đúng"), max_length=2_000)

    def validate_text(self, value: str) -> str:
        if CODE.search(value):
            raise serializers.ValidationError(_("Tên không được lẫn mã thủ tục. Hãy xóa mã khỏi tên."))
        return value


class ResultCode(serializers.Serializer[Any]):
    """Mã kết quả."""

    text = serializers.RegexField(
        r"^\S*KQ\S*\d{3,}\S*$",
        label=gettext_lazy("Mã kết quả"),
        max_length=64,
        error_messages={
            **_SAID,
            "invalid": gettext_lazy("Mã kết quả có dạng KQ.G15.000038. Hãy kiểm tra lại."),
        },
    )


class Link(serializers.Serializer[Any]):
    """Trang nguồn."""

    text = serializers.URLField(
        error_messages={**_SAID, "invalid": gettext_lazy("Địa chỉ bắt đầu bằng https://. Hãy kiểm tra lại.")},
        label=gettext_lazy("Địa chỉ trang nguồn"),
        max_length=500,
    )


class Levels(serializers.Serializer[Any]):
    """Cấp thực hiện."""

    several = serializers.ListField(
        error_messages=_SAID,
        label=gettext_lazy("Cấp thực hiện"),
        child=serializers.ChoiceField(error_messages=_SAID, choices=Level.choices),
        allow_empty=False,
    )


class Categories(serializers.Serializer[Any]):
    """Đối tượng thực hiện."""

    several = serializers.ListField(
        error_messages=_SAID,
        label=gettext_lazy("Đối tượng thực hiện"),
        child=serializers.ChoiceField(error_messages=_SAID, choices=ApplicantCategory.choices),
        allow_empty=False,
    )


class Bases(serializers.Serializer[Any]):
    """Căn cứ pháp lý, mỗi văn bản một dòng."""

    text = serializers.CharField(
        error_messages=_SAID,
        label=gettext_lazy("Các văn bản"),
        help_text=gettext_lazy("Mỗi văn bản một dòng: số hiệu | tên, ví dụ 60/2014/QH13 | Luật Hộ tịch."),
        max_length=120_000,
    )

    def validate_text(self, value: str) -> str:
        rows = _bases(value)
        for at, row in enumerate(rows, start=1):
            if not row["code"] or not row["title"]:
                raise serializers.ValidationError(
                    _("Dòng %d thiếu số hiệu hoặc tên. Ghi số hiệu, dấu |, rồi tên.") % at
                )
            if len(row["code"]) > 255:
                raise serializers.ValidationError(_("Dòng %d: số hiệu quá dài.") % at)
        if not rows or len(rows) > 200:
            raise serializers.ValidationError(_("Ghi từ 1 đến 200 văn bản."))
        return value


@dataclass(frozen=True, slots=True)
class Place:
    """Where a flagged value stands. ``way`` leads to its part of a document, ``columns`` names what of it is corrected.

    ``columns``: field of the kind, its way below the part in the document, its column in the row.
    """

    kind: type[serializers.Serializer[Any]]
    way: tuple[str | int, ...]
    columns: tuple[tuple[str, tuple[str, ...], str], ...]

    @property
    def fields(self) -> Mapping[str, Any]:
        return self.kind().fields


_TEXT = "text"
_OF_VERSION: dict[str, tuple[type[serializers.Serializer[Any]], tuple[str, ...], str, str]] = {
    "name": (Name, ("name",), "name", _TEXT),
    "decision": (Line, ("decision", "number"), "publication_decision", _TEXT),
    "authority": (Words, ("published", "authority"), "authority", _TEXT),
    "steps": (Words, ("published", "execution_sequence"), "execution_sequence", _TEXT),
    "requirements": (Words, ("published", "eligibility_conditions"), "eligibility_conditions", _TEXT),
    "source_url": (Link, ("source_url",), "source_url", _TEXT),
    "levels": (Levels, ("levels",), "levels", "several"),
    "audiences": (Categories, ("applicant_categories",), "applicant_categories", "several"),
}
_ROW = re.compile(r"(methods|components|results)\[(\d+)\](?:\.(\w+)(?:\[(\d+)\])?(?:\.\w+)?)?")
_LISTS = {"methods": "channels", "components": "papers", "results": "results"}


def place_of(field: str, reason: str) -> Place | None:
    """Find the place of a flag; None: it is about no single value, such as a table that is missing."""
    if field in _OF_VERSION and reason != FlagReason.SHARED_NAME:
        kind, below, column, name = _OF_VERSION[field]
        return Place(kind, (), ((name, below, column),))
    if field == "legal_bases":
        return Place(Bases, (), ((_TEXT, ("legal_bases",), ""),))
    match = _ROW.fullmatch(field)
    if match is None:
        return None
    group, at, part, inner = match[1], int(match[2]), match[3] or "", match[4]
    way: tuple[str | int, ...] = (_LISTS[group], at)
    if group == "methods":
        if part.startswith("duration"):
            columns = (
                ("value", ("time", "value"), "duration_value"),
                ("unit", ("time", "unit"), "duration_unit"),
            )
            return Place(Time, way, columns)
        if part == "fees" and inner is not None:
            return Place(
                Money, (*way, "fees", int(inner)), tuple((one, (one,), one) for one in ("amount_vnd", "kind"))
            )
        return Place(Words, way, ((_TEXT, ("note",), "note"),)) if part == "note" else None
    if group == "components":
        names = ("originals", "copies") if reason == FlagReason.NO_QUANTITY else ("name", "form_template")
        kind = Quantity if reason == FlagReason.NO_QUANTITY else Paper
        return Place(kind, way, tuple((one, (one,), one) for one in names))
    if reason == FlagReason.ODD_RESULT_CODE:
        return Place(ResultCode, way, ((_TEXT, ("code",), "code"),))
    return Place(Words, way, ((_TEXT, ("name",), "name"),))


def check(place: Place, raw: Mapping[str, Any]) -> Values:
    """Read a correction in the kind of its value.

    :raises InvalidInput: with every problem under its field.
    """
    reader = place.kind(data=raw)
    if not reader.is_valid():
        problems: dict[str, list[Text]] = {
            str(name): [str(one) for one in _flat(texts)] for name, texts in reader.errors.items()
        }
        raise InvalidInput(problems)
    return {name: plain(value) for name, value in reader.validated_data.items()}


def of_document(place: Place, document: Mapping[str, Any]) -> Values | None:
    """Read the values at a place of a document; None: it has no such row."""
    part = _part(document, place.way)
    if part is None:
        return None
    return {
        name: _lines(_at(part, way)) if place.kind is Bases else _at(part, way)
        for name, way, _column in place.columns
    }


def in_document(place: Place, document: Mapping[str, Any], values: Values) -> dict[str, Any]:
    """Give a document with other values at a place."""
    found = _put_part(document, place.way, place, values)
    assert isinstance(found, dict)
    return found


def moved(place: Place, here: Mapping[str, Any], there: Mapping[str, Any]) -> Place | None:
    """Find a place of one document in another, whose rows may have moved; None: the row is gone."""
    way: list[str | int] = []
    left: Any = here
    right: Any = there
    for step in place.way:
        if isinstance(step, int):
            name = next((key for at, key in enumerate(row_keys(left)) if at == step), None)
            to = {key: at for at, key in enumerate(row_keys(right))}.get(name or "")
            if to is None:
                return None
            left, right = left[step], right[to]
            way.append(to)
        else:
            left, right = left[step], right[step]
            way.append(step)
    return Place(place.kind, tuple(way), place.columns)


def renumbered(field: str, place: Place) -> str:
    """Give the field of a flag with the numbers of the rows of a place."""
    numbers = iter([step for step in place.way if isinstance(step, int)])
    return re.sub(r"\[\d+\]", lambda _found: f"[{next(numbers)}]", field)


def of_rows(place: Place, version: ProcedureVersion) -> Values | None:
    """Read the values at a place of a version's rows; None: it has no such row."""
    if place.kind is Bases:
        rows = version.legal_bases.order_by("position").values("code", "title")
        return {_TEXT: _lines([dict(row) for row in rows])}
    row = _row(place, version)
    if row is None:
        return None
    return {name: plain(getattr(row, column)) for name, _way, column in place.columns}


def in_rows(place: Place, version: ProcedureVersion, values: Values) -> None:
    """Write a correction on an unsealed version. Runs in the caller's transaction.

    :raises Conflict: the version has no such row any more.
    """
    if place.kind is Bases:
        version.legal_bases.all().delete()
        LegalBasis.objects.bulk_create(
            LegalBasis(version=version, position=at, **row)
            for at, row in enumerate(_bases(values[_TEXT]), start=1)
        )
        return
    row = _row(place, version)
    if row is None:
        raise Conflict()
    columns = []
    for name, _way, column in place.columns:
        value = values[name]
        setattr(
            row, column, Decimal(str(value)) if column == "duration_value" and value is not None else value
        )
        columns.append(column)
    row.save(update_fields=columns)
    if place.kind in (Words, Name, Paper):
        index.refresh(version)


def _row(place: Place, version: ProcedureVersion) -> Any:
    if not place.way:
        return version
    name, at = place.way[0], place.way[1]
    assert isinstance(at, int)
    if name == "channels":
        channel = version.channels.filter(position=at + 1).first()
        if len(place.way) == 2 or channel is None:
            return channel
        return channel.fees.filter(position=int(place.way[3]) + 1).first()
    if name == "papers":
        return version.components.filter(is_upload=False).order_by("position")[at : at + 1].first()
    return version.result_types.order_by("position")[at : at + 1].first()


def _part(document: Any, way: tuple[str | int, ...]) -> Any:
    for step in way:
        if isinstance(step, int) and step >= len(document):
            return None
        document = document[step]
    return document


def _at(part: Any, way: tuple[str, ...]) -> Any:
    for step in way:
        part = part[step]
    return part


def _put_part(part: Any, way: tuple[str | int, ...], place: Place, values: Values) -> Any:
    if way:
        copy: Any = list(part) if isinstance(part, list) else dict(part)
        copy[way[0]] = _put_part(part[way[0]], way[1:], place, values)
        return copy
    for name, inner, _column in place.columns:
        part = _put(part, inner, _bases(values[name]) if place.kind is Bases else values[name])
    return part


def _put(part: Mapping[str, Any], way: tuple[str, ...], value: Any) -> dict[str, Any]:
    return {**part, way[0]: _put(part[way[0]], way[1:], value) if len(way) > 1 else value}


def _bases(text: str) -> list[dict[str, str]]:
    rows = []
    for line in text.splitlines():
        code, _found, title = line.partition("|")
        if line.strip():
            rows.append({"code": code.strip(), "title": title.strip()})
    return rows


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(f"{row['code']} | {row['title']}" for row in rows)


def plain(value: Any) -> Any:
    """Give a value as JSON holds it: numbers as numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return list(value) if isinstance(value, list | tuple) else value


def _flat(texts: Any) -> list[Any]:
    if isinstance(texts, Mapping):
        return [one for inner in texts.values() for one in _flat(inner)]
    return [
        one for inner in texts for one in (_flat(inner) if isinstance(inner, Mapping | list) else [inner])
    ]
