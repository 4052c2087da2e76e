from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from core import scanner
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed
from core.scanner import Outcome, Verdict
from core.uploads import UploadRefused, videos
from core.working_time import TIME_ZONE
from procedures.beside import Guide, ProcedureEvent
from procedures.models import Procedure, ProcedureVersion
from procedures.services import guides
from procedures.services.guides import Words
from procedures.states import GuideState, VersionStatus
from tests.procedures.videos import box, mp4, webm

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=TIME_ZONE)
SYSTEM = Actor.system()


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path
    answers(monkeypatch, Outcome.CLEAN)


def answers(monkeypatch: pytest.MonkeyPatch, outcome: Outcome) -> None:
    monkeypatch.setattr(scanner, "scan", lambda content, **options: Verdict(outcome))


@pytest.fixture
def procedure(db: None) -> Procedure:
    procedure = Procedure.objects.create(code="1.000001")
    version = ProcedureVersion.objects.create(
        procedure=procedure, status=VersionStatus.PUBLISHED, name="Cấp bản sao (minh họa)", is_sealed=True
    )
    procedure.current_version = version
    procedure.save()
    return procedure


def pdf(pages: int = 1, *, turned: int = 0) -> io.BytesIO:
    made = io.BytesIO()
    with pikepdf.new() as document:
        for _number in range(pages):
            document.add_blank_page(page_size=(595, 842))
            document.pages[-1].rotate(turned, relative=False)
        document.save(made)
    made.seek(0)
    return made


def picture(kind: str = "PNG") -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(made, kind)
    made.seek(0)
    return made


def add(procedure: Procedure, upload: io.BytesIO | None = None, **more: Any) -> Guide:
    title = more.pop("title", "Tờ khai mẫu")
    return guides.add(
        procedure_id=procedure.pk,
        kind=more.pop("kind", "sample"),
        words=Words(
            title, **{name: more.pop(name) for name in ("url", "transcript", "captions") if name in more}
        ),
        actor=more.pop("actor", SYSTEM),
        at=NOON,
        upload=upload or (None if more.get("no_file") else pdf()),
        upload_name=more.pop("name", "to-khai.pdf"),
        **{name: value for name, value in more.items() if name != "no_file"},
    )


def add_ready(procedure: Procedure, upload: io.BytesIO | None = None, **more: Any) -> Guide:
    guide = add(procedure, upload, **more)
    guides.prepare(guide_id=guide.pk, at=NOON)
    guide.refresh_from_db()
    return guide


def address(page: str, procedure: Procedure, guide: Guide) -> str:
    return reverse(f"procedures:{page}", args=[procedure.code, guide.pk])


@pytest.mark.parametrize("turned", [0, 90, 270])
def test_each_page_of_a_sample_carries_the_mark_that_programs_read_too(procedure: Procedure, turned: int):
    guide = add_ready(procedure, pdf(3, turned=turned))

    assert guide.state == GuideState.READY
    with guide.file.open("rb") as content, pikepdf.open(io.BytesIO(content.read())) as document:
        assert len(document.pages) == 3
        for page in document.pages:
            drawn = b"".join(one.read_bytes() for one in page.Resources.XObject.values())
            assert (b"\xfe\xff" + "MẪU".encode("utf-16-be")).hex().encode() in drawn


def test_the_mark_on_a_picture_covers_its_middle(procedure: Procedure):
    guide = add_ready(procedure, picture(), name="to-khai.png")

    with guide.file.open("rb") as content, Image.open(content) as marked:
        assert marked.size == (600, 800)
        colours = {marked.getpixel((x, 400)) for x in range(150, 450)}
    assert len(colours) > 1


def test_nothing_is_shown_before_a_scanner_has_answered(
    procedure: Procedure, client: Client, monkeypatch: pytest.MonkeyPatch
):
    answers(monkeypatch, Outcome.UNAVAILABLE)
    guide = add(procedure)

    assert guides.prepare(guide_id=guide.pk, at=NOON) is False
    assert client.get(address("guide", procedure, guide)).status_code == 404
    assert guides.waiting() == [guide.pk]


def test_a_file_with_a_virus_is_refused_and_deleted(
    procedure: Procedure, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    answers(monkeypatch, Outcome.INFECTED)
    guide = add_ready(procedure)

    assert guide.state == GuideState.REFUSED
    assert "mã độc" in guide.problem
    assert not guide.source


def test_a_sample_that_is_replaced_stays_until_the_new_one_is_ready(procedure: Procedure, client: Client):
    old = add_ready(procedure, title="Mẫu cũ")
    add_ready(procedure, title="Mẫu khác", upload=pdf(2))
    new = add(procedure, pdf(4), title="Mẫu mới", replaces=old.pk)
    page = reverse("procedures:detail", args=[procedure.code])

    before = client.get(page).content.decode()
    guides.prepare(guide_id=new.pk, at=NOON)
    after = client.get(page).content.decode()

    assert "Mẫu cũ" in before
    assert "Mẫu mới" not in before
    assert "Mẫu cũ" not in after
    assert after.index("Mẫu mới") < after.index("Mẫu khác")
    assert client.get(address("guide", procedure, old)).status_code == 404


def test_what_is_sent_twice_is_there_once(procedure: Procedure):
    assert add(procedure).pk == add(procedure).pk
    assert Guide.objects.count() == 1


def test_guides_change_places_and_are_withdrawn_and_the_log_says_who(procedure: Procedure):
    first, second = add_ready(procedure, title="Một"), add_ready(procedure, title="Hai")
    guides.move(guide_id=second.pk, up=True, actor=SYSTEM, at=NOON)
    guides.move(guide_id=second.pk, up=True, actor=SYSTEM, at=NOON)
    guides.withdraw(guide_id=first.pk, actor=SYSTEM, at=NOON, reason="Hết dùng")
    guides.withdraw(guide_id=first.pk, actor=SYSTEM, at=NOON)

    order = Guide.objects.filter(state=GuideState.READY).order_by("position")
    assert [one.title for one in order] == ["Hai"]
    kinds = list(ProcedureEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds.count("guide_withdrawn") == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        ProcedureEvent.objects.update(reason="khác")
    with pytest.raises(Conflict):
        guides.move(guide_id=first.pk, up=True, actor=SYSTEM, at=NOON)


def test_only_who_looks_after_the_catalogue_adds_guides(procedure: Procedure):
    with pytest.raises(NotAllowed):
        add(procedure, actor=Actor.anonymous())


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": " "}, "title"),
        ({"kind": "link", "url": "javascript:alert(1)", "no_file": True}, "url"),
        ({"kind": "video"}, "transcript"),
        ({"kind": "video", "captions": "1\n00:01 --> 00:02"}, "captions"),
        ({"no_file": True}, "file"),
    ],
)
def test_what_is_missing_is_named_with_its_mend(procedure: Procedure, more: dict[str, Any], field: str):
    with pytest.raises(InvalidInput) as refused:
        add(procedure, **more)

    assert list(refused.value.errors) == [field]


def test_a_video_is_played_in_parts(procedure: Procedure, client: Client):
    content = mp4(content=bytes(range(256)) * 10_000)
    captions = "WEBVTT\n\n00:01.000 --> 00:02.000\nXin chào"
    guide = add_ready(
        procedure,
        io.BytesIO(content),
        name="huong-dan.mp4",
        kind="video",
        captions=captions,
        poster=picture("JPEG"),
    )
    where = address("guide", procedure, guide)

    begun = client.get(where, headers={"range": "bytes=0-"})
    part = client.get(where, headers={"range": "bytes=100-199"})
    end = client.get(where, headers={"range": "bytes=-50"})
    beyond = client.get(where, headers={"range": f"bytes={len(content)}-"})
    odd = client.get(where, headers={"range": "bytes=5-2"})
    known = client.get(where, headers={"if-none-match": part["ETag"]})
    other = client.get(where, headers={"range": "bytes=0-9", "if-range": '"other"'})

    assert (guide.seconds, guide.size) == (95, len(content))
    assert begun.status_code == 206
    assert begun["Content-Range"] == f"bytes 0-{2 * 2**20 - 1}/{len(content)}"
    assert part.getvalue() == content[100:200]
    assert part["Content-Type"] == "video/mp4"
    assert end.getvalue() == content[-50:]
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(content)}")
    assert odd.getvalue() == content
    assert other.status_code == 200
    assert known.status_code == 304
    assert client.get(address("guide_poster", procedure, guide))["Content-Type"] == "image/jpeg"
    assert client.get(address("guide_captions", procedure, guide)).content.decode() == captions + "\n"


def test_the_page_loads_no_video_before_somebody_plays_it(procedure: Procedure, client: Client):
    add_ready(procedure, io.BytesIO(webm()), name="a.webm", kind="video", transcript="Xin chào")

    page = client.get(reverse("procedures:detail", args=[procedure.code])).content.decode()

    assert 'preload="none"' in page
    assert "autoplay" not in page
    assert "1 KB" in page


@pytest.mark.parametrize("good", [mp4(), mp4(sound=b""), webm(), webm(picture=b"V_VP9"), webm(unknown=True)])
def test_videos_that_phones_play_are_taken(good: bytes):
    checked = videos.inspect(io.BytesIO(good), name="a.bin", max_bytes=10_000)

    assert checked.name.endswith((".mp4", ".webm"))
    assert checked.size == len(good)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"", "upload_empty"),
        (b"MZ" + bytes(100), "upload_wrong_kind"),
        (mp4() + b"PK\3\4 hidden", "upload_damaged"),
        (mp4()[:-10], "upload_damaged"),
        (mp4() + box(b"uuid", b"hidden"), "upload_damaged"),
        (mp4(picture=b"hvc1"), "upload_unplayable_video"),
        (mp4(sound=b"ac-3"), "upload_unplayable_video"),
        (mp4(picture=b""), "upload_no_picture"),
        (webm(picture=b"V_AV1"), "upload_unplayable_video"),
        (webm()[:-3], "upload_damaged"),
        (webm(more=b"\x19\x41\xa4\x69\x10\0\0\4evil"), "upload_damaged"),
        (mp4(content=bytes(20_000)), "upload_video_too_large"),
    ],
)
def test_other_files_are_refused_by_what_is_in_them(bad: bytes, code: str):
    with pytest.raises(UploadRefused) as refused:
        videos.inspect(io.BytesIO(bad), name="a.mp4", max_bytes=10_000)

    assert refused.value.code == code


def test_every_cut_of_a_video_is_read_without_a_crash():
    for whole in (mp4(), webm(), webm(unknown=True)):
        for length in range(1, len(whole)):
            try:
                videos.inspect(io.BytesIO(whole[:length]), name="a", max_bytes=10_000)
            except UploadRefused:
                continue


def test_two_people_do_not_replace_one_sample_at_once(procedure: Procedure):
    old = add_ready(procedure, title="Mẫu cũ")
    first = add(procedure, pdf(2), title="Mẫu một", replaces=old.pk)

    with pytest.raises(Conflict, match="chờ kiểm tra"):
        add(procedure, pdf(3), title="Mẫu hai", replaces=old.pk)
    guides.prepare(guide_id=first.pk, at=NOON)
    with pytest.raises(guides.NoGuide):
        add(procedure, pdf(3), title="Mẫu hai", replaces=old.pk)


def test_the_database_itself_keeps_an_internal_procedure_closed(procedure: Procedure):
    Procedure.objects.filter(pk=procedure.pk).update(catalogue="internal")

    with pytest.raises(DatabaseError, match="never filed"), transaction.atomic():
        ProcedureVersion.objects.filter(procedure=procedure).update(is_fileable=True)
    Procedure.objects.filter(pk=procedure.pk).update(catalogue="non_onestop")
    ProcedureVersion.objects.filter(procedure=procedure).update(is_fileable=True)
    with pytest.raises(DatabaseError, match="does not become internal"), transaction.atomic():
        Procedure.objects.filter(pk=procedure.pk).update(catalogue="internal")


def test_programs_read_another_catalogue_by_its_name(procedure: Procedure, client: Client):
    Procedure.objects.filter(pk=procedure.pk).update(catalogue="non_onestop")
    address = reverse("api_procedures:list")

    assert client.get(address).json()["results"] == []
    assert [one["code"] for one in client.get(address, {"catalogue": "non_onestop"}).json()["results"]] == [
        "1.000001"
    ]
    assert client.get(address, {"catalogue": "x"}).status_code == 422
