"""Obstacles on the way to a procedure that is filed online as a whole, each with its plan."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Conflict, InvalidInput
from procedures import policies
from procedures.beside import Blocker
from procedures.models import Procedure
from procedures.services.procedure_log import note
from procedures.states import TECHNOLOGY_ANSWERS, BlockerKind, ProcedureEventKind


@transaction.atomic
def add(
    *,
    procedure_id: int,
    kind: str,
    legal_text: str,
    plan: str,
    planned_on: date | None,
    agency_id: int | None,
    actor: Actor,
    at: datetime,
) -> Blocker:
    """Note an obstacle. Without a plan of its own it has the technology's answer; one of a kind is open at a time.

    :raises InvalidInput: the law, the plan or the answering agency is missing.
    :raises Conflict: an obstacle of the kind is open already.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    Procedure.objects.select_for_update(of=("self",)).get(pk=procedure_id)
    row = Blocker(procedure_id=procedure_id, kind=kind)
    _set(row, legal_text=legal_text, plan=plan, planned_on=planned_on, agency_id=agency_id)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as problem:
        raise Conflict(_("Vướng mắc này đã được ghi. Hãy sửa dòng đang có.")) from problem
    _note(row, ProcedureEventKind.BLOCKER_ADDED, actor=actor, at=at)
    return row


@transaction.atomic
def change(
    *,
    blocker_id: int,
    legal_text: str,
    plan: str,
    planned_on: date | None,
    agency_id: int | None,
    actor: Actor,
    at: datetime,
) -> Blocker:
    """Change the law, the plan, its day or its agency. :raises InvalidInput, Conflict, NotAllowed: as `add`."""
    policies.require_configure(actor)
    row = _locked(blocker_id)
    _set(row, legal_text=legal_text, plan=plan, planned_on=planned_on, agency_id=agency_id)
    row.save()
    _note(row, ProcedureEventKind.BLOCKER_CHANGED, actor=actor, at=at)
    return row


@transaction.atomic
def resolve(*, blocker_id: int, actor: Actor, at: datetime) -> None:
    """Close an obstacle; closed twice, it is closed. :raises NotAllowed: the actor does not look after the catalogue."""
    policies.require_configure(actor)
    row = Blocker.objects.select_for_update(of=("self",)).get(pk=blocker_id)
    if row.resolved_at is None:
        row.resolved_at = at
        row.save(update_fields=["resolved_at", "updated_at"])
        _note(row, ProcedureEventKind.BLOCKER_RESOLVED, actor=actor, at=at)


def _locked(blocker_id: int) -> Blocker:
    row = Blocker.objects.select_for_update(of=("self",)).filter(pk=blocker_id, resolved_at=None).first()
    if row is None:
        raise Conflict(_("Vướng mắc này vừa được gỡ xong. Hãy tải lại trang."))
    return row


def _set(row: Blocker, *, legal_text: str, plan: str, planned_on: date | None, agency_id: int | None) -> None:
    problems: dict[str, list[Any]] = {}
    answer = TECHNOLOGY_ANSWERS.get(BlockerKind(row.kind)) if row.kind in BlockerKind.values else None
    if row.kind not in BlockerKind.values:
        problems["kind"] = [_("Hãy chọn vướng mắc.")]
    if not legal_text.strip():
        problems["legal_text"] = [_("Hãy ghi điều luật đòi hỏi việc này, ví dụ: Luật Hộ tịch, điều 18.")]
    plan = plan.strip() or str(answer or "")
    if not plan:
        problems["plan"] = [_("Hãy ghi cách gỡ vướng mắc này.")]
    if planned_on is not None and agency_id is None:
        problems["agency"] = [_("Có ngày hoàn thành thì phải có cơ quan chịu trách nhiệm.")]
    if problems:
        raise InvalidInput(problems)
    row.legal_text, row.plan = legal_text.strip()[:500], plan
    row.planned_on, row.agency_id = planned_on, agency_id


def _note(row: Blocker, kind: ProcedureEventKind, *, actor: Actor, at: datetime) -> None:
    planned = row.planned_on.isoformat() if row.planned_on else ""
    note(
        row.procedure_id,
        kind,
        actor=actor,
        at=at,
        blocker=row.pk,
        obstacle=row.kind,
        plan=row.plan,
        planned_on=planned,
        agency=row.agency_id,
    )
