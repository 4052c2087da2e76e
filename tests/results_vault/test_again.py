"""What a result type says besides its template takes effect: QR, renewal, the service that issues it again."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers import papers
from dossiers.states import Status
from procedures.models import ProcedureVersion, ResultType
from results_vault import codes, selectors
from tests.factories import DossierFactory, PersonFactory, VersionFactory
from tests.results_vault.conftest import KeepResult

pytestmark = pytest.mark.django_db

NAME = "Giấy phép thử (minh họa)"


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def again() -> ProcedureVersion:
    version: ProcedureVersion = VersionFactory.create(short_name="Cấp lại giấy phép thử")
    return version


@pytest.fixture
def version(again: ProcedureVersion) -> ProcedureVersion:
    version: ProcedureVersion = VersionFactory.create()
    ResultType.objects.create(
        version=version,
        position=9,
        name=NAME,
        validity_months=12,
        renewal_days=30,
        reissue_procedure=again.procedure.code,
    )
    return version


@pytest.mark.parametrize("has_qr", [True, False])
def test_a_result_is_printed_with_its_qr_code_or_with_its_code_alone(has_qr: bool) -> None:
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    kind = ResultType(
        version=dossier.procedure_version,
        name=NAME,
        has_qr=has_qr,
        template={"title": "GIẤY PHÉP", "paragraphs": ["Cho phép."]},
    )
    token = codes.new_token()

    body = papers.result(dossier=dossier, result_type=kind, values={}, token=token).body

    assert ("<svg" in body) is has_qr
    assert codes.printed(token) in body


def test_the_page_of_a_procedure_leads_to_the_service_that_issues_its_result_again(
    client: Client, version: ProcedureVersion, again: ProcedureVersion
) -> None:
    page = text_of(client.get(reverse("procedures:detail", args=[version.procedure.code])))

    assert reverse("procedures:detail", args=[again.procedure.code]) in page
    assert "Được gia hạn trong 30 ngày cuối trước khi hết hạn." in page


def test_a_service_that_is_not_in_force_here_is_not_led_to(
    client: Client, version: ProcedureVersion, again: ProcedureVersion
) -> None:
    again.procedure.current_version = None
    again.procedure.save()

    page = text_of(client.get(reverse("procedures:detail", args=[version.procedure.code])))

    assert "Mất, hỏng hoặc cần cấp lại" not in page


def test_the_owner_of_a_result_sees_from_when_it_is_renewed_and_how_it_is_had_again(
    client: Client, version: ProcedureVersion, again: ProcedureVersion, keep: KeepResult
) -> None:
    owner = PersonFactory.create()
    result = keep(
        owner_person=owner, procedure_code=version.procedure.code, title=NAME, valid_to=date(2027, 3, 2)
    )
    assert owner.user
    client.force_login(owner.user)

    page = text_of(client.get(reverse("results_vault:detail", args=[result.token])))

    assert "Xin gia hạn được từ ngày 31/01/2027 đến khi hết hạn." in page
    assert reverse("procedures:detail", args=[again.procedure.code]) in page


def test_a_result_of_a_procedure_that_says_nothing_is_had_again_in_no_way(keep: KeepResult) -> None:
    assert selectors.again(keep()) == selectors.Again()
