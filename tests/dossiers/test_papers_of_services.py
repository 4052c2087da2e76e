"""What the services write down is what the forms read: each walk leaves only papers that are made."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from agencies.states import Role
from core import pdf
from core.signing import demo_ca
from dossiers.models import Dossier, Paper
from dossiers.services import (
    issued_papers,
    opinions,
    refusing,
    stopping,
    supplement_checks,
    supplement_lapse,
    supplements,
    verifications,
    withdrawals,
)
from dossiers.states import Form, PaperState, Status
from dossiers.transitions import APPLICANT
from outbox import services as outbox
from tests.dossiers import inquiries
from tests.dossiers.desk import hand_in as handed_in
from tests.dossiers.lists import (
    BASIS,
    BLURRED,
    WHY,
    answer_all,
    asked,
    hand_in,
    in_march,
    in_process,
    one_stop,
    submitted,
    waiting,
)
from tests.dossiers.test_papers import text_of
from tests.dossiers.turns import WHY_STOPPED, approved, proposed
from tests.factories import AgencyFactory, DossierFactory, actor_for

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("clean_scanner"),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]

MONDAY, TUESDAY = in_march(2, 9), in_march(3, 9)


@pytest.fixture(autouse=True)
def portal_key(settings, tmp_path) -> None:
    settings.SIGNING_DIR = tmp_path
    demo_ca.ensure(tmp_path, at=MONDAY - timedelta(days=1))
    demo_ca.issue(
        tmp_path,
        key_id="portal",
        common_name="Cổng dịch vụ công (minh họa)",
        organisation="Thành phố Đà Nẵng",
        kind="portal",
        at=MONDAY - timedelta(days=1),
    )


def texts(dossier: Dossier, *, at: datetime) -> dict[str, str]:
    """Relay, make every paper, and give the text of the last one of each form; none may be left or given up."""
    outbox.relay(at=at)
    papers = Paper.objects.filter(dossier=dossier).order_by("pk")
    for paper in papers:
        issued_papers.make(paper_id=paper.pk, at=at)
    assert [(one.form, one.last_error) for one in papers.all() if one.state != PaperState.READY] == []
    return {one.form: text_of(one.file.read()) for one in papers.all()}


def test_a_supplement_before_the_acceptance_leaves_form_02_with_the_tracking_number():
    dossier = submitted(at=MONDAY)
    request = asked(dossier, at=TUESDAY)

    text = texts(dossier, at=TUESDAY)[Form.SUPPLEMENT_NOTICE]

    assert BLURRED in text
    assert "Giờ có mặt ở nhà" in text
    assert f"Mã theo dõi: {dossier.tracking_no}" in text
    assert supplements.clock_time(request.due_at).split()[-1] in text


def test_a_supplement_while_examining_leaves_form_02_and_then_form_01_with_the_new_date():
    request = waiting(Status.PROCESS_SUPPLEMENT, at=MONDAY)
    answer_all(request, at=TUESDAY)
    hand_in(request, at=TUESDAY)
    dossier = Dossier.objects.get(pk=request.dossier_id)
    at = TUESDAY + timedelta(hours=1)
    for one in dossier.components.filter(replaced_at=None):
        one.check_state = "correct"
        one.save()
    supplement_checks.confirm(dossier_id=dossier.pk, actor=one_stop(dossier), at=at)
    dossier.refresh_from_db()

    found = texts(dossier, at=at)

    assert "Qua thẩm định hồ sơ" in found[Form.SUPPLEMENT_NOTICE]
    assert "Nhận đủ bổ sung lúc: 10:00, 03/03/2026" in found[Form.RECEIPT]
    assert "10:00, 10/03/2026" in found[Form.RECEIPT]
    assert Paper.objects.filter(dossier=dossier, form=Form.RECEIPT).count() == 2


def test_a_refusal_on_substance_leaves_form_03_and_the_control_sheet():
    dossier, specialist = in_process(at=MONDAY)
    refusing.propose(
        dossier_id=dossier.pk,
        reason="not_eligible",
        explanation=WHY,
        legal_basis=BASIS,
        actor=specialist,
        at=TUESDAY,
    )
    refusing.grant(dossier_id=dossier.pk, actor=actor_for(dossier, Role.SIGNER), at=TUESDAY)

    found = texts(dossier, at=TUESDAY)

    assert WHY in found[Form.REFUSAL_NOTICE]
    assert BASIS in found[Form.REFUSAL_NOTICE]
    assert "Thẩm định" in found[Form.CONTROL_SHEET]


def test_an_apology_leaves_form_04_with_both_dates():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    at = in_march(4, 10)
    proposed(dossier, at=at)
    approved(dossier, at=at)

    text = texts(dossier, at=at)[Form.APOLOGY]

    assert "09:00, 05/03/2026" in text
    assert "09:00, 09/03/2026" in text


def test_a_withdrawal_leaves_the_request_and_form_05():
    dossier, _specialist = in_process(at=MONDAY)
    withdrawals.request(
        dossier_id=dossier.pk,
        reason="Tôi đã nộp ở nơi khác.",
        actor=actor_for(dossier, APPLICANT),
        at=TUESDAY,
    )
    dossier.refresh_from_db()
    withdrawals.approve(
        dossier_id=dossier.pk,
        returns_originals=True,
        refund_vnd=0,
        actor=actor_for(dossier, Role.UNIT_LEADER),
        at=TUESDAY,
    )

    found = texts(dossier, at=TUESDAY)

    assert "Tôi đã nộp ở nơi khác." in found[Form.WITHDRAWAL_REQUEST]
    assert "Giai đoạn khi dừng: Đang xử lý" in found[Form.STOP_NOTICE]
    assert "Trả lại tại" in found[Form.STOP_NOTICE]


def test_a_stop_by_the_head_leaves_form_05_with_its_reason():
    dossier, _specialist = in_process(at=MONDAY)
    stopping.stop(
        dossier_id=dossier.pk,
        reason=WHY_STOPPED,
        returns_originals=False,
        refund_vnd=0,
        actor=actor_for(dossier, Role.AGENCY_HEAD),
        at=TUESDAY,
    )

    assert WHY_STOPPED in texts(dossier, at=TUESDAY)[Form.STOP_NOTICE]


def test_a_request_that_nobody_answered_leaves_form_05_of_the_unit():
    request = waiting(at=MONDAY)
    at = request.due_at + timedelta(days=2)
    assert supplement_lapse.lapse(request_id=request.pk, at=at)

    text = texts(request.dossier, at=at)[Form.STOP_NOTICE]

    assert "đã quá thời hạn bổ sung" in text


def test_money_a_verification_and_an_opinion_each_leave_their_paper():
    dossier, specialist = inquiries.in_process()
    collector = actor_for(dossier, Role.FEE_COLLECTOR)
    file = handed_in(dossier, name="Sơ đồ thửa đất", check_state="correct")
    obligation = inquiries.notified(dossier, specialist)
    inquiries.confirmed(dossier, obligation, collector, at=inquiries.TEN + timedelta(hours=1))
    at = inquiries.TEN + timedelta(hours=2)
    inquiries.verifying(dossier, specialist, at=at)
    verifications.finish(
        dossier_id=dossier.pk,
        people="Chủ hồ sơ (minh họa)",
        findings="Lối đi rộng 2,5 mét, đúng như bản vẽ.",
        actor=specialist,
        at=at,
    )
    opinions.ask(
        dossier_id=dossier.pk,
        questions=[
            opinions.Question(
                agency_id=AgencyFactory.create(name="Sở Xây dựng (minh họa)").pk,
                text="Thửa đất có thuộc quy hoạch đường không?",
                due_on=inquiries.FRIDAY,
                document_ids=(file.pk,),
            )
        ],
        actor=specialist,
        at=at,
    )

    found = texts(dossier, at=at)

    assert "1.250.000 đồng" in found[Form.PAYMENT_NOTICE]
    assert "Lối đi rộng 2,5 mét" in found[Form.VERIFICATION_RECORD]
    assert "Kính gửi: Sở Xây dựng (minh họa)" in found[Form.OPINION_LETTER]
    assert "Giấy tờ gửi kèm: Sơ đồ thửa đất." in found[Form.OPINION_LETTER]
