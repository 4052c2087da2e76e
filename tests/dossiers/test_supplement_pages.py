"""The pages of a supplement, a refusal and a rerouted filing: what a press of a button does, without a script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.states import Role
from dossiers.services import intake, refusing
from dossiers.states import CheckState, Outcome, Status, SupplementState
from procedures.models import Component
from tests.dossiers.filing_kit import pdf
from tests.dossiers.lists import (
    BASIS,
    BLURRED,
    WHY,
    answer_all,
    asked,
    hand_in,
    in_process,
    one_stop,
    submitted,
)
from tests.dossiers.test_desk_pages import client_of, to
from tests.factories import AgencyFactory, actor_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def owner(dossier) -> Client:
    client = Client()
    client.force_login(dossier.submitter.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def row(number: int, **values: str) -> dict[str, str]:
    return {f"item_{number}_{part}": value for part, value in values.items()}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def filed(now):
    return submitted(at=now - timedelta(minutes=10))


@pytest.fixture
def waiting(filed, now):
    return asked(filed, at=now)


# The officer asks


def test_the_list_begins_with_what_was_wrong_and_its_note(filed):
    officer = one_stop(filed)
    component = filed.components.get()
    intake.check_component(
        component_id=component.pk, state=CheckState.WRONG, note="Bản chụp bị mờ", actor=officer
    )

    text = client_of(officer).get(to("request_supplement", filed)).content.decode()

    assert f'<option value="c{component.component_id}" selected>' in text
    assert "Bản chụp bị mờ</textarea>" in text


def test_rows_are_added_and_taken_away_without_a_script(filed):
    client, url = client_of(one_stop(filed)), to("request_supplement", filed)
    typed = {"count": "1", **row(0, what="khac", name="Chữ ký", reason="not_signed", guidance=BLURRED)}

    more = client.post(url, {**typed, "them": "1"}).content.decode()
    assert 'name="count" value="2"' in more
    assert BLURRED in more
    assert "Hãy chọn" not in more
    fewer = client.post(url, {**typed, "count": "2", "bo": "1"}).content.decode()
    assert 'name="count" value="1"' in fewer
    assert BLURRED in fewer
    assert not filed.supplements.exists()


def test_what_is_missing_is_told_at_the_row(filed):
    answer = client_of(one_stop(filed)).post(to("request_supplement", filed), {"count": "1"})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'href="#id_item_0_what"' in text
    assert 'href="#id_item_0_guidance"' in text


def test_the_list_is_sent(filed):
    paper = Component.objects.get(version=filed.procedure_version, position=1)
    typed = {"count": "1", **row(0, what=f"c{paper.pk}", reason="unreadable", guidance=BLURRED)}

    answer = client_of(one_stop(filed)).post(to("request_supplement", filed), typed, follow=True)

    filed.refresh_from_db()
    assert filed.status == Status.INTAKE_SUPPLEMENT
    assert "Đã gửi yêu cầu bổ sung" in answer.content.decode()
    assert filed.supplements.get().items.get().component == paper


# The applicant answers


def test_the_page_of_the_dossier_leads_to_the_list(filed, waiting):
    client = owner(filed)
    text = client.get(reverse("dossiers:detail", args=[filed.tracking_no])).content.decode()

    assert reverse("dossiers:supplement", args=[filed.tracking_no]) in text
    listed = client.get(reverse("dossiers:supplement", args=[filed.tracking_no])).content.decode()
    assert "0/3" in listed
    assert BLURRED in listed


def test_each_item_is_answered_and_the_whole_is_sent(filed, waiting):
    client, tracking_no = owner(filed), filed.tracking_no
    page = reverse("dossiers:supplement", args=[tracking_no])
    values = [
        {"file": SimpleUploadedFile("moi.pdf", pdf(2), "application/pdf")},
        {"noi_o": "15 Bạch Đằng"},
        {"text": "Buổi sáng"},
    ]
    for number, (item, data) in enumerate(
        zip(waiting.items.order_by("position"), values, strict=True), start=1
    ):
        answer = client.post(reverse("dossiers:supplement_answer", args=[tracking_no, item.pk]), data)
        assert answer.status_code == 302, answer.content.decode()
        assert f"{number}/3" in client.get(page).content.decode()

    sent = reverse("dossiers:supplement_hand_in", args=[tracking_no])
    assert "Đã gửi bổ sung" in client.post(sent, follow=True).content.decode()
    assert client.post(sent).status_code == 302  # pressed twice
    filed.refresh_from_db()
    assert filed.status == Status.SUBMITTED


def test_a_wrong_kind_of_file_is_told_beside_the_item(filed, waiting):
    item = waiting.items.get(position=1)
    url = reverse("dossiers:supplement_answer", args=[filed.tracking_no, item.pk])
    wrong = {"file": SimpleUploadedFile("x.exe", b"MZ\x90\x00", "application/pdf")}

    answer = owner(filed).post(url, wrong)
    assert answer.status_code == 422
    assert f'href="#muc-{item.pk}"' in answer.content.decode()
    wrong = {"file": SimpleUploadedFile("x.exe", b"MZ\x90\x00", "application/pdf")}
    by_script = owner(filed).post(url, wrong, headers={"X-Requested-With": "XMLHttpRequest"})
    assert by_script.status_code in (415, 422, 400)
    assert by_script.json()["message"]


def test_an_answer_that_the_form_does_not_take_is_told_at_the_field(filed, waiting):
    item = waiting.items.get(position=2)
    url = reverse("dossiers:supplement_answer", args=[filed.tracking_no, item.pk])

    answer = owner(filed).post(url, {"noi_o": ""})

    assert answer.status_code == 422
    assert "Hãy điền mục này" in answer.content.decode()


def test_after_the_limit_the_page_says_what_to_do(filed, waiting):
    waiting.due_at = timezone.now() - timedelta(minutes=1)
    waiting.save()
    client, item = owner(filed), waiting.items.get(position=3)

    text = client.get(reverse("dossiers:supplement", args=[filed.tracking_no])).content.decode()
    assert "Đã hết thời hạn bổ sung" in text
    url = reverse("dossiers:supplement_answer", args=[filed.tracking_no, item.pk])
    told = client.post(url, {"text": "Buổi sáng"}, follow=True).content.decode()
    assert "Hãy nộp hồ sơ mới" in told


# The officer compares


def test_what_changed_stands_side_by_side_and_is_confirmed(now):
    dossier, specialist = in_process(at=now - timedelta(minutes=30))
    old = dossier.components.get()
    request = asked(dossier, by=specialist, at=now)
    answer_all(request, at=now)
    hand_in(request, at=now)
    client = client_of(one_stop(dossier))

    text = client.get(to("confirm_supplement", dossier)).content.decode()
    assert old.original_name in text
    assert "chup-lai.pdf" in text
    assert "15 Bạch Đằng" in text
    item = request.items.get(position=1)
    for which in ("truoc", "nay"):
        url = reverse("desk:supplement_file", args=[dossier.tracking_no, item.pk, which])
        assert client.get(url).status_code == 200
    assert client.post(to("confirm_supplement", dossier)).status_code == 302
    request.refresh_from_db()
    assert request.state == SupplementState.SETTLED


# Refusal and rerouting


def test_a_refusal_is_proposed_and_decided(now):
    dossier, specialist = in_process(at=now)
    typed = {"reason": "not_eligible", "explanation": WHY, "legal_basis": BASIS}
    holder, signer = client_of(specialist), client_of(actor_for(dossier, Role.SIGNER))

    assert to("refusal", dossier) in holder.get(to("dossier", dossier)).content.decode()
    assert holder.post(to("refusal", dossier), {**typed, "legal_basis": ""}).status_code == 422
    assert holder.post(to("refusal", dossier), typed).status_code == 302
    assert to("decide_refusal", dossier) in signer.get(to("dossier", dossier)).content.decode()
    assert signer.post(to("decide_refusal", dossier), {"tra_lai": "1", "note": ""}).status_code == 422
    assert signer.post(to("decide_refusal", dossier), {}).status_code == 302
    dossier.refresh_from_db()
    assert dossier.outcome == Outcome.REFUSED
    text = owner(dossier).get(reverse("dossiers:detail", args=[dossier.tracking_no])).content.decode()
    assert WHY in text


def test_a_proposal_can_go_back(now):
    dossier, specialist = in_process(at=now)
    refusing.propose(
        dossier_id=dossier.pk,
        reason="not_eligible",
        explanation=WHY,
        legal_basis=BASIS,
        actor=specialist,
        at=now,
    )
    signer = client_of(actor_for(dossier, Role.SIGNER))

    signer.post(to("decide_refusal", dossier), {"tra_lai": "1", "note": "Xem lại thời gian cư trú."})

    assert "Xem lại thời gian cư trú." in client_of(specialist).get(to("dossier", dossier)).content.decode()


def test_a_filing_is_sent_to_the_right_unit(filed):
    right = AgencyFactory.create()
    client, url = client_of(one_stop(filed)), to("reroute", filed)

    assert right.name in client.get(url).content.decode()
    assert client.post(url, {"unit": "", "reason": ""}).status_code == 422
    reason = "Nơi cư trú ghi trong tờ khai thuộc phường khác, không thuộc phường này."
    assert client.post(url, {"unit": str(right.pk), "reason": reason}).status_code == 302
    filed.refresh_from_db()
    assert filed.received_at_unit == right
    assert client.get(to("dossier", filed)).status_code == 404
