"""QR codes as one compact SVG path.

The mask is fixed: trying all eight costs four fifths of the time, and every reader takes the mask from the
code itself. Error correction is M (15 %), enough for a creased paper; the quiet zone is the four modules the
standard (ISO/IEC 18004) asks for. Colours are attributes, never inline styles, so the strict CSP holds.
"""

from collections.abc import Iterator
from itertools import groupby

from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET_ZONE = 4
_MASK = 2


def matrix(text: str) -> list[list[bool]]:
    """Return the modules of the code, dark is ``True``, without the quiet zone.

    :raises ValueError: the text is empty or does not fit into a QR code (2,331 bytes at level M).
    """
    if not text:
        raise ValueError("A QR code needs a text: got an empty one.")
    from qrcode import QRCode
    from qrcode.constants import ERROR_CORRECT_M

    code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    code.add_data(text.encode())
    code.make(fit=True)
    return code.get_matrix()


def svg(text: str, *, size: str = "28mm", label: str = "") -> SafeString:
    """Draw ``text`` as an SVG element for a page or a paper.

    :param size: width and height, an SVG length ("28mm", "160").
    :param label: what the code is for, read out by screen readers; an unlabelled code is decoration.
    :raises ValueError: the text is empty or too long.
    """
    modules = matrix(text)
    side = len(modules) + 2 * QUIET_ZONE
    role = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="qr" width="{size}" height="{size}"'
        ' viewBox="0 0 {side} {side}" shape-rendering="crispEdges" {role}>'
        '<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{path}"/></svg>',
        size=size,
        side=side,
        role=role,
        path="".join(_runs(modules)),
    )


def _runs(modules: list[list[bool]]) -> Iterator[str]:
    """Yield one rectangle of the path for each horizontal run of dark modules."""
    for y, row in enumerate(modules, start=QUIET_ZONE):
        x = QUIET_ZONE
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                yield f"M{x} {y}h{length}v1h-{length}z"
            x += length
