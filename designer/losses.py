"""What a change takes from people who have begun or filed, told before it is made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch

from dossiers.drafts import same_name, short
from dossiers.models import Dossier, DossierComponent
from dossiers.services.drafting import KEPT
from dossiers.states import OPEN, Status
from procedures import eforms
from procedures.models import ProcedureVersion

MOST = 2_000
"""So many drafts, the newest, are looked at one by one; beyond, only their number is told."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What one draft loses when it is carried over: labels of questions and names of papers, no answer."""

    tracking_no: str
    dropped: list[str] = field(default_factory=list)
    to_check: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.dropped or self.to_check or self.new or self.files)


@dataclass(frozen=True, slots=True)
class Losses:
    """``drafts`` are carried over by a publication, ``looked_at`` of them were read; ``rows`` are those that lose.

    ``dropped``, ``to_check``, ``new`` and ``files`` count drafts by label.
    """

    drafts: int
    looked_at: int
    rows: list[Loss]

    def counted(self, what: str) -> list[tuple[str, int]]:
        """Give by label how many drafts it touches, most first; ``what`` is the name of a list of `Loss`."""
        return Counter(label for one in self.rows for label in getattr(one, what)).most_common()


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom closing or abolishing a version touches: drafts that can be filed no more, dossiers that go on."""

    drafts: int
    open_dossiers: int


def of_closing(version: ProcedureVersion) -> Touched:
    """Count whom it touches when a version stops to take dossiers, or is abolished."""
    mine = Dossier.objects.filter(procedure_version=version)
    return Touched(mine.filter(status=Status.DRAFT).count(), mine.filter(status__in=sorted(OPEN)).count())


def of_publishing(version: ProcedureVersion, *, at: datetime) -> Losses:
    """Say what each draft of the procedure loses when this version takes the place of its own. Reads only.

    Drafts that nobody has touched for so long that they are about to be deleted are left out.

    :raises InvalidInput: the e-form of the version is broken.
    """
    drafts = Dossier.objects.filter(
        procedure_version__procedure=version.procedure_id, status=Status.DRAFT, updated_at__gte=at - KEPT
    ).exclude(procedure_version=version)
    new = eforms.of_version(version)
    slots = {
        same_name(name) for name in version.components.filter(is_upload=True).values_list("name", flat=True)
    }
    files = Prefetch(
        "components", DossierComponent.objects.filter(replaced_at=None).select_related("component")
    )
    old: dict[int, eforms.Schema] = {}
    looked_at, rows = 0, []
    newest = drafts.select_related("procedure_version").prefetch_related(files).order_by("-pk")[:MOST]
    for draft in newest:
        looked_at += 1
        if draft.procedure_version_id not in old:
            old[draft.procedure_version_id] = eforms.of_version(draft.procedure_version)
        loss = _of_one(draft, old=old[draft.procedure_version_id], new=new, slots=slots)
        if loss:
            rows.append(loss)
    return Losses(drafts.count(), looked_at, rows)


def _of_one(draft: Dossier, *, old: eforms.Schema, new: eforms.Schema, slots: set[str]) -> Loss:
    moved = eforms.carried(old, new, draft.form_data, "vi")
    return Loss(
        draft.tracking_no,
        dropped=[one.field.label for one in moved.dropped],
        to_check=[one.field.label for one in moved.to_check],
        new=[one.label for one in (*moved.new, *moved.required)],
        files=[
            short(one.component.name)
            for one in draft.components.all()
            if same_name(one.component.name) not in slots
        ],
    )
