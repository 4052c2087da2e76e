"""The stand-in refuses what the real provider would refuse."""

from __future__ import annotations

import base64
import hashlib
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests

from tests.simulators.vneid import CLIENT_SECRET, Browser, Vneid

pytestmark = pytest.mark.stack

VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def request_to(vneid: Vneid, **changes: str) -> str:
    query = {
        "client_id": "danang-portal",
        "response_type": "code",
        "scope": "openid profile email",
        "redirect_uri": vneid.redirect_uri,
        "state": "s1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    kept = {name: value for name, value in (query | changes).items() if value}
    return f"{vneid.url}/identity/o/authorize?{urlencode(kept)}"


def code_for(vneid: Vneid, persona: str = "cong-dan-2") -> str:
    browser = Browser(vneid)
    back = browser.consent(browser.sign_in_there(request_to(vneid), persona))
    return parse_qs(urlsplit(back).query)["code"][0]


def redeem(vneid: Vneid, code: str, *, secret: str = CLIENT_SECRET, **changes: str) -> requests.Response:
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": vneid.redirect_uri,
        "code_verifier": VERIFIER,
    }
    return requests.post(
        f"{vneid.url}/identity/o/api/token",
        data={name: value for name, value in (data | changes).items() if value},
        auth=("danang-portal", secret),
        timeout=10,
    )


def test_discovery_names_the_issuer_and_only_s256_and_rs256(vneid):
    config = requests.get(f"{vneid.url}/.well-known/openid-configuration", timeout=5).json()

    assert config["issuer"] == vneid.url
    assert config["code_challenge_methods_supported"] == ["S256"]
    assert config["id_token_signing_alg_values_supported"] == ["RS256"]


def test_a_code_becomes_a_signed_token_and_the_persons_claims(vneid):
    tokens = redeem(vneid, code_for(vneid, "to-chuc")).json()

    keys = jwt.PyJWKClient(f"{vneid.url}/.well-known/jwks.json")
    id_token = jwt.decode(
        tokens["id_token"],
        keys.get_signing_key_from_jwt(tokens["id_token"]).key,
        algorithms=["RS256"],
        audience="danang-portal",
        issuer=vneid.url,
    )
    assert "personal_id_number" not in id_token
    claims = requests.get(
        f"{vneid.url}/identity/o/api/userinfo",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
        timeout=5,
    ).json()
    assert claims["sub"] == id_token["sub"]
    assert claims["personal_id_number"] == "048188000055"
    assert claims["organisations"][0]["scopes"] == ["file", "receive_result"]


def test_an_unknown_client_gets_a_page_and_nobody_is_sent_anywhere(vneid):
    answer = requests.get(request_to(vneid, client_id="stranger"), allow_redirects=False, timeout=5)

    assert answer.status_code == 400
    assert "client_id" in answer.text


@pytest.mark.parametrize("path", ["/elsewhere/", "/dang-nhap/vneid/tro-lai/?more=1", ""])
def test_a_wrong_address_to_return_to_is_refused(vneid, path):
    base = vneid.redirect_uri.partition("/dang-nhap")[0]
    answer = requests.get(
        request_to(vneid, redirect_uri=base + path if path else ""), allow_redirects=False, timeout=5
    )

    assert answer.status_code == 400
    assert "redirect_uri" in answer.text


@pytest.mark.parametrize("changes", [{"code_challenge": ""}, {"code_challenge_method": "plain"}])
def test_pkce_with_s256_is_demanded(vneid, changes):
    answer = requests.get(request_to(vneid, **changes), allow_redirects=False, timeout=5)

    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (back["error"], back["state"]) == (["invalid_request"], ["s1"])


def test_a_code_works_once(vneid):
    code = code_for(vneid)

    assert redeem(vneid, code).status_code == 200
    again = redeem(vneid, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_code_expires(vneid):
    vneid.control(code_seconds=1)
    code = code_for(vneid)
    time.sleep(1.2)

    assert redeem(vneid, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes", [{"code_verifier": "w" * 50}, {"code_verifier": ""}, {"redirect_uri": "http://127.0.0.1/x"}]
)
def test_a_code_is_worth_nothing_without_its_verifier_and_address(vneid, changes):
    answer = redeem(vneid, code_for(vneid), **changes)

    assert answer.status_code == 400


def test_a_client_with_a_wrong_secret_is_refused(vneid):
    assert redeem(vneid, code_for(vneid), secret="guess").status_code == 401


def test_five_wrong_passcodes_lock_a_persona_and_nobody_else(vneid):
    for _ in range(5):
        page = Browser(vneid).sign_in_there(request_to(vneid), "cong-dan-3", passcode="999999")
    assert "bị khóa" in page.text

    locked = Browser(vneid).sign_in_there(request_to(vneid), "cong-dan-3")
    assert "bị khóa" in locked.text
    assert "muốn biết bạn là ai" in Browser(vneid).sign_in_there(request_to(vneid), "cong-dan-2").text


@pytest.mark.parametrize("passcode", ["12345", "abcdef", "1234567"])
def test_a_passcode_of_the_wrong_shape_is_explained_and_not_counted(vneid, passcode):
    page = Browser(vneid).sign_in_there(request_to(vneid), "cong-dan-2", passcode=passcode)

    assert "6 chữ số" in page.text


def test_every_page_says_that_it_is_a_simulation_and_loads_nothing_foreign(vneid):
    browser = Browser(vneid)
    consent = browser.sign_in_there(request_to(vneid), "cong-dan-2")
    assert "Trần Thị Hai (minh họa)" in consent.text
    pages = [requests.get(f"{vneid.url}{path}", timeout=5) for path in ("/", "/dang-nhap")]

    for page in [*pages, consent]:
        assert "Mô phỏng VNeID – dữ liệu minh họa" in page.text
        assert page.headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert "style=" not in page.text


def test_faults_last_as_often_as_ordered(vneid):
    url = f"{vneid.url}/.well-known/openid-configuration"
    vneid.control(endpoint="discovery", status=503, times=2)

    assert [requests.get(url, timeout=5).status_code for _ in range(3)] == [503, 503, 200]
    assert vneid.seen("discovery") == 3


def test_a_slow_provider_can_be_ordered(vneid):
    vneid.control(endpoint="jwks", delay_s=0.5, times=1)

    assert requests.get(f"{vneid.url}/.well-known/jwks.json", timeout=5).elapsed.total_seconds() >= 0.5


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ('{"endpoint": "moon"}', "application/json", 400),
        ('{"endpoint": "token", "colour": 1}', "application/json", 400),
        ("[1]", "application/json", 400),
        ("{", "application/json", 400),
        ("a=1", "text/plain", 415),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_with_a_reason(vneid, body, kind, status):
    answer = requests.post(f"{vneid.url}/_control", data=body, headers={"Content-Type": kind}, timeout=5)

    assert (answer.status_code, bool(answer.json()["error"])) == (status, True)


def shown_to(vneid: Vneid, scope: str, persona: str = "cong-dan-2") -> requests.Response:
    browser = Browser(vneid)
    back = browser.consent(browser.sign_in_there(request_to(vneid, scope=scope), persona))
    token = redeem(vneid, parse_qs(urlsplit(back).query)["code"][0]).json()["access_token"]
    return requests.get(
        f"{vneid.url}/identity/o/api/documents", headers={"Authorization": f"Bearer {token}"}, timeout=5
    )


def test_papers_are_shown_under_the_consent_that_was_given_and_no_more(vneid):
    papers = shown_to(vneid, "openid documents").json()["documents"]
    health = shown_to(vneid, "openid health").json()["documents"]

    assert [one["title"] for one in papers] == ["Giấy phép lái xe", "Thẻ bảo hiểm y tế"]
    assert [one["title"] for one in health] == ["Giấy khám sức khỏe"]


def test_papers_are_refused_without_consent_and_without_a_token(vneid):
    refused = shown_to(vneid, "openid profile email")
    stranger = requests.get(f"{vneid.url}/identity/o/api/documents", timeout=5)

    assert (refused.status_code, refused.json()["error"]) == (403, "insufficient_scope")
    assert (stranger.status_code, stranger.json()["error"]) == (401, "invalid_token")
    assert "insufficient_scope" in refused.headers["WWW-Authenticate"]


def test_the_consent_page_says_that_it_is_about_papers(vneid):
    page = Browser(vneid).sign_in_there(request_to(vneid, scope="openid documents"), "cong-dan-2").text

    assert "muốn xem giấy tờ của bạn" in page
    assert "giấy phép lái xe" in page
    assert "Sổ sức khỏe" not in page
