"""Verification of PDF signatures with pyHanko. Imported on first use: pyHanko costs a second of start-up."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from itertools import islice

from asn1crypto import x509
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate, AdESSubIndic
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.errors import Text
from core.signing.reports import LaterChanges, SignatureReport, Trust, UnreadablePdf

MOST_SIGNATURES = 50
"""Each is checked over the whole file: thousands in one small file would keep a web server busy for hours."""


def verify(pdf: bytes, *, at: datetime, trust: Trust, compare_revisions: bool) -> list[SignatureReport]:
    """See :func:`core.signing.verify`."""
    return asyncio.run(_verify(pdf, at, trust, compare_revisions))


async def _verify(pdf: bytes, at: datetime, trust: Trust, compare: bool) -> list[SignatureReport]:
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        _require_few_signatures(reader)
        signatures = list(reader.embedded_regular_signatures)
        reports = [await _report(signature, _context(trust, at), compare) for signature in signatures]
    except _BROKEN_FILE as error:
        raise UnreadablePdf(f"Not a readable PDF: {error}") from error
    if any(report.covers_whole_file for report in reports):
        return reports
    return [_with_unsigned_changes(report) for report in reports]


def _require_few_signatures(reader: PdfFileReader) -> None:
    filled = enumerate_sig_fields(reader, filled_status=True)
    if len(list(islice(filled, MOST_SIGNATURES + 1))) > MOST_SIGNATURES:
        raise UnreadablePdf(f"more than {MOST_SIGNATURES} signatures")


# What pyHanko raises on damaged input: its own errors, and Python's where a parser meets nonsense.
_BROKEN_FILE = (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, IndexError, AttributeError,
                RecursionError, OverflowError, AssertionError)  # fmt: skip


def _context(trust: Trust, at: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in trust.roots],
        other_certs=[x509.Certificate.load(der) for der in trust.intermediates],
        crls=list(trust.revocation_lists),
        moment=at,
        allow_fetching=False,
        revocation_mode="require" if trust.revocation_lists else "soft-fail",
        retroactive_revinfo=True,
    )


async def _report(
    signature: EmbeddedPdfSignature, context: ValidationContext, compare: bool
) -> SignatureReport:
    subject = signature.signer_cert.subject.native
    status = await async_validate_pdf_signature(
        signature,
        context,
        key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"}),
        skip_diff=not compare,
    )
    timestamp = status.timestamp_validity
    later = _later_changes(status)
    return SignatureReport(
        field=signature.field_name,
        signer=str(subject.get("common_name", "")),
        organisation=str(subject.get("organization_name", "")),
        signed_at=timestamp.timestamp if timestamp else status.signer_reported_dt,
        has_timestamp=timestamp is not None,
        intact=status.intact,
        valid=status.valid,
        trusted=status.trusted,
        covers_whole_file=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        later_changes=later,
        problem=_problem(status, later),
    )


def _later_changes(status: PdfSignatureStatus) -> LaterChanges:
    level = status.modification_level
    if level is None:  # not compared: whole revisions were added after a signature that covers its own
        return LaterChanges.SIGNATURES
    if level > ModificationLevel.FORM_FILLING:
        return LaterChanges.UNSIGNED
    return LaterChanges.NONE if level is ModificationLevel.NONE else LaterChanges.SIGNATURES


def _with_unsigned_changes(report: SignatureReport) -> SignatureReport:
    """No signature reaches the end of the file, so whatever comes after the last one is unsigned."""
    return replace(report, later_changes=LaterChanges.UNSIGNED, problem=report.problem or _UNSIGNED_CHANGES)


def _problem(status: PdfSignatureStatus, later: LaterChanges) -> Text:
    if not status.intact:
        return _("Nội dung đã bị thay đổi sau khi ký.")
    if not status.valid:
        return _("Chữ ký số không khớp với chứng thư số của người ký.")
    if status.revoked:
        return _("Chứng thư số của người ký đã bị thu hồi.")
    if not status.trusted:
        return _TRUST_PROBLEMS.get(status.trust_problem_indic, _UNKNOWN_AUTHORITY)
    if later is LaterChanges.UNSIGNED:
        return _UNSIGNED_CHANGES
    return ""


_UNSIGNED_CHANGES = _("Tệp có phần được thêm vào sau khi ký mà không được ký.")
_UNKNOWN_AUTHORITY = _("Chứng thư số không do tổ chức chứng thực mà hệ thống tin cậy cấp.")
_TRUST_PROBLEMS: dict[AdESSubIndic | None, Text] = {
    AdESIndeterminate.EXPIRED: _("Chứng thư số của người ký đã hết hạn."),
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: _("Chứng thư số của người ký đã hết hạn hoặc chưa có hiệu lực."),
    AdESIndeterminate.NOT_YET_VALID: _("Chứng thư số của người ký chưa có hiệu lực."),
    AdESIndeterminate.TRY_LATER: _("Chưa kiểm tra được danh sách thu hồi chứng thư số."),
}
