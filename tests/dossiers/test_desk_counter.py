"""The counter in its pages: somebody comes in, the officer types, scans and accepts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Officer
from agencies.states import Role
from citizens.models import AccessLog
from core.actor import Actor
from dossiers.models import Dossier
from dossiers.states import FilingMode, GivenAs, Status
from procedures.models import ProcedureVersion
from tests.dossiers.filing_kit import fileable, pdf
from tests.factories import AgencyFactory, PersonFactory, officer_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

START = "/can-bo/quay/"
NUMBER = "048190000888"


@pytest.fixture
def unit() -> Agency:
    return AgencyFactory.create()


@pytest.fixture
def client(unit) -> Client:
    return client_of(officer_actor(unit, Role.ONE_STOP_OFFICER))


@pytest.fixture
def version(unit, monkeypatch) -> ProcedureVersion:
    version = fileable()
    choice = [(version.procedure.code, version.name)]
    monkeypatch.setattr("dossiers.desk_selectors.procedures_to_choose", lambda: choice)
    type(version.procedure).objects.filter(pk=version.procedure_id).update(current_version=version)
    return version


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Officer.objects.get(pk=actor.officer_id or 0).user)
    return client


def visitor(version: ProcedureVersion, unit: Agency, **typed: str) -> dict[str, str]:
    return {"procedure": version.procedure.code, "unit": str(unit.pk), "number": NUMBER, **typed}


def begun(client: Client, version: ProcedureVersion, unit: Agency) -> Dossier:
    card = {"full_name": "Lê Văn Mẫu (minh họa)", "phone": "0905000111", "paper": "id_card", "begin": "1"}
    answer = client.post(START, visitor(version, unit, **card))
    draft = Dossier.objects.get()
    assert answer["Location"] == reverse("desk:counter_draft", args=[draft.tracking_no])
    return draft


def a_scan(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf(), "application/pdf")


def test_from_the_card_to_the_code(client, version, unit):
    first = client.post(START, visitor(version, unit)).content.decode()
    assert "mới đến lần đầu" in first
    draft = begun(client, version, unit)
    page = reverse("desk:counter_draft", args=[draft.tracking_no])
    assert draft.tracking_no in client.get(START).content.decode()

    answers = {"noi_o": "3 Lê Lợi", "muc_dich": "ket_hon", "so_ban": "2"}
    early = client.post(f"{page}tiep-nhan/", answers)
    assert early.status_code == 422
    assert "Chưa quét giấy tờ" in early.content.decode()
    wrong = client.post(f"{page}to-khai/", answers | {"so_ban": "99"})
    assert wrong.status_code == 422
    assert 'value="3 Lê Lợi"' in wrong.content.decode()
    required = version.components.filter(is_upload=True, is_required=True).first()
    assert required is not None
    paper = {"file": a_scan("ban-quet.pdf"), "given_as": GivenAs.ORIGINAL, "original_kept": "on"}
    client.post(f"{page}giay-to/{required.position}/", paper)

    done = client.post(f"{page}tiep-nhan/", answers)

    draft.refresh_from_db()
    assert done["Location"] == reverse("desk:dossier", args=[draft.tracking_no])
    assert draft.status == Status.ACCEPTED
    assert draft.code
    component = draft.components.get()
    assert (component.given_as, component.original_kept) == (GivenAs.ORIGINAL, True)
    assert client.get(page)["Location"] == done["Location"]


def test_who_is_known_is_named_and_no_number_stands_in_an_address(client, version, unit):
    known = PersonFactory.create(full_name="Trần Thị Quen (minh họa)")
    typed = visitor(version, unit) | {"number": known.personal_id_number}

    answer = client.post(START, typed)
    begin = client.post(START, typed | {"paper": "id_card", "phone": "0905000111", "begin": "1"})

    assert "Đã có dữ liệu của Trần Thị Quen" in answer.content.decode()
    assert known.personal_id_number not in begin["Location"]
    assert Dossier.objects.get().submitter == known


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"number": "123"}, "12 chữ số"),
        ({"full_name": "Lê Văn Mẫu", "begin": "1"}, "Hãy đối chiếu giấy tờ tùy thân"),
        ({"paper": "id_card", "begin": "1"}, "Hãy nhập họ và tên"),
    ],
)
def test_what_is_missing_is_told_at_its_field(client, version, unit, typed, problem):
    answer = client.post(START, visitor(version, unit) | typed)

    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert not Dossier.objects.exists()


def test_a_folder_of_scans_finds_its_papers_by_number_or_by_order(client, version, unit):
    draft = begun(client, version, unit)
    page = reverse("desk:counter_draft", args=[draft.tracking_no])
    slots = list(version.components.filter(is_upload=True).order_by("position"))
    files = [a_scan(f"{len(slots):02d}-to-khai.pdf"), SimpleUploadedFile("x.exe", b"MZ", "application/pdf")]

    shown = client.post(f"{page}thu-muc/", {"files": files, "given_as": GivenAs.COPY}, follow=True)

    assert draft.components.get(replaced_at=None).component == slots[-1]
    assert "Đã nhận 1 tệp" in shown.content.decode()
    assert "không thuộc loại được nhận" in shown.content.decode()


def test_a_scan_is_refused_beside_its_paper_and_can_be_taken_out(client, version, unit):
    draft = begun(client, version, unit)
    page = reverse("desk:counter_draft", args=[draft.tracking_no])
    slot = version.components.filter(is_upload=True).first()
    assert slot is not None

    nothing = client.post(f"{page}giay-to/{slot.position}/", {"given_as": GivenAs.COPY})
    kept = {"file": a_scan("a.pdf"), "given_as": GivenAs.COPY, "original_kept": "on"}
    assert "Chưa có tệp nào" in nothing.content.decode()
    assert "Chỉ giữ bản chính" in client.post(f"{page}giay-to/{slot.position}/", kept).content.decode()

    client.post(f"{page}giay-to/{slot.position}/", {"file": a_scan("a.pdf"), "given_as": GivenAs.COPY})
    client.post(f"{page}go/{draft.components.get().pk}/")
    assert not draft.components.filter(replaced_at=None).exists()


def test_others_find_no_counter(client, version, unit):
    draft = begun(client, version, unit)
    page = reverse("desk:counter_draft", args=[draft.tracking_no])
    specialist = client_of(officer_actor(unit, Role.SPECIALIST))
    elsewhere = client_of(officer_actor(AgencyFactory.create(), Role.ONE_STOP_OFFICER))
    citizen, user = Client(), PersonFactory.create().user
    assert user is not None
    citizen.force_login(user)

    assert specialist.get(START).status_code == 403
    assert citizen.get(START).status_code == 403
    for one in (specialist, elsewhere, citizen):
        assert one.get(page).status_code == 404
        assert one.post(f"{page}tiep-nhan/").status_code == 404
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_what_a_postal_agent_brings_keeps_the_moment_at_which_the_agent_took_it(client, version, unit):
    card = {"full_name": "Lê Văn Mẫu (minh họa)", "phone": "0905000111", "paper": "id_card", "begin": "1"}
    brought = visitor(version, unit, filing_mode="postal_agent", **card)
    taken_at = timezone.localtime().replace(second=0, microsecond=0) - timedelta(hours=3)

    for typed, problem in (
        ("", "Hãy ghi lúc đại lý"),
        ("0001-01-01T00:00", "quá 30 ngày"),
        ("9999-12-31T23:59", "Đại lý không thể nhận"),
    ):
        wrong = client.post(START, {**brought, "filed_at": typed})
        assert (wrong.status_code, problem in wrong.content.decode()) == (422, True)
    client.post(START, {**brought, "filed_at": f"{taken_at:%Y-%m-%dT%H:%M}"})

    draft = Dossier.objects.get()
    assert (draft.filing_mode, draft.submitted_at) == (FilingMode.POSTAL_AGENT, taken_at)
    found = client.get(reverse("desk:find"), {"q": draft.tracking_no}).content.decode()
    assert reverse("desk:dossier", args=[draft.tracking_no]) not in found  # a draft is not found as a dossier


def test_whose_number_is_typed_sees_that_an_officer_looked(client, unit, version):
    known = PersonFactory.create()

    page = client.post(START, visitor(version, unit, number=str(known.personal_id_number)))

    assert known.full_name in page.content.decode()
    assert AccessLog.objects.filter(person=known).count() == 1
