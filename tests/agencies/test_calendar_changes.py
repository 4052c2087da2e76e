from datetime import date, datetime
from typing import Any

import pytest

from agencies import services
from agencies.calendars import agencies_under, working_calendar
from agencies.models import Agency, Calendar, CalendarChange
from agencies.services import NoSuchDay
from agencies.states import AgencyKind, Role
from core.actor import Actor, ActorKind, Grant
from core.errors import InvalidInput, NotAllowed
from core.working_time import TIME_ZONE, DayKind, official_days
from outbox.models import Message

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 3, 2, 9, tzinfo=TIME_ZONE)
STORM = date(2026, 3, 3)


@pytest.fixture
def city() -> Agency:
    calendar = Calendar.objects.create(code="city", name="Thành phố")
    services.enter_days(calendar_id=calendar.pk, days=official_days(), at=NINE)
    return Agency.objects.create(code="H17.01", name="Thành phố", kind=AgencyKind.CITY, calendar=calendar)


@pytest.fixture
def ward(city: Agency) -> Agency:
    return Agency.objects.create(code="H17.34.1", name="Phường", kind=AgencyKind.WARD, calendar=city.calendar)


def keeper(agency: Agency, role: Role = Role.PROCEDURE_CONTROL_OFFICER) -> Actor:
    return Actor(ActorKind.OFFICER, "Cán bộ kiểm soát", grants=frozenset({Grant(role, agency.pk)}))


def close_for_storm(agency: Agency, **changed: Any) -> bool:
    facts: dict[str, Any] = {
        "day": STORM,
        "kind": DayKind.LOCAL_CLOSURE,
        "name": "Bão số 1",
        "hours": "",
        "reason": "Công điện 01",
        "actor": keeper(agency),
        "at": NINE,
    }
    return services.change_day(agency_id=agency.pk, **{**facts, **changed})


def test_a_unit_that_shares_the_citys_calendar_gets_its_own_with_the_first_change(city, ward):
    assert close_for_storm(ward)

    ward.refresh_from_db()
    assert ward.calendar.parent == city.calendar
    assert not working_calendar(ward.pk).is_working_day(STORM)
    assert working_calendar(ward.pk).day(date(2026, 2, 17)).name == "Tết Nguyên đán"
    assert working_calendar(city.pk).is_working_day(STORM)


def test_a_change_of_the_citys_calendar_reaches_every_unit_below(city, ward):
    close_for_storm(ward, day=date(2026, 5, 5))
    close_for_storm(city)

    assert not working_calendar(ward.pk).is_working_day(STORM)
    assert set(agencies_under(city.calendar_id)) == {city.pk, ward.pk}
    ward.refresh_from_db()
    assert agencies_under(ward.calendar_id) == [ward.pk]


def test_each_change_is_kept_with_who_when_before_after_and_why(ward):
    close_for_storm(ward)
    close_for_storm(ward, kind=DayKind.WORKDAY, name="", hours="07:30-11:30", reason="Bão đổi hướng")
    services.remove_day(agency_id=ward.pk, day=STORM, reason="Bỏ", actor=keeper(ward), at=NINE)

    ward.refresh_from_db()
    changes = list(CalendarChange.objects.filter(calendar=ward.calendar).order_by("pk"))
    kinds = [(c.before and c.before["kind"], c.after and c.after["kind"]) for c in changes]
    assert kinds == [(None, "local_closure"), ("local_closure", "workday"), ("workday", None)]
    assert [(c.reason, c.actor_name, c.at) for c in changes][1] == ("Bão đổi hướng", "Cán bộ kiểm soát", NINE)
    assert (changes[1].after or {})["sessions"] == [["07:30", "11:30"]]
    assert working_calendar(ward.pk).is_working_day(STORM)


def test_a_change_is_told_to_whoever_counts_by_the_calendar(ward):
    Message.objects.all().delete()
    close_for_storm(ward)

    ward.refresh_from_db()
    message = Message.objects.get()
    assert message.topic == services.CALENDAR_CHANGED
    assert message.payload == {"calendar_id": ward.calendar_id, "reason": "Công điện 01"}


def test_the_same_day_again_changes_nothing(ward):
    assert close_for_storm(ward)
    assert not close_for_storm(ward)
    assert CalendarChange.objects.filter(reason="Công điện 01").count() == 1


@pytest.mark.parametrize("role", [Role.AGENCY_HEAD, Role.ONE_STOP_OFFICER, Role.AUDITOR])
def test_other_roles_change_no_calendar(ward, role):
    with pytest.raises(NotAllowed):
        close_for_storm(ward, actor=keeper(ward, role))


def test_nobody_changes_another_agencys_calendar(city, ward):
    with pytest.raises(NotAllowed):
        close_for_storm(city, actor=keeper(ward, Role.SYSTEM_ADMIN))
    with pytest.raises(NotAllowed):
        services.remove_day(agency_id=city.pk, day=date(2026, 1, 1), reason="…", actor=keeper(ward), at=NINE)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"kind": "feast"}, "kind"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"hours": "7h30"}, "hours"),
        ({"hours": "13:00-17:00, 07:30-11:30"}, "hours"),
        ({"hours": "11:30-07:30"}, "hours"),
        ({"day": date(1999, 1, 1)}, "day"),
    ],
)
def test_a_wrong_field_is_named(ward, wrong, field):
    with pytest.raises(InvalidInput) as refusal:
        close_for_storm(ward, **wrong)

    assert list(refusal.value.errors) == [field]


def test_a_day_that_is_not_the_calendars_own_cannot_be_taken_out(city, ward):
    with pytest.raises(NoSuchDay):
        services.remove_day(agency_id=ward.pk, day=date(2026, 1, 1), reason="…", actor=keeper(ward), at=NINE)
