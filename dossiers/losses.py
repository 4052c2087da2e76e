"""Papers of a dossier that an agency lost or damaged, as its pages tell of them. Reads only."""

from __future__ import annotations

from dossiers.models import Dossier, LossIncident


def of(dossier: Dossier) -> list[LossIncident]:
    """Give every loss of a dossier, the latest first."""
    return list(dossier.losses.select_related("agency", "recorded_by").order_by("-pk"))
