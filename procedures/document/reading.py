"""A version's rows as a document."""

from __future__ import annotations

from typing import Any

from procedures.document.shape import FORMAT, parse
from procedures.models import ProcedureVersion


def of_version(version: ProcedureVersion) -> dict[str, Any]:
    """Give the document of a version; `writing.write` of it on a draft makes the same version again.

    Eight queries, whatever the size of the procedure.
    """
    components = list(version.components.order_by("position"))
    return parse(
        {
            "format": FORMAT,
            "code": version.procedure.code,
            **_same(version, SAME),
            "sector": version.sector.name if version.sector else "",
            "decision": {
                "number": version.publication_decision,
                "signed_on": version.decided_on,
                "issuer": version.decided_by,
                "kind": version.decision_kind,
            },
            "published": _same(version, PUBLISHED),
            "channels": _channels(version),
            "papers": [_same(one, PAPER) for one in components if not one.is_upload],
            "legal_bases": [
                _same(one, ("code", "title")) for one in version.legal_bases.order_by("position")
            ],
            "online": {"level": version.online_level, **_same(version, ONLINE)},
            "deciding": {
                "rule": version.competent_agency_rule,
                "agency": version.competent_agency.code if version.competent_agency else "",
                "route": version.authoritative_route,
            },
            "clock": _same(version, CLOCK),
            "eligibility": version.eligibility,
            "uploads": [_same(one, UPLOAD) for one in components if one.is_upload],
            "steps": _steps(version),
            "results": [_same(one, RESULT) for one in version.result_types.order_by("position")],
            "links": [
                {"procedure": one.procedure.code, "answers": one.answers}
                for one in version.links.select_related("procedure").order_by("position")
            ],
        }
    )


# Entries that are called the same in the document and in the table.
SAME = (
    "name",
    "name_en",
    "short_name",
    "ministry",
    "kind",
    "levels",
    "applicant_categories",
    "effective_from",
    "effective_to",
    "source_url",
    "guidance",
    "guidance_en",
    "eform",
    "messages",
)
PUBLISHED = (
    "execution_sequence",
    "eligibility_conditions",
    "authority",
    "methods_text",
    "components_text",
    "legal_bases_text",
    "levels_text",
    "applicant_categories_text",
)
PAPER = ("group", "name", "form_template", "originals", "copies", "kind")
ONLINE = ("partial_reason", "partial_basis", "legacy_level")
CLOCK = (
    "counting_mode",
    "supplement_policy",
    "late_supplement_basis",
    "supplement_wait_days",
    "excludes_verification",
)
UPLOAD = (
    "name",
    "name_en",
    "kind",
    "is_required",
    "condition",
    "hint",
    "hint_en",
    "max_pages",
    "accepted_sources",
    "result_of",
    "validity_months",
    "is_digitised",
)
STEP = ("name", "kind", "role", "group", "is_optional", "condition")
RESULT = (
    "code",
    "name",
    "symbol",
    "template",
    "validity_months",
    "until_event",
    "until_event_en",
    "is_licence",
    "has_qr",
    "inspector_classes",
    "renewal_days",
    "reissue_procedure",
)


def _same(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _channels(version: ProcedureVersion) -> list[dict[str, Any]]:
    return [
        {
            "channel": one.channel,
            "time": {"value": one.duration_value, "unit": one.duration_unit},
            "time_text": one.duration_text,
            "note": one.note,
            "fees": [
                _same(fee, ("kind", "amount_vnd", "text"))
                for fee in sorted(one.fees.all(), key=lambda fee: fee.position)
            ],
        }
        for one in version.channels.prefetch_related("fees").order_by("position")
    ]


def _steps(version: ProcedureVersion) -> list[dict[str, Any]]:
    return [
        {
            **_same(one, STEP),
            "time": {"value": one.duration_value, "unit": one.duration_unit},
            "agency": one.agency.code if one.agency else "",
        }
        for one in version.workflow_steps.select_related("agency").order_by("position")
    ]
