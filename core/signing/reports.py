"""What verification says, apart: intact, valid, trusted, later changes.

*Intact*: the signed bytes are unchanged. *Valid*: the signature was made with the certificate's key. *Trusted*: the
certificate leads to a root we trust, was in force and is not revoked. *Later changes*: what was appended to the file
after the signature; further signatures are lawful, anything else is not part of what was signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from core.errors import Text
from core.signing import keys


class UnreadablePdf(ValueError):
    """The file is not a PDF, or is damaged so much that its signatures cannot be found."""


class LaterChanges(StrEnum):
    """What was appended to the file after a signature."""

    NONE = "none"
    SIGNATURES = "signatures"
    UNSIGNED = "unsigned"


@dataclass(frozen=True)
class Trust:
    """Certificates and revocation lists (DER) that decide whom we trust."""

    roots: tuple[bytes, ...]
    intermediates: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()

    @classmethod
    def load(cls, directory: Path) -> Trust:
        """Read ``*.cert.pem`` (self-issued ones are roots) and ``*.crl.der`` of a folder."""
        from asn1crypto import pem, x509

        roots: list[bytes] = []
        intermediates: list[bytes] = []
        for path in sorted(directory.glob("*.cert.pem")):
            for _kind, _headers, der in pem.unarmor(path.read_bytes(), multiple=True):
                certificate = x509.Certificate.load(der)
                (roots if certificate.self_issued else intermediates).append(der)
        lists = tuple(path.read_bytes() for path in sorted(directory.glob("*.crl.der")))
        return cls(roots=tuple(roots), intermediates=tuple(intermediates), revocation_lists=lists)

    @classmethod
    def from_settings(cls) -> Trust:
        return cls.load(keys.directory() / "ca")


@dataclass(frozen=True)
class SignatureReport:
    """What verification found about one signature. ``problem`` is empty when there is none.

    ``signed_at`` is the timestamp's time when ``has_timestamp``, otherwise what the signer claimed.
    """

    field: str
    signer: str
    organisation: str
    signed_at: datetime | None
    has_timestamp: bool
    intact: bool
    valid: bool
    trusted: bool
    covers_whole_file: bool
    later_changes: LaterChanges
    problem: Text

    @property
    def is_sound(self) -> bool:
        """The signed content is unchanged, by a trusted signer, and nothing unsigned was added."""
        return self.intact and self.valid and self.trusted and self.later_changes is not LaterChanges.UNSIGNED


def are_sound(reports: Sequence[SignatureReport]) -> bool:
    """Tell whether a file is signed and every one of its signatures is sound."""
    return bool(reports) and all(report.is_sound for report in reports)
