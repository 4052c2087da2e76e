"""What in a record cannot be trusted. Nothing is mended here: a doubt names the value, a person decides.

The traps were found by reading the national catalogue; each is described where it is looked for.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from procedures.importing.records import Fee, Method, Record
from procedures.states import DurationUnit, FlagReason

LONG_NAME = 2_500
_SHOWN = 300

_ROW = re.compile(r"\[\d+\]")
_DIGITS = re.compile(r"\s*\d+\s*")
WORKING_DAYS = re.compile(r"\b0*(\d+(?:[.,]\d+)?)\s*(?:\([^)]{1,30}\)\s*)?ngày làm việc", re.IGNORECASE)
_PRICE = re.compile(r"\s*([\d.,]+)\s*(?:VNĐ|Việt Nam Đồng)", re.IGNORECASE)
_FREE = re.compile(r"\s*miễn phí", re.IGNORECASE)
_FOREIGN = re.compile(r"\bUSD\b|\bEUR\b|đô la|\d+\s*USD", re.IGNORECASE)
_UNTIL = re.compile(
    r"(?:đến|trước)(?:\s+hết)?(?:\s+ngày)?\s+\d{1,2}/\d{1,2}/20\d\d|31/12/20\d\d", re.IGNORECASE
)
_FILE_NAME = re.compile(r"\.(?:docx?|xlsx?|pdf|rtf|zip|rar)\W*$", re.IGNORECASE)
DISTRICT = re.compile(
    r"cấp huyện|(?:Ủy ban nhân dân|UBND|Công an|Phòng [^.;,]{3,40}) (?:quận|huyện|thị xã)\b|quận, huyện|huyện, quận",
    re.IGNORECASE,
)
_RESULT_CODE = re.compile(r".*KQ.*\d{3,}", re.IGNORECASE)
_DECISION = re.compile(r"(?=.*\d)(?=.*/).+")


@dataclass(frozen=True, slots=True)
class Doubt:
    """``field`` is the path in the record, such as ``methods[1].fees[0]``; ``text`` is what stands there."""

    field: str
    reason: FlagReason
    text: str = ""
    source: str = ""
    """All the words of the source that a correction would replace, where ``text`` shows less of them."""

    @property
    def alike(self) -> str:
        """The same for doubts of one kind about the same words, in whatever row they stand."""
        return alike(self.field, self.reason, self.source or self.text)


def alike(field: str, reason: str, text: str) -> str:
    """Give what flags of one reason about the same words of the source have in common."""
    words = " ".join(text.split())
    return hashlib.sha256(f"{reason}\n{_ROW.sub('[]', field)}\n{words}".encode()).hexdigest()


def find(record: Record) -> list[Doubt]:
    """Give every doubt about a record, in the order of its keys. Names shared with other records come later."""
    return [
        replace(one, text=" ".join(one.text.split())[:_SHOWN], source=one.source or one.text)
        for look in (_head, _methods, _papers, _references)
        for one in look(record)
    ]


def _head(record: Record) -> Iterator[Doubt]:
    if record.code in record.name:
        yield Doubt("name", FlagReason.CODE_IN_NAME, record.name)
    decision = record.short["decision"]
    if decision.endswith("QĐ-UBND"):
        yield Doubt("decision", FlagReason.LOCAL_DECISION, f"{decision}, {record.short['ministry']}")
    elif not _DECISION.fullmatch(decision):
        yield Doubt("decision", FlagReason.ODD_DECISION, decision)
    if record.short["source_url"] and not is_web_address(record.short["source_url"]):
        yield Doubt("source_url", FlagReason.UNSAFE_LINK, record.short["source_url"])
    if not record.texts["authority"]:
        yield Doubt("authority", FlagReason.NO_AUTHORITY)
    for key, text in _told(record):
        if match := DISTRICT.search(text):
            yield Doubt(key, FlagReason.DISTRICT_LEVEL, _around(text, match), text)
    for value in record.unknown:
        yield Doubt(value.partition(":")[0][:64], FlagReason.UNKNOWN_VALUE, value)


def _told(record: Record) -> Iterator[tuple[str, str]]:
    yield from ((key, record.texts[key]) for key in ("steps", "requirements", "authority"))
    yield from ((f"methods[{at}].note", one.note) for at, one in enumerate(record.methods))
    yield from ((f"components[{at}]", one.name) for at, one in enumerate(record.papers))
    yield from ((f"results[{at}]", one.name) for at, one in enumerate(record.results))


def _methods(record: Record) -> Iterator[Doubt]:
    if not record.methods:
        yield Doubt("methods", FlagReason.NO_METHODS, record.texts["methods_text"])
    said = (
        _working_days_said(record)
        if any(one.duration_unit == DurationUnit.DAY for one in record.methods)
        else set()
    )
    for at, method in enumerate(record.methods):
        path = f"methods[{at}]"
        yield from _time(method, f"{path}.duration", said)
        for fee_at, fee in enumerate(method.fees):
            yield from _fee(fee, method, f"{path}.fees[{fee_at}]")
    for channel, rows in Counter(one.channel for one in record.methods).items():
        times = {one.duration_text for one in record.methods if one.channel == channel}
        if rows > 1 and len(times) > 1:
            yield Doubt("methods", FlagReason.SEVERAL_TIMES, f"{channel}: {'; '.join(sorted(times))}")


def _time(method: Method, path: str, said: set[Decimal]) -> Iterator[Doubt]:
    text = method.duration_text
    if _is_glued(method):
        return  # told with the fee
    if not text:
        yield Doubt(path, FlagReason.NO_TIME)
    elif method.duration_value is None:
        reason = FlagReason.BARE_NUMBER if _DIGITS.fullmatch(text) else FlagReason.TIME_NOT_A_NUMBER
        yield Doubt(path, reason, text)
    elif _DIGITS.fullmatch(text):
        # The portal's form lets an official leave the unit out; a bare 1 is often just its default.
        yield Doubt(path, FlagReason.UNIT_ASSUMED, f"{text} → {method.duration_value} {method.duration_unit}")
    elif method.duration_unit == DurationUnit.DAY and method.duration_value in said:
        yield Doubt(path, FlagReason.MAYBE_WORKING_DAYS, text)


def _working_days_said(record: Record) -> set[Decimal]:
    """Give every N of which the procedure's own text says "N ngày làm việc"."""
    texts = (record.texts["steps"], *(method.note for method in record.methods))
    return {Decimal(match[1].replace(",", ".")) for text in texts for match in WORKING_DAYS.finditer(text)}


def _is_glued(method: Method) -> bool:
    """Say whether a bare duration is glued to an amount: "1100 VNĐ" is 1 (day) and 100 (thousand)."""
    return (
        method.duration_value is None
        and not method.duration_text
        and any(fee.amount_vnd is None and _PRICE.match(fee.text) for fee in method.fees)
    )


def _fee(fee: Fee, method: Method, path: str) -> Iterator[Doubt]:
    price = _PRICE.match(fee.text)
    if fee.amount_vnd is not None:
        if 0 < fee.amount_vnd < 1_000:
            yield Doubt(path, FlagReason.LOST_THOUSANDS, fee.text or str(fee.amount_vnd))
    elif _FREE.match(fee.text):
        yield Doubt(path, FlagReason.FREE_CONTRADICTED, fee.text)
    elif _FOREIGN.search(fee.text):
        yield Doubt(path, FlagReason.FOREIGN_CURRENCY, fee.text)
    elif price and _is_glued(method):
        yield Doubt(path, FlagReason.TIME_GLUED_TO_FEE, fee.text)
    elif price:
        yield Doubt(path, FlagReason.LOST_THOUSANDS, fee.text)
    else:
        yield Doubt(path, FlagReason.NO_AMOUNT, fee.text)
    if match := _UNTIL.search(fee.text):
        yield Doubt(path, FlagReason.TIME_LIMITED_FEE, _around(fee.text, match), fee.text)


def _papers(record: Record) -> Iterator[Doubt]:
    if not record.papers:
        yield Doubt("components", FlagReason.NO_COMPONENTS, record.texts["components_text"])
    for at, paper in enumerate(record.papers):
        path = f"components[{at}]"
        if not paper.originals and not paper.copies:
            yield Doubt(path, FlagReason.NO_QUANTITY, paper.name)
        if len(paper.name) > LONG_NAME:
            yield Doubt(path, FlagReason.VERY_LONG, paper.name)
        if not paper.form and _FILE_NAME.search(paper.name):
            yield Doubt(path, FlagReason.FORM_NOT_SEPARATED, paper.name[-_SHOWN:], paper.name)


def _references(record: Record) -> Iterator[Doubt]:
    if not record.legal_bases:
        text = record.texts["legal_bases_text"]
        yield Doubt(
            "legal_bases", FlagReason.LEGAL_BASES_UNPARSED if text else FlagReason.NO_LEGAL_BASES, text
        )
    if not record.results:
        yield Doubt("results", FlagReason.NO_RESULTS)
    for at, result in enumerate(record.results):
        if not _RESULT_CODE.fullmatch(result.code):
            yield Doubt(f"results[{at}]", FlagReason.ODD_RESULT_CODE, f"{result.code or '–'}: {result.name}")


def is_web_address(text: str) -> bool:
    """Say whether a text may stand in a link: a script or a file of the reader's machine may not."""
    return text.startswith(("https://", "http://")) and not any(char.isspace() for char in text)


def _around(text: str, match: re.Match[str]) -> str:
    start = max(0, match.start() - 80)
    return text[start : match.end() + 80]
