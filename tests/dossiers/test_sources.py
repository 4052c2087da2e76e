"""Accepted sources: in their order, each by its own check, and the next where one fails or is declined."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.models import Organisation, Person
from dossiers import holdings
from dossiers.holdings import Owner
from dossiers.models import Dossier, DossierComponent, VneidDocument
from dossiers.services import drafting, reusing
from dossiers.states import CheckState, GivenAs, ScanState, VneidRegister
from procedures.models import Component
from procedures.states import ApplicantCategory, ComponentKind, ComponentSource
from results_vault.models import Result
from results_vault.states import ResultStatus
from tests.dossiers.filing_kit import pdf
from tests.dossiers.test_holdings import CODE, NOW, a_service, a_slot, signed_in
from tests.factories import OrganisationFactory, PersonFactory, actor_of_person, represent
from tests.results_vault.conftest import KeepResult, _own_files, keep, key_store, signed_file  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

TODAY = timezone.localdate(NOW)
REPOSITORY, VAULT = ComponentSource.RESULT_REPOSITORY, ComponentSource.VAULT_ITEM


@pytest.fixture
def person() -> Person:
    found: Person = PersonFactory.create(full_name="Lê Thị Ba (minh họa)")
    return found


def look(slot: Component, person: Person, organisation: Organisation | None = None) -> holdings.Held:
    return holdings.look([slot], owner=Owner(person, organisation), at=NOW).get(slot.pk, holdings.NOTHING)


def begun(slot: Component, person: Person) -> Dossier:
    return drafting.start(version_id=slot.version_id, actor=actor_of_person(person), at=NOW)


def handed_in(
    person: Person, name: str = "Sơ đồ chỗ ở", organisation: Organisation | None = None, **more: Any
) -> DossierComponent:
    """A paper of an earlier dossier that was accepted, found right by an officer."""
    slot = a_slot(a_service(), name=name)
    dossier = begun(slot, person)
    dossier.owner_organisation = organisation
    dossier.owner_person = None if organisation else person
    dossier.code, dossier.status = f"H17.1-{dossier.pk}", "accepted"
    dossier.submitted_at = dossier.accepted_at = dossier.due_at = NOW
    dossier.save()
    content = pdf()
    row = DossierComponent(
        dossier=dossier,
        component=slot,
        original_name="so-do.pdf",
        size=len(content),
        pages=1,
        sha256=hashlib.sha256(content).hexdigest(),
        **{"kind": "pdf", "scan_state": ScanState.CLEAN, "check_state": CheckState.CORRECT} | more,
    )
    row.file.save("so-do.pdf", ContentFile(content))
    row.save()
    return row


# Order


def test_the_first_source_wins_and_the_next_is_offered_when_it_is_declined(
    person: Person,
    keep: KeepResult,  # noqa: F811
):
    keep(owner_person=person, issued_on=TODAY)
    slot = a_slot(
        a_service(), ComponentSource.DATA_IDENTITY_CARD, REPOSITORY, result_of=[CODE], kind="identity"
    )

    assert [one.source for one in look(slot, person).offers] == ["data_identity_card", "result_repository"]

    turned = a_slot(
        a_service(), REPOSITORY, ComponentSource.DATA_IDENTITY_CARD, result_of=[CODE], kind="identity"
    )
    assert [one.source for one in look(turned, person).offers] == ["result_repository", "data_identity_card"]
    dossier = begun(turned, person)
    page = reverse("dossiers:draft_files", args=[dossier.tracking_no])
    client = signed_in(person)
    assert client.get(page).content.decode().count("Dùng bản này") == 2
    assert "Bản khác thành phố cũng có (1)" in client.get(page).content.decode()
    use = reverse("dossiers:draft_reuse", args=[dossier.tracking_no, 1])
    client.post(use, {"mark": look(turned, person).offers[1].mark})
    assert dossier.components.get(replaced_at=None).source == "data_identity_card"
    shown = client.get(page).content.decode()
    assert shown.count("Dùng bản này") == 1
    assert "Bản khác thành phố cũng có (1)" in shown


def test_the_next_source_is_used_when_the_first_fails(person: Person, keep: KeepResult):  # noqa: F811
    result = keep(owner_person=person, issued_on=TODAY)
    slot = a_slot(
        a_service(), REPOSITORY, ComponentSource.DATA_IDENTITY_CARD, result_of=[CODE], kind="identity"
    )
    with result.file.open("ab") as file:
        file.write(b"x")

    row = reusing.use(
        dossier_id=begun(slot, person).pk, component=slot, actor=actor_of_person(person), at=NOW
    )

    assert row.source == "data_identity_card"


def test_a_source_that_is_named_is_not_replaced_by_another(person: Person, keep: KeepResult):  # noqa: F811
    keep(owner_person=person, issued_on=TODAY)
    slot = a_slot(a_service(), REPOSITORY, result_of=[CODE])

    with pytest.raises(reusing.NotHeld):
        reusing.use(
            dossier_id=begun(slot, person).pk,
            component=slot,
            source="vault_item",
            actor=actor_of_person(person),
            at=NOW,
        )


def test_one_result_is_offered_once_by_the_source_that_comes_first(person: Person, keep: KeepResult):  # noqa: F811
    keep(owner_person=person, issued_on=TODAY)
    slot = a_slot(a_service(), VAULT, REPOSITORY, result_of=[CODE])

    assert [one.source for one in look(slot, person).offers] == ["vault_item"]


def test_which_of_several_is_used_is_for_their_owner_to_say(person: Person, keep: KeepResult):  # noqa: F811
    older = keep(owner_person=person, issued_on=TODAY - timedelta(days=9))
    newer = keep(owner_person=person, issued_on=TODAY)
    slot = a_slot(a_service(), REPOSITORY, result_of=[CODE])
    dossier, actor = begun(slot, person), actor_of_person(person)

    first = reusing.use(dossier_id=dossier.pk, component=slot, actor=actor, at=NOW)
    second = reusing.use(dossier_id=dossier.pk, component=slot, mark=older.sha256, actor=actor, at=NOW)

    assert (first.result, second.result) == (newer, older)
    with pytest.raises(reusing.NotHeld):
        reusing.use(dossier_id=dossier.pk, component=slot, mark="0" * 64, actor=actor, at=NOW)


# The vault


def test_a_result_in_the_vault_serves_by_its_name_where_no_procedure_is_named(
    person: Person,
    keep: KeepResult,  # noqa: F811
):
    result = keep(owner_person=person, title="Giấy phép dùng tạm vỉa hè", procedure_code="9.000001")
    slot = a_slot(a_service(), VAULT, name="giấy phép  dùng tạm VỈA HÈ")

    first = look(slot, person).first

    assert first is not None
    assert (first.source, first.result) == ("vault_item", result)
    assert look(a_slot(a_service(), VAULT, name="Giấy phép khác"), person) == holdings.NOTHING


def test_a_paper_that_an_agency_found_right_serves_again_if_its_owner_wants(person: Person):
    earlier = handed_in(person)
    slot = a_slot(a_service(), VAULT, name="Sơ đồ chỗ ở")

    first = look(slot, person).first
    assert first is not None
    assert (first.paper, first.is_certain) == (earlier, False)
    assert str(earlier.dossier.code) in first.origin
    client, address = signed_in(person), reverse("dossiers:start", args=[slot.version.procedure.code])
    assert 'value="self:1"' in client.get(address).content.decode()
    assert "checked" not in client.get(address).content.decode().split('value="self:1"')[1][:300]

    row = reusing.use(
        dossier_id=begun(slot, person).pk, component=slot, actor=actor_of_person(person), at=NOW
    )
    assert (row.source, row.sha256, row.pages) == ("vault_item", earlier.sha256, 1)
    assert row.file.name != earlier.file.name


@pytest.mark.parametrize(
    "change",
    [
        {"check_state": CheckState.UNCHECKED},
        {"check_state": CheckState.WRONG},
        {"given_as": GivenAs.COPY},
        {"replaced_at": NOW},
        {"kind": "txt"},
    ],
)
def test_what_nobody_found_right_is_no_vault_item(person: Person, change: dict[str, Any]):
    handed_in(person, **change)

    assert look(a_slot(a_service(), VAULT, name="Sơ đồ chỗ ở"), person) == holdings.NOTHING


def test_a_vault_is_its_owners_alone(person: Person):
    handed_in(person)
    organisation = OrganisationFactory.create()
    handed_in(person, name="Điều lệ", organisation=organisation)
    mine, ours = (a_slot(a_service(), VAULT, name=name) for name in ("Sơ đồ chỗ ở", "Điều lệ"))

    assert look(mine, PersonFactory.create()) == holdings.NOTHING
    assert look(mine, person, organisation) == look(ours, person) == holdings.NOTHING
    assert look(ours, person, organisation) == holdings.NOTHING  # represents it no more, or not yet
    represent(person, organisation)
    assert look(ours, person, organisation).first is not None


# Registers


def test_a_household_business_is_known_by_its_registration_until_it_is_closed(
    person: Person,
    keep: KeepResult,  # noqa: F811
):
    slot = a_slot(a_service(), ComponentSource.DATA_BUSINESS_HOUSEHOLD, name="Đăng ký hộ kinh doanh")
    keep(
        owner_person=person,
        procedure_code="1.001612",
        title="Giấy chứng nhận đăng ký hộ kinh doanh",
        issued_on=TODAY - timedelta(days=30),
    )
    first = look(slot, person).first
    assert first is not None
    assert first.source == "data_business_household"

    keep(owner_person=person, procedure_code="1.001266", title="Thông báo chấm dứt", issued_on=TODAY)
    closed = look(slot, person)

    assert closed.first is None
    assert "chấm dứt" in closed.passed[0].why


@pytest.mark.parametrize(
    ("name", "serves"),
    [("Giấy xác nhận thông tin về cư trú", True), ("Sổ hộ khẩu", True), ("Giấy khai sinh", False)],
)
def test_the_population_database_says_where_somebody_lives_and_no_more(
    person: Person, name: str, serves: bool
):
    slot = a_slot(a_service(), ComponentSource.DATA_POPULATION_DB, name=name, kind=ComponentKind.EVIDENCE)
    Person.objects.filter(pk=person.pk).update(address="Số 2 đường Minh Họa")
    person.refresh_from_db()

    first = look(slot, person).first

    assert (first is not None) is serves
    if first is not None:
        assert "Số 2 đường Minh Họa" in first.extract.decode()
    Person.objects.filter(pk=person.pk).update(address="")
    person.refresh_from_db()
    assert look(slot, person).first is None


def test_the_electronic_identity_equals_the_card(person: Person):
    slot = a_slot(
        a_service(), ComponentSource.VNEID_DOCUMENT, name="Thẻ căn cước", kind=ComponentKind.IDENTITY
    )

    first = look(slot, person).first

    assert first is not None
    assert first.source == "vneid_document"


def shown(person: Person, **facts: Any) -> VneidDocument:
    made_up: dict[str, Any] = {
        "register": VneidRegister.DOCUMENTS,
        "title": "Giấy phép lái xe",
        "number": "0481900001",
        "issuer": "Cơ quan minh họa",
        "issued_on": TODAY - timedelta(days=10),
        "shown_at": NOW,
        "usable_until": NOW + timedelta(hours=1),
    }
    return VneidDocument.objects.create(person=person, **(made_up | facts))


def test_what_vneid_showed_serves_as_the_paper_of_its_name_while_the_consent_lasts(person: Person):
    licence = a_slot(a_service(), ComponentSource.VNEID_DOCUMENT, name="Giấy phép lái xe còn giá trị")
    health = a_slot(a_service(), ComponentSource.DATA_EHEALTH, name="Giấy khám sức khỏe", validity_months=6)
    shown(person)
    shown(
        person,
        register=VneidRegister.HEALTH,
        title="Giấy khám sức khỏe",
        issued_on=TODAY - timedelta(days=300),
    )

    first = look(licence, person).first
    assert first is not None
    assert "0481900001" in first.extract.decode()
    assert look(licence, PersonFactory.create()).first is None
    [old] = look(health, person).passed
    assert "hết hạn ngày" in old.why
    VneidDocument.objects.update(usable_until=NOW - timedelta(minutes=1))
    assert look(licence, person) == holdings.NOTHING


# Validity


def test_what_is_too_old_is_told_with_its_last_day_wherever_it_would_be_offered(
    person: Person,
    keep: KeepResult,  # noqa: F811
):
    slot = a_slot(a_service(), REPOSITORY, result_of=[CODE], validity_months=6)
    keep(owner_person=person, issued_on=date(2020, 1, 31))

    held = look(slot, person)

    assert held.first is None
    assert held.passed[0].why == "hết hạn ngày 31/07/2020"
    client, code = signed_in(person), slot.version.procedure.code
    draft = begun(slot, person)
    for address in (
        reverse("procedures:detail", args=[code]),
        reverse("dossiers:start", args=[code]),
        reverse("dossiers:draft_files", args=[draft.tracking_no]),
    ):
        assert "hết hạn ngày 31/07/2020" in client.get(address).content.decode(), address


def test_a_vault_item_of_unknown_age_is_not_taken_for_a_recent_one(person: Person):
    earlier = handed_in(person)
    slot = a_slot(a_service(), VAULT, name="Sơ đồ chỗ ở", validity_months=6)

    assert "không biết ngày cấp" in look(slot, person).passed[0].why
    DossierComponent.objects.filter(pk=earlier.pk).update(issued_on=TODAY - timedelta(days=30))
    first = look(slot, person).first
    assert first is not None
    assert first.valid_to is not None


def test_a_result_out_of_force_says_so(person: Person, keep: KeepResult):  # noqa: F811
    result = keep(owner_person=person)
    Result.objects.filter(pk=result.pk).update(status=ResultStatus.REVOKED)

    assert look(a_slot(a_service(), REPOSITORY, result_of=[CODE]), person).passed[0].why == "đã thu hồi"


def test_what_depends_on_the_answers_is_told_with_them(person: Person, keep: KeepResult):  # noqa: F811
    eform = {
        "pages": [
            {
                "id": "a",
                "title": "A",
                "fields": [
                    {
                        "name": "muc_dich",
                        "label": "Mục đích",
                        "type": "choice",
                        "required": True,
                        "choices": [["a", "Kết hôn"], ["b", "Việc khác"]],
                    }
                ],
            }
        ]
    }
    version = a_service(eform=eform, applicant_categories=[ApplicantCategory.CITIZEN])
    a_slot(version, REPOSITORY, result_of=[CODE], condition={"field": "muc_dich", "equals": "a"})
    keep(owner_person=person)
    client: Client = signed_in(person)

    for name in ("procedures:detail", "dossiers:start"):
        page = client.get(reverse(name, args=[version.procedure.code])).content.decode()
        assert "nếu bạn trả lời “Mục đích”: Kết hôn" in page
    assert 'name="held"' not in page
