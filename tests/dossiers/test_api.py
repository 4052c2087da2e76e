"""The applicants' API: one request files a dossier, once; refusals say which part is wrong and how to mend it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from citizens.states import EidLevel
from core import scanner
from core.scanner import Outcome
from dossiers.models import Dossier
from dossiers.states import Status
from outbox.models import Message
from tests.dossiers.filing_kit import ANSWERS, ORGANISATIONS, answers_with, draft, fileable, pdf, stored_files
from tests.factories import (
    AgencyFactory,
    DossierFactory,
    OfficerFactory,
    OrganisationFactory,
    PersonFactory,
    represent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

LIST = "/api/v1/dossiers/"


def signed_in(person: Any, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def a_file(content: bytes | None = None, name: str = "giay-to.pdf") -> io.BytesIO:
    file = io.BytesIO(pdf() if content is None else content)
    file.name = name
    return file


def body(version, **parts: Any) -> dict[str, Any]:
    unit = AgencyFactory.create().code
    return {
        "procedure": version.procedure.code,
        "unit": unit,
        "form": json.dumps(ANSWERS),
        "component.1": a_file(),
    } | parts


def file(client: Client, data: dict[str, Any], *, key: str = "k1", **headers: str):
    return client.post(LIST, data, headers={"Idempotency-Key": key, **headers})


def test_one_request_files_a_dossier_and_answers_with_number_and_deadline():
    person, version = PersonFactory.create(), fileable()

    answer = file(signed_in(person), body(version))

    assert answer.status_code == 201
    dossier = Dossier.objects.get()
    assert answer.json() == {
        "tracking_no": dossier.tracking_no,
        "status": "submitted",
        "procedure": version.procedure.code,
        "submitted_at": answer.json()["submitted_at"],
        "accept_due_at": answer.json()["accept_due_at"],
        "links": {
            "self": f"{LIST}{dossier.tracking_no}/",
            "events": f"{LIST}{dossier.tracking_no}/events/",
            "page": f"/ho-so/{dossier.tracking_no}/",
        },
    }
    assert answer.json()["accept_due_at"].endswith("+07:00")
    assert (dossier.owner_person, dossier.status) == (person, Status.SUBMITTED)
    assert dossier.form_data["so_ban"] == 2


def test_answers_may_come_as_single_parts_too():
    data = body(fileable())
    del data["form"]
    parts = {f"form.{name}": str(value) for name, value in ANSWERS.items()}

    assert file(signed_in(PersonFactory.create()), data | parts).status_code == 201
    assert Dossier.objects.get().form_data["so_ban"] == 2


def test_a_procedure_without_files_is_filed_as_json():
    version = fileable()
    version.components.update(is_required=False)
    data = {
        "procedure": version.procedure.code,
        "unit": AgencyFactory.create().code,
        "form": ANSWERS,
    }

    answer = signed_in(PersonFactory.create()).post(
        LIST, data, content_type="application/json", headers={"Idempotency-Key": "k"}
    )

    assert answer.status_code == 201


def test_the_same_key_again_gets_the_same_answer_and_files_nothing():
    client, data = signed_in(PersonFactory.create()), body(fileable())
    first = file(client, data)
    data["component.1"] = a_file()

    again = file(client, data)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Dossier.objects.count() == Message.objects.count() == 1
    other = file(client, body(fileable()))
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_used")


def test_without_a_key_nothing_is_filed():
    answer = signed_in(PersonFactory.create()).post(LIST, body(fileable()))

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["idempotency_key"]


def test_every_wrong_part_is_named():
    client, version = signed_in(PersonFactory.create()), fileable()

    strange = file(client, {"form": "[1]", "la": "1", "component.x": a_file(), "unit": "x" * 300})
    assert strange.status_code == 422
    assert set(strange.json()["errors"]) == {"form", "la", "component.x", "unit", "procedure"}

    wrong = file(client, body(version, unit="H99", form=json.dumps({"so_ban": "hai"})))
    assert set(wrong.json()["errors"]) == {"unit", "noi_o", "muc_dich", "so_ban"}

    data = body(version)
    del data["component.1"]
    assert list(file(client, data).json()["errors"]) == ["component.1"]


@pytest.mark.parametrize("form", ['{"so_ban": {"a": 1}}', '{"noi_o": ["x"]}', '{"so_ban": 1e999}', "null"])
def test_strange_json_is_refused_and_never_breaks(form):
    answer = file(signed_in(PersonFactory.create()), body(fileable(), form=form))

    assert answer.status_code == 422
    assert not Dossier.objects.exists()


def test_the_way_of_the_result_is_chosen_with_the_filing_and_its_wrong_parts_are_named():
    client, version = signed_in(PersonFactory.create()), fileable()
    wanted = {
        "return_method": "post",
        "return_receiver_name": "Nguyễn Thị Mẫu",
        "return_phone": "0905 123 456",
        "return_address": "12 Trần Phú, phường Hải Châu",
    }

    wrong = file(client, body(version, **wanted | {"return_phone": "12", "return_address": ""}))
    assert set(wrong.json()["errors"]) == {"return_phone", "return_address"}
    assert set(file(client, body(version, return_method="drone")).json()["errors"]) == {"return_method"}
    answer = file(client, body(version, **wanted))

    assert client.get(answer.json()["links"]["self"]).json()["return"] == {
        "method": "post",
        "centre": None,
        "receiver_name": "Nguyễn Thị Mẫu",
        "phone": "0905123456",
        "address": "12 Trần Phú, phường Hải Châu",
    }


def test_who_chooses_no_way_gets_the_electronic_result():
    client = signed_in(PersonFactory.create())

    answer = file(client, body(fileable()))

    assert client.get(answer.json()["links"]["self"]).json()["return"]["method"] == "vault"


def test_a_bad_file_is_explained_and_leaves_nothing_on_the_disk():
    before = stored_files()

    answer = file(
        signed_in(PersonFactory.create()), body(fileable(), **{"component.1": a_file(b"MZ..", "la.pdf")})
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "upload_wrong_kind")
    assert "la" in answer.json()["message"]
    assert stored_files() == before


def test_without_a_scanner_the_request_is_put_off(monkeypatch):
    monkeypatch.setattr(scanner, "scan", answers_with(Outcome.UNAVAILABLE))

    assert file(signed_in(PersonFactory.create()), body(fileable())).status_code == 503


def test_level_1_strangers_officers_and_nobody_do_not_file():
    version = fileable()
    level_1 = PersonFactory.create(eid_level=EidLevel.LEVEL_1)
    organisation = OrganisationFactory.create()

    assert file(signed_in(level_1), body(version)).json()["code"] == "eid_level_too_low"
    for_them = file(signed_in(PersonFactory.create()), body(version, organisation=organisation.code))
    assert for_them.status_code == 403
    assert file(signed_in(OfficerFactory.create()), body(version)).status_code == 403
    assert file(Client(), body(version)).status_code == 403


def test_a_representative_files_for_the_organisation():
    person, organisation = PersonFactory.create(), OrganisationFactory.create()
    represent(person, organisation)
    version = fileable(applicant_categories=ORGANISATIONS)

    assert file(signed_in(person), body(version, organisation=organisation.code)).status_code == 201
    assert Dossier.objects.get().owner_organisation == organisation


def test_a_session_without_a_csrf_token_is_refused():
    client = signed_in(PersonFactory.create(), enforce_csrf_checks=True)

    assert file(client, body(fileable())).status_code == 403


def test_filing_costs_few_statements():
    client, data = signed_in(PersonFactory.create()), body(fileable())
    client.get(LIST)

    with CaptureQueriesContext(connection) as queries:
        assert file(client, data).status_code == 201

    transactions = [one for one in queries if "SAVEPOINT" in one["sql"]]
    assert len(queries) - len(transactions) <= 18


def test_the_list_goes_page_by_page_with_a_fixed_number_of_statements(django_assert_max_num_queries):
    person, version = PersonFactory.create(), fileable()
    for _number in range(53):
        DossierFactory.create(owner_person=person, submitter=person, procedure_version=version)
    DossierFactory.create(procedure_version=version)
    client = signed_in(person)
    client.get(LIST)

    with django_assert_max_num_queries(6):
        first = client.get(LIST).json()
    second = client.get(LIST, {"after": first["after"]}).json()

    assert (len(first["results"]), len(second["results"])) == (50, 3)
    assert (first["before"], second["after"]) == (None, None)
    assert client.get(LIST, {"status": "submitted"}).json()["results"] == []
    assert client.get(LIST, {"status": "lost"}).status_code == 422


def test_own_dossiers_are_read_with_their_history_and_others_do_not_exist():
    dossier: Any = DossierFactory.create(procedure_version=fileable(), reach=Status.ACCEPTED)
    own, other = signed_in(dossier.owner_person), signed_in(PersonFactory.create())

    detail = own.get(f"{LIST}{dossier.tracking_no}/").json()
    events = own.get(f"{LIST}{dossier.tracking_no}/events/").json()["results"]

    assert (detail["code"], detail["status"], detail["national_status"]) == (dossier.code, "accepted", 2)
    assert [event["action"] for event in events] == ["submit", "accept"]
    assert events[1]["by"] == f"Cán bộ một cửa, {dossier.received_at_unit.name}"
    for address in (f"{LIST}{dossier.tracking_no}/", f"{LIST}{dossier.tracking_no}/events/"):
        assert other.get(address).status_code == 404


def test_components_are_listed_with_their_digests():
    person = PersonFactory.create()
    client = signed_in(person)
    number = file(client, body(fileable())).json()["tracking_no"]

    (component,) = client.get(f"{LIST}{number}/").json()["components"]

    assert component["position"] == 1
    assert component["name"] == "giay-to.pdf"
    assert len(component["sha256"]) == 64


def test_a_draft_is_listed_with_no_times():
    dossier = draft()

    (row,) = signed_in(dossier.submitter).get(LIST).json()["results"]

    assert (row["status"], row["submitted_at"], row["code"]) == ("draft", None, None)
