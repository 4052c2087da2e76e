from __future__ import annotations

import gzip
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Agency
from procedures import demo, services
from procedures.importing import doubts, writing
from procedures.importing.lines import MalformedFile, inspect, read
from procedures.importing.records import BadRecord, parse
from procedures.importing.report import Report
from procedures.importing.run import import_file
from procedures.models import (
    Component,
    LegalBasis,
    Procedure,
    ProcedureVersion,
    ReviewFlag,
    SearchWord,
    SubmissionChannel,
)
from procedures.search import phrases
from procedures.states import FlagReason, VersionStatus
from tests.factories import NINE

RECORD: dict[str, Any] = {
    "code": "1.000001",
    "name": "Cấp giấy phép thử",
    "decision": "1/QĐ-BTP",
    "ministry": "Bộ Tư pháp",
    "levels": ["commune"],
    "levels_text": "Cấp xã",
    "kind": "TTHC được giao luật quy định chi tiết",
    "field": "Hộ tịch",
    "audiences": ["citizen"],
    "audiences_text": "Công dân Việt Nam",
    "steps": "Bước 1: nộp hồ sơ.",
    "methods": [
        {
            "channel": "online",
            "duration_value": 3,
            "duration_unit": "working_day",
            "duration_text": "3 Ngày làm việc",
            "fees": [{"kind": "charge", "amount_vnd": 50000, "text": "50,000 VNĐ"}],
            "note": None,
        }
    ],
    "methods_text": "Trực tuyến3 Ngày làm việc",
    "components": [{"group": None, "name": "Tờ khai", "form": "TK.docx", "originals": 1, "copies": 0}],
    "components_text": "Tờ khai",
    "legal_bases": [{"code": "60/2014/QH13", "title": "Luật Hộ tịch"}],
    "legal_bases_text": "Luật Hộ tịch60/2014/QH13",
    "requirements": None,
    "results": [{"code": "KQ.G15.000001", "name": "Giấy phép thử"}],
    "authority": "Ủy ban nhân dân cấp xã",
    "source_url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/x",
}
METHOD = RECORD["methods"][0]


def record(**changes: Any) -> dict[str, Any]:
    return RECORD | changes


def method(**changes: Any) -> dict[str, Any]:
    return record(methods=[METHOD | changes])


def fee(text: str, amount: int | None = None, **changes: Any) -> dict[str, Any]:
    return method(fees=[{"kind": None, "amount_vnd": amount, "text": text}], **changes)


def line(raw: Any) -> bytes:
    return json.dumps(raw, ensure_ascii=False).encode() + b"\n"


def file_of(folder: Path, *lines: Any, name: str = "procedures.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"".join(one if isinstance(one, bytes) else line(one) for one in lines))
    return path


def run(capsys: pytest.CaptureFixture[str], *files: Path, **options: Any) -> dict[str, Any]:
    call_command("import_procedures", *files, report=files[0].parent / "report.tsv", **options)
    figures: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return figures


def reasons(raw: dict[str, Any]) -> dict[str, FlagReason]:
    return {doubt.field: doubt.reason for doubt in doubts.find(parse(json.dumps(raw)))}


@pytest.fixture
def stored(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """One record in the catalogue, and the file it came from."""
    path = file_of(tmp_path, RECORD)
    run(capsys, path)
    return path


def test_a_record_becomes_a_published_version_with_all_its_parts(stored: Path):
    version = ProcedureVersion.objects.get(current_of__code="1.000001")
    channel = SubmissionChannel.objects.get(version=version)

    assert (version.version_no, version.status, version.sector and version.sector.name) == (
        1,
        "published",
        "Hộ tịch",
    )
    assert (channel.duration_value, channel.duration_unit) == (Decimal(3), "working_day")
    assert channel.fees.get().amount_vnd == 50_000
    assert version.components.get().form_template == "TK.docx"
    assert version.legal_bases.get().code == "60/2014/QH13"
    assert version.result_types.get().name == "Giấy phép thử"
    assert not version.review_flags.exists()
    assert (
        ProcedureVersion.objects.filter(pk=version.pk).extra(where=["title_search @@ 'thu & phep'"]).exists()
    )


def test_a_second_import_changes_nothing(stored: Path, capsys: pytest.CaptureFixture[str]):
    before = list(ProcedureVersion.objects.values("pk", "updated_at"))

    figures = run(capsys, stored)

    assert (figures["created"], figures["updated"], figures["unchanged"]) == (0, 0, 1)
    assert list(ProcedureVersion.objects.values("pk", "updated_at")) == before


def test_a_changed_record_becomes_the_next_version(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    other = record(code="1.000002", name="Thủ tục khác")
    run(capsys, file_of(tmp_path, RECORD, other))

    figures = run(capsys, file_of(tmp_path, record(name="Cấp giấy phép thử, sửa đổi"), other))

    versions = ProcedureVersion.objects.filter(procedure__code="1.000001").order_by("version_no")
    assert (figures["updated"], figures["unchanged"]) == (1, 1)
    assert [one.status for one in versions] == [VersionStatus.SUPERSEDED, VersionStatus.PUBLISHED]
    assert Procedure.objects.get(code="1.000001").current_version == versions[1]


def test_the_catalogue_reads_plain_and_compressed_files_by_their_content(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    packed = tmp_path / "packed.jsonl"
    packed.write_bytes(gzip.compress(line(RECORD)))
    plain = file_of(tmp_path, b"\xef\xbb\xbf" + line(record(code="1.000002")), b"\n", name="plain.jsonl.gz")

    assert run(capsys, packed, plain)["created"] == 2


def test_a_dry_run_says_what_would_happen_and_writes_nothing(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    figures = run(capsys, file_of(tmp_path, RECORD, fee("Miễn phí (theo thông tư)")), dry_run=True)

    assert (figures["created"], figures["rejected"], figures["dry_run"]) == (1, 1, True)
    assert not Procedure.objects.exists()


BROKEN = [
    (b"{not json\n", "not JSON"),
    (b'{"code": "1.000009", "name": NaN}\n', "not JSON"),
    (b'["a", "b"]\n', "not an object"),
    (b'{"code": "1.000009", "name": "\xff"}\n', "not UTF-8"),
    (b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"\n", "nested"),
    (record(code=None), "code: missing"),
    (record(code=7), "code: text expected"),
    (record(code="1.9"), "code: missing, or not"),
    (record(name="  "), "name: missing"),
    (record(name="x" * 5_001), "name: 5001 characters"),
    (record(name="a\x00b"), "U+0000"),
    (record(steps="a\ud800b"), "U+D800"),
    (record(decision="x" * 256), "decision: 256"),
    (record(methods={}), "methods: list expected"),
    (record(methods=["x"]), "methods[0]: object expected"),
    (method(channel="fax"), "methods[0].channel"),
    (method(duration_value="3"), "methods[0].duration_value: number expected"),
    (method(duration_value=-1), "methods[0].duration_value: must be"),
    (method(duration_value=True), "methods[0].duration_value: number expected"),
    (fee("x", amount=10**18), "methods[0].fees[0].amount_vnd"),
    (record(components=[{"name": "x", "originals": 10**9}]), "components[0].originals"),
    (record(components=[{"name": "x", "originals": 1.5}]), "components[0].originals"),
    (record(components=[{"name": None}]), "components[0].name: missing"),
    (record(results=[{"code": "x" * 65, "name": "y"}]), "results[0].code"),
    (record(legal_bases=[{}]), "legal_bases[0].title"),
    (record(levels="commune"), "levels: list"),
    (RECORD, "code: repeated, first on line 1"),
]


@pytest.mark.parametrize(("bad", "why"), BROKEN)
def test_a_broken_line_is_refused_by_number_and_reason_and_stops_nothing(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: Any, why: str
):
    bad_line = bad if isinstance(bad, bytes) else json.dumps(bad).encode() + b"\n"
    path = file_of(tmp_path, RECORD, bad_line, record(code="1.000002"))

    figures = run(capsys, path)

    report = (tmp_path / "report.tsv").read_text().splitlines()
    refused = [row.split("\t") for row in report if "\trejected\t" in row]
    assert (figures["created"], figures["rejected"]) == (2, 1)
    assert [row[1] for row in refused] == ["2"]
    assert why in refused[0][-1]


def test_an_endless_line_is_refused_without_being_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("procedures.importing.lines.LONGEST_LINE", 2_000)
    path = file_of(tmp_path, RECORD, b"x" * 10_000 + b"\n", RECORD)

    lines = list(read(path))

    assert [one.number for one in lines] == [1, 2, 3]
    assert "longer than" in lines[1].problem


@pytest.mark.parametrize(
    ("content", "at", "why"),
    [
        (b"", 1, "empty"),
        (b"\n\n  \n", 1, "empty"),
        (b"code,name\n1.000001,x\n", 1, "not JSON lines"),
        (json.dumps([RECORD], indent=1).encode().replace(b"{}", b""), 1, "not JSON lines"),
        (gzip.compress(line(RECORD) * 50, mtime=0)[:-20], 1, "ends early"),
        (b"\x1f\x8bnot really", 1, "gzip"),
    ],
)
def test_a_malformed_file_is_refused_as_a_whole_with_line_and_reason(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, at: int, why: str
):
    path = file_of(tmp_path, content)
    good = file_of(tmp_path, record(code="1.000002"), name="good.jsonl")

    with pytest.raises(CommandError) as caught:
        call_command("import_procedures", path, good, report=tmp_path / "report.tsv")

    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert caught.value.returncode == 2
    assert why in str(caught.value)
    assert figures["malformed"][0]["line"] >= at
    assert list(Procedure.objects.values_list("code", flat=True)) == ["1.000002"]


def test_a_file_that_is_not_there_is_named_before_anything_happens(db: None, tmp_path: Path):
    with pytest.raises(CommandError, match="no such file"):
        call_command("import_procedures", tmp_path / "nowhere.jsonl")


def test_a_record_that_the_database_refuses_takes_no_other_down(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    write_rows = writing._write_rows

    def refuse_one(entries: Any, versions: Any) -> Any:
        flags = write_rows(entries, versions)
        if any(entry.record.code == "1.000002" for entry in entries):
            raise DatabaseError("value too large")
        return flags

    monkeypatch.setattr(writing, "_write_rows", refuse_one)
    path = file_of(tmp_path, RECORD, record(code="1.000002"), record(code="1.000003"))

    figures = run(capsys, path)

    assert (figures["created"], figures["rejected"]) == (2, 1)
    assert set(Procedure.objects.values_list("code", flat=True)) == {"1.000001", "1.000003"}
    assert "value too large" in (tmp_path / "report.tsv").read_text()


def test_an_interrupted_import_keeps_whole_records_and_can_go_on(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    write, batches = writing.write, []

    def interrupt_the_second(entries: Any, **more: Any) -> None:
        batches.append(entries)
        if len(batches) == 2:
            raise KeyboardInterrupt
        write(entries, **more)

    monkeypatch.setattr("procedures.importing.run.BATCH", 2)
    monkeypatch.setattr(writing, "write", interrupt_the_second)
    path = file_of(tmp_path, *(record(code=f"1.00000{at}", name=f"Thủ tục {at}") for at in range(5)))

    with pytest.raises(CommandError) as caught:
        call_command("import_procedures", path, report=tmp_path / "report.tsv")

    assert caught.value.returncode == 130
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["created"] == 2
    assert Component.objects.count() == 2
    assert run(capsys, path)["created"] == 3


def test_after_an_import_that_was_killed_at_its_end_the_next_one_does_what_is_left(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = file_of(tmp_path, record(code="1.000001"), record(code="1.000002"))
    import_file(path, Report(io.StringIO()), at=NINE)  # and then the power failed

    assert run(capsys, path)["reasons"] == {"shared_name": 2}
    assert SearchWord.objects.get(word="").titles == 2
    assert not phrases.is_missing()
    assert run(capsys, path)["reasons"] == {}


def test_the_report_computes_nothing_in_a_spreadsheet(db: None, tmp_path: Path):
    row = {"group": None, "name": "=cmd|' /C calc'!A0", "form": None, "originals": 0, "copies": 0}
    path = file_of(tmp_path, record(code="1.000001", components=[row]))
    call_command("import_procedures", path, report=tmp_path / "report.tsv")

    assert "\t'=cmd|" in (tmp_path / "report.tsv").read_text()


TRAPS = [
    (method(duration_unit=None, duration_value=1, duration_text="1"), "methods[0].duration", "bare_number"),
    (
        method(duration_value=None, duration_unit=None, duration_text="0"),
        "methods[0].duration",
        "bare_number",
    ),
    (method(duration_text="3"), "methods[0].duration", "unit_assumed"),
    (method(duration_value=None, duration_unit=None, duration_text=None), "methods[0].duration", "no_time"),
    (
        method(duration_value=None, duration_unit=None, duration_text="Không quy định"),
        "methods[0].duration",
        "time_not_a_number",
    ),
    (
        method(duration_unit="day", duration_text="3 Ngày", note="Trong 03 ngày làm việc kể từ khi nhận"),
        "methods[0].duration",
        "maybe_working_days",
    ),
    (
        method(duration_unit="year", duration_text="1 Năm", duration_value=1),
        "methods[0].duration_unit",
        "unknown_value",
    ),
    (
        fee("1100 VNĐ (Phí 100.000 đồng)", duration_value=None, duration_unit=None, duration_text=None),
        "methods[0].fees[0]",
        "time_glued_to_fee",
    ),
    (fee("700 VNĐ (700.000 đồng)"), "methods[0].fees[0]", "lost_thousands"),
    (fee("700 VNĐ", amount=700), "methods[0].fees[0]", "lost_thousands"),
    (fee("Miễn phí (Theo nghị quyết của Hội đồng nhân dân)"), "methods[0].fees[0]", "free_contradicted"),
    (fee("10 USD (/bản)"), "methods[0].fees[0]", "foreign_currency"),
    (fee("Theo quy định"), "methods[0].fees[0]", "no_amount"),
    (
        fee("50,000 VNĐ (giảm đến hết ngày 31/12/2026)", amount=50_000),
        "methods[0].fees[0]",
        "time_limited_fee",
    ),
    (record(methods=[METHOD, METHOD | {"duration_text": "5 Ngày làm việc"}]), "methods", "several_times"),
    (record(methods=[]), "methods", "no_methods"),
    (record(components=[]), "components", "no_components"),
    (record(components=[{"name": "Ghi chú", "originals": 0, "copies": 0}]), "components[0]", "no_quantity"),
    (record(components=[{"name": "x" * 7_630, "originals": 1, "copies": 0}]), "components[0]", "very_long"),
    (
        record(components=[{"name": "Đơn theo mẫumau don.docx", "originals": 1, "copies": 0}]),
        "components[0]",
        "form_not_separated",
    ),
    (record(legal_bases=[]), "legal_bases", "legal_bases_unparsed"),
    (record(legal_bases=[], legal_bases_text=None), "legal_bases", "no_legal_bases"),
    (record(results=[]), "results", "no_results"),
    (record(results=[{"code": "0007", "name": "Giấy phép"}]), "results[0]", "odd_result_code"),
    (record(results=[{"code": None, "name": "Giấy phép"}]), "results[0]", "odd_result_code"),
    (record(authority=None), "authority", "no_authority"),
    (record(authority="Ủy ban nhân dân huyện"), "authority", "district_level"),
    (record(decision="12/QĐ-UBND"), "decision", "local_decision"),
    (record(decision="1681"), "decision", "odd_decision"),
    (record(name="Cấp giấy phép ( 1.000001 )"), "name", "code_in_name"),
    (record(source_url="javascript:alert(1)"), "source_url", "unsafe_link"),
    (record(audiences=["martian"]), "audiences", "unknown_value"),
    (record(surprise=1), "key surprise", "unknown_value"),
]


@pytest.mark.parametrize(("raw", "field", "reason"), TRAPS)
def test_a_value_that_cannot_be_trusted_is_marked_and_kept_as_text(
    raw: dict[str, Any], field: str, reason: str
):
    assert reasons(raw)[field] == reason


def test_a_clean_record_raises_no_doubt():
    assert reasons(RECORD) == {}


def test_a_number_without_a_unit_is_kept_as_text_only(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    run(capsys, file_of(tmp_path, method(duration_value=1, duration_unit=None, duration_text="1")))

    channel = SubmissionChannel.objects.get()
    assert (channel.duration_value, channel.duration_unit, channel.duration_text) == (None, "", "1")
    assert ReviewFlag.objects.get().reason == FlagReason.BARE_NUMBER


def test_the_largest_and_oddest_real_shapes_are_kept_whole(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    name = "Cấp giấy phép " + "rất dài " * 135
    raw = record(
        name=name,
        components=[
            {"group": "g" * 1_798, "name": f"\uf0a7 Giấy {at} " + "y" * 7_600, "originals": at, "copies": 0}
            for at in range(94)
        ],
        methods=[METHOD | {"duration_value": 1.5, "duration_text": f"1.5 Ngày {at}"} for at in range(12)],
        methods_text="\uf0d8Trực tuyến\t\u200e\u00ad1",
    )

    figures = run(capsys, file_of(tmp_path, raw))

    version = ProcedureVersion.objects.get()
    assert figures["created"] == 1
    assert len(version.name) > 1_000
    assert version.components.count() == 94
    assert version.channels.filter(duration_value=Decimal("1.5")).count() == 12
    assert version.methods_text == raw["methods_text"]


def test_a_link_that_is_no_web_address_is_not_stored(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    run(capsys, file_of(tmp_path, record(source_url="javascript:alert(1)")))

    assert ProcedureVersion.objects.get().source_url == ""


def test_names_shared_by_several_procedures_are_marked_once(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = file_of(tmp_path, RECORD, record(code="1.000002"), record(code="1.000003", name="Khác"))
    run(capsys, path)
    run(capsys, path)

    marked = ReviewFlag.objects.filter(reason=FlagReason.SHARED_NAME)
    assert sorted(marked.values_list("version__procedure__code", flat=True)) == ["1.000001", "1.000002"]


def marital_record(**changes: Any) -> dict[str, Any]:
    return record(
        code="1.004873",
        name="Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
        results=[{"code": "KQ.G15.000038", "name": "Giấy xác nhận tình trạng hôn nhân"}],
        **changes,
    )


def test_an_import_does_not_touch_what_the_city_opened(
    offered: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    old = ProcedureVersion.objects.get(current_of__code="1.004873")
    papers = list(old.components.order_by("pk").values())
    bases = list(LegalBasis.objects.filter(version=old).order_by("pk").values())
    slower = [METHOD | {"duration_value": 5, "duration_text": "5 Ngày làm việc"}]

    figures = run(capsys, file_of(tmp_path, marital_record(methods=slower)))

    assert (figures["pending"], figures["updated"]) == (1, 0)
    assert ProcedureVersion.objects.get(procedure=old.procedure) == old
    assert list(old.components.order_by("pk").values()) == papers
    assert list(LegalBasis.objects.filter(version=old).order_by("pk").values()) == bases
    assert services.check_fileable(old) == []
    assert run(capsys, tmp_path / "procedures.jsonl")["unchanged"] == 1


def test_the_demonstration_is_laid_over_an_imported_procedure(
    department: Agency, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = file_of(tmp_path, marital_record())
    run(capsys, path)

    demo.load()

    version = ProcedureVersion.objects.get(current_of__code="1.004873")
    assert (version.version_no, version.is_fileable) == (1, True)
    assert version.publication_decision == "1/QĐ-BTP"
    assert run(capsys, path)["unchanged"] == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


def parsed(text: str) -> bool:
    try:
        doubts.find(parse(text))
    except BadRecord:
        return False
    return True


@given(st.sampled_from(sorted(RECORD)), JSON)
def test_whatever_stands_under_a_key_is_taken_or_refused(key: str, value: Any):
    assert parsed(json.dumps(record(**{key: value}))) in (True, False)


@given(st.sampled_from(sorted(METHOD)), JSON)
def test_whatever_stands_in_a_method_is_taken_or_refused(key: str, value: Any):
    assert parsed(json.dumps(method(**{key: value}))) in (True, False)


def test_a_file_is_counted_before_it_is_read(tmp_path: Path):
    assert inspect(file_of(tmp_path, b"{broken\n", RECORD, b"\n", RECORD)) == 3
    with pytest.raises(MalformedFile):
        inspect(tmp_path)
