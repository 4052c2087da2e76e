"""What the city holds is not asked for again: found, used, declined, traced, and only ever one's own."""

from __future__ import annotations

import hashlib
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.models import Organisation, Person
from citizens.states import EidLevel, Scope
from dossiers import holdings
from dossiers.drafts import Draft
from dossiers.holdings import Owner
from dossiers.models import Dossier, DossierComponent
from dossiers.papers import receipts
from dossiers.services import attachments, drafting, reusing
from procedures.models import Component, ProcedureVersion
from procedures.states import ApplicantCategory, ComponentKind, ComponentSource
from results_vault.models import Result
from results_vault.states import ResultStatus
from tests.dossiers.filing_kit import pdf
from tests.factories import (
    OrganisationFactory,
    PersonFactory,
    VersionFactory,
    actor_of_person,
    represent,
)
from tests.results_vault.conftest import KeepResult, _own_files, keep, key_store, signed_file  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

NOW = timezone.now()
CODE = "1.004873"


def a_service(**more: Any) -> ProcedureVersion:
    version: ProcedureVersion = VersionFactory.create(**more)
    return version


def a_slot(version: ProcedureVersion, *sources: ComponentSource, **more: Any) -> Component:
    more.setdefault("name", "Giấy xác nhận tình trạng hôn nhân")
    return Component.objects.create(
        version=version,
        position=more.pop("position", 1),
        is_upload=True,
        is_required=more.pop("is_required", True),
        accepted_sources=[*sources, ComponentSource.UPLOAD_PLAIN],
        **more,
    )


def held(
    slot: Component, person: Person, organisation: Organisation | None = None
) -> holdings.Holding | None:
    owner = Owner(person, organisation)
    return holdings.find([slot], owner=owner, at=NOW).get(slot.pk)


@pytest.fixture
def person() -> Person:
    found: Person = PersonFactory.create(full_name="Lê Thị Ba (minh họa)")
    return found


@pytest.fixture
def slot() -> Component:
    return a_slot(a_service(), ComponentSource.RESULT_REPOSITORY, result_of=[CODE])


@pytest.fixture
def result(keep: KeepResult, person: Person) -> Result:  # noqa: F811
    return keep(owner_person=person, procedure_code=CODE, issued_on=timezone.localdate(NOW))


# Finding


def test_a_result_in_force_is_offered_with_its_origin(slot: Component, person: Person, result: Result):
    found = held(slot, person)

    assert found is not None
    assert (found.source, found.result) == (ComponentSource.RESULT_REPOSITORY, result)
    assert result.number in found.origin
    assert result.issuer.name in found.origin


@pytest.mark.parametrize(
    "change",
    [
        {"status": ResultStatus.REVOKED},
        {"status": ResultStatus.SUPERSEDED},
        {"status": ResultStatus.SUSPENDED},
        {"valid_to": timezone.localdate(NOW) - timedelta(days=1)},
        {"procedure_code": "1.000894"},
    ],
)
def test_a_result_that_will_not_do_is_not_offered(
    slot: Component, person: Person, result: Result, change: dict[str, Any]
):
    Result.objects.filter(pk=result.pk).update(**change)

    assert held(slot, person) is None


def test_a_paper_that_must_be_recent_is_not_offered_when_it_is_old(
    person: Person,
    keep: KeepResult,  # noqa: F811
):
    slot = a_slot(a_service(), ComponentSource.RESULT_REPOSITORY, result_of=[CODE], validity_months=6)
    keep(owner_person=person, procedure_code=CODE, issued_on=date(2020, 1, 1))
    assert held(slot, person) is None

    keep(owner_person=person, procedure_code=CODE, issued_on=timezone.localdate(NOW))
    found = held(slot, person)

    assert found is not None
    assert found.valid_to is not None
    assert found.valid_to > timezone.localdate(NOW)


def test_nobody_is_offered_what_belongs_to_somebody_else(slot: Component, result: Result):
    assert held(slot, PersonFactory.create()) is None


def test_a_result_of_an_organisation_is_for_who_may_receive_its_results(
    slot: Component,
    person: Person,
    keep: KeepResult,  # noqa: F811
):
    organisation = OrganisationFactory.create()
    keep(owner_organisation=organisation, procedure_code=CODE)
    representation = represent(person, organisation)
    representation.scopes = [Scope.FILE]
    representation.save()
    assert held(slot, person, organisation) is None

    representation.scopes = [Scope.FILE, Scope.RECEIVE_RESULT]
    representation.save()

    assert held(slot, person, organisation) is not None


def test_a_verified_identity_replaces_a_paper_that_says_who_one_is():
    slot = a_slot(a_service(), ComponentSource.DATA_IDENTITY_CARD, kind=ComponentKind.IDENTITY)
    verified, other = PersonFactory.create(), PersonFactory.create(eid_level=EidLevel.LEVEL_1)

    found = held(slot, verified)

    assert found is not None
    assert found.details is not None
    assert found.details["full_name"][1] == verified.full_name
    assert str(verified.personal_id_number) not in found.extract.decode()
    assert held(slot, other) is None


def test_the_business_register_serves_the_organisation_only(person: Person):
    slot = a_slot(a_service(), ComponentSource.DATA_BUSINESS_REGISTER)
    organisation = OrganisationFactory.create()

    found = held(slot, person, organisation)

    assert found is not None
    assert organisation.code in found.origin
    assert held(slot, person) is None


def test_the_first_accepted_source_that_has_it_is_used(person: Person, result: Result):
    both = (ComponentSource.DATA_IDENTITY_CARD, ComponentSource.RESULT_REPOSITORY)
    slot = a_slot(a_service(), *both, result_of=[CODE], kind=ComponentKind.IDENTITY)

    found = held(slot, person)

    assert found is not None
    assert found.source == ComponentSource.DATA_IDENTITY_CARD


def test_looking_takes_one_query_whatever_is_asked_for(
    person: Person, result: Result, django_assert_num_queries: Any
):
    version = a_service()
    slots = [
        a_slot(version, ComponentSource.RESULT_REPOSITORY, result_of=[CODE], name=f"Giấy {at}", position=at)
        for at in range(1, 9)
    ]
    owner = Owner(person)

    with django_assert_num_queries(1):
        found = holdings.find(slots, owner=owner, at=NOW)

    assert len(found) == 8


# Using


def begun(slot: Component, person: Person) -> Dossier:
    return drafting.start(version_id=slot.version_id, actor=actor_of_person(person), at=NOW)


def use(dossier: Dossier, slot: Component, person: Person) -> DossierComponent:
    return reusing.use(dossier_id=dossier.pk, component=slot, actor=actor_of_person(person), at=NOW)


def test_a_draft_that_uses_a_result_says_where_it_came_from(slot: Component, person: Person, result: Result):
    dossier = begun(slot, person)

    row = use(dossier, slot, person)

    assert (row.source, row.result, row.taken_at) == ("result_repository", result, NOW)
    assert row.sha256 == result.sha256 == hashlib.sha256(row.file.read()).hexdigest()
    assert list(DossierComponent.objects.reused()) == [row]
    assert Draft(dossier, NOW).problems_at("files") == []


def test_using_it_twice_leaves_one_file(slot: Component, person: Person, result: Result):
    dossier = begun(slot, person)

    use(dossier, slot, person)
    use(dossier, slot, person)

    assert dossier.components.filter(replaced_at=None).count() == 1


def test_an_upload_takes_the_place_of_what_was_held(slot: Component, person: Person, result: Result):
    dossier = begun(slot, person)
    use(dossier, slot, person)

    attachments.attach(
        dossier_id=dossier.pk,
        component=slot,
        upload=io.BytesIO(pdf()),
        name="a.pdf",
        actor=actor_of_person(person),
    )

    assert dossier.components.get(replaced_at=None).source == ""
    assert not DossierComponent.objects.reused().exists()


def test_a_result_that_goes_out_of_force_before_filing_is_told(
    slot: Component, person: Person, result: Result
):
    dossier = begun(slot, person)
    use(dossier, slot, person)

    Result.objects.filter(pk=result.pk).update(status=ResultStatus.REVOKED)
    problems = Draft(dossier, NOW).problems_at("files")

    assert len(problems) == 1
    assert "không còn hiệu lực" in str(problems[0].text)


def test_a_file_that_is_not_what_was_signed_is_not_used(slot: Component, person: Person, result: Result):
    dossier = begun(slot, person)
    with result.file.open("ab") as file:
        file.write(b"x")

    with pytest.raises(reusing.NotHeld):
        use(dossier, slot, person)


def test_a_stranger_cannot_have_it_put_into_their_draft(slot: Component, result: Result):
    stranger = PersonFactory.create()

    with pytest.raises(reusing.NotHeld):
        use(begun(slot, stranger), slot, stranger)


def test_form_01_says_that_it_was_not_handed_in(slot: Component, person: Person, result: Result):
    row = use(begun(slot, person), slot, person)

    assert receipts._kind(row) == "Dữ liệu đã có (Kho kết quả của thành phố)"


# Pages


def signed_in(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_pages_before_starting_say_what_is_held(slot: Component, person: Person, result: Result):
    client, code = signed_in(person), slot.version.procedure.code

    for address in (reverse("procedures:detail", args=[code]), reverse("dossiers:start", args=[code])):
        assert result.number in client.get(address).content.decode()
    public = Client().get(reverse("procedures:detail", args=[code])).content.decode()
    assert result.number not in public


def test_starting_fills_the_draft_with_what_is_ticked(slot: Component, person: Person, result: Result):
    client, address = signed_in(person), reverse("dossiers:start", args=[slot.version.procedure.code])

    client.post(address, {"on_behalf": "self", "held": ["self:1"]})
    client.post(address, {"on_behalf": "self"})
    ticked, declined = Dossier.objects.order_by("pk")

    assert ticked.components.get().result == result
    assert not declined.components.exists()


def test_the_page_of_papers_offers_what_was_declined(slot: Component, person: Person, result: Result):
    client, dossier = signed_in(person), begun(slot, person)
    page = reverse("dossiers:draft_files", args=[dossier.tracking_no])
    assert "Dùng bản này" in client.get(page).content.decode()

    answer = client.post(reverse("dossiers:draft_reuse", args=[dossier.tracking_no, 1]), follow=True)

    shown = answer.content.decode()
    assert "Dùng bản này" not in shown
    assert "Không phải nộp" in shown


def test_an_organisation_has_its_own_boxes(person: Person):
    version = a_service(applicant_categories=[ApplicantCategory.ENTERPRISE])
    a_slot(version, ComponentSource.DATA_BUSINESS_REGISTER, name="Đăng ký doanh nghiệp")
    organisation = OrganisationFactory.create()
    represent(person, organisation)
    address = reverse("dossiers:start", args=[version.procedure.code])

    signed_in(person).post(
        address, {"on_behalf": str(organisation.pk), "held": [f"{organisation.pk}:1", "self:1"]}
    )

    row = DossierComponent.objects.get()
    assert (row.source, row.kind, row.source_fields) == (
        "data_business_register",
        "txt",
        ["code", "name", "address"],
    )
