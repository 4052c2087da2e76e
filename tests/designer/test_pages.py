"""The designer without a script: every page, every move, and who may come in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.states import Role
from designer.sections import SECTIONS
from dossiers.states import Status
from procedures import demo, document, services
from procedures.demo import marital_status
from procedures.models import ProcedureVersion, VersionEvent
from procedures.states import VersionEventKind, VersionStatus
from tests.designer.conftest import KEEPER, address
from tests.designer.kit import tried
from tests.factories import DossierFactory

LIST = "/can-bo/thiet-ke/"
BRING_IN = "/can-bo/thiet-ke/tu-tep/"


def said(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def published(draft: ProcedureVersion) -> ProcedureVersion:
    at = timezone.now()
    services.approve(version_id=draft.pk, actor=KEEPER, at=at)
    return services.publish(version_id=draft.pk, actor=KEEPER, at=at)


# Who may come in


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PROCEDURE_CONTROL_OFFICER])
def test_other_roles_find_the_doors_shut(officer_as: Callable[[str], Client], draft, role: Role):
    client = officer_as(role)
    doors = [
        LIST,
        reverse("designer:begin"),
        reverse("designer:clone"),
        reverse("designer:bring_in"),
        address("version", draft),
        address("section", draft, slug="chung"),
        address("eform", draft),
        address("question", draft, name="ho_ten"),
        address("preview", draft),
        address("compare", draft),
        address("export", draft),
    ]

    assert {client.get(one).status_code for one in doors} == {403}
    moves = (
        "approve",
        "publish",
        "discard",
        "open",
        "close",
        "schedule",
        "abolish",
        "reinstate",
        "undo",
        "redo",
    )
    assert {client.post(address(one, draft)).status_code for one in moves} == {403}
    draft.refresh_from_db()
    assert draft.status == VersionStatus.DRAFT


def test_who_has_not_signed_in_is_led_to_sign_in(client: Client, draft):
    assert client.get(address("version", draft))["Location"].startswith("/dang-nhap/")


def test_a_version_that_is_not_there_is_not_found(keeper: Client, draft):
    assert keeper.get(f"{LIST}{draft.procedure.code}/99/").status_code == 404
    assert keeper.get(address("section", draft, slug="khong-co")).status_code == 404
    assert keeper.get(address("question", draft, name="khong_co")).status_code == 404
    assert keeper.get(address("page", draft, page_id="khong-co")).status_code == 404
    assert keeper.get(address("compare", draft), {"voi": "99"}).status_code == 404


def test_the_navigation_leads_there_only_for_those_who_may(keeper: Client, officer_as):
    assert LIST in said(keeper.get("/can-bo/"))
    assert LIST not in said(officer_as(Role.SPECIALIST).get("/can-bo/"))


# The list and the ways to begin


def test_the_list_is_empty_at_first_and_says_how_to_begin(keeper: Client):
    assert "Chưa có bản thảo nào" in said(keeper.get(LIST))


def test_the_list_finds_by_code_and_by_name_without_marks(keeper: Client, draft):
    for query, is_found in (("via he", True), ("9.000001", True), ("khai sinh", False)):
        page = said(keeper.get(LIST, {"q": query}))
        assert (address("version", draft) in page) is is_found, query
    assert "Không có phiên bản nào khớp" in said(keeper.get(LIST, {"tinh_trang": "abolished"}))
    assert address("version", draft) in said(keeper.get(LIST, {"tinh_trang": "khong-co"}))


def test_a_procedure_begins_with_a_code_and_a_name(keeper: Client):
    answer = keeper.post(reverse("designer:begin"), {"code": "DN.0002", "name": "Thủ tục thử (minh họa)"})

    assert answer["Location"] == f"{LIST}DN.0002/1/sua/chung/"
    again = keeper.post(reverse("designer:begin"), {"code": "DN.0002", "name": "Thủ tục thử (minh họa)"})
    assert again.status_code == 422
    assert "Danh mục đã có thủ tục DN.0002" in said(again)


def test_a_draft_is_cloned_from_what_is_in_force(keeper: Client):
    current = demo.offer(marital_status.PUBLISHED, marital_status.CITY_PART)

    found = keeper.get(reverse("designer:clone"), {"q": "tinh trang hon nhan"})
    assert f'value="{current.pk}"' in said(found)
    keeper.post(reverse("designer:clone"), {"version": current.pk, "code": ""})

    draft = ProcedureVersion.objects.get(procedure=current.procedure, status=VersionStatus.DRAFT)
    assert document.of_version(draft)["eform"] == current.eform
    again = keeper.post(reverse("designer:clone"), {"version": current.pk, "code": ""})
    assert "đang có một bản thảo" in said(again)


def test_a_file_is_taken_or_its_mistakes_are_told_with_their_paths(keeper: Client, draft):
    exported = keeper.get(address("export", draft)).content
    services.discard(version_id=draft.pk, actor=KEEPER, at=timezone.now())

    def send(text: bytes) -> Any:
        file = SimpleUploadedFile("thu-tuc.yaml", text, content_type="application/yaml")
        return keeper.post(reverse("designer:bring_in"), {"file": file})

    wrong = send(exported.replace(b"kind: sign", b"kind: dance"))
    assert wrong.status_code == 422
    assert "<code>steps[" in said(wrong)
    assert "dòng" in said(send(b"a: [1"))
    assert send(exported)["Location"] == f"{LIST}9.000001/2/"


# The overview and what can be done there


def file_of(said: dict[str, Any]) -> SimpleUploadedFile:
    return SimpleUploadedFile("thu-tuc.yaml", document.to_yaml(document.parse(said)).encode())


def test_a_code_of_another_city_does_not_run_into_ours(keeper: Client, draft):
    """DN.0001 there may be a fair, here a permit: nobody makes the one the next version of the other by mistake."""
    ours = published(draft)
    theirs = {**document.of_version(ours), "name": "Thủ tục của thành phố khác"}

    refused = keeper.post(BRING_IN, {"file": file_of(theirs)})
    assert refused.status_code == 422
    assert ours.name in said(refused)
    keeper.post(BRING_IN, {"file": file_of(theirs), "code": "DN.0777"})
    assert ProcedureVersion.objects.get(procedure__code="DN.0777").name == "Thủ tục của thành phố khác"
    keeper.post(BRING_IN, {"file": file_of(theirs), "is_next": "on"})
    assert ours.procedure.versions.get(status=VersionStatus.DRAFT).name == "Thủ tục của thành phố khác"


def test_agencies_of_another_city_are_left_to_be_chosen_again(keeper: Client, draft):
    theirs = {**document.of_version(draft), "code": "DN.0778"}
    theirs["deciding"] = {**theirs["deciding"], "rule": "fixed", "agency": "H99.1"}
    theirs["steps"] = [
        {**one, "agency": "H99.2" if at == 1 else ""} for at, one in enumerate(theirs["steps"])
    ]

    refused = keeper.post(BRING_IN, {"file": file_of(theirs)})
    assert "H99.1" in said(refused)
    taken = said(keeper.post(BRING_IN, {"file": file_of(theirs), "without_strangers": "on"}, follow=True))
    assert "Cơ quan giải quyết H99.1 không có ở đây" in taken
    assert theirs["steps"][1]["name"] in taken
    made = ProcedureVersion.objects.get(procedure__code="DN.0778")
    assert made.competent_agency is None


def test_a_code_is_free_again_when_its_draft_was_thrown_away(keeper: Client):
    first = services.begin(code="DN.0042", name="Nháp thử", actor=KEEPER, at=timezone.now())
    services.discard(version_id=first.pk, actor=KEEPER, at=timezone.now())
    again = services.begin(code="DN.0042", name="Lần này thật", actor=KEEPER, at=timezone.now())
    assert (again.version_no, again.procedure) == (2, first.procedure)


def test_the_overview_says_how_it_stands_and_where_to_mend(keeper: Client, draft):
    broken = {**document.of_version(draft), "steps": [], "effective_from": None}
    services.save(version_id=draft.pk, document=broken, revision=0, actor=KEEPER, at=timezone.now())

    page = said(keeper.get(address("version", draft)))

    assert "Đồng hồ ra mắt" in page
    assert "Tính theo giờ làm việc" in page
    assert "Chưa ghi ngày có hiệu lực." in page
    assert address("section", draft, slug="quy-trinh") in page
    assert f"{address('section', draft, slug='chung')}#id_effective_from" in page


def test_whom_a_change_reaches_is_counted_before_it_is_made(keeper: Client, draft):
    version = published(draft)
    DossierFactory.create(procedure_version=version)
    DossierFactory.create_batch(2, procedure_version=version, reach=Status.SUBMITTED)
    clone = services.clone(version_id=version.pk, actor=KEEPER, at=timezone.now())

    impact = keeper.get(address("version", clone)).context["impact"]

    assert (impact.drafts, impact.drafts_here, impact.open, impact.open_here) == (1, 0, 2, 0)


def test_red_findings_need_a_reason_that_is_kept(keeper: Client, draft):
    without_steps = {**document.of_version(draft), "steps": []}
    services.save(version_id=draft.pk, document=without_steps, revision=0, actor=KEEPER, at=timezone.now())

    refused = keeper.post(address("approve", draft), {"reason": " "})
    assert refused.status_code == 422
    assert "ghi lý do vì sao vẫn duyệt" in said(refused)
    keeper.post(address("approve", draft), {"reason": "Quy trình đang chờ ban hành (minh họa)"})

    draft.refresh_from_db()
    assert draft.status == VersionStatus.APPROVED
    event = VersionEvent.objects.get(version=draft, kind=VersionEventKind.APPROVED)
    assert event.reason == "Quy trình đang chờ ban hành (minh họa)"
    log = said(keeper.get(address("version", draft))).partition('id="log"')[2]
    assert "Quy trình đang chờ ban hành (minh họa)" in log
    assert "Duyệt dù còn mục đỏ" in log
    assert event.data["despite"][0]["findings"][0]["text"] in log


def test_before_each_change_its_form_says_whom_it_reaches(keeper: Client, draft):
    version = published(draft)
    services.open_for_filing(version_id=version.pk, actor=KEEPER, at=timezone.now())
    DossierFactory.create(procedure_version=version)
    DossierFactory.create_batch(2, procedure_version=version, reach=Status.SUBMITTED)

    def form_of(page: str, of: ProcedureVersion) -> str:
        text = said(keeper.get(address("version", of)))
        return text.partition(f'action="{address(page, of)}"')[2].partition("</form>")[0]

    for page in ("close", "abolish", "schedule"):
        assert "1 bản nháp sẽ không nộp được nữa; 2 hồ sơ đang giải quyết" in form_of(page, version), page
    assert "chưa chạm đến ai" in form_of("clone_this", version)
    clone = services.clone(version_id=version.pk, actor=KEEPER, at=timezone.now())
    assert "1 bản nháp sẽ được chuyển sang, 2 hồ sơ" in form_of("approve", clone)
    assert "không đổi" in form_of("discard", clone)
    gate_free(clone)
    assert "1 bản nháp sẽ được chuyển sang, 2 hồ sơ" in form_of("publish", clone)
    assert f"{address('trials', clone)}#losses" in said(keeper.get(address("version", clone)))


def gate_free(version: ProcedureVersion) -> None:
    """Approve without the trials, which are not what is asked here."""
    services.approve(version_id=version.pk, actor=KEEPER, at=timezone.now())


def test_hours_and_what_took_over_stand_in_the_log(keeper: Client, draft):
    version = published(draft)
    opens = timezone.localtime() + timedelta(days=1)
    services.schedule(version_id=version.pk, opens_at=opens, closes_at=None, actor=KEEPER, at=timezone.now())
    assert f"Mở: {opens:%H:%M, %d/%m/%Y}" in said(keeper.get(address("version", version)))


def test_nothing_is_shut_without_a_reason(keeper: Client, draft):
    version = published(draft)
    services.open_for_filing(version_id=version.pk, actor=KEEPER, at=timezone.now())
    refused = keeper.post(address("close", version), {"reason": " "})
    assert refused.status_code == 422
    version.refresh_from_db()
    assert version.is_fileable


def test_a_version_walks_from_draft_to_abolished(keeper: Client, draft):
    tried(draft)
    keeper.post(address("approve", draft))
    assert keeper.post(address("return", draft), {"reason": ""}).status_code == 422
    keeper.post(address("return", draft), {"reason": "Thiếu phí"})
    keeper.post(address("approve", draft))
    keeper.post(address("publish", draft))
    keeper.post(address("open", draft))
    draft.refresh_from_db()
    assert (draft.status, draft.is_fileable) == (VersionStatus.PUBLISHED, True)
    assert "Người dân đang nộp được hồ sơ" in said(keeper.get(address("version", draft)))
    keeper.post(address("close", draft), {"reason": "Bảo trì"})
    wrong = keeper.post(address("abolish", draft), {"decision": "", "last_day": "", "reason": ""})
    assert "Hãy chọn ngày cuối còn hiệu lực." in said(wrong)
    keeper.post(
        address("abolish", draft), {"decision": "99/QĐ-UBND", "last_day": "2027-01-01", "reason": "Luật mới"}
    )

    draft.refresh_from_db()
    assert draft.status == VersionStatus.ABOLISHED
    page = said(keeper.get(address("version", draft)))
    for text in ("Thiếu phí", "Bảo trì", "99/QĐ-UBND", "Mở nhận hồ sơ lúc"):
        assert text in page


def test_what_cannot_be_done_now_is_told_on_the_overview(keeper: Client, draft):
    answer = keeper.post(address("publish", draft), follow=True)

    assert "đang ở tình trạng “Bản thảo”" in said(answer)


def test_opening_and_closing_are_planned(keeper: Client, draft):
    tomorrow = timezone.localtime() + timedelta(days=1)
    late = keeper.post(address("schedule", draft), {"opens_at": "2020-01-01T08:00", "closes_at": ""})
    assert "Thời điểm này đã qua" in said(late)

    keeper.post(address("schedule", draft), {"opens_at": f"{tomorrow:%Y-%m-%dT%H:%M}", "closes_at": ""})

    draft.refresh_from_db()
    assert draft.opens_at is not None
    assert f"{tomorrow:%Y-%m-%dT%H:%M}" in said(keeper.get(address("version", draft)))


def test_a_draft_is_thrown_away(keeper: Client, draft):
    assert keeper.post(address("discard", draft))["Location"] == LIST

    draft.refresh_from_db()
    assert draft.status == VersionStatus.DISCARDED


def test_two_versions_are_compared_field_by_field(keeper: Client, draft):
    version = published(draft)
    clone = services.clone(version_id=version.pk, actor=KEEPER, at=timezone.now())
    changed = document.of_version(clone)
    changed["channels"][0]["time"]["value"] = 2
    changed["papers"].append({"name": "Bản cam kết (minh họa)", "originals": 1, "kind": "evidence"})
    services.save(version_id=clone.pk, document=changed, revision=0, actor=KEEPER, at=timezone.now())

    page = said(keeper.get(address("compare", clone), {"voi": "1"}))

    assert "Cách thức, thời hạn, phí" in page
    assert "thời hạn › con số" in page
    assert "Bản cam kết (minh họa)" in page
    assert "Thêm" in page
    assert "Hai phiên bản giống hệt nhau" in said(
        keeper.get(address("compare", clone), {"voi": f"{clone.procedure.code}/{clone.version_no}"})
    )


def test_only_a_draft_can_be_edited(keeper: Client, draft):
    version = published(draft)

    for section in SECTIONS:
        answer = keeper.get(address("section", version, slug=section.slug), follow=True)
        assert answer.status_code == 200
    assert "không còn là bản thảo" in said(keeper.get(address("section", version, slug="chung"), follow=True))
    assert keeper.get(address("preview", version)).status_code == 200
