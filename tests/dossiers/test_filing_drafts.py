"""A draft is begun, saved piece by piece, carried to a new version, thrown away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from citizens.states import ActorCategory, EidLevel
from core.errors import InvalidInput, NotAllowed
from dossiers.drafts import Draft, page_mark
from dossiers.eligibility import NotForThisApplicant
from dossiers.models import Dossier, DossierComponent
from dossiers.services import drafting
from dossiers.services.drafting import AlreadyFiled, AnswersChanged, ProcedureClosed, TooManyDrafts
from dossiers.states import FilingMode, Status
from procedures import eforms
from procedures.models import Component
from procedures.states import ApplicantCategory, CompetentAgencyRule
from tests.dossiers.filing_kit import ANSWERS, EFORM, ORGANISATIONS, attach, draft, fileable, ready
from tests.factories import (
    NINE,
    AgencyFactory,
    DossierFactory,
    OrganisationFactory,
    PersonFactory,
    VersionFactory,
    actor_of_person,
    officer_actor,
    represent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def save(dossier: Dossier, page: str, data: dict[str, object], *, seen: str | None = None) -> str:
    dossier.refresh_from_db()
    schema = eforms.of_version(dossier.procedure_version)
    shown = page_mark(schema, page, dossier.form_data) if seen is None else seen
    _dossier, mark = drafting.save_page(
        dossier_id=dossier.pk, page_id=page, data=data, seen=shown, actor=actor_of_person(dossier.submitter)
    )
    dossier.refresh_from_db()
    return mark


def test_a_person_of_level_1_begins_a_draft_with_what_is_known_already():
    person = PersonFactory.create(eid_level=EidLevel.LEVEL_1, phone="0905000111", email="a@example.vn")

    dossier = draft(person=person)

    assert dossier.tracking_no.startswith("TN-260302-")
    assert (dossier.status, dossier.owner_person, dossier.code) == (Status.DRAFT, person, None)
    assert (dossier.contact_phone, dossier.contact_email) == ("0905000111", "a@example.vn")
    assert Draft(dossier, NINE).answers["ho_ten"] == person.full_name


def test_who_has_very_many_drafts_is_asked_to_finish_or_delete_some(monkeypatch):
    monkeypatch.setattr(drafting, "MOST_DRAFTS", 2)
    person, version = PersonFactory.create(), fileable()
    draft(person=person, version=version)
    last = draft(person=person, version=version)

    with pytest.raises(TooManyDrafts) as refusal:
        draft(person=person, version=version)
    assert "2 bản nháp" in str(refusal.value)
    draft(version=version)  # somebody else's are not counted

    drafting.delete(dossier_id=last.pk, actor=actor_of_person(person))
    assert draft(person=person, version=version).status == Status.DRAFT


def test_a_procedure_for_organisations_is_drafted_for_an_organisation_that_the_person_represents():
    person, organisation = PersonFactory.create(), OrganisationFactory.create()
    represent(person, organisation)
    version = fileable(applicant_categories=ORGANISATIONS)

    dossier = draft(person=person, version=version, organisation=organisation)

    assert (dossier.owner_organisation, dossier.owner_person) == (organisation, None)
    assert (dossier.submitter, dossier.filing_mode) == (person, FilingMode.REPRESENTATIVE)
    with pytest.raises(NotForThisApplicant):
        draft(person=person, version=version)


def test_nobody_drafts_for_an_organisation_that_they_do_not_represent():
    version = fileable(applicant_categories=ORGANISATIONS)

    with pytest.raises(NotAllowed):
        drafting.start(
            version_id=version.pk,
            actor=actor_of_person(PersonFactory.create()),
            organisation_id=OrganisationFactory.create().pk,
            at=NINE,
        )


def test_a_foreigner_is_told_that_a_procedure_is_for_citizens_only():
    version = fileable(applicant_categories=[ApplicantCategory.CITIZEN])

    with pytest.raises(NotForThisApplicant):
        draft(person=PersonFactory.create(category=ActorCategory.FOREIGNER), version=version)


def test_officers_and_machines_do_not_draft():
    with pytest.raises(NotAllowed):
        drafting.start(version_id=fileable().pk, actor=officer_actor(AgencyFactory.create()), at=NINE)


@pytest.mark.parametrize(
    "fields", [{"is_fileable": False}, {"effective_to": NINE.date() - timedelta(days=1)}]
)
def test_what_cannot_be_filed_online_today_cannot_be_drafted(fields):
    with pytest.raises(ProcedureClosed):
        draft(version=fileable(**fields))


def test_the_agency_of_a_fixed_procedure_is_set_from_the_start():
    agency = AgencyFactory.create()
    version = fileable(competent_agency_rule=CompetentAgencyRule.FIXED, competent_agency=agency)

    dossier = draft(version=version)

    assert dossier.received_at_unit == dossier.competent_agency == agency


def test_half_typed_and_wrong_answers_are_kept_as_they_are():
    dossier = draft()

    save(dossier, "noi-dung", {"muc_dich": "", "so_ban": "hai"})

    assert dossier.form_data["so_ban"] == "hai"
    assert dossier.form_revision == 1
    assert "so_ban" in Draft(dossier, NINE).form_problems


def test_saving_the_same_again_changes_nothing():
    dossier = draft()
    save(dossier, "noi-dung", {"so_ban": "2"})
    revision = dossier.form_revision

    save(dossier, "noi-dung", {"so_ban": "2"})

    assert dossier.form_revision == revision


def test_a_page_that_was_saved_in_another_tab_is_a_conflict_and_nothing_is_lost():
    dossier = draft()
    shown = save(dossier, "noi-dung", {"so_ban": "1"})
    save(dossier, "noi-dung", {"so_ban": "2"})

    with pytest.raises(AnswersChanged):
        save(dossier, "noi-dung", {"so_ban": "3"}, seen=shown)

    dossier.refresh_from_db()
    assert dossier.form_data["so_ban"] == 2


def test_two_tabs_on_different_pages_do_not_disturb_each_other():
    dossier = draft()
    schema = eforms.of_version(dossier.procedure_version)
    first = page_mark(schema, "nguoi-yeu-cau", dossier.form_data)
    save(dossier, "noi-dung", {"so_ban": "2"})

    save(dossier, "nguoi-yeu-cau", {"noi_o": "Hải Châu"}, seen=first)

    assert (dossier.form_data["so_ban"], dossier.form_data["noi_o"]) == (2, "Hải Châu")


def test_a_filed_dossier_takes_no_more_answers_files_or_units():
    dossier = DossierFactory.create(procedure_version=fileable(), reach=Status.SUBMITTED)

    for attempt in (
        lambda: save(dossier, "noi-dung", {"so_ban": "2"}),
        lambda: attach(dossier),
        lambda: drafting.choose_unit(
            dossier_id=dossier.pk,
            unit_id=dossier.received_at_unit_id,
            actor=actor_of_person(dossier.submitter),
            at=NINE,
        ),
        lambda: drafting.delete(dossier_id=dossier.pk, actor=actor_of_person(dossier.submitter)),
    ):
        with pytest.raises(AlreadyFiled):
            attempt()


def test_another_persons_draft_cannot_be_written():
    dossier = draft()
    stranger = actor_of_person(PersonFactory.create())

    with pytest.raises(NotAllowed):
        drafting.delete(dossier_id=dossier.pk, actor=stranger)
    with pytest.raises(NotAllowed):
        drafting.set_contact(dossier_id=dossier.pk, phone="0905", email="", actor=stranger)


def test_only_a_ward_or_commune_in_force_can_be_chosen():
    dossier, actor = draft(), None
    actor = actor_of_person(dossier.submitter)
    closed = AgencyFactory.create(valid_to=NINE.date() - timedelta(days=1))
    department = AgencyFactory.create(kind="department")

    for unit_id in (None, closed.pk, department.pk, 0):
        with pytest.raises(InvalidInput) as refusal:
            drafting.choose_unit(dossier_id=dossier.pk, unit_id=unit_id, actor=actor, at=NINE)
        assert list(refusal.value.errors) == ["unit"]

    unit = AgencyFactory.create()
    drafting.choose_unit(dossier_id=dossier.pk, unit_id=unit.pk, actor=actor, at=NINE)
    dossier.refresh_from_db()
    assert dossier.received_at_unit == dossier.competent_agency == unit


def new_version_of(dossier: Dossier, *, eform: dict, components: list[str]):
    version = VersionFactory.create(
        procedure=dossier.procedure_version.procedure, version_no=2, eform=eform, applicant_categories=[]
    )
    for position, name in enumerate(components, start=1):
        Component.objects.create(
            version=version, position=position, name=name, is_upload=True, is_required=True
        )
    return version


def test_a_draft_is_carried_to_the_version_in_force_and_its_owner_is_told_what_changed():
    dossier = ready()
    kept, dropped = attach(dossier, position=1), attach(dossier, position=2)
    first, second = EFORM["pages"]
    eform = {
        "pages": [
            first,
            {**second, "fields": [second["fields"][1], {"name": "ly_do", "label": "Lý do", "type": "text"}]},
        ]
    }
    version = new_version_of(
        dossier, eform=eform, components=["giấy tờ chứng minh  nơi cư trú", "Ảnh chân dung"]
    )

    changes = drafting.bring_up_to_date(
        dossier_id=dossier.pk, actor=actor_of_person(dossier.submitter), at=NINE
    )

    dossier.refresh_from_db()
    assert dossier.procedure_version == version
    assert dossier.form_data == {"noi_o": ANSWERS["noi_o"], "so_ban": 2}
    kept.refresh_from_db()
    dropped.refresh_from_db()
    assert (kept.component.version, kept.replaced_at) == (version, None)
    assert dropped.replaced_at == NINE
    told = " ".join(changes)
    for words in ("Mục đích sử dụng", "Lý do", "Giấy tờ khác", "Ảnh chân dung"):
        assert words in told


def test_a_draft_on_the_version_in_force_is_left_alone():
    dossier = ready()
    before = dossier.form_revision

    assert not drafting.bring_up_to_date(
        dossier_id=dossier.pk, actor=actor_of_person(dossier.submitter), at=NINE
    )
    dossier.refresh_from_db()
    assert dossier.form_revision == before


def test_a_draft_of_a_procedure_that_was_closed_says_so():
    dossier = ready()
    version = dossier.procedure_version
    version.is_fileable = False
    version.save()

    with pytest.raises(ProcedureClosed):
        drafting.bring_up_to_date(dossier_id=dossier.pk, actor=actor_of_person(dossier.submitter), at=NINE)


@pytest.mark.django_db(transaction=True)
def test_a_deleted_draft_takes_its_files_along():
    dossier = ready()
    path = dossier.components.get().file.name

    drafting.delete(dossier_id=dossier.pk, actor=actor_of_person(dossier.submitter))

    assert not Dossier.objects.exists()
    assert not default_storage.exists(str(path))


@pytest.mark.django_db(transaction=True)
def test_drafts_that_nobody_touched_for_90_days_are_deleted_with_their_files_and_nothing_else():
    old, young = ready(), ready()
    filed = DossierFactory.create(reach=Status.SUBMITTED)
    path = old.components.get().file.name
    Dossier.objects.filter(pk__in=[old.pk, filed.pk]).update(updated_at=NINE - timedelta(days=91))
    Dossier.objects.filter(pk=young.pk).update(updated_at=NINE - timedelta(days=89))

    assert drafting.delete_stale(at=NINE) == 1

    assert set(Dossier.objects.values_list("pk", flat=True)) == {young.pk, filed.pk}
    assert not default_storage.exists(str(path))
    assert DossierComponent.objects.get().dossier == young
