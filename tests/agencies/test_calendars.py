from datetime import date, datetime, timedelta

import pytest

from agencies import services
from agencies.calendars import working_calendar
from agencies.models import Agency, Calendar
from agencies.states import AgencyKind
from core.working_time import TIME_ZONE, DayKind, DayRecord, Session, official_days

pytestmark = pytest.mark.django_db


def agency(calendar: Calendar, *, code: str = "H17.34.01") -> Agency:
    return Agency.objects.create(code=code, name="Phường", kind=AgencyKind.WARD, calendar=calendar)


@pytest.fixture
def city() -> Calendar:
    calendar = Calendar.objects.create(code="city", name="Thành phố")
    services.enter_days(calendar_id=calendar.pk, days=official_days())
    return calendar


def test_a_units_calendar_inherits_the_citys_days_and_adds_its_own(city):
    own = Calendar.objects.create(code="hai-chau", name="Hải Châu", parent=city)
    services.enter_days(
        calendar_id=own.pk, days=[DayRecord(date(2026, 3, 10), DayKind.LOCAL_CLOSURE, "Sửa trụ sở")]
    )

    calendar = working_calendar(agency(own).pk)

    assert calendar.day(date(2026, 2, 17)).name == "Tết Nguyên đán"
    assert calendar.day(date(2026, 3, 10)).name == "Sửa trụ sở"
    assert calendar.known_years == {2025, 2026}


def test_a_unit_may_take_back_a_day_off_of_the_city(city):
    own = Calendar.objects.create(code="hai-chau", name="Hải Châu", parent=city)
    services.enter_days(calendar_id=own.pk, days=[DayRecord(date(2026, 1, 2), DayKind.WORKDAY)])

    assert working_calendar(agency(own).pk).is_working_day(date(2026, 1, 2))
    assert not working_calendar(agency(city, code="H17.05").pk).is_working_day(date(2026, 1, 2))


def test_office_hours_come_from_the_nearest_calendar_that_sets_them(city):
    own = Calendar.objects.create(
        code="islands", name="Đảo", parent=city, sessions=[["08:00", "12:00"], ["13:30", "17:30"]]
    )

    calendar = working_calendar(agency(own).pk)

    nine = datetime(2026, 3, 9, 9, tzinfo=TIME_ZONE)
    assert calendar.add(nine, timedelta(hours=4)) == datetime(2026, 3, 9, 14, 30, tzinfo=TIME_ZONE)


def test_a_days_own_sessions_and_provisional_mark_survive_the_database(city):
    record = DayRecord(
        date(2028, 5, 2), DayKind.MAKE_UP_WORKDAY, "Làm bù", (Session.of("07:00", "11:00"),), provisional=True
    )
    services.enter_days(calendar_id=city.pk, days=[record])

    assert working_calendar(agency(city).pk).day(date(2028, 5, 2)) == record


def test_a_calendar_is_built_once_until_a_day_changes(city, django_assert_num_queries):
    unit = agency(city)
    first = working_calendar(unit.pk)

    with django_assert_num_queries(1):
        assert working_calendar(unit.pk) is first

    services.enter_days(calendar_id=city.pk, days=[DayRecord(date(2026, 12, 31), DayKind.SWAPPED_OFF)])
    assert not working_calendar(unit.pk).is_working_day(date(2026, 12, 31))


def test_entering_the_same_days_again_changes_nothing(city):
    assert services.enter_days(calendar_id=city.pk, days=official_days()) == 0
    city.refresh_from_db()
    assert city.version == 2
