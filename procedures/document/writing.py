"""A document onto a draft: its rows are replaced as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import Agency
from core.errors import InvalidInput, Text
from procedures.document import reading
from procedures.models import (
    Component,
    FeeLine,
    LegalBasis,
    Procedure,
    ProcedureLink,
    ProcedureVersion,
    ResultType,
    SubmissionChannel,
    WorkflowStep,
)
from procedures.search import index
from procedures.sectors import sector_named

_PARTS = (SubmissionChannel, Component, LegalBasis, ResultType, WorkflowStep, ProcedureLink)


def write(version: ProcedureVersion, document: Mapping[str, Any]) -> None:
    """Put a parsed document on a draft, over what it says now. Runs in the caller's transaction.

    :raises InvalidInput: an agency or a linked procedure is not known here.
    """
    agencies, procedures = _named(document)
    _write_version(version, document, agencies)
    for model in _PARTS:
        model.objects.filter(version=version).delete()
    _write_channels(version, document["channels"])
    _write_components(version, document)
    _write_rows(version, LegalBasis, document["legal_bases"])
    _write_rows(version, ResultType, document["results"])
    WorkflowStep.objects.bulk_create(
        WorkflowStep(
            version=version,
            position=at,
            duration_value=Decimal(str(step["time"]["value"])),
            duration_unit=step["time"]["unit"],
            agency=agencies[step["agency"]],
            **{name: step[name] for name in reading.STEP},
        )
        for at, step in enumerate(document["steps"], start=1)
    )
    ProcedureLink.objects.bulk_create(
        ProcedureLink(
            version=version, position=at, procedure=procedures[link["procedure"]], answers=link["answers"]
        )
        for at, link in enumerate(document["links"], start=1)
    )
    index.refresh(version)


def without_strangers(document: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Take out the agencies that are not known here, as in a file of another city; say in words what was taken out.

    What has no agency any more is done by the competent one, and that is still to be chosen.
    """
    deciding, steps = dict(document["deciding"]), [dict(one) for one in document["steps"]]
    codes = {deciding["agency"], *(one["agency"] for one in steps)} - {""}
    strangers = codes - set(Agency.objects.filter(code__in=codes).values_list("code", flat=True))
    told = []
    if deciding["agency"] in strangers:
        told.append(_("Cơ quan giải quyết %s không có ở đây. Hãy chọn lại.") % deciding["agency"])
        deciding["agency"] = ""
    for one in steps:
        if one["agency"] in strangers:
            told.append(
                _(
                    "Bước “%(step)s”: cơ quan %(code)s không có ở đây; nay do cơ quan giải quyết làm. Hãy chọn lại."
                )
                % {"step": one["name"], "code": one["agency"]}
            )
            one["agency"] = ""
    return {**document, "deciding": deciding, "steps": steps}, told


def _named(document: Mapping[str, Any]) -> tuple[dict[str, Agency | None], dict[str, Procedure]]:
    """Find everything that the document names by a code of its own city."""
    agencies: dict[str, Agency | None] = {"": None}
    paths = {
        "deciding.agency": document["deciding"]["agency"],
        **{f"steps[{at}].agency": step["agency"] for at, step in enumerate(document["steps"])},
    }
    agencies |= {one.code: one for one in Agency.objects.filter(code__in=set(paths.values()) - {""})}
    problems: dict[str, list[Text]] = {
        path: [
            _("Không có cơ quan mang mã “%s” ở đây. Hãy thay bằng mã của một cơ quan trong hệ thống.") % code
        ]
        for path, code in paths.items()
        if code not in agencies
    }
    codes = [link["procedure"] for link in document["links"]]
    procedures = {one.code: one for one in Procedure.objects.filter(code__in=codes)}
    problems |= {
        f"links[{at}].procedure": [
            _("Không có thủ tục “%s” trong danh mục. Hãy nhập thủ tục đó trước.") % code
        ]
        for at, code in enumerate(codes)
        if code not in procedures
    }
    if problems:
        raise InvalidInput(problems)
    return agencies, procedures


def _write_version(
    version: ProcedureVersion, document: Mapping[str, Any], agencies: Mapping[str, Agency | None]
) -> None:
    for name in reading.SAME:
        setattr(version, name, document[name])
    for part, names in (
        ("published", reading.PUBLISHED),
        ("online", reading.ONLINE),
        ("clock", reading.CLOCK),
    ):
        for name in names:
            setattr(version, name, document[part][name])
    decision, deciding = document["decision"], document["deciding"]
    version.publication_decision, version.decided_on = decision["number"], decision["signed_on"]
    version.decided_by, version.decision_kind = decision["issuer"], decision["kind"]
    version.sector = sector_named(document["sector"]) if document["sector"] else None
    version.online_level = document["online"]["level"]
    version.competent_agency_rule, version.authoritative_route = deciding["rule"], deciding["route"]
    version.competent_agency = agencies[deciding["agency"]]
    version.eligibility = document["eligibility"] if document["eligibility"]["outcomes"] else {}
    version.save()


def _write_channels(version: ProcedureVersion, channels: Iterable[Mapping[str, Any]]) -> None:
    rows = SubmissionChannel.objects.bulk_create(
        SubmissionChannel(
            version=version,
            position=at,
            channel=one["channel"],
            duration_value=None if one["time"]["value"] is None else Decimal(str(one["time"]["value"])),
            duration_unit=one["time"]["unit"],
            duration_text=one["time_text"],
            note=one["note"],
        )
        for at, one in enumerate(channels, start=1)
    )
    FeeLine.objects.bulk_create(
        FeeLine(channel=row, position=at, **fee)
        for row, one in zip(rows, channels, strict=True)
        for at, fee in enumerate(one["fees"], start=1)
    )


def _write_components(version: ProcedureVersion, document: Mapping[str, Any]) -> None:
    rows = [{**one, "is_upload": False} for one in document["papers"]]
    rows += [{**one, "is_upload": True} for one in document["uploads"]]
    _write_rows(version, Component, rows)


def _write_rows(
    version: ProcedureVersion,
    model: type[Component] | type[LegalBasis] | type[ResultType],
    rows: Iterable[Mapping[str, Any]],
) -> None:
    made = [model(version=version, position=at, **row) for at, row in enumerate(rows, start=1)]
    model.objects.bulk_create(made)  # type: ignore[arg-type]  # one kind of row in one call
