"""Mark every page of a PDF, or a picture, with a word across it that nobody overlooks.

The letters are drawn as outlines of the portal's own font: no font goes into the file, and no PDF engine is needed.
Everything here is for the worker; the parsers are imported on first use.
"""

from __future__ import annotations

import math
from typing import Any, BinaryIO

from core.pdf import FONT_DIR
from core.uploads.kinds import Kind

FONT = FONT_DIR / "BeVietnamPro-Bold.ttf"
ANGLE = 35.0
COLOUR = (0.78, 0.05, 0.12)
OPACITY = 0.32
WIDTH = 0.62
"""How much of a page's shorter side the word covers."""
SIDE = 600.0


def stamp(source: BinaryIO, target: BinaryIO, *, kind: str, text: str) -> None:
    """Write a marked copy of a PDF or a picture to ``target``, which stands at its beginning afterwards."""
    if kind == Kind.PDF:
        _stamp_pdf(source, target, text)
    else:
        _stamp_picture(source, target, Kind(kind), text)
    target.seek(0)


def _stamp_pdf(source: BinaryIO, target: BinaryIO, text: str) -> None:
    import pikepdf

    with pikepdf.open(source) as pdf, pikepdf.new() as made:
        made.add_blank_page(page_size=(SIDE, SIDE))
        mark = made.pages[0]
        states = pikepdf.Dictionary(Mark=pikepdf.Dictionary(ca=OPACITY, CA=OPACITY))
        mark.obj.Resources = pikepdf.Dictionary(ExtGState=states)
        mark.obj.Contents = made.make_stream(_drawing(text))
        for page in pdf.pages:
            page.add_overlay(mark, None)
        pdf.save(target)


def _drawing(text: str) -> bytes:
    """Draw a word in the middle of a square, slanting; programs that read text are told the word (ActualText)."""
    outline, width, height = _outline(text)
    turn = math.radians(ANGLE)
    scale = SIDE * WIDTH / width
    cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
    x = SIDE / 2 - (width * cos - height * sin) / 2
    y = SIDE / 2 - (width * sin + height * cos) / 2
    told = (b"\xfe\xff" + text.encode("utf-16-be")).hex().encode()
    place = f"{cos:.5f} {sin:.5f} {-sin:.5f} {cos:.5f} {x:.3f} {y:.3f} cm".encode()
    red, green, blue = COLOUR
    colour = f"{red} {green} {blue} rg".encode()
    return b"\n".join(
        [
            b"/Span <</ActualText <" + told + b">>> BDC q /Mark gs",
            colour,
            place,
            outline.encode(),
            b"f Q EMC",
        ]
    )


def _outline(text: str) -> tuple[str, float, float]:
    """Give the paths of a word in units of the font, with its width and the height of its capitals."""
    from fontTools.pens.basePen import BasePen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.ttLib import TTFont

    class Paths(BasePen):
        """Writes the operators of PDF; quadratic curves arrive as cubic ones."""

        def __init__(self, glyphs: Any) -> None:
            super().__init__(glyphs)
            self.said: list[str] = []

        def _moveTo(self, point: Any) -> None:
            self.said.append(f"{point[0]:.1f} {point[1]:.1f} m")

        def _lineTo(self, point: Any) -> None:
            self.said.append(f"{point[0]:.1f} {point[1]:.1f} l")

        def _curveToOne(self, *points: Any) -> None:
            self.said.append(" ".join(f"{x:.1f} {y:.1f}" for x, y in points) + " c")

        def _closePath(self) -> None:
            self.said.append("h")

    with TTFont(FONT) as font:
        glyphs, names = font.getGlyphSet(), font.getBestCmap()
        pen, at = Paths(glyphs), 0.0
        for letter in text:
            glyph = glyphs[names[ord(letter)]]
            glyph.draw(TransformPen(pen, (1, 0, 0, 1, at, 0)))
            at += glyph.width
        height = float(font["OS/2"].sCapHeight)
    return "\n".join(pen.said), at, height


def _stamp_picture(source: BinaryIO, target: BinaryIO, kind: Kind, text: str) -> None:
    from PIL import Image, ImageDraw, ImageFont

    with Image.open(source, formats=["JPEG", "PNG"]) as opened:
        picture = opened.convert("RGBA")
    side = min(picture.size)
    font = ImageFont.truetype(str(FONT), 200)
    left, top, right, bottom = font.getbbox(text)
    word = Image.new("RGBA", (math.ceil(right - left), math.ceil(bottom - top)))
    colour = (*(round(255 * part) for part in COLOUR), round(255 * OPACITY))
    ImageDraw.Draw(word).text((-left, -top), text, font=font, fill=colour)
    scale = max(side * WIDTH, 24) / word.width
    word = word.resize((max(1, round(word.width * scale)), max(1, round(word.height * scale))))
    word = word.rotate(ANGLE, expand=True, resample=Image.Resampling.BICUBIC)
    picture.alpha_composite(_framed(word, picture.size, Image), ((0, 0)))
    if kind is Kind.JPEG:
        picture.convert("RGB").save(target, "JPEG", quality=85)
    else:
        picture.save(target, "PNG", compress_level=6)


def _framed(word: Any, size: tuple[int, int], images: Any) -> Any:
    """Put the word into the middle of an empty picture of a size; what does not fit is cut off."""
    frame = images.new("RGBA", size)
    frame.paste(word, ((size[0] - word.width) // 2, (size[1] - word.height) // 2))
    return frame
