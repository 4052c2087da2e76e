"""Planted faults are found, each by its rule, and a good service is left in peace."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from procedures import document
from procedures.trying.lint import lint

TODAY = date(2026, 3, 2)
DAY = "working_day"


def question(name: str, label: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"name": name, "label": label, "label_en": f"{label} (en)", "type": kind, **more}


def step(name: str, kind: str, role: str, days: float, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "role": role, "time": {"value": days, "unit": DAY}, **more}


def upload(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "name_en": f"{name} (en)", **more}


def channel(kind: str, days: float, *fees: dict[str, Any]) -> dict[str, Any]:
    return {"channel": kind, "time": {"value": days, "unit": DAY}, "fees": list(fees)}


GOOD: dict[str, Any] = {
    "format": document.FORMAT,
    "code": "9.000001",
    "name": "Cấp giấy phép dùng tạm vỉa hè (minh họa)",
    "name_en": "Licence to use a pavement for a time (demonstration)",
    "levels": ["commune"],
    "applicant_categories": ["citizen"],
    "decision": {"number": "12/QĐ-UBND", "signed_on": "2026-01-10", "kind": "new"},
    "effective_from": "2026-02-01",
    "published": {"execution_sequence": "Bước 1: nộp. Bước 2: nhận.", "authority": "Ủy ban nhân dân phường"},
    "channels": [
        channel("online", 3, {"kind": "charge", "amount_vnd": 20_000}),
        channel("counter", 4, {"kind": "charge", "amount_vnd": 20_000}),
    ],
    "papers": [{"name": "Sơ đồ vị trí", "originals": 1}],
    "legal_bases": [{"code": "165/2024/NĐ-CP", "title": "Về hạ tầng đường bộ"}],
    "guidance": "Nộp trước ngày cần dùng 5 ngày làm việc.",
    "guidance_en": "File five working days before.",
    "online": {"level": "full_online"},
    "deciding": {"rule": "commune_of_choice"},
    "eform": {
        "pages": [
            {
                "id": "nguoi-nop",
                "title": "Người nộp",
                "title_en": "Applicant",
                "fields": [
                    question("ho_ten", "Họ và tên", prefill="person.full_name", readonly=True),
                    question("dien_thoai", "Điện thoại", "phone", prefill="person.phone"),
                ],
            },
            {
                "id": "via-he",
                "title": "Vỉa hè",
                "title_en": "Pavement",
                "fields": [
                    question(
                        "muc_dich",
                        "Dùng để làm gì",
                        "choice",
                        choices=[["a", "Đám cưới", "Wedding"], ["b", "Xây nhà", "Building"]],
                    ),
                    question(
                        "so_giay_phep_xd",
                        "Số giấy phép xây dựng",
                        show_when={"field": "muc_dich", "equals": "b"},
                    ),
                    question("dien_tich", "Diện tích (m²)", "decimal", min=1),
                    question("ngay_bat_dau", "Ngày bắt đầu dùng", "date"),
                ],
            },
        ]
    },
    "uploads": [upload("Sơ đồ vị trí", accepted_sources=["upload_plain"])],
    "steps": [
        step("Tiếp nhận", "receive", "one_stop_officer", 0.5),
        step("Thẩm định", "examine", "specialist", 2),
        step("Ký", "sign", "signer", 0.25),
        step("Cấp số", "issue", "clerk", 0.25),
    ],
    "results": [
        {
            "name": "Giấy phép dùng tạm vỉa hè",
            "symbol": "GP-UBND",
            "validity_months": 1,
            "is_licence": True,
            "inspector_classes": ["order"],
            "template": {
                "title": "GIẤY PHÉP",
                "paragraphs": ["Cho phép ông/bà {ho_ten} dùng tạm vỉa hè."],
                "fields": [
                    {"name": "ho_ten", "label": "Họ và tên", "required": True, "prefill": "form.ho_ten"}
                ],
                "signature_title": "CHỦ TỊCH",
            },
        }
    ],
    "messages": {"dossier.accept": {"vi": "Đã tiếp nhận.", "en": "Received."}},
}


UNTIL_MOVED = {
    "validity_months": None,
    "until_event": "chủ giấy phép chuyển đi",
    "until_event_en": "the holder moves",
}


def found(said: dict[str, Any]) -> dict[str, str]:
    return {one.rule: one.path for one in lint(document.parse(said), today=TODAY)}


def test_a_good_service_is_left_in_peace() -> None:
    assert found(GOOD) == {}


def test_a_reissue_leads_to_a_service_of_the_catalogue() -> None:
    said = copy.deepcopy(GOOD)
    said["results"][0]["reissue_procedure"] = "9.000077"
    read = document.parse(said)

    rules = {
        codes: [one.rule for one in lint(read, today=TODAY, codes=codes)]
        for codes in (frozenset[str](), frozenset({"9.000077"}))
    }

    assert list(rules.values()) == [["reissue_unknown"], []]


def test_a_licence_that_an_event_ends_needs_no_months() -> None:
    said = copy.deepcopy(GOOD)
    said["results"][0].update(UNTIL_MOVED)

    assert found(said) == {}


def at(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Plant a value at a path such as steps.1.role; a path that ends in + adds to a list."""

    def plant(said: dict[str, Any]) -> None:
        *way, last = path.split(".")
        here: Any = said
        for part in way:
            here = here[int(part)] if part.isdigit() else here[part]
        if last == "+":
            here.append(value)
        elif last.isdigit():
            here[int(last)] = value
        else:
            here[last] = value

    return plant


def twenty_more(fields: list[dict[str, Any]]) -> None:
    fields += [question(f"cau_{n}", f"Câu hỏi thứ {n}") for n in range(20)]


FIELD = "eform.pages.1.fields.+"
UPLOAD = "uploads.+"
PLANTED: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("legal_part_missing", at("decision.number", "")),
    ("legal_part_missing", at("effective_from", None)),
    ("legal_part_missing", at("published.execution_sequence", "")),
    ("legal_part_missing", at("published.authority", "")),
    ("legal_part_missing", at("applicant_categories", [])),
    ("no_legal_basis", at("legal_bases", [])),
    ("dates_in_disorder", at("effective_to", "2026-01-31")),
    ("already_over", at("effective_to", "2026-02-15")),
    ("in_force_before_signed", at("decision.signed_on", "2026-02-02")),
    ("partial_without_reason", at("online", {"level": "partial_online"})),
    ("full_online_asks_to_come", at("guidance", "Mang bản chính đến trực tiếp phường.")),
    ("no_deciding_agency", at("deciding", {"rule": "fixed"})),
    ("level_and_agency_differ", at("levels", ["province"])),
    ("district_level", at("guidance", "Nộp tại UBND quận Hải Châu.")),
    ("district_level", at("steps.1.name", "Phòng Tư pháp thẩm định")),
    ("linked_to_itself", at("links", [{"procedure": "9.000001"}])),
    ("link_reads_nothing", at("links", [{"procedure": "9.2", "answers": {"a": "khong_co"}}])),
    ("not_online", at("channels", [channel("counter", 3)])),
    ("several_online_times", at("channels.+", channel("online", 5))),
    ("no_time", at("channels.0.time", {})),
    ("online_slower", at("channels.1.time.value", 2)),
    ("reduced_too_far", at("channels.1.time.value", 10)),
    ("times_of_two_kinds", at("channels.1.time.unit", "day")),
    ("steps_do_not_add_up", at("steps.1.time.value", 2.5)),
    ("steps_of_other_time", at("steps.1.time.unit", "day")),
    ("lost_thousands", at("channels.0.fees.0.amount_vnd", 20)),
    ("free_contradicted", at("channels.0.fees.0.text", "Miễn phí")),
    ("fee_without_amount", at("channels.0.fees.+", {"kind": "fee"})),
    ("fee_or_charge", at("channels.0.fees.0.kind", "")),
    ("online_dearer", at("channels.0.fees.0.amount_vnd", 30_000)),
    ("asks_for_held_data", at(FIELD, question("ngay_sinh", "Ngày sinh", "date", not_future=True))),
    ("asks_for_held_data", at(FIELD, question("so_cccd", "Số căn cước", "personal_number"))),
    ("kind_does_not_check", at(FIELD, question("email_khac", "Email người liên hệ"))),
    ("birthday_in_future", at(FIELD, question("ngay_sinh_con", "Ngày sinh của con", "date"))),
    (
        "unreachable",
        at(
            FIELD,
            question(
                "khong_ai_hoi",
                "Câu không ai được hỏi",
                show_when={
                    "all": [{"field": "muc_dich", "equals": "a"}, {"field": "muc_dich", "equals": "b"}]
                },
            ),
        ),
    ),
    (
        "no_example",
        at(
            FIELD,
            question(
                "bien_so",
                "Biển số xe",
                required=True,
                pattern="[0-9]{2}[A-Z]{2}X[0-9]{5}",
                pattern_problem="Viết liền.",
                pattern_problem_en="One word.",
            ),
        ),
    ),
    ("sensitive_data", at(FIELD, question("ton_giao", "Tôn giáo"))),
    (
        "long_choice",
        at(
            FIELD,
            question(
                "nuoc", "Nước đến", "choice", choices=[[str(n), f"Nước {n}", f"C{n}"] for n in range(20)]
            ),
        ),
    ),
    ("long_page", lambda said: twenty_more(said["eform"]["pages"][1]["fields"])),
    ("no_form", at("eform", {})),
    ("paper_that_is_held", at(UPLOAD, upload("Bản sao thẻ căn cước"))),
    ("paper_that_is_held", at(UPLOAD, upload("Giấy chứng nhận đăng ký doanh nghiệp"))),
    ("paper_before_data", at("uploads.0.accepted_sources", ["upload_plain", "vault_item"])),
    ("source_twice", at("uploads.0.accepted_sources", ["upload_plain", "upload_plain"])),
    ("source_not_asked", at("uploads.0.accepted_sources", ["data_other_register", "upload_plain"])),
    ("source_not_asked", at("uploads.0.accepted_sources", ["result_repository", "upload_plain"])),
    ("source_not_asked", at("uploads.0.accepted_sources", ["data_population_db", "upload_plain"])),
    ("result_not_digitised", at(UPLOAD, upload("Giấy phép cũ", kind="prior_result", is_digitised=False))),
    ("online_asks_for_paper", at("uploads.0.accepted_sources", ["paper_original"])),
    ("certified_copy", at(UPLOAD, upload("Bằng cấp, bản sao chứng thực"))),
    ("component_twice", at(UPLOAD, upload("Sơ đồ vị trí"))),
    ("paper_without_amount", at("papers.0.originals", 0)),
    ("when_is_it_needed", at(UPLOAD, upload("Ảnh hiện trạng", is_required=False))),
    ("step_missing", lambda said: said["steps"].pop(2)),
    ("receive_not_first", lambda said: said["steps"].insert(0, said["steps"].pop(1))),
    ("issued_before_signed", lambda said: said["steps"].append(said["steps"].pop(2))),
    ("examined_after_signed", lambda said: said["steps"].append(said["steps"].pop(1))),
    ("role_does_not_fit", at("steps.2.role", "clerk")),
    ("step_without_time", at("steps.3.time.value", 0)),
    ("needed_step_may_be_left_out", at("steps.2.is_optional", True)),
    ("step_reads_nothing", at("steps.1.condition", {"field": "khong_co", "equals": "a"})),
    ("group_of_one", at("steps.1.group", 1)),
    ("step_twice", at("steps.1.name", "Ký")),
    ("no_template", at("results.0.template", {})),
    ("no_symbol", at("results.0.symbol", "")),
    ("licence_without_validity", at("results.0.validity_months", None)),
    ("event_begins_twice", at("results.0.until_event", "đến khi chủ giấy phép chuyển đi")),
    ("event_is_a_period", at("results.0.until_event", "hết 6 tháng kể từ ngày cấp")),
    ("renewal_without_end", lambda said: said["results"][0].update(UNTIL_MOVED, renewal_days=30)),
    ("no_english", at("results.0.until_event", "chủ giấy phép chuyển đi")),
    ("licence_without_qr", at("results.0.has_qr", False)),
    ("nobody_inspects", at("results.0.inspector_classes", [])),
    ("renewed_before_given", at("results.0.renewal_days", 60)),
    ("reissued_by_itself", at("results.0.reissue_procedure", "9.000001")),
    ("place_not_used", at("results.0.template.fields.+", {"name": "thua", "label": "Thừa"})),
    ("typed_again", at("results.0.template.fields.0.prefill", "")),
    ("vague_label", at(FIELD, question("khac", "Thông tin khác"))),
    ("vague_label", at(UPLOAD, upload("Các giấy tờ khác có liên quan"))),
    ("long_label", at(FIELD, question("dai", "Ông/bà hãy cho biết " + "rất dài " * 25))),
    ("shouted_label", at(FIELD, question("to", "MỤC ĐÍCH"))),
    ("label_with_colon", at(FIELD, question("cham", "Lý do dùng:"))),
    ("label_twice", at(FIELD, question("lan_hai", "Ngày bắt đầu dùng", "date"))),
    ("hint_repeats", at("eform.pages.1.fields.3.hint", "Ngày bắt đầu dùng.")),
    ("no_short_name", at("name", "Cấp giấy phép " + "rất dài " * 20)),
    ("no_guidance", at("guidance", "")),
    ("no_english", at("eform.pages.1.title_en", "")),
    ("no_english", at("name_en", "")),
    ("no_english", at("eform.pages.1.fields.3.label_en", "")),
    ("message_without_words", at("messages", {"dossier.accept": {"en": "Received."}})),
    (
        "message_without_deadline",
        at("messages", {"dossier.request_supplement": {"vi": "Hãy bổ sung.", "en": "Add it."}}),
    ),
    ("message_not_translated", at("messages", {"dossier.accept": {"vi": "Đã nhận.", "en": "Đã nhận."}})),
    (
        "foreigners_shut_out",
        lambda said: (
            at("applicant_categories", ["citizen", "foreigner"])(said),
            at(FIELD, question("so_dd", "Số định danh người đi cùng", "personal_number", required=True))(
                said
            ),
        ),
    ),
]


HARMLESS: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    (
        "sensitive_data",
        at(FIELD, {**question("dan_toc", "Dân tộc"), "hint": "Luật bắt ghi.", "hint_en": "By law."}),
    ),
    (
        "typed_again",
        at("results.0.template.fields.+", {"name": "an_tich", "label": "Án tích", "required": True}),
    ),
]


@pytest.mark.parametrize(("rule", "plant"), HARMLESS)
def test_what_has_its_reason_is_left_in_peace(rule: str, plant: Callable[[dict[str, Any]], Any]) -> None:
    said = copy.deepcopy(GOOD)
    plant(said)
    assert rule not in found(said)


def test_a_known_number_does_not_help_a_foreigner_who_has_none() -> None:
    said = copy.deepcopy(GOOD)
    said["applicant_categories"] = ["citizen", "foreigner"]
    at(
        FIELD,
        question(
            "so_dd", "Số định danh", "personal_number", required=True, prefill="person.personal_id_number"
        ),
    )(said)
    assert "foreigners_shut_out" in found(said)


def test_at_least_fifty_faults_are_planted() -> None:
    assert len(PLANTED) >= 50
    assert len({rule for rule, _plant in PLANTED}) >= 50


@pytest.mark.parametrize(
    ("rule", "plant"), PLANTED, ids=[f"{n}-{rule}" for n, (rule, _p) in enumerate(PLANTED)]
)
def test_a_planted_fault_is_found(rule: str, plant: Callable[[dict[str, Any]], Any]) -> None:
    said = copy.deepcopy(GOOD)
    plant(said)
    assert rule in found(said)


def test_red_findings_come_first_and_each_says_its_mend() -> None:
    said = copy.deepcopy(GOOD)
    at("legal_bases", [])(said)
    at("name_en", "")(said)
    findings = lint(document.parse(said), today=TODAY)
    assert [one.is_red for one in findings] == [True, False]
    assert all(len(one.text.split(".")) >= 2 for one in findings)


def test_a_procedure_that_is_only_described_needs_no_form_and_no_english() -> None:
    told = {
        key: GOOD[key] for key in ("format", "code", "name", "levels", "applicant_categories", "decision")
    }
    told |= {key: GOOD[key] for key in ("effective_from", "published", "papers", "legal_bases")}
    told |= {"channels": [channel("counter", 3)], "results": [{"name": "Giấy phép"}]}
    assert found(told) == {}
