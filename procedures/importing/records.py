"""One record of the national catalogue, checked key by key.

A record is refused when it cannot be stored as it is: no code or name, a wrong type, something too long for its
column. A value that can be stored but not trusted is kept and marked by `procedures.importing.doubts`.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn

from procedures.states import ApplicantCategory, Channel, DurationUnit, FeeKind, Level

#: Raise it when the import reads a record differently than before: every record is then written anew.
IMPORTER_VERSION = 1

CODE = re.compile(r"[0-9]\.[0-9]{6}(?:\.[0-9A-Za-z]+)*")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LIMITS = {
    "code": 32,
    "name": 5_000,
    "decision": 255,
    "ministry": 255,
    "kind": 255,
    "field": 255,
    "source_url": 500,
}
_LONGEST_TEXT = 500_000
_MOST_ROWS = 1_000
_MOST_PIECES = 32_767
_BIGGEST_AMOUNT = 10**15
_LONGEST_DURATION = 100_000

_TEXTS = (
    "levels_text",
    "audiences_text",
    "steps",
    "methods_text",
    "components_text",
    "legal_bases_text",
    "requirements",
    "authority",
)
_SHORT = ("decision", "ministry", "kind", "field", "source_url")
_KEYS = {
    "code",
    "name",
    "levels",
    "audiences",
    "methods",
    "components",
    "legal_bases",
    "results",
    *_TEXTS,
    *_SHORT,
}


class BadRecord(Exception):
    """The record is refused; ``problem`` says where and why."""

    def __init__(self, problem: str, code: str = "") -> None:
        super().__init__(problem)
        self.problem, self.code = problem, code


@dataclass(frozen=True, slots=True)
class Fee:
    kind: str
    amount_vnd: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Method:
    """``duration_unit`` is empty when the source has none that can be used; ``printed_unit`` is what it said."""

    channel: Channel
    duration_value: Decimal | None
    duration_unit: str
    printed_unit: str
    duration_text: str
    note: str
    fees: tuple[Fee, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    group: str
    name: str
    form: str
    originals: int
    copies: int


@dataclass(frozen=True, slots=True)
class Named:
    """A legal basis or a result: its code, which may be empty, and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it will be stored. ``digest`` tells whether it differs from what is stored."""

    code: str
    name: str
    digest: str
    short: dict[str, str]
    texts: dict[str, str]
    levels: tuple[str, ...]
    audiences: tuple[str, ...]
    methods: tuple[Method, ...]
    papers: tuple[Paper, ...]
    legal_bases: tuple[Named, ...]
    results: tuple[Named, ...]
    unknown: tuple[str, ...] = field(default=())


def parse(text: str) -> Record:
    """Read one line.

    :raises BadRecord: it is no JSON object, or something in it cannot be stored.
    """
    try:
        raw = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise BadRecord("nested too deeply") from None
    except ValueError as problem:
        raise BadRecord(f"not JSON ({problem})") from None
    if not isinstance(raw, dict):
        raise BadRecord(f"a JSON {type(raw).__name__}, not an object")
    return _Reader(raw).record()


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


class _Reader:
    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.code = raw["code"] if isinstance(raw.get("code"), str) else ""
        self.unknown: list[str] = [f"key {key}"[:200] for key in raw if key not in _KEYS]

    def refuse(self, path: str, problem: str) -> NoReturn:
        raise BadRecord(f"{path}: {problem}", code=self.code[:32])

    def record(self) -> Record:
        code, name = self.text(self.raw, "code"), self.text(self.raw, "name")
        if not CODE.fullmatch(code):
            self.refuse("code", "missing, or not a national code such as 1.004873")
        if not name.strip():
            self.refuse("name", "missing")
        return Record(
            code=code,
            name=" ".join(name.split()),
            short={key: self.text(self.raw, key) for key in _SHORT},
            texts={key: self.text(self.raw, key) for key in _TEXTS},
            levels=self.known("levels", set(Level.values)),
            audiences=self.known("audiences", set(ApplicantCategory.values)),
            methods=tuple(self.method(row, path) for row, path in self.rows(self.raw, "methods")),
            papers=tuple(self.paper(row, path) for row, path in self.rows(self.raw, "components")),
            legal_bases=tuple(
                self.named(row, path, "title") for row, path in self.rows(self.raw, "legal_bases")
            ),
            results=tuple(self.named(row, path, "name") for row, path in self.rows(self.raw, "results")),
            unknown=tuple(self.unknown),
            digest=self.digest(),
        )

    def digest(self) -> str:
        canonical = json.dumps(self.raw, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(f"{IMPORTER_VERSION}\n{canonical}".encode()).hexdigest()

    def text(self, row: dict[str, Any], key: str, path: str = "", limit: int | None = None) -> str:
        path = path or key
        value = row.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.refuse(path, f"text expected, found {_kind(value)}")
        if unstorable := _UNSTORABLE.search(value):
            self.refuse(path, f"holds U+{ord(unstorable[0]):04X}, which cannot be stored")
        limit = limit or _LIMITS.get(path, _LONGEST_TEXT)
        if len(value) > limit:
            self.refuse(path, f"{len(value)} characters, at most {limit}")
        return value

    def number(self, row: dict[str, Any], key: str, path: str, most: int) -> int:
        value = row.get(key)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(f"{path}.{key}", f"whole number expected, found {_kind(value)}")
        if not 0 <= value <= most:
            self.refuse(f"{path}.{key}", f"must be from 0 to {most}")
        return value

    def rows(self, row: dict[str, Any], key: str, path: str = "") -> list[tuple[dict[str, Any], str]]:
        path = path or key
        value = row.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(path, f"list expected, found {_kind(value)}")
        if len(value) > _MOST_ROWS:
            self.refuse(path, f"{len(value)} rows, at most {_MOST_ROWS}")
        for at, one in enumerate(value):
            if not isinstance(one, dict):
                self.refuse(f"{path}[{at}]", f"object expected, found {_kind(one)}")
        return [(one, f"{path}[{at}]") for at, one in enumerate(value)]

    def known(self, key: str, allowed: set[str]) -> tuple[str, ...]:
        value = self.raw.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.refuse(key, "list of texts expected")
        self.unknown += [f"{key}: {one}"[:200] for one in value if one not in allowed]
        return tuple(dict.fromkeys(one for one in value if one in allowed))

    def method(self, row: dict[str, Any], path: str) -> Method:
        channel = row.get("channel")
        if channel not in Channel.values:
            self.refuse(f"{path}.channel", "must be online, post or counter")
        unit = self.text(row, "duration_unit", f"{path}.duration_unit", 40)
        if unit and unit not in DurationUnit.values:
            self.unknown.append(f"{path}.duration_unit: {unit}")
        value = self.duration(row, path)
        usable = value is not None and unit in DurationUnit.values
        return Method(
            channel=Channel(channel),
            duration_value=value if usable else None,
            duration_unit=unit if usable else "",
            printed_unit=unit,
            duration_text=self.text(row, "duration_text", f"{path}.duration_text") or _as_text(row, value),
            note=self.text(row, "note", f"{path}.note"),
            fees=tuple(self.fee(fee, fee_path) for fee, fee_path in self.rows(row, "fees", f"{path}.fees")),
        )

    def duration(self, row: dict[str, Any], path: str) -> Decimal | None:
        value = row.get("duration_value")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(f"{path}.duration_value", f"number expected, found {_kind(value)}")
        if not 0 <= value <= _LONGEST_DURATION:
            self.refuse(f"{path}.duration_value", f"must be from 0 to {_LONGEST_DURATION}")
        exact = Decimal(str(value))
        if exact == 0 or exact != exact.quantize(Decimal("0.01")):
            self.unknown.append(f"{path}.duration_value: {value}")
            return None
        return exact

    def fee(self, row: dict[str, Any], path: str) -> Fee:
        kind = self.text(row, "kind", f"{path}.kind", 40)
        if kind and kind not in FeeKind.values:
            self.unknown.append(f"{path}.kind: {kind}")
            kind = ""
        amount = (
            None if row.get("amount_vnd") is None else self.number(row, "amount_vnd", path, _BIGGEST_AMOUNT)
        )
        return Fee(kind, amount, self.text(row, "text", f"{path}.text"))

    def paper(self, row: dict[str, Any], path: str) -> Paper:
        name = self.text(row, "name", f"{path}.name")
        if not name.strip():
            self.refuse(f"{path}.name", "missing")
        return Paper(
            group=self.text(row, "group", f"{path}.group"),
            name=name,
            form=self.text(row, "form", f"{path}.form"),
            originals=self.number(row, "originals", path, _MOST_PIECES),
            copies=self.number(row, "copies", path, _MOST_PIECES),
        )

    def named(self, row: dict[str, Any], path: str, name_key: str) -> Named:
        limit = 255 if name_key == "title" else 64
        code = self.text(row, "code", f"{path}.code", limit)
        name = self.text(row, name_key, f"{path}.{name_key}")
        if not (code or name).strip():
            self.refuse(f"{path}.{name_key}", "missing")
        return Named(code, name)


def _as_text(row: dict[str, Any], value: Decimal | None) -> str:
    """Keep a number whose cell was not printed: it must not vanish when it cannot be used."""
    return "" if value is None else f"{value} {row.get('duration_unit') or ''}".strip()


def _kind(value: object) -> str:
    names = {type(None): "null", bool: "true or false", dict: "an object", list: "a list", str: "text"}
    return names.get(type(value), "a number")
