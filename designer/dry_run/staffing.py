"""Whether there is somebody to do the work: the stage of a dry run has every officer, the agency may not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency, OfficerRole
from agencies.selectors import officers_as
from agencies.states import COMMUNE_KINDS, Role
from procedures.states import CompetentAgencyRule, StepKind
from procedures.trying.findings import Finding, amber, red


def staffing(document: Mapping[str, Any], *, at: datetime) -> Iterator[Finding]:
    """Find the roles and keys that the deciding agency lacks at ``at``. Reads only."""
    if document["links"] or not document["steps"]:
        return
    if document["deciding"]["rule"] == CompetentAgencyRule.FIXED:
        agency = Agency.objects.filter(code=document["deciding"]["agency"]).first()
        if agency is not None:
            yield from _at_one(document, agency, at=at)
    elif document["deciding"]["rule"] == CompetentAgencyRule.COMMUNE_OF_CHOICE:
        yield from _at_communes(document, at=at)


def _roles(document: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(step["role"] for step in document["steps"] if not step["agency"]))


def _at_one(document: Mapping[str, Any], agency: Agency, *, at: datetime) -> Iterator[Finding]:
    for role in _roles(document):
        if not officers_as(role, agency_id=agency.pk, at=at).exists():
            yield red(
                "nobody_holds_role",
                "steps",
                _("%(agency)s chưa có ai giữ vai trò %(role)s. Giao vai trò này trước khi mở.")
                % {"agency": agency.name, "role": Role(role).label},
            )
    if not any(step["kind"] == StepKind.SIGN for step in document["steps"]):
        return
    signers = officers_as(Role.SIGNER, agency_id=agency.pk, at=at)
    if signers.exists() and not signers.exclude(signing_key_id="").exists():
        yield red("no_signing_key", "steps", _("Chưa lãnh đạo ký nào của %s có chứng thư số.") % agency.name)
    if not agency.seal_key_id:
        yield red("no_seal", "deciding", _("%s chưa có chứng thư số của cơ quan.") % agency.name)


def _at_communes(document: Mapping[str, Any], *, at: datetime) -> Iterator[Finding]:
    communes = Agency.objects.filter(kind__in=COMMUNE_KINDS).in_force(on=timezone.localdate(at))
    total = communes.count()
    for role in _roles(document):
        held = OfficerRole.objects.filter(role=role, officer__user__is_active=True).in_force(at=at)
        without = communes.exclude(pk__in=held.values("agency_id")).count()
        if without:
            yield amber(
                "nobody_holds_role",
                "steps",
                _("%(without)d trong %(total)d phường, xã chưa có ai giữ vai trò %(role)s.")
                % {"without": without, "total": total, "role": Role(role).label},
            )
    if without := communes.filter(seal_key_id="").count():
        yield amber(
            "no_seal",
            "deciding",
            _("%(without)d trong %(total)d phường, xã chưa có chứng thư số của cơ quan.")
            % {"without": without, "total": total},
        )
