"""Every kind of field on its way: draft, check page, filing, the officer's desk, a supplement, papers, the API."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Officer
from agencies.states import Role
from core import scanner
from core.scanner import Outcome
from dossiers import desk_page
from dossiers.drafts import Draft
from dossiers.models import Dossier
from dossiers.papers.results import sources
from dossiers.services import drafting, supplement_answers, supplements
from dossiers.services.supplements import Wanted
from procedures import services
from tests.dossiers.filing_kit import answers_with, attach, draft, fileable, pdf
from tests.factories import (
    NINE,
    AgencyFactory,
    PersonFactory,
    VersionFactory,
    actor_of_person,
    officer_actor,
)
from tests.procedures.every_kind import EVERY_KIND, GOOD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clean_scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "scan", answers_with(Outcome.CLEAN))


def filled(**answers: Any) -> Dossier:
    dossier = draft(version=fileable(eform=EVERY_KIND))
    dossier.form_data = {**GOOD, **answers}
    dossier.received_at_unit = dossier.competent_agency = AgencyFactory.create()
    dossier.save()
    attach(dossier)
    dossier.refresh_from_db()
    return dossier


def client_of(dossier: Dossier) -> Client:
    client = Client()
    assert dossier.submitter.user is not None
    client.force_login(dossier.submitter.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def file(dossier: Dossier) -> None:
    page = client_of(dossier).post(
        reverse("dossiers:check", args=[dossier.tracking_no]),
        {"key": "k" * 32, "revision": dossier.form_revision, "cam_doan": "on"},
    )
    assert page.status_code == 302, page.content.decode()
    dossier.refresh_from_db()


def page_of(dossier: Dossier, page_id: str) -> str:
    return reverse("dossiers:draft_page", args=[dossier.tracking_no, page_id])


def test_a_filed_dossier_keeps_every_kind_with_its_worked_out_values():
    dossier = filled()
    attach(dossier, position=2)
    dossier.refresh_from_db()
    file(dossier)

    assert dossier.submitted_at is not None
    worked_out = {name: dossier.form_data[name] for name in ("so_nguoi", "tong_luong")}
    assert worked_out == {"so_nguoi": 2, "tong_luong": 11_500_000}
    assert {**GOOD, **worked_out, "tuoi": dossier.form_data["tuoi"]} == dossier.form_data


def test_the_form_requires_a_file_only_where_an_answer_calls_for_it():
    asked, not_asked = filled(), filled(co_so_khac=False)

    assert [problem.field for problem in Draft(asked, NINE).problems] == ["component.2"]
    assert Draft(not_asked, NINE).problems == []
    assert [slot.is_required for slot in Draft(asked, NINE).slots] == [True, True]


def test_a_page_that_nothing_asks_for_is_not_on_the_way():
    dossier = filled(co_so_khac=False)

    assert "thue-nha" not in [page.id for page in Draft(dossier, NINE).pages]
    assert client_of(dossier).get(page_of(dossier, "thue-nha")).status_code == 404


def test_an_answer_that_opens_a_page_leads_to_it():
    dossier = filled(co_so_khac=False)
    client = client_of(dossier)
    client.get(page_of(dossier, "nguoi-lam"))
    draft_now = Draft(dossier, NINE)
    assert [page.id for page in draft_now.pages][-1] == "nguoi-lam"
    dossier.form_data = {**dossier.form_data, "co_so_khac": True}
    dossier.save()

    shown = client.get(page_of(dossier, "thue-nha"))

    assert shown.status_code == 200
    assert "Lưu và tải tệp lên" in shown.content.decode()


def test_a_row_is_added_by_a_button_and_the_page_comes_back_at_the_rows():
    dossier = filled()
    client = client_of(dossier)
    address = page_of(dossier, "nguoi-lam")
    mark = client.get(address).context["mark"]

    answer = client.post(
        address,
        {"version": mark, "nguoi_lam-rows": "1", "nguoi_lam-0-ten": "An", "row-add": "nguoi_lam"},
    )

    assert answer["Location"] == f"{address}#id_nguoi_lam"
    dossier.refresh_from_db()
    assert dossier.form_data["nguoi_lam"] == [{"ten": "An"}, {}]


def test_saving_by_itself_tells_what_is_worked_out():
    dossier = filled()
    client = client_of(dossier)
    mark = client.get(page_of(dossier, "nguoi-lam")).context["mark"]

    answer = client.post(
        reverse("dossiers:draft_autosave", args=[dossier.tracking_no, "nguoi-lam"]),
        {"version": mark, "nguoi_lam-rows": "1", "nguoi_lam-0-ten": "An", "nguoi_lam-0-luong": "2.000.000"},
    )

    assert answer.json()["worked_out"] == {
        "so_nguoi": "1",
        "tong_luong": "2.000.000 đồng (hai triệu đồng)",
    }


def test_a_page_with_a_problem_can_be_sent_again():
    dossier = filled()
    client = client_of(dossier)
    address = page_of(dossier, "co-so")
    first = client.post(address, {"version": client.get(address).context["mark"], "dien_tich": "x"})
    again = client.post(address, {"version": first.context["mark"], "dien_tich": "y"})

    assert (first.status_code, again.status_code) == (422, 422)
    assert "x" not in again.context["conflict"]


def test_the_check_page_shows_rows_as_a_table_and_money_as_money():
    dossier = filled()
    page = client_of(dossier).get(reverse("dossiers:check", args=[dossier.tracking_no])).content.decode()

    assert '<td data-label="Tiền công tháng">7.500.000 đồng</td>' in page
    assert "11.500.000 đồng (mười một triệu năm trăm nghìn đồng)" in page
    assert "Phường Hải Châu" in page


def submitted() -> Dossier:
    dossier = filled()
    attach(dossier, position=2)
    dossier.refresh_from_db()
    file(dossier)
    return dossier


def test_the_officer_reads_every_kind_with_personal_numbers_masked():
    dossier = submitted()
    assert dossier.received_at_unit is not None
    officer = officer_actor(dossier.received_at_unit, Role.ONE_STOP_OFFICER)
    client = Client()
    client.force_login(Officer.objects.get(pk=officer.officer_id or 0).user)

    page = client.get(reverse("desk:dossier", args=[dossier.tracking_no])).content.decode()

    rows = {row.name: row.value for page_ in desk_page.answers(dossier) for row in page_.rows}
    assert rows["so_dinh_danh"] == rows["ma_thue"] == "•••••••••011"
    assert "048190000011" not in page
    assert '<td data-label="Tên">Lê Văn Mẫu</td>' in page


def test_a_result_may_take_over_any_answer_as_people_read_it():
    found = sources(submitted())

    assert found["form.tong_luong"] == "11.500.000 đồng (mười một triệu năm trăm nghìn đồng)"
    assert found["form.noi_o"] == "12 Trần Phú, Phường Hải Châu, Thành phố Đà Nẵng"
    assert found["form.nguoi_lam"].startswith("Người 1: Tên Lê Văn Mẫu")
    assert not {"form.luu_y", "form.gioi_thieu", "form.hop_dong_thue"} & set(found)


def test_rows_are_asked_again_in_a_supplement_and_what_stands_on_them_is_worked_out_again():
    dossier = submitted()
    assert dossier.received_at_unit is not None
    officer = officer_actor(dossier.received_at_unit, Role.ONE_STOP_OFFICER)
    wanted = Wanted(
        reason="inconsistent_data",
        guidance="Danh sách người làm thiếu một người. Hãy ghi lại danh sách người làm.",
        field="nguoi_lam",
    )
    assert {"nguoi_lam", "so_ban"} <= {one.name for one in supplements.askable_fields(dossier)}
    assert not {"luu_y", "tong_luong", "hop_dong_thue"} & {
        one.name for one in supplements.askable_fields(dossier)
    }
    request = supplements.request(
        dossier_id=dossier.pk, items=[wanted], actor=officer, at=dossier.submitted_at
    )
    client = client_of(dossier)
    page = client.get(reverse("dossiers:supplement", args=[dossier.tracking_no])).content.decode()
    assert page.count('name="row-remove"') == 5  # two rows, two to spare, the pattern

    item = request.items.get()
    supplement_answers.answer_question(
        item_id=item.pk,
        data={
            "nguoi_lam-0-ten": "Lê Văn Mẫu",
            "nguoi_lam-0-hop_dong": "co",
            "nguoi_lam-0-luong": "8.000.000",
            "nguoi_lam-2-ten": "",
        },
        actor=actor_of_person(dossier.submitter),
        at=dossier.submitted_at,
    )

    dossier.refresh_from_db()
    item.refresh_from_db()
    assert (dossier.form_data["so_nguoi"], dossier.form_data["tong_luong"]) == (1, 8_000_000)
    assert item.before_text.count("\n") == 1
    assert "8.000.000 đồng" in item.answer_text


def test_a_program_files_every_kind_as_json_and_reads_it_back():
    version = fileable(eform=EVERY_KIND)
    person = PersonFactory.create()
    client = Client()
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")

    def paper() -> io.BytesIO:
        content = io.BytesIO(pdf())
        content.name = "giay.pdf"
        return content

    def send(**parts: Any) -> Any:
        data = {
            "procedure": version.procedure.code,
            "unit": AgencyFactory.create().code,
            "form": json.dumps(GOOD),
            "component.1": paper(),
        }
        return client.post("/api/v1/dossiers/", data | parts, headers={"Idempotency-Key": "k"})

    refused = send()
    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == ["component.2"]
    answer = send(**{"component.2": paper()})
    assert answer.status_code == 201, answer.content
    form = client.get(answer.json()["links"]["self"]).json()["form"]
    assert form["nguoi_lam"] == GOOD["nguoi_lam"]
    assert form["tong_luong"] == 11_500_000


def test_a_draft_is_carried_with_what_changed_said():
    dossier = filled()
    raw = json.loads(json.dumps(EVERY_KIND))
    raw["pages"][1]["fields"][6] = {"name": "dong_cua", "label": "Giờ đóng cửa", "type": "time"}
    raw["pages"][2]["fields"][5]["max"] = 1
    raw["pages"][0]["sections"][1]["fields"][2]["required"] = True
    VersionFactory.create(
        procedure=dossier.procedure_version.procedure, version_no=2, eform=raw, applicant_categories=[]
    )

    changes = drafting.bring_up_to_date(
        dossier_id=dossier.pk, actor=actor_of_person(dossier.submitter), at=NINE
    )

    assert "Không còn câu hỏi: Giờ mở cửa." in changes
    assert "Có câu hỏi mới: Giờ đóng cửa." in changes
    assert "Câu trả lời cần xem lại: Số bản." in changes
    assert "Nay phải điền: Thư điện tử." in changes
    dossier.refresh_from_db()
    assert dossier.form_data["nguoi_lam"] == GOOD["nguoi_lam"]


def test_a_form_that_waits_for_a_file_nobody_uploads_is_not_opened():
    version = fileable(eform=EVERY_KIND)
    version.components.filter(name="Giấy tờ khác").delete()

    assert any("Hợp đồng thuê" in problem for problem in services.check_fileable(version))


def test_the_wards_of_a_city_are_named_for_the_page(client: Client):
    answer = client.get(reverse("procedures:communal_units", args=["48"]))

    assert len(answer.json()["units"]) == 94
    assert "max-age" in answer["Cache-Control"]
    assert client.get(reverse("procedures:communal_units", args=["99"])).status_code == 404
