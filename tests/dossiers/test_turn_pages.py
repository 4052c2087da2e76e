"""Turns of a case in the browser's forms, and two people at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Officer
from agencies.states import Role
from dossiers.models import Dossier, DossierEvent, Extension, Withdrawal
from dossiers.services import extensions, withdrawals
from dossiers.states import PaymentState, Status
from dossiers.transitions import APPLICANT
from tests.dossiers.turns import WHY_LATE, WHY_STOPPED, paid_dossier, told
from tests.factories import DossierFactory, actor_for
from tests.threads import in_two_threads

pytestmark = pytest.mark.django_db

REASON = "Tôi đã làm thủ tục ở nơi khác."


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def desk(dossier: Dossier, role: str) -> Client:
    dossier.refresh_from_db()
    return signed_in(Officer.objects.get(pk=actor_for(dossier, role).officer_id or 0).user)


def owner(dossier: Dossier) -> Client:
    assert dossier.owner_person is not None
    return signed_in(dossier.owner_person.user)


def at(name: str, dossier: Dossier) -> str:
    return reverse(name, args=[dossier.tracking_no])


def text(answer: Any) -> str:
    return answer.content.decode()


def running() -> Dossier:
    """Give a dossier in process that is due in some days, counted from now, when the pages are asked."""
    dossier: Dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    dossier.due_at = dossier.next_due_at = timezone.now() + timedelta(days=7)
    dossier.save()
    return dossier


def asked(dossier: Dossier) -> Dossier:
    return withdrawals.request(
        dossier_id=dossier.pk, reason=REASON, actor=actor_for(dossier, APPLICANT), at=timezone.now()
    )


# Withdrawal


def test_an_applicant_withdraws_and_reads_the_decision():
    dossier = paid_dossier(60_000)
    client, page = owner(dossier), at("dossiers:detail", dossier)
    assert at("dossiers:withdraw", dossier) in text(client.get(page))

    empty = client.post(at("dossiers:withdraw", dossier), {"reason": " "})
    assert empty.status_code == 422
    assert "Hãy ghi lý do xin rút" in text(empty)
    assert client.post(at("dossiers:withdraw", dossier), {"reason": REASON}).status_code == 302
    assert "Đang chờ cơ quan quyết định" in text(client.get(page))

    leader = desk(dossier, Role.UNIT_LEADER)
    assert REASON in text(leader.get(at("desk:dossier", dossier)))
    form = text(leader.get(at("desk:approve_withdrawal", dossier)))
    assert "60.000" in form
    wrong = leader.post(at("desk:approve_withdrawal", dossier), {"refund_vnd": "sáu mươi"})
    assert wrong.status_code == 422
    assert "bằng chữ số" in text(wrong)
    done = leader.post(
        at("desk:approve_withdrawal", dossier), {"refund_vnd": "60.000", "returns_originals": "on"}
    )
    assert done.status_code == 302

    dossier.refresh_from_db()
    assert (dossier.status, dossier.payment_state) == (Status.STOPPED, PaymentState.REFUND_DUE)
    answer = text(client.get(page))
    assert "60.000 đồng" in answer
    assert "Nhận lại tại bộ phận một cửa" in answer
    assert at("dossiers:withdraw", dossier) not in answer
    assert "60.000 đồng" in text(leader.get(at("desk:dossier", dossier)))


def test_a_denied_applicant_reads_why():
    dossier = asked(DossierFactory.create(reach=Status.IN_PROCESS))
    leader = desk(dossier, Role.UNIT_LEADER)

    assert leader.post(at("desk:deny_withdrawal", dossier), {"note": ""}).status_code == 422
    assert leader.post(at("desk:deny_withdrawal", dossier), {"note": "Chỉ còn ký."}).status_code == 302

    assert "Chỉ còn ký." in text(owner(dossier).get(at("dossiers:detail", dossier)))


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (Status.SIGNED, "đã được ký nên không rút được"),
        (Status.WITHDRAWAL_REQUESTED, "Bạn đã xin rút"),
        (Status.INTAKE_REFUSED, "tải lại trang"),
    ],
)
def test_what_stands_in_the_way_is_told_on_the_dossiers_page(status, why):
    dossier = DossierFactory.create(reach=status)

    answer = owner(dossier).post(at("dossiers:withdraw", dossier), {"reason": REASON}, follow=True)

    assert answer.redirect_chain == [(at("dossiers:detail", dossier), 302)]
    assert why in text(answer)
    assert at("dossiers:withdraw", dossier) not in text(answer)


def test_before_acceptance_the_unit_leader_finds_and_decides():
    dossier = asked(DossierFactory.create(reach=Status.SUBMITTED))
    leader = desk(dossier, Role.UNIT_LEADER)

    assert REASON in text(leader.get(at("desk:dossier", dossier)))
    assert leader.post(at("desk:approve_withdrawal", dossier)).status_code == 302
    dossier.refresh_from_db()
    assert dossier.status == Status.STOPPED


# Apology


def test_a_specialist_proposes_and_the_head_apologises_by_one_click():
    dossier = running()
    specialist = desk(dossier, Role.SPECIALIST)
    assert at("desk:propose_extension", dossier) in text(specialist.get(at("desk:dossier", dossier)))

    wrong = specialist.post(at("desk:propose_extension", dossier), {"working_days": "nhiều"})
    assert wrong.status_code == 422
    assert "từ 1 đến 30" in text(wrong)
    values = {"reason": "workload", "explanation": WHY_LATE, "working_days": "3"}
    assert specialist.post(at("desk:propose_extension", dossier), values).status_code == 302

    head = desk(dossier, Role.AGENCY_HEAD)
    assert "Duyệt và gửi lời xin lỗi" in text(head.get(at("desk:dossier", dossier)))
    assert head.post(at("desk:extend", dossier)).status_code == 302
    assert "Tính là trễ hạn" in text(head.get(at("desk:dossier", dossier)))
    page = text(owner(dossier).get(at("dossiers:detail", dossier)))
    assert WHY_LATE in page
    assert "Bạn không phải nộp thêm giấy tờ" in page


def test_a_second_proposal_is_refused_with_the_way_on_and_told_to_the_city():
    dossier = running()
    extension = extensions.propose(
        dossier_id=dossier.pk,
        reason="workload",
        explanation=WHY_LATE,
        working_days=3,
        actor=actor_for(dossier, Role.SPECIALIST),
        at=timezone.now(),
    )
    extensions.approve(dossier_id=dossier.pk, actor=actor_for(dossier, Role.AGENCY_HEAD), at=timezone.now())
    specialist = desk(dossier, Role.SPECIALIST)

    looked = specialist.get(at("desk:propose_extension", dossier), follow=True)
    assert "Văn phòng Ủy ban nhân dân thành phố" in text(looked)
    assert told("dossier.escalate") == 0
    values = {"reason": "workload", "explanation": WHY_LATE, "working_days": "3"}
    answer = specialist.post(at("desk:propose_extension", dossier), values, follow=True)

    assert "không được hẹn lại nữa" in text(answer)
    assert told("dossier.escalate") == 1
    assert Extension.objects.get() == extension


def test_a_head_declines_with_a_reason_that_the_specialist_reads():
    dossier = running()
    extensions.propose(
        dossier_id=dossier.pk,
        reason="workload",
        explanation=WHY_LATE,
        working_days=3,
        actor=actor_for(dossier, Role.SPECIALIST),
        at=timezone.now(),
    )
    head = desk(dossier, Role.AGENCY_HEAD)

    assert head.post(at("desk:decline_extension", dossier), {"note": ""}).status_code == 422
    assert head.post(at("desk:decline_extension", dossier), {"note": "Còn đủ ngày."}).status_code == 302
    page = text(desk(dossier, Role.SPECIALIST).get(at("desk:dossier", dossier)))
    assert "Còn đủ ngày." in page
    assert at("desk:propose_extension", dossier) in page


# Stop and archive


def test_a_head_stops_and_the_applicant_reads_why():
    dossier = paid_dossier(60_000)
    head = desk(dossier, Role.AGENCY_HEAD)
    assert at("desk:stop", dossier) in text(head.get(at("desk:dossier", dossier)))

    assert head.post(at("desk:stop", dossier), {"reason": ""}).status_code == 422
    typed = {"reason": WHY_STOPPED, "refund_vnd": "60000", "returns_originals": "on"}
    assert head.post(at("desk:stop", dossier), typed).status_code == 302

    page = text(owner(dossier).get(at("dossiers:detail", dossier)))
    assert WHY_STOPPED in page
    assert "60.000 đồng" in page
    assert "Đang xử lý" in text(head.get(at("desk:dossier", dossier)))


def test_a_clerk_archives():
    dossier = DossierFactory.create(reach=Status.RETURNED)
    clerk = desk(dossier, Role.CLERK)

    assert "Lưu trữ hồ sơ" in text(clerk.get(at("desk:archive", dossier)))
    assert clerk.post(at("desk:archive", dossier)).status_code == 302
    dossier.refresh_from_db()
    assert dossier.status == Status.ARCHIVED


# Two at once


def at_once(clients: list[Client], address: str, *data: dict[str, str]) -> list[Any]:
    """Send from two clients at the same moment, each its own form."""
    pairs = list(zip(clients, data or ({}, {}), strict=True))
    return in_two_threads(lambda: _send(pairs, address), after=connections.close_all)


def _send(pairs: list[tuple[Client, dict[str, str]]], address: str) -> Any:
    client, data = pairs.pop()
    return client.post(address, data)


@pytest.mark.django_db(transaction=True)
def test_two_windows_withdraw_once():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    clients = [owner(dossier), owner(dossier)]

    answers = at_once(clients, at("dossiers:withdraw", dossier), {"reason": REASON}, {"reason": "Đổi ý."})

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Withdrawal.objects.count() == 1
    assert told("dossier.request_withdrawal") == 1


@pytest.mark.django_db(transaction=True)
def test_two_leaders_decide_a_withdrawal_once():
    dossier = asked(DossierFactory.create(reach=Status.IN_PROCESS))
    leaders = [desk(dossier, Role.UNIT_LEADER), desk(dossier, Role.UNIT_LEADER)]
    addresses = [at("desk:approve_withdrawal", dossier), at("desk:deny_withdrawal", dossier)]

    in_two_threads(
        lambda: leaders.pop().post(addresses.pop(), {"note": "Theo quy định."}),
        after=connections.close_all,
    )

    decided = DossierEvent.objects.filter(action__in=["approve_withdrawal", "deny_withdrawal"])
    assert decided.count() == 1
    withdrawal = Withdrawal.objects.get()
    assert withdrawal.is_granted is (decided.get().action == "approve_withdrawal")


@pytest.mark.django_db(transaction=True)
def test_two_heads_apologise_once():
    dossier = running()
    extensions.propose(
        dossier_id=dossier.pk,
        reason="workload",
        explanation=WHY_LATE,
        working_days=3,
        actor=actor_for(dossier, Role.SPECIALIST),
        at=timezone.now(),
    )

    at_once([desk(dossier, Role.AGENCY_HEAD), desk(dossier, Role.AGENCY_HEAD)], at("desk:extend", dossier))

    assert DossierEvent.objects.filter(action="extend").count() == 1
    assert told("dossier.extend") == 1


@pytest.mark.django_db(transaction=True)
def test_a_case_is_stopped_once():
    dossier = running()
    typed = {"reason": WHY_STOPPED}

    at_once(
        [desk(dossier, Role.AGENCY_HEAD), desk(dossier, Role.AGENCY_HEAD)],
        at("desk:stop", dossier),
        typed,
        typed,
    )

    assert DossierEvent.objects.filter(action="stop").count() == 1
