"""Correcting a result: by whom, of what, and what stays as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from agencies.states import Role
from core import pdf
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from dossiers.models import Correction
from dossiers.plain_words import describe
from dossiers.services import (
    archiving,
    correcting,
    extensions,
    guards,
    issuing,
    result_drafts,
    stopping,
    withdrawals,
)
from dossiers.services import signing as result_signing
from dossiers.states import Status
from dossiers.transitions import APPLICANT
from results_vault import services as results_vault
from results_vault.models import Result
from results_vault.states import Change, ResultStatus
from tests.dossiers.scenarios.test_l18_correction import FOUND_AT, correct
from tests.dossiers.test_signing_flow import Case, case  # noqa: F401
from tests.dossiers.turns import WHY_STOPPED
from tests.factories import DossierFactory, actor_for

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]


@pytest.fixture
def issued(case: Case) -> Case:  # noqa: F811
    case.submit()
    case.sign()
    case.issue()
    return case


def issue_again(case: Case) -> None:  # noqa: F811
    draft = case.draft
    result_drafts.request_signature(dossier_id=case.dossier.pk, actor=case.specialist, at=FOUND_AT)
    result_drafts.render(draft_id=draft.pk, at=FOUND_AT)
    result_signing.request(dossier_id=case.dossier.pk, actor=case.signer, at=FOUND_AT)
    result_signing.sign(draft_id=draft.pk, at=FOUND_AT)
    issuing.request(dossier_id=case.dossier.pk, actor=case.clerk, at=FOUND_AT)
    issuing.issue(draft_id=draft.pk, at=FOUND_AT)


@pytest.mark.parametrize(
    ("field", "name", "value"),
    [
        ("error", "error", ""),
        ("error", "error", "Sai."),
        ("error", "error", "x" * 2001),
        ("decision", "decision", " "),
        ("decision", "decision", "x" * 256),
        ("bears_cost", "bears_cost_id", None),
        ("bears_cost", "bears_cost_id", 0),
    ],
)
def test_a_wrong_correction_names_its_field(issued: Case, field, name, value):
    with pytest.raises(InvalidInput) as refusal:
        correct(issued, **{name: value})
    assert list(refusal.value.errors) == [field]
    assert not Correction.objects.exists()
    assert issued.status() == Status.COMPLETED


def test_only_a_signer_corrects(issued: Case):
    with pytest.raises(NotAllowed):
        correct(issued, actor=issued.specialist)


def test_the_second_signer_hears_who_decided(issued: Case):
    correct(issued)

    with pytest.raises(guards.AlreadyDone) as refusal:
        correct(issued, actor=actor_for(issued.dossier, Role.SIGNER))
    assert issued.signer.display_name in str(refusal.value)


def test_a_revoked_result_is_not_corrected(issued: Case):
    results_vault.change_force(
        result_id=Result.objects.get().pk,
        change=Change.REVOKE,
        decision="Quyết định số 9/QĐ-UBND ngày 04/03/2026",
        actor=Actor.system(),
        at=FOUND_AT,
    )

    with pytest.raises(correcting.NoResult):
        correct(issued)


def test_a_refused_case_has_nothing_to_correct():
    dossier = DossierFactory.create(reach=Status.COMPLETED)

    with pytest.raises(correcting.NoResult):
        correcting.require_correctable(dossier=dossier, actor=actor_for(dossier, Role.SIGNER))


def test_a_result_that_is_revoked_while_it_is_corrected_stays_revoked(issued: Case):
    correct(issued)
    old = Result.objects.get()
    results_vault.change_force(
        result_id=old.pk,
        change=Change.REVOKE,
        decision="Quyết định số 9/QĐ-UBND ngày 04/03/2026",
        actor=Actor.system(),
        at=FOUND_AT,
    )
    issue_again(issued)

    assert issued.status() == Status.COMPLETED, issued.draft.last_error
    old.refresh_from_db()
    assert old.status == ResultStatus.REVOKED


def test_a_corrected_result_can_be_corrected_again(issued: Case):
    for _ in range(2):
        correct(issued)
        issue_again(issued)

    first, second, third = Result.objects.order_by("pk")
    assert (first.superseded_by, second.superseded_by, third.superseded_by) == (second, third, None)


def test_while_it_is_corrected_nothing_is_late_withdrawn_put_off_or_stopped(issued: Case):
    dossier = correct(issued)
    long_after = FOUND_AT + timedelta(days=100)

    situation = describe(dossier, at=long_after)
    assert (situation.until, situation.is_late) == (None, False)
    with pytest.raises(withdrawals.SignedAlready):
        withdrawals.request(
            dossier_id=dossier.pk, reason="Rút", actor=actor_for(dossier, APPLICANT), at=FOUND_AT
        )
    with pytest.raises(extensions.IllegalMove):
        extensions.propose(
            dossier_id=dossier.pk,
            reason="workload",
            explanation="x",
            working_days=1,
            actor=issued.specialist,
            at=FOUND_AT,
        )
    with pytest.raises(stopping.UnderCorrection):
        stopping.stop(
            dossier_id=dossier.pk,
            reason=WHY_STOPPED,
            returns_originals=False,
            refund_vnd=0,
            actor=actor_for(dossier, Role.AGENCY_HEAD),
            at=FOUND_AT,
        )


def test_ninety_days_count_from_the_corrected_result(issued: Case):
    correct(issued, at=FOUND_AT)
    issue_again(issued)
    first = issued.dossier
    first.refresh_from_db()
    assert first.completed_at is not None
    early = first.completed_at + archiving.UNCOLLECTED_FOR

    with pytest.raises(archiving.NotYet):
        archiving.archive(dossier_id=first.pk, actor=Actor.system(), at=early)
    archiving.archive(dossier_id=first.pk, actor=Actor.system(), at=FOUND_AT + archiving.UNCOLLECTED_FOR)


def test_the_signer_corrects_on_the_page_and_the_applicant_is_told(issued: Case):
    dossier = issued.dossier
    assert dossier.owner_person is not None
    signer, applicant = Client(), Client()
    for client, user_id in ((signer, issued.signer.user_id), (applicant, dossier.owner_person.user_id)):
        client.force_login(
            User.objects.get(pk=user_id or 0), backend="django.contrib.auth.backends.ModelBackend"
        )
    address = reverse("desk:correct_result", args=[dossier.tracking_no])
    page = reverse("desk:dossier", args=[dossier.tracking_no])
    assert address in signer.get(page).content.decode()

    wrong = signer.post(address, {"error": "", "decision": "", "bears_cost": "0"})
    assert wrong.status_code == 422
    assert "Hãy chọn cơ quan gây ra sai sót" in wrong.content.decode()
    typed = {
        "error": "Sai ngày sinh: ghi 31/01/1990, đúng là 30/01/1990 theo giấy khai sinh.",
        "decision": "Quyết định số 12/QĐ-UBND",
        "bears_cost": str(dossier.competent_agency_id),
    }
    assert signer.post(address, typed).status_code == 302

    assert issued.status() == Status.IN_PROCESS
    detail = applicant.get(reverse("dossiers:detail", args=[dossier.tracking_no])).content.decode()
    assert "Kết quả có sai sót, đang được sửa" in detail
    assert "đúng là 30/01/1990" in detail
    assert "Đang sửa kết quả có sai sót" in signer.get(page).content.decode()
    assert address not in signer.get(page).content.decode()
