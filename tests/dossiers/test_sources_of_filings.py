"""The same rule for a program that files a whole dossier and for an officer at the counter: what is held is used."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency
from agencies.states import Role
from citizens.models import AccessLog, Person
from core.errors import InvalidInput
from dossiers.models import Dossier, DossierComponent
from dossiers.services import counter, filing
from dossiers.services.counter import WalkIn
from dossiers.services.filing import Upload, WholeFiling, file_whole
from dossiers.services.reusing import NotHeld
from dossiers.states import GivenAs, Status
from procedures.models import Component, ProcedureVersion
from procedures.states import ComponentSource
from results_vault.models import Result
from tests.dossiers.filing_kit import ANSWERS, fileable, pdf, stored_files
from tests.dossiers.test_desk_counter import a_scan, client_of
from tests.dossiers.test_sources import handed_in
from tests.factories import AgencyFactory, PersonFactory, actor_of_person, officer_actor
from tests.results_vault.conftest import KeepResult, _own_files, keep, key_store, signed_file  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

CODE = "1.004873"
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


@pytest.fixture
def version() -> ProcedureVersion:
    """Its required paper is one that the city issues."""
    found = fileable()
    found.components.filter(position=1).update(
        accepted_sources=[ComponentSource.RESULT_REPOSITORY, ComponentSource.VAULT_ITEM],
        result_of=[CODE],
        validity_months=6,
    )
    type(found.procedure).objects.filter(pk=found.procedure_id).update(current_version=found)
    return found


@pytest.fixture
def person() -> Person:
    found: Person = PersonFactory.create()
    return found


@pytest.fixture
def result(keep: KeepResult, person: Person) -> Result:  # noqa: F811
    return keep(owner_person=person, procedure_code=CODE, issued_on=TODAY)


def slot_of(version: ProcedureVersion, position: int = 1) -> Component:
    return Component.objects.get(version=version, position=position)


# A program


def file(version: ProcedureVersion, person: Person, **parts: Any) -> Dossier:
    whole = WholeFiling(
        procedure=version.procedure.code, unit=AgencyFactory.create().code, answers=ANSWERS, **parts
    )
    dossier, _made = file_whole(
        filing=whole, idempotency_key="k", actor=actor_of_person(person), at=timezone.now()
    )
    return dossier


@pytest.mark.parametrize("parts", [{}, {"held": {1: "held"}}, {"held": {1: "result_repository"}}])
def test_a_program_sends_no_paper_that_the_city_holds(
    version: ProcedureVersion, person: Person, result: Result, parts: dict[str, Any]
):
    dossier = file(version, person, **parts)

    row = dossier.components.get()
    assert (dossier.status, row.source, row.result) == (Status.SUBMITTED, "result_repository", result)
    assert row.sha256 == result.sha256


@pytest.mark.parametrize("parts", [{}, {"held": {1: "held"}}, {"held": {1: "result_repository"}}])
def test_what_belongs_to_somebody_else_is_refused_at_its_component(
    version: ProcedureVersion, result: Result, parts: dict[str, Any]
):
    before = stored_files()

    with pytest.raises(InvalidInput) as refusal:
        file(version, PersonFactory.create(), **parts)

    assert list(refusal.value.errors) == ["component.1"]
    assert not Dossier.objects.exists()
    assert stored_files() == before


def test_a_source_that_does_not_have_it_is_refused_and_says_why(
    version: ProcedureVersion,
    person: Person,
    keep: KeepResult,  # noqa: F811
):
    keep(owner_person=person, procedure_code=CODE, issued_on=TODAY - timedelta(days=400))

    with pytest.raises(InvalidInput) as refusal:
        file(version, person, held={1: "result_repository"})

    assert "hết hạn ngày" in str(refusal.value.errors["component.1"][0])


def test_an_earlier_paper_is_used_when_the_program_says_so_and_not_else(
    version: ProcedureVersion, person: Person
):
    handed_in(person, name=slot_of(version).name, issued_on=TODAY)

    with pytest.raises(InvalidInput):
        file(version, person)

    assert file(version, person, held={1: "held"}).components.get().source == "vault_item"


def test_parts_that_contradict_each_other_are_told(version: ProcedureVersion, person: Person, result: Result):
    upload = Upload(io.BytesIO(pdf()), "a.pdf")

    with pytest.raises(InvalidInput) as refusal:
        file(version, person, files={1: upload}, held={1: "held", 9: "held"}, issued={2: TODAY})

    assert set(refusal.value.errors) == {"component.1", "component.9", "component.2.issued_on"}


def test_a_paper_that_a_program_sends_must_not_be_too_old(version: ProcedureVersion, person: Person):
    def sent(days: int) -> Dossier:
        upload = Upload(io.BytesIO(pdf()), "a.pdf")
        return file(version, person, files={1: upload}, issued={1: TODAY - timedelta(days=days)})

    with pytest.raises(InvalidInput) as refusal:
        sent(300)
    assert list(refusal.value.errors) == ["component.1.issued_on"]

    assert sent(30).components.get().issued_on == TODAY - timedelta(days=30)


def test_the_api_takes_the_word_for_a_file(version: ProcedureVersion, person: Person, result: Result):
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    body = {
        "procedure": version.procedure.code,
        "unit": AgencyFactory.create().code,
        "form": ANSWERS,
        "component.1": "chac-la-co",
        "component.2.issued_on": "31/12/2025",
    }
    send: Any = lambda: client.post(  # noqa: E731
        reverse("api_dossiers:list"), body, content_type="application/json", headers={"Idempotency-Key": "k"}
    )

    refused = send()
    assert refused.status_code == 422
    assert set(refused.json()["errors"]) == {"component.1", "component.2.issued_on"}
    body["component.1"] = filing.HELD
    del body["component.2.issued_on"]
    made = send()

    assert made.status_code == 201, made.json()
    [told] = client.get(made.json()["links"]["self"]).json()["components"]
    assert (told["source"], told["sha256"]) == ("result_repository", result.sha256)
    assert result.number in told["origin"]


# The counter


@pytest.fixture
def unit() -> Agency:
    found: Agency = AgencyFactory.create()
    return found


@pytest.fixture
def officer(unit: Agency) -> Any:
    return officer_actor(unit, Role.ONE_STOP_OFFICER)


def at_the_counter(version: ProcedureVersion, person: Person, unit: Agency, officer: Any) -> Dossier:
    walk_in = WalkIn(
        number=str(person.personal_id_number), full_name=person.full_name, phone="0905000111", paper="id_card"
    )
    dossier = counter.start(version_id=version.pk, walk_in=walk_in, unit_id=unit.pk, actor=officer, at=NOW)
    for page in ("nguoi-yeu-cau", "noi-dung"):
        counter.fill(dossier_id=dossier.pk, page_id=page, data=ANSWERS, actor=officer)
    return dossier


def test_the_officer_sees_what_is_held_and_need_not_scan(
    version: ProcedureVersion, person: Person, result: Result, unit: Agency, officer: Any
):
    assert result.issuer != unit  # another agency's result, which the officer alone could not read
    dossier = at_the_counter(version, person, unit, officer)
    client, page = client_of(officer), reverse("desk:counter_draft", args=[dossier.tracking_no])

    assert "Đã có, không phải quét:" in client.get(page).content.decode()
    client.post(f"{page}giay-to/1/dung-ban-da-co/", {"mark": result.sha256})
    client.post(f"{page}giay-to/1/dung-ban-da-co/", {"mark": result.sha256})
    shown = client.get(page).content.decode()
    accepted = counter.accept(dossier_id=dossier.pk, actor=officer, at=timezone.now())

    row = DossierComponent.objects.get(dossier=dossier, replaced_at=None)
    assert (row.source, row.result, row.check_state) == ("result_repository", result, "correct")
    assert result.number in shown
    assert "Dùng bản này" not in shown
    assert accepted.status == Status.ACCEPTED
    assert AccessLog.objects.filter(person=person, reference=dossier.tracking_no).exists()


def test_at_the_counter_nobody_elses_paper_is_used(
    version: ProcedureVersion, result: Result, unit: Agency, officer: Any
):
    dossier = at_the_counter(version, PersonFactory.create(), unit, officer)

    with pytest.raises(NotHeld):
        counter.use_held(dossier_id=dossier.pk, component=slot_of(version), actor=officer, at=NOW)

    page = client_of(officer).get(reverse("desk:counter_draft", args=[dossier.tracking_no])).content.decode()
    assert result.number not in page


def test_an_officer_of_another_unit_uses_nothing(
    version: ProcedureVersion, person: Person, result: Result, unit: Agency, officer: Any
):
    dossier = at_the_counter(version, person, unit, officer)
    other = client_of(officer_actor(AgencyFactory.create(), Role.ONE_STOP_OFFICER))

    answer = other.post(
        reverse("desk:counter_use_held", args=[dossier.tracking_no, 1]), {"mark": result.sha256}
    )

    assert answer.status_code == 404
    assert not dossier.components.exists()


def test_a_paper_that_is_too_old_is_refused_at_the_counter(
    version: ProcedureVersion, person: Person, unit: Agency, officer: Any
):
    dossier = at_the_counter(version, person, unit, officer)
    client, page = client_of(officer), reverse("desk:counter_draft", args=[dossier.tracking_no])
    scan = {"file": a_scan("a.pdf"), "given_as": GivenAs.ORIGINAL, "issued_on": "2020-01-31"}

    answer = client.post(f"{page}giay-to/1/", scan)

    assert answer.status_code == 422
    assert "đã hết hạn ngày 31/07/2020" in answer.content.decode()
    assert not dossier.components.exists()


def test_a_paper_that_need_not_be_digitised_is_taken_without_a_scan(
    version: ProcedureVersion, person: Person, unit: Agency, officer: Any
):
    dossier = at_the_counter(version, person, unit, officer)
    client, page = client_of(officer), reverse("desk:counter_draft", args=[dossier.tracking_no])
    given = {"given_as": GivenAs.ORIGINAL, "original_kept": "on", "note": "1"}
    assert "không cần quét" not in client.get(page).content.decode()
    client.post(f"{page}giay-to/1/", given)
    assert not dossier.components.exists()  # this one must be scanned

    version.components.filter(position=1).update(is_digitised=False)
    assert "không cần quét" in client.get(page).content.decode()
    client.post(f"{page}giay-to/1/", given)
    counter.accept(dossier_id=dossier.pk, actor=officer, at=timezone.now())

    row = dossier.components.get()
    assert (row.given_as, row.original_kept, row.kind) == (GivenAs.ORIGINAL, True, "txt")
    assert officer.display_name in row.file.read().decode()
