"""One step for many dossiers: tried first, then taken, each dossier in a transaction of its own.

Trying is the step itself, taken back: what it promises is what happens, unless somebody is faster meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import InvalidInput, Refusal
from dossiers import policies
from dossiers.models import Dossier
from dossiers.services import guards, intake, processing, returning
from dossiers.states import Action, HandOverMethod

log = logging.getLogger(__name__)

MOST = 100

TOO_MANY = gettext_lazy("Mỗi lần chỉ làm được với tối đa %(n)d hồ sơ. Hãy bỏ chọn bớt.")
NONE_CHOSEN = gettext_lazy("Hãy chọn ít nhất một hồ sơ trong danh sách.")

Step = Callable[..., Dossier]


def _hand_over(*, dossier_id: int, actor: Actor, at: datetime, **receiver: Any) -> Dossier:
    return returning.hand_over(
        dossier_id=dossier_id, method=HandOverMethod.COUNTER, actor=actor, at=at, **receiver
    )


STEPS: dict[Action, Step] = {
    Action.ACCEPT: intake.accept,
    Action.FORWARD: intake.forward,
    Action.ASSIGN: processing.assign,
    Action.HAND_OVER: _hand_over,
}
"""Steps that can be taken for many dossiers at once."""

ASKING = frozenset({Action.ASSIGN, Action.HAND_OVER})
"""Steps that need to know something first: who works on the dossiers, who receives the results."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became, or would become, of one dossier; ``problem`` is empty when the step is taken."""

    tracking_no: str
    reference: str
    procedure: str = ""
    problem: str = ""
    due_at: datetime | None = None

    @property
    def is_done(self) -> bool:
        return not self.problem


def attempt(
    *,
    action: Action,
    chosen: Sequence[str],
    actor: Actor,
    at: datetime,
    values: Mapping[str, Any] | None = None,
) -> list[Outcome]:
    """Say for every dossier whether the step can be taken; nothing is changed.

    :param chosen: tracking numbers. :param values: what the step asks for besides; without it an asking step is
        judged by status and role alone.
    :raises InvalidInput: none are chosen, or more than `MOST`.
    """

    def tried(dossier: Dossier) -> Dossier:
        if action in ASKING and values is None:
            guards.require(dossier, action, actor)
            return dossier
        with transaction.atomic():
            moved = STEPS[action](dossier_id=dossier.pk, actor=actor, at=at, **(values or {}))
            transaction.set_rollback(True)
        return moved

    return _each(chosen, actor, tried)


def take(
    *,
    action: Action,
    chosen: Sequence[str],
    actor: Actor,
    at: datetime,
    values: Mapping[str, Any] | None = None,
) -> list[Outcome]:
    """Take the step for every dossier that allows it, and say what became of each; see `attempt`."""

    def taken(dossier: Dossier) -> Dossier:
        return STEPS[action](dossier_id=dossier.pk, actor=actor, at=at, **(values or {}))

    return _each(chosen, actor, taken)


def _each(chosen: Sequence[str], actor: Actor, step: Callable[[Dossier], Dossier]) -> list[Outcome]:
    numbers = list(dict.fromkeys(chosen))
    if not numbers:
        raise InvalidInput({"chon": [NONE_CHOSEN]})
    if len(numbers) > MOST:
        raise InvalidInput({"chon": [TOO_MANY % {"n": MOST}]})
    found = {
        dossier.tracking_no: dossier
        for dossier in policies.visible(actor)
        .filter(tracking_no__in=numbers)
        .select_related("procedure_version")
    }
    return [_one(number, found.get(number), step) for number in numbers]


def _one(number: str, dossier: Dossier | None, step: Callable[[Dossier], Dossier]) -> Outcome:
    if dossier is None:
        return Outcome(number, number, problem=_("Không có hồ sơ này trong các hồ sơ của cơ quan bạn."))
    version = dossier.procedure_version
    about = Outcome(number, dossier.reference, procedure=version.short_name or version.name)
    try:
        moved = step(dossier)
    except InvalidInput as refusal:
        return replace(about, problem=" ".join(refusal.problems))
    except Refusal as refusal:
        return replace(about, problem=str(refusal))
    except Exception:  # the rows before this one are done: whoever asked has to hear what became of each
        log.exception("bulk step failed", extra={"tracking_no": number})
        problem = _("Hệ thống gặp lỗi với hồ sơ này; hồ sơ chưa thay đổi. Hãy mở hồ sơ và làm riêng.")
        return replace(about, problem=problem)
    return replace(about, reference=moved.reference, due_at=moved.due_at)
