"""Where signatures come from: one small interface, files on this machine by default.

A remote service (VGCA's signing server, SmartCA and the like) needs three things only: the certificate, its chain,
and a signature over a digest. Name a callable ``key_id -> Signer`` in ``SIGNING_SIGNER_FACTORY`` to plug one in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from django.conf import settings
from django.utils.module_loading import import_string

PORTAL_KEY_ID = "portal"
"""The key that signs in the portal's own name: slips, and papers of units that have no seal yet."""


class KeyMissing(LookupError):
    """There is no usable key under this id."""

    def __init__(self, key_id: str, problem: str) -> None:
        super().__init__(f"Signing key {key_id!r}: {problem}")
        self.key_id = key_id


class SigningServiceDown(RuntimeError):
    """A signing or timestamping service does not answer. Nothing was signed: try again later."""


class Signer(Protocol):
    """One key that signs, wherever it is kept. Certificates are DER."""

    @property
    def certificate(self) -> bytes: ...

    @property
    def chain(self) -> Sequence[bytes]:
        """The issuers of the certificate, nearest first, with or without the root."""
        ...

    def sign_digest(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest: ECDSA as DER, RSA as PKCS #1 v1.5. May take as long as a person's consent.

        :raises SigningServiceDown: the service does not answer.
        """
        ...


@dataclass(frozen=True)
class FileSigner:
    """A P-256 key in a PEM file, kept loaded: reading and checking it again costs more than the signature."""

    certificate: bytes
    chain: tuple[bytes, ...]
    _key: EllipticCurvePrivateKey

    def sign_digest(self, digest: bytes) -> bytes:
        return self._key.sign(digest, ECDSA(Prehashed(SHA256())))

    @classmethod
    def load(cls, directory: Path, key_id: str) -> FileSigner:
        """Read ``<key_id>.key.pem`` and ``<key_id>.cert.pem`` (certificate first, then its issuers).

        :raises KeyMissing: a file is absent, or the key is not an elliptic-curve key.
        """
        if "/" in key_id or key_id.startswith("."):
            raise KeyMissing(key_id, "a key id is a plain name without slashes.")
        try:
            key = load_pem_private_key((directory / f"{key_id}.key.pem").read_bytes(), password=None)
            certificates = x509.load_pem_x509_certificates((directory / f"{key_id}.cert.pem").read_bytes())
        except FileNotFoundError as error:
            raise KeyMissing(key_id, f"{error.filename} is absent; issue the key first.") from error
        if not isinstance(key, EllipticCurvePrivateKey):
            raise KeyMissing(key_id, "the key must be an elliptic-curve key (P-256).")
        certificate, *chain = (found.public_bytes(Encoding.DER) for found in certificates)
        return cls(certificate=certificate, chain=tuple(chain), _key=key)


_aside: ContextVar[Path | None] = ContextVar("keys_aside", default=None)


@contextmanager
def aside(directory: Path) -> Iterator[None]:
    """Let this thread sign with the keys of another folder meanwhile, trust their authority, and ask no service."""
    token = _aside.set(directory)
    try:
        yield
    finally:
        _aside.reset(token)


def is_aside() -> bool:
    """Say whether the keys in use are not those of the portal."""
    return _aside.get() is not None


def directory() -> Path:
    """Give the folder of the keys in use, with their authority under ``ca``."""
    return _aside.get() or Path(settings.SIGNING_DIR)


def signer_for(key_id: str) -> Signer:
    """Return the signer with this id from the configured key store.

    :raises KeyMissing: the store has no such key.
    """
    if is_aside():
        return FileSigner.load(directory(), key_id)
    factory = settings.SIGNING_SIGNER_FACTORY
    if factory:
        plugged_in: Callable[[str], Signer] = import_string(factory)
        return plugged_in(key_id)
    return _from_directory(Path(settings.SIGNING_DIR), key_id)


@cache
def _from_directory(directory: Path, key_id: str) -> Signer:
    return FileSigner.load(directory, key_id)
