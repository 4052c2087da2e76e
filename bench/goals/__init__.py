"""The benchmarks: one module each, found by being here.

A module has ``TITLE``, the words after its name in ``--list``, and ``measure(ground, options) -> Findings``.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import Protocol, cast

from bench.findings import Findings
from bench.ground import Ground


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks of a benchmark. ``suite``: also run the whole test suite, which takes minutes."""

    suite: bool = False


class Benchmark(Protocol):
    """What a module of this package offers."""

    TITLE: str

    def measure(self, ground: Ground, options: Options) -> Findings:
        """Measure, and say what was found."""


def all_benchmarks() -> dict[str, Benchmark]:
    """Return every benchmark by its name, in the order of the names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: cast(Benchmark, importlib.import_module(f"{__name__}.{name}")) for name in names}
