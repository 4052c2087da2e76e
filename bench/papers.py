"""The file that a filing carries, and the body of the request that carries it."""

from __future__ import annotations

import random
from collections.abc import Mapping

BOUNDARY = "----danang-portal-bench"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def scanned_page(size: int = 200 * 1024) -> bytes:
    """Make a valid PDF of one page that is one grey picture, as scanners make them, of about ``size`` bytes."""
    width = 400
    height = size // width
    # A fixed seed; pixels that nothing can compress.
    pixels = random.Random(20260302).randbytes(width * height)
    content = b"q 595 0 0 842 0 0 cm /Picture Do Q"
    picture = (
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray"
        f" /BitsPerComponent 8 /Length {len(pixels)} >>"
    ).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"%s\nstream\n%s\nendstream" % (picture, pixels),
        b"<< /XObject << /Picture 5 0 R >> >>",
    ]
    file, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(file)


def multipart(fields: Mapping[str, str], *, file: bytes, part: str) -> bytes:
    """Write the body of a form with one file, which is called ``part``."""
    lines = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{part}"; filename="giay-to.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    return "".join([*lines, head]).encode() + file + f"\r\n--{BOUNDARY}--\r\n".encode()
