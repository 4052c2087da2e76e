"""The administrative units of the country in the two tiers since 1 July 2025: provinces and cities, and what is below.

``data/administrative_units.csv`` holds the list of QĐ 19/2025/QĐ-TTg as of October 2025: 34 units of the first tier,
3,321 of the second, each with its code. Đà Nẵng (48) has 94: 23 wards, 70 communes and the special zone Hoàng Sa.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.vietnamese import fold

OUR_CITY = "48"
_FILE = Path(__file__).parent / "data" / "administrative_units.csv"
_KINDS = ("Phường ", "Xã ", "Đặc khu ", "Thành phố ", "Tỉnh ")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit; ``within`` is the code of the province or city, empty for one itself."""

    code: str
    name: str
    within: str = ""

    @property
    def bare_name(self) -> str:
        """The name without its kind: Hải Châu."""
        return next(
            (self.name.removeprefix(kind) for kind in _KINDS if self.name.startswith(kind)), self.name
        )


@cache
def units() -> dict[str, Unit]:
    """Give every unit by code; second-tier codes have five digits, first-tier codes two."""
    with _FILE.open(encoding="utf-8") as lines:
        return {row["code"]: Unit(**row) for row in csv.DictReader(lines)}


@cache
def provinces() -> tuple[Unit, ...]:
    """Give the 34 provinces and cities, our own first, the others in the order of their codes."""
    first_tier = [unit for unit in units().values() if not unit.within]
    return tuple(sorted(first_tier, key=lambda unit: unit.code != OUR_CITY))


@cache
def communal_units(within: str) -> tuple[Unit, ...]:
    """Give the wards, communes and special zones of a province or city; none for an unknown code."""
    return tuple(unit for unit in units().values() if within and unit.within == within)


@cache
def _names(within: str) -> tuple[dict[str, list[Unit]], ...]:
    """Index the units of one place: by full name, then without marks, then without the kind as well."""
    found: tuple[dict[str, list[Unit]], ...] = ({}, {}, {})
    for unit in communal_units(within) if within else provinces():
        for index, key in zip(found, (unit.name, fold(unit.name), fold(unit.bare_name)), strict=True):
            index.setdefault(key, []).append(unit)
    return found


def named(text: str, *, within: str = "") -> list[Unit]:
    """Give the units that a typed name or code may mean, by the strictest reading that finds any.

    "Phường Hải Châu", "phuong hai chau", "hai chau" and "20242" are the same ward. Without ``within`` the name is of
    a province or city.
    """
    text = " ".join(text.split())
    unit = units().get(text)
    if unit is not None and unit.within == within:
        return [unit]
    exact, unmarked, bare = _names(within)
    plain = (
        fold(text).removeprefix("tp. ").removeprefix("tp ").removeprefix("p. ").removeprefix("x. ").strip()
    )
    for index, key in ((exact, text), (unmarked, plain), (bare, plain)):
        if key in index:
            return index[key]
    for kind in _KINDS:
        rest = plain.removeprefix(fold(kind))
        if rest != plain and rest in bare:
            return bare[rest]
    return []
