"""Sửa kết quả có sai sót: a result is drafted, signed and issued once more, and the new one takes over (NĐ 61, art. 21)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from dossiers import wording_check
from dossiers.models import Correction, Dossier, HandOver
from dossiers.services import background, guards, steps
from dossiers.services.moves import advance, lock
from dossiers.states import Action, DraftState
from results_vault import codes as result_codes
from results_vault import selectors as results
from results_vault import services as results_vault
from results_vault.models import Result
from results_vault.states import Change

ERROR_LENGTH = 2000
DECISION_LENGTH = 255


class NoResult(Conflict):
    """The dossier has no result in force that could be corrected."""

    code = "no_result"
    message = _(
        "Hồ sơ này không có kết quả còn hiệu lực trong kho kết quả nên không có gì để sửa. "
        "Hồ sơ bị từ chối thì người nộp nộp hồ sơ mới hoặc khiếu nại."
    )


@transaction.atomic
def correct(
    *, dossier_id: int, error: str, decision: str, bears_cost_id: int | None, actor: Actor, at: datetime
) -> Dossier:
    """Decide that an issued result has an error; the dossier is worked on again until the corrected one is issued.

    The old result stays in force until then. Its draft is opened again with all its values under a new code, to get a
    new number. Who had received the old result is kept in the history.

    :param decision: number and date of the decision, shown to whoever checks the old result.
    :param bears_cost_id: the agency at fault, one of those that dealt with the dossier.
    :raises AlreadyDone: somebody else has decided so.
    :raises NoResult: see there.
    :raises NotAllowed: the actor does not sign for the competent agency.
    :raises InvalidInput: error, decision or agency is missing or wrong.
    """
    dossier = lock(dossier_id=dossier_id)
    old = require_correctable(dossier=dossier, actor=actor)
    error, decision = error.strip(), decision.strip()
    bears_cost = _require(error, decision, bears_cost_id, dossier)
    if actor.officer_id is None:
        raise NotAllowed()
    draft = background.resting(dossier, DraftState.ISSUED)
    Correction.objects.create(
        dossier=dossier,
        error=error,
        decision=decision,
        bears_cost=bears_cost,
        old_result=old,
        decided_by_id=actor.officer_id,
        decided_at=at,
    )
    draft.state, draft.last_error = DraftState.EDITING, ""
    draft.token = result_codes.new_token()
    draft.revision += 1
    draft.number, draft.clerk, draft.issue_requested_at = "", None, None
    draft.signer, draft.sign_requested_at, draft.signed_at = None, None, None
    draft.draft_file, draft.draft_sha256, draft.signed_file, draft.signed_sha256 = "", "", "", ""
    draft.save()
    steps.walk_anew(dossier, at=at)
    return advance(
        dossier_id=dossier_id,
        action=Action.CORRECT_RESULT,
        actor=actor,
        at=at,
        note=error,
        data={"decision": decision, "result_id": old.pk, "number": old.number, **_taken_back(dossier)},
    )


def require_correctable(*, dossier: Dossier, actor: Actor) -> Result:
    """Give the result that the actor may correct; raises as `correct` does."""
    guards.require(dossier, Action.CORRECT_RESULT, actor)
    found = results.in_force_of(dossier.reference)
    if found is None:
        raise NoResult()
    return found


def may_bear_cost(dossier: Dossier) -> list[Agency]:
    """Give the agencies that dealt with a dossier, the one that decided first."""
    agencies = [dossier.competent_agency, dossier.received_at_unit, dossier.helped_at]
    return list(dict.fromkeys(agency for agency in agencies if agency is not None))


def finish(dossier: Dossier, *, result_id: int, at: datetime) -> bool:
    """Let the new result of a locked dossier take over from the one that it corrects; say whether it corrects one.

    Belongs to the transaction that stores the new result.
    """
    correction = dossier.corrections.select_for_update().filter(finished_at=None).first()
    if correction is None:
        return False
    correction.new_result_id, correction.finished_at = result_id, at
    correction.save(update_fields=["new_result", "finished_at", "updated_at"])
    results_vault.take_over(
        result_id=correction.old_result_id,
        successor_id=result_id,
        change=Change.CORRECT,
        decision=correction.decision,
        at=at,
    )
    return True


def _taken_back(dossier: Dossier) -> dict[str, dict[str, str]]:
    """Take the old hand-over out of the way of the next one; give what the history keeps of it."""
    handed = HandOver.objects.filter(dossier=dossier).first()
    if handed is None:
        return {}
    handed.delete()
    return {
        "handed_over": {
            "method": handed.method,
            "receiver": handed.receiver_name,
            "note": handed.note,
            "at": handed.at.isoformat(),
        }
    }


def _require(error: str, decision: str, bears_cost_id: int | None, dossier: Dossier) -> Agency:
    problems: dict[str, list[Text]] = {}
    if not error:
        problems["error"] = [_("Hãy ghi kết quả sai ở đâu và đúng ra là gì.")]
    elif len(error) > ERROR_LENGTH:
        problems["error"] = [_too_long(ERROR_LENGTH)]
    if not decision:
        problems["decision"] = [_("Hãy nhập số và ngày của quyết định sửa kết quả.")]
    elif len(decision) > DECISION_LENGTH:
        problems["decision"] = [_too_long(DECISION_LENGTH)]
    bears_cost = next((one for one in may_bear_cost(dossier) if one.pk == bears_cost_id), None)
    if bears_cost is None:
        problems["bears_cost"] = [_("Hãy chọn cơ quan gây ra sai sót, là bên chịu chi phí.")]
    if problems or bears_cost is None:
        raise InvalidInput(problems)
    wording_check.require(field="error", text=error)
    return bears_cost


def _too_long(limit: int) -> Text:
    return _("Nội dung dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": limit}
