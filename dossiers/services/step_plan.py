"""The ends of internal steps are kept where lists can be put in their order, and follow the dossier's clock."""

from __future__ import annotations

from dossiers import step_dues
from dossiers.models import Dossier, StepRecord


def follow(dossier: Dossier) -> None:
    """Write down anew until when the open steps of a locked dossier are due, after its promise has moved.

    Steps without a limit stay so; what is finished keeps the end that was written down for it.
    """
    open_ones = list(dossier.steps.filter(finished_at=None, due_at__isnull=False))
    if not open_ones:
        return
    dues = step_dues.of(dossier)
    for step in open_ones:
        step.due_at = dues.due(step)
    StepRecord.objects.bulk_update(open_ones, ["due_at"])
