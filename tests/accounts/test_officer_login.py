import pytest
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from agencies.models import OfficerRole
from agencies.states import Role
from tests.factories import LONG_AGO, AgencyFactory, OfficerFactory

pytestmark = pytest.mark.django_db

PASSWORD = "mot-mat-khau-dai"


@pytest.fixture
def officer():
    user = User.objects.create_user("motcua1.haichau", password=PASSWORD)
    return OfficerFactory.create(user=user)


def log_in(client, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": "motcua1.haichau", "password": password, **more})


@pytest.mark.parametrize(
    ("role", "room"),
    [
        (Role.ONE_STOP_OFFICER, "desk:queue"),
        (Role.PROCEDURE_CONTROL_OFFICER, "supervision:alerts"),
        (Role.SYSTEM_ADMIN, "supervision:alerts"),
    ],
)
def test_an_officer_signs_in_and_goes_to_where_there_is_work(client, officer, role, room):
    OfficerRole.objects.create(officer=officer, agency=AgencyFactory.create(), role=role, valid_from=LONG_AGO)

    answer = log_in(client)

    assert answer["Location"] == reverse("after_login")
    assert client.get(answer["Location"])["Location"] == reverse(room)
    assert client.get(reverse(room)).status_code in (200, 302)


def test_a_wrong_password_names_no_reason_that_helps_a_stranger(client, officer):
    answer = log_in(client, "sai-mat-khau-roi")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "error-summary" in page
    assert "motcua1.haichau" not in page.partition("<form")[0]


def test_guessing_is_stopped_after_five_tries_even_with_the_right_password(client, officer):
    for _ in range(5):
        log_in(client, "sai-mat-khau-roi")

    answer = log_in(client)

    assert "Location" not in answer
    assert client.get(reverse("after_login")).status_code == 302


def test_an_account_that_was_closed_cannot_be_used(client, officer):
    User.objects.update(is_active=False)

    assert "_auth_user_id" not in client.session
    answer = log_in(client)
    assert answer.status_code in (200, 302)
    assert "_auth_user_id" not in client.session


def test_next_leads_only_to_our_own_pages(client, officer):
    assert log_in(client, next="/tai-khoan/")["Location"] == "/tai-khoan/"
    client.post(reverse("account_logout"))
    assert log_in(client, next="https://example.com/")["Location"] == reverse("after_login")


def test_signing_out_needs_a_press_of_a_button(client, officer):
    log_in(client)

    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_reset_password", "socialaccount_signup"]
)
def test_pages_that_are_not_in_use_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_page_that_needs_an_account_asks_which_way_in_and_remembers_itself(client):
    answer = client.get(reverse("citizens:account"), follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain[0][0] == "/dang-nhap/?next=/tai-khoan/"
    assert '<input type="hidden" name="next" value="/tai-khoan/">' in page
    assert "/dang-nhap/can-bo/?next=%2Ftai-khoan%2F" in page


def test_the_choice_does_not_carry_a_foreign_address(client):
    page = client.get(reverse("login_choice"), {"next": "https://example.com/"}).content.decode()

    assert 'name="next" value="https://example.com/"' not in page
    assert "/dang-nhap/can-bo/?next" not in page
