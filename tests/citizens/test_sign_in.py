"""Signing in over HTTP, against the stand-in in its own process."""

import pytest
from django.urls import reverse

from accounts.models import User
from agencies.models import Agency
from citizens.models import Organisation, Person, Representation
from citizens.states import EidLevel, Scope
from core import crypto

pytestmark = [pytest.mark.django_db, pytest.mark.stack]


def person(number: str) -> Person:
    return Person.objects.get(personal_id_digest=crypto.digest(number))


def test_a_citizen_signs_in_and_is_known_by_the_personal_number_alone(browser):
    answer = browser.sign_in("cong-dan-2")

    assert (answer.status_code, answer["Location"]) == (302, reverse("after_login"))
    assert browser.portal.get(answer["Location"])["Location"] == reverse("dossiers:mine")
    hai = person("048192000022")
    assert (hai.full_name, hai.eid_level, hai.sex) == ("Trần Thị Hai (minh họa)", EidLevel.LEVEL_2, "female")
    assert str(hai.personal_id_number) == "048192000022"
    user = User.objects.get(person=hai)
    assert "048192000022" not in user.username
    assert not user.has_usable_password()


def test_the_account_page_says_who_i_am_without_the_whole_number(browser):
    browser.sign_in("cong-dan-2")

    page = browser.portal.get(reverse("citizens:account")).content.decode()

    assert "Trần Thị Hai (minh họa)" in page
    assert "•022" in page
    assert "048192000022" not in page


@pytest.mark.parametrize(
    ("persona", "number", "level"),
    [("cong-dan-1", "048090000011", 1), ("nguoi-nuoc-ngoai", "048185000044", 2)],
)
def test_level_and_category_follow_the_issuer(browser, persona, number, level):
    browser.sign_in(persona)

    found = person(number)
    assert (found.eid_level, found.may_file) == (level, level == 2)
    assert found.category == ("foreigner" if persona == "nguoi-nuoc-ngoai" else "citizen")
    assert found.language == ("en" if persona == "nguoi-nuoc-ngoai" else "vi")  # until the person chooses


def test_two_sign_ins_are_one_person_with_the_latest_data(browser, vneid):
    browser.sign_in("cong-dan-1")
    vneid.control(persona="cong-dan-1", claims={"eid_level": 2, "address": "Nơi ở mới"})
    browser.portal.logout()
    browser.sign_in("cong-dan-1")

    assert (Person.objects.count(), User.objects.count()) == (1, 1)
    assert (person("048090000011").eid_level, person("048090000011").address) == (2, "Nơi ở mới")


def test_contact_data_given_to_the_portal_stays(browser):
    browser.sign_in("cong-dan-2")
    browser.portal.post(
        reverse("citizens:contact"), {"phone": "0912 345 678", "email": "rieng@example.vn", "language": "en"}
    )
    browser.portal.logout()
    browser.sign_in("cong-dan-2")

    hai = person("048192000022")
    assert (hai.phone, hai.email, hai.language) == ("0912345678", "rieng@example.vn", "en")


def test_an_officers_account_with_the_same_address_is_never_taken_over(browser):
    officer = User.objects.create_user("motcua1.haichau", email="congdan2@example.vn", password="x" * 12)

    browser.sign_in("cong-dan-2")

    assert person("048192000022").user_id != officer.pk


def test_after_signing_in_the_person_goes_on_to_where_they_wanted(browser):
    answer = browser.sign_in("cong-dan-2", next_url="/tai-khoan/lien-he/")

    assert answer["Location"] == "/tai-khoan/lien-he/"


def test_nobody_is_sent_to_a_foreign_site(browser):
    answer = browser.sign_in("cong-dan-2", next_url="https://example.com/")

    assert answer["Location"] == reverse("after_login")


def test_a_representative_acts_for_the_organisation_that_the_issuer_names(browser):
    browser.sign_in("to-chuc")

    row = Representation.objects.get()
    assert (row.organisation.code, row.scopes) == ("0400000055", [Scope.FILE, Scope.RECEIVE_RESULT])
    assert "Ví Dụ" in browser.portal.get(reverse("citizens:account")).content.decode()


def test_a_representation_that_is_gone_there_is_revoked_here(browser, vneid):
    browser.sign_in("to-chuc")
    vneid.control(persona="to-chuc", claims={"organisations": []})
    browser.portal.logout()
    browser.sign_in("to-chuc")

    assert Representation.objects.get().revoked_at is not None
    assert Organisation.objects.count() == 1
    assert "Ví Dụ" not in browser.portal.get(reverse("citizens:account")).content.decode()


def test_cancelling_there_leaves_everything_as_it_was(browser):
    page = browser.sign_in_there(browser.ask_portal(), "cong-dan-2")

    answer = browser.return_to_portal(browser.consent(page, action="cancel"))

    assert answer.status_code == 200
    assert "Bạn đã dừng đăng nhập" in answer.content.decode()
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"personal_id_number": "12345678901"},
        {"personal_id_number": "04819200002x"},
        {"personal_id_number": None},
        {"eid_level": 0},
        {"eid_level": "x"},
        {"category": "robot"},
        {"sub": "somebody-else"},
        {"organisations": "all"},
        {"organisations": [{"code": "<b>", "name": "x"}]},
        {"birthdate": "hôm qua"},
        {"name": ""},
    ],
)
def test_claims_of_the_wrong_shape_are_refused_with_a_page(browser, vneid, claims):
    vneid.control(persona="cong-dan-2", claims=claims)

    answer = browser.sign_in("cong-dan-2")

    assert answer.status_code == 403
    assert "Chưa đăng nhập được bằng VNeID" in answer.content.decode()
    assert not Person.objects.exists()
    assert browser.portal.get(reverse("citizens:account")).status_code == 302


def test_claims_of_another_issuer_are_refused(browser, settings):
    page = browser.sign_in_there(browser.ask_portal(), "cong-dan-2")
    back = browser.consent(page)
    settings.VNEID_ISSUER = "https://vneid.example"

    assert browser.return_to_portal(back).status_code == 503
    assert not Person.objects.exists()


@pytest.mark.parametrize("endpoint", ["token", "userinfo", "discovery", "jwks"])
def test_an_issuer_in_trouble_gets_a_page_that_says_to_try_again(browser, vneid, endpoint):
    page = browser.sign_in_there(browser.ask_portal(), "cong-dan-2")
    back = browser.consent(page)
    vneid.control(endpoint=endpoint, status=503)

    answer = browser.return_to_portal(back)

    assert answer.status_code == 503
    assert "VNeID chưa trả lời" in answer.content.decode()


@pytest.mark.parametrize("endpoint", ["token", "userinfo", "discovery", "jwks"])
def test_an_issuer_that_answers_nonsense_does_too(browser, vneid, endpoint):
    page = browser.sign_in_there(browser.ask_portal(), "cong-dan-2")
    back = browser.consent(page)
    vneid.control(endpoint=endpoint, body="[]")

    assert browser.return_to_portal(back).status_code in (403, 503)
    assert not Person.objects.exists()


def test_an_issuer_that_is_down_is_noticed_before_anybody_is_sent_there(browser, vneid):
    vneid.control(endpoint="discovery", status=503)

    answer = browser.portal.post(reverse("vneid_login"))

    assert answer.status_code == 503
    assert "VNeID chưa trả lời" in answer.content.decode()


def test_an_answer_is_taken_once(browser):
    page = browser.sign_in_there(browser.ask_portal(), "cong-dan-2")
    back = browser.consent(page)
    browser.return_to_portal(back)
    browser.portal.logout()

    answer = browser.return_to_portal(back)

    assert answer.status_code == 400
    assert "hết hạn" in answer.content.decode()


def test_an_answer_for_another_browser_is_refused(browser, vneid):
    page = browser.sign_in_there(browser.ask_portal(), "cong-dan-2")
    back = browser.consent(page)

    other = type(browser)(vneid)

    assert other.return_to_portal(back).status_code == 400


def test_a_plain_link_does_not_start_a_sign_in(browser):
    answer = browser.portal.get(reverse("vneid_login"), {"next": "/tai-khoan/"})

    assert answer["Location"] == "/dang-nhap/?next=%2Ftai-khoan%2F"


def test_the_address_line_cannot_ask_for_other_scopes_or_processes(browser):
    answer = browser.portal.post(
        reverse("vneid_login") + "?process=connect&scope=admin&auth_params=prompt%3Dnone", {}
    )

    assert "admin" not in answer["Location"]
    assert "prompt" not in answer["Location"]


def test_another_host_name_is_led_to_the_one_that_vneid_knows(client, settings):
    answer = client.post(reverse("vneid_login"), HTTP_HOST="localhost")

    assert answer["Location"] == f"{settings.PORTAL_URL}/dang-nhap/"


def test_nothing_personal_is_kept_beside_the_social_account(browser):
    from allauth.socialaccount.models import SocialAccount

    browser.sign_in("cong-dan-2")
    browser.portal.logout()
    browser.sign_in("cong-dan-2")

    assert SocialAccount.objects.get().extra_data == {}
    assert not Agency.objects.exists()
