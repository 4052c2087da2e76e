"""What stands beside the main demonstration services: filled-in samples, a video, a link, obstacles, other catalogues.

Safe and quick to repeat: what is there already is left alone.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from agencies.models import Agency
from core import pdf
from core.actor import Actor
from procedures import sample_paper
from procedures.beside import Blocker, Guide
from procedures.importing import services_file
from procedures.models import ProcedureVersion
from procedures.services import blockers, guides
from procedures.services.guides import Words
from procedures.states import BlockerKind, GuideKind

HERE = Path(__file__).parent
SAMPLES = ("1.004873", "1.001193", "1.000656", "1.000894", "2.000815", "1.004222")
VIDEO_FOR = ("1.004873", "1.001193")
# Code, kind of obstacle, law, day: the plan is the technology's answer.
BLOCKERS = (
    ("1.000894", BlockerKind.SAME_PERSON, "Luật Hộ tịch, điều 18", date(2027, 6, 30)),
    ("1.000894", BlockerKind.SIGNING_AT_OFFICE, "Luật Hộ tịch, điều 18", date(2027, 6, 30)),
    ("2.000815", BlockerKind.ORIGINAL_SHOWN, "Nghị định số 23/2015/NĐ-CP", date(2027, 3, 31)),
    (
        "1.001456",
        BlockerKind.IDENTITY,
        "Luật Xuất cảnh, nhập cảnh của công dân Việt Nam, điều 15",
        date(2027, 12, 31),
    ),
)
TRANSCRIPT = (
    "Video minh họa, không có tiếng.\n"
    "1. Mở trang thủ tục, đọc giấy tờ cần có và thời hạn.\n"
    "2. Bấm “Nộp hồ sơ trực tuyến”, đăng nhập bằng VNeID.\n"
    "3. Trả lời từng câu hỏi; dữ liệu đã có được điền sẵn.\n"
    "4. Tải ảnh giấy tờ lên; chụp bằng điện thoại cũng được.\n"
    "5. Xem lại rồi nộp; ghi lại mã hồ sơ để theo dõi."
)
CAPTIONS = """WEBVTT

00:00.000 --> 00:02.500
Nộp hồ sơ trực tuyến (minh họa)

00:02.500 --> 00:05.000
Mở trang thủ tục, đọc giấy tờ cần có và thời hạn

00:05.000 --> 00:07.500
Bấm “Nộp hồ sơ trực tuyến”, đăng nhập bằng VNeID

00:07.500 --> 00:10.000
Trả lời từng câu hỏi

00:10.000 --> 00:12.500
Tải ảnh giấy tờ lên

00:12.500 --> 00:15.000
Xem lại rồi nộp
"""


def load(*, at: datetime) -> None:
    """Enter it all. A sample waits for the scanner and its mark like any other; without the PDF engine there is none."""
    actor = Actor.system()
    services = services_file.parse((HERE / "other_services.yaml").read_bytes(), name="other_services.yaml")
    services_file.write(services, file_name="other_services.yaml", actor=actor, at=at)
    versions = {one.procedure.code: one for one in _versions()}
    for code in SAMPLES if pdf.is_available() else ():
        if code in versions:
            _sample(versions[code], actor=actor, at=at)
    for code in VIDEO_FOR:
        if code in versions:
            _video(versions[code], actor=actor, at=at)
    for code, kind, law, day in BLOCKERS:
        if code in versions:
            _blocker(versions[code], kind, law, day, actor=actor, at=at)


def _versions() -> list[ProcedureVersion]:
    codes = {*SAMPLES, *VIDEO_FOR, *(one[0] for one in BLOCKERS)}
    rows = ProcedureVersion.objects.open_for_filing().filter(current_of__code__in=codes)
    return list(rows.select_related("procedure", "competent_agency"))


def _has(version: ProcedureVersion, kind: GuideKind) -> bool:
    return Guide.objects.filter(procedure=version.procedure_id, kind=kind).exists()


def _sample(version: ProcedureVersion, *, actor: Actor, at: datetime) -> None:
    if _has(version, GuideKind.SAMPLE):
        return
    paper = sample_paper.of_version(version, today=timezone.localdate(at))
    guides.add(
        procedure_id=version.procedure_id,
        kind=GuideKind.SAMPLE,
        words=Words("Tờ khai đã điền (minh họa)", "A filled-in form (demonstration)"),
        actor=actor,
        at=at,
        upload=io.BytesIO(paper),
        upload_name="to-khai-minh-hoa.pdf",
    )


def _video(version: ProcedureVersion, *, actor: Actor, at: datetime) -> None:
    if _has(version, GuideKind.VIDEO):
        return
    with (HERE / "cach-nop.mp4").open("rb") as video, (HERE / "cach-nop.jpg").open("rb") as poster:
        guides.add(
            procedure_id=version.procedure_id,
            kind=GuideKind.VIDEO,
            words=Words(
                "Cách nộp hồ sơ trực tuyến (minh họa)",
                "How to file online (demonstration)",
                transcript=TRANSCRIPT,
                captions=CAPTIONS,
            ),
            actor=actor,
            at=at,
            upload=video,
            upload_name="cach-nop.mp4",
            poster=poster,
        )


def _blocker(
    version: ProcedureVersion, kind: BlockerKind, law: str, day: date, *, actor: Actor, at: datetime
) -> None:
    if Blocker.objects.filter(procedure=version.procedure_id, kind=kind).exists():
        return
    agency = version.competent_agency or Agency.objects.filter(code="H17").first() or Agency.objects.first()
    if agency is None:
        return
    blockers.add(
        procedure_id=version.procedure_id,
        kind=kind,
        legal_text=law,
        plan="",
        planned_on=day,
        agency_id=agency.pk,
        actor=actor,
        at=at,
    )
