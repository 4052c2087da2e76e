"""Facts that are checked on the spot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agencies.states import Role
from core.errors import InvalidInput, NotAllowed
from dossiers.models import ClockInterval, Verification
from dossiers.services import guards, verifications
from dossiers.states import PauseReason, Status
from outbox.models import Message
from tests.dossiers.inquiries import TEN, in_process, verifying
from tests.factories import NINE, actor_for

pytestmark = pytest.mark.django_db

TOMORROW = NINE + timedelta(days=1)


def finished(dossier, actor, *, people="Ông A, cán bộ địa chính", findings="Lối đi rộng 3 m."):
    return verifications.finish(
        dossier_id=dossier.pk, people=people, findings=findings, actor=actor, at=TOMORROW
    )


def test_the_clock_runs_on_through_a_verification():
    dossier, specialist = in_process()
    due = dossier.due_at

    verifying(dossier, specialist)
    dossier = finished(dossier, specialist)

    assert (dossier.status, dossier.due_at) == (Status.IN_PROCESS, due)
    assert ClockInterval.objects.get(dossier=dossier).stopped_at is None
    verification = Verification.objects.get()
    assert (verification.findings, verification.finished_at) == ("Lối đi rộng 3 m.", TOMORROW)


def test_where_the_law_does_not_count_it_the_clock_stands_still():
    dossier, specialist = in_process()
    dossier.procedure_version.excludes_verification = "Điều 5 Nghị định minh họa"
    dossier.procedure_version.save()
    due = dossier.due_at
    assert due is not None

    verifying(dossier, specialist, at=NINE)
    interval = ClockInterval.objects.get(dossier=dossier)
    dossier = finished(dossier, specialist)

    assert (interval.stopped_at, interval.reason) == (NINE, PauseReason.EXCLUDED_BY_LAW)
    assert dossier.due_at == due + timedelta(days=1)


@pytest.mark.parametrize(("needed", "told"), [(True, 1), (False, 0)])
def test_the_applicant_is_told_only_where_they_must_be_there(needed, told):
    dossier, specialist = in_process()

    verifying(dossier, specialist, needs_presence=needed)

    assert Message.objects.filter(topic=verifications.PRESENCE).count() == told


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("purpose", ""),
        ("place", " "),
        ("place", "x" * 256),
        ("planned_at", None),
        ("planned_at", TEN),
        ("planned_at", TEN + timedelta(days=400)),
    ],
)
def test_a_wrong_beginning_names_its_field(field, value):
    dossier, specialist = in_process()

    with pytest.raises(InvalidInput) as refusal:
        verifying(dossier, specialist, **{field: value})

    assert list(refusal.value.errors) == [field]


@pytest.mark.parametrize("field", ["people", "findings"])
def test_a_record_without_people_or_findings_is_refused(field):
    dossier, specialist = in_process()
    verifying(dossier, specialist)

    with pytest.raises(InvalidInput) as refusal:
        finished(dossier, specialist, **{field: ""})

    assert list(refusal.value.errors) == [field]


def test_a_verification_is_finished_once_and_by_who_holds_the_dossier():
    dossier, specialist = in_process()
    verifying(dossier, specialist)
    with pytest.raises(NotAllowed):
        finished(dossier, actor_for(dossier, Role.SPECIALIST))
    finished(dossier, specialist)

    with pytest.raises(guards.AlreadyDone):
        finished(dossier, specialist)
