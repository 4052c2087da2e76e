"""L18: a result is corrected after it was returned; whoever scans the old one is led to the new one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from core import pdf
from dossiers.models import HandOver
from dossiers.services import correcting, issuing, result_drafts, returning
from dossiers.services import signing as result_signing
from dossiers.states import DraftState, HandOverMethod, Outcome, Status
from results_vault.models import Result
from results_vault.states import ResultStatus
from tests.dossiers.test_signing_flow import ISSUED_AT, VALUES, Case, case  # noqa: F401
from tests.dossiers.turns import told
from tests.factories import actor_of_person

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]

FOUND_AT = ISSUED_AT + timedelta(days=1)


def received(case: Case, at) -> None:  # noqa: F811
    assert case.dossier.owner_person is not None
    returning.hand_over(
        dossier_id=case.dossier.pk,
        method=HandOverMethod.VAULT,
        actor=actor_of_person(case.dossier.owner_person),
        at=at,
    )


def correct(case: Case, **changes):  # noqa: F811
    values = {
        "error": "Sai ngày sinh: ghi 31/01/1990, đúng là 30/01/1990 theo giấy khai sinh.",
        "decision": "Quyết định số 12/QĐ-UBND ngày 04/03/2026",
        "bears_cost_id": case.dossier.competent_agency_id,
        "actor": case.signer,
        "at": FOUND_AT,
    } | changes
    return correcting.correct(dossier_id=case.dossier.pk, **values)


def scanned(result: Result) -> str:
    path = re.sub(r"^https?://[^/]+", "", result.link)
    return Client().get(path).content.decode()


def test_l18_correction(case: Case):  # noqa: F811
    case.dossier.procedure_version.result_types.update(validity_months=None)
    case.submit()
    case.sign()
    case.issue()
    received(case, ISSUED_AT)
    old = Result.objects.get()
    first_completed = case.dossier.completed_at

    dossier = correct(case)

    assert (dossier.status, dossier.returned_at) == (Status.IN_PROCESS, None)
    assert not HandOver.objects.exists()
    assert dossier.events.latest("seq").data["handed_over"]["method"] == HandOverMethod.VAULT
    draft = case.draft
    assert (draft.state, draft.number, draft.signed_sha256) == (DraftState.EDITING, "", "")
    assert draft.token != old.token
    assert "Kết quả còn hiệu lực" in scanned(old)  # until the new one is there

    result_drafts.save(
        dossier_id=dossier.pk,
        values={**VALUES, "ngay_sinh": "1990-01-30"},
        revision=draft.revision,
        actor=case.specialist,
    )
    result_drafts.request_signature(dossier_id=dossier.pk, actor=case.specialist, at=FOUND_AT)
    result_drafts.render(draft_id=draft.pk, at=FOUND_AT)
    result_signing.request(dossier_id=dossier.pk, actor=case.signer, at=FOUND_AT)
    result_signing.sign(draft_id=draft.pk, at=FOUND_AT)
    issuing.request(dossier_id=dossier.pk, actor=case.clerk, at=FOUND_AT)
    issuing.issue(draft_id=draft.pk, at=FOUND_AT)

    assert case.status() == Status.COMPLETED, case.draft.last_error
    assert case.dossier.outcome == Outcome.GRANTED
    assert case.dossier.completed_at == (first_completed or ISSUED_AT)
    old.refresh_from_db()
    new = Result.objects.exclude(pk=old.pk).get()
    assert (old.status, old.superseded_by) == (ResultStatus.CORRECTED, new)
    assert old.status_decision == "Quyết định số 12/QĐ-UBND ngày 04/03/2026"
    assert new.number != old.number
    correction = dossier.corrections.get()
    assert (correction.new_result, correction.finished_at) == (new, FOUND_AT)
    page = scanned(old)
    assert "verdict--warning" in page
    assert new.number in page
    assert f'href="{new.link}"'.replace("&", "&amp;") in page
    assert "Kết quả còn hiệu lực" in scanned(new)
    assert told("dossier.correct_result") == 1

    received(case, FOUND_AT + timedelta(hours=1))
    assert case.status() == Status.RETURNED
