"""A draft is filed once, whole, by its applicant; or a whole dossier in one request."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from citizens.states import EidLevel
from core import scanner
from core.errors import InvalidInput, NotAllowed, Unavailable
from core.scanner import Outcome
from core.uploads import UploadRefused
from dossiers import codes
from dossiers.eligibility import LevelTooLow
from dossiers.models import Dossier, DossierComponent
from dossiers.services import drafting, filing
from dossiers.services.drafting import AlreadyFiled, ProcedureClosed
from dossiers.services.filing import (
    ChangedSinceChecked,
    KeyUsed,
    ProcedureChanged,
    Upload,
    WholeFiling,
    file_whole,
    submit,
)
from dossiers.states import Action, Form, Status
from outbox.models import Message
from tests.dossiers.filing_kit import (
    ANSWERS,
    ORGANISATIONS,
    OWN_WORDS,
    answers_with,
    attach,
    draft,
    fileable,
    pdf,
    ready,
    stored_files,
)
from tests.factories import (
    NINE,
    AgencyFactory,
    OrganisationFactory,
    PersonFactory,
    VersionFactory,
    actor_of_person,
    officer_actor,
    represent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def send(dossier: Dossier, *, key: str = "k1", **options: Any) -> Dossier:
    actor = options.pop("actor", None) or actor_of_person(dossier.submitter)
    return submit(dossier_id=dossier.pk, idempotency_key=key, actor=actor, at=NINE, **options)


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Run each in a thread and connection of its own, all starting together; give results and exceptions."""
    ready_all = threading.Barrier(len(tasks))
    outcomes: list[Any] = []

    def run(task: Callable[[], object]) -> None:
        try:
            ready_all.wait()
            outcomes.append(task())
        except Exception as problem:
            outcomes.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_a_complete_draft_is_filed_with_an_acceptance_deadline_an_event_and_a_message():
    dossier: Any = ready()

    send(dossier)

    dossier.refresh_from_db()
    assert (dossier.status, dossier.submitted_at, dossier.code) == (Status.SUBMITTED, NINE, None)
    assert dossier.accept_due_at is not None
    assert dossier.form_data == {**ANSWERS, "ho_ten": dossier.owner_person.full_name}
    assert dossier.events.get().action == Action.SUBMIT
    message = Message.objects.get()
    assert (message.topic, message.payload["papers"]) == ("dossier.submit", [Form.ACKNOWLEDGEMENT])


def test_the_contact_that_the_form_asks_for_is_the_dossiers_contact():
    dossier: Any = ready(version=fileable(eform=OWN_WORDS))
    dossier.form_data = {"dien_thoai": "0905 999 888", "thu": ""}
    dossier.save()

    with pytest.raises(InvalidInput) as refusal:
        send(dossier)
    assert list(refusal.value.errors) == ["cam_doan"]
    send(dossier, declared={"cam_doan": "on"})

    dossier.refresh_from_db()
    assert (dossier.contact_phone, dossier.contact_email) == ("0905999888", "")
    assert dossier.form_data == {"dien_thoai": "0905999888", "cam_doan": True}


def test_the_same_key_again_gives_the_same_dossier_and_files_nothing_more():
    dossier: Any = ready()

    first, second = send(dossier), send(dossier)

    assert first.pk == second.pk
    assert Message.objects.count() == dossier.events.count() == 1


def test_another_key_for_a_filed_dossier_is_told_that_it_is_filed():
    dossier: Any = ready()
    send(dossier)

    with pytest.raises(AlreadyFiled):
        send(dossier, key="k2")


def test_a_key_of_another_filing_is_refused_but_two_people_may_use_the_same_key():
    person = PersonFactory.create()
    first, second, other = ready(person=person), ready(person=person), ready()
    send(first)

    with pytest.raises(KeyUsed):
        send(second)
    send(other)

    second.refresh_from_db()
    assert second.status == Status.DRAFT


def test_level_1_may_draft_but_is_told_how_to_reach_level_2_before_filing():
    dossier: Any = ready(person=PersonFactory.create(eid_level=EidLevel.LEVEL_1))

    with pytest.raises(LevelTooLow) as refusal:
        send(dossier)

    assert "mức độ 2" in str(refusal.value)


def test_nobody_files_another_persons_draft_not_even_an_officer():
    dossier: Any = ready()

    for actor in (
        actor_of_person(PersonFactory.create()),
        officer_actor(dossier.received_at_unit, "one_stop_officer"),
    ):
        with pytest.raises(NotAllowed):
            send(dossier, actor=actor)


def test_a_draft_with_gaps_is_refused_with_every_gap_by_its_field():
    dossier = draft()
    drafting.set_contact(dossier_id=dossier.pk, phone="", email="", actor=actor_of_person(dossier.submitter))

    with pytest.raises(InvalidInput) as refusal:
        send(dossier)

    assert set(refusal.value.errors) == {"noi_o", "muc_dich", "so_ban", "unit", "phone", "component.1"}
    dossier.refresh_from_db()
    assert (dossier.status, dossier.idempotency_key) == (Status.DRAFT, None)


def test_a_file_in_quarantine_blocks_the_filing(monkeypatch):
    dossier: Any = ready()
    monkeypatch.setattr(scanner, "scan", answers_with(Outcome.UNAVAILABLE))
    attach(dossier)

    with pytest.raises(InvalidInput) as refusal:
        send(dossier)

    assert list(refusal.value.errors) == ["component.1"]


def test_what_was_changed_after_the_check_is_checked_again():
    dossier: Any = ready()
    checked = dossier.form_revision
    attach(dossier)

    with pytest.raises(ChangedSinceChecked):
        send(dossier, checked_revision=checked)

    dossier.refresh_from_db()
    send(dossier, checked_revision=dossier.form_revision)


def test_a_draft_on_an_old_version_must_be_carried_over_first():
    dossier: Any = ready()
    VersionFactory.create(procedure=dossier.procedure_version.procedure, version_no=2)

    with pytest.raises(ProcedureChanged):
        send(dossier)


def test_a_procedure_closed_since_takes_no_filing():
    dossier: Any = ready()
    dossier.procedure_version.is_fileable = False
    dossier.procedure_version.save()

    with pytest.raises(ProcedureClosed):
        send(dossier)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keys", [("k1", "k1", "k1", "k1"), ("a", "b", "c", "d")])
def test_a_double_click_and_four_tabs_file_once(keys):
    dossier: Any = ready()

    outcomes = at_once(*[lambda key=key: send(dossier, key=key) for key in keys])

    filed = [one for one in outcomes if isinstance(one, Dossier)]
    told = [one for one in outcomes if isinstance(one, AlreadyFiled)]
    assert (len(filed), len(told)) == ((4, 0) if len(set(keys)) == 1 else (1, 3))
    assert dossier.events.count() == Message.objects.count() == 1


def whole(version=None, **fields: Any) -> WholeFiling:
    version = version or fileable()
    unit = fields.pop("unit", None) or AgencyFactory.create().code
    content = fields.pop("content", None) or pdf()
    fields.setdefault("answers", ANSWERS)
    fields.setdefault("files", {1: Upload(io.BytesIO(content), "giay-to.pdf")})
    return WholeFiling(procedure=version.procedure.code, unit=unit, **fields)


def test_a_whole_dossier_is_filed_in_one_request():
    person = PersonFactory.create()
    request = whole()

    dossier, created = file_whole(
        filing=request, idempotency_key="k1", actor=actor_of_person(person), at=NINE
    )

    assert created
    assert dossier.received_at_unit is not None
    dossier.refresh_from_db()
    assert (dossier.status, dossier.owner_person) == (Status.SUBMITTED, person)
    assert dossier.received_at_unit.code == request.unit
    assert dossier.form_data["ho_ten"] == person.full_name
    assert dossier.contact_phone == person.phone
    assert dossier.components.get().original_name == "giay-to.pdf"
    assert dossier.events.get().to_status == Status.SUBMITTED


def test_a_whole_dossier_sent_again_gives_the_first_one():
    actor, request = actor_of_person(PersonFactory.create()), whole()
    first, _created = file_whole(filing=request, idempotency_key="k1", actor=actor, at=NINE)

    again, created = file_whole(filing=request, idempotency_key="k1", actor=actor, at=NINE)

    assert (again.pk, created) == (first.pk, False)
    assert Dossier.objects.count() == DossierComponent.objects.count() == 1
    with pytest.raises(KeyUsed):
        file_whole(filing=whole(), idempotency_key="k1", actor=actor, at=NINE)


def test_a_whole_dossier_of_an_organisation_needs_its_representative():
    organisation, person = OrganisationFactory.create(), PersonFactory.create()
    represent(person, organisation)
    request = whole(fileable(applicant_categories=ORGANISATIONS), organisation=organisation.code)

    with pytest.raises(NotAllowed):
        file_whole(
            filing=request, idempotency_key="k", actor=actor_of_person(PersonFactory.create()), at=NINE
        )
    dossier, _created = file_whole(
        filing=request, idempotency_key="k", actor=actor_of_person(person, organisation), at=NINE
    )

    assert (dossier.owner_organisation, dossier.owner_person) == (organisation, None)


def test_a_whole_dossier_with_gaps_names_each_field_and_keeps_nothing():
    actor = actor_of_person(PersonFactory.create(phone=""))
    version = fileable()

    with pytest.raises(InvalidInput) as refusal:
        file_whole(
            filing=whole(version, unit="H99", answers={"so_ban": "0", "la": 1}),
            idempotency_key="k",
            actor=actor,
            at=NINE,
        )
    assert set(refusal.value.errors) == {"unit", "noi_o", "muc_dich", "so_ban", "la", "phone"}

    upload = Upload(io.BytesIO(pdf()), "x.pdf")
    with pytest.raises(InvalidInput) as refusal:
        file_whole(
            filing=whole(version, phone="0905111222", files={7: upload}),
            idempotency_key="k",
            actor=actor,
            at=NINE,
        )
    assert set(refusal.value.errors) == {"component.1", "component.7"}
    assert not Dossier.objects.exists()


def test_a_bad_second_file_takes_the_first_one_back_from_the_disk():
    before = stored_files()
    files = {1: Upload(io.BytesIO(pdf()), "tot.pdf"), 2: Upload(io.BytesIO(b"#!/bin/sh"), "xau.pdf")}

    with pytest.raises(UploadRefused) as refusal:
        file_whole(
            filing=whole(files=files),
            idempotency_key="k",
            actor=actor_of_person(PersonFactory.create()),
            at=NINE,
        )

    assert "xau" in str(refusal.value)
    assert stored_files() == before


def test_without_a_scanner_a_whole_dossier_is_put_off(monkeypatch):
    monkeypatch.setattr(scanner, "scan", answers_with(Outcome.UNAVAILABLE))
    before = stored_files()

    with pytest.raises(Unavailable):
        file_whole(
            filing=whole(), idempotency_key="k", actor=actor_of_person(PersonFactory.create()), at=NINE
        )

    assert (Dossier.objects.count(), stored_files()) == (0, before)


def test_a_tracking_number_that_is_taken_is_drawn_again(monkeypatch):
    taken = draft().tracking_no
    numbers = iter([taken, "TN-260302-AAAAAA"])
    monkeypatch.setattr(filing, "new_tracking_no", lambda *, at: next(numbers))

    dossier, _created = file_whole(
        filing=whole(), idempotency_key="k", actor=actor_of_person(PersonFactory.create()), at=NINE
    )

    assert dossier.tracking_no == "TN-260302-AAAAAA"
    assert codes.LOOK_UP.match(dossier.tracking_no)


@pytest.mark.django_db(transaction=True)
def test_the_same_whole_request_sent_four_times_at_once_files_once_and_keeps_one_file():
    actor, version = actor_of_person(PersonFactory.create()), fileable()
    unit, before = AgencyFactory.create().code, stored_files()

    outcomes = at_once(
        *[
            lambda: file_whole(filing=whole(version, unit=unit), idempotency_key="k", actor=actor, at=NINE)
            for _ in range(4)
        ]
    )

    assert sorted(created for _dossier, created in outcomes) == [False, False, False, True]
    assert len({dossier.pk for dossier, _created in outcomes}) == 1
    assert Dossier.objects.count() == Message.objects.count() == 1
    assert len(stored_files() - before) == 1
