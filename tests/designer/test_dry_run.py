"""A dry run goes every way through a draft, and finds what only walking finds."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.utils import timezone

from agencies.models import Agency, Officer, OfficerRole
from agencies.states import AgencyKind, Role
from core import pdf
from designer import dry_run
from designer.dry_run import playing
from dossiers import papers
from dossiers.states import Form
from procedures import demo, document
from procedures.models import Procedure, ProcedureVersion
from procedures.trying.lint import lint
from tests.designer.kit import dry, good, played, question, rules, step
from tests.dossiers.conftest import clean_scanner  # noqa: F401  (fixture)
from tests.factories import AgencyFactory, OfficerFactory, VersionFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("clean_scanner"),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]

Said = dict[str, Any]


def test_a_good_service_is_walked_to_its_end_on_every_way() -> None:
    AgencyFactory.create_batch(2)

    outcomes = played(good())

    assert [one for outcome in outcomes for one in outcome.findings] == []
    assert {outcome.way for outcome in outcomes} == set(dry_run.WAYS) - {"without_optional"}
    assert [outcome.applicant for outcome in outcomes if outcome.way == "granted"] == [0, 1]
    assert all(line["ok"] for outcome in outcomes for line in outcome.lines)
    first = outcomes[0]
    assert [line["what"] for line in first.lines][-1] == "Nhận kết quả điện tử"
    assert [one["form"] for one in first.papers] == ["acknowledgement", "receipt", "result", "control_sheet"]
    assert [one["topic"] for one in first.messages] == [
        "dossier.submit",
        "dossier.accept",
        "dossier.issue",
        "dossier.hand_over",
    ]
    assert all(one["vi"]["body"] != one["en"]["body"] for one in first.messages)
    assert first.messages[1]["own"] == {"vi": "Đã tiếp nhận.", "en": "Received."}
    forms = {one["form"] for outcome in outcomes for one in outcome.papers}
    assert forms == {*Form.values, "result"}
    for outcome in outcomes:
        for content in outcome.files.values():
            text = "".join(
                page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(content))
            )
            assert "CHẠY THỬ" in text


def test_steps_on_condition_optional_and_side_by_side_are_walked() -> None:
    def change(said: Said) -> None:
        said["steps"][1:2] = [
            step("Thẩm định", "examine", "specialist", 1),
            step("Kiểm tra thực địa", "verify", "specialist", 0.5, is_optional=True),
            step("Xem quy hoạch", "examine", "specialist", 0.5, group=1),
            step("Xem giao thông", "review", "unit_leader", 0.5, group=1),
            step("Xem giấy phép", "review", "unit_leader", 0, condition={"field": "muc_dich", "equals": "b"}),
        ]
        said["steps"][5]["time"]["value"] = 0.1
        said["steps"][1]["time"]["value"] = 0.9

    AgencyFactory.create()
    outcomes = played(good(change), "granted", "without_optional")

    assert [one for outcome in outcomes for one in outcome.findings] == []
    done = [[line["what"] for line in outcome.lines] for outcome in outcomes]
    assert [
        {"conditional": any("Xem giấy phép" in what for what in lines), "way": outcome.way}
        for lines, outcome in zip(done, outcomes, strict=True)
    ] == [
        {"conditional": False, "way": "granted"},
        {"conditional": True, "way": "granted"},
        {"conditional": False, "way": "without_optional"},
    ]
    assert "Chuyển bước “Kiểm tra thực địa”" in done[0]
    assert "Bỏ qua bước “Kiểm tra thực địa”" in done[2]
    assert "Chuyển bước “Xem giao thông”" in done[0]


def test_organisations_file_what_is_for_organisations_alone() -> None:
    def change(said: Said) -> None:
        said["applicant_categories"] = ["enterprise"]
        said["eform"]["pages"][0]["fields"].append(
            question("ma_so", "Mã số", "organisation_code", prefill="organisation.code", readonly=True)
        )

    AgencyFactory.create()
    (first, *_others) = played(good(change), "granted")

    assert first.findings == []
    assert first.lines[-1]["what"] == "Nhận kết quả điện tử"


def place_of_a_question_that_not_everybody_is_asked(said: Said) -> None:
    template = said["results"][0]["template"]
    template["fields"].append(
        {"name": "so_gp", "label": "Số giấy phép", "required": True, "prefill": "form.so_giay_phep_xd"}
    )
    template["paragraphs"].append("Theo giấy phép {so_gp}.")


def step_that_nobody_can_finish(said: Said) -> None:
    said["steps"][1]["time"]["value"] = 1
    said["steps"].insert(2, step("Duyệt", "review", "agency_head", 1))


def rules_that_exclude_each_other(said: Said) -> None:
    page = said["eform"]["pages"][1]["fields"]
    page.append(question("dien_tich_them", "Diện tích thêm (m²)", "decimal", min=1, required=True))
    page[2]["required"] = True
    said["eform"]["rules"] = [
        {
            "field": "dien_tich_them",
            "check": {
                "all": [
                    {"field": "dien_tich_them", "greater": {"field": "dien_tich"}},
                    {"field": "dien_tich_them", "less": {"field": "dien_tich"}},
                ]
            },
            "problem": "Diện tích thêm phải lớn hơn.",
            "problem_en": "More.",
        }
    ]


def step_for_a_choice_that_is_gone(said: Said) -> None:
    said["steps"][1]["time"]["value"] = 1
    said["steps"].insert(
        2, step("Xem cưới", "examine", "specialist", 1, condition={"field": "muc_dich", "equals": "cuoi"})
    )


def promised_today_but_done_in_three_days(said: Said) -> None:
    said["clock"] = {"counting_mode": "same_day"}


def fee_beyond_every_bound(said: Said) -> None:
    for channel in said["channels"]:
        # Each is within the bound of one line, together they are beyond that of a notice.
        channel["fees"] = [{**channel["fees"][0], "amount_vnd": 1_000_000_000_000}] * 2


def telephone_of_a_whole_sentence(said: Said) -> None:
    said["eform"]["pages"][0]["fields"][1] = question(
        "dien_thoai",
        "Điện thoại",
        prefill="person.phone",
        example="0905 123 456 hoặc 0236 388 8888 trong giờ",
        example_en="0905 123 456 or 0236 388 8888 in office hours",
        required=True,
    )


def linked_procedure_that_is_closed(said: Said) -> None:
    closed = VersionFactory.create(
        is_fileable=False, procedure=Procedure.objects.create(code="8.000001"), name="Việc khác"
    )
    said["links"] = [{"procedure": closed.procedure.code, "answers": {}}]


FAULTS: list[tuple[Callable[[Said], None], str, str]] = [
    (place_of_a_question_that_not_everybody_is_asked, "place_empty", "results[0].template.so_gp"),
    (step_that_nobody_can_finish, "step_never_done", "steps[2]"),
    (rules_that_exclude_each_other, "rule_unmet", "eform.dien_tich_them"),
    (step_for_a_choice_that_is_gone, "step_never_reached", "steps[2].condition"),
    (promised_today_but_done_in_three_days, "steps_too_long", "steps"),
    (fee_beyond_every_bound, "refused", "channels"),
    (telephone_of_a_whole_sentence, "broke", "eform"),
    (linked_procedure_that_is_closed, "not_fileable", ""),
]


@pytest.mark.parametrize(("plant", "rule", "path"), FAULTS, ids=[plant.__name__ for plant, _r, _p in FAULTS])
def test_a_fault_that_only_walking_finds(plant: Callable[[Said], None], rule: str, path: str) -> None:
    said = good(plant)
    before = {one.rule for one in lint(said, today=timezone.localdate()) if one.is_red}

    found = dry(said, "granted", "paid_for")

    assert (rule, path) in {(one.rule, one.path) for one in found if one.is_red}
    assert before == set()


def with_agency(**fields: Any) -> tuple[Said, Any]:
    agency = AgencyFactory.create(**fields)

    def change(said: Said) -> None:
        said["deciding"] = {"rule": "fixed", "agency": agency.code}

    return good(change), agency


def employ(agency: Any, role: str, **fields: Any) -> Officer:
    officer = OfficerFactory.create(**fields)
    OfficerRole.objects.create(
        officer=officer, agency=agency, role=role, valid_from=timezone.now() - timedelta(days=1)
    )
    return officer


def test_an_agency_without_officers_or_keys_is_found() -> None:
    said, agency = with_agency()
    at = timezone.now()

    assert rules(dry_run.programme(said, at=at).findings) == {"nobody_holds_role", "no_seal"}
    for role in (Role.ONE_STOP_OFFICER, Role.SPECIALIST, Role.SIGNER, Role.CLERK):
        employ(agency, role)
    assert rules(dry_run.programme(said, at=at).findings) == {"no_seal", "no_signing_key"}
    employ(agency, Role.SIGNER, signing_key_id="signer")
    agency.seal_key_id = "agency"
    agency.save()
    assert dry_run.programme(said, at=at).findings == []


def test_without_any_agency_nothing_can_be_played() -> None:
    assert rules(played(good(), "granted")[0].findings) == {"no_agency"}


def test_a_paper_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(paper: Any) -> Any:
        raise papers.RowsMissing("something")

    monkeypatch.setattr(papers, "compose", broken)
    found = dry(good(), "refused_at_intake")

    assert "paper_not_made" in rules(found)


def test_a_message_in_one_language_is_told() -> None:
    def change(said: Said) -> None:
        said["messages"] = {"dossier.accept": {"vi": "Đã tiếp nhận.", "en": ""}}

    found = dry(good(change), "granted")

    assert {one.path for one in found if one.rule == "message_without_english"} == {"messages.dossier.accept"}


def test_an_optional_place_that_nobody_fills_is_told_once() -> None:
    def change(said: Said) -> None:
        template = said["results"][0]["template"]
        template["fields"].append({"name": "ma", "label": "Mã số", "prefill": "owner.code"})
        template["paragraphs"].append("Mã số: {ma}.")

    AgencyFactory.create()
    places: dict[str, bool] = {}
    for outcome in played(good(change), "granted"):
        assert outcome.findings == []
        places |= outcome.places

    assert [one.path for one in dry_run.never_filled(places)] == ["results[0].template.ma"]


def test_rules_between_answers_are_fulfilled_by_the_applicants() -> None:
    def change(said: Said) -> None:
        page = said["eform"]["pages"][1]["fields"]
        page[3]["required"] = True
        page.append(question("ngay_ket_thuc", "Ngày kết thúc", "date", required=True))
        said["eform"]["rules"] = [
            {
                "field": "ngay_ket_thuc",
                "check": {"field": "ngay_ket_thuc", "greater": {"field": "ngay_bat_dau"}},
                "problem": "Ngày kết thúc phải sau ngày bắt đầu.",
                "problem_en": "The end must be after the beginning.",
            }
        ]

    todo = dry_run.programme(good(change), at=timezone.now())

    assert rules(todo.findings) == set()
    assert all(one.answers["ngay_ket_thuc"] > one.answers["ngay_bat_dau"] for one in todo.applicants)


def test_a_broken_step_is_told_and_the_other_plays_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from dossiers.services import intake

    def broken(**arguments: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(intake, "refuse", broken)
    AgencyFactory.create()
    outcomes = played(good(), "refused_at_intake", "supplement_at_intake")

    assert [sorted(rules(one.findings)) for one in outcomes] == [[], ["broke"]]


def test_the_sheet_says_on_every_paper_that_it_is_a_sample() -> None:
    sheet = '<article class="paper">\n<p>x</p></article>'

    assert playing.marked(sheet).startswith('<article class="paper"><p class="paper__watermark"')


@pytest.mark.parametrize("code", ["1.004873", "1.000703"])
def test_the_demonstration_services_come_through(code: str) -> None:
    calendar = AgencyFactory.create().calendar
    Agency.objects.create(
        code="H17.05", name="Sở Xây dựng (minh họa)", kind=AgencyKind.DEPARTMENT, calendar=calendar
    )
    demo.load()
    version = ProcedureVersion.objects.get(current_of__code=code)

    outcomes = played(document.of_version(version), "supplement_in_process", "corrected")

    assert [one for outcome in outcomes for one in outcome.findings] == []


def test_files_of_a_play_go_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    AgencyFactory.create()

    played(good(), "granted")

    assert list(tmp_path.iterdir()) == []
