"""A procedure's own words in the notices to its applicants, and in the letters that carry them."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override

from core.errors import InvalidInput
from dossiers.models import Dossier
from dossiers.states import Status
from notifications import letters, wording
from notifications.models import EmailDelivery, Notice
from notifications.subscribers import tell_applicant
from outbox import services as outbox
from procedures import document, messages
from procedures.models import ProcedureVersion
from procedures.trying.lint import lint
from tests.factories import NINE, DossierFactory
from tests.procedures.test_lint import GOOD, TODAY

pytestmark = pytest.mark.django_db

OWN = {
    "dossier.accept": {
        "vi": "{co_quan} đã nhận hồ sơ {ma_ho_so} về vỉa hè.\n\nHẹn trả: {hen_tra}.",
        "en": "{co_quan} has received dossier {ma_ho_so} about the pavement. Return: {hen_tra}.",
    }
}


def dossier_with(own: dict[str, Any], **fields: Any) -> Dossier:
    dossier: Dossier = DossierFactory.create(reach=Status.ACCEPTED, **fields)
    # What is published does not change; only its words are looked at here.
    dossier.procedure_version.messages = own
    return dossier


def said(topic: str, dossier: Dossier, language: str = "vi") -> wording.Wording:
    with override(language):
        return wording.of(topic=topic, dossier=dossier, at=NINE)


def test_each_notice_can_have_own_words() -> None:
    assert set(messages.TOPICS) == set(wording.TOPICS)


def test_own_words_stand_in_place_of_the_usual_ones_and_the_facts_of_the_law_stay() -> None:
    dossier = dossier_with(OWN)
    usual = said("dossier.accept", dossier_with({}))

    own = said("dossier.accept", dossier)

    agency = dossier.competent_agency.name if dossier.competent_agency else ""
    *words, facts = own.body.split("\n\n")
    assert words == [f"{agency} đã nhận hồ sơ {dossier.reference} về vỉa hè.", "Hẹn trả: 09:00, 05/03/2026."]
    assert own.subject == f"Hồ sơ {dossier.reference} đã được tiếp nhận"
    assert f"Mã hồ sơ: {dossier.reference}" in facts
    assert "Nơi tiếp nhận" in facts
    assert "chuyển cho chuyên viên" in usual.body
    assert "chuyển cho chuyên viên" not in own.body


def test_who_reads_english_gets_the_english_words_or_else_the_usual_ones_in_english() -> None:
    assert "about the pavement" in said("dossier.accept", dossier_with(OWN), "en").body

    only_vietnamese = {"dossier.accept": {**OWN["dossier.accept"], "en": ""}}
    told = said("dossier.accept", dossier_with(only_vietnamese), "en").body
    assert "vỉa hè" not in told
    assert "passed" in told or "received" in told


def test_a_notice_without_own_words_is_the_citys() -> None:
    assert "đã giải quyết xong" in said("dossier.issue", dossier_with(OWN)).body


def test_who_was_received_at_the_counter_still_reads_what_to_do_if_they_were_not_there() -> None:
    own = {"dossier.accept_at_counter": {"vi": "Hẹn trả: {hen_tra}.", "en": "Return: {hen_tra}."}}

    body = said("dossier.accept_at_counter", dossier_with(own)).body

    assert body.startswith("Hẹn trả: 09:00, 05/03/2026.")
    assert "Nếu bạn không nộp hồ sơ này, hãy gọi 1022 ngay." in body


def test_nobody_reads_a_place_that_is_not_known() -> None:
    """Such words are refused today; they may be kept from another release."""
    body = said("dossier.accept", dossier_with({"dossier.accept": {"vi": "Xin chào {ten}.", "en": ""}})).body

    assert "{ten}" not in body
    assert "chuyển cho chuyên viên" in body


def test_own_words_reach_the_portal_and_the_mailbox() -> None:
    dossier = DossierFactory.create(reach=Status.ACCEPTED, procedure_version__messages=OWN)
    with transaction.atomic():
        message = outbox.publish(
            topic="dossier.accept", key=dossier.tracking_no, payload={"dossier_id": dossier.pk}, at=NINE
        )
    tell_applicant(message)

    assert "về vỉa hè" in Notice.objects.get().body
    letter = letters.compose(EmailDelivery.objects.get())
    assert "về vỉa hè" in str(letter.body)
    assert "về vỉa hè" in str(letter.alternatives[0][0])


def parsed(own: dict[str, Any]) -> dict[str, Any]:
    return document.parse({**copy.deepcopy(GOOD), "messages": own})


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_place_that_the_notice_does_not_have_is_refused_with_those_that_it_has(language: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parsed({"dossier.issue": {language: "Xin chào {ten}."}})

    ((path, texts),) = refusal.value.errors.items()
    assert path == f"messages.dossier.issue.{language}"
    assert "{ten}" in str(texts[0])
    assert "{ma_ho_so} (mã hồ sơ)" in str(texts[0])
    assert "{han_cua_ban}" not in str(texts[0])


def test_a_notice_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidInput) as refusal:
        parsed({"dossier.xong": {"vi": "Xong."}})

    assert "dossier.issue" in str(refusal.value.errors["messages.dossier.xong"][0])


def test_a_lone_brace_is_refused() -> None:
    with pytest.raises(InvalidInput) as refusal:
        parsed({"dossier.issue": {"vi": "Mã {ma_ho_so"}})

    assert "Dấu { }" in str(refusal.value.errors["messages.dossier.issue.vi"][0])


def test_what_an_earlier_release_has_kept_is_found_by_the_lint() -> None:
    kept = {**parsed({}), "messages": {"dossier.issue": {"vi": "Xin chào {ten}.", "en": "Hello {ten}."}}}

    found = {one.path for one in lint(kept, today=TODAY) if one.rule == "message_place"}

    assert found == {"messages.dossier.issue.vi", "messages.dossier.issue.en"}


def test_a_sample_shows_own_and_usual_words_without_a_dossier() -> None:
    version = ProcedureVersion(name="Dùng vỉa hè (minh họa)", messages=OWN)
    for topic in wording.TOPICS:
        own, usual = wording.sample(topic=topic, version=version, at=NINE)
        assert (own == usual) is (topic not in OWN)
        assert "{" not in own.body
    assert Dossier.objects.count() == 0
