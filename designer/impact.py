"""Whom a change reaches: applicants' drafts and open dossiers, counted before it is made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from dossiers.models import Dossier
from dossiers.states import OPEN, Status
from procedures.models import ProcedureVersion


@dataclass(frozen=True, slots=True)
class Impact:
    """Counts for one procedure. ``drafts_here`` and ``open_here`` stand on this very version, the others do not.

    A publication carries the drafts over when they are opened next, and leaves open dossiers on their version.
    """

    drafts_here: int
    drafts_elsewhere: int
    open_here: int
    open_elsewhere: int

    @property
    def drafts(self) -> int:
        return self.drafts_here + self.drafts_elsewhere

    @property
    def open(self) -> int:
        return self.open_here + self.open_elsewhere


def impact_of(version: ProcedureVersion) -> Impact:
    """Count who has begun or filed under the procedure. One query."""
    here = Q(procedure_version=version.pk)
    drafts, opened = Q(status=Status.DRAFT), Q(status__in=sorted(OPEN))
    return Impact(
        **Dossier.objects.filter(procedure_version__procedure=version.procedure_id).aggregate(
            drafts_here=Count("pk", filter=here & drafts),
            drafts_elsewhere=Count("pk", filter=~here & drafts),
            open_here=Count("pk", filter=here & opened),
            open_elsewhere=Count("pk", filter=~here & opened),
        )
    )


def reached(procedures: Collection[int]) -> dict[int, tuple[int, int]]:
    """Count applicants' drafts and open dossiers of several procedures. One query; 0 and 0 where there are none."""
    rows = Dossier.objects.filter(procedure_version__procedure__in=procedures).values_list(
        "procedure_version__procedure"
    )
    counted = rows.annotate(
        drafts=Count("pk", filter=Q(status=Status.DRAFT)),
        open=Count("pk", filter=Q(status__in=sorted(OPEN))),
    ).order_by()
    found = {procedure: (drafts, opened) for procedure, drafts, opened in counted}
    return {one: found.get(one, (0, 0)) for one in procedures}
