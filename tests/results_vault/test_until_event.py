"""A result in force until an event: what its page says, and how its agency records that the event has come."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput
from dossiers import papers
from dossiers.states import Status
from procedures.models import ResultType
from results_vault import codes, services
from results_vault.models import Result
from results_vault.states import Change, Outcome
from tests.factories import NINE, DossierFactory, OfficerFactory, VersionFactory, officer_actor
from tests.results_vault.conftest import KeepResult

pytestmark = pytest.mark.django_db

MOVED = ("người được cấp chuyển nơi cư trú", "the holder moves")
TODAY = NINE.date()


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def page_of(client: Client, result: Result) -> str:
    return text_of(client.get(f"/v/{result.token}/?c={codes.checksum(result.token)}"))


def end(result: Result, *, on: date | None, decision: str = "Báo cáo 7/BC-CAP") -> Result:
    return services.change_force(
        result_id=result.pk,
        change=Change.END,
        decision=decision,
        happened_on=on,
        actor=Actor.system(),
        at=NINE + timedelta(days=30),
    )


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (None, "Văn bản này có giá trị đến khi người được cấp chuyển nơi cư trú."),
        (6, "6 tháng kể từ ngày cấp, hoặc đến khi người được cấp chuyển nơi cư trú, tùy việc nào đến trước."),
    ],
)
def test_the_paper_says_which_event_ends_it(months: int | None, words: str) -> None:
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    kind = ResultType(
        version=dossier.procedure_version,
        name="Giấy xác nhận",
        validity_months=months,
        until_event=MOVED[0],
        template={"title": "GIẤY XÁC NHẬN", "paragraphs": ["Xác nhận."]},
    )

    assert words in papers.result(dossier=dossier, result_type=kind, values={}).body


def test_the_page_of_the_procedure_says_it_too(client: Client) -> None:
    version = VersionFactory.create()
    ResultType.objects.create(
        version=version, position=9, name="Giấy", until_event=MOVED[0], until_event_en=MOVED[1]
    )
    address = reverse("procedures:detail", args=[version.procedure.code])

    assert f"Có giá trị đến khi {MOVED[0]}." in text_of(client.get(address))
    client.cookies["portal_language"] = "en"
    assert MOVED[1] in text_of(client.get(address))


def test_whoever_checks_learns_that_an_event_ends_it_and_whom_to_ask(
    client: Client, keep: KeepResult
) -> None:
    page = page_of(client, keep(until_event=MOVED))

    assert "Kết quả còn hiệu lực" in page
    assert f"Có giá trị đến khi {MOVED[0]}." in page
    assert "hãy hỏi chủ kết quả" in page


def test_what_its_event_has_ended_has_counted_to_the_day_before(client: Client, keep: KeepResult) -> None:
    result = keep(until_event=MOVED, issued_at=NINE)

    ended = end(result, on=TODAY + timedelta(days=10))

    assert ended.valid_to == TODAY + timedelta(days=9)
    assert [ended.outcome(on=TODAY + timedelta(days=one)) for one in (9, 10)] == [
        Outcome.VALID,
        Outcome.EXPIRED,
    ]
    Result.objects.filter(pk=result.pk).update(valid_to=timezone.localdate() - timedelta(days=1))
    page = page_of(client, result)
    assert "Kết quả đã hết hiệu lực" in page
    assert "việc này đã được ghi nhận theo Báo cáo 7/BC-CAP" in page


@pytest.mark.parametrize("days", [None, -1, 31])
def test_the_day_of_the_event_lies_between_issue_and_today(keep: KeepResult, days: int | None) -> None:
    result = keep(until_event=MOVED, issued_at=NINE)

    with pytest.raises(InvalidInput) as refusal:
        end(result, on=None if days is None else TODAY + timedelta(days=days))

    assert list(refusal.value.errors) == ["happened_on"]


def test_only_what_an_event_ends_is_ended_by_one_and_only_once(keep: KeepResult) -> None:
    dated, moved = keep(valid_to=TODAY + timedelta(days=99)), keep(until_event=MOVED, issued_at=NINE)
    end(moved, on=TODAY + timedelta(days=3))

    for result in (dated, moved):
        with pytest.raises(Conflict):
            end(result, on=TODAY + timedelta(days=5))


def test_who_decides_for_the_agency_records_the_event_on_its_page(client: Client, keep: KeepResult) -> None:
    result = keep(until_event=MOVED)
    officer = OfficerFactory.create()
    officer_actor(result.issuer, Role.SIGNER, officer=officer)
    client.force_login(officer.user)
    address = reverse("results_vault:change_force", args=[result.token])
    said = {"change": "end", "decision": "Báo cáo 7/BC-CAP"}

    without_day = client.post(address, said)
    with_day = client.post(address, said | {"happened_on": timezone.localdate().isoformat()})

    assert (without_day.status_code, with_day.status_code) == (422, 302)
    assert "Hãy ghi ngày xảy ra sự kiện." in text_of(without_day)
    result.refresh_from_db()
    assert result.outcome(on=timezone.localdate()) == Outcome.EXPIRED
