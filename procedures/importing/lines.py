"""Lines of a JSON-lines file, plain or gzip by content, read one at a time."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

LONGEST_LINE = 8 * 2**20  # bytes; the longest real record has a quarter of a megabyte
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


class MalformedFile(Exception):
    """The file as a whole cannot be used; nothing of it is imported."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}: line {line}: {reason}")
        self.path, self.line, self.reason = path, line, reason


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank. ``problem`` says why it has no ``text``."""

    number: int
    text: str = ""
    problem: str = ""


def inspect(path: Path) -> int:
    """Read a file through once and count its lines, so that a cut-off download is found before anything is saved.

    :raises MalformedFile: it cannot be read to its end, is empty, or no line of it is a JSON object.
    """
    count, seen, first_problem = 0, False, ""
    first_line = 1
    for line in read(path):
        count += 1
        if not seen:
            problem = line.problem or _why_not_an_object(line.text)
            if problem and not first_problem:
                first_problem, first_line = problem, line.number
            seen = not problem
    if not count:
        raise MalformedFile(path, 1, "the file is empty")
    if not seen:
        raise MalformedFile(
            path, first_line, f"not JSON lines: {first_problem}, and no later line is a JSON object"
        )
    return count


def read(path: Path) -> Iterator[Line]:
    """Give the lines that are not blank, with their numbers.

    :raises MalformedFile: the file cannot be opened, or its compressed data is damaged or ends early.
    """
    number = 0
    try:
        with _open(path) as file:
            while raw := file.readline(LONGEST_LINE + 1):
                number += 1
                if number == 1:
                    raw = raw.removeprefix(_BOM)
                if len(raw) > LONGEST_LINE:
                    _skip_line(file, raw)
                    yield Line(number, problem=f"the line is longer than {LONGEST_LINE // 2**20} MB")
                elif raw.strip():
                    yield _decoded(number, raw)
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise MalformedFile(
            path, number + 1, f"the gzip data is damaged or ends early ({problem})"
        ) from problem
    except OSError as problem:
        raise MalformedFile(path, number + 1, f"cannot be read ({problem.strerror or problem})") from problem


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        compressed = file.read(2) == _GZIP
    return cast("IO[bytes]", gzip.open(path, "rb")) if compressed else path.open("rb")


def _skip_line(file: IO[bytes], chunk: bytes) -> None:
    while chunk and not chunk.endswith(b"\n"):
        chunk = file.readline(LONGEST_LINE)


def _decoded(number: int, raw: bytes) -> Line:
    try:
        return Line(number, raw.decode("utf-8"))
    except UnicodeDecodeError as problem:
        return Line(number, problem=f"not UTF-8 at byte {problem.start + 1} of the line")


def _why_not_an_object(text: str) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as problem:
        return f"not JSON ({problem})"
    return "" if isinstance(value, dict) else f"a JSON {type(value).__name__}, not an object"
