"""The directions of all titles in one file that every process of a machine maps: it is in memory once, however many
processes there are.

A question is compared with every title: 392 bytes each, some twenty milliseconds for a hundred thousand. A first look at
fewer bits or dimensions would be quicker, and was tried: it loses a tenth of the nearest ones, as all titles lie close.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy

DIMENSIONS = 384
SCALE = 127.0
"""A direction has length 1; it is kept as one signed byte for each dimension."""

_ROW = 8 + DIMENSIONS
_AT_ONCE = 256  # titles whose numbers fit into the processor's cache

Array = numpy.ndarray[Any, Any]


class Directions:
    """The directions of versions, mapped from a file that `write` made.

    :raises OSError: there is no such file.
    """

    def __init__(self, path: Path) -> None:
        titles = path.stat().st_size // _ROW
        whole: Array = (
            numpy.memmap(path, dtype=numpy.uint8, mode="r") if titles else numpy.empty(0, numpy.uint8)
        )
        self._versions: Array = whole[: 8 * titles].view(numpy.int64)
        self._directions: Array = whole[8 * titles :].view(numpy.int8).reshape(titles, DIMENSIONS)

    def __len__(self) -> int:
        return len(self._versions)

    def nearest(self, direction: Array, *, most: int) -> dict[int, float]:
        """Give the versions whose titles mean something near, and how near: at most 1, the cosine."""
        near = numpy.empty(len(self), dtype=numpy.float32)
        block = numpy.empty((_AT_ONCE, DIMENSIONS), dtype=numpy.float32)
        for first in range(0, len(self), _AT_ONCE):
            rows = self._directions[first : first + _AT_ONCE]
            numpy.copyto(block[: len(rows)], rows)
            numpy.dot(block[: len(rows)], direction, out=near[first : first + _AT_ONCE])
        most = min(most, len(self))
        if not most:
            return {}
        chosen = numpy.argpartition(near, len(self) - most)[len(self) - most :]
        return {int(self._versions[at]): float(near[at] / SCALE) for at in chosen}

    def how_near(self, direction: Array, versions: Iterable[int]) -> dict[int, float]:
        """Give the same for chosen versions; for those that have no direction yet, nothing."""
        asked = numpy.unique(numpy.fromiter(versions, dtype=numpy.int64))
        places = numpy.searchsorted(self._versions, asked)
        places = places[places < len(self)]
        known = places[numpy.isin(self._versions[places], asked)]
        near = self._directions[known].astype(numpy.float32) @ direction / SCALE
        return {int(self._versions[at]): float(one) for at, one in zip(known, near, strict=True)}


def write(path: Path, rows: Sequence[tuple[int, bytes]]) -> None:
    """Write the file for versions in ascending order, each with its `packed` direction. It is there whole or not at all."""
    with _replaced(path) as file:
        file.write(numpy.array([pk for pk, _row in rows], dtype=numpy.int64).tobytes())
        for _pk, row in rows:
            file.write(row)


def packed(direction: Array) -> bytes:
    """Give a direction of length 1 as it is kept."""
    return bytes((direction * SCALE).round().astype(numpy.int8).tobytes())


@contextlib.contextmanager
def _replaced(path: Path) -> Iterator[Any]:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
