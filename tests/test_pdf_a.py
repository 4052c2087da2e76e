"""The checker of PDF/A finds what it must find: a checker that finds nothing would pass everything."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from core import pdf
from tests import pdf_a

pytestmark = pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed")


@cache
def sound() -> bytes:
    return pdf.render("<h1>Giấy tiếp nhận</h1><p>Đã nhận đủ: <b>một</b> tờ khai.</p>", title="Thử").content


def spoilt(spoil: Callable[[pikepdf.Pdf], object], **saving: Any) -> list[str]:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sound())) as file:
        spoil(file)
        file.save(out, **saving)
    return pdf_a.problems(out.getvalue())


def fonts(file: pikepdf.Pdf) -> list[Dictionary]:
    return [one for one in file.objects if isinstance(one, Dictionary) and one.get("/Type") == Name.Font]


def composite(file: pikepdf.Pdf) -> Dictionary:
    return next(one for one in fonts(file) if one.get("/Subtype") == Name.Type0)


def without_its_file(file: pikepdf.Pdf) -> None:
    descriptor = composite(file).DescendantFonts[0].FontDescriptor
    for key in ("/FontFile", "/FontFile2", "/FontFile3"):
        if key in descriptor:
            del descriptor[key]


def script(file: pikepdf.Pdf) -> None:
    action = Dictionary(Type=Name.Action, S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    file.Root.OpenAction = file.make_indirect(action)


def seen_through(file: pikepdf.Pdf) -> None:
    file.pages[0].Resources.ExtGState = Dictionary(
        A=file.make_indirect(Dictionary(Type=Name.ExtGState, ca=0.5))
    )


def test_what_the_portal_makes_is_sound():
    assert pdf_a.problems(sound()) == []


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda file: file.Root.__delitem__("/Metadata"), "no XMP metadata"),
        (lambda file: setattr(file.Root, "OutputIntents", Array()), "0 output intents"),
        (lambda file: file.Root.__delitem__("/StructTreeRoot"), "no tree of tags"),
        (lambda file: file.Root.__delitem__("/MarkInfo"), "not marked as tagged"),
        (lambda file: file.Root.__delitem__("/Lang"), "no language"),
        (lambda file: composite(file).__delitem__("/ToUnicode"), "cannot be read as text"),
        (without_its_file, "not embedded"),
        (script, "JavaScript"),
        (seen_through, "seen through"),
    ],
)
def test_what_is_spoilt_is_found(spoil, found):
    assert any(found in problem for problem in spoilt(spoil))


def test_an_encrypted_file_is_found():
    locked = spoilt(lambda file: None, encryption=pikepdf.Encryption(owner="a", user=""))

    assert "encrypted" in locked
