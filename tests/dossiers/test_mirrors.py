"""Reports of another system about its dossier: two at once, and in the wrong order."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from core.errors import InvalidInput
from dossiers.models import Dossier
from dossiers.services import mirrors
from dossiers.services.mirrors import Reflection
from dossiers.states import Status
from tests.dossiers.test_filing import at_once
from tests.factories import NINE, AgencyFactory, VersionFactory

HOUR = timedelta(hours=1)


def told(**changes: object) -> Reflection:
    report = Reflection(
        system="Bộ Công an",
        external_code="BCA-7",
        as_of=NINE,
        procedure=VersionFactory.create().procedure.code,
        status=Status.SUBMITTED,
        owner_name="Trần Thị Mẫu (minh họa)",
        owner_number="048190000777",
        received_at=AgencyFactory.create().code,
        submitted_at=NINE,
    )
    return dataclasses.replace(report, **changes)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_two_first_reports_at_the_same_moment_make_one_dossier():
    report = told()
    newer = dataclasses.replace(report, as_of=NINE + HOUR, status=Status.IN_PROCESS)

    outcomes = at_once(*[lambda one=one: mirrors.upsert(told=one, at=NINE) for one in (report, newer) * 3])

    assert not [one for one in outcomes if isinstance(one, Exception)]
    dossier = Dossier.objects.get()
    assert (dossier.status, dossier.told_as_of) == (Status.IN_PROCESS, NINE + HOUR)
    assert {one.pk for one, _changed in outcomes} == {dossier.pk}
    assert dossier.events.count() <= 2


@pytest.mark.django_db
def test_a_newer_report_of_the_same_facts_outdates_what_lies_between():
    report = told(status=Status.IN_PROCESS)
    dossier, _made = mirrors.upsert(told=report, at=NINE)

    confirmed = dataclasses.replace(report, as_of=NINE + 2 * HOUR)
    _same, changed = mirrors.upsert(told=confirmed, at=NINE + 2 * HOUR)
    between = dataclasses.replace(report, as_of=NINE + HOUR, status=Status.SUBMITTED)
    still, moved = mirrors.upsert(told=between, at=NINE + 3 * HOUR)

    assert (changed, moved, still.status) == (False, False, Status.IN_PROCESS)
    assert still.told_as_of == NINE + 2 * HOUR
    assert dossier.events.count() == 1


@pytest.mark.django_db
def test_a_code_that_another_dossier_has_is_refused_by_name():
    accepted = {"code": "H17.34.01-260302-0001", "accepted_at": NINE, "due_at": NINE + 24 * HOUR}
    mirrors.upsert(told=told(**accepted), at=NINE)

    with pytest.raises(InvalidInput) as refusal:
        mirrors.upsert(told=told(external_code="BCA-8", **accepted), at=NINE)

    assert set(refusal.value.errors) == {"code"}
    assert Dossier.objects.count() == 1
