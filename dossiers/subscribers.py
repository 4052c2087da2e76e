"""What the dossiers' own messages set going: papers, and the background steps of a result."""

from __future__ import annotations

from functools import partial

from celery import Task
from django.db import transaction
from django.utils import timezone

from agencies.services import CALENDAR_CHANGED
from dossiers import tasks
from dossiers.services import background, bundles, due_dates, issued_papers, register, register_volumes
from dossiers.states import Action
from dossiers.transitions import MOVES
from outbox.models import Message
from outbox.services import subscribe

_OF_A_CHILD = {
    Action.ACCEPT,
    Action.ACCEPT_AT_COUNTER,
    Action.REFUSE_INTAKE,
    Action.ISSUE,
    Action.REFUSE,
    Action.APPROVE_WITHDRAWAL,
    Action.LAPSE,
    Action.STOP,
    Action.HAND_OVER,
}
"""What a child does that its bundle has to follow."""

_TASKS = {topic: tasks.STEPS[state] for state, topic in background.TOPICS.items()}


@subscribe(*sorted({move.topic for move in MOVES.moves() if move.papers}))
def queue_papers(message: Message) -> None:
    """Queue the forms that a move asks for."""
    paper_ids = issued_papers.request(
        event_id=message.payload["event_id"], forms=message.payload["papers"], at=timezone.now()
    )
    for paper_id in paper_ids:
        _hint(tasks.make_paper, paper_id=paper_id)


@subscribe(CALENDAR_CHANGED, due_dates.GO_ON)
def recompute_due_dates(message: Message) -> None:
    """Count the open dossiers anew that follow a calendar which was changed, a few in each message."""
    due_dates.recompute(
        calendar_id=message.payload["calendar_id"],
        reason=message.payload["reason"],
        after=message.payload.get("after", 0),
        at=timezone.now(),
    )


@subscribe(f"dossier.{Action.ACCEPT}", f"dossier.{Action.ACCEPT_AT_COUNTER}")
def enter_in_register(message: Message) -> None:
    """Give an accepted dossier its line in the register of the unit that received it."""
    register.enter(dossier_id=message.payload["dossier_id"])


@subscribe(register_volumes.CLOSED)
def make_register_volumes(message: Message) -> None:
    """Make the signed volumes of a book that was closed."""
    for volume_id in register_volumes.queued(book_id=message.payload["book_id"]):
        _hint(tasks.make_register_volume, volume_id=volume_id)


@subscribe(*sorted({move.topic for move in MOVES.moves() if move.action in _OF_A_CHILD}))
def move_bundle_on(message: Message) -> None:
    """Let a bundle follow one of the dossiers that it is made of."""
    bundles.follow(child_id=message.payload["dossier_id"], at=timezone.now())


@subscribe(*_TASKS)
def start_draft_step(message: Message) -> None:
    """Start the background step that a result waits for."""
    _hint(_TASKS[message.topic], draft_id=message.payload["draft_id"])


def _hint(task: Task, **arguments: int) -> None:
    """Start a task after the commit; where the broker loses it, a sweep finds the row."""
    transaction.on_commit(partial(task.apply_async, kwargs=arguments, retry=False), robust=True)
