"""Chuyển nơi tiếp nhận: a filing that came to the wrong unit goes to the right one, its acceptance clock running on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from core.actor import Actor
from core.errors import InvalidInput, Text
from dossiers import places, selectors, wording_check
from dossiers.models import Dossier
from dossiers.services import guards
from dossiers.services.moves import advance, lock
from dossiers.states import Action
from procedures.states import CompetentAgencyRule

REASON_LENGTH = 1000


@transaction.atomic
def reroute(*, dossier_id: int, unit_id: int | None, reason: str, actor: Actor, at: datetime) -> Dossier:
    """Send a filing that waits for its acceptance to another unit, and tell the applicant where it is now.

    The answer is due when it was: the applicant does not wait longer because the city sorts its post (R8).

    :raises AlreadyDone, IllegalMove: the dossier waits for its acceptance no more.
    :raises NotAllowed: the actor is not a one-stop officer of the receiving unit.
    :raises InvalidInput: under ``unit`` (not one that may receive it) or ``reason`` (missing, too long, vague).
    """
    dossier = lock(dossier_id=dossier_id)
    require_reroutable(dossier=dossier, actor=actor)
    reason = reason.strip()
    problems: dict[str, list[Text]] = {}
    unit = next((one for one in targets(dossier, at=at) if one.pk == unit_id), None)
    if unit is None:
        problems["unit"] = [_("Hãy chọn nơi tiếp nhận đúng trong danh sách.")]
    if not reason:
        problems["reason"] = [_("Hãy ghi vì sao chuyển hồ sơ; người nộp đọc được lý do này.")]
    elif len(reason) > REASON_LENGTH:
        problems["reason"] = [
            _("Lý do dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": REASON_LENGTH}
        ]
    else:
        found = wording_check.problems(field="reason", text=reason)
        if found:
            problems["reason"] = [one.message for one in found]
    if problems or unit is None:
        raise InvalidInput(problems)
    left = dossier.received_at_unit
    data = {
        "from_unit": left.code if left else "",
        "to_unit": unit.code,
        "to_name": unit.name,
    }
    dossier = advance(
        dossier_id=dossier_id, action=Action.REROUTE, actor=actor, at=at, note=reason, data=data
    )
    places.hand_in_at(dossier, received_at=unit, competent=_decider(dossier, unit))
    dossier.save(update_fields=[*places.PLACE_FIELDS, "updated_at"])
    return dossier


def require_reroutable(*, dossier: Dossier, actor: Actor) -> None:
    """Ask before the reason is typed whether the actor may send the filing on; raises as `reroute` does."""
    guards.require(dossier, Action.REROUTE, actor)


def targets(dossier: Dossier, *, at: datetime) -> list[Agency]:
    """Give the units that could receive the filing in place of the present one, in Vietnamese order.

    Where the applicant chooses the commune, every other commune; where one agency decides, the centres that receive
    for it.
    """
    if _is_chosen(dossier):
        units = selectors.receiving_units(on=timezone.localdate(at))
    elif dossier.competent_agency is not None:
        units = list(places.centres(dossier.competent_agency, at=at).order_by("name_sort", "pk"))
    else:
        units = []
    return [unit for unit in units if unit.pk != dossier.received_at_unit_id]


def _is_chosen(dossier: Dossier) -> bool:
    return dossier.procedure_version.competent_agency_rule == CompetentAgencyRule.COMMUNE_OF_CHOICE


def _decider(dossier: Dossier, unit: Agency) -> Agency:
    if _is_chosen(dossier) or dossier.competent_agency is None:
        return unit
    return dossier.competent_agency
