"""One play: an applicant on one way through the real services, with everything that came of it written down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from agencies.states import Role
from core import pdf
from core.actor import Actor
from core.errors import InvalidInput, Refusal
from core.outages import is_database_away
from designer.dry_run.stage import Stage
from dossiers import papers
from dossiers.models import Dossier, Paper
from dossiers.services import issued_papers
from dossiers.states import PaperState
from notifications import wording
from notifications.models import Notice
from outbox import services as outbox
from procedures.trying.applicants import Applicant
from procedures.trying.findings import Finding, red

log = logging.getLogger(__name__)

T = TypeVar("T")
A_MOMENT = timedelta(seconds=1)
JUST_IN_TIME = timedelta(minutes=1)
SAMPLE = "MẪU – CHẠY THỬ"


class Halted(Exception):
    """The play cannot go on; why is among its findings."""


@dataclass
class Play:
    """Goes on from ``at``, which moves with the deadlines of the steps. ``made`` are the forms that need no PDF again."""

    stage: Stage
    applicant: Applicant
    at: datetime
    made: set[str] = field(default_factory=set)
    lines: list[dict[str, Any]] = field(default_factory=list)
    papers: list[dict[str, str]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    places: dict[str, bool] = field(default_factory=dict)
    """Places of the result's template, and whether something came to stand there by itself."""
    _dossier_id: int = 0
    _seen_papers: set[int] = field(default_factory=set)
    _seen_notices: set[int] = field(default_factory=set)

    @property
    def dossier(self) -> Dossier:
        return Dossier.objects.select_related(
            "procedure_version", "received_at_unit", "competent_agency", "current_handler"
        ).get(pk=self._dossier_id)

    def follow(self, dossier: Dossier) -> None:
        """Play on with this dossier."""
        self._dossier_id = dossier.pk

    def officer(self, role: str) -> Actor:
        return self.stage.officer(role, at=self.at)

    def wait_for(self, due: datetime | None) -> None:
        """Let time pass until a moment before a deadline, as somebody would who is just in time."""
        if due is not None:
            self.at = max(self.at, due - JUST_IN_TIME)

    def do(
        self, what: str, step: Callable[[], T], *, by: str, path: str = "", due: datetime | None = None
    ) -> T:
        """Take a step, hand out its messages, make its papers.

        :param path: where in the document the reason is to be looked for, if the step is refused.
        :raises Halted: it was refused, or broke.
        """
        self.at += A_MOMENT
        try:
            with transaction.atomic():
                answer = step()
        except Refusal as refusal:
            self._stopped(what, told(refusal), by=by, path=path, rule="refused", due=due)
            raise Halted() from refusal
        except Exception as problem:
            if is_database_away(problem):
                raise
            log.exception("dry run broke", extra={"step": what})
            text = _("lỗi của hệ thống (%s). Hãy báo quản trị.") % type(problem).__name__
            self._stopped(what, text, by=by, path=path, rule="broke", due=due)
            raise Halted() from problem
        self.note(what, by=by, due=due)
        self._hand_out()
        return answer

    def note(
        self, what: str, *, by: str = "", due: datetime | None = None, ok: bool = True, text: str = ""
    ) -> None:
        self.lines.append(
            {
                "what": what,
                "by": by,
                "at": self.at.isoformat(),
                "due": due.isoformat() if due else None,
                "ok": ok,
                "text": text,
            }
        )

    def find(self, finding: Finding) -> None:
        if finding not in self.findings:
            self.findings.append(finding)

    def _stopped(self, what: str, why: str, *, by: str, path: str, rule: str, due: datetime | None) -> None:
        self.note(what, by=by, due=due, ok=False, text=why)
        self.find(red(rule, path, _("%(step)s không làm được: %(why)s") % {"step": what, "why": why}))

    def _hand_out(self) -> None:
        own = Dossier.objects.filter(submitter=self.stage.person)
        problems = outbox.relay_within(keys=list(own.values_list("tracking_no", flat=True)), at=self.at)
        for problem in problems:
            self.find(red("message_failed", "messages", _("Không báo được tin: %s.") % problem))
        for paper in Paper.objects.filter(dossier__in=own, state=PaperState.QUEUED).order_by("pk"):
            if paper.pk not in self._seen_papers:
                self._seen_papers.add(paper.pk)
                self._make(paper)
        self._read_messages()

    def _make(self, paper: Paper) -> None:
        """Compose a paper always, and make it as the worker does the first time that its form comes up."""
        title = str(paper.get_form_display())
        kept = ""
        try:
            composed = papers.compose(paper)
            title = composed.title
            if paper.form not in self.made:
                self.made.add(paper.form)
                issued_papers.make(paper_id=paper.pk, at=self.at)
                paper.refresh_from_db()
                if paper.state != PaperState.READY:
                    raise PaperNotMade(paper.last_error)
                kept = self.keep(f"{paper.form}.pdf", composed.body, title=composed.title)
        except Exception as problem:  # whatever the cause, the checklist says which paper could not be made
            if is_database_away(problem):
                raise
            log.warning("paper of a dry run not made", exc_info=True)
            self.papers.append({"form": paper.form, "title": title, "file": "", "ok": ""})
            self.find(
                red(
                    "paper_not_made",
                    "",
                    _("Không tạo được “%(paper)s”: %(why)s.")
                    % {"paper": paper.get_form_display(), "why": str(problem) or type(problem).__name__},
                )
            )
            return
        self.papers.append({"form": paper.form, "title": title, "file": kept, "ok": "1"})

    def keep(self, name: str, body: str, *, title: str) -> str:
        """Keep a preview that says on every look that it is none of the real ones."""
        self.files[name] = pdf.render(marked(body), title=f"{title} ({SAMPLE})").content
        return name

    def _read_messages(self) -> None:
        notices = Notice.objects.filter(person=self.stage.person).select_related("dossier").order_by("pk")
        for notice in notices:
            if notice.pk in self._seen_notices:
                continue
            self._seen_notices.add(notice.pk)
            if notice.dossier is not None:
                self._read(notice.topic, notice.dossier, notice.created_at)

    def _read(self, topic: str, dossier: Dossier, at: datetime) -> None:
        said = {}
        for language in ("vi", "en"):
            with translation.override(language):
                words = wording.of(topic=topic, dossier=dossier, at=at)
            said[language] = {"subject": words.subject, "body": words.body}
        own = self.stage.document["messages"].get(topic) or {}
        self.messages.append({"topic": topic, "at": at.isoformat(), **said, "own": own})
        if said["vi"]["body"] == said["en"]["body"]:
            self.find(
                red("message_without_english", f"messages.{topic}", _("Tin “%s” không có tiếng Anh.") % topic)
            )
        if own.get("vi") and not own.get("en"):
            self.find(
                red(
                    "message_without_english",
                    f"messages.{topic}",
                    _("Lời nhắn riêng của tin “%s” không có tiếng Anh. Viết thêm.") % said["vi"]["subject"],
                )
            )


class PaperNotMade(Exception):
    """The worker could not make a paper; its words say why."""


def told(refusal: Refusal) -> str:
    """Give a refusal in one line, each field's problem among it."""
    if isinstance(refusal, InvalidInput):
        return "; ".join(
            dict.fromkeys(f"{name}: {text}" for name, texts in refusal.errors.items() for text in texts)
        )
    return str(refusal)


def marked(body: str) -> str:
    """Put the watermark into a paper's body."""
    plain = body.replace('data-text="BẢN XEM TRƯỚC"', f'data-text="{SAMPLE}"')
    if plain != body:
        return plain
    head, bracket, rest = body.partition(">")  # the first element is the sheet itself
    return f'{head}{bracket}<p class="paper__watermark" data-text="{SAMPLE}"></p>{rest}'


ROLE_OF_APPLICANT = "applicant"


def label_of(role: str) -> str:
    """Name who takes a step."""
    return _("Người nộp") if role == ROLE_OF_APPLICANT else str(Role(role).label)
