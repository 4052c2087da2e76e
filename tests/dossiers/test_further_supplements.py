"""A further request in one phase: proposed, approved or returned by the leader, on the services and on the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed
from dossiers.desk_queues import QUEUES, capped_counts
from dossiers.models import Dossier, Paper
from dossiers.services import further_supplements, guards, intake, stopping, supplement_checks
from dossiers.services.supplements import AskedTooLate, Asking
from dossiers.states import Action, CheckState, Form, Status, SupplementPhase, SupplementState
from outbox import services as outbox
from tests.dossiers.lists import (
    BASIS,
    BLURRED,
    answer_all,
    asked,
    hand_in,
    in_march,
    in_process,
    one_stop,
    submitted,
    whole_list,
)
from tests.dossiers.test_desk_pages import client_of, to
from tests.dossiers.turns import WHY_STOPPED, told
from tests.factories import AgencyFactory, actor_for, officer_actor
from tests.threads import in_two_threads

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

MONDAY, ANSWERED, TUESDAY = in_march(2, 9), in_march(2, 15), in_march(3, 9)


def asked_once(*, at=MONDAY, answered_at=ANSWERED) -> tuple[Dossier, Actor]:
    """Give a dossier in process whose one request was answered and confirmed, with its specialist."""
    dossier, specialist = in_process(at=at - timedelta(hours=1))
    request = asked(dossier, by=specialist, at=at)
    answer_all(request, at=answered_at)
    hand_in(request, at=answered_at)
    supplement_checks.confirm(dossier_id=dossier.pk, actor=one_stop(dossier), at=answered_at)
    dossier.refresh_from_db()
    return dossier, specialist


def propose(dossier: Dossier, actor: Actor, *, at=TUESDAY, basis: str = BASIS):
    asking = Asking(whole_list(dossier), guidance="Gửi tất cả một lần.", basis=basis)
    return further_supplements.propose(dossier_id=dossier.pk, asking=asking, actor=actor, at=at)


def queue_of(actor: Actor) -> dict[str, int]:
    return capped_counts(QUEUES, actor, at=TUESDAY)


def test_the_leader_approves_and_only_then_the_applicant_is_asked():
    dossier, specialist = asked_once()
    leader = actor_for(dossier, Role.UNIT_LEADER)
    due_at = dossier.due_at
    propose(dossier, specialist)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.due_at) == (Status.IN_PROCESS, due_at)
    assert dossier.clock_intervals.filter(stopped_at=None).exists()
    assert queue_of(leader)["bo-sung-them"] == 1
    assert dossier.supplements.count() == 1

    made = further_supplements.approve(dossier_id=dossier.pk, actor=leader, at=in_march(3, 10))

    dossier.refresh_from_db()
    assert (dossier.status, dossier.next_due_at) == (Status.PROCESS_SUPPLEMENT, made.due_at)
    assert not dossier.clock_intervals.filter(stopped_at=None).exists()
    assert (made.phase, made.override_basis) == (SupplementPhase.PROCESS, BASIS)
    assert (made.asked_by_id, made.asked_at, made.items.count()) == (
        specialist.officer_id,
        in_march(3, 10),
        3,
    )
    assert told("dossier.approve_supplement") == 1
    assert "bo-sung-them" not in queue_of(leader)
    actions = list(dossier.events.order_by("seq").values_list("action", flat=True))[-2:]
    assert actions == [Action.PROPOSE_SUPPLEMENT, Action.APPROVE_SUPPLEMENT]


def test_form_02_follows_the_approval():
    dossier, specialist = asked_once()
    propose(dossier, specialist)
    further_supplements.approve(
        dossier_id=dossier.pk, actor=actor_for(dossier, Role.UNIT_LEADER), at=in_march(3, 10)
    )

    outbox.relay(at=in_march(3, 10))

    assert Paper.objects.filter(dossier=dossier, form=Form.SUPPLEMENT_NOTICE).count() == 2


def test_the_leader_returns_it_with_a_reason_and_the_specialist_may_propose_anew():
    dossier, specialist = asked_once()
    leader = actor_for(dossier, Role.UNIT_LEADER)
    propose(dossier, specialist)

    for empty in ("", "   "):
        with pytest.raises(InvalidInput) as refusal:
            further_supplements.give_back(dossier_id=dossier.pk, note=empty, actor=leader, at=TUESDAY)
        assert list(refusal.value.errors) == ["note"]
    returned = further_supplements.give_back(
        dossier_id=dossier.pk, note="Đã có đủ trong hồ sơ.", actor=leader, at=TUESDAY
    )

    assert (returned.is_granted, returned.decided_by_id) == (False, leader.officer_id)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.supplements.count()) == (Status.IN_PROCESS, 1)
    assert dossier.events.latest("seq").note == "Đã có đủ trong hồ sơ."
    propose(dossier, specialist, at=in_march(3, 11))


def test_a_first_request_needs_nobodys_approval_and_a_further_one_is_proposed_once():
    first, holder = in_process(at=in_march(2, 8))
    with pytest.raises(further_supplements.NotFurther):
        propose(first, holder, at=MONDAY)
    dossier, specialist = asked_once()
    propose(dossier, specialist)

    with pytest.raises(further_supplements.ProposedAlready):
        propose(dossier, specialist)


def test_a_proposal_needs_a_law_and_a_list_that_could_be_sent():
    dossier, specialist = asked_once()

    with pytest.raises(InvalidInput) as refusal:
        further_supplements.propose(dossier_id=dossier.pk, asking=Asking([]), actor=specialist, at=TUESDAY)

    assert set(refusal.value.errors) == {"items", "basis"}
    assert not dossier.supplement_proposals.exists()


def test_only_a_leader_of_the_unit_decides_and_nobody_decides_their_own_proposal():
    dossier, specialist = asked_once()
    propose(dossier, specialist)
    assert dossier.competent_agency is not None
    both = officer_actor(
        dossier.competent_agency,
        Role.UNIT_LEADER,
        Role.SPECIALIST,
        officer=dossier.current_handler,
    )
    strangers = [actor_for(dossier, role) for role in Role if role != Role.UNIT_LEADER]
    strangers += [officer_actor(AgencyFactory.create(), Role.UNIT_LEADER), both]

    for actor in strangers:
        with pytest.raises(NotAllowed):
            further_supplements.approve(dossier_id=dossier.pk, actor=actor, at=TUESDAY)
        with pytest.raises(NotAllowed):
            further_supplements.give_back(dossier_id=dossier.pk, note="Không.", actor=actor, at=TUESDAY)


def test_the_three_working_days_are_counted_to_the_approval():
    dossier, specialist = asked_once()
    propose(dossier, specialist)
    leader = actor_for(dossier, Role.UNIT_LEADER)

    with pytest.raises(AskedTooLate):
        further_supplements.approve(dossier_id=dossier.pk, actor=leader, at=in_march(30, 9))

    dossier.refresh_from_db()
    assert dossier.status == Status.IN_PROCESS
    assert dossier.supplement_proposals.get().decided_at is None


def test_the_second_leader_hears_who_decided():
    dossier, specialist = asked_once()
    first, second = actor_for(dossier, Role.UNIT_LEADER), actor_for(dossier, Role.UNIT_LEADER)
    propose(dossier, specialist)
    further_supplements.give_back(dossier_id=dossier.pk, note="Chưa cần.", actor=first, at=TUESDAY)

    with pytest.raises(further_supplements.NothingProposed) as refusal:
        further_supplements.approve(dossier_id=dossier.pk, actor=second, at=TUESDAY)
    assert first.display_name in str(refusal.value)

    propose(dossier, specialist)
    further_supplements.approve(dossier_id=dossier.pk, actor=first, at=TUESDAY)
    with pytest.raises(guards.AlreadyDone) as late:
        further_supplements.approve(dossier_id=dossier.pk, actor=second, at=TUESDAY)
    assert first.display_name in str(late.value)


@pytest.mark.django_db(transaction=True)
def test_two_leaders_at_once_ask_the_applicant_once():
    dossier, specialist = asked_once()
    propose(dossier, specialist)
    leaders = [actor_for(dossier, Role.UNIT_LEADER), actor_for(dossier, Role.UNIT_LEADER)]

    def approve() -> str:
        try:
            further_supplements.approve(dossier_id=dossier.pk, actor=leaders.pop(), at=TUESDAY)
        except Conflict as refusal:
            return refusal.code
        return "approved"

    answers = in_two_threads(approve, after=connections.close_all)

    assert sorted(answers) == ["already_done", "approved"]
    assert dossier.supplements.filter(state=SupplementState.OPEN).count() == 1
    assert dossier.events.filter(action=Action.APPROVE_SUPPLEMENT).count() == 1


def test_a_dossier_that_goes_another_way_takes_its_proposal_along():
    dossier = submitted(at=in_march(2, 8))
    officer = one_stop(dossier)
    request = asked(dossier, by=officer, at=MONDAY)
    answer_all(request, at=MONDAY)
    hand_in(request, at=MONDAY)
    propose(dossier, officer, at=in_march(2, 10))
    dossier.refresh_from_db()
    leader = actor_for(dossier, Role.UNIT_LEADER)
    assert queue_of(leader)["bo-sung-them-tiep-nhan"] == 1
    for one in dossier.components.filter(replaced_at=None):
        intake.check_component(component_id=one.pk, state=CheckState.CORRECT, actor=officer)

    intake.accept(dossier_id=dossier.pk, actor=officer, at=in_march(2, 10))

    left = dossier.supplement_proposals.get()
    assert (left.is_granted, left.decided_by, left.decided_at) == (False, None, in_march(2, 10))
    assert "bo-sung-them-tiep-nhan" not in queue_of(leader)


def test_a_dossier_that_is_stopped_takes_its_proposal_along():
    dossier, specialist = asked_once()
    propose(dossier, specialist)

    stopping.stop(
        dossier_id=dossier.pk,
        reason=WHY_STOPPED,
        returns_originals=False,
        refund_vnd=0,
        actor=actor_for(dossier, Role.AGENCY_HEAD),
        at=TUESDAY,
    )

    assert dossier.supplement_proposals.get().is_granted is False


# In the browser's place


def typed(**more: str) -> dict[str, str]:
    return {
        "count": "1",
        "item_0_what": "fnoi_o",
        "item_0_reason": "inconsistent_data",
        "item_0_guidance": BLURRED,
        **more,
    }


@pytest.fixture
def proposed():
    """A dossier with a proposal of today, and its specialist."""
    now = timezone.now()
    dossier, specialist = asked_once(at=now - timedelta(minutes=20), answered_at=now - timedelta(minutes=10))
    client_of(specialist).post(to("request_supplement", dossier), typed(basis=BASIS))
    return dossier, specialist


def test_the_specialist_proposes_on_the_page_of_a_request():
    now = timezone.now()
    dossier, specialist = asked_once(at=now - timedelta(minutes=20), answered_at=now - timedelta(minutes=10))
    client, url = client_of(specialist), to("request_supplement", dossier)

    assert "Trình lãnh đạo duyệt" in client.get(url).content.decode()
    without = client.post(url, typed())
    assert without.status_code == 422
    assert 'href="#id_basis"' in without.content.decode()
    shown = client.post(url, typed(basis=BASIS), follow=True).content.decode()

    assert "Đã trình lãnh đạo đơn vị" in shown
    assert "Chờ lãnh đạo duyệt" in shown
    assert "đang chờ lãnh đạo" in client.get(url, follow=True).content.decode()
    text = read_by_owner(dossier)
    assert BASIS not in text
    assert "Đề nghị yêu cầu bổ sung thêm" not in text


def read_by_owner(dossier: Dossier) -> str:
    """Read the dossier's page as its owner."""
    client, user = Client(), dossier.submitter.user
    assert user is not None
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("dossiers:detail", args=[dossier.tracking_no])).content.decode()


def test_the_leader_finds_it_in_the_queue_and_approves_by_a_click(proposed):
    dossier, _specialist = proposed
    leader = client_of(actor_for(dossier, Role.UNIT_LEADER))

    queue = leader.get(reverse("desk:queue_named", args=["bo-sung-them"])).content.decode()
    assert dossier.code in queue
    assert to("decide_supplement", dossier) in leader.get(to("dossier", dossier)).content.decode()
    page = leader.get(to("decide_supplement", dossier)).content.decode()
    assert BASIS in page
    assert BLURRED in page
    assert "Lần yêu cầu trước" in page
    shown = leader.post(to("decide_supplement", dossier), {"note": ""}, follow=True).content.decode()

    assert "Đã duyệt và gửi yêu cầu bổ sung" in shown
    dossier.refresh_from_db()
    assert dossier.status == Status.PROCESS_SUPPLEMENT
    again = leader.post(to("decide_supplement", dossier), {"note": ""}, follow=True).content.decode()
    assert "đã duyệt yêu cầu bổ sung thêm" in again


def test_the_leader_returns_it_and_the_specialist_reads_why(proposed):
    dossier, specialist = proposed
    leader, url = client_of(actor_for(dossier, Role.UNIT_LEADER)), to("decide_supplement", dossier)

    assert leader.post(url, {"tra_lai": "1", "note": ""}).status_code == 422
    assert leader.post(url, {"tra_lai": "1", "note": "Đã có trong sổ gốc."}).status_code == 302

    assert "Đã có trong sổ gốc." in client_of(specialist).get(to("dossier", dossier)).content.decode()


def test_the_receiving_units_leader_opens_a_filing_only_while_a_proposal_waits():
    now = timezone.now()
    dossier = submitted(at=now - timedelta(minutes=30))
    officer, leader = one_stop(dossier), client_of(actor_for(dossier, Role.UNIT_LEADER))
    request = asked(dossier, by=officer, at=now - timedelta(minutes=20))
    answer_all(request, at=now - timedelta(minutes=10))
    hand_in(request, at=now - timedelta(minutes=10))
    assert leader.get(to("dossier", dossier)).status_code == 404

    client_of(officer).post(to("request_supplement", dossier), typed(basis=BASIS))

    assert leader.get(to("dossier", dossier)).status_code == 200
    done = leader.post(to("decide_supplement", dossier), {"note": ""}, follow=True)
    assert "Đã duyệt và gửi yêu cầu bổ sung" in done.content.decode()
    dossier.refresh_from_db()
    assert dossier.status == Status.INTAKE_SUPPLEMENT
    assert leader.get(to("dossier", dossier)).status_code == 404
