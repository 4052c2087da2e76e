"""From the result type to the scan: what a service issues again takes over from what was lost."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Officer
from core import pdf
from dossiers.services import result_drafts
from procedures import document
from procedures.models import ResultType
from results_vault import codes, reissuing
from results_vault.models import Result
from results_vault.states import Outcome, ResultStatus
from tests.dossiers.test_signing_flow import ISSUED_AT, Case, case  # noqa: F401
from tests.factories import NINE, AgencyFactory, PersonFactory, VersionFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]

TODAY = ISSUED_AT.date()


@pytest.fixture
def kind(case: Case) -> ResultType:  # noqa: F811
    """Give the paper's first service, as a document has it: the service of the case issues it again."""
    version = VersionFactory.create()
    said = document.of_version(version)
    said["results"] = [
        {"name": "Giấy xác nhận", "reissue_procedure": case.dossier.procedure_version.procedure.code}
    ]
    document.write(version, document.parse(said))
    return version.result_types.get()


def lost(case: Case, kind: ResultType, number: str = "7/XN", **facts: Any) -> Result:  # noqa: F811
    made: dict[str, Any] = {
        "token": codes.new_token(),
        "dossier_code": f"H17-{number}",
        "procedure_code": kind.version.procedure.code,
        "result_type": kind,
        "title": kind.name,
        "number": number,
        "issuer": case.dossier.competent_agency,
        "signer_name": "Người Ký (minh họa)",
        "owner_person": case.dossier.owner_person,
        "issued_on": date(2026, 1, 5),
        "sha256": number.rjust(64, "0"),
    }
    return Result.objects.create(**(made | facts))


def issue(case: Case) -> Result:  # noqa: F811
    case.submit()
    case.sign()
    case.issue()
    return Result.objects.order_by("-pk")[0]


def page_of(client: Client, result: Result) -> str:
    answer = client.get(f"/v/{result.token}/?c={codes.checksum(result.token)}")
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_only_paper_of_its_kind_is_replaced_and_its_page_says_by_which(
    case: Case,  # noqa: F811
    kind: ResultType,
    client: Client,
) -> None:
    old = lost(case, kind)

    new = issue(case)

    old.refresh_from_db()
    assert (old.status, old.superseded_by) == (ResultStatus.SUPERSEDED, new)
    page = page_of(client, old)
    assert "Kết quả đã được thay thế" in page
    assert f"Kết quả mới: số {new.number}, ngày 03/03/2026." in page
    assert "Cấp lại theo thủ tục" in page
    owner = case.dossier.owner_person
    assert owner
    assert owner.user
    client.force_login(owner.user)
    own = client.get(reverse("results_vault:detail", args=[new.token])).content.decode()
    assert "Thay cho kết quả số 7/XN, ngày 05/01/2026" in re.sub(r"\s+", " ", own)


def test_of_several_the_one_whose_number_was_written_is_replaced(
    case: Case,  # noqa: F811
    kind: ResultType,
) -> None:
    first, second = lost(case, kind, "8/XN"), lost(case, kind, "18/XN")
    case.save(noi_dung="Cấp lại giấy số 18/xn.")
    result_drafts.request_signature(dossier_id=case.dossier.pk, actor=case.specialist, at=NINE)
    result_drafts.render(draft_id=case.draft.pk, at=NINE)
    case.sign()
    case.issue()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (ResultStatus.VALID, ResultStatus.SUPERSEDED)


def test_where_it_is_not_known_which_the_signer_is_shown_all_and_nothing_changes(
    case: Case,  # noqa: F811
    kind: ResultType,
    client: Client,
) -> None:
    old = [lost(case, kind), lost(case, kind, "8/XN")]

    new = issue(case)

    assert {one.status for one in Result.objects.all()} == {ResultStatus.VALID}
    assert reissuing.candidates(new, on=TODAY) == old[::-1]
    client.force_login(Officer.objects.get(pk=case.signer.officer_id or 0).user)
    page = client.get(reverse("results_vault:detail", args=[new.token])).content.decode()
    assert all(reverse("results_vault:detail", args=[one.token]) + "#force" in page for one in old)


@pytest.mark.parametrize(
    "facts",
    [
        {"title": "Bản sao giấy xác nhận"},
        {"status": ResultStatus.REVOKED, "status_decision": "QĐ 1"},
        {"valid_to": date(2026, 2, 1)},
        {"owner_person": None},
        {"procedure_code": "9.999999", "result_type": None},
    ],
)
def test_what_is_another_paper_or_another_persons_or_out_of_force_stays(
    case: Case,  # noqa: F811
    kind: ResultType,
    facts: dict[str, Any],
) -> None:
    if "owner_person" in facts:
        facts = {"owner_person": PersonFactory.create(), "issuer": AgencyFactory.create()}
    old = lost(case, kind, **facts)
    before = old.outcome(on=TODAY)

    issue(case)

    old.refresh_from_db()
    assert old.outcome(on=TODAY) == before != Outcome.SUPERSEDED


def test_what_was_issued_again_once_is_replaced_when_it_is_lost_once_more(
    case: Case,  # noqa: F811
    kind: ResultType,
) -> None:
    code = case.dossier.procedure_version.procedure.code
    own = case.dossier.procedure_version.result_types.get()
    old = lost(case, kind, procedure_code=code, result_type=own)

    issue(case)

    old.refresh_from_db()
    assert old.status == ResultStatus.SUPERSEDED


def test_a_service_that_issues_nothing_again_replaces_nothing(case: Case) -> None:  # noqa: F811
    own = case.dossier.procedure_version.result_types.get()
    code = case.dossier.procedure_version.procedure.code
    old = lost(case, own, procedure_code=code)

    issue(case)

    old.refresh_from_db()
    assert old.status == ResultStatus.VALID
