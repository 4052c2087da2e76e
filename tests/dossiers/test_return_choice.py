"""Where and how a result is returned: chosen at the filing, changed until it is there, kept when it is handed over."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from agencies.states import Role
from core.errors import InvalidInput, NotAllowed
from dossiers import return_choice
from dossiers.models import Dossier, Paper, ReturnChoice
from dossiers.papers import compose
from dossiers.services import counter, filing, guards, return_choices, returning
from dossiers.services.return_choices import Wanted
from dossiers.states import Action, DeliveryState, Form, HandOverMethod, IdPaper, Status
from dossiers.transitions import APPLICANT
from tests.dossiers.filing_kit import fileable, ready
from tests.factories import NINE, AgencyFactory, DossierFactory, actor_for, officer_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

HOME = "12 Trần Phú, phường Hải Châu, thành phố Đà Nẵng"
BY_POST = Wanted(method="post", receiver_name="Nguyễn Thị Mẫu", phone="0905 123 456", address=HOME)


def signed_in(dossier: Dossier, role: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor_for(dossier, role).user_id or 0))
    return client


def changed(dossier: Dossier, wanted: Wanted) -> Dossier:
    return return_choices.change(
        dossier_id=dossier.pk, wanted=wanted, actor=actor_for(dossier, APPLICANT), at=NINE
    )


def test_who_chooses_nothing_gets_the_electronic_result():
    draft = ready()

    assert return_choice.of(draft).method == HandOverMethod.VAULT
    page = signed_in(draft, APPLICANT).get(reverse("dossiers:check", args=[draft.tracking_no]))
    assert "Bản điện tử ký số trong kho kết quả" in page.content.decode()
    assert not ReturnChoice.objects.exists()


def test_a_draft_keeps_what_is_chosen_on_its_page():
    draft = ready()
    client, address = signed_in(draft, APPLICANT), reverse("dossiers:draft_return", args=[draft.tracking_no])
    typed = {"method": "post", "receiver_name": "Nguyễn Thị Mẫu", "phone": "0905 123 456", "address": HOME}

    gaps = client.post(address, {"method": "post", "receiver_name": "", "phone": "12", "address": " "})
    assert gaps.status_code == 422
    assert set(gaps.context["form"].errors) == {"receiver_name", "phone", "address"}
    kept = client.post(address, typed | {"tu": "kiem-tra"})

    assert kept["Location"] == reverse("dossiers:check", args=[draft.tracking_no])
    assert f"Nguyễn Thị Mẫu, 0905123456, {HOME}" in client.get(kept["Location"]).content.decode()
    assert (
        "Qua dịch vụ bưu chính"
        in client.get(reverse("dossiers:draft", args=[draft.tracking_no])).content.decode()
    )


def test_a_draft_that_was_checked_before_the_choice_is_checked_again():
    draft = ready()
    seen = draft.form_revision
    actor = actor_for(draft, APPLICANT)
    return_choices.choose(dossier_id=draft.pk, wanted=BY_POST, actor=actor, at=NINE)

    with pytest.raises(filing.ChangedSinceChecked):
        filing.submit(dossier_id=draft.pk, idempotency_key="k", actor=actor, at=NINE, checked_revision=seen)


@pytest.mark.parametrize("method", ["", "drone", "COUNTER"])
def test_only_a_way_that_exists_is_taken(method):
    dossier = DossierFactory.create(reach=Status.SUBMITTED)

    with pytest.raises(InvalidInput) as refusal:
        changed(dossier, Wanted(method=method))
    assert list(refusal.value.errors) == ["method"]


def test_a_counter_is_that_of_a_centre_in_force():
    dossier, other = DossierFactory.create(reach=Status.SUBMITTED), AgencyFactory.create()

    with pytest.raises(InvalidInput) as refusal:
        changed(dossier, Wanted(method="counter", centre="H17.99.99"))
    assert list(refusal.value.errors) == ["centre"]
    changed(dossier, Wanted(method="counter", centre=other.code))
    assert return_choice.centre_of(return_choice.of(dossier)) == other
    changed(dossier, Wanted(method="counter"))
    assert return_choice.centre_of(return_choice.of(dossier)) == dossier.received_at_unit


def test_the_applicant_changes_it_until_the_result_is_returned():
    dossier = DossierFactory.create(reach=Status.COMPLETED)

    changed(dossier, BY_POST)
    dossier.refresh_from_db()
    event = dossier.events.get(action=Action.CHOOSE_RETURN)
    assert event.data["return"] == {"method": "post", "centre": ""}
    assert "Trần Phú" not in f"{event.note}{event.data}"  # the history is for ever, an address is not
    assert dossier.status == Status.COMPLETED

    returned = DossierFactory.create(reach=Status.RETURNED)
    with pytest.raises(guards.AlreadyDone, match="trả lúc"):
        changed(returned, BY_POST)
    with pytest.raises(NotAllowed):
        return_choices.change(
            dossier_id=dossier.pk, wanted=BY_POST, actor=actor_for(returned, APPLICANT), at=NINE
        )


def test_nothing_is_changed_while_the_post_has_it():
    dossier = DossierFactory.create(reach=Status.COMPLETED)
    returning.hand_to_post(
        dossier_id=dossier.pk,
        consignment_no="EK123456789VN",
        actor=actor_for(dossier, Role.ONE_STOP_OFFICER),
        at=NINE,
    )

    with pytest.raises(returning.WithThePost):
        changed(dossier, Wanted(method="counter"))
    dossier.refresh_from_db()
    assert not return_choice.is_open(dossier)


def test_the_applicants_page_shows_it_and_leads_to_the_change():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    client = signed_in(dossier, APPLICANT)
    address = reverse("dossiers:return_choice", args=[dossier.tracking_no])
    detail = reverse("dossiers:detail", args=[dossier.tracking_no])

    assert address in client.get(detail).content.decode()
    answer = client.post(
        address, {"method": "home", "receiver_name": "Nguyễn Thị Mẫu", "phone": "0905123456", "address": HOME}
    )

    assert answer["Location"] == detail
    assert f"Tại nhà: Nguyễn Thị Mẫu, 0905123456, {HOME}" in client.get(detail).content.decode()
    desk = signed_in(dossier, Role.ONE_STOP_OFFICER).get(reverse("desk:dossier", args=[dossier.tracking_no]))
    assert HOME in desk.content.decode()


def test_an_ended_dossier_says_so_on_its_own_page():
    dossier = DossierFactory.create(reach=Status.RETURNED)
    client = signed_in(dossier, APPLICANT)

    answer = client.get(reverse("dossiers:return_choice", args=[dossier.tracking_no]))

    assert answer["Location"] == reverse("dossiers:detail", args=[dossier.tracking_no])


def test_the_hand_over_begins_with_what_was_chosen_and_home_can_be_recorded():
    dossier = DossierFactory.create(reach=Status.COMPLETED)
    changed(dossier, Wanted("home", "", str(dossier.owner_person), "0905123456", HOME))
    client, address = (
        signed_in(dossier, Role.ONE_STOP_OFFICER),
        reverse("desk:hand_over", args=[dossier.tracking_no]),
    )

    page = client.get(address)
    assert page.context["form"].initial["method"] == HandOverMethod.HOME
    assert HOME in page.content.decode()
    sent = {"method": "home", "receiver_name": str(dossier.owner_person), "receiver_id_checked": "on"}
    assert client.post(address, sent | {"method": "vault"}).status_code == 422
    client.post(address, sent)

    dossier.refresh_from_db()
    assert (dossier.status, dossier.delivery_state) == (Status.RETURNED, DeliveryState.DELIVERED)
    assert dossier.hand_over.method == HandOverMethod.HOME


def test_form_01_names_the_way_that_was_chosen():
    dossier = DossierFactory.create(reach=Status.ACCEPTED)
    changed(dossier, BY_POST)
    paper = Paper(dossier=dossier, event=dossier.events.get(action=Action.ACCEPT), form=Form.RECEIPT)

    assert f"Nguyễn Thị Mẫu, 0905123456, {HOME}" in compose(paper).body


def test_at_the_counter_the_officer_asks_and_the_counter_is_the_default():
    unit = AgencyFactory.create()
    officer = officer_actor(unit, Role.ONE_STOP_OFFICER)
    draft = counter.start(
        version_id=fileable().pk,
        walk_in=counter.WalkIn(
            number="048190000123", full_name="Trần Thị Mẫu", phone="0905111222", paper=IdPaper.ID_CARD
        ),
        unit_id=unit.pk,
        actor=officer,
        at=NINE,
    )
    client = Client()
    client.force_login(User.objects.get(pk=officer.user_id or 0))
    assert return_choice.of(draft).method == HandOverMethod.COUNTER
    typed = {"noi_o": HOME, "muc_dich": "khac", "so_ban": "1"}

    gaps = client.post(
        reverse("desk:counter_fill", args=[draft.tracking_no]),
        typed | {"nhan-ket-qua-method": "post", "nhan-ket-qua-phone": "1"},
    )
    assert gaps.status_code == 422
    client.post(
        reverse("desk:counter_fill", args=[draft.tracking_no]),
        typed
        | {
            "nhan-ket-qua-method": "home",
            "nhan-ket-qua-receiver_name": "Trần Thị Mẫu",
            "nhan-ket-qua-phone": "0905111222",
            "nhan-ket-qua-address": HOME,
        },
    )

    assert return_choice.of(draft).method == HandOverMethod.HOME
