"""Two keepers change the same calendar at the same time."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import connections

from agencies import services
from agencies.models import Agency, Calendar, CalendarChange
from agencies.states import AgencyKind, Role
from core.actor import Actor, ActorKind, Grant
from core.working_time import TIME_ZONE, DayKind
from tests.threads import in_two_threads

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_first_change_of_a_unit_made_twice_gives_one_calendar_and_one_change():
    city = Calendar.objects.create(code="city", name="Thành phố")
    ward, _other = (
        Agency.objects.create(code=code, name="Phường", kind=AgencyKind.WARD, calendar=city)
        for code in ("H17.34.1", "H17.34.2")
    )
    keeper = Actor(ActorKind.OFFICER, "Cán bộ", grants=frozenset({Grant(Role.SYSTEM_ADMIN, ward.pk)}))

    def close() -> bool:
        return services.change_day(
            agency_id=ward.pk,
            day=date(2026, 3, 3),
            kind=DayKind.LOCAL_CLOSURE,
            name="Bão số 1",
            hours="",
            reason="Công điện 01",
            actor=keeper,
            at=datetime(2026, 3, 2, 9, tzinfo=TIME_ZONE),
        )

    answers = in_two_threads(close, after=connections.close_all)

    ward.refresh_from_db()
    assert sorted(answers) == [False, True]
    assert Calendar.objects.filter(parent=city).get() == ward.calendar
    assert CalendarChange.objects.count() == 1
