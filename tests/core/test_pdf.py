"""Papers: PDF/A-3b with our font, our files only, and boxes for signatures."""

import sys
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from PIL import ImageFile

from core import pdf, qr

BODY = """
<h1>Giấy tiếp nhận hồ sơ và hẹn trả kết quả</h1>
<p>Chủ hồ sơ: <em>Đặng Thị Ngọc Ánh</em>, ẳẵặ ềễệ ốồộ ứữự ỳỹỵ.</p>
<div id="sig-officer" style="position: absolute; left: 0; top: 100mm; width: 60mm; height: 20mm"></div>
"""


def text_of(content: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


def test_vietnamese_text_can_be_searched_and_copied():
    paper = pdf.render(BODY, title="Giấy tiếp nhận")

    assert paper.pages == 1
    assert "Đặng Thị Ngọc Ánh, ẳẵặ ềễệ ốồộ ứữự ỳỹỵ." in text_of(paper.content)


def test_a_paper_is_archivable():
    document = pikepdf.open(BytesIO(pdf.render(BODY, title="Giấy tiếp nhận").content))

    with document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
        assert metadata["dc:title"] == "Giấy tiếp nhận"
    assert document.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert document.Root.Lang == "vi"
    assert document.Root.MarkInfo.Marked
    assert not document.is_encrypted
    fonts = document.pages[0].Resources.Font
    for font in fonts.values():
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "BeVietnamPro" in str(font.BaseFont).replace("-", "")
        assert any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))
        assert "/ToUnicode" in font


def test_a_qr_code_survives_the_way_into_the_paper():
    zxingcpp = pytest.importorskip("zxingcpp")
    link = "https://dichvucong.example.test/v/9f86d081884c7d659a2feaa0c55ad015/?c=7d659a2f"

    paper = pdf.render(qr.svg(link), title="Mã")

    (found,) = zxingcpp.read_barcodes(pypdfium2.PdfDocument(paper.content)[0].render(scale=3).to_pil())
    assert found.text == link


def test_the_box_of_a_signature_is_given_in_points_from_the_lower_left_corner():
    paper = pdf.render(BODY, title="Giấy tiếp nhận")
    width, height = pypdfium2.PdfDocument(paper.content)[0].get_size()

    box = paper.anchors["sig-officer"]

    assert (box.page, round(box.width), round(box.height)) == (
        0,
        round(60 / 25.4 * 72),
        round(20 / 25.4 * 72),
    )
    assert 0 < box.x < width
    assert 0 < box.y < height / 2 + box.height


@pytest.mark.parametrize(
    "url",
    [
        "https://example.test/a.png",
        "http://127.0.0.1:1/",
        "file:///etc/hostname",
        "../manage.py",
        "data:image/png;base64,AA==",
    ],
)
def test_a_paper_loads_nothing_but_the_portals_own_files(url):
    with pytest.raises(pdf.PaperResourceRefused, match="static"):
        pdf.render(f'<img src="{url}" alt="">', title="Thử")


def test_the_title_cannot_break_out_of_its_element():
    paper = pdf.render("<p>Nội dung</p>", title="</title><p>Chèn")

    assert "Chèn" not in text_of(paper.content)


def test_a_machine_without_pango_names_the_line_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    assert not pdf.is_available()
    with pytest.raises(pdf.PdfEngineMissing, match=r"apt-get install .* libpango"):
        pdf.render(BODY, title="Giấy tiếp nhận")


def test_making_papers_does_not_make_the_process_accept_half_a_picture():
    pdf.render(BODY, title="Giấy tiếp nhận")

    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
