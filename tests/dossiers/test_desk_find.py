"""Finding a dossier by what people bring: codes, names, private numbers; and keeping filters under a name."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, Officer
from agencies.states import Role
from core import crypto
from core.actor import Actor
from dossiers import desk_search
from dossiers.desk_search import Kind
from dossiers.models import Dossier, SavedFilter
from dossiers.states import Status
from tests.factories import AgencyFactory, DossierFactory, PersonFactory, officer_actor

pytestmark = pytest.mark.django_db

FIND = "/can-bo/tim/"
LIST = "/can-bo/danh-sach/cho-tiep-nhan/"
OLD_CODE = "H47.12.34-240105-0007"


@pytest.fixture
def unit() -> Agency:
    return AgencyFactory.create()


@pytest.fixture
def actor(unit) -> Actor:
    return officer_actor(unit, Role.ONE_STOP_OFFICER)


@pytest.fixture
def client(actor) -> Client:
    client = Client()
    client.force_login(Officer.objects.get(pk=actor.officer_id).user)
    return client


@pytest.fixture
def dossier(unit) -> Dossier:
    owner = PersonFactory.create(full_name="Đặng Thị Ngọc Ánh (minh họa)")
    return DossierFactory.create(
        received_at_unit=unit, owner_person=owner, contact_phone="0905123456", reach=Status.SUBMITTED
    )


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("tn-260302-8f3k2q", Kind.CODE, "TN-260302-8F3K2Q"),
        ("http://cong.example/ho-so/tra-cuu/?ma=TN-260302-8F3K2Q", Kind.CODE, "TN-260302-8F3K2Q"),
        (OLD_CODE.lower(), Kind.CODE, OLD_CODE),
        ("048 190 000 001", Kind.PERSONAL_NUMBER, "048190000001"),
        ("+84 905.123.456", Kind.PHONE, "0905123456"),
        ("0905-123-456", Kind.PHONE, "0905123456"),
        ("  Đặng Thị ", Kind.NAME, "Đặng Thị"),
        ("  ", Kind.NOTHING, ""),
    ],
)
def test_what_is_typed_is_told_apart(text, kind, value):
    assert desk_search.read(text) == desk_search.Question(kind, value)
    assert not value or value not in repr(desk_search.read(text))


@pytest.mark.parametrize("text", ["dang thi ngoc anh", "Ngọc Ánh", "ÁNH đặng", "dang"])
def test_a_name_is_found_with_or_without_marks_by_the_beginning_of_its_words(client, dossier, text):
    assert dossier.tracking_no in client.get(FIND, {"q": text}).content.decode()


@pytest.mark.parametrize("text", ["gọc", "%", "!!", "' | x:*", "không ai tên này"])
def test_other_words_and_signs_find_nothing(client, dossier, text):
    page = client.get(FIND, {"q": text})

    assert page.status_code == 200
    assert "Không tìm thấy hồ sơ nào" in page.content.decode()


def test_who_filed_for_somebody_else_is_found_too(client, dossier):
    helper = PersonFactory.create(full_name="Võ Người Nộp Thay (minh họa)")
    Dossier.objects.filter(pk=dossier.pk).update(submitter=helper)

    assert dossier.tracking_no in client.get(FIND, {"q": "vo nguoi nop"}).content.decode()


def test_private_numbers_find_dossiers_and_stand_in_no_address(client, dossier):
    number = dossier.owner_person.personal_id_number
    Dossier.objects.filter(pk=dossier.pk).update(
        owner_person=PersonFactory.create(
            personal_id_number="048190123456", personal_id_digest=crypto.digest("048190123456")
        )
    )
    for typed in ("048190123456", "048 190 123 456", "0905123456", "+84905123456"):
        answer = client.post(FIND, {"q": typed, "queue": "cho-tiep-nhan"})
        page = answer.content.decode()
        assert (answer.status_code, dossier.tracking_no in page) == (200, True), typed
        assert typed not in page
        assert "no-store" in answer["Cache-Control"]

    assert number not in client.post(FIND, {"q": number}).content.decode()
    for address in (FIND, LIST):
        assert client.get(address, {"q": "048190123456"})["Location"] == FIND


def test_the_form_of_a_list_leads_to_the_dossier_or_to_the_narrowed_list(client, dossier):
    Dossier.objects.filter(pk=dossier.pk).update(external_code=OLD_CODE)
    page = reverse("desk:dossier", args=[dossier.tracking_no])

    for code in (dossier.tracking_no, OLD_CODE.lower()):
        assert client.post(FIND, {"q": code, "queue": "cho-tiep-nhan"})["Location"] == page
    narrowed = client.post(
        FIND, {"q": "dang", "queue": "cho-tiep-nhan", "tre": "on", "next": "//evil.example"}
    )
    assert narrowed["Location"] == f"{LIST}?q=dang&tre=on"
    assert client.post(FIND, {"queue": "cho-ky"})["Location"] == FIND


def test_nobody_finds_dossiers_of_other_agencies(dossier):
    stranger = Client()
    elsewhere = officer_actor(AgencyFactory.create(), *Role.values)
    stranger.force_login(Officer.objects.get(pk=elsewhere.officer_id or 0).user)

    for text in (dossier.tracking_no, "Ánh", "0905123456", dossier.owner_person.personal_id_number):
        shown = stranger.post(FIND, {"q": text}, follow=True)
        assert "Không tìm thấy hồ sơ nào" in shown.content.decode()

    citizen = Client()
    citizen.force_login(dossier.owner_person.user)
    assert citizen.get(FIND).status_code == 403


# Saved filters


def test_a_filter_is_kept_under_a_name_and_leads_back_to_its_list(client, actor, dossier):
    client.post(f"{LIST}luu-bo-loc/", {"ten": " Họ  Đặng ", "query": "q=dang&tre=on&sau=x"})
    client.post(f"{LIST}luu-bo-loc/", {"ten": "Họ Đặng", "query": "q=dang"})

    saved = SavedFilter.objects.get(officer_id=actor.officer_id)
    assert (saved.name, saved.queue, saved.query) == ("Họ Đặng", "cho-tiep-nhan", "q=dang")
    assert f'href="{LIST}?q=dang">Họ Đặng</a>' in client.get(LIST).content.decode()

    client.post(f"/can-bo/bo-loc/{saved.pk}/xoa/")
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("name", "query", "problem"),
    [
        ("", "q=dang", "Hãy đặt tên bộ lọc"),
        ("Mọi thứ", "sau=x", "Hãy chọn ít nhất một điều kiện lọc"),
        ("Một người", "q=048190123456", "Không lưu số định danh"),
    ],
)
def test_what_cannot_be_kept_is_told(client, name, query, problem):
    answer = client.post(f"{LIST}luu-bo-loc/", {"ten": name, "query": query}, follow=True)

    assert problem in answer.content.decode()
    assert not SavedFilter.objects.exists()


def test_nobody_removes_the_filter_of_a_colleague(client, unit):
    colleague = officer_actor(unit, Role.ONE_STOP_OFFICER)
    saved = SavedFilter.objects.create(
        officer_id=colleague.officer_id or 0, name="Của tôi", queue="cho-tiep-nhan", query="tre=on"
    )

    assert client.post(f"/can-bo/bo-loc/{saved.pk}/xoa/").status_code == 404
    assert (
        client.post("/can-bo/danh-sach/cho-ky/luu-bo-loc/", {"ten": "x", "query": "tre=on"}).status_code
        == 302
    )
    assert SavedFilter.objects.get() == saved
