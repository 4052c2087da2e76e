"""Where a dossier may be handed in, and for whom: the three agencies of a dossier (NĐ 309/2026, art. 7–8)."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, AgencyQuerySet
from agencies.states import COMMUNE_KINDS, AgencyKind
from core.errors import InvalidInput
from dossiers import rule_sets
from dossiers.models import Dossier


def centres(competent: Agency, *, at: datetime) -> AgencyQuerySet:
    """Give the agencies whose one-stop unit may receive for a competent agency at ``at``.

    Its own one always; for a department the city's centre; any centre of the city since NĐ 118/2025.
    """
    accepted = Q(pk=competent.pk)
    if competent.kind == AgencyKind.DEPARTMENT:
        accepted |= Q(kind=AgencyKind.CITY)
    if rule_sets.in_force(at).intake_anywhere:
        accepted |= Q(kind__in=(*COMMUNE_KINDS, AgencyKind.CITY))
    return Agency.objects.filter(accepted).in_force(on=timezone.localdate(at))


def all_centres(*, at: datetime) -> list[Agency]:
    """List the centres of the city that receive for every commune at ``at``, by name; none before NĐ 118/2025."""
    if not rule_sets.in_force(at).intake_anywhere:
        return []
    kinds = (*COMMUNE_KINDS, AgencyKind.CITY)
    found = Agency.objects.filter(kind__in=kinds).in_force(on=timezone.localdate(at))
    return list(found.order_by("name_sort", "pk"))


def require_centre(
    *, competent: Agency, at: datetime, unit_id: int | None = None, code: str = "", field: str = "centre"
) -> Agency:
    """Give the centre that is named by id or agency code; the competent agency's own where none is named.

    :raises InvalidInput: under ``field``: it may not receive for this agency, or exists no more.
    """
    if unit_id is None and not code:
        return competent
    named = Q(code=code) if code else Q(pk=unit_id)
    found = centres(competent, at=at).filter(named).first()
    if found is None:
        raise InvalidInput(
            {
                field: [
                    _("Nơi này không tiếp nhận hồ sơ của %(agency)s. Hãy chọn một trung tâm trong danh sách.")
                    % {"agency": competent.name}
                ]
            }
        )
    return found


def crosses_areas(*, received_at: Agency | None, competent: Agency | None) -> bool:
    """Say whether a dossier is received for an agency of another area, so that its clock waits for that agency.

    The city's centre is the own one of every department.
    """
    if received_at is None or competent is None or received_at.pk == competent.pk:
        return False
    return not (competent.kind == AgencyKind.DEPARTMENT and received_at.kind == AgencyKind.CITY)


def hand_in_at(dossier: Dossier, *, received_at: Agency, competent: Agency) -> None:
    """Set who receives and who decides; the caller saves ``PLACE_FIELDS``."""
    dossier.received_at_unit, dossier.competent_agency = received_at, competent
    dossier.is_cross_area = crosses_areas(received_at=received_at, competent=competent)


PLACE_FIELDS = ("received_at_unit", "competent_agency", "is_cross_area")


def successor_of(agency: Agency, *, on: date) -> Agency:
    """Give the agency that has an agency's tasks on a day: itself, or the one at the end of its successors (L20)."""
    found, seen = agency, {agency.pk}
    while found.valid_to is not None and found.valid_to < on and found.successor is not None:
        if found.successor.pk in seen:
            break
        found = found.successor
        seen.add(found.pk)
    return found
