from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agencies.states import Role
from core import scanner
from core.scanner import Outcome, Verdict
from designer import levels
from designer.levels import Filters
from procedures import services
from procedures.beside import Blocker, Guide
from procedures.models import Procedure, ProcedureVersion, SubmissionChannel
from procedures.services import blockers, guides
from procedures.states import GuideState, OnlineLevel, VersionStatus
from tests.designer.conftest import KEEPER, NOON
from tests.factories import AgencyFactory
from tests.procedures.test_guides import pdf
from tests.procedures.videos import webm

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(scanner, "scan", lambda content, **options: Verdict(Outcome.CLEAN))


@pytest.fixture
def live(draft: ProcedureVersion) -> ProcedureVersion:
    """A good service that takes filings."""
    AgencyFactory.create()
    services.approve(version_id=draft.pk, actor=KEEPER, at=NOON)
    services.publish(version_id=draft.pk, actor=KEEPER, at=NOON)
    draft.refresh_from_db()
    if not draft.is_fileable:
        services.open_for_filing(version_id=draft.pk, actor=KEEPER, at=NOON)
        draft.refresh_from_db()
    return draft


def at(page: str, version: ProcedureVersion, *more: Any) -> str:
    return reverse(f"designer:{page}", args=[version.procedure.code, *more])


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_an_administrator_adds_a_sample_and_people_find_it(
    keeper: Client, live: ProcedureVersion, client: Client
):
    file = upload("to-khai.pdf", pdf(2).getvalue())
    sent = keeper.post(at("guide_add", live, "sample"), {"title": "Tờ khai đã điền", "file": file})
    guide = Guide.objects.get()
    guides.prepare(guide_id=guide.pk, at=NOON)
    page = client.get(reverse("procedures:detail", args=[live.procedure.code])).content.decode()

    assert sent.status_code == 302
    assert "Tờ khai đã điền" in page
    assert "2 trang" in page
    assert "Tờ khai đã điền" in keeper.get(at("beside", live)).content.decode()


def test_a_video_without_words_is_refused_on_the_page_with_its_mend(keeper: Client, live: ProcedureVersion):
    answer = keeper.post(
        at("guide_add", live, "video"), {"title": "Cách nộp", "file": upload("a.webm", webm())}
    )

    assert answer.status_code == 422
    assert "lời trong video hoặc phụ đề" in answer.content.decode()
    assert not Guide.objects.exists()


def test_a_file_that_is_no_video_is_told_so(keeper: Client, live: ProcedureVersion):
    said = {"title": "Cách nộp", "transcript": "Lời", "file": upload("a.mp4", b"MZ" + bytes(50))}
    answer = keeper.post(at("guide_add", live, "video"), said)

    assert answer.status_code == 422
    assert "MP4, WebM" in answer.content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://a.vn/1",
        "https://",
        "https://a",
        'https://a.vn/"><script>',
        "https://a.vn/\u202e1",
    ],
)
def test_a_link_that_leads_nowhere_is_told_so(keeper: Client, live: ProcedureVersion, url: str):
    answer = keeper.post(at("guide_add", live, "link"), {"title": "Một", "url": url})

    assert answer.status_code == 422
    assert not Guide.objects.exists()


def test_guides_are_moved_replaced_changed_and_withdrawn_on_the_page(keeper: Client, live: ProcedureVersion):
    for title in ("Một", "Hai"):
        keeper.post(
            at("guide_add", live, "link"), {"title": title, "url": f"https://danang.gov.vn/{len(title)}"}
        )
    first, second = Guide.objects.order_by("position")

    keeper.post(at("guide_up", live, second.pk))
    keeper.post(at("guide_change", live, first.pk), {"title": "Một mới", "url": first.url})
    keeper.post(
        at("guide_add", live, "link") + f"?thay={second.pk}", {"title": "Ba", "url": "https://a.vn/3"}
    )
    keeper.post(at("guide_withdraw", live, first.pk), {"reason": "Hết dùng"})

    shown = Guide.objects.filter(state=GuideState.READY).order_by("position")
    assert [one.title for one in shown] == ["Ba"]
    page = keeper.get(at("beside", live)).content.decode()
    assert "Hết dùng" in page


@pytest.mark.parametrize("role", [Role.ONE_STOP_OFFICER, Role.AGENCY_HEAD])
def test_others_come_to_no_page_beside_a_procedure(officer_as: Any, live: ProcedureVersion, role: str):
    other = officer_as(role)

    assert other.get(at("beside", live)).status_code == 403
    assert other.post(at("put", live), {"catalogue": "internal"}).status_code == 403
    assert other.get(reverse("designer:other_services")).status_code == 403


def test_an_obstacle_has_the_answer_of_technology_and_is_published(
    keeper: Client, live: ProcedureVersion, client: Client
):
    agency = AgencyFactory.create()
    missing = keeper.post(at("blocker_add", live), {"kind": "identity", "legal_text": ""})
    ward = {"planned_on": "2026-12-31", "agency": agency.pk}
    sent = keeper.post(
        at("blocker_add", live), {"kind": "identity", "legal_text": "Luật A, điều 1", "plan": "", **ward}
    )
    again = keeper.post(at("blocker_add", live), {"kind": "identity", "legal_text": "Luật A, điều 1"})
    blocker = Blocker.objects.get()

    assert missing.status_code == 422
    assert sent.status_code == 302
    assert "VNeID" in blocker.plan
    assert again.status_code == 422
    assert "đã được ghi" in again.content.decode()
    keeper.post(at("blocker_resolve", live, blocker.pk))
    keeper.post(at("blocker_resolve", live, blocker.pk))
    blocker.refresh_from_db()
    assert blocker.resolved_at is not None


def test_a_day_needs_somebody_who_answers_for_it(keeper: Client, live: ProcedureVersion):
    said = {"kind": "other", "legal_text": "Luật A", "plan": "Sửa luật", "planned_on": "2026-12-31"}
    answer = keeper.post(at("blocker_add", live), said)

    assert answer.status_code == 422
    assert "cơ quan chịu trách nhiệm" in answer.content.decode()


def test_what_takes_filings_does_not_become_internal(keeper: Client, live: ProcedureVersion, client: Client):
    refused = keeper.post(at("put", live), {"catalogue": "internal"})
    services.close_for_filing(version_id=live.pk, actor=KEEPER, at=NOON)
    taken = keeper.post(at("put", live), {"catalogue": "internal", "reason": "Giữa các cơ quan"})
    live.procedure.refresh_from_db()

    assert refused.status_code == 422
    assert "ngừng nhận hồ sơ trước" in refused.content.decode()
    assert taken.status_code == 302
    assert live.procedure.catalogue == "internal"
    with pytest.raises(services.NotReady, match="nội bộ"):
        services.open_for_filing(version_id=live.pk, actor=KEEPER, at=NOON)
    own = client.get(reverse("procedures:catalogue", args=["thu-tuc-noi-bo"])).content.decode()
    everything = client.get(reverse("procedures:list")).content.decode()
    assert live.name in own
    assert live.name not in everything
    assert (
        "người dân không phải nộp"
        in client.get(reverse("procedures:detail", args=[live.procedure.code])).content.decode()
    )


def service(
    code: str, *, level: str = "full_online", online: int = 3, counter: int = 5, **more: Any
) -> ProcedureVersion:
    procedure = Procedure.objects.create(code=code)
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        status=VersionStatus.PUBLISHED,
        name=f"Dịch vụ {code}",
        name_sort=code,
        online_level=level,
        is_fileable=True,
        **more,
    )
    Procedure.objects.filter(pk=procedure.pk).update(current_version=version)
    for position, (channel, days) in enumerate((("online", online), ("counter", counter)), start=1):
        SubmissionChannel.objects.create(
            version=version,
            position=position,
            channel=channel,
            duration_value=days,
            duration_unit="working_day",
        )
    return version


def test_leaders_see_how_far_services_go_what_blocks_and_what_is_planned(
    officer_as: Any, django_assert_max_num_queries: Any
):
    agency = AgencyFactory.create()
    service("A", competent_agency_rule="commune_of_choice", counting_mode="same_day", online=1, counter=2)
    service("B", competent_agency_rule="fixed", competent_agency=agency, online=6, counter=5)
    half = service(
        "C", level="partial_online", partial_reason="presence_required", partial_basis="Luật A, điều 1"
    )
    blockers.add(
        procedure_id=half.procedure_id,
        kind="same_person",
        legal_text="Luật A, điều 1",
        plan="=HYPERLINK()",
        planned_on=date(2026, 1, 1),
        agency_id=agency.pk,
        actor=KEEPER,
        at=NOON,
    )
    found = levels.overview(Filters(), on=date(2026, 3, 1))

    assert (found.all.full, found.all.partial, found.all.information) == (2, 1, 0)
    assert {(str(row.label), row.full) for row in found.agencies} == {
        ("Phường, xã, đặc khu", 1),
        (agency.name, 1),
        ("Chưa xác định cơ quan", 0),
    }
    assert [(one.kind, one.services, one.planned, one.overdue) for one in found.blocking] == [
        ("same_person", 1, 1, 1)
    ]
    assert (found.speed.same_day, found.speed.quicker, found.speed.slower) == (1, 2, 1)
    assert [one.name for one in found.rows.rows] == ["Dịch vụ C"]

    head = officer_as(Role.AGENCY_HEAD)
    with django_assert_max_num_queries(30):
        page = head.get(reverse("designer:levels"))
    assert page.status_code == 200
    assert "Luật A, điều 1" in page.content.decode()
    table = b"".join(head.get(reverse("designer:levels_csv")).streaming_content).decode()
    assert len(table.strip().splitlines()) == 4
    assert "'=HYPERLINK()" in table
    narrowed = head.get(reverse("designer:levels"), {"co-quan": agency.code, "vuong-mac": "identity"})
    assert narrowed.status_code == 200
    assert officer_as(Role.SPECIALIST).get(reverse("designer:levels")).status_code == 403


@pytest.mark.parametrize(
    ("level", "title"),
    [("partial_online", "Dịch vụ trực tuyến một phần"), ("information_only", "Chưa nộp trực tuyến được")],
)
def test_everybody_reads_how_far_a_service_goes_and_what_that_was_called_before(
    client: Client, level: str, title: str
):
    service(
        "1.000009", level=level, legacy_level=3, partial_reason="presence_required", partial_basis="Luật A"
    )
    html = client.get(reverse("procedures:detail", args=["1.000009"])).content.decode()

    assert f"{OnlineLevel(level).label}</strong> (mức độ 3 theo cách gọi trước 2022)" in html
    assert title in html
    assert "Luật A" in html


CSV = (
    "Mã;Tên;Danh mục;Lĩnh vực;Đơn vị cung cấp;Hình thức nộp;Thời hạn;Đơn vị thời hạn;Phí (đồng);Giấy tờ\n"
    'DN.1;Lắp đồng hồ nước;dich vu su nghiep cong;Cấp nước;Công ty A;"Trực tuyến; Trực tiếp";5;ngày làm việc;50.000;"Đơn; Bản sao"\n'
)


def bring(keeper: Client, text: str, name: str = "a.csv", **more: str) -> Any:
    return keeper.post(reverse("designer:other_services"), {"file": upload(name, text.encode()), **more})


def test_services_of_another_catalogue_come_from_a_table(keeper: Client, client: Client):
    checked = bring(keeper, CSV, only_check="1")
    assert not Procedure.objects.exists()
    first = bring(keeper, CSV).content.decode()
    second = bring(keeper, CSV).content.decode()
    third = bring(keeper, CSV.replace("Công ty A", "Công ty B")).content.decode()

    assert "chưa ghi gì" in checked.content.decode()
    assert "Thêm mới 1" in first
    assert "không đổi 1" in second
    assert "phiên bản mới 1" in third
    own = client.get(reverse("procedures:catalogue", args=["dich-vu-su-nghiep-cong"]), {"q": "dong ho nuoc"})
    assert ">DN.1<" in own.content.decode()
    assert ">DN.1<" not in client.get(reverse("procedures:list")).content.decode()
    page = client.get(reverse("procedures:detail", args=["DN.1"])).content.decode()
    assert "Công ty B" in page
    assert "50.000" in page


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("DN.1", "có dấu"), "Dòng 1, Mã"),
        (("dich vu su nghiep cong", "khác"), "Dòng 1, Danh mục"),
        (("dich vu su nghiep cong", "thủ tục hành chính"), "danh mục quốc gia"),
        (("dich vu su nghiep cong", "Thủ tục hành chính nội bộ"), "không nhận hồ sơ trực tuyến"),
        (("Công ty A", ""), "Thiếu “Đơn vị cung cấp”"),
        (("50.000", "50"), "thiếu hàng nghìn"),
        (("50.000", "mười"), "Dòng 1, Phí (đồng)"),
        ((";5;ngày làm việc", ";năm;ngày làm việc"), "phải là một con số"),
        ((";5;ngày làm việc", ";5;"), "phải có đơn vị"),
        (("Giấy tờ\n", "Màu\n"), "Không có cột “Màu”"),
        ((CSV, ""), "trống"),
    ],
)
def test_a_wrong_table_is_told_cell_by_cell_and_nothing_is_written(
    keeper: Client, change: tuple[str, str], told: str
):
    answer = bring(keeper, CSV.replace(*change))

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Procedure.objects.exists()


def test_services_come_from_yaml_and_not_over_an_administrative_procedure(
    keeper: Client, live: ProcedureVersion
):
    text = "- {code: %s, name: Khác, catalogue: non_onestop, provider: Sở A, papers: [Đơn, Ảnh]}\n"

    over = bring(keeper, text % live.procedure.code, "a.yaml")
    taken = bring(keeper, text % "DN.2", "a.yaml")
    broken = bring(keeper, "- [", "a.yaml")

    assert over.status_code == 422
    assert "đang thuộc danh mục" in over.content.decode()
    assert "Thêm mới 1" in taken.content.decode()
    assert broken.status_code == 422
    assert keeper.get(reverse("designer:other_services_example")).content.decode().count("\n") == 2


def test_the_example_table_is_taken_as_it_is(keeper: Client):
    table = keeper.get(reverse("designer:other_services_example")).content.decode()

    assert "Thêm mới 1" in bring(keeper, table).content.decode()
