"""A certification authority for demonstrations and tests, made on this machine.

Every name in it says that it is a demo. Its signatures are technically complete (PAdES, chain, revocation list),
legally worthless: production installs certificates from a licensed authority in the same two files per key.

Layout of the directory: ``ca/root.*`` signs ``ca/issuing.*``, which signs ``<key_id>.*``; ``ca/*.crl.der`` are the
revocation lists. Private files are readable by their owner only.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID, ObjectIdentifier

Kind = Literal["person", "agency", "portal"]

AUTHORITY = "Đà Nẵng DEMO – không có giá trị pháp lý"
CA_YEARS, KEY_YEARS, LIST_DAYS = 20, 5, 3650
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_YEAR = timedelta(days=365)


def ensure(directory: Path, *, at: datetime) -> None:
    """Create root, issuing authority and empty revocation lists unless they are there. Safe to repeat.

    :param at: now, with a time zone; certificates are valid from an hour earlier.
    """
    ca = directory / "ca"
    if (ca / "issuing.crl.der").exists():
        return
    ca.mkdir(parents=True, exist_ok=True, mode=0o700)
    directory.chmod(0o700)

    root_key, issuing_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, issuing_name = _name(f"Root CA {AUTHORITY}"), _name(f"Issuing CA {AUTHORITY}")
    root = _authority(root_name, root_key, issuer=root_name, issuer_key=root_key, depth=1, at=at)
    issuing = _authority(issuing_name, issuing_key, issuer=root_name, issuer_key=root_key, depth=0, at=at)
    _store(ca, "root", root_key, [root])
    _store(ca, "issuing", issuing_key, [issuing])
    _store_list(ca / "root.crl.der", root_name, root_key, revoked=[], at=at)
    _store_list(ca / "issuing.crl.der", issuing_name, issuing_key, revoked=[], at=at)


def issue(
    directory: Path,
    *,
    key_id: str,
    common_name: str,
    organisation: str,
    kind: Kind,
    at: datetime,
    valid_for: timedelta = KEY_YEARS * _YEAR,
) -> None:
    """Make a key and its certificate unless the key id has one already.

    :param kind: "person" signs as an official, "agency" seals, "portal" signs slips and receipts.
    :raises FileNotFoundError: :func:`ensure` has not run in this directory.
    """
    if (directory / f"{key_id}.cert.pem").exists():
        return
    issuer, issuer_key = _load(directory / "ca", "issuing")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder(
            _name(common_name, organisation, kind), key, issuer=issuer.subject, at=at, valid_for=valid_for
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )
    _store(directory, key_id, key, [certificate, issuer])


def revoke(directory: Path, *, key_id: str, at: datetime) -> None:
    """Put the certificate of a key on the issuing authority's revocation list."""
    ca = directory / "ca"
    issuer, issuer_key = _load(ca, "issuing")
    certificate = x509.load_pem_x509_certificate((directory / f"{key_id}.cert.pem").read_bytes())
    path = ca / "issuing.crl.der"
    listed = list(x509.load_der_x509_crl(path.read_bytes()))
    entry = (
        x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(at).build()
    )
    _store_list(path, issuer.subject, issuer_key, revoked=[*listed, entry], at=at)


def _name(common_name: str, organisation: str = AUTHORITY, kind: Kind | None = None) -> x509.Name:
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
    ]
    if kind is not None:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"demo {kind}"))
    attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]))
    return x509.Name(attributes)


def _builder(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    *,
    issuer: x509.Name,
    at: datetime,
    valid_for: timedelta,
) -> x509.CertificateBuilder:
    start = at - timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + valid_for)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _authority(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    *,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    depth: int,
    at: datetime,
) -> x509.Certificate:
    return (
        _builder(subject, key, issuer=issuer, at=at, valid_for=CA_YEARS * _YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
        .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _key_usage(**allowed: bool) -> x509.KeyUsage:
    usages = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{usage: allowed.get(usage, False) for usage in usages})


def _store_list(
    path: Path,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    revoked: Sequence[x509.RevokedCertificate],
    at: datetime,
) -> None:
    start = at - timedelta(hours=1)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer)
        .last_update(start)
        .next_update(start + timedelta(days=LIST_DAYS))
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    for entry in revoked:
        builder = builder.add_revoked_certificate(entry)
    path.write_bytes(builder.sign(issuer_key, hashes.SHA256()).public_bytes(Encoding.DER))


def _store(
    directory: Path, name: str, key: ec.EllipticCurvePrivateKey, certificates: Sequence[x509.Certificate]
) -> None:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(directory / f"{name}.key.pem", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    chain = b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)
    (directory / f"{name}.cert.pem").write_bytes(chain)


def _load(directory: Path, name: str) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate = x509.load_pem_x509_certificate((directory / f"{name}.cert.pem").read_bytes())
    key = load_pem_private_key((directory / f"{name}.key.pem").read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return certificate, key
