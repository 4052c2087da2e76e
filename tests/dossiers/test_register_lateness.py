"""“Quá hạn” in the register is what the indicators say: no lawful pause makes late, no apology excuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agencies.states import Role
from dossiers import register_book, services
from dossiers.models import Dossier, RegisterLine
from dossiers.register_book import Wanted
from dossiers.services import register
from dossiers.states import Action, Status
from tests.dossiers.turns import DUE, NEW_DUE, WEDNESDAY, approved, proposed
from tests.factories import NINE, DossierFactory, actor_for

pytestmark = pytest.mark.django_db

LONG_AFTER = NINE + timedelta(days=60)


def note_of(line: RegisterLine, *, at) -> str:
    return register_book.row(line, at=at).note


def late_lines(line: RegisterLine, *, at) -> int:
    return len(list(register_book.rows(line.book, Wanted(state="late"), at=at)))


def entered(dossier: Dossier) -> RegisterLine:
    register.enter(dossier_id=dossier.pk)
    return RegisterLine.objects.get(dossier=dossier)


def moved(dossier: Dossier, action: Action, role: str, *, at) -> None:
    services.advance(
        dossier_id=dossier.pk, action=action, actor=actor_for(dossier, role), at=at, note="Lý do"
    )


def test_a_verification_that_the_law_does_not_count_is_not_late():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    version = dossier.procedure_version
    version.excludes_verification = "Điều 5 Nghị định minh họa"
    version.save()
    moved(dossier, Action.START_VERIFICATION, Role.SPECIALIST, at=NINE + timedelta(days=1))
    line = entered(dossier)

    assert "Quá hạn" not in note_of(line, at=LONG_AFTER)
    assert late_lines(line, at=LONG_AFTER) == 0


@pytest.mark.parametrize("status", [Status.AWAITING_PAYMENT, Status.PROCESS_SUPPLEMENT])
def test_who_asks_to_withdraw_while_the_clock_stands_is_not_late(status):
    dossier = DossierFactory.create(reach=status)
    moved(dossier, Action.REQUEST_WITHDRAWAL, "applicant", at=NINE + timedelta(hours=1))
    line = entered(dossier)

    assert "Quá hạn" not in note_of(line, at=LONG_AFTER)
    assert late_lines(line, at=LONG_AFTER) == 0


def test_what_runs_over_its_date_is_late_and_an_apology_excuses_nothing():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    proposed(dossier, at=WEDNESDAY)
    approved(dossier, at=WEDNESDAY)
    line = entered(dossier)

    assert note_of(line, at=DUE) == "Đã xin lỗi và hẹn lại"
    assert note_of(line, at=NEW_DUE) == "Đã xin lỗi và hẹn lại; Quá hạn"


def test_the_first_promise_of_an_apologised_dossier_moves_with_a_lawful_pause():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    proposed(dossier, at=WEDNESDAY)
    approved(dossier, at=WEDNESDAY)
    moved(dossier, Action.NOTIFY_OBLIGATION, Role.SPECIALIST, at=WEDNESDAY)
    moved(dossier, Action.CONFIRM_PAYMENT, Role.FEE_COLLECTOR, at=WEDNESDAY + timedelta(days=14))
    line = entered(dossier)

    assert "Quá hạn" not in note_of(line, at=WEDNESDAY + timedelta(days=14))
