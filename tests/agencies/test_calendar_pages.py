"""The pages of working calendars: who may open them, what they show and change."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from agencies import services
from agencies.calendars import working_calendar
from agencies.models import Agency, Calendar, CalendarChange
from agencies.states import AgencyKind, Role
from core.actor import Actor
from core.working_time import DayKind, official_days
from tests.factories import AgencyFactory, OfficerFactory, PersonFactory, officer_actor

pytestmark = pytest.mark.django_db

KEEPERS = (Role.PROCEDURE_CONTROL_OFFICER, Role.SYSTEM_ADMIN)
STORM = {"kind": "local_closure", "name": "Nghỉ bão số 5", "hours": "", "reason": "Công điện 05/CĐ-UBND"}


@pytest.fixture
def city() -> Agency:
    calendar, _made = Calendar.objects.get_or_create(code="city", defaults={"name": "Thành phố"})
    services.enter_days(calendar_id=calendar.pk, days=official_days())
    return AgencyFactory.create(kind=AgencyKind.CITY, calendar=calendar)


@pytest.fixture
def ward(city: Agency) -> Agency:
    return AgencyFactory.create(calendar=city.calendar)


def sign_in(client: Client, agency: Agency, *roles: str) -> Actor:
    officer = OfficerFactory.create()
    client.force_login(officer.user)
    return officer_actor(agency, *roles, officer=officer)


def addresses(agency: Agency) -> dict[str, tuple[str, str]]:
    """Give every page of a calendar: method and address."""
    return {
        "calendar": ("get", reverse("agencies:calendar", args=[agency.code])),
        "year": ("get", reverse("agencies:calendar_year", args=[agency.code, 2026])),
        "add": ("get", reverse("agencies:add_day", args=[agency.code])),
        "save": ("post", reverse("agencies:add_day", args=[agency.code])),
        "day": ("get", reverse("agencies:day", args=[agency.code, "2026-03-03"])),
        "change": ("post", reverse("agencies:day", args=[agency.code, "2026-03-03"])),
        "remove": ("post", reverse("agencies:remove_day", args=[agency.code, "2026-03-03"])),
    }


@pytest.mark.parametrize("role", Role.values)
def test_only_the_keepers_of_a_calendar_find_it(client, ward, role):
    sign_in(client, ward, role)

    found = {
        name: getattr(client, method)(address, {**STORM, "day": "2026-03-04"}).status_code
        for name, (method, address) in addresses(ward).items()
    }

    if role in KEEPERS:
        assert found == dict.fromkeys(("calendar", "year", "add", "day"), 200) | dict.fromkeys(
            ("save", "change", "remove"), 302
        )
    else:
        assert set(found.values()) == {404}
        assert not CalendarChange.objects.filter(reason=STORM["reason"]).exists()
    assert client.get(reverse("agencies:calendars")).status_code == (302 if role in KEEPERS else 403)


@pytest.mark.parametrize("role", Role.values)
def test_the_navigation_leads_the_keepers_there(client, ward, role):
    sign_in(client, ward, role)

    page = client.get(reverse("procedures:list")).content.decode()

    assert (f'href="{reverse("agencies:calendars")}"' in page) is (role in KEEPERS)


def test_another_agencys_calendar_is_not_found(client, city, ward):
    sign_in(client, ward, *KEEPERS)

    for method, address in addresses(city).values():
        assert getattr(client, method)(address, STORM).status_code == 404
    assert not CalendarChange.objects.filter(reason=STORM["reason"]).exists()


def test_citizens_and_strangers_find_no_calendar(client, ward):
    address = reverse("agencies:calendar", args=[ward.code])
    assert client.get(address)["Location"].startswith("/dang-nhap/")

    client.force_login(PersonFactory.create().user)
    assert client.get(address).status_code == 404
    assert client.get(reverse("agencies:calendars")).status_code == 403


def test_who_keeps_several_calendars_chooses_one(client, city, ward):
    actor = sign_in(client, ward, Role.SYSTEM_ADMIN)
    officer_actor(
        city, Role.SYSTEM_ADMIN, officer=OfficerFactory._meta.model.objects.get(pk=actor.officer_id)
    )

    page = client.get(reverse("agencies:calendars")).content.decode()

    assert ward.name in page
    assert city.name in page


def test_the_year_shows_working_days_holidays_by_name_and_what_is_the_units_own(client, ward):
    sign_in(client, ward, Role.SYSTEM_ADMIN)
    year = reverse("agencies:calendar_year", args=[ward.code, 2026])
    before = client.get(year).content.decode()
    assert "Tết Nguyên đán" in before
    assert "Làm bù cho ngày 31/8/2026" in before
    assert "Đơn vị đang dùng lịch chung" in before

    client.post(reverse("agencies:add_day", args=[ward.code]), {**STORM, "day": "2026-03-03"})

    after = client.get(year).content.decode()
    assert "Nghỉ bão số 5" in after
    assert "lịch của đơn vị" in after
    assert "Đơn vị đang dùng lịch chung" not in after


def test_a_change_is_saved_told_and_kept_in_the_history_on_the_page(client, ward):
    sign_in(client, ward, Role.PROCEDURE_CONTROL_OFFICER)

    answer = client.post(
        reverse("agencies:add_day", args=[ward.code]), {**STORM, "day": "2026-03-03"}, follow=True
    )

    page = answer.content.decode()
    assert answer.redirect_chain == [(reverse("agencies:calendar_year", args=[ward.code, 2026]), 302)]
    assert "được tính lại trong ít phút" in page
    assert "Công điện 05/CĐ-UBND" in page
    assert "Theo lịch chung" in page
    assert not working_calendar(ward.pk).is_working_day(date(2026, 3, 3))


def test_a_day_of_the_units_own_is_changed_and_taken_out_again(client, ward):
    sign_in(client, ward, Role.SYSTEM_ADMIN)
    day = reverse("agencies:day", args=[ward.code, "2026-03-03"])
    assert "Bỏ ngày này khỏi lịch" not in client.get(day).content.decode()
    client.post(day, STORM)
    assert "Bỏ ngày này khỏi lịch" in client.get(day).content.decode()

    client.post(day, {**STORM, "kind": "workday", "hours": "07:30-11:30"})
    assert working_calendar(ward.pk).day(date(2026, 3, 3)).kind is DayKind.WORKDAY
    assert "07:30-11:30" in client.get(day).content.decode()

    client.post(reverse("agencies:remove_day", args=[ward.code, "2026-03-03"]), {"reason": "Bão tan"})
    assert working_calendar(ward.pk).working_sessions(date(2026, 3, 3)) == working_calendar(ward.pk).sessions


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"day": ""}, "Hãy chọn ngày."),
        ({"day": "1999-01-01"}, "Ngày nằm ngoài lịch"),
        ({"kind": ""}, "Hãy chọn loại ngày."),
        ({"name": ""}, "Hãy ghi tên ngày"),
        ({"hours": "sáng"}, "Giờ làm việc chưa đúng"),
        ({"reason": ""}, "Hãy ghi lý do và văn bản thông báo"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(client, ward, wrong, problem):
    sign_in(client, ward, Role.SYSTEM_ADMIN)

    answer = client.post(
        reverse("agencies:add_day", args=[ward.code]), {**STORM, "day": "2026-03-03", **wrong}
    )

    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert not CalendarChange.objects.filter(reason=STORM["reason"]).exists()


def test_taking_a_day_out_asks_for_the_reason_and_a_day_that_is_gone_is_told(client, ward):
    sign_in(client, ward, Role.SYSTEM_ADMIN)
    client.post(reverse("agencies:day", args=[ward.code, "2026-03-03"]), STORM)
    remove = reverse("agencies:remove_day", args=[ward.code, "2026-03-03"])

    assert client.post(remove, {"reason": ""}).status_code == 422
    client.post(remove, {"reason": "Bão tan"})
    again = client.post(remove, {"reason": "Bão tan"}, follow=True)

    assert "có thể người khác vừa bỏ" in again.content.decode()


@pytest.mark.parametrize("rest", ["1999/", "2200/", "ngay/hom-nay/", "ngay/1999-01-01/", "ngay/2026-02-30/"])
def test_a_day_or_year_that_is_none_is_not_found(client, ward, rest):
    sign_in(client, ward, Role.SYSTEM_ADMIN)

    assert client.get(reverse("agencies:calendar", args=[ward.code]) + rest).status_code == 404
    assert client.get("/can-bo/lich-lam-viec/a%00b/").status_code == 404
