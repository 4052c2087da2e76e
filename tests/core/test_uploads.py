"""What people upload: good files come through clean, every other file is refused with its mend."""

from __future__ import annotations

import hashlib
import io
import random
import zipfile
import zlib
from datetime import UTC, datetime

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from core import signing
from core.pdf import Box
from core.signing import demo_ca
from core.uploads import OFFICE, PAPERS, CleanFile, Kind, Limits, UploadRefused, clean_name, inspect, refusals
from core.uploads.pdfs import acts

NINE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def take(data: bytes, name: str = "don.pdf", **limits) -> CleanFile:
    return inspect(io.BytesIO(data), name=name, limits=Limits(**limits))


def parse(clean: CleanFile) -> pikepdf.Pdf:
    return pikepdf.open(clean.content)


def saved(pdf: pikepdf.Pdf, **options) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def blank(pages: int = 1) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    return pdf


def script(code: str = "app.alert(1)") -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(code))


def picture(size: tuple[int, int] = (60, 40), kind: str = "JPEG", **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **options)
    return out.getvalue()


def zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return out.getvalue()


DOCX = {"[Content_Types]_dot_xml": "<Types/>", "word__document_dot_xml": "<w/>"}


# What comes through


def test_a_pdf_comes_through_with_its_pages_and_hash():
    with take(saved(blank(3)), name="Đơn xin.PDF") as clean:
        content = clean.content.read()

    assert (clean.kind, clean.pages, clean.name, clean.signed) == (Kind.PDF, 3, "Đơn xin.pdf", False)
    assert (clean.size, clean.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (clean.extension, clean.media_type) == ("pdf", "application/pdf")


def test_djangos_uploaded_file_is_taken_as_it_is():
    upload = SimpleUploadedFile("don.pdf", saved(blank()), content_type="text/html")

    assert inspect(upload, name="don.pdf").kind is Kind.PDF


def test_the_kind_is_told_by_content_not_by_name():
    clean = take(picture(), name="giay-khai-sinh.pdf")

    assert (clean.kind, clean.name, clean.pages) == (Kind.JPEG, "giay-khai-sinh.jpg", 1)


@pytest.mark.parametrize("kind", [Kind.DOCX, Kind.XLSX])
def test_office_files_are_taken_where_they_are_allowed(kind):
    main = {"docx": "word__document_dot_xml", "xlsx": "xl__workbook_dot_xml"}[kind]
    data = zipped(**{"[Content_Types]_dot_xml": "<Types/>", main: "<x/>"})

    clean = take(data, name="bang.docx", kinds=PAPERS | OFFICE)

    assert (clean.kind, clean.pages, clean.content.read()) == (kind, None, data)
    with pytest.raises(refusals.WrongKind):
        take(data)


# Active content in PDF files


def poisoned() -> bytes:
    """Make a PDF with something that acts in every place known to hold it."""
    pdf = blank()
    attachment = pdf.make_stream(b"MZ\x90\x00 not for anyone")
    spec = pdf.make_indirect(
        Dictionary(Type=Name.Filespec, F=String("x.exe"), EF=Dictionary(F=attachment), UF=String("x.exe"))
    )
    root, page = pdf.Root, pdf.pages[0].obj
    root.OpenAction = script()
    root.AA = Dictionary(WC=script())
    root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), script()])),
        EmbeddedFiles=Dictionary(Names=Array([String("x.exe"), spec])),
    )
    root.AF = Array([spec])
    root.Collection = Dictionary()
    root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines))
    item = pdf.make_indirect(Dictionary(Title=String("x"), Parent=root.Outlines, A=script()))
    root.Outlines.First = root.Outlines.Last = item
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("ho_ten"),
            V=String("Trần Thử"),
            Rect=Array([0, 0, 90, 20]),
            AA=Dictionary(K=script()),
            A=Dictionary(S=Name.SubmitForm, F=String("https://example.test")),
        )
    )
    root.AcroForm = Dictionary(Fields=Array([field]), XFA=String("<xfa/>"), CO=Array([field]))
    page.AA = Dictionary(O=Dictionary(S=Name.Launch, F=String("calc.exe")))
    page.AF = Array([spec])
    link = Dictionary(S=Name.URI, URI=String("https://example.test"), Next=script())
    page.Annots = Array(
        [
            field,
            Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 1, 1]), A=link),
            Dictionary(
                Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 1, 1]), A=Dictionary(S=Name.Launch)
            ),
            Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, FS=spec, Rect=Array([0, 0, 1, 1])),
            Dictionary(Type=Name.Annot, Subtype=Name.Screen, A=Dictionary(S=Name.Rendition, JS=String("x"))),
            Dictionary(
                Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([0, 0, 9, 9]), AA=Dictionary(E=script())
            ),
        ]
    )
    page.Parent.AF = Array([spec])
    return saved(pdf)


def test_nothing_that_acts_survives_in_a_pdf_and_what_people_see_stays():
    dirty = poisoned()
    assert acts(pikepdf.open(io.BytesIO(dirty)))

    with take(dirty) as clean, parse(clean) as pdf:
        annotations = pdf.pages[0].Annots

        assert not acts(pdf)
        assert not [
            key for key in ("/OpenAction", "/AA", "/AF", "/Outlines", "/Collection") if key in pdf.Root
        ]
        assert [str(a.Subtype) for a in annotations] == ["/Widget", "/Link", "/Link", "/Stamp"]
        assert str(pdf.Root.AcroForm.Fields[0].V) == "Trần Thử"
        assert annotations[1].A.URI == "https://example.test"
        clean.content.seek(0)
        assert b"MZ\x90" not in clean.content.read()


def test_scripts_deep_in_the_trees_of_pages_and_fields_are_found():
    pdf = blank()
    page = pdf.pages[0].obj
    inner = pdf.make_indirect(
        Dictionary(
            Type=Name.Pages, Parent=pdf.Root.Pages, Kids=Array([page]), Count=1, AA=Dictionary(O=script())
        )
    )
    page.Parent = inner
    pdf.Root.Pages.Kids = Array([inner])
    parent = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("a")))
    child = pdf.make_indirect(Dictionary(Parent=parent, T=String("b"), AA=Dictionary(K=script())))
    parent.Kids = Array([child])
    pdf.Root.AcroForm = Dictionary(Fields=Array([parent]))

    with take(saved(pdf)) as clean, parse(clean) as after:
        assert not acts(after)
        assert str(after.Root.AcroForm.Fields[0].Kids[0]["/T"]) == "b"


def test_links_inside_a_pdf_still_lead_somewhere():
    pdf = blank(2)
    goal = Array([pdf.pages[1].obj, Name.Fit])
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String("trang-2"), goal])))

    with take(saved(pdf)) as clean, parse(clean) as after:
        assert str(after.Root.Names.Dests.Names[0]) == "trang-2"


@pytest.mark.parametrize(
    ("address", "stays"),
    [
        ("https://example.test", True),
        ("mailto:a@example.test", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("\\\\example.test\\share", False),
    ],
)
def test_a_link_in_a_pdf_leads_to_the_web_or_nowhere(address, stays):
    pdf = blank()
    link = Dictionary(S=Name.URI, URI=String(address))
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 1, 1]), A=link)]
    )

    with take(saved(pdf)) as clean, parse(clean) as after:
        assert ("/A" in after.pages[0].Annots[0]) is stays


def test_a_second_format_hidden_after_the_pdf_is_gone():
    polyglot = saved(blank()) + zipped(a="evil" * 20)

    with pytest.raises(refusals.Damaged):
        take(polyglot + b"x" * 2000)
    with take(polyglot) as clean:
        assert b"PK\x03\x04" not in clean.content.read()


def signed(pdf: pikepdf.Pdf, tmp_path, settings) -> bytes:
    demo_ca.ensure(tmp_path, at=NINE)
    demo_ca.issue(
        tmp_path, key_id="k", common_name="Nguyễn Văn Thử", kind="person", organisation="Thử", at=NINE
    )
    settings.SIGNING_DIR = tmp_path
    prepared = signing.prepare_fields(saved(pdf), {"ky": Box(page=0, x=10, y=10, width=80, height=30)})
    return signing.sign(prepared, key_id="k", field="ky", at=NINE)


def test_a_signed_pdf_is_kept_byte_for_byte(tmp_path, settings):
    data = signed(blank(), tmp_path, settings)

    with take(data) as clean:
        assert (clean.signed, clean.pages) == (True, 1)
        assert clean.content.read() == data
        assert clean.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("place", ["open", "attachment", "outline"])
def test_a_signed_pdf_that_acts_is_refused(place, tmp_path, settings):
    pdf = blank()
    if place == "open":
        pdf.Root.OpenAction = script()
    elif place == "attachment":
        pdf.attachments["x.exe"] = b"MZ\x90\x00"
    else:
        pdf.Root.Outlines = Dictionary(First=Dictionary(A=Dictionary(S=Name.Launch)))

    with pytest.raises(refusals.ActiveContent):
        take(signed(pdf, tmp_path, settings))


def test_a_signed_pdf_may_carry_plain_data(tmp_path, settings):
    pdf = blank()
    pdf.attachments["hoa-don.xml"] = b"<?xml version='1.0'?><hoadon/>"

    assert take(signed(pdf, tmp_path, settings)).signed


def test_a_signed_pdf_with_a_second_file_behind_it_is_refused(tmp_path, settings):
    with pytest.raises(refusals.ActiveContent):
        take(signed(blank(), tmp_path, settings) + zipped(a="x"))


# PDF files that are refused


def test_an_encrypted_pdf_is_refused():
    for user in ("secret", ""):
        locked = saved(blank(), encryption=pikepdf.Encryption(owner="owner", user=user))
        with pytest.raises(refusals.Encrypted):
            take(locked)


def test_a_pdf_with_too_many_pages_is_refused():
    with pytest.raises(refusals.TooManyPages, match="có 4 trang, nhiều hơn 3 trang"):
        take(saved(blank(4)), max_pages=3)


def test_a_dynamic_form_is_refused():
    pdf = blank()
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=String("<xfa/>"))
    pdf.Root.NeedsRendering = True

    with pytest.raises(refusals.DynamicForm):
        take(saved(pdf))


@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_truncated_pdf_is_refused(part):
    data = saved(blank(20))

    with pytest.raises(refusals.Damaged):
        take(data[: int(len(data) * part)])


def test_a_pdf_that_names_more_pages_than_it_holds_is_refused():
    data = saved(blank(3))
    assert take(data).pages == 3

    with pytest.raises(refusals.Damaged):
        take(data.replace(b"/Count 3", b"/Count 4"))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 3>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF",
        b"%PDF-1.7\n1 0 obj <</Pages 2 0 R>> endobj 2 0 obj <</Kids [2 0 R]>> endobj trailer <</Root 1 0 R>>\n%%EOF",
        b"%PDF-1.7\ntrailer <</Root [1]>>\n%%EOF",
    ],
)
def test_a_pdf_that_is_not_one_inside_is_refused(data):
    with pytest.raises(refusals.Damaged):
        take(data)


def test_a_pdf_without_a_page_and_without_their_number_is_refused():
    data = saved(blank(3)).replace(b"5 0 R ]", b"null ]").replace(b"/Count 3", b"/Count ()")
    assert data.count(b"/Count ()") == data.count(b"null ]") == 1

    with pytest.raises(refusals.Damaged):
        take(data)


def test_bytes_changed_at_random_never_break_the_inspection():
    chance = random.Random(7)
    good = poisoned()
    for _ in range(150):
        data = bytearray(good)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(8, len(data))] = chance.randrange(256)
        try:
            clean = take(bytes(data))
        except UploadRefused:
            continue
        with clean, parse(clean) as pdf:
            assert not acts(pdf) or clean.signed


def test_a_pdf_that_inflates_without_end_is_refused():
    bomb = zlib.compress(b"3 0 " + b"0" * 80_000_000, 9)
    head = b"%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 3 0 R>> endobj\n"
    body = b"2 0 obj <</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d>> stream\n" % len(bomb)
    xref_at = len(head) + len(body) + len(bomb) + len(b"\nendstream endobj\n")
    entries = b"".join(
        kind.to_bytes(1, "big") + where.to_bytes(4, "big") + index.to_bytes(2, "big")
        for kind, where, index in [(0, 0, 65535), (1, 9, 0), (1, len(head), 0), (2, 2, 0), (1, xref_at, 0)]
    )
    xref = b"4 0 obj <</Type /XRef /Size 5 /W [1 4 2] /Root 1 0 R /Length %d>> stream\n" % len(entries)
    data = head + body + bomb + b"\nendstream endobj\n" + xref + entries
    data += b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % xref_at

    with pytest.raises(refusals.Damaged):
        take(data)


# Pictures


def test_a_picture_loses_place_and_device_and_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Máy ảnh của ai đó"
    exif.get_ifd(0x8825)[2] = (16.0, 4.0, 0.0)

    with take(picture((60, 40), exif=exif), name="anh.jpg") as clean:
        after = Image.open(clean.content)

        assert after.size == (40, 60)
        assert not after.getexif()


@pytest.mark.parametrize(("orientation", "red_at"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1))])
def test_a_picture_is_turned_as_its_camera_was_held(orientation, red_at):
    exif = Image.Exif()
    exif[0x0112] = orientation
    held = Image.new("RGB", (2, 2), "white")
    held.putpixel((0, 0), (255, 0, 0))
    out = io.BytesIO()
    held.save(out, "PNG", exif=exif)

    with take(out.getvalue()) as clean:
        assert Image.open(clean.content).getpixel(red_at) == (255, 0, 0)


@pytest.mark.parametrize(
    ("exif", "size"),
    [
        # Turned by a quarter, then a tag whose value is of another type than it says.
        (
            b"II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x0f\x01\x0d\0\x01\0\0\0\0\0\0\0",
            (40, 60),
        ),
        (b"II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\x02\0\0\0x\0\0\0", (60, 40)),
        (b"II*\0\xff", (60, 40)),
        (b"II*\0\x08\0\0\0\x09\0", (60, 40)),
        (b"nothing of the kind", (60, 40)),
    ],
    ids=["odd tag", "word for a number", "no directory", "cut off", "nonsense"],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_a_camera_got_wrong_in_exif_does_not_cost_the_picture(kind, exif, size):
    with take(picture((60, 40), kind=kind, exif=b"Exif\0\0" + exif)) as clean:
        assert Image.open(clean.content).size == size


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_is_hidden_behind_a_picture_is_gone(kind):
    with take(picture(kind=kind) + b"<script>alert(1)</script>PK\x03\x04") as clean:
        data = clean.content.read()

    assert b"script" not in data
    assert b"PK\x03\x04" not in data


def test_text_inside_a_png_is_gone():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "<?php system($_GET[1]); ?>")

    with take(picture(kind="PNG", pnginfo=info)) as clean:
        assert b"php" not in clean.content.read()


def test_a_large_picture_is_brought_to_twelve_megapixels():
    with take(picture((6000, 4000))) as clean:
        width, height = Image.open(clean.content).size

    assert 11_000_000 < width * height <= 12_000_000
    assert width / height == pytest.approx(1.5, rel=0.01)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_colour_mode_comes_through(mode):
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, "JPEG" if mode == "CMYK" else "PNG")

    with take(out.getvalue()) as clean:
        assert Image.open(clean.content).size == (30, 20)


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded():
    ihdr = b"IHDR" + (60000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    data = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + ihdr + zlib.crc32(ihdr).to_bytes(4, "big")
    data += (9).to_bytes(4, "big") + b"IDAT"

    with pytest.raises(refusals.TooManyPixels, match="3600 triệu"):
        take(data + b"\0" * 100)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_truncated_picture_is_refused(kind):
    noise = Image.effect_noise((300, 300), 80)
    out = io.BytesIO()
    noise.save(out, kind)

    with pytest.raises(refusals.Damaged):
        take(out.getvalue()[: len(out.getvalue()) // 2])


def test_a_heic_picture_is_refused_with_the_setting_to_change():
    with pytest.raises(refusals.HeicPicture, match="Tương thích nhất"):
        take(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64, name="IMG_1.HEIC")


# Other files


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00" + b"\0" * 99,
        b"GIF89a" + b"\0" * 99,
        b"<html><script>1</script>",
        b"hello",
        b"\xff\xd8\xff",
    ],
    ids=["exe", "gif", "html", "text", "stub"],
)
def test_other_kinds_are_refused_by_what_is_allowed(data):
    with pytest.raises(UploadRefused) as refused:
        take(data, name="don.pdf")

    assert refused.value.code in {"upload_wrong_kind", "upload_damaged"}
    assert "don" in str(refused.value)


def test_an_empty_file_is_refused():
    with pytest.raises(refusals.EmptyFile):
        take(b"")


def test_a_file_over_the_limit_is_refused_without_reading_it():
    with pytest.raises(refusals.TooLarge, match="lớn hơn 1 MB"):
        take(b"%PDF-" + b"\0" * 2**20, max_bytes=2**20)


def test_an_office_file_with_macros_is_refused():
    with pytest.raises(refusals.ActiveContent):
        take(zipped(**DOCX, word__vbaProject_dot_bin="x"), kinds=OFFICE)


def test_an_office_file_that_explodes_is_refused():
    with pytest.raises(refusals.Expanding):
        take(zipped(**DOCX, word__media__a="0" * 110_000_000), kinds=OFFICE)


def test_a_zip_that_is_no_office_file_is_refused():
    with pytest.raises(refusals.WrongKind):
        take(zipped(a="x"), kinds=OFFICE)


def test_an_office_file_behind_another_file_is_refused():
    with pytest.raises(UploadRefused):
        take(b"PK\x03\x04" + b"\0" * 60 + zipped(**DOCX), kinds=OFFICE)


# Names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Đơn xin.pdf", "Đơn xin.pdf"),
        ("Đơn.PDF".encode().decode(), "Đơn.pdf"),
        ("Đơ\u0301n.pdf", "Đớn.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\fakepath\\anh.jpg", "anh.pdf"),
        ("anh\u202egpj.exe", "anhgpj.pdf"),
        ("a\x00b\nc\u200b.pdf", "abc.pdf"),
        ('a<b>:"|?*.pdf', "a-b------.pdf"),
        ("  ...  ", "tep.pdf"),
        ("", "tep.pdf"),
        (".pdf", "tep.pdf"),
        ("CON.txt", "tep-CON.pdf"),
        ("don.v2 ban cuoi", "don.v2 ban cuoi.pdf"),
        ("thư mục/", "thư mục.pdf"),
    ],
)
def test_names_are_cleaned(name, expected):
    assert clean_name(name, extension="pdf") == expected


def test_long_names_fit_a_file_system():
    name = clean_name("ế" * 500 + ".pdf", extension="pdf")

    assert len(name.encode()) <= 255
    assert name.endswith("ế.pdf")


def test_the_input_is_neither_changed_nor_closed():
    data = saved(blank())
    source = io.BytesIO(data)

    inspect(source, name="a.pdf").content.close()

    assert source.getvalue() == data


def test_a_stream_of_a_pdf_stays_as_it_was_packed():
    pdf = blank()
    packed = zlib.compress(b"0 0 m 9 9 l S " * 200)
    pdf.pages[0].Contents = pdf.make_indirect(Stream(pdf, packed, Filter=Name.FlateDecode))

    with take(saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none)) as clean, parse(clean) as after:
        assert after.pages[0].Contents.read_raw_bytes() == packed
