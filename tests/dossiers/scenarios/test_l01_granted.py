"""L01: online, complete, accepted in 2 hours, granted, result in the vault: form 01, control sheet, messages 1, 2, 5.

The room that synchronises sends the states 1→2→4→9→10 to the national portal; here they are derived.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby

import pytest

from core import pdf
from core.working_time import TIME_ZONE
from dossiers import lateness
from dossiers.models import RegisterLine
from dossiers.services import processing, register, returning
from dossiers.states import Form, HandOverMethod, Outcome, Status, national_status
from dossiers.transitions import APPLICANT, MOVES
from procedures.models import ResultType
from results_vault.models import Result
from tests.dossiers.lists import accepted, in_march, submitted
from tests.dossiers.test_signing_flow import ISSUED_AT, TEMPLATE, Case, case  # noqa: F401
from tests.dossiers.turns import told
from tests.factories import NINE, actor_for

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("clean_scanner"),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]

FRIDAY = datetime(2026, 2, 27, 16, 0, tzinfo=TIME_ZONE)


def test_l01_granted(case: Case):  # noqa: F811
    dossier = submitted(at=FRIDAY, unit=case.dossier.competent_agency)
    ResultType.objects.create(
        version=dossier.procedure_version,
        position=1,
        name="Giấy xác nhận",
        symbol="XN-UBND",
        template=TEMPLATE,
    )
    dossier = accepted(dossier, at=in_march(2, 8, 30))  # two working hours later
    assert dossier.due_at == in_march(5, 8, 30)
    assert dossier.code == f"{dossier.received_at_unit.code}-260302-0002"  # the fixture's own is the first

    line = register.enter(dossier_id=dossier.pk)  # as the subscriber to "dossier.accept" does
    assert RegisterLine.objects.filter(dossier=dossier).get() == line

    processing.take(dossier_id=dossier.pk, actor=case.specialist, at=NINE)
    mine = Case(dossier, case.specialist, case.signer, case.clerk)
    mine.submit()
    mine.sign()
    mine.issue()
    returning.hand_over(
        dossier_id=dossier.pk,
        method=HandOverMethod.VAULT,
        actor=actor_for(dossier, APPLICANT),
        at=ISSUED_AT + timedelta(hours=1),
    )

    dossier.refresh_from_db()
    assert (dossier.status, dossier.outcome) == (Status.RETURNED, Outcome.GRANTED)
    assert not lateness.is_late(dossier, at=in_march(30, 8))
    assert Result.objects.get(dossier_code=dossier.code).owner_person == dossier.owner_person
    events = list(dossier.events.order_by("seq"))
    forms = {
        form for event in events for form in MOVES.find(status=event.from_status, action=event.action).papers
    }
    assert {Form.RECEIPT, Form.CONTROL_SHEET} <= forms
    assert not dossier.steps.filter(finished_at=None).exists()  # every line of the control sheet is filled
    for topic in ("submit", "accept", "issue"):
        assert told(f"dossier.{topic}") >= 1
    told_nationally = [code for code, _same in groupby(national_status(event.to_status) for event in events)]
    assert told_nationally == [1, 2, 4, 9, 10]
