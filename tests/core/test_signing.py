"""Signatures on papers: made, verified, and every way of tampering found out."""

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from core import pdf, signing
from core.signing import LaterChanges, Stamp, Trust, are_sound, demo_ca, keys, sign, verify

NINE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
NUMBER = "Số: 12/XN-UBND, ngày 24 tháng 11 năm 2026"
BODY = """
<h1>Giấy xác nhận tình trạng hôn nhân</h1>
<div id="sig-number" style="width: 90mm; height: 8mm"></div>
<div id="sig-signer" style="width: 70mm; height: 25mm; margin-left: 80mm"></div>
"""


@pytest.fixture(scope="session")
def key_store(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("signing")
    demo_ca.ensure(directory, at=NINE)
    issue: dict[str, Any] = {"organisation": "UBND phường Thử Nghiệm", "at": NINE}
    demo_ca.issue(directory, key_id="signer", common_name="Nguyễn Văn Thử", kind="person", **issue)
    demo_ca.issue(directory, key_id="agency", common_name="UBND phường Thử Nghiệm", kind="agency", **issue)
    return directory


@pytest.fixture(autouse=True)
def _settings(settings, key_store):
    settings.SIGNING_DIR = key_store


@pytest.fixture(scope="session")
def prepared() -> bytes:
    paper = pdf.render(BODY, title="Giấy xác nhận")
    return signing.prepare_fields(paper.content, paper.anchors)


@pytest.fixture(scope="session")
def result(key_store, prepared) -> bytes:
    """A result as the law wants it: signed by the person in charge, then numbered and signed by the agency."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.SIGNING_DIR", key_store)
        signed = sign(
            prepared,
            key_id="signer",
            field="sig-signer",
            at=NINE,
            reason="Phê duyệt",
            location="Đà Nẵng",
            stamp=Stamp(["Ký bởi: Nguyễn Văn Thử", "Thời gian ký: 24/11/2026 09:00:00 +07:00"]),
        )
        return sign(
            signed,
            key_id="agency",
            field="sig-number",
            at=NINE + timedelta(minutes=30),
            stamp=Stamp([NUMBER], framed=False),
        )


def test_both_signatures_of_a_result_are_sound(result):
    person, agency = verify(result, at=NINE)

    assert (person.signer, agency.signer) == ("Nguyễn Văn Thử", "UBND phường Thử Nghiệm")
    assert person.signed_at == NINE
    assert agency.signed_at == NINE + timedelta(minutes=30)
    assert [report.is_sound for report in (person, agency)] == [True, True]
    assert (person.later_changes, agency.later_changes) == (LaterChanges.SIGNATURES, LaterChanges.NONE)
    assert (person.covers_whole_file, agency.covers_whole_file) == (False, True)
    assert (person.problem, agency.problem) == ("", "")


def test_numbering_leaves_what_the_signer_signed_untouched(prepared, result):
    assert result.startswith(prepared)


def test_the_stamps_are_readable_in_vietnamese(result):
    document = pypdfium2.PdfDocument(result)
    document.init_forms()
    document[0].flatten()

    text = document[0].get_textpage().get_text_range()

    assert NUMBER in text
    assert "Ký bởi: Nguyễn Văn Thử" in text


def test_an_unsigned_file_has_no_signatures(prepared):
    assert verify(prepared, at=NINE) == []
    assert not are_sound([])


def test_one_flipped_byte_is_found(result):
    position = result.index(b"stream") + 40
    changed = result[:position] + bytes([result[position] ^ 1]) + result[position + 1 :]

    reports = verify(changed, at=NINE)

    assert [report.intact for report in reports] == [False, False]
    assert "thay đổi sau khi ký" in str(reports[0].problem)


def test_a_file_saved_again_by_another_program_is_found(result):
    saved = BytesIO()
    pikepdf.open(BytesIO(result)).save(saved)

    assert not are_sound(verify(saved.getvalue(), at=NINE))


def test_an_unsigned_page_content_added_later_is_found(result):
    writer = IncrementalPdfFileWriter(BytesIO(result))
    forged = generic.StreamObject(stream_data=b"0 0 0 rg 100 100 200 200 re f")
    writer.add_stream_to_page(0, writer.add_object(forged))
    output = BytesIO()
    writer.write(output)

    reports = verify(output.getvalue(), at=NINE)

    assert [report.intact for report in reports] == [True, True]
    assert {report.later_changes for report in reports} == {LaterChanges.UNSIGNED}
    assert not are_sound(reports)
    assert "thêm vào sau khi ký" in str(reports[1].problem)


def test_without_comparing_revisions_the_last_signature_still_decides(result):
    person, agency = verify(result, at=NINE, compare_revisions=False)
    later = signing.prepare_fields(result, {"sig-more": pdf.Box(page=0, x=10, y=10, width=50, height=20)})

    assert (person.later_changes, agency.later_changes) == (LaterChanges.SIGNATURES, LaterChanges.NONE)
    assert are_sound([person, agency])
    assert not are_sound(verify(later, at=NINE, compare_revisions=False))


def test_even_an_allowed_looking_update_without_a_signature_is_found(prepared):
    once = sign(prepared, key_id="signer", field="sig-signer", at=NINE)
    later = signing.prepare_fields(once, {"sig-more": pdf.Box(page=0, x=10, y=10, width=50, height=20)})

    (report,) = verify(later, at=NINE)

    assert report.later_changes is LaterChanges.UNSIGNED


def test_bytes_after_the_end_are_found(result):
    assert not are_sound(verify(result + b"\n% more", at=NINE))


def test_a_signer_of_an_unknown_authority_is_intact_but_not_trusted(result, tmp_path):
    demo_ca.ensure(tmp_path, at=NINE)

    reports = verify(result, at=NINE, trust=Trust.load(tmp_path / "ca"))

    assert [(report.intact, report.valid, report.trusted) for report in reports] == [(True, True, False)] * 2
    assert "tin cậy" in str(reports[0].problem)


def test_an_expired_certificate_is_trusted_at_the_time_of_signing_and_not_afterwards(key_store, prepared):
    demo_ca.issue(
        key_store,
        key_id="short",
        common_name="Chứng thư ngắn hạn",
        organisation="Thử nghiệm",
        kind="person",
        at=NINE,
        valid_for=timedelta(days=2),
    )
    signed = sign(prepared, key_id="short", field="sig-signer", at=NINE)

    (then,) = verify(signed, at=NINE)
    (later,) = verify(signed, at=NINE + timedelta(days=30))

    assert then.is_sound
    assert (later.intact, later.valid, later.trusted) == (True, True, False)
    assert "hết hạn" in str(later.problem)


def test_a_revoked_certificate_is_not_trusted(key_store, prepared):
    demo_ca.issue(
        key_store,
        key_id="lost",
        common_name="Thẻ đã mất",
        organisation="Thử nghiệm",
        kind="person",
        at=NINE,
    )
    signed = sign(prepared, key_id="lost", field="sig-signer", at=NINE)
    demo_ca.revoke(key_store, key_id="lost", at=NINE + timedelta(days=1))

    (later,) = verify(signed, at=NINE + timedelta(days=2))

    assert not later.trusted
    assert "thu hồi" in str(later.problem)


def test_a_signature_is_not_made_twice_in_one_field(result):
    with pytest.raises(signing.FieldNotSignable, match="sig-number"):
        sign(result, key_id="agency", field="sig-number", at=NINE)


def test_a_field_that_was_not_prepared_is_refused(prepared):
    with pytest.raises(signing.FieldNotSignable, match="sig-nowhere"):
        sign(prepared, key_id="agency", field="sig-nowhere", at=NINE)


@pytest.mark.parametrize("key_id", ["nobody", "../signer", ".hidden"])
def test_a_missing_key_is_named(prepared, key_id):
    with pytest.raises(signing.KeyMissing, match=key_id):
        sign(prepared, key_id=key_id, field="sig-signer", at=NINE)


@pytest.mark.parametrize("content", [b"", b"not a pdf", b"%PDF-1.7\n%%EOF", b"\x00" * 500])
def test_what_is_no_pdf_is_unreadable(content):
    with pytest.raises(signing.UnreadablePdf):
        verify(content, at=NINE)


def test_a_file_with_thousands_of_signatures_is_refused_before_any_is_checked(result):
    """Each is checked over the whole file: a small file could keep a web server busy for hours."""
    writer = IncrementalPdfFileWriter(BytesIO(result), strict=False)
    form = writer.root["/AcroForm"]
    fields, name = form["/Fields"], generic.pdf_name
    signature = fields[0].raw_get("/V")
    crowd = [
        writer.add_object(
            generic.DictionaryObject(
                {
                    name("/FT"): name("/Sig"),
                    name("/T"): generic.pdf_string(f"s{number}"),
                    name("/V"): signature,
                }
            )
        )
        for number in range(2000)
    ]
    form["/Fields"] = generic.ArrayObject([*crowd, *(fields.raw_get(at) for at in range(len(fields)))])
    writer.update_container(form)
    output = BytesIO()
    writer.write(output)

    began = time.process_time()
    with pytest.raises(signing.UnreadablePdf, match="signatures"):
        verify(output.getvalue(), at=NINE, compare_revisions=False)
    assert time.process_time() - began < 1


def test_any_truncation_of_a_signed_file_is_unreadable_or_unsound(result):
    for length in range(1000, len(result), len(result) // 25):
        try:
            reports = verify(result[:length], at=NINE)
        except signing.UnreadablePdf:
            continue
        assert not any(report.covers_whole_file for report in reports) or len(reports) < 2


def test_a_remote_service_signs_a_digest_only(settings, key_store, prepared):
    settings.SIGNING_SIGNER_FACTORY = f"{__name__}.remote_signer"
    RemoteSigner.seen.clear()

    signed = sign(prepared, key_id="signer", field="sig-signer", at=NINE)

    assert [len(digest) for digest in RemoteSigner.seen] == [32]
    assert are_sound(verify(signed, at=NINE))


class RemoteSigner:
    """Stands for a signing service: it never sees the document."""

    seen: list[bytes] = []

    def __init__(self, local: keys.Signer) -> None:
        self.certificate, self.chain, self._local = local.certificate, local.chain, local

    def sign_digest(self, digest: bytes) -> bytes:
        self.seen.append(digest)
        return self._local.sign_digest(digest)


def remote_signer(key_id: str) -> RemoteSigner:
    from django.conf import settings

    return RemoteSigner(keys.FileSigner.load(settings.SIGNING_DIR, key_id))


class TimestampHandler(BaseHTTPRequestHandler):
    """Speaks RFC 3161 over HTTP with a certificate of the demo authority, and says that it is noon."""

    stamper: DummyTimeStamper

    def do_POST(self) -> None:
        request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        answer = asyncio.run(self.stamper.async_request_tsa_response(request)).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def timestamp_service(key_store, settings) -> Iterator[str]:
    issuing = x509.load_pem_x509_certificate((key_store / "ca/issuing.cert.pem").read_bytes())
    issuing_key = load_pem_private_key((key_store / "ca/issuing.key.pem").read_bytes(), None)
    assert isinstance(issuing_key, ec.EllipticCurvePrivateKey)
    key = rsa.generate_private_key(65537, 2048)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TSA DEMO")]))
        .issuer_name(issuing.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NINE - timedelta(days=1))
        .not_valid_after(NINE + timedelta(days=365))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(issuing_key, SHA256())
    )
    chain = SimpleCertificateStore()
    chain.register(asn1_x509.Certificate.load(issuing.public_bytes(Encoding.DER)))
    TimestampHandler.stamper = DummyTimeStamper(
        tsa_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        tsa_key=asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        certs_to_embed=chain,
        fixed_dt=NINE + timedelta(hours=3),
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), TimestampHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SIGNING_TSA_URL = f"http://127.0.0.1:{server.server_port}/"
    yield settings.SIGNING_TSA_URL
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("timestamp_service")
def test_with_a_timestamping_service_the_time_is_no_longer_the_signers_word(prepared):
    signed = sign(prepared, key_id="signer", field="sig-signer", at=NINE)

    (report,) = verify(signed, at=NINE + timedelta(hours=4))

    assert report.is_sound
    assert (report.has_timestamp, report.signed_at) == (True, NINE + timedelta(hours=3))


def test_a_timestamping_service_that_is_down_leaves_the_file_unsigned(prepared, settings):
    settings.SIGNING_TSA_URL = "http://127.0.0.1:1/"

    with pytest.raises(signing.SigningServiceDown):
        sign(prepared, key_id="signer", field="sig-signer", at=NINE)


def test_making_the_demo_authority_again_changes_nothing(key_store):
    before = {path: path.read_bytes() for path in key_store.rglob("*.pem")}

    demo_ca.ensure(key_store, at=NINE + timedelta(days=9))
    demo_ca.issue(
        key_store, key_id="signer", common_name="Ai đó", organisation="Khác", kind="person", at=NINE
    )

    assert {path: path.read_bytes() for path in key_store.rglob("*.pem")} == before


def test_private_keys_are_readable_by_their_owner_only(key_store):
    assert {path.stat().st_mode & 0o777 for path in key_store.rglob("*.key.pem")} == {0o600}
