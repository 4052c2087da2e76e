"""What a draft would have settled is open again when the draft is thrown away."""

from __future__ import annotations

from procedures import document as documents
from procedures.care import pending
from procedures.models import ProcedureVersion, ReviewFlag, SourceAnswer, SourceChange
from procedures.states import ReviewState, SourceChangeKind


def ask_about_abolition_again(version: ProcedureVersion) -> None:
    """Ask again whether a procedure that the catalogue no longer has is abolished: the answer was taken back."""
    changes = SourceChange.objects.filter(procedure=version.procedure_id, kind=SourceChangeKind.ABOLISHED)
    changes.update(pending=1)


def give_back(draft: ProcedureVersion) -> None:
    """Ask again about the corrections and the accepted entries of a draft. Runs in the transaction that discards it."""
    ReviewFlag.objects.filter(draft=draft).update(state=ReviewState.OPEN, draft=None, resolved_at=None)
    answers = list(SourceAnswer.objects.filter(version=draft, is_accepted=True))
    if not answers:
        return
    change = SourceChange.objects.select_for_update().get(procedure=draft.procedure_id)
    keys = [tuple(key) for one in answers for key in one.keys]
    change.answered = documents.taken(
        change.answered, change.base, lambda key: any(key[: len(one)] == one for one in keys)
    )
    change.pending = pending.count(change, draft.procedure)
    change.save(update_fields=["answered", "pending"])
