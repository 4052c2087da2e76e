"""Questions that found little: say what has been done about one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core.actor import Actor
from procedures import policies
from procedures.models import FailedSearch
from procedures.services.care_log import entry as log_entry
from procedures.states import CareSubject, QuestionState


@transaction.atomic
def mark(*, question_id: int, state: QuestionState, actor: Actor, at: datetime) -> FailedSearch:
    """Say that a question is answered, that it is not this portal's, or open it again.

    :raises FailedSearch.DoesNotExist: it has been forgotten.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    question = FailedSearch.objects.select_for_update().get(pk=question_id)
    if question.state == state:
        return question
    log_entry(
        CareSubject.QUESTION,
        question.text,
        before={"state": question.state},
        after={"state": state.value},
        actor=actor,
        at=at,
    ).save()
    question.state, question.state_at, question.state_by = state, at, actor.display_name
    question.save(update_fields=["state", "state_at", "state_by"])
    return question
