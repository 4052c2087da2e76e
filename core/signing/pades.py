"""Signing with pyHanko. Imported on first use: pyHanko costs a second of start-up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any

from asn1crypto import x509
from django.conf import settings
from fontTools import subset
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko.stamp import NoOpStampStyle, TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from core.pdf import FONT_DIR, Box
from core.signing.appearance import FieldNotSignable, Stamp
from core.signing.keys import Signer, SigningServiceDown, is_aside

_FONT_FILE = str(FONT_DIR / "BeVietnamPro-Regular.ttf")
_STAMP_LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),
    *range(0x1EA0, 0x1EFA),
    *range(0x2010, 0x2027),
    0x20AB,
]
_DIGEST = "sha256"


def prepare_fields(pdf: bytes, fields: Mapping[str, Box]) -> bytes:
    """See :func:`core.signing.prepare_fields`."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    for name, box in fields.items():
        corners = (box.x, box.y, box.x + box.width, box.y + box.height)
        append_signature_field(
            writer,
            # Corners between points are as good as whole ones, whatever the annotation says.
            SigFieldSpec(sig_field_name=name, on_page=box.page, box=corners),  # type: ignore[arg-type]
        )
    return _written(writer)


def sign(
    pdf: bytes, *, signer: Signer, field: str, at: datetime, reason: str, location: str, stamp: Stamp | None
) -> bytes:
    """See :func:`core.signing.sign`."""
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm=_DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason or None,
        location=location or None,
    )
    pdf_signer = _SignerAt(
        metadata,
        signer=_PyHankoSigner(signer),
        at=at,
        timestamper=_timestamper(),
        stamp_style=_style(stamp) if stamp else NoOpStampStyle(),
    )
    output = BytesIO()
    try:
        pdf_signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), existing_fields_only=True, output=output)
    except TimestampRequestError as error:
        raise SigningServiceDown(f"The timestamping service gave no timestamp: {error}") from error
    except SigningError as error:
        raise FieldNotSignable(f"Field {field!r} cannot be signed: {error}") from error
    return output.getvalue()


class _PyHankoSigner(signers.Signer):
    """Lets pyHanko use any :class:`core.signing.keys.Signer`; only a digest leaves this process."""

    def __init__(self, signer: Signer) -> None:
        registry = SimpleCertificateStore()
        registry.register_multiple(x509.Certificate.load(issuer) for issuer in signer.chain)
        certificate = x509.Certificate.load(signer.certificate)
        super().__init__(signing_cert=certificate, cert_registry=registry, embed_roots=False)
        self._signer = signer
        self._public_key = certificate.public_key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(self._longest_signature())
        return await asyncio.to_thread(self._signer.sign_digest, sha256(data).digest())

    def _longest_signature(self) -> int:
        """Bytes to keep free: an ECDSA signature is two integers of the key's size and at most nine bytes of DER."""
        key = self._public_key
        return 2 * key.byte_size + 9 if key.algorithm == "ec" else key.byte_size


class _SignerAt(signers.PdfSigner):
    """Signs at the time it is told: the clock is read at the edge of the portal, not here."""

    def __init__(self, *arguments: Any, at: datetime, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._at = at

    def init_signing_session(self, *arguments: Any, **options: Any) -> Any:
        session = super().init_signing_session(*arguments, **options)
        session.system_time = self._at
        return session


class _StampFont(FontEngineFactory):
    def __init__(self, size: int) -> None:
        self._size = size

    def create_font_engine(self, writer: BasePdfFileWriter, obj_stream: Any = None) -> GlyphAccumulator:
        if obj_stream is None and writer.stream_xrefs:
            obj_stream = writer.prepare_object_stream()
        return GlyphAccumulator(
            writer, BytesIO(_stamp_font()), self._size, bcp47_lang_code="vi", obj_stream=obj_stream
        )


@cache
def _stamp_font() -> bytes:
    """Cut the font to Latin and Vietnamese once per process: pyHanko's own cut keeps room for every glyph."""
    options = subset.Options(layout_features=[], hinting=False, drop_tables=["GPOS", "GSUB", "GDEF"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=_STAMP_LETTERS)
    font, output = TTFont(_FONT_FILE), BytesIO()
    cutter.subset(font)
    font.save(output)
    return output.getvalue()


def _style(stamp: Stamp) -> TextStampStyle:
    text = "\n".join(stamp.lines).replace("%", "%%")
    return TextStampStyle(
        stamp_text=text,
        border_width=1 if stamp.framed else 0,
        border_color=stamp.colour,
        text_box_style=TextBoxStyle(
            font=_StampFont(stamp.font_size),
            font_size=stamp.font_size,
            leading=round(stamp.font_size * 1.35),
            text_color=stamp.colour,
            box_layout_rule=_layout(AxisAlignment.ALIGN_MIN, Margins()),
        ),
        inner_content_layout=_layout(
            AxisAlignment.ALIGN_MID if stamp.centred else AxisAlignment.ALIGN_MIN,
            Margins.uniform(4) if stamp.framed else Margins(),
        ),
    )


def _layout(x_align: AxisAlignment, margins: Margins) -> SimpleBoxLayoutRule:
    return SimpleBoxLayoutRule(
        x_align=x_align,
        y_align=AxisAlignment.ALIGN_MID,
        margins=margins,
        inner_content_scaling=InnerScaling.SHRINK_TO_FIT,
    )


def _timestamper() -> TimeStamper | None:
    if not settings.SIGNING_TSA_URL or is_aside():
        return None
    return RequestsHTTPTimeStamper(settings.SIGNING_TSA_URL, timeout=10)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    output = BytesIO()
    writer.write(output)
    return output.getvalue()
