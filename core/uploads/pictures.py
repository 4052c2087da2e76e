"""Pictures are decoded whole and written anew: only pixels come through.

What hides in a picture (place and device in EXIF, a script after the last byte, a second format in one file)
does not survive; an upright orientation does.
"""

from __future__ import annotations

import math
from typing import BinaryIO

from PIL import ExifTags, Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from core.uploads import refusals
from core.uploads.kinds import Kind, Limits

KEPT_PIXELS = 12_000_000
# Opened by their own classes: ``Image.open`` would try other formats and knows only one limit for a whole process.
OPENERS = {Kind.JPEG: JpegImageFile, Kind.PNG: PngImageFile}
PLAIN_MODES = {Kind.JPEG: ("L", "RGB"), Kind.PNG: ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")}
SCALABLE_MODES = ("L", "LA", "RGB", "RGBA")
BROKEN = (OSError, ValueError, SyntaxError, EOFError)
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture upright, by its orientation in EXIF."""


def rewrite(source: BinaryIO, target: BinaryIO, *, kind: Kind, name: str, limits: Limits) -> None:
    """Write the picture's pixels to ``target``, upright and at most 12 megapixels, in the same format.

    :raises UploadRefused: the picture is damaged, truncated or has too many pixels.
    """
    try:
        picture = OPENERS[kind](source)
    except BROKEN as problem:
        raise refusals.Damaged(name) from problem
    pixels = picture.width * picture.height
    if pixels > limits.max_pixels:
        raise refusals.TooManyPixels(
            name, pixels=math.ceil(pixels / 1e6), limit=round(limits.max_pixels / 1e6)
        )
    try:
        _shrink_and_save(picture, target, kind)
    except BROKEN as problem:
        raise refusals.Damaged(name) from problem


def _shrink_and_save(picture: Image.Image, target: BinaryIO, kind: Kind) -> None:
    # A large JPEG is decoded at a half or a quarter, as near to the kept size as it goes: time and memory saved.
    picture.draft(None, _kept_size(picture))
    picture.load()
    upright = _upright(picture)
    if (size := _kept_size(upright)) != upright.size:
        if upright.mode not in SCALABLE_MODES:
            upright = upright.convert("RGBA" if "transparency" in upright.info else "RGB")
        upright = upright.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    if upright.mode not in PLAIN_MODES[kind]:
        upright = upright.convert("RGB")
    upright.info = {key: value for key, value in upright.info.items() if key == "transparency"}
    if kind is Kind.JPEG:
        upright.save(target, "JPEG", quality=85)
    else:
        upright.save(target, "PNG", compress_level=4)


def _upright(picture: Image.Image) -> Image.Image:
    """Turn a picture as its camera was held, or leave it where nothing readable says how.

    Pillow's own ``exif_transpose`` writes the rest of EXIF anew and stumbles over what cameras put there.
    """
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation)
    except (
        Exception
    ):  # EXIF is a format in the format, with as many ways of being wrong; the pixels are right
        return picture
    turn = TURNS.get(orientation) if isinstance(orientation, int) else None
    return picture if turn is None else picture.transpose(turn)


def _kept_size(picture: Image.Image) -> tuple[int, int]:
    scale = math.sqrt(min(1.0, KEPT_PIXELS / (picture.width * picture.height)))
    return max(1, int(picture.width * scale)), max(1, int(picture.height * scale))
