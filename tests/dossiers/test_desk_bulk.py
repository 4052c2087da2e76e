"""One step for many dossiers: tried without a trace, taken one by one, told line by line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from agencies.models import Agency, Officer
from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput
from dossiers.models import CodeCounter, Dossier, DossierEvent
from dossiers.services import bulk, intake, processing
from dossiers.states import Action, CheckState, Status
from outbox.models import Message
from tests.dossiers.desk import hand_in
from tests.factories import AgencyFactory, DossierFactory, VersionFactory, officer_actor, walk
from tests.threads import in_two_threads

pytestmark = pytest.mark.django_db

AT = timezone.now().replace(microsecond=0)
LIST = "/can-bo/danh-sach/cho-tiep-nhan/nhieu-ho-so/"


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Officer.objects.get(pk=actor.officer_id or 0).user)
    return client


@pytest.fixture
def unit() -> Agency:
    return AgencyFactory.create()


@pytest.fixture
def one_stop(unit) -> Actor:
    return officer_actor(unit, Role.ONE_STOP_OFFICER)


def filed(unit: Agency, status: Status = Status.SUBMITTED, **attributes: object) -> Dossier:
    dossier = DossierFactory.create(received_at_unit=unit, **attributes)
    walk(dossier, status, at=AT - timedelta(hours=1))
    return dossier


def traces() -> tuple[int, ...]:
    return DossierEvent.objects.count(), Message.objects.count(), CodeCounter.objects.count()


def test_trying_says_what_would_happen_and_changes_nothing(unit, one_stop):
    good, bad = filed(unit), filed(unit)
    hand_in(bad, name="Tờ khai", check_state=CheckState.WRONG)
    foreign = filed(AgencyFactory.create())
    before = traces()

    chosen = [good.tracking_no, bad.tracking_no, foreign.tracking_no, good.tracking_no]
    outcomes = bulk.attempt(action=Action.ACCEPT, chosen=chosen, actor=one_stop, at=AT)

    assert [(one.tracking_no, one.is_done) for one in outcomes] == [
        (good.tracking_no, True),
        (bad.tracking_no, False),
        (foreign.tracking_no, False),
    ]
    assert "Thành phần chưa đạt: Tờ khai" in outcomes[1].problem
    assert "Không có hồ sơ này" in outcomes[2].problem
    assert outcomes[0].due_at is not None
    assert traces() == before


def test_taking_does_what_was_tried_and_one_failure_holds_up_no_other(unit, one_stop):
    good, bad, also = filed(unit), filed(unit), filed(unit)
    hand_in(bad, name="Tờ khai")
    chosen = [good.tracking_no, bad.tracking_no, also.tracking_no]

    outcomes = bulk.take(action=Action.ACCEPT, chosen=chosen, actor=one_stop, at=AT)

    assert [one.is_done for one in outcomes] == [True, False, True]
    for dossier in (good, bad, also):
        dossier.refresh_from_db()
    assert [outcomes[0].reference, outcomes[2].reference] == [good.code, also.code]
    assert (good.status, bad.status, bad.code) == (Status.FORWARDED, Status.SUBMITTED, None)


def test_a_defect_with_one_dossier_is_told_beside_the_others(unit, one_stop, monkeypatch):
    first, second = filed(unit), filed(unit)

    def accept(*, dossier_id: int, **rest: object) -> Dossier:
        if dossier_id == first.pk:
            raise ZeroDivisionError
        return intake.accept(dossier_id=dossier_id, **rest)  # type: ignore[arg-type]

    monkeypatch.setitem(bulk.STEPS, Action.ACCEPT, accept)
    chosen = [first.tracking_no, second.tracking_no]
    outcomes = bulk.take(action=Action.ACCEPT, chosen=chosen, actor=one_stop, at=AT)

    assert "Hệ thống gặp lỗi" in outcomes[0].problem
    assert outcomes[1].is_done


def test_none_and_more_than_a_hundred_are_refused(one_stop):
    for chosen in ([], [f"TN-260302-{n:06d}" for n in range(bulk.MOST + 1)]):
        with pytest.raises(InvalidInput):
            bulk.attempt(action=Action.ACCEPT, chosen=chosen, actor=one_stop, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_accept_the_same_list_share_it_without_a_loss(unit):
    version = VersionFactory.create()
    numbers = [filed(unit, procedure_version=version).tracking_no for _ in range(6)]
    officers = [officer_actor(unit, Role.ONE_STOP_OFFICER) for _ in range(2)]
    work = iter([(officers[0], numbers), (officers[1], numbers[::-1])])

    def accept() -> list[bulk.Outcome]:
        actor, chosen = next(work)
        return bulk.take(action=Action.ACCEPT, chosen=chosen, actor=actor, at=AT)

    results = in_two_threads(accept, after=lambda: connection.close())

    done = [one.tracking_no for outcomes in results for one in outcomes if one.is_done]
    assert sorted(done) == sorted(numbers)
    told = [one.problem for outcomes in results for one in outcomes if not one.is_done]
    assert len(told) == len(numbers)
    assert all("đã được" in problem for problem in told)
    assert Dossier.objects.filter(status=Status.FORWARDED).count() == len(numbers)


# Pages


def test_the_page_shows_first_and_does_after_the_second_press(unit, one_stop):
    good, bad = filed(unit), filed(unit)
    hand_in(bad, name="Tờ khai")
    client = client_of(one_stop)
    chosen = {"viec": "accept", "chon": [good.tracking_no, bad.tracking_no]}

    assert (
        f'value="{good.tracking_no}" form="bulk"'
        in client.get("/can-bo/danh-sach/cho-tiep-nhan/").content.decode()
    )
    shown = client.post(LIST, chosen).content.decode()
    assert "Sẽ làm với 1 hồ sơ; 1 hồ sơ không làm được" in shown
    assert "Chưa kiểm tra: Tờ khai" in shown
    good.refresh_from_db()
    assert good.status == Status.SUBMITTED

    done = client.post(LIST, {"viec": "accept", "chon": [good.tracking_no], "lam": "1"}).content.decode()
    good.refresh_from_db()
    assert good.status == Status.FORWARDED
    assert "Đã làm xong 1 hồ sơ, 0 hồ sơ không làm được" in done
    assert str(good.code) in done

    again = client.post(LIST, {"viec": "accept", "chon": [good.tracking_no], "lam": "1"}).content.decode()
    assert "đã được" in again


def test_a_leader_gives_many_to_one_specialist_and_a_specialist_takes_many(unit):
    agency = AgencyFactory.create()
    dossiers = [filed(unit, Status.FORWARDED, competent_agency=agency) for _ in range(3)]
    leader = officer_actor(agency, Role.UNIT_LEADER)
    specialist, taker = (officer_actor(agency, Role.SPECIALIST) for _ in range(2))
    address = "/can-bo/danh-sach/cho-phan-cong/nhieu-ho-so/"
    chosen = {"viec": "assign", "chon": [one.tracking_no for one in dossiers[:2]]}

    assert "Sẽ làm với 2 hồ sơ" in client_of(leader).post(address, chosen).content.decode()
    assert client_of(leader).post(address, {**chosen, "lam": "1"}).status_code == 422
    client_of(leader).post(address, {**chosen, "lam": "1", "officer": str(specialist.officer_id)})
    client_of(taker).post(address, {"viec": "assign", "chon": [dossiers[2].tracking_no], "lam": "1"})

    handlers = Dossier.objects.order_by("pk").values_list("current_handler_id", flat=True)
    assert list(handlers) == [specialist.officer_id, specialist.officer_id, taker.officer_id]


def test_results_are_handed_over_together_to_one_receiver_whose_papers_are_checked(unit, one_stop):
    first = filed(unit, Status.COMPLETED)
    second = filed(unit, Status.COMPLETED, owner_person=first.owner_person)
    other = filed(unit, Status.COMPLETED)
    address = "/can-bo/danh-sach/cho-tra-ket-qua/nhieu-ho-so/"
    chosen = [one.tracking_no for one in (first, second, other)]
    receiver = {"viec": "hand_over", "chon": chosen, "lam": "1", "receiver_name": str(first.owner_person)}
    client = client_of(one_stop)

    unchecked = client.post(address, receiver)
    assert unchecked.status_code == 422
    assert "Hãy đối chiếu giấy tờ tùy thân" in unchecked.content.decode()

    done = client.post(address, {**receiver, "receiver_id_checked": "on"}).content.decode()
    assert "Đã làm xong 2 hồ sơ, 1 hồ sơ không làm được" in done
    assert "giấy ủy quyền" in done
    other.refresh_from_db()
    assert other.status == Status.COMPLETED


@pytest.mark.parametrize(
    ("name", "step"),
    [("cho-tiep-nhan", "sign"), ("cho-tiep-nhan", ""), ("cho-ky", "accept"), ("cho-phan-cong", "assign")],
)
def test_no_step_beyond_the_officers_own_lists(unit, one_stop, name, step):
    dossier = filed(unit)
    address = f"/can-bo/danh-sach/{name}/nhieu-ho-so/"

    assert client_of(one_stop).post(address, {"viec": step, "chon": [dossier.tracking_no]}).status_code == 404


def test_nothing_chosen_leads_back_and_says_so(one_stop):
    answer = client_of(one_stop).post(LIST, {"viec": "accept"}, follow=True)

    assert "Hãy chọn ít nhất một hồ sơ" in answer.content.decode()


def test_forwarding_papers_and_taking_by_service_use_the_same_steps(unit, one_stop):
    dossier = filed(unit, Status.ACCEPTED)
    outcomes = bulk.take(action=Action.FORWARD, chosen=[dossier.tracking_no], actor=one_stop, at=AT)
    assert outcomes[0].is_done

    assert dossier.competent_agency is not None
    specialist = officer_actor(dossier.competent_agency, Role.SPECIALIST)
    with transaction.atomic():
        processing.take(dossier_id=dossier.pk, actor=specialist, at=AT)
    dossier.refresh_from_db()
    assert dossier.status == Status.IN_PROCESS
