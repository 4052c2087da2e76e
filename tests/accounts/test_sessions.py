import time

import pytest
from django.contrib.sessions.models import Session
from django.urls import resolve, reverse

from accounts import sessions
from accounts.models import User
from dossiers.states import Status
from tests.factories import DossierFactory, OfficerFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test sets."""

    class Clock:
        now = time.time()

        def go_on(self, seconds: float) -> None:
            self.now += seconds

    clock = Clock()
    monkeypatch.setattr(sessions.time, "time", lambda: clock.now)
    return clock


@pytest.fixture
def officer_client(client, clock):
    user = User.objects.create_user("lanhdao", password="mot-mat-khau-dai")
    OfficerFactory.create(user=user)
    client.post(reverse("account_login"), {"login": "lanhdao", "password": "mot-mat-khau-dai"})
    assert client.session[sessions.IDLE_S] == 15 * 60
    return client


def is_in(client) -> bool:
    return client.get(reverse("home")).wsgi_request.user.is_authenticated


def test_an_officers_session_ends_after_fifteen_idle_minutes(officer_client, clock):
    clock.go_on(14 * 60)
    assert is_in(officer_client)
    clock.go_on(14 * 60)
    assert is_in(officer_client)
    clock.go_on(15 * 60 + 1)
    assert not is_in(officer_client)


def test_who_was_signed_out_is_told_why_and_led_back(officer_client, clock):
    clock.go_on(16 * 60)

    answer = officer_client.get("/tai-khoan/", follow=True)

    assert answer.redirect_chain[0][0] == "/dang-nhap/?next=/tai-khoan/"
    assert "ngừng thao tác quá lâu" in answer.content.decode()


def test_a_persons_session_may_lie_idle_for_thirty_minutes(client, clock):
    person = PersonFactory.create()
    client.force_login(person.user)
    session = client.session
    session[sessions.IDLE_S], session[sessions.SEEN_AT] = sessions.PERSON_IDLE_S, int(clock.now)
    session.save()

    clock.go_on(29 * 60)
    assert is_in(client)
    clock.go_on(30 * 60 + 1)
    assert not is_in(client)


@pytest.fixture
def open_page(client, clock) -> str:
    """The address that the open page of a person's dossier asks for every 20 seconds."""
    dossier = DossierFactory.create(reach=Status.SUBMITTED)
    client.force_login(dossier.owner_person.user)
    session = client.session
    session[sessions.IDLE_S], session[sessions.SEEN_AT] = sessions.PERSON_IDLE_S, int(clock.now)
    session.save()
    return reverse("dossiers:status", args=[dossier.tracking_no])


def test_a_page_that_was_left_open_does_not_keep_its_session_awake(client, clock, open_page):
    for _minutes in range(0, 30, 5):
        clock.go_on(5 * 60)
        assert client.get(open_page, headers={"HX-Request": "true"}).status_code == 200
    clock.go_on(1)

    assert not is_in(client)


def test_a_page_that_was_left_open_is_loaded_anew_when_its_session_has_ended(client, clock, open_page):
    clock.go_on(31 * 60)

    for _ask in range(2):
        answer = client.get(open_page, headers={"HX-Request": "true"})
        assert (answer.status_code, answer["HX-Refresh"], answer.content) == (401, "true", b"")


@pytest.mark.parametrize("name", ["dossiers:status", "dossiers:acknowledgement", "desk:progress"])
def test_whatever_pages_ask_for_by_themselves_is_known(name):
    view = resolve(reverse(name, args=["TN-260302-8F3K2Q"])).func

    assert getattr(view, "asked_by_the_page", False)


def test_requests_within_a_minute_write_nothing(officer_client, clock, django_assert_num_queries):
    officer_client.get(reverse("healthz"))
    before = Session.objects.values_list("session_data", flat=True).get()

    clock.go_on(30)
    officer_client.get(reverse("healthz"))
    assert Session.objects.values_list("session_data", flat=True).get() == before

    clock.go_on(31)
    officer_client.get(reverse("healthz"))
    assert Session.objects.values_list("session_data", flat=True).get() != before


@pytest.mark.parametrize(("factory", "officer"), [(OfficerFactory, True), (PersonFactory, False)])
def test_whose_session_it_is_was_noted_and_saves_a_question(
    client, factory, officer, django_assert_num_queries
):
    client.force_login(factory.create().user)
    session = client.session
    session[sessions.AS_OFFICER], session[sessions.SEEN_AT] = officer, int(time.time())
    session.save()

    with django_assert_num_queries(3):  # the session, the account, and who it belongs to with what they may
        assert client.get(reverse("login_choice")).status_code == 302
