from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from core import pagination, signing
from procedures import selectors as procedures
from procedures.models import ProcedureVersion
from results_vault import codes
from results_vault.models import Result, Scan
from results_vault.states import Outcome, ResultStatus, Verdict

PAGE = 20
_SHOWN_SCANS = 20


@dataclass(frozen=True)
class LookUp:
    """What a code says. ``result`` is None for a code that is not ours."""

    outcome: Outcome
    result: Result | None = None


@dataclass(frozen=True)
class Comparison:
    """What a file says: the result it belongs to, if any, and its signatures as found now."""

    verdict: Verdict
    result: Result | None = None
    signatures: Sequence[signing.SignatureReport] = ()


@dataclass(frozen=True)
class Again:
    """How a result is had again: the service that issues it anew, and the first day on which it is renewed."""

    service: ProcedureVersion | None = None
    renewed_from: date | None = None


def again(result: Result) -> Again:
    """Say how a result is had again, by what its procedure says today. At most two queries."""
    kind = procedures.result_type_in_force(code=result.procedure_code, name=result.title)
    if kind is None:
        return Again()
    service = procedures.services_named({kind.reissue_procedure}).first() if kind.reissue_procedure else None
    end, days = result.valid_to, kind.renewal_days
    return Again(service, end - timedelta(days=days) if end is not None and days is not None else None)


def with_owner(results: QuerySet[Result]) -> QuerySet[Result]:
    """Load what pages show, without the owner's identification number, which none of them needs."""
    return results.select_related("issuer", "owner_person", "owner_organisation", "superseded_by").defer(
        "owner_person__personal_id_number"
    )


def in_force_of(dossier_code: str) -> Result | None:
    """Give the result of a dossier that is in force, or suspended: the last one; None where there is none."""
    alive = (ResultStatus.VALID, ResultStatus.SUSPENDED)
    return Result.objects.filter(dossier_code=dossier_code, status__in=alive).order_by("-pk").first()


def look_up(*, token: str, check: str, on: date) -> LookUp:
    """Say what a code is worth on a day. A misread, a forged and a genuine code take the same way and time."""
    result = with_owner(Result.objects.all()).filter(token=token).first()
    if not codes.is_well_formed(token, check) or result is None:
        return LookUp(Outcome.UNKNOWN)
    return LookUp(result.outcome(on=on), result)


def compare(*, content: bytes, at: datetime, expected: Result | None = None) -> Comparison:
    """Say what a file is, compared with the repository or with the one result that it is said to be."""
    digest = hashlib.sha256(content).hexdigest()
    stored = with_owner(Result.objects.all()).filter(sha256=digest).order_by("pk").first()
    if stored is not None:
        genuine = expected is None or expected.pk == stored.pk
        return Comparison(Verdict.GENUINE if genuine else Verdict.OTHER, stored)
    try:
        signatures = signing.verify(content, at=at, compare_revisions=False)
    except signing.UnreadablePdf:
        return Comparison(Verdict.NOT_OURS if expected is None else Verdict.OTHER)
    if any(_is_altered(signature) for signature in signatures):
        return Comparison(Verdict.CHANGED, expected, signatures)
    if expected is not None:
        return Comparison(Verdict.OTHER, signatures=signatures)
    return Comparison(
        Verdict.SIGNED if signing.are_sound(signatures) else Verdict.NOT_OURS, signatures=signatures
    )


def _is_altered(signature: signing.SignatureReport) -> bool:
    unsigned_part = signature.later_changes is signing.LaterChanges.UNSIGNED
    return not signature.intact or not signature.valid or unsigned_part


def replaced_by(result: Result) -> list[Result]:
    """Give the earlier results from which this one took over, the newest first."""
    return list(with_owner(result.replaces.order_by("-pk")))


def page_of(
    results: QuerySet[Result], *, after: str = "", before: str = "", search: str = ""
) -> pagination.Page[Result]:
    """Give one page, newest first; ``search`` is the start of a number or of a dossier code."""
    results = with_owner(results)
    if search:
        results = results.filter(Q(number__istartswith=search) | Q(dossier_code__istartswith=search))
    return pagination.keyset(results, order=["-id"], size=PAGE, after=after, before=before)


def recent_scans(result: Result) -> list[Scan]:
    """List the last twenty look-ups of a result, the latest first."""
    return list(result.scans.order_by("-pk")[:_SHOWN_SCANS])
