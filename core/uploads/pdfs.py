"""PDF files are parsed whole and written anew without anything that acts.

Only keys that show or describe pages are kept in the catalogue, the pages and the form; annotations are kept when
they show something (a filled field, a stamp, handwriting) or link, and only links to pages and web addresses work.
Scripts, launchers, attachments, media, XFA and submit buttons go. A signed file stays byte for byte, because
cleaning would break the signature: it is refused when it holds anything that acts.
"""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf
from pikepdf.settings import set_qpdf_limits

from core.uploads import refusals
from core.uploads.kinds import MIB, Limits

# The limits are of the whole process, and qpdf asks to set them once, before threads use it. An object stream is
# inflated whole into memory: without a limit, 20 MB of zeros packed by 1,000 would take 20 GB.
set_qpdf_limits(
    flate_max_memory=64 * MIB,
    run_length_max_memory=64 * MIB,
    png_max_memory=64 * MIB,
    tiff_max_memory=64 * MIB,
    max_stream_filters=4,
    parser_max_nesting=100,
    doc_max_warnings=100,
)

# Said of fields outside the form; a viewer shows them from their appearance, and nobody fills an upload in again.
warnings.filterwarnings("ignore", category=pikepdf.PageCopyWarning)

TAIL = 1024
DEEPEST = 50
# fmt: off
CATALOGUE_KEYS = frozenset({
    "/Type", "/Version", "/Extensions", "/Pages", "/PageLabels", "/Dests", "/Names", "/ViewerPreferences", "/PageLayout",
    "/AcroForm", "/Metadata", "/StructTreeRoot", "/MarkInfo", "/Lang", "/OutputIntents", "/OCProperties",
})
PAGE_KEYS = frozenset({
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Contents", "/Rotate",
    "/Group", "/Annots", "/StructParents", "/Tabs", "/UserUnit",
})
PAGES_KEYS = frozenset({"/Type", "/Parent", "/Kids", "/Count", "/Resources", "/MediaBox", "/CropBox", "/Rotate"})
FORM_KEYS = frozenset({"/Fields", "/NeedAppearances", "/DR", "/DA", "/Q"})
FIELD_KEYS = frozenset({
    "/FT", "/Parent", "/Kids", "/T", "/TU", "/TM", "/Ff", "/V", "/DV", "/DA", "/DR", "/Q", "/DS", "/RV", "/Opt", "/MaxLen",
    "/TI", "/I",
})
ANNOTATION_KEYS = FIELD_KEYS | {
    "/Type", "/Subtype", "/Rect", "/Contents", "/P", "/NM", "/M", "/F", "/AP", "/AS", "/Border", "/C", "/StructParent", "/OC",
    "/BM", "/CA", "/ca", "/Lang", "/Popup", "/RC", "/CreationDate", "/IRT", "/Subj", "/RT", "/IT", "/Open", "/Name",
    "/State", "/StateModel", "/A", "/Dest", "/H", "/QuadPoints", "/BS", "/CL", "/BE", "/RD", "/LE", "/L", "/IC", "/LL",
    "/LLE", "/Cap", "/LLO", "/CP", "/CO", "/Vertices", "/InkList", "/Sy", "/FixedPrint", "/MK",
}
ACTION_KEYS = frozenset({"/Type", "/S", "/D", "/URI"})
SHOWN_ANNOTATIONS = frozenset({
    "/Link", "/Widget", "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight",
    "/Underline", "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/Watermark",
})
WEB_ADDRESS = re.compile(r"(?i)(https?|mailto|tel):")
ACTIONS = frozenset({
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Sound", "/Movie",
    "/RichMediaExecute", "/GoTo3DView",
})
ACTING_ANNOTATIONS = frozenset({"/FileAttachment", "/Movie", "/Sound", "/Screen", "/RichMedia", "/3D"})
# fmt: on


def rewrite(source: BinaryIO, target: BinaryIO, *, name: str, limits: Limits) -> tuple[int, bool]:
    """Write a clean copy to ``target``, or nothing when the file is signed; return pages and signed or not.

    :raises UploadRefused: damaged, truncated, encrypted, too many pages, an XFA form, or signed and with active content.
    """
    _check_ends(source, name)
    try:
        with pikepdf.open(source) as pdf:
            return _rewrite(pdf, source, target, name, limits)
    except pikepdf.PasswordError as problem:
        raise refusals.Encrypted(name) from problem
    except (pikepdf.PikepdfError, ValueError, TypeError, AttributeError, KeyError) as problem:
        # A file whose objects are not of the types that the format prescribes is damaged, by chance or by intent.
        raise refusals.Damaged(name) from problem


def _rewrite(
    pdf: pikepdf.Pdf, source: BinaryIO, target: BinaryIO, name: str, limits: Limits
) -> tuple[int, bool]:
    if pdf.is_encrypted:
        raise refusals.Encrypted(name)
    declared = _declared_pages(pdf)
    pages = len(pdf.pages)
    if pages == 0 or pages < declared:  # the parser would go on without the pages that are missing
        raise refusals.Damaged(name)
    if pages > limits.max_pages:
        raise refusals.TooManyPages(name, pages=pages, limit=limits.max_pages)
    form = pdf.Root.get("/AcroForm")
    if form is not None and "/XFA" in form and pdf.Root.get("/NeedsRendering"):
        raise refusals.DynamicForm(name)
    if is_signed(pdf):
        if acts(pdf) or _trailing(source):
            raise refusals.ActiveContent(name)
        return pages, True
    _clean(pdf)
    pdf.save(
        target,
        linearize=False,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.preserve,
        deterministic_id=True,
    )
    return pages, False


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Say whether a PDF claims to carry a signature; whether it is valid is for others to say."""
    if "/Perms" in pdf.Root:
        return True
    return any(field.get("/FT") == "/Sig" and "/V" in field for field in _fields(pdf))


def acts(pdf: pikepdf.Pdf) -> bool:
    """Say whether anything in a PDF could act: scripts, launchers, media, attachments that are not plain data."""
    return any(_acts(item) for thing in pdf.objects for item in _nested(thing, 0))


def _acts(item: Any) -> bool:
    if "/JS" in item or "/XFA" in item or item.get("/S") in ACTIONS:
        return True
    if item.get("/Subtype") in ACTING_ANNOTATIONS:
        return True
    files = item.get("/EF")
    if not isinstance(files, pikepdf.Dictionary):
        return False
    return not all(_is_plain_data(stream) for stream in files.as_dict().values())


def _is_plain_data(stream: Any) -> bool:
    """Say whether an attachment is XML or JSON, as electronic invoices and signed results carry."""
    if not isinstance(stream, pikepdf.Stream):
        return False
    raw = stream.read_raw_bytes()
    coding = stream.get("/Filter")
    if isinstance(coding, pikepdf.Array) and len(coding) == 1:
        coding = coding[0]
    if coding == "/FlateDecode":
        try:
            raw = zlib.decompressobj().decompress(raw, MIB)
        except zlib.error:
            return False
    elif coding is not None:
        return False
    try:
        text = raw[:MIB].decode("utf-8-sig", errors="strict")
    except UnicodeDecodeError:
        return False
    return text.lstrip()[:1] in ("<", "{", "[") and "<script" not in text.lower()


def _clean(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root
    _keep(root, CATALOGUE_KEYS)
    names = root.get("/Names")
    if names is not None:
        _keep(names, frozenset({"/Dests"}))  # where links inside the file lead to
    if "/AcroForm" in root:
        _keep(root.AcroForm, FORM_KEYS)
        for field in list(_fields(pdf)):
            _clean_annotation(field)
    for branch in _branches(pdf):
        _keep(branch, PAGES_KEYS)
    for page in pdf.pages:
        _keep(page.obj, PAGE_KEYS)
        _clean_annotations(page.obj)


def _branches(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield the nodes of the page tree that hold pages, each once."""
    seen: set[tuple[int, int]] = set()
    waiting = [pdf.Root.Pages]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, pikepdf.Dictionary) or (node.is_indirect and node.objgen in seen):
            continue
        if "/Kids" in node:
            seen.add(node.objgen)
            yield node
            waiting.extend(node.Kids)


def _clean_annotations(page: Any) -> None:
    annotations = page.get("/Annots")
    if annotations is None:
        return
    kept = []
    for annotation in annotations:
        if isinstance(annotation, pikepdf.Dictionary) and annotation.get("/Subtype") in SHOWN_ANNOTATIONS:
            _clean_annotation(annotation)
            kept.append(annotation)
    if kept:
        page.Annots = pikepdf.Array(kept)
    else:
        del page.Annots


def _clean_annotation(item: Any) -> None:
    """Take the actions from a field or an annotation; a link to a page or an address stays, but nothing after it."""
    _keep(item, ANNOTATION_KEYS)
    action = item.get("/A")
    if action is None:
        return
    if isinstance(action, pikepdf.Dictionary) and _is_harmless(action):
        _keep(action, ACTION_KEYS)
    else:
        del item["/A"]


def _is_harmless(action: Any) -> bool:
    """Say whether an action leads to a page of the file or to the web: not to a script or a file of the reader's."""
    if action.get("/S") == "/GoTo":
        return True
    return action.get("/S") == "/URI" and WEB_ADDRESS.match(str(action.get("/URI"))) is not None


def _declared_pages(pdf: pikepdf.Pdf) -> int:
    """Give how many pages the file says it has; 0 if it does not say."""
    count = pdf.Root.Pages.get("/Count", 0)
    return count if isinstance(count, int) else 0


def _keep(item: Any, keys: frozenset[str]) -> None:
    for key in list(item.keys()):
        if key not in keys:
            del item[key]


def _fields(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield all form fields, each once, however the tree is knotted."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return
    seen: set[tuple[int, int]] = set()
    waiting = list(form.get("/Fields", ()))
    while waiting:
        field = waiting.pop()
        if not isinstance(field, pikepdf.Dictionary) or (field.is_indirect and field.objgen in seen):
            continue
        seen.add(field.objgen)
        yield field
        waiting.extend(field.get("/Kids", ()))


def _nested(thing: Any, depth: int) -> Iterator[Any]:
    """Yield a dictionary or stream and the direct dictionaries inside it; what is indirect has its own turn."""
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield thing
        inside: Iterator[Any] = (thing[key] for key in thing.keys())  # noqa: SIM118 - a pikepdf object does not iterate its keys
    elif isinstance(thing, pikepdf.Array):
        inside = iter(thing)
    else:
        return
    if depth < DEEPEST:
        for item in inside:
            if isinstance(item, pikepdf.Object) and not item.is_indirect:
                yield from _nested(item, depth + 1)


def _check_ends(source: BinaryIO, name: str) -> None:
    """Refuse a file without the end mark: cut off on its way. The parser would repair it and lose pages."""
    size = source.seek(0, 2)
    source.seek(max(0, size - TAIL))
    if b"%%EOF" not in source.read():
        raise refusals.Damaged(name)
    source.seek(0)


def _trailing(source: BinaryIO) -> bool:
    """Say whether something follows the end mark: a second file in the same bytes."""
    source.seek(max(0, source.seek(0, 2) - TAIL))
    return bool(source.read().rpartition(b"%%EOF")[2].strip(b"\r\n\0 "))
