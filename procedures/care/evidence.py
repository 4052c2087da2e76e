"""The words of the source that led to a flagged value, marked where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import Text
from procedures.importing.doubts import DISTRICT, WORKING_DAYS
from procedures.models import ProcedureVersion, ReviewFlag
from procedures.reading import printed
from procedures.states import Channel, DurationUnit, FlagReason

AROUND = 240
"""So many characters are shown on either side of a mark; what lies between is left out."""
_LONGEST = 1_500

# How the portal's own table calls the channels.
_PRINTED = {"online": "Trực tuyến", "post": "Dịch vụ bưu chính", "counter": "Trực tiếp"}
# The source often has no space around a number: "khen thưởng152/2025/NĐ-CPLuật Thi đua".
_NUMBER = re.compile(r"(?<![\d/])\d+/(?:\d{4}/)?(?:QH\d{1,2}|[A-ZĐ]+)(?:-[A-ZĐ]+)*(?![^\W\d_A-ZĐ])")
_ROW = re.compile(r"(\w+)\[(\d+)\](?:\.(\w+)(?:\[(\d+)\])?)?")
_TEXTS = {
    "name": ("name", _("Tên thủ tục")),
    "decision": ("publication_decision", _("Số quyết định")),
    "authority": ("authority", _("Cơ quan thực hiện")),
    "steps": ("execution_sequence", _("Trình tự thực hiện")),
    "requirements": ("eligibility_conditions", _("Yêu cầu, điều kiện")),
    "levels": ("levels_text", _("Cấp thực hiện")),
    "audiences": ("applicant_categories_text", _("Đối tượng thực hiện")),
    "source_url": ("source_url", _("Trang nguồn")),
    "methods": ("methods_text", _("Cách thức thực hiện")),
    "components": ("components_text", _("Thành phần hồ sơ")),
    "legal_bases": ("legal_bases_text", _("Căn cứ pháp lý")),
}


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of the source in pieces: what is marked, and what stands around it."""

    label: Text
    pieces: tuple[tuple[str, bool], ...]


def passages(flag: ReviewFlag, version: ProcedureVersion) -> list[Passage]:
    """Give the texts of the source that a flag is about; the flag's own words where the source kept no text."""
    found = [one for one in _passages(flag, version) if one.pieces]
    return found or [Passage(_("Trong nguồn"), ((in_words(flag) or "–", bool(flag.text)),))]


def in_words(flag: ReviewFlag) -> str:
    """Give the words of a flag as people read them: units and channels by their names."""
    text = flag.text
    if flag.reason == FlagReason.UNIT_ASSUMED:
        number, _arrow, unit = text.rpartition(" ")
        text = f"{number} {DurationUnit(unit).label}" if unit in DurationUnit.values else text
    elif flag.reason == FlagReason.SEVERAL_TIMES:
        channel, _colon, times = text.partition(":")
        text = f"{Channel(channel).label}:{times}" if channel in Channel.values else text
    return printed(text)


def _passages(flag: ReviewFlag, version: ProcedureVersion) -> Iterator[Passage]:
    match = _ROW.fullmatch(flag.field)
    if match is not None and match[1] == "methods":
        yield from _of_channel(flag, version, int(match[2]), match[3] or "", match[4])
    elif match is not None and match[1] == "components":
        row = _nth(version.components.filter(is_upload=False).order_by("position"), int(match[2]))
        text = version.components_text
        marks = [] if row is None else list(_words(_beginning(row.name), text))
        yield Passage(_("Thành phần hồ sơ"), _pieces(text, marks))
        if row is not None and flag.reason == FlagReason.DISTRICT_LEVEL:
            yield Passage(_("Tên giấy tờ"), _pieces(row.name, _spans(DISTRICT.finditer(row.name))))
    elif match is not None and match[1] == "results":
        row = _nth(version.result_types.order_by("position"), int(match[2]))
        if row is not None:
            text = f"{row.code or '–'}: {row.name}"
            yield Passage(_("Kết quả"), _pieces(text, _marks(flag, text) or [(0, len(text.split(":")[0]))]))
    elif flag.field in _TEXTS:
        column, label = _TEXTS[flag.field]
        text = str(getattr(version, column))
        yield Passage(label, _pieces(text, _marks(flag, text)))


def _of_channel(
    flag: ReviewFlag, version: ProcedureVersion, at: int, part: str, inner: str | None
) -> Iterator[Passage]:
    row = version.channels.filter(position=at + 1).first()
    table = version.methods_text
    if row is None:
        return
    name = _PRINTED.get(row.channel, "")
    if part == "fees" and inner is not None:
        fee = row.fees.filter(position=int(inner) + 1).first()
        text = fee.text if fee is not None else ""
        marks = list(_words(text, table)) if text else []
    elif part == "note":
        text, marks = row.note, list(_words(row.note, table))
    else:
        text = row.duration_text
        # A bare number is too short to be looked for alone: it follows the name of its channel.
        cell = re.compile(rf"{re.escape(name)}\s*({_spaced(text)})") if text else re.compile(re.escape(name))
        marks = [one.span(1 if text else 0) for one in cell.finditer(table)]
    yield Passage(_("Cách thức thực hiện"), _pieces(table, marks))
    if part.startswith("duration"):
        told = (
            (_("Ghi chú của hình thức nộp"), row.note),
            (_("Trình tự thực hiện"), version.execution_sequence),
        )
        for label, words in told:
            same = _working_days(words, row.duration_value)
            if same:
                yield Passage(label, _pieces(words, same))


def _working_days(text: str, value: Decimal | None) -> list[tuple[int, int]]:
    """Find where a text says so many working days itself; any number where the table has none that counts."""
    return [
        one.span()
        for one in WORKING_DAYS.finditer(text)
        if value is None or value == 1 or Decimal(one[1].replace(",", ".")) == value
    ]


def _marks(flag: ReviewFlag, text: str) -> list[tuple[int, int]]:
    if flag.reason == FlagReason.DISTRICT_LEVEL:
        return _spans(DISTRICT.finditer(text))
    if flag.reason == FlagReason.CODE_IN_NAME:
        return list(_words(flag.version.procedure.code, text))
    if flag.field == "legal_bases":
        return _spans(_NUMBER.finditer(text))
    if flag.reason == FlagReason.SEVERAL_TIMES:
        channel, _colon, times = flag.text.partition(":")
        cells = (one.strip() for one in times.split(";") if one.strip())
        name = re.escape(_PRINTED.get(channel, ""))
        return [
            found.span(1) for cell in cells for found in re.finditer(rf"{name}\s*({_spaced(cell)})", text)
        ]
    if flag.reason in (
        FlagReason.SHARED_NAME,
        FlagReason.ODD_DECISION,
        FlagReason.LOCAL_DECISION,
        FlagReason.UNSAFE_LINK,
    ):
        return [(0, len(text))]
    return []


def _beginning(name: str) -> str:
    """Enough of a name to be known by; the end of a long one may have been taken off as a file name."""
    return " ".join(name.split()[:16])


def _words(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Find words in a text that may have other white space between them."""
    if words.strip():
        yield from _spans(re.finditer(_spaced(words), text))


def _spaced(words: str) -> str:
    return r"\s*".join(re.escape(one) for one in words.split())


def _spans(found: Iterable[re.Match[str]]) -> list[tuple[int, int]]:
    return [one.span() for one in found]


def _pieces(text: str, marks: list[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """Cut a text at its marks and leave out what is far from every mark."""
    if not text.strip():
        return ()
    if not marks:
        return ((printed(_short(text, _LONGEST)), False),)
    pieces: list[tuple[str, bool]] = []
    last = 0
    for start, end in sorted(set(marks)):
        if start < last:
            continue
        pieces.append((_between(text[last:start], first=last == 0), False))
        pieces.append((printed(text[start:end]), True))
        last = end
    pieces.append((_short(text[last:], AROUND), False))
    return tuple((words, marked) for words, marked in pieces if words)


def _between(text: str, *, first: bool) -> str:
    if first:
        return text if len(text) <= AROUND else f"… {text[-AROUND:]}"
    return text if len(text) <= 2 * AROUND else f"{text[:AROUND]} … {text[-AROUND:]}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]} …"


def _nth(rows: Any, at: int) -> Any:
    return rows[at : at + 1].first()
