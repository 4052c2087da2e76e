"""What an attacker sends: each of these once went through, or brought a page down."""

from __future__ import annotations

import io
import json
import time
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from core import masking, throttle
from core.http import address_of
from dossiers.models import Dossier
from dossiers.states import Status
from dossiers.views.draft_files import UPLOADS_A_MINUTE
from tests.dossiers.filing_kit import ANSWERS, pdf
from tests.permissions.world import (
    ANYBODY,
    LEADER,
    ONE_STOP,
    OWNER,
    SIGNER,
    World,
    again,
    footprints,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

ZERO = "a\x00b"
FILINGS = "/api/v1/dossiers/"


# The zero character, which the database does not store


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        (OWNER, "/ho-so/nop/a%00b/", 404),
        (OWNER, "/api/v1/dossiers/a%00b/", 404),
        (OWNER, "/ho-so/tra-cuu/?ma=%00", 200),
        (OWNER, "/ket-qua/?so=%00", 200),
        (ONE_STOP, "/can-bo/danh-sach/cho-tiep-nhan/?q=%00", 200),
    ],
)
def test_a_zero_character_in_an_address_brings_no_page_down(
    world: World, who: str, address: str, status: int
):
    assert world.visit(who, address).status_code == status


@pytest.mark.parametrize(
    ("who", "name", "state", "data", "written"),
    [
        (
            ONE_STOP,
            "desk:check",
            Status.SUBMITTED,
            {"state": "wrong", "note": ZERO},
            "components__check_note",
        ),
        (
            ONE_STOP,
            "desk:refuse",
            Status.SUBMITTED,
            {"reason": "not_eligible", "explanation": f"Chưa đủ tuổi. Hãy nộp lại khi đủ 18 tuổi. {ZERO}"},
            "intake_refusal__explanation",
        ),
        (SIGNER, "desk:return_draft", Status.AWAITING_SIGN_OFF, {"note": ZERO}, "events__note"),
        (
            ONE_STOP,
            "desk:hand_over",
            Status.COMPLETED,
            {"receiver_name": ZERO, "receiver_id_checked": "on", "note": "x"},
            "hand_over__receiver_name",
        ),
    ],
)
def test_a_zero_character_in_a_form_is_left_out(
    world: World, who: str, name: str, state: str, data: dict[str, str], written: str
):
    dossier = world.dossiers[OWNER, state]

    assert world.visit(who, world.address(name, dossier), "POST", data).status_code == 302
    (typed,) = (value for value in data.values() if ZERO in value)
    kept = Dossier.objects.filter(pk=dossier.pk).values_list(written, flat=True)
    assert typed.replace(ZERO, "ab") in kept


@pytest.mark.parametrize(
    ("who", "name", "parts"),
    [
        (OWNER, "dossiers:file", {"file_id": 10**30}),
        (OWNER, "dossiers:paper", {"paper_id": 10**30}),
        (ONE_STOP, "desk:component", {"component_id": 10**30}),
        (ONE_STOP, "desk:paper", {"paper_id": 2**31}),
        (ONE_STOP, "desk:paper", {"paper_id": 2**63}),
    ],
)
def test_a_number_too_large_for_the_database_is_not_found(
    world: World, who: str, name: str, parts: dict[str, int]
):
    address = world.address(name, world.dossiers[OWNER, Status.SUBMITTED], **parts)

    assert world.visit(who, address).status_code == 404


# The API


def file(world: World, body: Any, **options: Any) -> Any:
    return world.clients[OWNER].post(FILINGS, body, headers={"Idempotency-Key": "k"}, **options)


def whole(world: World, **more: Any) -> dict[str, Any]:
    return {
        "procedure": world.version.procedure.code,
        "unit": world.elsewhere.code,
        "form": json.dumps(ANSWERS),
        "component.1": SimpleUploadedFile("a.pdf", pdf(), "application/pdf"),
    } | more


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("phone", "x" * 200),
        ("phone", "12"),
        ("email", "a@example.vn, b@example.vn"),
        ("email", "a@example.vn\nBcc: b@example.vn"),
        ("email", "<script>@example.vn"),
    ],
)
def test_a_contact_through_the_api_is_one_number_and_one_address(world: World, part: str, text: str):
    answer = file(world, whole(world, **{part: text}))

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [part]
    assert footprints() == world.untouched


def test_a_good_contact_through_the_api_is_kept_in_its_written_form(world: World):
    answer = file(world, whole(world, phone="0905 111 222", email="toi@example.vn"))

    assert answer.status_code == 201
    dossier = Dossier.objects.get(tracking_no=answer.json()["tracking_no"])
    assert (dossier.contact_phone, dossier.contact_email) == ("0905111222", "toi@example.vn")


@pytest.mark.parametrize("body", ["[1]", '"text"', "[" * 100_000, "1"])
def test_json_that_is_no_object_or_nested_too_deep_is_refused(world: World, body: str):
    answer = file(world, body, content_type="application/json")

    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "body",
    [
        {"procedure": "\ud800"},
        {"\ud800": "x"},
        {"procedure": "1.1", "unit": "\ud800"},
        {"procedure": "1.1", "form": {"\ud800": 1}},
    ],
)
def test_half_a_character_in_json_is_refused(world: World, body: dict[str, Any]):
    assert file(world, json.dumps(body), content_type="application/json").status_code == 400


def test_half_a_character_in_the_name_of_an_answer_is_refused(world: World):
    answer = file(world, whole(world, form=r'{"\ud800": 1}'))

    assert answer.status_code == 422
    assert "form" in answer.json()["errors"]


def test_answers_nested_too_deep_are_refused(world: World):
    answer = file(world, whole(world, form="[" * 100_000))

    assert answer.status_code == 422
    assert "form" in answer.json()["errors"]


# Too much


def test_nobody_sends_more_than_we_ever_take(world: World):
    class Endless(io.RawIOBase):
        """A body of which nothing may be read."""

        def read(self, size: int = -1) -> bytes:
            raise AssertionError("the body was read")

    def post(who: str, address: str, kind: str, size: int) -> int:
        request = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": kind, "wsgi.input": Endless()}
        return world.clients[who].generic("POST", address, **request).status_code  # type: ignore[arg-type]

    form, multipart, program = (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json",
    )
    mib = 2**20
    assert post(ANYBODY, reverse("results_vault:verify"), multipart, 7 * mib) == 413
    assert post(OWNER, FILINGS, multipart, 101 * mib) == 413
    assert post(OWNER, FILINGS, program, 3 * mib) == 413
    assert post(ANYBODY, reverse("dossiers:track"), form, 3 * mib) == 413


def test_uploads_of_one_person_are_counted(world: World, settings):
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {**settings.CACHES, "default": memory}
    cache.clear()
    address = world.address("dossiers:draft_upload", world.dossiers[OWNER, Status.DRAFT])
    headers = {"X-Requested-With": "XMLHttpRequest"}

    answers = [world.clients[OWNER].post(address, headers=headers) for _ in range(UPLOADS_A_MINUTE + 1)]

    assert [answer.status_code for answer in answers] == [422] * UPLOADS_A_MINUTE + [429]
    assert answers[-1].json()["message"]


@pytest.mark.parametrize(
    "text", ["a-" * 4000, "eyJ-" * 2000, "token " * 1500, "token" + " " * 8000, "0-" * 4000]
)
def test_a_long_address_does_not_keep_the_log_busy(text: str):
    began = time.process_time()
    masking.mask(text)

    assert time.process_time() - began < 0.1


# Whose address counts


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (
            0,
            "203.0.113.9",
            "10.0.0.1",
        ),  # nobody before us: whatever the header says is the visitor's own tale
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "not an address", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (2, "203.0.113.9", "10.0.0.1"),
    ],
)
def test_the_visitors_address_is_what_our_own_proxy_saw(settings, proxies: int, forwarded: str, counted: str):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})

    assert address_of(request) == counted


def test_one_line_with_many_addresses_counts_as_one():
    first, second, other = "2001:db8:1:2::1", "2001:db8:1:2:ffff::2", "2001:db8:1:3::1"

    assert throttle.network_of(first) == throttle.network_of(second) != throttle.network_of(other)
    assert throttle.network_of("203.0.113.9") == "203.0.113.9"


# Words that try to be more than words

SCRIPT = '"><script>alert(1)</script>'
HOSTILE = f"zz{{{{ 6|add:1 }}}}zz{SCRIPT}' onload=x "


class Reader(HTMLParser):
    """Reads a page as a browser does and notes what would act."""

    def __init__(self) -> None:
        super().__init__()
        self.acting: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.acting += [f"{tag} {name}" for name, _value in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        if self.inside in ("script", "style") and data.strip():
            self.acting.append(data)


def acting_parts(page: str) -> list[str]:
    """Name the parts of a page that would run, and the template code that was computed."""
    reader = Reader()
    reader.feed(page)
    return reader.acting + (["zz7zz"] if "zz7zz" in page else [])


def test_hostile_words_stay_words_on_every_page(world: World):
    dossier, owner = again(world.dossiers[OWNER, Status.SUBMITTED]), again(world.people[OWNER])
    notice = again(world.notices[OWNER])
    dossier.form_data |= {"noi_o": HOSTILE}
    dossier.save()
    file = dossier.components.get()
    file.original_name, file.check_note, file.check_state = HOSTILE, HOSTILE, "wrong"
    file.save()
    owner.full_name = notice.subject = notice.body = HOSTILE
    owner.save()
    notice.save()
    pages = [
        (OWNER, world.address("dossiers:detail", dossier)),
        (OWNER, reverse("dossiers:mine")),
        (OWNER, reverse("citizens:account")),
        (OWNER, reverse("notifications:list")),
        (OWNER, reverse("notifications:detail", args=[world.notices[OWNER].pk])),
        (ONE_STOP, world.address("desk:dossier", dossier)),
        (ONE_STOP, world.address("desk:refuse", dossier)),
        (ONE_STOP, reverse("desk:queue_named", args=["cho-tiep-nhan"])),
    ]
    for who, address in pages:
        answer = world.visit(who, address)
        assert answer.status_code == 200
        assert "&lt;script&gt;" in (page := answer.content.decode()), address
        assert acting_parts(page) == [], address


def test_hostile_words_typed_into_a_search_stay_words(world: World):
    for who, address in (
        (ANYBODY, reverse("procedures:list")),
        (ONE_STOP, reverse("desk:queue_named", args=["cho-tiep-nhan"])),
        (OWNER, reverse("dossiers:mine")),
        (OWNER, reverse("results_vault:mine")),
        (ANYBODY, reverse("dossiers:track")),
        (ANYBODY, reverse("results_vault:verify")),
        (ANYBODY, reverse("procedures:detail", args=["x"])),
        (ANYBODY, reverse("procedures:communal_units", args=["x"])),
    ):
        page = world.clients[who].get(address, {"q": HOSTILE, "ma": HOSTILE, "so": HOSTILE}).content.decode()
        assert acting_parts(page) == [], address


def test_a_file_name_cannot_write_headers(world: World):
    dossier = world.dossiers[OWNER, Status.SUBMITTED]
    file = dossier.components.get()
    file.original_name = 'a"\r\nSet-Cookie: x=1; filename="b.html'
    file.save()

    answer = world.visit(OWNER, world.address("dossiers:file", dossier))

    assert answer.status_code == 200
    assert "\n" not in answer["Content-Disposition"]
    assert "x" not in answer.cookies
    assert answer["Content-Type"] == "application/pdf"


# Ways out and in


@pytest.mark.parametrize(
    "onward", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_out_of_the_portal(world: World, onward: str):
    client, officer = Client(), again(world.officers[LEADER].user)
    officer.set_password("mot-mat-khau-dai")
    officer.save()
    page = client.get(reverse("login_choice"), {"next": onward}).content.decode()
    answers = [
        client.post(reverse("set_language"), {"language": "vi", "next": onward}),
        client.post(
            f"{reverse('account_login')}?next={onward}",
            {"login": officer.username, "password": "mot-mat-khau-dai", "next": onward},
        ),
        client.post(f"{reverse('account_logout')}?next={onward}", {"next": onward}),
    ]

    assert f'value="{onward}"' not in page
    assert [answer.status_code for answer in answers] == [302] * 3
    assert not [
        answer["Location"]
        for answer in answers
        if not answer["Location"].startswith(("/can-bo", "/dang-nhap/xong")) and answer["Location"] != "/"
    ]


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(world: World, settings):
    officer = again(world.officers[LEADER].user)
    officer.set_password("mot-mat-khau-dai")
    officer.save()
    client = Client()
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    planted = session.session_key or ""
    client.cookies[settings.SESSION_COOKIE_NAME] = planted

    client.post(reverse("account_login"), {"login": officer.username, "password": "mot-mat-khau-dai"})
    own = client.cookies[settings.SESSION_COOKIE_NAME].value

    assert own != planted
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert thief.get(reverse("desk:queue")).status_code == 302
    assert thief.get(reverse("desk:queue"))["Location"].startswith("/dang-nhap/")
    client.post(reverse("account_logout"))
    thief.cookies[settings.SESSION_COOKIE_NAME] = own
    assert thief.get(reverse("desk:queue"))["Location"].startswith("/dang-nhap/")


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(world: World, settings):
    officer = again(world.officers[LEADER].user)
    officer.set_password("mot-mat-khau-dai")
    officer.save()
    client = Client()
    client.post(reverse("set_language"), {"language": "en"})
    client.post(reverse("account_login"), {"login": officer.username, "password": "mot-mat-khau-dai"})

    for name in (settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name
