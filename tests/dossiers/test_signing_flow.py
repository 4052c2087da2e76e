"""From the specialist's draft to the issued result: real PDFs, real signatures, and every way to fail."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.db import connection

from agencies.models import Officer, OfficerRole
from agencies.states import Role
from core import pdf, signing
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from core.signing import demo_ca
from core.working_time import TIME_ZONE
from dossiers import papers
from dossiers.models import DocumentCounter, Dossier, Paper, ResultDraft
from dossiers.services import background, guards, issuing, processing, refusing, result_drafts, returning
from dossiers.services import signing as result_signing
from dossiers.states import Action, DeliveryState, DraftState, Form, HandOverMethod, Status
from outbox import services as outbox
from outbox.models import Message
from procedures.models import ResultType
from results_vault.models import Result
from tests.dossiers.lists import BASIS, WHY
from tests.factories import (
    NINE,
    DossierFactory,
    PersonFactory,
    actor_for,
    actor_of_person,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]

TEMPLATE = {
    "title": "GIẤY XÁC NHẬN",
    "intro": "Xét đề nghị của {ho_ten},",
    "paragraphs": [
        "Xác nhận {ho_ten}, sinh ngày {ngay_sinh}, có nội dung: {noi_dung}.",
        "Ghi chú: {ghi_chu}.",
    ],
    "fields": [
        {"name": "ho_ten", "label": "Họ và tên", "required": True, "prefill": "owner.name"},
        {"name": "ngay_sinh", "label": "Ngày sinh", "type": "date", "prefill": ""},
        {"name": "noi_dung", "label": "Nội dung", "type": "textarea", "required": True},
        {"name": "ghi_chu", "label": "Ghi chú"},
    ],
    "signature_title": "TM. ỦY BAN NHÂN DÂN",
}
VALUES = {"ho_ten": "Nguyễn Văn Mẫu", "ngay_sinh": "1990-01-31", "noi_dung": "Đang cư trú tại phường."}
SIGNED_AT = datetime(2026, 3, 3, 14, 20, 11, tzinfo=TIME_ZONE)
ISSUED_AT = datetime(2026, 3, 3, 15, 0, 12, tzinfo=TIME_ZONE)


@dataclass
class Case:
    """One dossier in process with the officers who will bring it to its end."""

    dossier: Dossier
    specialist: Actor
    signer: Actor
    clerk: Actor

    @property
    def draft(self) -> ResultDraft:
        return ResultDraft.objects.get(dossier=self.dossier)

    def save(self, revision: int = 0, **values: Any) -> ResultDraft:
        return result_drafts.save(
            dossier_id=self.dossier.pk,
            values={**VALUES, **values},
            revision=revision,
            actor=self.specialist,
        )

    def submit(self) -> None:
        self.save(revision=ResultDraft.objects.filter(dossier=self.dossier).count() and self.draft.revision)
        result_drafts.request_signature(dossier_id=self.dossier.pk, actor=self.specialist, at=NINE)
        result_drafts.render(draft_id=self.draft.pk, at=NINE)

    def ask_to_sign(self) -> None:
        result_signing.request(dossier_id=self.dossier.pk, actor=self.signer, at=SIGNED_AT)

    def sign(self) -> None:
        self.ask_to_sign()
        result_signing.sign(draft_id=self.draft.pk, at=SIGNED_AT)

    def ask_to_issue(self, at: datetime = ISSUED_AT) -> None:
        issuing.request(dossier_id=self.dossier.pk, actor=self.clerk, at=at)

    def issue(self) -> None:
        self.ask_to_issue()
        issuing.issue(draft_id=self.draft.pk, at=ISSUED_AT)

    def status(self) -> Status:
        self.dossier.refresh_from_db()
        return Status(self.dossier.status)


@pytest.fixture
def case(settings, tmp_path) -> Case:
    settings.SIGNING_DIR = tmp_path
    yesterday = NINE - timedelta(days=1)
    demo_ca.ensure(tmp_path, at=yesterday)
    dossier = DossierFactory.create(reach=Status.FORWARDED)
    agency = dossier.competent_agency
    agency.seal_key_id = "seal"
    agency.save()
    ResultType.objects.create(
        version=dossier.procedure_version,
        position=1,
        name="Giấy xác nhận",
        symbol="XN-UBND",
        template=TEMPLATE,
        validity_months=6,
        until_event="tình trạng thay đổi",
        until_event_en="the status changes",
    )
    specialist = actor_for(dossier, Role.SPECIALIST)
    signer = actor_for(dossier, Role.SIGNER)
    officer = Officer.objects.get(user_id=signer.user_id or 0)
    officer.signing_key_id, officer.title = "signer", "Phó Chủ tịch"
    officer.save()
    issue = partial(demo_ca.issue, tmp_path, organisation=agency.name, at=yesterday)
    issue(key_id="signer", common_name=officer.full_name, kind="person")
    issue(key_id="seal", common_name=agency.name, kind="agency")
    issue(key_id="portal", common_name="Cổng dịch vụ công (minh họa)", kind="portal")
    processing.take(dossier_id=dossier.pk, actor=specialist, at=NINE)
    dossier.refresh_from_db()
    return Case(dossier, specialist, signer, actor_for(dossier, Role.CLERK))


def text_of(content: bytes) -> str:
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
    return re.sub(r"\s+", " ", " ".join(pages))


def test_a_draft_becomes_a_signed_numbered_result_that_everybody_can_check(case):
    case.submit()
    assert (case.status(), case.draft.state) == (Status.AWAITING_SIGN_OFF, DraftState.READY)
    case.sign()
    assert (case.status(), case.draft.state) == (Status.SIGNED, DraftState.SIGNED)
    case.issue()

    assert (case.status(), case.draft.state) == (Status.COMPLETED, DraftState.ISSUED)
    assert case.dossier.delivery_state == DeliveryState.SENT_TO_VAULT
    result = Result.objects.get()
    content = result.file.read()
    assert result.token == case.draft.token
    assert result.number == "01/XN-UBND"
    assert (result.issued_on, result.valid_to) == (date(2026, 3, 3), date(2026, 9, 3))
    assert (result.until_event, result.until_event_en) == ("tình trạng thay đổi", "the status changes")
    assert (result.owner_person, result.issuer) == (case.dossier.owner_person, case.dossier.competent_agency)

    signer, agency = signing.verify(content, at=ISSUED_AT)
    assert signing.are_sound([signer, agency])
    assert (signer.field, signer.signer) == (papers.SIGNER_FIELD, case.signer.display_name)
    assert (signer.signed_at, agency.signed_at) == (SIGNED_AT, ISSUED_AT)
    assert (agency.field, agency.signer) == (papers.AGENCY_FIELD, case.dossier.competent_agency.name)
    assert agency.covers_whole_file

    text = text_of(content)
    for fact in [
        "GIẤY XÁC NHẬN",
        "Nguyễn Văn Mẫu, sinh ngày 31/01/1990",
        "Đang cư trú tại phường.",
        "hoặc đến khi tình trạng thay đổi, tùy việc nào đến trước",
        case.dossier.code,
    ]:
        assert fact in text
    assert "Ghi chú" not in text
    assert "XEM TRƯỚC" not in text
    assert scanned(content) == result.link


def scanned(content: bytes) -> str:
    import zxingcpp

    picture = pypdfium2.PdfDocument(content)[0].render(scale=3).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    return code.text


def test_a_result_waits_until_a_proposed_refusal_is_decided(case):
    case.save()
    propose_refusal(case)

    with pytest.raises(refusing.RefusalOpen) as refused:
        result_drafts.request_signature(dossier_id=case.dossier.pk, actor=case.specialist, at=NINE)
    assert refused.value.status == 409
    assert case.draft.state == DraftState.EDITING

    refusing.give_back(dossier_id=case.dossier.pk, note="Hồ sơ đủ điều kiện.", actor=case.signer, at=NINE)
    case.submit()
    assert case.status() == Status.AWAITING_SIGN_OFF


def test_no_refusal_is_proposed_while_the_result_is_on_its_way_to_the_signer(case):
    case.save()
    result_drafts.request_signature(dossier_id=case.dossier.pk, actor=case.specialist, at=NINE)

    with pytest.raises(background.DraftBusy):
        propose_refusal(case)


def propose_refusal(case: Case) -> None:
    refusing.propose(
        dossier_id=case.dossier.pk,
        reason="not_eligible",
        explanation=WHY,
        legal_basis=BASIS,
        actor=case.specialist,
        at=NINE,
    )


def test_what_is_signed_begins_with_the_very_bytes_that_were_shown(case):
    case.submit()
    shown = case.draft.draft_file.read()
    case.sign()

    assert hashlib.sha256(shown).hexdigest() == case.draft.draft_sha256
    assert case.draft.signed_file.read().startswith(shown)
    event = case.dossier.events.get(action=Action.SIGN)
    assert event.data["draft_sha256"] == case.draft.draft_sha256
    assert event.actor_user_id == case.signer.user_id


def test_the_control_sheet_shows_who_held_the_dossier_a_return_included(case):
    """The walk of the factory has no plan of its own, so one is laid out here."""
    from dossiers.services import steps

    steps.plan(case.dossier, at=NINE)
    steps.pass_on(case.dossier, roles=[Role.ONE_STOP_OFFICER], officer_id=None, at=NINE)
    steps.begin(case.dossier, role=Role.SPECIALIST, officer_id=case.specialist.officer_id)
    case.submit()
    result_signing.return_draft(
        dossier_id=case.dossier.pk, reason="Thiếu ngày sinh", actor=case.signer, at=SIGNED_AT
    )
    case.submit()
    case.sign()
    case.issue()

    rows = papers.control_rows(case.dossier)
    assert [row.name for row in rows] == [
        "Tiếp nhận, chuyển hồ sơ",
        "Thẩm định",
        "Ký",
        "Thẩm định",
        "Ký",
        "Cấp số, phát hành",
    ]
    assert [row.receiver for row in rows[1:]] == [
        case.specialist.display_name,
        case.signer.display_name,
        case.specialist.display_name,
        case.signer.display_name,
        case.clerk.display_name,
    ]
    assert all(row.finished_at for row in rows)
    outbox.relay(at=ISSUED_AT)
    paper = Paper.objects.get(form=Form.CONTROL_SHEET)
    from dossiers.services import issued_papers

    assert issued_papers.make(paper_id=paper.pk, at=ISSUED_AT)
    assert case.clerk.display_name in text_of(Paper.objects.get(pk=paper.pk).file.read())


# Drafting


def test_a_new_draft_is_filled_with_what_is_known(case):
    result_type = result_drafts.result_type_of(case.dossier)

    assert result_drafts.values_of(case.dossier, result_type) == {
        "ho_ten": case.dossier.owner_person.full_name
    }
    case.save(ho_ten="Tên khác")
    assert result_drafts.values_of(case.dossier, result_type)["ho_ten"] == "Tên khác"


def test_a_draft_that_was_saved_elsewhere_meanwhile_is_not_overwritten(case):
    case.save()

    with pytest.raises(result_drafts.DraftChanged):
        case.save(revision=0, noi_dung="Bản cũ")

    assert case.draft.values["noi_dung"] == VALUES["noi_dung"]


def test_only_the_specialist_who_holds_the_dossier_drafts_its_result(case):
    colleague = actor_for(case.dossier, Role.SPECIALIST)

    for stranger in (colleague, case.signer, case.clerk, actor_of_person(case.dossier.owner_person)):
        with pytest.raises(NotAllowed):
            result_drafts.save(dossier_id=case.dossier.pk, values=VALUES, revision=0, actor=stranger)
        with pytest.raises(NotAllowed):
            result_drafts.request_signature(dossier_id=case.dossier.pk, actor=stranger, at=NINE)


def test_a_draft_with_gaps_is_saved_but_not_submitted(case):
    case.save(noi_dung="")

    with pytest.raises(InvalidInput) as refusal:
        result_drafts.request_signature(dossier_id=case.dossier.pk, actor=case.specialist, at=NINE)

    assert list(refusal.value.errors) == ["noi_dung"]
    assert case.draft.state == DraftState.EDITING


def test_a_value_that_is_not_in_the_template_is_refused(case):
    with pytest.raises(InvalidInput) as refusal:
        case.save(la="x")

    assert list(refusal.value.errors) == ["la"]


def test_a_draft_is_not_edited_while_it_becomes_a_file(case):
    case.save()
    result_drafts.request_signature(dossier_id=case.dossier.pk, actor=case.specialist, at=NINE)

    with pytest.raises(background.DraftBusy):
        case.save(revision=1)
    with pytest.raises(background.DraftBusy):
        result_drafts.request_signature(dossier_id=case.dossier.pk, actor=case.specialist, at=NINE)


def test_a_missing_pdf_engine_lets_the_draft_wait_and_says_so(case, monkeypatch):
    case.save()
    result_drafts.request_signature(dossier_id=case.dossier.pk, actor=case.specialist, at=NINE)

    def missing(*args, **kwargs):
        raise pdf.PdfEngineMissing("libpango")

    with monkeypatch.context() as broken:
        broken.setattr(pdf, "render", missing)
        result_drafts.render(draft_id=case.draft.pk, at=NINE)
    assert (case.draft.state, case.status()) == (DraftState.RENDERING, Status.IN_PROCESS)
    assert "bộ tạo PDF" in case.draft.last_error

    result_drafts.render(draft_id=case.draft.pk, at=NINE)
    assert (case.draft.state, case.draft.last_error) == (DraftState.READY, "")


def test_a_specialist_who_lost_the_role_meanwhile_submits_nothing(case):
    case.save()
    result_drafts.request_signature(dossier_id=case.dossier.pk, actor=case.specialist, at=NINE)
    OfficerRole.objects.filter(officer_id=case.specialist.officer_id).update(valid_to=NINE)

    result_drafts.render(draft_id=case.draft.pk, at=NINE)

    assert (case.draft.state, case.status()) == (DraftState.EDITING, Status.IN_PROCESS)
    assert "không có quyền" in case.draft.last_error
    assert not case.draft.draft_file


# Signing


def test_a_draft_whose_file_was_changed_is_not_signed(case):
    case.submit()
    with open(case.draft.draft_file.path, "ab") as file:
        file.write(b"% one more line")
    case.ask_to_sign()

    result_signing.sign(draft_id=case.draft.pk, at=SIGNED_AT)

    assert (case.draft.state, case.status()) == (DraftState.READY, Status.AWAITING_SIGN_OFF)
    assert "không còn đúng bản đã trình" in case.draft.last_error
    assert not case.draft.signed_file


def test_a_signer_who_lost_the_role_between_request_and_signature_signs_nothing(case):
    case.submit()
    case.ask_to_sign()
    OfficerRole.objects.filter(officer_id=case.signer.officer_id).update(valid_to=NINE)

    result_signing.sign(draft_id=case.draft.pk, at=SIGNED_AT)

    assert (case.draft.state, case.status()) == (DraftState.READY, Status.AWAITING_SIGN_OFF)
    assert case.draft.last_error


def test_a_signer_without_a_certificate_is_told_what_to_do(case):
    case.submit()
    other = actor_for(case.dossier, Role.SIGNER)

    with pytest.raises(result_signing.NoSigningKey):
        result_signing.request(dossier_id=case.dossier.pk, actor=other, at=SIGNED_AT)
    assert case.draft.state == DraftState.READY


def test_a_lost_key_puts_the_draft_back_and_the_signer_can_try_again(case, tmp_path):
    case.submit()
    (tmp_path / "signer.key.pem").rename(tmp_path / "away")
    case.sign()
    assert case.draft.state == DraftState.READY
    assert "khóa ký số" in case.draft.last_error

    (tmp_path / "away").rename(tmp_path / "signer.key.pem")
    case.sign()
    assert (case.draft.state, case.draft.last_error) == (DraftState.SIGNED, "")


def test_only_a_signer_signs_or_returns_and_only_a_clerk_issues(case):
    case.submit()
    for stranger in (case.specialist, case.clerk):
        with pytest.raises(NotAllowed):
            result_signing.request(dossier_id=case.dossier.pk, actor=stranger, at=SIGNED_AT)
        with pytest.raises(NotAllowed):
            result_signing.return_draft(
                dossier_id=case.dossier.pk, reason="Sai", actor=stranger, at=SIGNED_AT
            )
    case.sign()
    for stranger in (case.specialist, case.signer):
        with pytest.raises(NotAllowed):
            issuing.request(dossier_id=case.dossier.pk, actor=stranger, at=ISSUED_AT)


def test_a_returned_draft_can_be_edited_and_submitted_again_as_a_new_file(case):
    case.submit()
    first = case.draft.draft_sha256
    with pytest.raises(InvalidInput):
        result_signing.return_draft(dossier_id=case.dossier.pk, reason=" ", actor=case.signer, at=SIGNED_AT)

    result_signing.return_draft(
        dossier_id=case.dossier.pk, reason="Thiếu ngày sinh", actor=case.signer, at=SIGNED_AT
    )
    assert (case.status(), case.draft.state) == (Status.IN_PROCESS, DraftState.EDITING)
    case.submit()

    assert case.status() == Status.AWAITING_SIGN_OFF
    assert case.draft.draft_sha256 != first


def test_a_draft_that_is_being_signed_is_neither_returned_nor_signed_twice(case):
    case.submit()
    case.ask_to_sign()

    with pytest.raises(background.DraftBusy):
        case.ask_to_sign()
    with pytest.raises(background.DraftBusy):
        result_signing.return_draft(dossier_id=case.dossier.pk, reason="Sai", actor=case.signer, at=SIGNED_AT)


# Issuing


def test_a_signed_file_that_was_changed_is_not_issued_and_keeps_its_number(case):
    case.submit()
    case.sign()
    path = Path(case.draft.signed_file.path)
    genuine = path.read_bytes()
    path.write_bytes(genuine + b"%")
    case.issue()
    assert (case.draft.state, case.status()) == (DraftState.SIGNED, Status.SIGNED)
    assert "không còn đúng bản" in case.draft.last_error
    assert case.draft.number == "01/XN-UBND"

    path.write_bytes(genuine)
    case.ask_to_issue(at=ISSUED_AT + timedelta(days=1))
    issuing.issue(draft_id=case.draft.pk, at=ISSUED_AT + timedelta(days=1))

    assert case.status() == Status.COMPLETED
    assert (case.draft.number, DocumentCounter.objects.get().last) == ("01/XN-UBND", 1)
    assert Result.objects.get().number == "01/XN-UBND"


def test_a_revoked_certificate_stops_the_issue(case, tmp_path):
    case.submit()
    case.sign()
    demo_ca.revoke(tmp_path, key_id="signer", at=SIGNED_AT - timedelta(hours=1))

    case.issue()

    assert (case.draft.state, case.status()) == (DraftState.SIGNED, Status.SIGNED)
    assert "thu hồi" in case.draft.last_error
    assert not Result.objects.exists()


def test_numbers_begin_anew_each_year(case):
    """A result of last year bears the number that this year's first one gets."""
    Result.objects.create(
        token="0" * 32,
        dossier_code="H17.34.01-251231-0001",
        procedure_code="9.000000",
        title="Giấy xác nhận",
        number="01/XN-UBND",
        issuer=case.dossier.competent_agency,
        signer_name="Lãnh đạo (minh họa)",
        owner_person=case.dossier.owner_person,
        issued_on=date(2025, 12, 31),
        sha256="0" * 64,
    )
    case.submit()
    case.sign()
    case.issue()

    assert (case.status(), case.draft.last_error) == (Status.COMPLETED, "")
    assert Result.objects.filter(number="01/XN-UBND").count() == 2


def test_an_agency_without_a_seal_is_told_before_a_number_is_used(case):
    case.submit()
    case.sign()
    case.dossier.competent_agency.seal_key_id = ""
    case.dossier.competent_agency.save()

    with pytest.raises(issuing.NoSeal):
        case.ask_to_issue()
    assert not DocumentCounter.objects.exists()


def test_results_of_one_agency_are_numbered_without_a_gap(case):
    case.submit()
    case.sign()
    with pytest.raises(guards.AlreadyDone):
        case.sign()
    case.ask_to_issue()
    with pytest.raises(background.DraftBusy):
        case.ask_to_issue()

    assert DocumentCounter.objects.get().last == 1


# Every step may run again: after a crash, at the same time, or long after


def test_each_step_repeated_changes_nothing(case):
    case.submit()
    result_drafts.render(draft_id=case.draft.pk, at=SIGNED_AT)
    case.sign()
    signed = case.draft.signed_sha256
    result_signing.sign(draft_id=case.draft.pk, at=SIGNED_AT + timedelta(minutes=1))
    case.issue()
    issuing.issue(draft_id=case.draft.pk, at=ISSUED_AT + timedelta(minutes=1))

    assert case.draft.signed_sha256 == signed
    assert Result.objects.count() == 1
    actions = list(case.dossier.events.order_by("seq").values_list("action", flat=True))
    for action in (Action.SUBMIT_FOR_SIGNATURE, Action.SIGN, Action.ISSUE):
        assert actions.count(action) == 1
        assert Message.objects.filter(topic=f"dossier.{action}").count() == 1


@pytest.mark.parametrize("state", list(background.TOPICS))
def test_a_worker_killed_before_it_wrote_its_outcome_leaves_a_draft_that_the_sweep_takes_up(
    case, state, monkeypatch
):
    """The long part is done, the process dies before the transaction: the next one does it again, once."""
    run = {
        DraftState.RENDERING: lambda: result_drafts.render(draft_id=case.draft.pk, at=NINE),
        DraftState.SIGNING: lambda: result_signing.sign(draft_id=case.draft.pk, at=SIGNED_AT),
        DraftState.ISSUING: lambda: issuing.issue(draft_id=case.draft.pk, at=ISSUED_AT),
    }
    outcome = {
        DraftState.RENDERING: (result_drafts, "_pass_to_signer"),
        DraftState.SIGNING: (result_signing, "_pass_to_clerk"),
        DraftState.ISSUING: (issuing, "_complete"),
    }[state]
    case.save()
    result_drafts.request_signature(dossier_id=case.dossier.pk, actor=case.specialist, at=NINE)
    if state != DraftState.RENDERING:
        run[DraftState.RENDERING]()
        case.ask_to_sign()
    if state == DraftState.ISSUING:
        run[DraftState.SIGNING]()
        case.ask_to_issue()

    def die(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr(*outcome, die)
        with pytest.raises(SystemExit):
            run[state]()

    assert case.draft.state == state
    forgotten_at = case.draft.updated_at + background.FORGOTTEN_AFTER + timedelta(seconds=1)
    assert background.forgotten(at=forgotten_at) == [(case.draft.pk, state)]
    run[state]()
    assert case.draft.state in (DraftState.READY, DraftState.SIGNED, DraftState.ISSUED)
    assert background.forgotten(at=forgotten_at + timedelta(days=1)) == []


@pytest.mark.django_db(transaction=True)
def test_workers_who_issue_the_same_result_at_once_issue_it_once(case):
    case.submit()
    case.sign()
    case.ask_to_issue()
    start = threading.Barrier(3)

    def work(draft_id: int) -> None:
        start.wait()
        try:
            issuing.issue(draft_id=draft_id, at=ISSUED_AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[case.draft.pk]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (case.status(), case.draft.last_error) == (Status.COMPLETED, "")
    assert case.dossier.events.filter(action=Action.ISSUE).count() == 1
    assert Result.objects.count() == 1


def test_a_file_that_came_too_late_is_taken_back_from_the_disk(case):
    case.save()
    result_drafts.request_signature(dossier_id=case.dossier.pk, actor=case.specialist, at=NINE)
    draft = background.waiting(case.draft.pk, DraftState.RENDERING)

    with background.stored(draft.draft_file, b"%PDF", name="late.pdf") as file:
        assert default_storage.exists(file.path)

    assert not default_storage.exists(file.path)


# Hand-over


@pytest.fixture
def completed(case) -> Case:
    case.submit()
    case.sign()
    case.issue()
    case.status()
    return case


def at_counter(case: Case, **answers: Any) -> Dossier:
    return returning.hand_over(
        dossier_id=case.dossier.pk,
        method=HandOverMethod.COUNTER,
        actor=actor_for(case.dossier, Role.ONE_STOP_OFFICER),
        at=ISSUED_AT,
        **{"receiver_name": case.dossier.submitter.full_name, "receiver_id_checked": True, **answers},
    )


def test_the_owner_receives_at_the_counter_and_the_dossier_closes(completed):
    at_counter(completed)

    assert completed.status() == Status.RETURNED
    assert completed.dossier.delivery_state == DeliveryState.DELIVERED
    assert completed.dossier.hand_over.receiver_name == completed.dossier.owner_person.full_name
    with pytest.raises(guards.AlreadyDone):
        at_counter(completed)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"receiver_name": "  "}, "receiver_name"),
        ({"receiver_name": "x" * 201, "note": "Ủy quyền"}, "receiver_name"),
        ({"receiver_id_checked": False}, "receiver_id_checked"),
        ({"receiver_name": "Người Khác"}, "note"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_a_hand_over_names_what_is_missing(completed, answers, field):
    with pytest.raises(InvalidInput) as refusal:
        at_counter(completed, **answers)

    assert list(refusal.value.errors) == [field]


def test_somebody_else_receives_with_an_authorisation_that_is_written_down(completed):
    at_counter(completed, receiver_name="Người Khác", note="Giấy ủy quyền số 12 ngày 01/03/2026")

    assert completed.status() == Status.RETURNED


def test_an_unknown_way_of_handing_over_is_refused(completed):
    with pytest.raises(InvalidInput) as refusal:
        returning.hand_over(
            dossier_id=completed.dossier.pk,
            method="pigeon",
            actor=actor_for(completed.dossier, Role.ONE_STOP_OFFICER),
            at=ISSUED_AT,
        )
    assert list(refusal.value.errors) == ["method"]


def test_the_owner_receives_from_the_vault_and_nobody_else_does(completed):
    for stranger in (
        actor_of_person(PersonFactory.create()),
        actor_for(completed.dossier, Role.ONE_STOP_OFFICER),
    ):
        with pytest.raises(NotAllowed):
            returning.hand_over(
                dossier_id=completed.dossier.pk, method=HandOverMethod.VAULT, actor=stranger, at=ISSUED_AT
            )

    returning.hand_over(
        dossier_id=completed.dossier.pk,
        method=HandOverMethod.VAULT,
        actor=actor_of_person(completed.dossier.owner_person),
        at=ISSUED_AT,
    )
    assert completed.status() == Status.RETURNED
