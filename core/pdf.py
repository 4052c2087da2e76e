"""Papers as PDF/A-3b, from HTML.

The only module that imports WeasyPrint, and only inside functions: the import costs seconds of CPU and needs
pango, which a fresh machine may lack. It runs in the worker; a web request never makes a PDF.

A template gives the *body* of a paper, so that the same template serves the preview on screen. An element whose
id begins with ``sig-`` is a place for a signature: give it a width and a height in CSS, and its box comes back in
:attr:`RenderedPdf.anchors` in the units that :func:`core.signing.prepare_fields` takes.
"""

from __future__ import annotations

import atexit
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import fontpkg_be_vietnam_pro
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

FONT_DIR = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
ANCHOR_PREFIX = "sig-"
STYLESHEETS = ("css/paper.css", "css/paper-print.css")
INSTALL_HINT = "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

_FACES = {
    (400, "normal"): "BeVietnamPro-Regular.ttf",
    (400, "italic"): "BeVietnamPro-Italic.ttf",
    (600, "normal"): "BeVietnamPro-SemiBold.ttf",
    (700, "normal"): "BeVietnamPro-Bold.ttf",
}
_POINTS_PER_PIXEL = 0.75


class PdfEngineMissing(RuntimeError):
    """WeasyPrint cannot load its system libraries. Papers stay queued until they are installed."""

    def __init__(self, cause: object) -> None:
        super().__init__(f"PDF engine missing: {cause}. On Debian: {INSTALL_HINT}")


class PaperResourceRefused(ValueError):
    """A paper refers to a file outside the portal's static files and fonts."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"A paper may only load the portal's own static files and fonts, not {url!r}: "
            "put the file under static/ and name it by a path relative to it."
        )


@dataclass(frozen=True)
class Box:
    """A rectangle on a page: page from 0, the rest in points (1/72 inch) from the page's lower left corner."""

    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class RenderedPdf:
    """A finished PDF with the boxes of its ``sig-…`` elements, by id."""

    content: bytes
    pages: int
    anchors: dict[str, Box]


def is_available() -> bool:
    """Tell whether papers can be made on this machine, without raising."""
    try:
        _engine()
    except PdfEngineMissing:
        return False
    return True


def render(body: str, *, title: str, lang: str = "vi") -> RenderedPdf:
    """Set the body of a paper and return it as a tagged PDF/A-3b.

    :param body: HTML of what stands in ``<body>``, already escaped by its template.
    :param title: document title, required by PDF/A.
    :param lang: language of the paper, read by screen readers.
    :raises PdfEngineMissing: pango is not installed.
    :raises PaperResourceRefused: the body or a style sheet loads something that is not ours.
    """
    engine = _engine()
    fonts, sheets = _stylesheets()
    page = format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title></head><body>{}</body></html>',
        lang,
        title,
        SafeString(body),
    )
    options = {"pdf_variant": "pdf/a-3b", "pdf_tags": True}
    try:
        html = engine.HTML(string=page, base_url=_static_dir().as_uri() + "/", url_fetcher=_fetcher())
        document = html.render(font_config=fonts, stylesheets=sheets, **options)
        content = document.write_pdf(**options)
    except engine.urls.FatalURLFetchingError as error:
        raise PaperResourceRefused(str(error)) from error
    return RenderedPdf(content=content, pages=len(document.pages), anchors=_anchors(document.pages))


def _engine() -> Any:
    try:
        import weasyprint
        from PIL import ImageFile
    except (ImportError, OSError) as error:
        raise PdfEngineMissing(error) from error
    # Its import tells Pillow to accept half a picture, in the whole process: uploads must stay refused.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


def _anchors(pages: list[Any]) -> dict[str, Box]:
    """Turn WeasyPrint's boxes (CSS pixels from the upper left) into PDF's (points from the lower left)."""
    boxes = {}
    for number, page in enumerate(pages):
        for name, (left, top, right, bottom) in page.anchors.items():
            if name.startswith(ANCHOR_PREFIX) and name not in boxes:
                boxes[name] = Box(
                    page=number,
                    x=left * _POINTS_PER_PIXEL,
                    y=(page.height - bottom) * _POINTS_PER_PIXEL,
                    width=(right - left) * _POINTS_PER_PIXEL,
                    height=(bottom - top) * _POINTS_PER_PIXEL,
                )
    return boxes


@cache
def _stylesheets() -> tuple[FontConfiguration, list[CSS]]:
    """Parse fonts and style sheets once per process: a font added for each paper would never be given back."""
    engine = _engine()
    from weasyprint.text.fonts import FontConfiguration

    atexit.register(_stylesheets.cache_clear)  # fonts are given back while the libraries are still there
    fonts = FontConfiguration()
    fetcher = _fetcher()
    faces = "".join(
        f'@font-face{{font-family:"Be Vietnam Pro";font-weight:{weight};font-style:{style};'
        f'src:url("{(FONT_DIR / name).as_uri()}")}}'
        for (weight, style), name in _FACES.items()
    )
    base = faces + 'html{font-family:"Be Vietnam Pro"}'
    sheets = [engine.CSS(string=base, font_config=fonts, url_fetcher=fetcher)]
    sheets += [
        engine.CSS(filename=_static_dir() / name, font_config=fonts, url_fetcher=fetcher)
        for name in STYLESHEETS
    ]
    return fonts, sheets


def _static_dir() -> Path:
    return Path(settings.BASE_DIR) / "static"


@cache
def _fetcher() -> Any:
    """Return a fetcher that reads below the static folder and the font folder, and nowhere else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    allowed = (_static_dir().resolve(), FONT_DIR.resolve())

    class OwnFilesOnly(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme != "file" or not any(path.is_relative_to(folder) for folder in allowed):
                raise FatalURLFetchingError(url)
            return super().fetch(url, headers)

    return OwnFilesOnly()
