"""Rehearsal: last year's dossiers of a procedure, looked at as if the draft had held then. Reads only, in batches.

It says whom the draft would have hurt: refused for answers that were good, asked for another paper, charged more, late
although they were not. Nothing of what people wrote is kept: tracking numbers, and the names of questions and papers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.calendars import working_calendar
from core import working_time
from core.errors import InvalidInput, Text
from core.working_time import Duration, Mode, Unit
from dossiers import clock, eligibility
from dossiers.drafts import required_files, same_name
from dossiers.models import ClockInterval, Dossier
from dossiers.states import Status
from procedures import eforms
from procedures.eforms.schema import Schema
from procedures.models import Component, ProcedureVersion
from procedures.trying.findings import Finding, amber, red

A_YEAR = timedelta(days=365)
BATCH = 200
MOST = 20_000
"""So many dossiers, the newest, are looked at."""
MOST_LISTED = 500
"""So many tracking numbers are kept of each kind."""

REFUSED, PAPERS, CHARGED, LATE, ASKED_MORE = "refused", "papers", "charged", "late", "asked_more"
KINDS = (REFUSED, PAPERS, CHARGED, LATE, ASKED_MORE)
USED = {"half": 0.5, "most": 0.8, "all": 1.0, "more": float("inf")}
"""How much of the draft's time limit the processing really took, by the upper end of each class."""
LABELS: dict[str, Text] = {
    REFUSED: gettext_lazy("Bị từ chối vì câu trả lời không còn hợp lệ"),
    PAPERS: gettext_lazy("Phải nộp thêm giấy tờ"),
    CHARGED: gettext_lazy("Phải nộp nhiều tiền hơn"),
    LATE: gettext_lazy("Trễ hẹn theo thời hạn mới"),
    ASKED_MORE: gettext_lazy("Được hỏi thêm"),
}


def dossiers(procedure_id: int, *, at: datetime) -> QuerySet[Dossier]:
    """Give what was filed under a procedure in the year before ``at``, and is led here; without drafts."""
    return Dossier.objects.filter(
        procedure_version__procedure_id=procedure_id,
        submitted_at__gte=at - A_YEAR,
        submitted_at__lte=at,
        is_mirror=False,
    ).exclude(status=Status.DRAFT)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the draft would have done to one dossier: by kind, for what (labels of questions and papers, đồng).

    ``used`` is the real processing time as a part of the draft's time limit; None where it is not over, or not counted
    in working time.
    """

    tracking_no: str
    why: dict[str, list[str]]
    used: float | None = None


@dataclass(frozen=True, slots=True)
class _Old:
    """A version under which dossiers were filed, read once."""

    version: ProcedureVersion
    schema: Schema
    uploads: list[Component]
    fees: dict[str, int]


@dataclass
class Rehearsal:
    """Judges dossiers by a parsed document. ``at`` is now: whatever is still open runs until then.

    :raises InvalidInput: the e-form is broken.
    """

    document: Mapping[str, Any]
    at: datetime
    _old: dict[int, _Old] = field(default_factory=dict)
    _calendars: dict[int, working_time.Calendar] = field(default_factory=dict)

    @cached_property
    def schema(self) -> Schema:
        return eforms.parse(self.document["eform"])

    @cached_property
    def _as_version(self) -> ProcedureVersion:
        return ProcedureVersion(applicant_categories=self.document["applicant_categories"])

    @cached_property
    def _uploads(self) -> list[Component]:
        return [
            Component(name=one["name"], is_required=one["is_required"], condition=one["condition"])
            for one in self.document["uploads"]
        ]

    def batch(self, procedure_id: int, *, before: int | None) -> tuple[int | None, list[Judged]]:
        """Judge the next dossiers, newest first, and give where to go on; None at the end."""
        rows = dossiers(procedure_id, at=self.at).order_by("-pk")
        if before is not None:
            rows = rows.filter(pk__lt=before)
        page = list(
            rows.select_related("owner_person", "owner_organisation").prefetch_related(
                "components__component", "clock_intervals"
            )[:BATCH]
        )
        return (page[-1].pk if len(page) == BATCH else None), [self.judge(one) for one in page]

    def judge(self, dossier: Dossier) -> Judged:
        """Say what the draft would have done to a dossier."""
        old = self._old_of(dossier.procedure_version_id)
        moved = eforms.carried(old.schema, self.schema, dossier.form_data, "vi").answers
        refused, more = self._questions(dossier, old, moved)
        why = {
            REFUSED: [*self._category(dossier, old), *refused],
            ASKED_MORE: more,
            PAPERS: self._papers(dossier, old, moved),
            CHARGED: self._charged(dossier, old),
            LATE: self._late(dossier),
        }
        hurt = {kind: for_what for kind, for_what in why.items() if for_what}
        return Judged(dossier.tracking_no, hurt, self._used(dossier))

    def _old_of(self, version_id: int) -> _Old:
        if version_id not in self._old:
            version = ProcedureVersion.objects.get(pk=version_id)
            fees: dict[str, int] = {}
            for channel in version.channels.prefetch_related("fees"):
                known = [fee.amount_vnd for fee in channel.fees.all() if fee.amount_vnd is not None]
                fees[channel.channel] = max(fees.get(channel.channel, 0), sum(known))
            self._old[version_id] = _Old(
                version,
                eforms.of_version(version),
                list(version.components.filter(is_upload=True)),
                fees,
            )
        return self._old[version_id]

    def _category(self, dossier: Dossier, old: _Old) -> Iterator[str]:
        if dossier.owner_person is not None:
            before, now = (
                eligibility.for_person(one, dossier.owner_person) for one in (old.version, self._as_version)
            )
        else:
            before, now = (eligibility.for_organisations(one) for one in (old.version, self._as_version))
        if before and not now:
            yield _("Đối tượng thực hiện")

    def _questions(
        self, dossier: Dossier, old: _Old, moved: Mapping[str, Any]
    ) -> tuple[list[str], list[str]]:
        """Give the questions whose answers are good no more, and those that would have been asked besides."""
        problems = _problems(self.schema, moved)
        if not problems:
            return [], []
        # What today's date alone makes wrong, a day in the future that has passed, is not the draft's doing.
        before = _problems(old.schema, dossier.form_data)
        refused: list[str] = []
        more: list[str] = []
        for name in problems:
            if name in before:
                continue
            label = self.schema.fields[name].label if name in self.schema.fields else name
            (refused if name in moved else more).append(label)
        return refused, more

    def _papers(self, dossier: Dossier, old: _Old, moved: Mapping[str, Any]) -> list[str]:
        wanted = _required(self._uploads, self.schema, moved)
        had = _required(old.uploads, old.schema, dossier.form_data)
        handed_in = {
            same_name(one.component.name) for one in dossier.components.all() if one.replaced_at is None
        }
        return sorted(name for key, name in wanted.items() if key not in had and key not in handed_in)

    def _charged(self, dossier: Dossier, old: _Old) -> list[str]:
        fees = [one["fees"] for one in self.document["channels"] if one["channel"] == dossier.channel]
        now = max((sum(fee["amount_vnd"] or 0 for fee in lines) for lines in fees), default=0)
        more = now - old.fees.get(dossier.channel, 0)
        return [str(more)] if more > 0 else []

    def _late(self, dossier: Dossier) -> list[str]:
        """Give by how many hours; nothing where it was late then, or was not accepted."""
        limit = self._limits.get(dossier.channel)
        ended = dossier.completed_at or self.at
        if limit is None or dossier.accepted_at is None or (dossier.due_at and ended > dossier.due_at):
            return []
        calendar = self._calendar(clock.deciding_agency_id(dossier))
        intervals = sorted(dossier.clock_intervals.all(), key=_begins)
        mode = Mode(self.document["clock"]["counting_mode"])
        due = clock.due_under(dossier, limit, mode=mode, calendar=calendar, intervals=intervals)
        if due is None or ended <= due:
            return []
        return [f"{calendar.elapsed(due, ended) / timedelta(hours=1):.1f}"]

    def _used(self, dossier: Dossier) -> float | None:
        limit = self._limits.get(dossier.channel)
        if limit is None or not limit.unit.is_working or dossier.completed_at is None:
            return None
        calendar = self._calendar(clock.deciding_agency_id(dossier))
        run = sum(
            (
                calendar.elapsed(one.started_at, one.stopped_at or dossier.completed_at)
                for one in dossier.clock_intervals.all()
                if one.started_at < dossier.completed_at
            ),
            timedelta(),
        )
        return run / limit.working_time

    @cached_property
    def _limits(self) -> dict[str, Duration]:
        found: dict[str, Duration] = {}
        for one in self.document["channels"]:
            if one["time"]["value"] is None or not one["time"]["unit"]:
                continue
            with suppress(ValueError):  # the lint tells of a limit that cannot be counted
                length = Duration(Decimal(str(one["time"]["value"])), Unit(one["time"]["unit"]))
                found.setdefault(one["channel"], length)
        return found

    def _calendar(self, agency_id: int) -> working_time.Calendar:
        if agency_id not in self._calendars:
            self._calendars[agency_id] = working_calendar(agency_id)
        return self._calendars[agency_id]


def _begins(interval: ClockInterval) -> datetime:
    return interval.started_at


def _required(uploads: list[Component], schema: Schema, answers: Mapping[str, Any]) -> dict[str, str]:
    """Give the names of the papers required with these answers, by the form in which they are compared."""
    needed = required_files(uploads, schema, eforms.asked(schema, answers))
    return {same_name(one.name): one.name for one in needed}


def _problems(schema: Schema, answers: Mapping[str, Any]) -> dict[str, list[Text]]:
    known = {name: one for name, one in answers.items() if name in schema.questions}
    try:
        eforms.clean_all(schema, known, {})
    except InvalidInput as problem:
        return problem.errors
    return {}


def empty() -> dict[str, Any]:
    """Give the report of a rehearsal that has looked at nothing."""
    return {
        "seen": 0,
        "before": None,
        "used": dict.fromkeys(USED, 0),
        "kinds": {kind: {"count": 0, "why": {}, "rows": []} for kind in KINDS},
    }


def add(report: dict[str, Any], *, before: int | None, judged: list[Judged]) -> None:
    """Put what a batch has brought into a report."""
    report["seen"] += len(judged)
    report["before"] = before
    for one in judged:
        if one.used is not None:
            report["used"][next(name for name, most in USED.items() if one.used <= most)] += 1
        for kind, for_what in one.why.items():
            told = report["kinds"][kind]
            told["count"] += 1
            if kind == CHARGED:
                told["sum_vnd"] = told.get("sum_vnd", 0) + int(for_what[0])
            elif kind != LATE:
                for name in for_what:
                    told["why"][name] = told["why"].get(name, 0) + 1
            if len(told["rows"]) < MOST_LISTED:
                told["rows"].append({"tracking_no": one.tracking_no, "why": for_what})


def findings(report: Mapping[str, Any]) -> list[Finding]:
    """Say in findings whom the draft would have hurt."""
    seen = report["seen"]
    words = {
        REFUSED: (
            "eform",
            _("%(count)d trong %(seen)d hồ sơ năm qua có câu trả lời mà bản thảo không nhận: %(why)s."),
        ),
        PAPERS: ("uploads", _("%(count)d trong %(seen)d hồ sơ năm qua sẽ phải nộp thêm giấy tờ: %(why)s.")),
        CHARGED: ("channels", _("%(count)d trong %(seen)d hồ sơ năm qua sẽ phải nộp nhiều tiền hơn.")),
        LATE: (
            "channels",
            _("%(count)d trong %(seen)d hồ sơ năm qua sẽ trễ hẹn theo thời hạn của bản thảo."),
        ),
        ASKED_MORE: ("eform", _("%(count)d trong %(seen)d hồ sơ năm qua sẽ được hỏi thêm: %(why)s.")),
    }
    found = []
    for kind, (path, text) in words.items():
        told = report["kinds"][kind]
        if not told["count"]:
            continue
        often = sorted(told["why"].items(), key=lambda one: -one[1])[:5]
        why = "; ".join(f"{name} ({count})" for name, count in often)
        make = amber if kind == ASKED_MORE else red
        found.append(
            make(f"rehearsal_{kind}", path, text % {"count": told["count"], "seen": seen, "why": why})
        )
    return found
