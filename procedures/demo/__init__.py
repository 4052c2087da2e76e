"""Procedures that can be filed online from start to end, as demonstration data: three, and one bundle of three more.

Their published part is entered only where the catalogue does not have the procedure: an import before or after
keeps what the city added.
"""

from __future__ import annotations

from django.db import transaction

from agencies.models import Agency
from core.actor import Actor
from procedures import city_part, services
from procedures.city_part import CityPart
from procedures.demo import (
    birth_bundle,
    birth_parts,
    marital_status,
    transport,
    transport_licence,
    vehicle_badge,
)
from procedures.demo.published import Published, publish
from procedures.models import ProcedureVersion


def load() -> None:
    """Enter the demonstration procedures. Needs the demonstration agencies; safe and quick to repeat."""
    department = Agency.objects.get(code=transport.AGENCY_CODE)
    offer(marital_status.PUBLISHED, marital_status.CITY_PART)
    offer(vehicle_badge.PUBLISHED, vehicle_badge.city_part(department.pk))
    offer(transport_licence.PUBLISHED, transport_licence.city_part(department.pk))
    for part in birth_parts.PARTS:
        offer(part.published, part.city_part)
    offer(birth_bundle.PUBLISHED, birth_bundle.CITY_PART)


@transaction.atomic
def offer(published: Published, part: CityPart) -> ProcedureVersion:
    """Have a procedure with its city part open for filing; one that has a city part is left as it is."""
    version = ProcedureVersion.objects.filter(current_of__code=published.code).first() or publish(published)
    if city_part.has(version):
        return version
    actor = Actor.system()
    services.add_city_part(version_id=version.pk, part=part, actor=actor)
    return services.open_for_filing(version_id=version.pk, actor=actor)
