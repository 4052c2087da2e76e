"""Dry run: synthetic applicants go every way through a draft, with the real services, and nothing of it stays.

Each play is a transaction of its own that is rolled back: it stands on a stage of doubles (see `stage`), so that it
neither waits for others nor lets them wait, and a worker that dies leaves nothing to clean up.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import pdf
from core.errors import Refusal
from core.outages import is_database_away
from designer.dry_run import stage as stages
from designer.dry_run.cast import Cast, cast
from designer.dry_run.playing import Halted, Play, told
from designer.dry_run.staffing import staffing
from designer.dry_run.ways import WAYS, ways_of
from procedures import eforms
from procedures.eforms.schema import Schema
from procedures.trying.applicants import Applicant
from procedures.trying.findings import Finding, amber, red

log = logging.getLogger(__name__)

__all__ = ["WAYS", "Outcome", "Programme", "never_filled", "perform", "programme"]


@dataclass(frozen=True)
class Programme:
    """What is to be played: ``plays`` are pairs of a way and the number of its applicant, in order."""

    document: Mapping[str, Any]
    schema: Schema
    applicants: list[Applicant]
    plays: list[tuple[str, int]]
    findings: list[Finding] = field(default_factory=list)

    def described(self) -> list[list[list[str]]]:
        """Give what each applicant answers, as pairs of question and answer for people to read."""
        return [
            [
                [self.schema.fields[name].label, shown]
                for name, shown in eforms.display_values(self.schema, one.answers, "vi").items()
                if shown
            ]
            for one in self.applicants
        ]


@dataclass(frozen=True)
class Outcome:
    """What a play has brought. ``files`` are previews to be kept by name; ``seconds`` is how long it took."""

    way: str
    applicant: int
    lines: list[dict[str, Any]]
    papers: list[dict[str, str]]
    messages: list[dict[str, Any]]
    findings: list[Finding]
    files: dict[str, bytes]
    places: dict[str, bool]
    seconds: float


def programme(document: Mapping[str, Any], *, at: datetime) -> Programme:
    """Say what is to be played for a parsed document; the same for the same document and day.

    :raises InvalidInput: the e-form is broken.
    """
    today = timezone.localdate(at)
    with translation.override("vi"):
        people: Cast = cast(document, today=today)
        findings = [*people.findings, *staffing(document, at=at)]
        if not people.schema:
            findings.append(red("no_form", "eform", _("Chưa có biểu mẫu điện tử nên không chạy thử được.")))
            return Programme(document, people.schema, [], [], findings)
        if not pdf.is_available():
            findings.append(
                red(
                    "no_pdf_engine",
                    "",
                    _("Máy chủ chưa có bộ tạo PDF nên không tạo được giấy tờ. Hãy báo quản trị."),
                )
            )
    plays = [
        (way.key, number)
        for way in ways_of(document)
        for number in (
            range(len(people.applicants)) if way.for_everybody else range(min(1, len(people.applicants)))
        )
    ]
    return Programme(document, people.schema, people.applicants, plays, findings)


def perform(todo: Programme, number: int, *, at: datetime, made: Iterable[str]) -> Outcome:
    """Play one of the programme, and take everything back.

    :param made: forms that have been made as files already. :param at: when the applicant begins; real time, as the
        form's own checks look at the day.
    """
    way, who = todo.plays[number]
    began = time.monotonic()
    one = todo.applicants[who]
    findings: list[Finding] = []
    play: Play | None = None
    with translation.override("vi"), stages.wings(at=at), transaction.atomic():
        try:
            stage = stages.set_up(todo.document, todo.schema, one, at=at)
            findings += [red("not_fileable", "", problem) for problem in stage.problems]
            play = Play(stage, one, at, made=set(made))
            WAYS[way].walk(play)
        except Halted:
            pass  # why is among the findings
        except stages.NoAgency:
            findings.append(
                red("no_agency", "deciding", _("Không có cơ quan nào giải quyết được. Chọn cơ quan."))
            )
        except Refusal as refusal:
            findings.append(red("not_known_here", "", told(refusal)))
        except Exception as problem:  # a defect of ours must not hide what the other plays find
            if is_database_away(problem):
                raise
            log.exception("a play broke", extra={"way": way})
            broke = _("Chạy thử “%(way)s” bị lỗi của hệ thống (%(why)s). Hãy báo quản trị.")
            findings.append(red("broke", "", broke % {"way": WAYS[way].label, "why": type(problem).__name__}))
        transaction.set_rollback(True)
    if play is None:
        return Outcome(way, who, [], [], [], findings, {}, {}, time.monotonic() - began)
    return Outcome(
        way,
        who,
        play.lines,
        play.papers,
        play.messages,
        [*findings, *play.findings],
        play.files,
        play.places,
        time.monotonic() - began,
    )


def never_filled(places: Mapping[str, bool]) -> list[Finding]:
    """Give the places of a template that stayed empty with every applicant."""
    with translation.override("vi"):
        return [
            amber(
                "place_never_filled",
                path,
                _("Chỗ này trong mẫu kết quả để trống với mọi người nộp thử. Sửa nguồn."),
            )
            for path, filled in places.items()
            if not filled
        ]
