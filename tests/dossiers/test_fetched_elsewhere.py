"""A result is fetched at another centre than the one that received the dossier: its counter gives it out, and sees no more."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from agencies.models import Agency
from agencies.states import Role
from citizens.models import AccessLog
from core import pdf
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from dossiers import policies
from dossiers.models import Dossier
from dossiers.services import guards, return_choices, returning
from dossiers.services.return_choices import Wanted
from dossiers.states import Action, HandOverMethod, Status
from dossiers.transitions import APPLICANT
from tests.dossiers.test_signing_flow import Case, case  # noqa: F401
from tests.factories import NINE, AgencyFactory, DossierFactory, actor_for, officer_actor

pytestmark = pytest.mark.django_db


def fetched_at(centre: Agency | None, dossier: Dossier) -> None:
    return_choices.change(
        dossier_id=dossier.pk,
        wanted=Wanted(method="counter", centre=centre.code if centre else ""),
        actor=actor_for(dossier, APPLICANT),
        at=NINE,
    )


def completed() -> tuple[Dossier, Agency, Actor]:
    dossier, centre = DossierFactory.create(reach=Status.COMPLETED), AgencyFactory.create()
    fetched_at(centre, dossier)
    return dossier, centre, officer_actor(centre, Role.ONE_STOP_OFFICER)


def given_out(dossier: Dossier, actor: Actor, method: str = HandOverMethod.COUNTER) -> Dossier:
    return returning.hand_over(
        dossier_id=dossier.pk,
        method=method,
        receiver_name=str(dossier.owner_person),
        receiver_id_checked=True,
        actor=actor,
        at=NINE,
    )


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id or 0))
    return client


def test_the_counter_where_it_is_fetched_gives_it_out_and_the_history_says_so():
    dossier, centre, officer = completed()

    given_out(dossier, officer)

    event = dossier.events.get(action=Action.HAND_OVER)
    assert (event.to_status, event.agency, event.actor_role) == (
        Status.RETURNED,
        centre,
        Role.ONE_STOP_OFFICER,
    )


def test_nobody_else_there_and_no_third_centre_gives_it_out():
    dossier, centre, _officer = completed()
    others = [role for role in Role if role != Role.ONE_STOP_OFFICER]

    for actor in (
        officer_actor(centre, *others),
        officer_actor(AgencyFactory.create(), Role.ONE_STOP_OFFICER),
    ):
        assert not policies.visible_returns(actor).exists()
        with pytest.raises(NotAllowed):
            given_out(dossier, actor)


def test_it_is_there_from_the_result_on_and_for_as_long_as_it_is_wanted_there():
    dossier, centre = DossierFactory.create(reach=Status.SIGNED), AgencyFactory.create()
    fetched_at(centre, dossier)
    officer = officer_actor(centre, Role.ONE_STOP_OFFICER)
    assert not policies.visible_returns(officer).exists()

    Dossier.objects.filter(pk=dossier.pk).update(status=Status.COMPLETED)
    assert policies.visible_returns(officer).get() == dossier
    fetched_at(None, dossier)

    assert not policies.visible_returns(officer).exists()
    with pytest.raises(NotAllowed):
        given_out(dossier, officer)


def test_it_gives_out_at_its_own_counter_only():
    dossier, _centre, officer = completed()

    with pytest.raises(InvalidInput) as refusal:
        given_out(dossier, officer, HandOverMethod.HOME)
    assert list(refusal.value.errors) == ["method"]
    with pytest.raises(NotAllowed):
        returning.hand_to_post(dossier_id=dossier.pk, consignment_no="EK123456789VN", actor=officer, at=NINE)


def test_the_later_of_two_counters_reads_who_was_faster():
    dossier, _centre, officer = completed()
    given_out(dossier, actor_for(dossier, Role.ONE_STOP_OFFICER))

    with pytest.raises(guards.AlreadyDone, match="trả lúc"):
        given_out(dossier, officer)
    page = signed_in(officer).get(reverse("desk:return", args=[dossier.tracking_no]))
    assert "Đã trả:" in page.content.decode()


def test_the_list_leads_to_the_page_and_the_page_back_to_the_list_when_it_is_done():
    dossier, _centre, officer = completed()
    client, page = signed_in(officer), reverse("desk:return", args=[dossier.tracking_no])
    listed = reverse("desk:returns")
    assert listed in client.get(reverse("desk:queue"), follow=True).content.decode()
    assert page in client.get(listed).content.decode()

    gaps = client.post(page, {"receiver_name": ""})
    assert gaps.status_code == 422
    assert set(gaps.context["form"].errors) == {"receiver_name", "receiver_id_checked"}
    done = client.post(page, {"receiver_name": str(dossier.owner_person), "receiver_id_checked": "on"})

    assert done["Location"] == listed
    assert page not in client.get(listed).content.decode()
    assert page in client.get(listed, {"loai": "da-tra"}).content.decode()


def test_the_dossier_itself_stays_closed():
    dossier, _centre, officer = completed()
    client = signed_in(officer)

    for name in ("desk:dossier", "desk:hand_over"):
        assert client.get(reverse(name, args=[dossier.tracking_no])).status_code == 404


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(django_assert_max_num_queries):
    centre = AgencyFactory.create()
    for _one in range(3):
        fetched_at(centre, DossierFactory.create(reach=Status.COMPLETED))
    client = signed_in(officer_actor(centre, Role.ONE_STOP_OFFICER))
    client.get(reverse("desk:returns"))

    with django_assert_max_num_queries(12):
        client.get(reverse("desk:returns"))


@pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed")
def test_the_result_is_opened_to_be_printed_and_its_owner_sees_by_whom(case: Case):  # noqa: F811
    case.submit()
    case.sign()
    case.issue()
    centre = AgencyFactory.create()
    fetched_at(centre, case.dossier)
    client = signed_in(officer_actor(centre, Role.ONE_STOP_OFFICER))
    address = reverse("desk:return_document", args=[case.dossier.tracking_no])
    assert address in client.get(reverse("desk:return", args=[case.dossier.tracking_no])).content.decode()

    answer = client.get(address)

    assert b"".join(answer).startswith(b"%PDF")
    seen = AccessLog.objects.latest("pk")
    assert (seen.person, seen.reader_unit) == (case.dossier.owner_person, centre.name)


def test_without_a_document_the_page_says_whom_to_ask():
    dossier, _centre, officer = completed()
    client = signed_in(officer)

    page = client.get(reverse("desk:return", args=[dossier.tracking_no])).content.decode()

    assert "Chưa có văn bản để in" in page
    assert client.get(reverse("desk:return_document", args=[dossier.tracking_no])).status_code == 404
