"""Every form in both sets: its number and title, what it must say, and who signs it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.core.files.base import ContentFile

from agencies.models import Officer
from agencies.states import Role
from core import pdf, signing
from core.signing import demo_ca
from core.working_time import TIME_ZONE
from dossiers import papers
from dossiers.models import (
    Correction,
    Dossier,
    Extension,
    IntakeRefusal,
    Obligation,
    Opinion,
    Paper,
    RefusalProposal,
    SupplementRequest,
    Verification,
    Withdrawal,
)
from dossiers.services import advance, issued_papers, losses, steps
from dossiers.states import Action, Form, PaperState, Status
from outbox import services as outbox
from results_vault.models import Result
from tests import pdf_a
from tests.dossiers.test_papers import text_of
from tests.factories import (
    NINE,
    AgencyFactory,
    DossierFactory,
    actor_for,
    walk,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]

OF_2018 = datetime(2025, 8, 4, 9, 0, tzinfo=TIME_ZONE)
"""A Monday under NĐ 118/2025 with the forms of TT 01/2018."""
OF_2025 = NINE
"""A Monday under the forms of TT 03/2025."""
LONG_BEFORE = OF_2018 - timedelta(days=30)


@pytest.fixture(autouse=True)
def keys(settings, tmp_path) -> None:
    settings.SIGNING_DIR = tmp_path
    demo_ca.ensure(tmp_path, at=LONG_BEFORE)
    holders: list[tuple[str, str, demo_ca.Kind]] = [
        ("portal", "Cổng dịch vụ công (minh họa)", "portal"),
        ("unit", "Phường (minh họa)", "agency"),
        ("officer", "Cán bộ (minh họa)", "person"),
    ]
    for key_id, name, kind in holders:
        demo_ca.issue(
            tmp_path,
            key_id=key_id,
            common_name=name,
            organisation="Thành phố Đà Nẵng",
            kind=kind,
            at=LONG_BEFORE,
        )


def standing(status: Status, *, at: datetime) -> Dossier:
    unit = AgencyFactory.create(seal_key_id="unit", address="1 đường Mẫu, phường Mẫu", phone="0236 3000 000")
    dossier = DossierFactory.create(received_at_unit=unit, form_data={"noi_dung": "x"})
    walk(dossier, status, at=at)
    return dossier


def officer_of(dossier: Dossier, role: Role) -> Officer:
    return Officer.objects.get(pk=actor_for(dossier, role).officer_id or 0)


def supplement(at: datetime, *, status: Status = Status.SUBMITTED) -> Dossier:
    role = Role.ONE_STOP_OFFICER if status == Status.SUBMITTED else Role.SPECIALIST
    dossier = standing(status, at=at)
    request = SupplementRequest.objects.create(
        dossier=dossier,
        phase="intake",
        asked_by=officer_of(dossier, role),
        asked_at=at,
        due_at=at + timedelta(days=30),
        guidance="Nộp lại một lần tất cả các mục trên.",
    )
    request.items.create(
        position=1,
        name="Giấy chứng sinh",
        reason="unreadable",
        guidance="Trang 2 bị mờ. Hãy chụp lại trang 2 cho rõ.",
    )
    request.items.create(
        position=2,
        name="Ngày sinh của con",
        reason="inconsistent_data",
        guidance="Ghi đúng như giấy chứng sinh.",
    )
    return taken(dossier, Action.REQUEST_SUPPLEMENT, role, at=at)


def supplement_in_process(at: datetime) -> Dossier:
    return supplement(at, status=Status.IN_PROCESS)


def refused_at_intake(at: datetime) -> Dossier:
    dossier = standing(Status.SUBMITTED, at=at)
    IntakeRefusal.objects.create(
        dossier=dossier,
        reason="wrong_agency",
        explanation="Việc này do Sở Tư pháp giải quyết. Hãy nộp tại đó.",
        right_agency="Sở Tư pháp thành phố",
    )
    return taken(dossier, Action.REFUSE_INTAKE, Role.ONE_STOP_OFFICER, at=at)


def refused(at: datetime) -> Dossier:
    dossier = standing(Status.IN_PROCESS, at=at)
    steps.plan(dossier, at=at)
    RefusalProposal.objects.create(
        dossier=dossier,
        reason="not_eligible",
        explanation="Người yêu cầu chưa đủ tuổi. Hãy nộp lại khi đủ 18 tuổi.",
        legal_basis="Điều 8 Luật Hôn nhân và gia đình",
        proposed_by=officer_of(dossier, Role.SPECIALIST),
        proposed_at=at,
        decided_at=at,
        is_granted=True,
    )
    return taken(dossier, Action.REFUSE, Role.SIGNER, at=at)


def extended(at: datetime) -> Dossier:
    dossier = standing(Status.IN_PROCESS, at=at)
    assert dossier.due_at is not None
    Extension.objects.create(
        dossier=dossier,
        reason="waiting_other_agency",
        explanation="Sở Xây dựng chưa trả lời về quy hoạch.",
        old_due_at=dossier.due_at,
        new_due_at=dossier.due_at + timedelta(days=7),
        proposed_at=at,
        decided_at=at,
        is_granted=True,
    )
    return taken(dossier, Action.EXTEND, Role.AGENCY_HEAD, at=at)


def withdrawn(at: datetime) -> Dossier:
    dossier = standing(Status.WITHDRAWAL_REQUESTED, at=at)
    Withdrawal.objects.create(
        dossier=dossier,
        reason="Tôi đã nộp ở nơi khác.",
        requested_by=dossier.submitter,
        requested_at=at,
        decided_at=at,
        is_granted=True,
        returns_originals=True,
        refund_vnd=150000,
    )
    return taken(dossier, Action.APPROVE_WITHDRAWAL, Role.UNIT_LEADER, at=at)


def withdrawal_asked(at: datetime) -> Dossier:
    dossier = standing(Status.IN_PROCESS, at=at)
    Withdrawal.objects.create(
        dossier=dossier,
        reason="Tôi đã nộp ở nơi khác.",
        requested_by=dossier.submitter,
        requested_at=at,
    )
    return taken(dossier, Action.REQUEST_WITHDRAWAL, "applicant", at=at)


def lapsed(at: datetime) -> Dossier:
    dossier = supplement(at)
    return taken(dossier, Action.LAPSE, "system", at=at + timedelta(days=30, minutes=1))


def stopped(at: datetime) -> Dossier:
    dossier = standing(Status.IN_PROCESS, at=at)
    return taken(
        dossier,
        Action.STOP,
        Role.AGENCY_HEAD,
        at=at,
        note="Quyết định số 12/QĐ-UBND đình chỉ giải quyết.",
        data={"stage": "in_process", "returns_originals": True, "refund_vnd": 90000},
    )


def obliged(at: datetime) -> Dossier:
    dossier = standing(Status.IN_PROCESS, at=at)
    Obligation.objects.create(
        dossier=dossier,
        amount_vnd=12500000,
        basis="Điều 13 Nghị định 103/2024/NĐ-CP",
        explanation="100 m² × 125.000 đồng",
        notified_at=at,
        due_at=at + timedelta(days=30),
    )
    return taken(dossier, Action.NOTIFY_OBLIGATION, Role.SPECIALIST, at=at)


def verified(at: datetime) -> Dossier:
    dossier = standing(Status.VERIFYING, at=at)
    Verification.objects.create(
        dossier=dossier,
        purpose="Hiện trạng thửa đất",
        place="12 Trần Phú, phường Hải Châu",
        planned_at=at,
        started_by=officer_of(dossier, Role.SPECIALIST),
        started_at=at,
        people="Ông A (minh họa), chủ hồ sơ\nBà B (minh họa), tổ dân phố",
        findings="Ranh giới đúng như bản vẽ.",
        finished_at=at,
        finished_by=officer_of(dossier, Role.SPECIALIST),
    )
    return taken(dossier, Action.FINISH_VERIFICATION, Role.SPECIALIST, at=at)


def asked(at: datetime) -> Dossier:
    dossier = standing(Status.IN_PROCESS, at=at)
    for name in ("Sở Xây dựng (minh họa)", "Công an phường (minh họa)"):
        Opinion.objects.create(
            dossier=dossier,
            agency=AgencyFactory.create(name=name),
            question=f"Đề nghị {name} cho biết thửa đất có thuộc quy hoạch không.",
            asked_by=officer_of(dossier, Role.SPECIALIST),
            asked_at=at,
            due_at=at + timedelta(days=2),
        )
    return taken(dossier, Action.ASK_OPINION, Role.SPECIALIST, at=at)


def lost(at: datetime) -> Dossier:
    dossier = standing(Status.IN_PROCESS, at=at)
    losses.record(
        dossier_id=dossier.pk,
        loss=losses.Loss(
            kind="damaged",
            what="Bản chính giấy chứng nhận",
            found_at=at,
            circumstances="Kho lưu trữ bị dột.",
            remedy="Cơ quan xin cấp lại bản chính và giao tận nhà trong 10 ngày.",
        ),
        actor=actor_for(dossier, Role.AGENCY_HEAD),
        at=at + timedelta(hours=1),
    )
    return dossier


def corrected(at: datetime) -> Dossier:
    dossier = standing(Status.COMPLETED, at=at)
    assert dossier.received_at_unit is not None
    old = Result.objects.create(
        token="T" * 26,
        dossier_code=dossier.reference,
        procedure_code="9.1",
        title="Giấy xác nhận",
        number="12/GXN",
        issuer=dossier.received_at_unit,
        signer_name="Lãnh đạo (minh họa)",
        owner_person=dossier.owner_person,
        issued_on=date(2025, 8, 4),
        file=ContentFile(b"%PDF-1.7", name="r.pdf"),
        sha256="0" * 64,
    )
    Correction.objects.create(
        dossier=dossier,
        error="Sai năm sinh: 1990, đúng là 1991.",
        decision="Quyết định số 3/QĐ-UBND",
        bears_cost=dossier.received_at_unit,
        old_result=old,
        decided_by=officer_of(dossier, Role.SIGNER),
        decided_at=at,
    )
    return taken(dossier, Action.CORRECT_RESULT, Role.SIGNER, at=at)


def completed(at: datetime) -> Dossier:
    dossier = standing(Status.SIGNED, at=at)
    steps.plan(dossier, at=at)
    steps.pass_on(dossier, roles=[Role.ONE_STOP_OFFICER], officer_id=None, at=at)
    return taken(dossier, Action.ISSUE, Role.CLERK, at=at)


def received_again(at: datetime) -> Dossier:
    dossier = supplement(at, status=Status.IN_PROCESS)
    return taken(dossier, Action.SUPPLEMENT_RECEIVED, Role.ONE_STOP_OFFICER, at=at + timedelta(days=7))


def taken(
    dossier: Dossier,
    action: Action,
    role: str,
    *,
    at: datetime,
    note: str = "Lý do minh họa",
    data: dict[str, Any] | None = None,
) -> Dossier:
    """Take a step with an officer who has a signing key of their own."""
    dossier.refresh_from_db()
    actor = actor_for(dossier, role)
    if actor.officer_id:
        Officer.objects.filter(pk=actor.officer_id).update(signing_key_id="officer")
    return advance(dossier_id=dossier.pk, action=action, actor=actor, at=at, note=note, data=data)


def made(dossier: Dossier, form: Form) -> bytes:
    """Make the form that the dossier's last step asked for."""
    event = dossier.events.order_by("-seq").first()
    assert event is not None
    (paper_id,) = issued_papers.request(event_id=event.pk, forms=[form], at=event.at)
    assert issued_papers.make(paper_id=paper_id, at=event.at), Paper.objects.get(pk=paper_id).last_error
    content: bytes = Paper.objects.get(pk=paper_id).file.read()
    return content


Scene = Callable[[datetime], Dossier]

FORMS: list[tuple[Form, Scene, str, str, str, list[str]]] = [
    # form, scene, number of 2018, number of 2025, title, what it must say
    (Form.SUPPLEMENT_NOTICE, supplement, "02", "02", "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
     ["Giấy chứng sinh", "Bản chụp không đọc được", "Hãy chụp lại trang 2 cho rõ.", "Ngày sinh của con",
      "Thông tin không khớp", "Bổ sung chậm nhất lúc", "0236 3000 000", "1022"]),
    (Form.SUPPLEMENT_NOTICE, supplement_in_process, "02", "02", "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
     ["Qua thẩm định hồ sơ", "thời hạn giải quyết tạm dừng"]),
    (Form.RECEIPT, received_again, "01", "01", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
     ["Nhận đủ bổ sung lúc", "thay cho"]),
    (Form.REFUSAL_NOTICE, refused_at_intake, "03", "03", "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
     ["Không thuộc thẩm quyền", "Sở Tư pháp thành phố", "khiếu nại"]),
    (Form.REFUSAL_NOTICE, refused, "03", "03", "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
     ["Không đủ điều kiện", "Hãy nộp lại khi đủ 18 tuổi.", "Điều 8 Luật Hôn nhân và gia đình", "từ chối giải quyết"]),
    (Form.STOP_NOTICE, withdrawn, "", "05", "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
     ["theo yêu cầu rút hồ sơ", "Tôi đã nộp ở nơi khác.", "150.000 đồng", "Trả lại tại"]),
    (Form.STOP_NOTICE, lapsed, "", "05", "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", ["quá thời hạn bổ sung", "nộp hồ sơ mới"]),
    (Form.STOP_NOTICE, stopped, "", "05", "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", ["Quyết định số 12/QĐ-UBND", "Giai đoạn khi dừng: Đang xử lý", "90.000 đồng", "Trả lại tại"]),
    (Form.CONTROL_SHEET, completed, "05", "06", "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
     ["Tiếp nhận, chuyển hồ sơ", "Thẩm định"]),
    (Form.PAYMENT_NOTICE, obliged, "", "", "THÔNG BÁO THỰC HIỆN NGHĨA VỤ TÀI CHÍNH",
     ["12.500.000 đồng", "Điều 13 Nghị định 103/2024/NĐ-CP", "Nộp chậm nhất lúc"]),
    (Form.VERIFICATION_RECORD, verified, "", "", "BIÊN BẢN XÁC MINH",
     ["Hiện trạng thửa đất", "12 Trần Phú", "Bà B (minh họa)", "Ranh giới đúng như bản vẽ."]),
    (Form.OPINION_LETTER, asked, "", "", "PHIẾU LẤY Ý KIẾN PHỐI HỢP",
     ["Sở Xây dựng (minh họa)", "Công an phường (minh họa)", "không trả lời không có nghĩa là đồng ý"]),
    (Form.WITHDRAWAL_REQUEST, withdrawal_asked, "", "", "ĐƠN XIN RÚT HỒ SƠ", ["Tôi đã nộp ở nơi khác.", "Kính gửi"]),
    (Form.CORRECTION_DECISION, corrected, "", "", "QUYẾT ĐỊNH SỬA KẾT QUẢ CÓ SAI SÓT",
     ["Sai năm sinh: 1990, đúng là 1991.", "12/GXN", "Quyết định số 3/QĐ-UBND", "không phải trả khoản nào"]),
    (Form.LOSS_APOLOGY, lost, "", "", "THƯ XIN LỖI VỀ VIỆC HỒ SƠ BỊ MẤT, HỎNG",
     ["Bản chính giấy chứng nhận", "giao tận nhà trong 10 ngày", "chịu mọi chi phí khắc phục"]),
]  # fmt: skip


@pytest.mark.parametrize("year", [2018, 2025])
@pytest.mark.parametrize(
    ("form", "scene", "of_2018", "of_2025", "title", "facts"),
    FORMS,
    ids=[f"{form}-{scene.__name__}" for form, scene, *_ in FORMS],
)
def test_a_form_says_what_it_must_under_the_number_of_its_set(
    form, scene, of_2018, of_2025, title, facts, year
):
    dossier = scene(OF_2018 if year == 2018 else OF_2025)

    content = made(dossier, form)

    text = text_of(content)
    number = of_2018 if year == 2018 else of_2025
    dossier.refresh_from_db()
    for fact in ["Độc lập - Tự do - Hạnh phúc", title, dossier.reference, *facts]:
        assert str(fact) in text, f"{fact!r} is missing in: {text}"
    assert (f"Mẫu số {number}" in text) if number else ("Mẫu số" not in text)
    assert str(dossier.owner_person.personal_id_number) not in text
    assert pdf_a.problems(content) == []
    _keep_picture(content, f"{year}-{form}-{scene.__name__}")


def _keep_picture(content: bytes, name: str) -> None:
    """Keep the page as a picture where ``PAPER_PICTURES`` names a folder, to look at it."""
    import os
    from pathlib import Path

    if folder := os.environ.get("PAPER_PICTURES"):
        document = pypdfium2.PdfDocument(content)
        document.init_forms()  # signatures are drawn as fields of a form
        for number, page in enumerate(document, start=1):
            page.render(scale=2).to_pil().save(Path(folder) / f"{name}-{number}.png")


@pytest.mark.parametrize(
    ("at", "number", "title"),
    [
        (OF_2018, "04", "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ"),
        (OF_2025, "04", "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT"),
    ],
)
def test_the_apology_has_the_title_of_its_set_and_both_dates(at, number, title):
    dossier = extended(at)

    content = made(dossier, Form.APOLOGY)

    text = text_of(content)
    extension = dossier.extensions.get()
    for fact in [
        title,
        f"Mẫu số {number}",
        "Chờ cơ quan phối hợp",
        "Sở Xây dựng chưa trả lời về quy hoạch.",
        f"{extension.old_due_at.astimezone(TIME_ZONE):%H:%M, %d/%m/%Y}",
        f"{extension.new_due_at.astimezone(TIME_ZONE):%H:%M, %d/%m/%Y}",
        "xin lỗi Ông/Bà",
    ]:
        assert fact in text, f"{fact!r} is missing in: {text}"
    _keep_picture(content, f"{at:%Y}-apology")


def test_the_acting_officer_signs_and_then_the_agency():
    dossier = refused(OF_2025)

    content = made(dossier, Form.REFUSAL_NOTICE)

    reports = signing.verify(content, at=OF_2025)
    assert [report.field for report in reports] == [papers.OFFICER_FIELD, papers.UNIT_FIELD]
    assert signing.are_sound(reports)
    _keep_picture(content, "signed")


def test_where_the_officer_has_no_key_the_agency_signs_alone_and_the_officer_is_named():
    dossier = refused(OF_2025)
    Officer.objects.update(signing_key_id="")

    content = made(dossier, Form.REFUSAL_NOTICE)

    (report,) = signing.verify(content, at=OF_2025)
    assert (report.field, report.is_sound) == (papers.UNIT_FIELD, True)
    assert dossier.events.get(action=Action.REFUSE).actor_name in text_of(content)


def test_a_deputy_signs_by_authority_of_whom_they_stand_in_for():
    dossier = standing(Status.IN_PROCESS, at=OF_2025)
    actor = actor_for(dossier, Role.AGENCY_HEAD)
    (grant,) = actor.grants
    deputy = replace(actor, grants=frozenset({replace(grant, stands_in_for="Thủ trưởng (minh họa)")}))
    advance(dossier_id=dossier.pk, action=Action.STOP, actor=deputy, at=OF_2025, note="Hồ sơ bị đình chỉ.")

    text = text_of(made(dossier, Form.STOP_NOTICE))

    assert "TUQ. THỦ TRƯỞNG CƠ QUAN" in text
    assert "TUQ." not in text_of(made(stopped(OF_2025), Form.STOP_NOTICE))


def test_what_the_system_does_is_signed_by_the_unit_alone():
    content = made(lapsed(OF_2025), Form.STOP_NOTICE)

    assert [report.field for report in signing.verify(content, at=OF_2025 + timedelta(days=40))] == [
        papers.UNIT_FIELD
    ]


def test_a_form_is_pdf_a_with_its_fonts_its_colours_and_its_language():
    content = made(refused_at_intake(OF_2025), Form.REFUSAL_NOTICE)

    with pikepdf.open(io.BytesIO(content)) as file:
        with file.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"].upper()) == ("3", "B")
            assert "Phiếu từ chối" in str(metadata["dc:title"])
        intents = [str(intent.S) for intent in file.Root.OutputIntents]
        assert "/GTS_PDFA1" in intents
        assert str(file.Root.Lang) == "vi"
        assert not file.is_encrypted
        for page in file.pages:
            box = [round(float(side)) for side in page.MediaBox]
            assert (box[2], box[3]) == (420, 595)
            for font in page.Resources.Font.values():
                descendant = font.DescendantFonts[0] if "/DescendantFonts" in font else font
                descriptor = descendant.FontDescriptor
                assert any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def test_a_paper_tells_of_its_event_and_not_of_what_came_later():
    dossier = extended(OF_2025)
    accepted = dossier.events.get(action=Action.ACCEPT)
    first_promise = dossier.extensions.get().old_due_at

    (paper_id,) = issued_papers.request(event_id=accepted.pk, forms=[Form.RECEIPT], at=accepted.at)
    Dossier.objects.filter(pk=dossier.pk).update(due_at=OF_2025 + timedelta(days=90))
    assert issued_papers.make(paper_id=paper_id, at=OF_2025)

    text = text_of(Paper.objects.get(pk=paper_id).file.read())
    assert f"Hẹn trả kết quả lúc: {first_promise.astimezone(TIME_ZONE):%H:%M, %d/%m/%Y}" in text


def test_a_paper_before_the_acceptance_keeps_the_tracking_number_however_late_it_is_made():
    dossier = standing(Status.FORWARDED, at=OF_2025)
    Dossier.objects.filter(pk=dossier.pk).update(accepted_at=OF_2025 + timedelta(hours=1))
    filed = dossier.events.get(action=Action.SUBMIT)

    (paper_id,) = issued_papers.request(event_id=filed.pk, forms=[Form.ACKNOWLEDGEMENT], at=OF_2025)
    assert issued_papers.make(paper_id=paper_id, at=OF_2025 + timedelta(days=1))

    text = text_of(Paper.objects.get(pk=paper_id).file.read())
    assert f"Mã theo dõi: {dossier.tracking_no}" in text
    assert str(dossier.code) not in text


def test_the_second_request_for_a_supplement_has_its_own_list_and_the_first_keeps_its_file():
    dossier = supplement(OF_2025)
    first = made(dossier, Form.SUPPLEMENT_NOTICE)
    later = OF_2025 + timedelta(days=1)
    SupplementRequest.objects.update(state="settled")
    taken(dossier, Action.RESUBMIT, "applicant", at=later)
    again = SupplementRequest.objects.create(
        dossier=dossier,
        phase="intake",
        asked_by=officer_of(dossier, Role.ONE_STOP_OFFICER),
        asked_at=later,
        due_at=later + timedelta(days=30),
        override_basis="Điều 5 Luật mẫu (minh họa)",
    )
    again.items.create(
        position=1, name="Tờ khai thuế", reason="missing_component", guidance="Hãy nộp tờ khai."
    )
    dossier = taken(dossier, Action.REQUEST_SUPPLEMENT, Role.ONE_STOP_OFFICER, at=later)

    second = text_of(made(dossier, Form.SUPPLEMENT_NOTICE))

    assert "Tờ khai thuế" in second
    assert "Điều 5 Luật mẫu (minh họa)" in second
    assert "Giấy chứng sinh" not in second
    kept = Paper.objects.filter(dossier=dossier, form=Form.SUPPLEMENT_NOTICE).order_by("pk").first()
    assert kept.file.read() == first
    assert not issued_papers.make(paper_id=kept.pk, at=later)


def test_a_paper_whose_facts_are_missing_is_given_up_and_taken_up_once_they_are_there():
    dossier = standing(Status.SUBMITTED, at=OF_2025)
    dossier = taken(dossier, Action.REFUSE_INTAKE, Role.ONE_STOP_OFFICER, at=OF_2025)
    outbox.relay(at=OF_2025)
    paper = Paper.objects.get(dossier=dossier, form=Form.REFUSAL_NOTICE)

    assert not issued_papers.make(paper_id=paper.pk, at=OF_2025)

    paper.refresh_from_db()
    assert paper.state == PaperState.FAILED
    assert "IntakeRefusal" in paper.last_error
    assert paper.pk not in issued_papers.overdue(at=OF_2025 + timedelta(days=30))
    IntakeRefusal.objects.create(
        dossier=dossier, reason="duplicate", explanation="Trùng với hồ sơ nộp hôm qua. Hãy theo dõi hồ sơ đó."
    )
    assert issued_papers.take_up_again(paper_id=paper.pk, at=OF_2025)
    assert issued_papers.make(paper_id=paper.pk, at=OF_2025)
    assert not issued_papers.take_up_again(paper_id=paper.pk, at=OF_2025)


def test_a_paper_is_called_in_lists_what_its_set_calls_it():
    names = {}
    for at in (OF_2018, OF_2025):
        dossier = extended(at)
        event = dossier.events.get(action=Action.EXTEND)
        issued_papers.request(event_id=event.pk, forms=[Form.APOLOGY, Form.CONTROL_SHEET], at=at)
        names[at] = [papers.label(one) for one in Paper.objects.filter(event=event).order_by("pk")]

    assert names[OF_2018] == [
        "Mẫu số 04 – Phiếu xin lỗi và hẹn lại ngày trả kết quả",
        "Mẫu số 05 – Phiếu kiểm soát quá trình giải quyết hồ sơ",
    ]
    assert names[OF_2025] == [
        "Mẫu số 04 – Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
        "Mẫu số 06 – Phiếu kiểm soát quá trình giải quyết hồ sơ",
    ]


def test_the_desk_tells_of_a_paper_that_was_given_up_and_lets_it_be_made_again(client):
    from django.urls import reverse

    dossier = standing(Status.SUBMITTED, at=OF_2025)
    event = dossier.events.get(action=Action.SUBMIT)
    paper = Paper.objects.create(
        dossier=dossier, event=event, form=Form.RECEIPT, requested_at=OF_2025, state=PaperState.FAILED
    )
    client.force_login(officer_of(dossier, Role.ONE_STOP_OFFICER).user)

    page = client.get(reverse("desk:dossier", args=[dossier.tracking_no])).content.decode()
    again = reverse("desk:paper_again", args=[dossier.tracking_no, paper.pk])
    answer = client.post(again, follow=True)

    assert "Mẫu số 01 – Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in page
    assert "hãy báo quản trị" in page
    assert again in page
    assert "đang được tạo lại" in answer.content.decode()
    paper.refresh_from_db()
    assert paper.state == PaperState.QUEUED
