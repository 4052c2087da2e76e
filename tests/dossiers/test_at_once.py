"""One button pressed twice at the same moment, by one person or by two: it is done once and the other is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import reverse

from agencies.models import Officer
from agencies.states import Role
from dossiers.models import Dossier, DossierEvent, HandOver, ResultDraft
from dossiers.states import DraftState, Status
from outbox.models import Message
from procedures.models import ResultType
from results_vault import codes
from tests.dossiers.filing_kit import pdf, ready
from tests.factories import DossierFactory, actor_for
from tests.threads import in_two_threads

pytestmark = pytest.mark.django_db(transaction=True)

TEMPLATE = {
    "title": "GIẤY XÁC NHẬN",
    "paragraphs": ["Xác nhận {ho_ten}."],
    "fields": [{"name": "ho_ten", "label": "Họ và tên"}],
}


def press_twice(user: Any, name: str, dossier: Dossier, **data: str) -> list[Any]:
    """Send one form from two windows of one person at once."""
    signed_in = Client()
    signed_in.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse(name, args=[dossier.tracking_no])

    def press() -> Any:
        client = Client()
        client.cookies = signed_in.cookies
        return client.post(address, data)

    return in_two_threads(press, after=connections.close_all)


def officer_of(dossier: Dossier, role: str) -> Officer:
    officer = Officer.objects.get(pk=actor_for(dossier, role).officer_id or 0)
    officer.signing_key_id = "signer"
    officer.save()
    return officer


def with_draft(state: Status) -> Dossier:
    dossier: Dossier = DossierFactory.create(reach=state)
    assert dossier.competent_agency is not None
    dossier.competent_agency.seal_key_id = "agency"
    dossier.competent_agency.save()
    result_type = ResultType.objects.create(
        version=dossier.procedure_version,
        position=1,
        name="Giấy xác nhận",
        symbol="XN-UBND",
        template=TEMPLATE,
    )
    ready_states = {
        Status.AWAITING_SIGN_OFF: DraftState.READY,
        Status.SIGNED: DraftState.SIGNED,
    }
    ResultDraft.objects.create(
        dossier=dossier,
        result_type=result_type,
        state=ready_states[state],
        token=codes.new_token(),
        revision=1,
    )
    return dossier


def hints(topic: str) -> int:
    return Message.objects.filter(topic=topic).count()


def test_a_result_is_sent_to_be_signed_once():
    dossier = with_draft(Status.AWAITING_SIGN_OFF)

    answers = press_twice(officer_of(dossier, Role.SIGNER).user, "desk:sign", dossier)

    assert [answer.status_code for answer in answers] == [302, 302]
    assert hints("draft.sign") == 1


def test_a_result_is_numbered_once():
    dossier = with_draft(Status.SIGNED)

    press_twice(officer_of(dossier, Role.CLERK).user, "desk:issue", dossier)

    assert hints("draft.issue") == 1
    assert ResultDraft.objects.get().number == "01/XN-UBND"


def test_a_result_is_handed_over_once():
    dossier = DossierFactory.create(reach=Status.COMPLETED)
    owner = dossier.owner_person

    press_twice(
        officer_of(dossier, Role.ONE_STOP_OFFICER).user,
        "desk:hand_over",
        dossier,
        receiver_name=owner.full_name,
        receiver_id_checked="on",
    )

    assert HandOver.objects.count() == 1
    assert DossierEvent.objects.filter(action="hand_over").count() == 1


def test_a_citizen_receives_once():
    dossier = DossierFactory.create(reach=Status.COMPLETED)

    answers = press_twice(dossier.owner_person.user, "dossiers:receive", dossier)

    assert [answer.status_code for answer in answers] == [302, 302]
    assert HandOver.objects.count() == 1


def test_a_dossier_is_taken_by_one_of_two_specialists():
    dossier = DossierFactory.create(reach=Status.FORWARDED)
    users = [officer_of(dossier, Role.SPECIALIST).user for _ in range(2)]
    waiting = iter(users)

    def take() -> int:
        client = Client()
        client.force_login(next(waiting), backend="django.contrib.auth.backends.ModelBackend")
        return client.post(reverse("desk:take", args=[dossier.tracking_no])).status_code

    assert in_two_threads(take, after=connections.close_all) == [302, 302]
    assert DossierEvent.objects.filter(action="assign").count() == 1


def test_a_draft_is_filed_once(clean_scanner):
    dossier = ready()
    dossier.refresh_from_db()

    answers = press_twice(
        dossier.submitter.user,
        "dossiers:check",
        dossier,
        key="k",
        revision=str(dossier.form_revision),
        declaration="on",
    )

    assert [answer.status_code for answer in answers] == [302, 302]
    assert DossierEvent.objects.filter(action="submit").count() == 1


def test_a_file_replaced_twice_at_once_leaves_one(clean_scanner):
    dossier = ready()
    client = Client()
    assert dossier.submitter.user is not None
    client.force_login(dossier.submitter.user, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("dossiers:draft_upload", args=[dossier.tracking_no, 1])

    def upload() -> int:
        window = Client()
        window.cookies = client.cookies
        return window.post(address, {"file": SimpleUploadedFile("a.pdf", pdf())}).status_code

    assert in_two_threads(upload, after=connections.close_all) == [302, 302]
    assert dossier.components.filter(replaced_at=None).count() == 1
