"""The pages of money that goes back, as the officers and the applicant use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.states import Role
from dossiers.models import Dossier, Refund
from dossiers.services import obligations
from dossiers.states import PaymentState, Status
from tests.dossiers.inquiries import confirmed, in_process, notified
from tests.dossiers.test_inquiry_pages import signed_in, soon, to
from tests.factories import actor_for

pytestmark = pytest.mark.django_db


def now() -> str:
    return f"{timezone.localtime():%Y-%m-%dT%H:%M}"


def paid_in_vain() -> tuple[Dossier, Refund]:
    dossier, specialist = in_process()
    at = timezone.now() - timedelta(minutes=5)
    obligation = notified(dossier, specialist, at=at, due_on=soon(dossier))
    confirmed(dossier, obligation, actor_for(dossier, Role.FEE_COLLECTOR), at=at)
    page = signed_in(actor_for(dossier, Role.FEE_COLLECTOR)).post(
        reverse("desk:record_payment", args=[dossier.tracking_no, obligation.pk]),
        {"amount_vnd": "1.250.000", "proof": "CK-99", "paid_at": now()},
    )
    assert page.status_code == 302
    dossier.refresh_from_db()
    return dossier, dossier.refunds.get()


def test_recorded_money_stands_on_the_list_on_the_dossier_and_on_the_applicants_page():
    dossier, refund = paid_in_vain()
    collector = signed_in(actor_for(dossier, Role.FEE_COLLECTOR))

    listed = collector.get(reverse("desk:refunds")).content.decode()
    desk = collector.get(to("desk:dossier", dossier)).content.decode()
    assert dossier.code is not None
    own = signed_in(dossier.owner_person).get(to("dossiers:detail", dossier)).content.decode()

    assert reverse("desk:refund", args=[refund.pk]) in listed
    assert reverse("desk:refund", args=[refund.pk]) in desk
    assert "1.250.000" in listed
    assert "Đang chờ hoàn" in own


def test_the_desk_leads_who_pays_refunds_to_them_and_nobody_else():
    dossier, _refund = paid_in_vain()

    def desk(role: Role) -> str:
        return signed_in(actor_for(dossier, role)).get(reverse("desk:queue"), follow=True).content.decode()

    assert reverse("desk:refunds") not in desk(Role.SPECIALIST)
    assert reverse("desk:refunds") in desk(Role.ACCOUNTANT)
    assert reverse("desk:refunds") not in desk(Role.ONE_STOP_OFFICER)


def test_the_proof_closes_the_task_and_the_applicant_sees_it():
    dossier, refund = paid_in_vain()
    accountant = signed_in(actor_for(dossier, Role.ACCOUNTANT))
    data = {"amount_vnd": "1250000", "document_no": "UNC-2026-15", "refunded_at": now()}

    accountant.post(reverse("desk:refund", args=[refund.pk]), data)

    assert dossier.code is not None
    own = signed_in(dossier.owner_person).get(to("dossiers:detail", dossier)).content.decode()
    waiting = accountant.get(reverse("desk:refunds")).content.decode()
    done = accountant.get(reverse("desk:refunds"), {"loai": "da-hoan"}).content.decode()
    assert "UNC-2026-15" in own
    assert "Đang chờ hoàn" not in own
    assert dossier.code not in waiting
    assert "UNC-2026-15" in done


def test_a_wrong_amount_is_told_at_its_field_and_a_second_proof_is_told_too():
    dossier, refund = paid_in_vain()
    accountant = signed_in(actor_for(dossier, Role.ACCOUNTANT))
    address = reverse("desk:refund", args=[refund.pk])
    data = {"amount_vnd": "125.000", "document_no": "UNC-1", "refunded_at": now()}

    wrong = accountant.post(address, data)
    accountant.post(address, {**data, "amount_vnd": "1.250.000"})
    again = accountant.post(address, {**data, "amount_vnd": "1.250.000"}, follow=True)

    assert wrong.status_code == 422
    assert list(wrong.context["form"].errors) == ["amount_vnd"]
    assert "Khoản này đã được hoàn" in again.content.decode()


def test_a_collector_confirms_money_while_a_withdrawal_waits_and_then_only_the_leader_decides():
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist, at=timezone.now(), due_on=soon(dossier))
    signed_in(dossier.owner_person).post(to("dossiers:withdraw", dossier), {"reason": "Không cần nữa"})
    dossier.refresh_from_db()
    assert dossier.status == Status.WITHDRAWAL_REQUESTED
    collector = signed_in(actor_for(dossier, Role.FEE_COLLECTOR))

    assert to("desk:confirm_payment", dossier) in collector.get(to("desk:dossier", dossier)).content.decode()
    collector.post(
        to("desk:confirm_payment", dossier),
        {"obligation": obligation.pk, "proof": "BL-1", "paid_at": now()},
    )

    dossier.refresh_from_db()
    assert (dossier.status, dossier.payment_state) == (Status.WITHDRAWAL_REQUESTED, PaymentState.PAID)
    assert obligations.waiting(dossier) is None
