"""Forms of a dossier: what stands in them, who signed them, and that each comes into being once."""

from __future__ import annotations

import io
import re
import threading
from datetime import datetime, timedelta

import pikepdf
import pypdfium2
import pytest
from django.db import connection

from agencies.states import Role
from core import pdf, signing
from core.signing import demo_ca
from core.working_time import TIME_ZONE
from dossiers import papers
from dossiers.models import Dossier, Paper
from dossiers.services import intake, issued_papers
from dossiers.states import CheckState, Form, GivenAs, PaperState, RefusalReason, Status
from outbox import services as outbox
from procedures.models import FeeLine
from procedures.states import FeeKind
from tests.dossiers.desk import hand_in
from tests.factories import NINE, DossierFactory, actor_for

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]

ACCEPTED_AT = datetime(2026, 3, 2, 10, 30, tzinfo=TIME_ZONE)


@pytest.fixture
def keys(settings, tmp_path) -> None:
    settings.SIGNING_DIR = tmp_path
    demo_ca.ensure(tmp_path, at=NINE - timedelta(days=1))
    demo_ca.issue(
        tmp_path,
        key_id="portal",
        common_name="Cổng dịch vụ công (minh họa)",
        organisation="Thành phố Đà Nẵng",
        kind="portal",
        at=NINE - timedelta(days=1),
    )


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_range() for page in document]
    return re.sub(r"\s+", " ", " ".join(pages))


def accepted() -> Dossier:
    dossier = DossierFactory.create(
        reach=Status.SUBMITTED, form_data={"noi_dung": "x"}, contact_phone="0905 123 456"
    )
    channel = dossier.procedure_version.channels.get(channel="online")
    FeeLine.objects.create(channel=channel, position=1, kind=FeeKind.CHARGE, amount_vnd=15000)
    hand_in(dossier, name="Bản chụp giấy chứng sinh", check_state=CheckState.CORRECT)
    intake.accept(dossier_id=dossier.pk, actor=actor_for(dossier, Role.ONE_STOP_OFFICER), at=ACCEPTED_AT)
    dossier.refresh_from_db()
    return dossier


def made(dossier: Dossier, form: Form, *, at: datetime = ACCEPTED_AT) -> bytes:
    """Relay what the dossier's moves told, make the papers, and give one of them."""
    outbox.relay(at=at)
    for paper in Paper.objects.filter(dossier=dossier):
        issued_papers.make(paper_id=paper.pk, at=at)
    return Paper.objects.get(dossier=dossier, form=form).file.read()


def test_form_01_names_all_that_the_law_asks_for(keys):
    dossier = accepted()

    content = made(dossier, Form.RECEIPT)

    text = text_of(content)
    event = dossier.events.get(action="accept")
    for fact in [
        dossier.received_at_unit.one_stop_name.upper(),
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        dossier.code,
        dossier.owner_person.full_name,
        dossier.owner_person.address,
        "0905 123 456",
        dossier.owner_person.email,
        dossier.procedure_version.name,
        "Bản chụp giấy chứng sinh",
        "Bản điện tử",
        "Số bộ hồ sơ: 1 bộ",
        "09:00, 02/03/2026",
        "10:30, 02/03/2026",
        "3 ngày làm việc",
        "10:30, 05/03/2026",
        "Lệ phí: 15.000 đồng, chưa thu",
        event.actor_name,
    ]:
        assert str(fact) in text, f"{fact!r} is missing in: {text}"
    assert str(dossier.owner_person.personal_id_number) not in text


def test_form_01_that_is_made_late_lists_what_was_accepted_and_nothing_that_came_later(keys):
    dossier = accepted()
    hand_in(dossier, name="Giấy nộp thêm sau khi tiếp nhận")

    text = text_of(made(dossier, Form.RECEIPT))

    assert "Bản chụp giấy chứng sinh" in text
    assert "Giấy nộp thêm" not in text


def test_form_01_says_how_each_component_was_handed_in_and_which_original_stays(keys):
    dossier = DossierFactory.create(reach=Status.SUBMITTED)
    for name, given_as, kept in [
        ("Giấy chứng sinh", GivenAs.ORIGINAL, True),
        ("Giấy chứng nhận kết hôn", GivenAs.COMPARED_COPY, False),
    ]:
        one = hand_in(dossier, name=name, check_state=CheckState.CORRECT)
        one.given_as, one.original_kept = given_as, kept
        one.save()
    intake.accept(dossier_id=dossier.pk, actor=actor_for(dossier, Role.ONE_STOP_OFFICER), at=ACCEPTED_AT)

    text = text_of(made(dossier, Form.RECEIPT))

    assert "Giấy chứng sinh 1 Bản chính, giữ tại đơn vị" in text
    assert "Giấy chứng nhận kết hôn 1 Bản chụp, đã đối chiếu bản chính" in text


def test_a_form_is_a5_signed_and_its_code_leads_to_the_look_up(keys):
    dossier = accepted()

    content = made(dossier, Form.RECEIPT)

    with pikepdf.open(io.BytesIO(content)) as file:
        box = [round(float(side)) for side in file.pages[0].MediaBox]
        assert (box[2], box[3]) == (420, 595)
        assert len(file.pages) == 1
    (report,) = signing.verify(content, at=ACCEPTED_AT)
    assert (report.is_sound, report.covers_whole_file, report.field) == (True, True, papers.UNIT_FIELD)
    assert scanned(content) == f"http://{papers.tracking_link(dossier).split('://')[1]}"
    assert papers.tracking_link(dossier).endswith(f"/ho-so/tra-cuu/?ma={dossier.code}")


def scanned(content: bytes) -> str:
    import zxingcpp

    picture = pypdfium2.PdfDocument(content)[0].render(scale=3).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    return code.text


def test_the_acknowledgement_tells_when_the_filing_arrived_and_until_when_an_answer_comes(keys):
    dossier = accepted()

    text = text_of(made(dossier, Form.ACKNOWLEDGEMENT))

    assert f"Mã theo dõi: {dossier.tracking_no}" in text
    assert "09:00:00, 02/03/2026" in text
    assert "14:30, 02/03/2026" in text


def test_form_03_gives_reason_explanation_and_the_right_agency(keys):
    dossier = DossierFactory.create(reach=Status.SUBMITTED)
    officer = actor_for(dossier, Role.ONE_STOP_OFFICER)
    intake.refuse(
        dossier_id=dossier.pk,
        reason=RefusalReason.WRONG_AGENCY,
        explanation="Việc này do Sở Tư pháp giải quyết. <b>Hãy nộp tại đó.</b>",
        right_agency="Sở Tư pháp thành phố",
        actor=officer,
        at=ACCEPTED_AT,
    )

    text = text_of(made(dossier, Form.REFUSAL_NOTICE))

    for fact in [
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "Không thuộc thẩm quyền của cơ quan tiếp nhận",
        "<b>Hãy nộp tại đó.</b>",
        "Sở Tư pháp thành phố",
        officer.display_name,
        dossier.tracking_no,
    ]:
        assert fact in text


def test_asking_again_queues_nothing_again_and_making_again_makes_nothing_again(keys):
    dossier = accepted()
    event = dossier.events.get(action="accept")

    first = issued_papers.request(event_id=event.pk, forms=["receipt"], at=ACCEPTED_AT)
    again = issued_papers.request(event_id=event.pk, forms=["receipt"], at=ACCEPTED_AT)
    assert first == again
    assert issued_papers.make(paper_id=first[0], at=ACCEPTED_AT)
    kept = Paper.objects.get().sha256

    assert not issued_papers.make(paper_id=first[0], at=ACCEPTED_AT)
    assert issued_papers.request(event_id=event.pk, forms=["receipt"], at=ACCEPTED_AT) == []
    assert Paper.objects.get().sha256 == kept


@pytest.mark.django_db(transaction=True)
def test_workers_who_make_the_same_paper_at_once_make_it_once(keys):
    dossier = accepted()
    event = dossier.events.get(action="accept")
    (paper_id,) = issued_papers.request(event_id=event.pk, forms=["receipt"], at=ACCEPTED_AT)
    start = threading.Barrier(3)
    outcomes: list[bool] = []

    def make() -> None:
        start.wait()
        try:
            outcomes.append(issued_papers.make(paper_id=paper_id, at=ACCEPTED_AT))
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False, False, True]
    assert Paper.objects.get().attempts == 1


def test_a_paper_that_cannot_be_made_stays_queued_and_is_tried_again_more_and_more_rarely(monkeypatch, keys):
    dossier = accepted()
    event = dossier.events.get(action="accept")
    (paper_id,) = issued_papers.request(event_id=event.pk, forms=["receipt"], at=ACCEPTED_AT)

    def missing(*args, **kwargs):
        raise pdf.PdfEngineMissing("libpango")

    with monkeypatch.context() as broken:
        broken.setattr(pdf, "render", missing)
        for _ in range(2):
            assert not issued_papers.make(paper_id=paper_id, at=ACCEPTED_AT)

    paper = Paper.objects.get()
    assert (paper.state, paper.attempts) == (PaperState.QUEUED, 2)
    assert issued_papers.overdue(at=ACCEPTED_AT + timedelta(seconds=119)) == []
    assert issued_papers.overdue(at=ACCEPTED_AT + timedelta(seconds=121)) == [paper_id]

    assert issued_papers.make(paper_id=paper_id, at=ACCEPTED_AT + timedelta(minutes=2))
    assert issued_papers.overdue(at=ACCEPTED_AT + timedelta(days=1)) == []
