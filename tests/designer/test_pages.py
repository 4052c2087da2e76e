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
