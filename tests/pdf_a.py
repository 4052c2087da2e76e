"""A small checker of PDF/A-3b: what an archive would refuse, said in words. It reads the file, and trusts nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

ACTS = (
    "/JavaScript",
    "/JS",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/ResetForm",
    "/Movie",
    "/Sound",
    "/Rendition",
)
"""Actions that a file which must look the same in fifty years may not carry (ISO 19005-3, 6.5.1)."""
MAY_BE_SEEN_THROUGH = ("/CA", "/ca")


def problems(content: bytes) -> list[str]:
    """Say everything that is not as ISO 19005-3 level B asks, and what the portal asks on top: tags and a language."""
    with pikepdf.open(io.BytesIO(content)) as file:
        return list(_problems(file))


def _problems(file: pikepdf.Pdf) -> Iterator[str]:
    if file.is_encrypted:
        yield "encrypted"
    if "/ID" not in file.trailer:
        yield "no file identifier"
    yield from _metadata(file)
    yield from _colours(file)
    yield from _structure(file)
    for owner in file.objects:
        yield from _object(owner)
    for number, page in enumerate(file.pages, start=1):
        if (
            "/Group" in page.obj
            and page.obj.Group.get("/S") == Name.Transparency
            and "/CS" not in page.obj.Group
        ):
            yield f"page {number}: a transparency group without its colours"


def _metadata(file: pikepdf.Pdf) -> Iterator[str]:
    metadata = file.Root.get("/Metadata")
    if metadata is None:
        yield "no XMP metadata"
        return
    with file.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        part, level = xmp.get("pdfaid:part"), str(xmp.get("pdfaid:conformance", "")).upper()
        if (part, level) != ("3", "B"):
            yield f"claims PDF/A-{part}{level}, not PDF/A-3B"
        title, written = xmp.get("dc:title"), str(file.docinfo.get("/Title", ""))
        if not title:
            yield "no title"
        elif written and written != title:
            yield "the title is told in two ways"


def _colours(file: pikepdf.Pdf) -> Iterator[str]:
    intents = list(file.Root.get("/OutputIntents", Array()))
    archival = [one for one in intents if one.get("/S") == Name.GTS_PDFA1]
    if len(archival) != 1:
        yield f"{len(archival)} output intents for archives, not one"
        return
    profile = archival[0].get("/DestOutputProfile")
    if not isinstance(profile, Stream):
        yield "the output intent has no profile"
    elif profile.read_bytes()[36:40] != b"acsp":
        yield "the output intent's profile is no ICC profile"


def _structure(file: pikepdf.Pdf) -> Iterator[str]:
    root = file.Root
    if not root.get("/MarkInfo", Dictionary()).get("/Marked", False):
        yield "not marked as tagged"
    tree = root.get("/StructTreeRoot")
    if tree is None or "/K" not in tree:
        yield "no tree of tags"
    if not str(root.get("/Lang", "")):
        yield "no language"
    names = root.get("/Names", Dictionary())
    if "/JavaScript" in names:
        yield "JavaScript among its names"
    if "/EmbeddedFiles" in names and "/AF" not in root:
        yield "a file is embedded that belongs to nothing"
    if "/AA" in root:
        yield "does something when it is opened"
    action = root.get("/OpenAction")
    if isinstance(action, Dictionary) and action.get("/S") not in (None, Name.GoTo):
        yield "does something when it is opened"
    form = root.get("/AcroForm", Dictionary())
    if form.get("/NeedAppearances", False) or "/XFA" in form:
        yield "a form that looks as its reader likes"


def _object(one: Any) -> Iterator[str]:
    if not isinstance(one, Dictionary | Stream):
        return
    kind = one.get("/Type")
    if kind == Name.Font:
        yield from _font(one)
    if one.get("/S") in [Name(act) for act in ACTS] and ("/JS" in one or kind == Name.Action):
        yield f"an action: {one.get('/S')}"
    if kind == Name.Annot and one.get("/Subtype") != Name.Popup:
        flags = int(one.get("/F", 0))
        if not flags & 4 or flags & 0b100011:  # printed; neither invisible, hidden nor kept from view
            yield f"an annotation that is not always shown: {one.get('/Subtype')}"
        if one.get("/Subtype") == Name.Widget and "/AP" not in one and _has_a_size(one):
            yield "a field without its appearance"
    if kind == Name.ExtGState:
        if one.get("/SMask") not in (None, Name("/None")):
            yield "a soft mask"
        if any(float(one.get(key, 1)) != 1 for key in MAY_BE_SEEN_THROUGH):
            yield "something that may be seen through"
    if isinstance(one, Stream) and one.get("/Filter") in (Name.LZWDecode, Name.Crypt):
        yield f"a stream filter that archives refuse: {one.get('/Filter')}"
    if isinstance(one, Stream) and one.get("/Subtype") == Name.Image and ("/SMask" in one or "/OPI" in one):
        yield "a picture that may be seen through"


def _has_a_size(annotation: Any) -> bool:
    left, bottom, right, top = (float(number) for number in annotation.Rect)
    return left != right and bottom != top


def _font(font: Any) -> Iterator[str]:
    name = str(font.get("/BaseFont", "?"))
    if font.get("/Subtype") == Name.Type0:
        if "/ToUnicode" not in font:
            yield f"{name}: cannot be read as text"
        descendants = [one for one in font.DescendantFonts if not _is_embedded(one)]
        if descendants:
            yield f"{name}: not embedded"
    elif font.get("/Subtype") in (Name.TrueType, Name.Type1):
        if not _is_embedded(font):
            yield f"{name}: not embedded"
        if "/ToUnicode" not in font and "/Encoding" not in font:
            yield f"{name}: cannot be read as text"


def _is_embedded(font: Any) -> bool:
    descriptor = font.get("/FontDescriptor", Dictionary())
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
