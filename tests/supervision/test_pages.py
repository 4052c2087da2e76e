"""The officers' pages of alerts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Officer
from agencies.states import AgencyKind, Role
from core.actor import Actor
from dossiers.models import Dossier
from dossiers.states import Status
from supervision.models import Alert
from supervision.selectors import PAGE_SIZE, in_words
from supervision.states import AlertKind, AlertState
from tests.dossiers.inquiries import asked, in_process
from tests.factories import NINE, AgencyFactory, DossierFactory, officer_actor

pytestmark = pytest.mark.django_db

LIST, TAKE, SUMMARY = (reverse(f"supervision:{name}") for name in ("alerts", "acknowledge", "summary"))


@pytest.fixture
def ward() -> Agency:
    return AgencyFactory.create()


def signed_in(actor: Actor) -> Client:
    client = Client()
    user = Officer.objects.get(user=actor.user_id).user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def alert(ward: Agency, kind: AlertKind = AlertKind.NOT_ACCEPTED, **values: object) -> Alert:
    given: dict[str, object] = {"limit_at": NINE, "raised_at": NINE, "agency": ward}
    if "dossier" not in values:
        given["dossier"] = DossierFactory.create(received_at_unit=ward, reach=Status.SUBMITTED)
    return Alert.objects.create(kind=kind, **(given | values))


def test_the_list_shows_what_waits_for_the_officer_and_nothing_else(ward: Agency):
    mine, other = alert(ward), alert(AgencyFactory.create())
    done = alert(ward, state=AlertState.RESOLVED, resolved_at=NINE)
    client = signed_in(officer_actor(ward, Role.ONE_STOP_OFFICER))

    page = client.get(LIST).content.decode()

    assert mine.dossier.reference in page
    assert other.dossier.reference not in page
    assert done.dossier.reference not in page
    assert reverse("desk:dossier", args=[mine.dossier.tracking_no]) in page


def test_the_filters_live_in_the_address(ward: Agency):
    waiting = alert(ward)
    done = alert(ward, AlertKind.NOT_ACCEPTED_SOON, state=AlertState.RESOLVED, resolved_at=NINE)
    client = signed_in(officer_actor(ward, Role.ONE_STOP_OFFICER))

    closed = client.get(LIST, {"tinh_trang": "da-xong"}).content.decode()
    of_kind = client.get(LIST, {"loai": AlertKind.NOT_ACCEPTED_SOON}).content.decode()
    nonsense = client.get(LIST, {"loai": "x", "tinh_trang": "y", "sau": "z"})

    assert (done.dossier.reference in closed, waiting.dossier.reference in closed) == (True, False)
    assert "Không có cảnh báo nào khớp" in of_kind
    assert waiting.dossier.reference in nonsense.content.decode()


def test_an_officer_whom_nothing_waits_for_reads_that(ward: Agency):
    page = signed_in(officer_actor(ward, Role.ONE_STOP_OFFICER)).get(LIST).content.decode()

    assert "Không có cảnh báo nào chờ bạn" in page


def test_one_or_many_are_taken_on_and_the_officer_comes_back_to_the_same_list(ward: Agency):
    first, second = alert(ward), alert(ward)
    client = signed_in(officer_actor(ward, Role.ONE_STOP_OFFICER))
    here = f"{LIST}?loai=not_accepted"

    answer = client.post(TAKE, {"alert": [first.pk, second.pk], "next": here}, follow=True)

    assert answer.redirect_chain == [(here, 302)]
    assert "Đã ghi nhận 2 cảnh báo." in answer.content.decode()
    assert set(Alert.objects.values_list("state", flat=True)) == {AlertState.ACKNOWLEDGED}


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
def test_taking_on_leads_to_no_other_site(ward: Agency, elsewhere: str):
    client = signed_in(officer_actor(ward, Role.ONE_STOP_OFFICER))

    answer = client.post(TAKE, {"alert": alert(ward).pk, "next": elsewhere})

    assert answer["Location"] == LIST


@pytest.mark.parametrize("ids", [[], ["x"], ["-1"], ["9" * 40], ["²"]])
def test_nothing_chosen_is_told(ward: Agency, ids: list[str]):
    client = signed_in(officer_actor(ward, Role.ONE_STOP_OFFICER))

    answer = client.post(TAKE, {"alert": ids}, follow=True)

    assert answer.status_code == 200
    assert "Hãy chọn ít nhất một cảnh báo" in answer.content.decode()


def test_too_late_is_told(ward: Agency):
    taken = alert(ward, state=AlertState.RESOLVED, resolved_at=NINE)
    client = signed_in(officer_actor(ward, Role.ONE_STOP_OFFICER))

    answer = client.post(TAKE, {"alert": taken.pk}, follow=True)

    assert "không còn chờ ghi nhận" in answer.content.decode()


def test_a_long_list_comes_in_pages_at_the_same_price(ward: Agency):
    dossier = DossierFactory.create(received_at_unit=ward, reach=Status.SUBMITTED)
    client = signed_in(officer_actor(ward, Role.ONE_STOP_OFFICER))
    client.get(LIST)
    alert(ward, dossier=dossier)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for number in range(PAGE_SIZE + 5):
        alert(ward, dossier=dossier, limit_at=NINE + timedelta(minutes=number + 1))

    with CaptureQueriesContext(connection) as many:
        answer = client.get(LIST)

    assert len(many) <= len(one) <= 8
    assert len(answer.context["rows"]) == PAGE_SIZE
    assert "Trang sau" in answer.content.decode()


def test_the_bell_counts_what_waits_on_every_page(ward: Agency):
    client = signed_in(officer_actor(ward, Role.ONE_STOP_OFFICER))
    alert(ward)
    assert '<span class="count">1<' in client.get(reverse("desk:queue"), follow=True).content.decode()

    client.post(TAKE, {"alert": Alert.objects.get().pk})

    assert '<span class="count">' not in client.get(reverse("home")).content.decode()


def test_the_dossiers_page_shows_its_open_alerts(ward: Agency):
    open_one = alert(ward)
    alert(ward, AlertKind.NOT_ACCEPTED_SOON, dossier=open_one.dossier, state=AlertState.RESOLVED)
    client = signed_in(officer_actor(ward, Role.ONE_STOP_OFFICER))

    page = client.get(reverse("desk:dossier", args=[open_one.dossier.tracking_no])).content.decode()

    assert str(AlertKind.NOT_ACCEPTED.label) in page
    assert str(AlertKind.NOT_ACCEPTED_SOON.label) not in page
    assert f'action="{TAKE}"' in page


def test_a_head_sees_the_numbers_of_the_agency_with_links_to_the_lists(ward: Agency):
    alert(ward)
    alert(ward, state=AlertState.ACKNOWLEDGED, acknowledged_at=NINE)
    alert(AgencyFactory.create(name="Phường khác (minh họa)"))
    client = signed_in(officer_actor(ward, Role.AGENCY_HEAD))

    answer = client.get(SUMMARY)

    found = answer.context["summary"]
    assert [(line.name, line.total, line.unanswered) for line in found.lines] == [(ward.name, 2, 1)]
    link = f"{LIST}?pham_vi=on&amp;tinh_trang=dang-mo&amp;co_quan={ward.code}&amp;loai=not_accepted"
    assert link in answer.content.decode()
    listed = client.get(link.replace("&amp;", "&"))
    assert len(listed.context["rows"]) == 2


@pytest.mark.parametrize(
    ("role", "kind", "lines"),
    [
        (Role.IOC_OPERATOR, AgencyKind.DEPARTMENT, 2),
        (Role.PROCEDURE_CONTROL_OFFICER, AgencyKind.CITY, 2),
        (Role.PROCEDURE_CONTROL_OFFICER, AgencyKind.WARD, 0),
        (Role.AGENCY_HEAD, AgencyKind.CITY, 0),
    ],
)
def test_who_looks_over_the_whole_city(ward: Agency, role: Role, kind: AgencyKind, lines: int):
    alert(ward)
    alert(AgencyFactory.create())
    client = signed_in(officer_actor(AgencyFactory.create(kind=kind), role))

    assert len(client.get(SUMMARY).context["summary"].lines) == lines


def test_the_city_reads_of_a_dossier_and_does_not_open_it(ward: Agency):
    one = alert(ward)
    client = signed_in(officer_actor(AgencyFactory.create(), Role.IOC_OPERATOR))

    page = client.get(LIST, {"pham_vi": "on"}).content.decode()

    assert one.dossier.reference in page
    assert reverse("desk:dossier", args=[one.dossier.tracking_no]) not in page
    for secret in _secrets(one.dossier):
        assert secret not in page


def _secrets(dossier: Dossier) -> list[str]:
    return [dossier.submitter.full_name, str(dossier.submitter.personal_id_number)]


def test_the_mean_reaction_is_that_of_what_was_reacted_to(ward: Agency):
    hour = timedelta(hours=1)
    raised_at = timezone.now() - timedelta(days=1)
    alert(ward, raised_at=raised_at, acknowledged_at=raised_at + hour, resolved_at=raised_at + 9 * hour)
    alert(ward, raised_at=raised_at, resolved_at=raised_at + 3 * hour, state=AlertState.RESOLVED)
    alert(ward, raised_at=raised_at)
    client = signed_in(officer_actor(ward, Role.AGENCY_HEAD))

    (line,) = client.get(SUMMARY).context["summary"].lines

    assert line.reaction == 2 * hour
    assert line.reaction_text == "2 giờ 0 phút"


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 phút"), (59, "59 phút"), (61, "1 giờ 1 phút"), (1500, "1 ngày 1 giờ")]
)
def test_a_length_of_time_in_words(minutes: int, words: str):
    assert in_words(timedelta(minutes=minutes)) == words


def test_the_asked_agency_is_led_to_its_question_and_not_to_the_dossier(ward: Agency):
    dossier, specialist = in_process()
    opinion = asked(dossier, specialist, ward)[0]
    alert(ward, AlertKind.OPINION_OVERDUE, dossier=dossier, subject_id=opinion.pk)

    page = signed_in(officer_actor(ward, Role.SPECIALIST)).get(LIST).content.decode()

    assert reverse("desk:opinion", args=[opinion.pk]) in page
    assert str(dossier.code) not in page
