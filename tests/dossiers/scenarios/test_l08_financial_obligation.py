"""L08: money must be paid: status 6, message 6, clock stopped; the confirmation with its proof resumes it, once.

The e-receipt, issued once, and the payment system's webhook come with the payments; until then an officer confirms with
the number of the receipt, and the webhook will call the same service as the system.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agencies.states import Role
from dossiers.models import ClockInterval
from dossiers.services import guards, issued_papers
from dossiers.states import Action, Form, PauseReason, PaymentState, Status
from dossiers.transitions import MOVES
from notifications import services as notifications
from notifications.models import Notice
from outbox.models import Message
from tests.dossiers.inquiries import FRIDAY_EVENING, TEN, confirmed, in_process, notified
from tests.factories import actor_for

pytestmark = pytest.mark.django_db

TWO_DAYS_LATER = TEN + timedelta(days=2)


def told(dossier, action):
    message = Message.objects.get(topic=f"dossier.{action}", key=dossier.tracking_no)
    notifications.tell_about_dossier(
        message_id=message.pk, topic=message.topic, dossier_id=dossier.pk, at=message.created_at
    )
    return Notice.objects.get(message_id=message.pk)


def test_l08_financial_obligation():
    dossier, specialist = in_process()
    promised = dossier.due_at
    assert promised is not None

    obligation = notified(dossier, specialist)

    # status 6, payment notice, message 6
    dossier.refresh_from_db()
    assert (dossier.status, dossier.payment_state) == (Status.AWAITING_PAYMENT, PaymentState.AWAITING)
    move = MOVES.find(status=Status.IN_PROCESS, action=Action.NOTIFY_OBLIGATION)
    assert move.papers == (Form.PAYMENT_NOTICE,)
    event = dossier.events.latest("seq")
    assert len(issued_papers.request(event_id=event.pk, forms=move.papers, at=TEN)) == 1
    notice = told(dossier, Action.NOTIFY_OBLIGATION)
    assert dossier.code in notice.subject
    assert "1.250.000" not in notice.body  # the amount stands behind the sign-in

    # the clock stands still, and waits for the applicant
    interval = ClockInterval.objects.get(dossier=dossier)
    assert (interval.stopped_at, interval.reason) == (TEN, PauseReason.FINANCIAL_OBLIGATION)
    assert dossier.next_due_at == FRIDAY_EVENING

    # the applicant sees amount, basis, day and reference
    assert dossier.submitter.user is not None
    client = Client()
    client.force_login(dossier.submitter.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("dossiers:payment", args=[dossier.tracking_no])).content.decode()
    for shown in ("1.250.000", obligation.basis, "17:00, 06/03/2026", dossier.reference):
        assert shown in page

    # confirmed with proof: the clock goes on, and a second confirmation changes nothing
    collector = actor_for(dossier, Role.FEE_COLLECTOR)
    dossier = confirmed(dossier, obligation, collector, at=TWO_DAYS_LATER)
    with pytest.raises(guards.AlreadyDone):
        confirmed(dossier, obligation, actor_for(dossier, Role.ACCOUNTANT), at=TWO_DAYS_LATER)
    assert (dossier.status, dossier.payment_state) == (Status.IN_PROCESS, PaymentState.PAID)
    assert dossier.due_at == dossier.next_due_at == promised + timedelta(days=4)  # two of them a weekend
    assert dossier.events.filter(action=Action.CONFIRM_PAYMENT).count() == 1
    assert "đã xác nhận" in told(dossier, Action.CONFIRM_PAYMENT).subject
