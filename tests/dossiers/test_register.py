"""The register: numbers that restart each year, what a line says, who reads it, and how a year is closed."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import threading
import weakref
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, Officer
from agencies.states import Role
from core import pdf, signing
from core.actor import Actor
from core.errors import NotAllowed
from core.signing import demo_ca
from core.working_time import TIME_ZONE
from dossiers import register_book, register_export
from dossiers.models import Dossier, RegisterLine, RegisterYear
from dossiers.register_book import Wanted
from dossiers.services import register, register_volumes, returning
from dossiers.states import HandOverMethod, Status
from outbox import services as outbox
from outbox.models import Message
from tests import pdf_a
from tests.factories import (
    NINE,
    AgencyFactory,
    DossierFactory,
    PersonFactory,
    VersionFactory,
    actor_for,
    officer_actor,
    walk,
)

pytestmark = pytest.mark.django_db

NEXT_YEAR = datetime(2027, 1, 4, 9, 0, tzinfo=TIME_ZONE)


def accepted(unit: Agency, *, at: datetime = NINE, **facts: Any) -> Dossier:
    dossier = DossierFactory.create(received_at_unit=unit, **facts)
    walk(dossier, Status.ACCEPTED, at=at)
    return dossier


def entered(*dossiers: Dossier) -> list[RegisterLine]:
    return [register.enter(dossier_id=dossier.pk) for dossier in dossiers]


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Officer.objects.get(pk=actor.officer_id or 0).user)
    return client


@pytest.fixture
def unit() -> Agency:
    return AgencyFactory.create()


def test_an_accepted_dossier_is_entered_when_its_message_is_relayed(unit):
    dossier = accepted(unit)

    outbox.relay(at=NINE)

    line = RegisterLine.objects.get(dossier=dossier)
    assert (line.number, line.book.agency, line.book.year) == (1, unit, 2026)


def test_numbers_restart_each_year_and_at_each_unit(unit):
    elsewhere = AgencyFactory.create()
    lines = entered(
        accepted(unit),
        accepted(unit),
        accepted(unit, at=NEXT_YEAR),
        accepted(elsewhere),
    )

    assert [(line.book.year, line.number) for line in lines] == [(2026, 1), (2026, 2), (2027, 1), (2026, 1)]


def test_the_year_is_that_of_da_nang_and_not_of_greenwich(unit):
    new_year = datetime(2027, 1, 1, 0, 30, tzinfo=TIME_ZONE)
    dossier = accepted(unit)
    Dossier.objects.filter(pk=dossier.pk).update(accepted_at=new_year)

    (line,) = entered(dossier)

    assert line.book.year == 2027


def test_entering_again_gives_the_same_line(unit):
    dossier = accepted(unit)

    first, again = entered(dossier, dossier)

    assert (first.pk, again.book.last) == (again.pk, 1)


def test_what_is_not_accepted_has_no_line(unit):
    dossier = DossierFactory.create(received_at_unit=unit, reach=Status.SUBMITTED)

    with pytest.raises(Dossier.DoesNotExist):
        register.enter(dossier_id=dossier.pk)


@pytest.mark.django_db(transaction=True)
def test_dossiers_entered_at_once_get_numbers_without_gap_or_double():
    unit = AgencyFactory.create()
    dossiers = [accepted(unit) for _ in range(4)]
    start = threading.Barrier(4)

    def enter(pk: int) -> None:
        start.wait()
        try:
            register.enter(dossier_id=pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=(dossier.pk,)) for dossier in dossiers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(RegisterLine.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_a_line_says_what_the_form_asks_for(unit):
    person = PersonFactory.create(full_name="Trần Thị Mẫu (minh họa)")
    dossier = accepted(unit, owner_person=person, contact_phone="0905 123 456")
    entered(dossier)
    walked = Dossier.objects.get(pk=dossier.pk)

    (row,) = register_book.rows(RegisterYear.objects.get(), Wanted(), at=NINE)

    assert (row.number, row.code, row.count) == (1, walked.code, 1)
    assert row.procedure == walked.procedure_version.short_name
    assert (row.owner, row.agency) == ("Trần Thị Mẫu (minh họa)", unit.name)
    assert person.address in row.contact
    assert "0905 123 456" in row.contact
    assert (row.received_at, row.due_at, row.returned_at) == (NINE, walked.due_at, None)


def test_a_returned_dossier_shows_when_how_and_to_whom(unit):
    dossier = DossierFactory.create(received_at_unit=unit, reach=Status.COMPLETED)
    entered(dossier)
    at = NINE + timedelta(hours=2)
    returning.hand_over(
        dossier_id=dossier.pk,
        method=HandOverMethod.COUNTER,
        receiver_name=dossier.owner_person.full_name,
        receiver_id_checked=True,
        actor=actor_for(dossier, Role.ONE_STOP_OFFICER),
        at=at,
    )

    (row,) = register_book.rows(RegisterYear.objects.get(), Wanted(), at=at)

    assert (row.returned_at, row.method) == (at, "Trực tiếp tại quầy")
    assert row.receiver == dossier.owner_person.full_name
    assert row.note == ""


def test_a_late_dossier_and_a_rescheduled_one_are_noted(unit):
    late, moved = accepted(unit), accepted(unit)
    entered(late, moved)
    Dossier.objects.filter(pk=moved.pk).update(is_rescheduled=True, due_at=NEXT_YEAR)

    notes = [row.note for row in register_book.rows(RegisterYear.objects.get(), Wanted(), at=NEXT_YEAR)]

    assert notes == ["Quá hạn", "Đã xin lỗi và hẹn lại; Quá hạn"]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(), [1, 2, 3]),
        (Wanted(search="2"), [2]),
        (Wanted(search="tran mau"), [1]),
        (Wanted(search="Trần Thị"), [1]),
        (Wanted(search="không có ai"), []),
        (Wanted(state="returned"), [3]),
        (Wanted(state="open"), [1, 2]),
        (Wanted(state="late"), [1, 2]),
        (Wanted(since=datetime(2026, 3, 3).date()), [2]),  # noqa: DTZ001
        (Wanted(until=datetime(2026, 3, 2).date()), [1, 3]),  # noqa: DTZ001
    ],
)
def test_the_register_is_searched_and_narrowed_down(unit, wanted, numbers):
    first = accepted(unit, owner_person=PersonFactory.create(full_name="Trần Thị Mẫu (minh họa)"))
    second = accepted(unit, at=NINE + timedelta(days=1))
    third = DossierFactory.create(received_at_unit=unit, reach=Status.RETURNED)
    entered(first, second, third)

    found = register_book.rows(RegisterYear.objects.get(), wanted, at=NINE + timedelta(days=30))

    assert [row.number for row in found] == numbers


def test_a_code_finds_its_line(unit):
    first, second = accepted(unit), accepted(unit)
    entered(first, second)
    code = Dossier.objects.get(pk=second.pk).code

    found = register_book.rows(RegisterYear.objects.get(), Wanted(search=code.lower()), at=NINE)

    assert [row.code for row in found] == [code]


# Pages


@pytest.mark.parametrize("name", ["register", "register_print", "register_export"])
def test_a_year_in_which_nothing_was_received_has_an_empty_book(unit, name):
    answer = client_of(officer_actor(unit, Role.AGENCY_HEAD)).get(reverse(f"desk:{name}"))

    said = {
        "register": "Sổ chưa có dòng nào",
        "register_print": "Không có dòng nào.",
        "register_export": "Mã hồ sơ",
    }
    assert answer.status_code == 200
    assert said[name] in answer.getvalue().decode()


def test_a_page_of_the_register_costs_the_same_however_long_it_is(unit, django_assert_max_num_queries):
    version = VersionFactory.create()
    entered(*(accepted(unit, procedure_version=version) for _ in range(6)))
    client = client_of(officer_actor(unit, Role.ONE_STOP_OFFICER))
    client.get(reverse("desk:register"), {"nam": "2026"})

    with django_assert_max_num_queries(10):
        page = client.get(reverse("desk:register"), {"nam": "2026"}).content.decode()

    assert page.count("data-label") >= 6


def test_the_pages_follow_each_other_from_the_latest_line_to_the_first(unit, monkeypatch):
    monkeypatch.setattr(register_book, "PAGE_SIZE", 2)
    entered(*(accepted(unit) for _ in range(3)))
    book = RegisterYear.objects.get()

    first = register_book.page_of(book, Wanted(), at=NINE)
    second = register_book.page_of(book, Wanted(), at=NINE, after=first.later)

    assert [line.number for line in first.rows] == [3, 2]
    assert [line.number for line in second.rows] == [1]
    assert not second.later


@pytest.mark.parametrize("role", [Role.ONE_STOP_OFFICER, Role.UNIT_LEADER, Role.AGENCY_HEAD])
@pytest.mark.parametrize("name", ["register", "register_print", "register_export"])
def test_the_unit_reads_prints_and_exports_its_register(unit, role, name):
    dossier = accepted(unit)
    entered(dossier)
    code = Dossier.objects.get(pk=dossier.pk).reference

    answer = client_of(officer_actor(unit, role)).get(reverse(f"desk:{name}"), {"nam": "2026"})

    assert answer.status_code == 200
    assert code in answer.getvalue().decode()


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.SIGNER, Role.CLERK, Role.AUDITOR])
def test_other_roles_read_no_register(unit, role):
    for name in ("register", "register_print", "register_export", "register_close"):
        answer = client_of(officer_actor(unit, role)).get(reverse(f"desk:{name}"))
        assert answer.status_code == 403


def test_citizens_read_no_register(client):
    client.force_login(PersonFactory.create().user)

    assert client.get(reverse("desk:register")).status_code == 403


def test_the_register_of_another_unit_does_not_exist(unit):
    elsewhere = AgencyFactory.create()
    entered(accepted(elsewhere))
    client = client_of(officer_actor(unit, Role.ONE_STOP_OFFICER))

    for asked in ({"don_vi": str(elsewhere.pk)}, {"nam": "1999"}, {"nam": "x"}, {"don_vi": "9" * 30}):
        assert client.get(reverse("desk:register"), asked).status_code == 404


def test_the_export_opens_in_a_spreadsheet_and_runs_nothing_there(unit):
    entered(accepted(unit, owner_person=PersonFactory.create(full_name='=HYPERLINK("http://x")')))
    client = client_of(officer_actor(unit, Role.ONE_STOP_OFFICER))

    answer = client.get(reverse("desk:register_export"), {"nam": "2026"})

    content = answer.getvalue()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert content.startswith(b"\xef\xbb\xbf")
    head, line = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert head[:3] == ["Số thứ tự", "Mã hồ sơ", "Thủ tục"]
    assert len(head) == len(line) == 13
    assert line[4] == '\'=HYPERLINK("http://x")'
    assert line[7] == "02/03/2026 09:00"


def test_the_workbook_holds_the_same_lines_as_text_and_computes_nothing(unit):
    entered(accepted(unit, owner_person=PersonFactory.create(full_name='=HYPERLINK("http://x")')))
    client = client_of(officer_actor(unit, Role.ONE_STOP_OFFICER))

    answer = client.get(reverse("desk:register_workbook"), {"nam": "2026"})

    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as file:
        parts = {name: file.read(name).decode() for name in file.namelist() if name.endswith(".xml")}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.lower().replace("=hyperlink", "")
    assert "Mã hồ sơ" in sheet
    assert "'=HYPERLINK(" in sheet.replace("&#39;", "'")
    assert "02/03/2026 09:00" in sheet
    assert '<c r="A2"><v>1</v></c>' in sheet


def test_an_export_holds_one_line_at_a_time(unit, monkeypatch):
    """What is alive is counted, not megabytes: a row is let go before the third one after it is made."""
    entered(*(accepted(unit) for _ in range(6)))
    book, most = RegisterYear.objects.get(), 0
    alive: weakref.WeakSet[register_book.Row] = weakref.WeakSet()

    class Line(register_book.Row):
        __slots__ = ("__weakref__",)

    def lines():
        nonlocal most
        for one in register_book.rows(book, Wanted(), at=NINE):
            line = Line(**{field.name: getattr(one, field.name) for field in dataclasses.fields(one)})
            alive.add(line)
            most = max(most, len(alive))
            yield line
            del line

    register_export.workbook(lines(), title="2026").close()
    assert most <= 2
    most = 0
    assert sum(1 for _ in register_export.csv_lines(lines())) == 7
    assert most <= 2


MANY = """
    INSERT INTO dossiers_dossier
    SELECT (jsonb_populate_record(one, jsonb_build_object(
        'id', one.id + n, 'tracking_no', 'TN-MANY-' || n, 'code', 'H17.90-260302-' || n
    ))).*
    FROM dossiers_dossier AS one, generate_series(1, 3000) AS n WHERE one.id = %s
"""


@pytest.mark.parametrize(("text", "index"), [("H17.34", "dossiers_dossier_code"), ("nguyen van", "words")])
def test_the_search_looks_codes_and_names_up_by_their_indexes(unit, text, index):
    (line,) = entered(accepted(unit))
    with connection.cursor() as cursor:
        cursor.execute(MANY, [line.dossier_id])
        cursor.execute("ANALYZE dossiers_dossier")
        cursor.execute(
            "SET LOCAL enable_seqscan = off"
        )  # the other tables are small: an index costs more there

    page = register_book.page_of(line.book, Wanted(search=text), at=NINE)
    plan = register_book._lines(line.book, Wanted(search=text), at=NINE).order_by("-number")[:50].explain()

    assert [one.pk for one in page.rows] == [line.pk]
    assert index in plan
    assert "Seq Scan on dossiers_dossier" not in plan


def test_the_filters_of_the_address_hold_for_print_and_export_too(unit):
    first, second = accepted(unit), accepted(unit, at=NINE + timedelta(days=1))
    entered(first, second)
    client = client_of(officer_actor(unit, Role.ONE_STOP_OFFICER))
    codes = {one.pk: one.reference for one in Dossier.objects.all()}

    for name in ("register", "register_print", "register_export"):
        asked = {"nam": "2026", "tu": "2026-03-03", "den": "not a day"}
        text = client.get(reverse(f"desk:{name}"), asked).getvalue().decode()
        assert codes[second.pk] in text
        assert codes[first.pk] not in text


def test_a_print_that_would_be_too_long_says_so(unit, monkeypatch):
    from dossiers.views import desk_register

    monkeypatch.setattr(desk_register, "PRINTED_MOST", 1)
    entered(accepted(unit), accepted(unit))

    page = client_of(officer_actor(unit, Role.UNIT_LEADER)).get(
        reverse("desk:register_print"), {"nam": "2026"}
    )

    assert "Chỉ in được 1 dòng một lần" in page.content.decode()


# Closing a year


def test_the_head_closes_a_year_that_is_over_once(unit):
    entered(accepted(unit))
    head = officer_actor(unit, Role.AGENCY_HEAD)

    with pytest.raises(register.YearNotOver):
        register.close(agency_id=unit.pk, year=2026, actor=head, at=NINE)
    closed = register.close(agency_id=unit.pk, year=2026, actor=head, at=NEXT_YEAR)
    with pytest.raises(register.BookClosed):
        register.close(agency_id=unit.pk, year=2026, actor=head, at=NEXT_YEAR)

    assert (closed.closed_at, closed.closed_by_id) == (NEXT_YEAR, head.officer_id)


def closed(unit: Agency, *dossiers: Dossier) -> RegisterYear:
    entered(*dossiers)
    head = officer_actor(unit, Role.AGENCY_HEAD)
    return register.close(agency_id=unit.pk, year=2026, actor=head, at=NEXT_YEAR)


def test_a_closed_book_is_queued_in_volumes_that_hold_every_line_once(unit, monkeypatch):
    monkeypatch.setattr(register_volumes, "LINES", 2)

    book = closed(unit, *(accepted(unit) for _ in range(5)))

    spans = list(book.volumes.order_by("number").values_list("number", "first_line", "last_line"))
    assert spans == [(1, 1, 2), (2, 3, 4), (3, 5, 5)]
    assert Message.objects.filter(topic=register_volumes.CLOSED).count() == 1
    assert len(register_volumes.queued(book_id=book.pk)) == 3


def test_a_volume_that_cannot_be_made_stays_queued_and_is_tried_again_more_and_more_rarely(unit, monkeypatch):
    book = closed(unit, accepted(unit))
    monkeypatch.setattr(register_volumes, "_signed", lambda volume, *, at: 1 / 0)
    (volume_id,) = register_volumes.queued(book_id=book.pk)

    assert not register_volumes.make(volume_id=volume_id, at=NEXT_YEAR)

    volume = book.volumes.get()
    assert (volume.state, volume.attempts) == ("queued", 1)
    assert "ZeroDivisionError" in volume.last_error
    once, twice = register_volumes.FIRST_RETRY, register_volumes.FIRST_RETRY * 2
    assert register_volumes.overdue(at=NEXT_YEAR + once + timedelta(seconds=1)) == []
    assert register_volumes.overdue(at=NEXT_YEAR + twice + timedelta(seconds=1)) == [volume_id]


@pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed")
def test_a_volume_is_made_once_as_signed_pdf_a_and_handed_out(unit, settings, tmp_path):
    settings.SIGNING_DIR = tmp_path
    demo_ca.ensure(tmp_path, at=NINE)
    demo_ca.issue(
        tmp_path,
        key_id="seal",
        common_name="Phường (minh họa)",
        organisation="Thành phố Đà Nẵng",
        kind="agency",
        at=NINE,
    )
    Agency.objects.filter(pk=unit.pk).update(seal_key_id="seal")
    dossier = accepted(unit)
    book = closed(unit, dossier)
    (volume_id,) = register_volumes.queued(book_id=book.pk)

    assert register_volumes.make(volume_id=volume_id, at=NEXT_YEAR)
    assert not register_volumes.make(volume_id=volume_id, at=NEXT_YEAR + timedelta(days=1))

    client = client_of(officer_actor(unit, Role.ONE_STOP_OFFICER))
    answer = client.get(reverse("desk:register_volume", args=[1]), {"nam": "2026"})
    content = answer.getvalue()
    assert pdf_a.problems(content) == []
    (report,) = signing.verify(content, at=NEXT_YEAR)
    assert (report.field, report.problem) == (register_volumes.FIELD, "")
    assert hashlib.sha256(content).hexdigest() == book.volumes.get().sha256
    assert "Quyển 1, dòng 1–1 (PDF)" in client.get(reverse("desk:register"), {"nam": "2026"}).content.decode()


def test_a_volume_that_is_not_made_yet_or_of_another_unit_is_not_found(unit):
    book = closed(unit, accepted(unit))
    reader = client_of(officer_actor(unit, Role.ONE_STOP_OFFICER))
    stranger = client_of(officer_actor(AgencyFactory.create(), Role.ONE_STOP_OFFICER))
    address = reverse("desk:register_volume", args=[1])

    assert reader.get(address, {"nam": "2026"}).status_code == 404
    book.volumes.update(state="ready", file="x.pdf")
    assert stranger.get(address, {"don_vi": unit.pk, "nam": "2026"}).status_code == 404
    assert client_of(officer_actor(unit, Role.SPECIALIST)).get(address, {"nam": "2026"}).status_code == 403
    page = reader.get(reverse("desk:register"), {"nam": "2026"}).content.decode()
    assert f"{address}?don_vi={unit.pk}" in page.replace("&amp;", "&")


def test_a_year_is_not_closed_while_a_dossier_waits_for_its_line(unit):
    dossier = accepted(unit)
    head = officer_actor(unit, Role.AGENCY_HEAD)

    with pytest.raises(register.LinesMissing):
        register.close(agency_id=unit.pk, year=2026, actor=head, at=NEXT_YEAR)
    entered(dossier)
    register.close(agency_id=unit.pk, year=2026, actor=head, at=NEXT_YEAR)

    late = accepted(unit)
    with pytest.raises(register.BookClosed):
        register.enter(dossier_id=late.pk)


def test_nobody_but_the_head_of_the_unit_closes_a_year(unit):
    entered(accepted(unit))

    for actor in (
        officer_actor(unit, Role.UNIT_LEADER),
        officer_actor(AgencyFactory.create(), Role.AGENCY_HEAD),
        Actor.system(),
    ):
        with pytest.raises(NotAllowed):
            register.close(agency_id=unit.pk, year=2026, actor=actor, at=NEXT_YEAR)


def test_the_head_is_asked_once_more_and_the_page_then_says_who_closed_it(unit):
    last_year = datetime(2025, 9, 22, 9, 0, tzinfo=TIME_ZONE)
    entered(accepted(unit, at=last_year))
    head = officer_actor(unit, Role.AGENCY_HEAD)
    client = client_of(head)
    address = f"{reverse('desk:register_close')}?nam=2025"

    shown = client.get(reverse("desk:register"), {"nam": "2025"}).content.decode()
    question = client.get(address).content.decode()
    done = client.post(address, follow=True).content.decode()
    again = client.post(address, follow=True).content.decode()

    assert reverse("desk:register_close") in shown
    assert "không mở lại được" in question
    assert "Đã khóa sổ theo dõi hồ sơ năm 2025" in done
    assert f"Đã khóa: {head.display_name}" in done
    assert "Sổ của năm này đã khóa" in again
    leader = client_of(officer_actor(unit, Role.UNIT_LEADER))
    assert leader.post(address).status_code == 403


def test_dossiers_from_before_the_register_are_entered_in_the_order_of_their_acceptance(unit):
    from importlib import import_module

    later, first = accepted(unit, at=NINE + timedelta(hours=1)), accepted(unit)
    other_year = accepted(unit, at=NEXT_YEAR)

    with connection.cursor() as cursor:
        cursor.execute(import_module("dossiers.migrations.0008_register").ENTER)

    lines = RegisterLine.objects.order_by("book__year", "number")
    assert [(line.dossier_id, line.book.year, line.number) for line in lines] == [
        (first.pk, 2026, 1),
        (later.pk, 2026, 2),
        (other_year.pk, 2027, 1),
    ]
    assert sorted(RegisterYear.objects.values_list("last", flat=True)) == [1, 2]
    assert entered(accepted(unit))[0].number == 3
