"""The gate before approval: lint, dry run and rehearsal of this very revision without red items, or a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import InvalidInput
from designer import rehearsal, trials
from designer.dry_run.playing import told
from designer.models import Trial
from designer.states import TrialKind, TrialState
from procedures import selectors as catalogue
from procedures import services
from procedures.models import ProcedureVersion
from procedures.services.drafts import lock_draft
from procedures.trying.lint import lint

MOST_KEPT = 50
"""So many findings of each kind are kept with the reason."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One kind of trial that stands in the way: it is missing, or has found ``findings`` that are red."""

    kind: TrialKind
    text: str
    findings: list[dict[str, str]] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        """Give it as the log of the version keeps it."""
        return {
            "kind": str(self.kind),
            "text": self.text,
            "red": len(self.findings),
            "findings": self.findings[:MOST_KEPT],
        }


class NotTried(InvalidInput):
    """The draft has not come through its trials, and no reason was given; ``obstacles`` are what is in the way."""

    code = "not_tried"

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__(
            {
                "reason": [
                    *(one.text for one in obstacles),
                    _("Hãy sửa và thử lại, hoặc ghi lý do vì sao vẫn duyệt; lý do được lưu cùng các mục đỏ."),
                ]
            }
        )
        self.obstacles = list(obstacles)


def obstacles(version: ProcedureVersion, *, at: datetime) -> list[Obstacle]:
    """Give what stands in the way of an approval without a reason, in the order of the trials. Reads only."""
    found = []
    if red := _red_of_lint(version, at=at):
        found.append(_red(TrialKind.LINT, red))
    latest = trials.latest(version)
    needed = [TrialKind.DRY_RUN]
    if rehearsal.dossiers(version.procedure_id, at=at).exists():
        needed.append(TrialKind.REHEARSAL)
    for kind in needed:
        trial = latest.get(kind)
        if trial is None or trial.state != TrialState.DONE:
            found.append(Obstacle(kind, _missing(kind, trial)))
        elif trial.red:
            found.append(_red(kind, [one for one in trial.findings if one["weight"] == "red"]))
    return found


@transaction.atomic
def approve(*, version_id: int, actor: Actor, at: datetime, reason: str = "") -> ProcedureVersion:
    """Approve a draft that has come through its trials, or despite them for a reason, which is kept with what was red.

    :raises NotTried: under ``reason``: a trial of this revision is missing or has found something red.
    :raises NotReady, NoDraft, NotAllowed: as `procedures.services.approve`.
    """
    version = lock_draft(version_id=version_id, actor=actor)
    found = obstacles(version, at=at)
    reason = reason.strip()
    if found and not reason:
        raise NotTried(found)
    return services.approve(
        version_id=version_id, actor=actor, at=at, reason=reason, despite=[one.kept() for one in found]
    )


def _red_of_lint(version: ProcedureVersion, *, at: datetime) -> list[dict[str, str]]:
    said = trials.said_by(version, revision=version.revision)
    try:
        with translation.override("vi"):
            found = lint(said, today=timezone.localdate(at), codes=catalogue.known_codes(said))
    except InvalidInput as problem:
        return [{"rule": "broken_form", "path": "eform", "weight": "red", "text": told(problem)}]
    return [
        {"rule": one.rule, "path": one.path, "weight": str(one.weight), "text": one.text}
        for one in found
        if one.is_red
    ]


def _red(kind: TrialKind, findings: list[dict[str, str]]) -> Obstacle:
    text = _("%(trial)s còn %(count)d mục đỏ.") % {"trial": kind.label, "count": len(findings)}
    return Obstacle(kind, text, findings)


def _missing(kind: TrialKind, trial: Trial | None) -> str:
    if trial is not None and not trial.is_finished:
        return _("%s chưa xong.") % kind.label
    if trial is not None:
        return _("%(trial)s không chạy được: %(why)s") % {"trial": kind.label, "why": trial.error}
    return _("%s chưa làm với bản đang có.") % kind.label
