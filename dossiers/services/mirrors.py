"""Dossiers that another system leads: shown here and found by code, never changed here (mirrors and the old system)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from citizens.models import Organisation
from citizens.services import enter_person
from core.errors import InvalidInput, Text
from core.working_time import TIME_ZONE
from dossiers import codes, places
from dossiers.models import Dossier
from dossiers.services import drafting
from dossiers.services.moves import lock, reflect
from dossiers.states import IntakeRoute, Outcome, Status
from procedures.models import ProcedureVersion

ROUTES = frozenset({IntakeRoute.MINISTRY_SYSTEM, IntakeRoute.NATIONAL_PORTAL, IntakeRoute.LEGACY})


@dataclass(frozen=True, slots=True)
class Reflection:
    """A dossier as its leading system tells of it at ``as_of``. Moments are aware; empty texts mean: not told.

    ``external_code`` names it in that system for good. ``code`` is the dossier code that people hold in their hands,
    and needs ``accepted_at`` and ``due_at``. ``received_at`` and ``competent`` are agency codes; an agency that exists
    no more stays as who received, its tasks are its successor's.
    """

    system: str
    external_code: str
    as_of: datetime
    procedure: str
    status: str
    owner_name: str
    owner_number: str
    received_at: str
    submitted_at: datetime
    competent: str = ""
    organisation: str = ""
    organisation_name: str = ""
    code: str = ""
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    completed_at: datetime | None = None
    returned_at: datetime | None = None
    outcome: str = ""
    route: str = IntakeRoute.MINISTRY_SYSTEM


@transaction.atomic
def upsert(*, told: Reflection, at: datetime) -> tuple[Dossier, bool]:
    """Make or bring up to date the mirror of a dossier; give it, and whether anything in it has changed.

    The same report again, and one that is older than the newest that was told, change nothing. Two first reports at the
    same moment make one dossier.

    :raises InvalidInput: by field: what is unknown here or does not fit together.
    """
    received, competent, version = _known(told)
    known = Dossier.objects.filter(
        is_mirror=True, leading_system=told.system, external_code=told.external_code
    ).values_list("pk", flat=True)
    found = known.first()
    if found is None:
        try:
            with transaction.atomic():
                dossier = _new(told, received=received, competent=competent, version=version, at=at)
        except IntegrityError:
            # Another first report of the same dossier was faster: it is there now, and this one is compared with it.
            found = known.first()
            if found is None:
                raise
    if found is not None:
        dossier = lock(dossier_id=found)
        if dossier.told_as_of is not None and dossier.told_as_of >= told.as_of:
            return dossier, False
    if told.code and Dossier.objects.filter(code=told.code).exclude(pk=dossier.pk).exists():
        raise InvalidInput(
            {"code": [_("Mã số hồ sơ “%(code)s” đã thuộc một hồ sơ khác.") % {"code": told.code}]}
        )
    before = _facts(dossier)
    dossier.told_as_of = told.as_of
    dossier.received_at_unit, dossier.competent_agency = received, competent
    dossier.code = told.code or None
    dossier.submitted_at, dossier.accepted_at = told.submitted_at, told.accepted_at
    dossier.due_at = told.due_at
    dossier.original_due_at = dossier.original_due_at or told.due_at
    dossier.completed_at, dossier.returned_at = told.completed_at, told.returned_at
    dossier.outcome = told.outcome
    if found is not None and (dossier.status, before) == (told.status, _facts(dossier)):
        # Nothing is new but that it still holds: no event, yet what is older than this is out of date from now on.
        dossier.save(update_fields=["told_as_of", "updated_at"])
        return dossier, False
    data = {"system": told.system, "as_of": told.as_of.isoformat(), "code": told.code}
    reflect(dossier, status=Status(told.status), at=at, data=data)
    return dossier, True


def _new(
    told: Reflection, *, received: Agency, competent: Agency, version: ProcedureVersion, at: datetime
) -> Dossier:
    person = enter_person(number=told.owner_number, full_name=told.owner_name)
    owner: dict[str, object] = {"owner_person": person}
    if told.organisation:
        organisation, _made = Organisation.objects.get_or_create(
            code=told.organisation, defaults={"name": told.organisation_name or told.organisation}
        )
        owner = {"owner_organisation": organisation}
    return drafting.insert(
        Dossier(
            procedure_version=version,
            submitter=person,
            received_at_unit=received,
            competent_agency=competent,
            is_mirror=True,
            leading_system=told.system,
            external_code=told.external_code,
            intake_route=told.route,
            **owner,
        ),
        at=at,
    )


def _facts(dossier: Dossier) -> tuple[object, ...]:
    return (
        dossier.received_at_unit_id,
        dossier.competent_agency_id,
        dossier.code,
        dossier.submitted_at,
        dossier.accepted_at,
        dossier.due_at,
        dossier.completed_at,
        dossier.returned_at,
        dossier.outcome,
    )


def _known(told: Reflection) -> tuple[Agency, Agency, ProcedureVersion]:
    """Give who received, who has the task today, and the version under which it was filed.

    :raises InvalidInput: as `upsert`.
    """
    problems: dict[str, list[Text]] = {}
    if not told.system or len(told.system) > 120:
        problems["system"] = [_("Hãy ghi tên hệ thống xử lý chính, dài nhất 120 ký tự.")]
    if not told.external_code or len(told.external_code) > 64:
        problems["external_code"] = [_("Hãy ghi mã của hồ sơ ở hệ thống đó, dài nhất 64 ký tự.")]
    if told.route not in ROUTES:
        problems["route"] = [_("Nguồn hồ sơ phải là hệ thống của bộ, Cổng quốc gia hoặc hệ thống cũ.")]
    if told.status not in Status.values or told.status == Status.DRAFT:
        problems["status"] = [_("Trạng thái “%(status)s” không có trong danh mục.") % {"status": told.status}]
    if told.outcome and told.outcome not in Outcome.values:
        problems["outcome"] = [
            _("Kết cục “%(outcome)s” không có trong danh mục.") % {"outcome": told.outcome}
        ]
    if told.code and not codes.LOOK_UP.match(told.code):
        problems["code"] = [_("Mã số hồ sơ “%(code)s” không đúng cấu trúc.") % {"code": told.code}]
    elif told.code and (told.accepted_at is None or told.due_at is None):
        problems["due_at"] = [_("Hồ sơ đã có mã thì phải có thời điểm tiếp nhận và hạn trả.")]
    if not told.owner_number.isdigit() or len(told.owner_number) != 12:
        problems["owner_number"] = [_("Số định danh cá nhân phải gồm 12 chữ số.")]
    received = Agency.objects.select_related("successor").filter(code=told.received_at).first()
    if received is None:
        problems["received_at"] = [_("Không có cơ quan mã “%(code)s”.") % {"code": told.received_at}]
    competent = received
    if told.competent:
        competent = Agency.objects.select_related("successor").filter(code=told.competent).first()
        if competent is None:
            problems["competent"] = [_("Không có cơ quan mã “%(code)s”.") % {"code": told.competent}]
    version = _version_of(told)
    if version is None:
        problems["procedure"] = [_("Không có thủ tục mã “%(code)s”.") % {"code": told.procedure}]
    if problems or received is None or competent is None or version is None:
        raise InvalidInput(problems)
    return received, places.successor_of(competent, on=timezone.localdate(told.as_of)), version


def _version_of(told: Reflection) -> ProcedureVersion | None:
    """Give the version that was in force when the dossier was filed, else the oldest that is known."""
    day = told.submitted_at.astimezone(TIME_ZONE).date()
    versions = list(ProcedureVersion.objects.filter(procedure__code=told.procedure).order_by("version_no"))
    return next(
        (one for one in reversed(versions) if one.in_force(on=day)), versions[0] if versions else None
    )
