"""Digital signatures in PDF files (PAdES): sign, verify, and a demo certification authority.

Every step appends to the file (an incremental update): the bytes before it stay as they were, so earlier signatures
stay valid. Clean a file with pikepdf before signing, never after.

Lawful order of a result (Decree 30/2020): the signer's personal signature first, then the agency's, whose visible
stamp carries number and date, so that numbering does not change what the signer signed.

pyHanko is imported on first use: it costs a second that the start of a web process does not have to pay.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.pdf import Box
from core.signing.appearance import FieldNotSignable, Stamp
from core.signing.keys import PORTAL_KEY_ID, KeyMissing, Signer, SigningServiceDown, signer_for
from core.signing.reports import LaterChanges, SignatureReport, Trust, UnreadablePdf, are_sound

__all__ = [
    "PORTAL_KEY_ID",
    "FieldNotSignable",
    "KeyMissing",
    "LaterChanges",
    "SignatureReport",
    "Signer",
    "SigningServiceDown",
    "Stamp",
    "Trust",
    "UnreadablePdf",
    "are_sound",
    "prepare_fields",
    "sign",
    "signer_for",
    "verify",
]


def prepare_fields(pdf: bytes, fields: Mapping[str, Box]) -> bytes:
    """Append an empty signature field for each name, at its box. Do all of them before the first signature.

    :param fields: :attr:`core.pdf.RenderedPdf.anchors`, or a part of it.
    """
    from core.signing import pades

    return pades.prepare_fields(pdf, fields)


def sign(
    pdf: bytes,
    *,
    key_id: str,
    field: str,
    at: datetime,
    reason: str = "",
    location: str = "",
    stamp: Stamp | None = None,
) -> bytes:
    """Sign one prepared field (PAdES-B-B; B-T when ``SIGNING_TSA_URL`` is set) and return the longer file.

    :param at: signing time as claimed by the signer, with a time zone.
    :raises KeyMissing: the key store has no such key.
    :raises FieldNotSignable: the field is absent or signed already.
    :raises SigningServiceDown: a remote signing or timestamping service does not answer.
    """
    from core.signing import pades

    return pades.sign(
        pdf, signer=signer_for(key_id), field=field, at=at, reason=reason, location=location, stamp=stamp
    )


def verify(
    pdf: bytes, *, at: datetime, trust: Trust | None = None, compare_revisions: bool = True
) -> list[SignatureReport]:
    """Report on every signature, oldest first; an unsigned file gives an empty list.

    :param at: the moment for which certificates are judged, with a time zone: now for a file from outside, the
        moment of issue for a file whose issue the portal recorded.
    :param trust: whom to trust, by default the authorities under ``SIGNING_DIR/ca``.
    :param compare_revisions: judge what was added between two signatures. False for files from strangers: the time
        it takes grows with a file's objects, and a hostile file has many. The later signer then vouches for it.
    :raises UnreadablePdf: the file cannot be read as a PDF.
    """
    from core.signing import verification

    return verification.verify(
        pdf, at=at, trust=trust or Trust.from_settings(), compare_revisions=compare_revisions
    )
