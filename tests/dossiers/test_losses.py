"""Papers that an agency lost or damaged: it owns up, mends it, pays and apologises (NĐ 61/2018, art. 21.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from agencies.states import Role
from core.errors import InvalidInput, NotAllowed
from dossiers.models import Dossier, LossIncident, Paper
from dossiers.papers import compose
from dossiers.services import guards, losses
from dossiers.services.losses import Loss
from dossiers.states import Action, Form, PaymentState, Status
from dossiers.transitions import APPLICANT
from notifications import wording
from outbox.models import Message
from supervision.models import Alert, Watch
from supervision.services import watching
from supervision.states import AlertKind
from tests.factories import NINE, DossierFactory, actor_for

pytestmark = pytest.mark.django_db

TEN = NINE + timedelta(hours=1)
WET = Loss(
    kind="damaged",
    what="Bản chính giấy chứng nhận quyền sử dụng đất",
    found_at=NINE,
    circumstances="Kho lưu trữ bị dột trong cơn mưa đêm 01/03.",
    remedy="Cơ quan làm thủ tục cấp lại giấy chứng nhận và giao tận nhà trước ngày 20/03/2026.",
    costs="Lệ phí cấp lại, cước bưu chính",
)


def recorded(dossier: Dossier, role: str = Role.UNIT_LEADER, loss: Loss = WET) -> LossIncident:
    return losses.record(dossier_id=dossier.pk, loss=loss, actor=actor_for(dossier, role), at=TEN)


def signed_in(dossier: Dossier, role: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor_for(dossier, role).user_id or 0))
    return client


def test_a_loss_is_written_down_told_and_changes_nothing_for_the_applicant():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    before = (dossier.status, dossier.due_at, dossier.next_due_at, dossier.payment_state)

    loss = recorded(dossier)

    dossier.refresh_from_db()
    assert (dossier.status, dossier.due_at, dossier.next_due_at, dossier.payment_state) == before
    assert dossier.payment_state == PaymentState.NOT_DUE
    assert not dossier.obligations.exists()
    assert loss.agency == dossier.competent_agency
    event = dossier.events.get(action=Action.LOSS_INCIDENT)
    assert WET.what in event.note
    assert event.data["remedy"] == WET.remedy
    message = Message.objects.get(topic="dossier.loss_incident")
    assert message.payload["papers"] == [Form.LOSS_APOLOGY]


def test_the_applicant_is_told_without_reasons_and_that_nothing_is_to_be_paid():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    recorded(dossier)

    told = wording.of(topic="dossier.loss_incident", dossier=dossier, at=TEN)

    assert "xin lỗi" in told.subject
    assert "bạn không phải trả khoản nào" in told.body
    assert WET.circumstances not in told.body


@pytest.mark.parametrize(
    ("role", "signs_as"),
    [
        (Role.UNIT_LEADER, "LÃNH ĐẠO ĐƠN VỊ"),
        (Role.AGENCY_HEAD, "THỦ TRƯỞNG CƠ QUAN"),
        (Role.ONE_STOP_OFFICER, "NGƯỜI GHI NHẬN SỰ VIỆC"),
    ],
)
def test_the_letter_apologises_names_the_remedy_and_is_sealed_by_the_agency(role, signs_as):
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    recorded(dossier, role)
    event = dossier.events.get(action=Action.LOSS_INCIDENT)

    letter = compose(Paper(dossier=dossier, event=event, form=Form.LOSS_APOLOGY))

    for fact in (WET.what, WET.remedy, WET.costs, "xin lỗi", "không phải trả khoản nào", signs_as):
        assert fact in letter.body
    unit = dossier.received_at_unit
    sealed_by = unit.one_stop_name if role == Role.ONE_STOP_OFFICER else dossier.competent_agency.name
    assert letter.signatures[-1].signed_by == sealed_by


def test_every_gap_is_named_and_the_future_is_not_found_yet():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)

    with pytest.raises(InvalidInput) as refusal:
        recorded(dossier, loss=Loss())
    assert set(refusal.value.errors) == {"kind", "what", "found_at", "circumstances", "remedy"}
    with pytest.raises(InvalidInput) as refusal:
        recorded(
            dossier,
            loss=Loss(WET.kind, "x" * 501, TEN + timedelta(minutes=1), WET.circumstances, WET.remedy),
        )
    assert set(refusal.value.errors) == {"what", "found_at"}
    assert not LossIncident.objects.exists()


def test_who_keeps_no_papers_of_it_records_nothing():
    dossier, other = DossierFactory.create(reach=Status.IN_PROCESS), DossierFactory.create()

    for actor in (
        actor_for(dossier, APPLICANT),
        actor_for(dossier, Role.CLERK),
        actor_for(other, Role.AGENCY_HEAD),
    ):
        with pytest.raises(NotAllowed):
            losses.record(dossier_id=dossier.pk, loss=WET, actor=actor, at=TEN)
    archived = DossierFactory.create(reach=Status.ARCHIVED)
    with pytest.raises(guards.AlreadyDone):
        recorded(archived)


def test_the_heads_hear_of_it_until_it_is_mended():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    loss = recorded(dossier)

    watching.follow_losses(dossier_id=dossier.pk, at=TEN)
    watching.follow_losses(dossier_id=dossier.pk, at=TEN)
    watching.renew(dossier_id=dossier.pk, at=TEN)

    watch = Watch.objects.get(kind=AlertKind.LOSS_INCIDENT)
    assert (watch.subject_id, watch.agency, watch.at) == (loss.pk, dossier.competent_agency, TEN)
    Alert.objects.create(
        dossier=dossier,
        kind=watch.kind,
        subject_id=loss.pk,
        agency=watch.agency,
        limit_at=NINE,
        raised_at=TEN,
    )
    losses.mend(
        dossier_id=dossier.pk,
        note="Đã cấp lại và giao tận nhà.",
        actor=actor_for(dossier, Role.UNIT_LEADER),
        at=TEN,
    )
    watching.follow_losses(dossier_id=dossier.pk, at=TEN)

    assert not Watch.objects.filter(kind=AlertKind.LOSS_INCIDENT).exists()
    assert not Alert.objects.open().filter(kind=AlertKind.LOSS_INCIDENT).exists()
    with pytest.raises(losses.NothingLost):
        losses.mend(
            dossier_id=dossier.pk, note="Lần hai.", actor=actor_for(dossier, Role.UNIT_LEADER), at=TEN
        )


def test_the_pages_record_it_show_it_and_mend_it():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    leader, desk = (
        signed_in(dossier, Role.UNIT_LEADER),
        reverse("desk:dossier", args=[dossier.tracking_no]),
    )
    record, mend = (
        reverse(f"desk:{one}", args=[dossier.tracking_no]) for one in ("record_loss", "mend_loss")
    )
    typed = {
        "kind": WET.kind,
        "what": WET.what,
        "found_at": "2026-03-02T09:00",
        "circumstances": WET.circumstances,
        "remedy": WET.remedy,
    }

    assert record in leader.get(desk).content.decode()
    gaps = leader.post(record, typed | {"found_at": "hôm qua", "remedy": ""})
    assert gaps.status_code == 422
    assert set(gaps.context["form"].errors) == {"found_at", "remedy"}
    assert leader.post(record, typed)["Location"] == desk
    shown = leader.get(desk).content.decode()
    assert WET.remedy in shown
    assert mend in shown
    own = signed_in(dossier, APPLICANT).get(reverse("dossiers:detail", args=[dossier.tracking_no]))
    page = own.content.decode()
    assert WET.remedy in page
    assert "bạn không phải trả khoản nào" in page

    leader.post(mend, {"note": "Đã cấp lại và giao tận nhà."})
    own = signed_in(dossier, APPLICANT).get(reverse("dossiers:detail", args=[dossier.tracking_no]))
    assert "Đã cấp lại và giao tận nhà." in own.content.decode()
    assert mend not in leader.get(desk).content.decode()
