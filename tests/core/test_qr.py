"""QR codes are read back by an independent reader."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from core import qr

LINK = "https://dichvucong.example.test/v/9f86d081884c7d659a2feaa0c55ad015/?c=7d659a2f"


def drawn(svg: str, scale: int = 6) -> Image.Image:
    """Draw the rectangles of the SVG's paths, nothing else."""
    root = ElementTree.fromstring(svg)
    side = int(root.attrib["viewBox"].split()[2])
    image = Image.new("L", (side * scale, side * scale), 128)
    pen = ImageDraw.Draw(image)
    for path in root:
        for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", path.attrib["d"]):
            left, top = int(x) * scale, int(y) * scale
            right, bottom = left + int(width) * scale - 1, top + int(height) * scale - 1
            pen.rectangle((left, top, right, bottom), fill=path.attrib["fill"])
    return image


@pytest.mark.parametrize("text", [LINK, "H17.34.07-260302-0117", "Số hồ sơ của Đặng Thị Ngọc Ánh"])
def test_a_reader_finds_the_text_again(text):
    (found,) = zxingcpp.read_barcodes(drawn(qr.svg(text)))

    assert found.text == text
    assert found.format is zxingcpp.BarcodeFormat.QRCode


def test_the_quiet_zone_is_four_modules_wide():
    image = drawn(qr.svg(LINK), scale=1)
    side = image.width

    for edge in ((0, 0, side, 4), (0, 0, 4, side), (0, side - 4, side, side), (side - 4, 0, side, side)):
        assert image.crop(edge).getextrema() == (255, 255)
    assert [image.getpixel(corner) for corner in ((4, 4), (4, side - 5), (side - 5, 4))] == [0, 0, 0]


def test_the_code_stays_readable_with_a_tenth_of_it_torn_off():
    image = drawn(qr.svg(LINK))
    width, height = image.size
    ImageDraw.Draw(image).rectangle((width * 0.45, height * 0.45, width * 0.65, height * 0.65), fill=255)

    (found,) = zxingcpp.read_barcodes(image)

    assert found.text == LINK


def test_the_element_holds_the_strict_content_security_policy_and_speaks_to_screen_readers():
    labelled = qr.svg(LINK, label='Mã "xác minh"')

    assert "style" not in labelled
    assert ElementTree.fromstring(labelled).attrib["aria-label"] == 'Mã "xác minh"'
    assert ElementTree.fromstring(qr.svg(LINK)).attrib["aria-hidden"] == "true"


@pytest.mark.parametrize("text", ["", "x" * 2332])
def test_a_text_that_does_not_fit_is_refused(text):
    with pytest.raises(ValueError):
        qr.svg(text)
