"""How well the search answers judged questions: the measures, and the file they come from.

A question's file has one JSON object a line: ``{"query": "…", "relevant": ["1.001193", …]}``; other keys do not matter.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Search = Callable[[str], Sequence[str]]
"""Takes a question, gives codes in order of rank."""

DEPTHS = (1, 5, 10)
_MRR_DEPTH = 10


class BadQuestions(Exception):
    """A file of questions that cannot be read; the message names file, line and field, and what to write there."""


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question got. ``ranks`` are the places, from 1, of its relevant codes among those given."""

    question: Question
    ranks: tuple[int, ...]
    milliseconds: float

    def recall(self, depth: int) -> float:
        """Give the share of the relevant codes within a depth; of those that fit into it, where there are more."""
        found = sum(rank <= depth for rank in self.ranks)
        return found / min(len(self.question.relevant), depth)

    def reciprocal_rank(self) -> float:
        first = min(self.ranks, default=0)
        return 1 / first if 0 < first <= _MRR_DEPTH else 0.0


def read(path: Path) -> Iterator[Question]:
    """Give the questions of a file.

    :raises BadQuestions: it cannot be opened, is not UTF-8, or a line of it is not a question.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _question(line, f"{path}, line {number}")
    except OSError as problem:
        raise BadQuestions(
            f"{path}: cannot be opened ({problem.strerror}); give the path of a readable file"
        ) from problem
    except UnicodeDecodeError as problem:
        raise BadQuestions(
            f"{path}: is not UTF-8 (byte {problem.start} of a block); save it as UTF-8"
        ) from problem


def ask(questions: Sequence[Question], search: Search, *, known: Collection[str]) -> list[Answer]:
    """Ask every question that the catalogue can answer at all: relevant codes that are not ``known`` do not count."""
    answers = []
    for question in questions:
        relevant = frozenset(code for code in question.relevant if code in known)
        if not relevant:
            continue
        started = time.perf_counter()
        codes = search(question.text)
        spent = (time.perf_counter() - started) * 1_000
        ranks = tuple(at for at, code in enumerate(codes, start=1) if code in relevant)
        answers.append(Answer(Question(question.text, relevant), ranks, spent))
    return answers


def figures(answers: Sequence[Answer]) -> dict[str, float | int]:
    """Give the means over all answers, and the middle and the 95th percentile of the times in milliseconds."""
    times = sorted(answer.milliseconds for answer in answers)
    return {
        "queries": len(answers),
        **{f"recall@{depth}": _mean([answer.recall(depth) for answer in answers]) for depth in DEPTHS},
        "mrr@10": _mean([answer.reciprocal_rank() for answer in answers]),
        "p50_ms": _percentile(times, 50),
        "p95_ms": _percentile(times, 95),
    }


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """Give the nearest-rank percentile."""
    return round(ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1], 1) if ordered else 0.0


def _question(line: str, where: str) -> Question:
    try:
        given: Any = json.loads(line)
    except ValueError as problem:
        raise BadQuestions(
            f'{where}: is not JSON ({problem}); write one object a line: {{"query": "…", "relevant": ["1.001193"]}}'
        ) from problem
    if not isinstance(given, dict):
        raise BadQuestions(f'{where}: is not an object; write {{"query": "…", "relevant": ["1.001193"]}}')
    text, relevant = given.get("query"), given.get("relevant")
    if not isinstance(text, str) or not text.strip():
        raise BadQuestions(f'{where}: field "query" is not a text; write the question as people type it')
    if (
        not isinstance(relevant, list)
        or not relevant
        or not all(isinstance(code, str) and code.strip() for code in relevant)
    ):
        raise BadQuestions(
            f'{where}: field "relevant" is not a list of codes; write the codes that answer it: ["1.001193"]'
        )
    return Question(text, frozenset(code.strip() for code in relevant))
