"""The legal moves of a dossier, in one table that reads like the regulation (domain: 4.2).

An effect touches the dossier's own row. Papers, messages and statistics follow from the outbox message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core.errors import Conflict
from dossiers.models import Dossier
from dossiers.states import Action, DeliveryState, Form, Outcome, Status

APPLICANT = "applicant"
SYSTEM = "system"

Effect = Callable[[Dossier, datetime], None]


class IllegalMove(Conflict):
    """The step does not start from the dossier's status: somebody was faster, or the page is old."""

    code = "illegal_move"

    def __init__(self, *, status: str, action: str) -> None:
        super().__init__(
            _(
                "Hồ sơ đang ở trạng thái “%(status)s” nên không thực hiện được thao tác “%(action)s”. "
                "Có thể người khác vừa xử lý; hãy tải lại trang để xem trạng thái mới."
            )
            % {"status": Status(status).label, "action": Action(action).label},
            status=status,
            action=action,
        )


@dataclass(frozen=True, slots=True)
class Move:
    """One row: this action leads from one of these statuses to that one, taken by one of these roles."""

    action: Action
    sources: frozenset[Status]
    target: Status
    by: frozenset[str]
    effect: Effect
    papers: tuple[Form, ...] = ()
    needs_note: bool = False

    @property
    def topic(self) -> str:
        return f"dossier.{self.action}"


class MoveTable:
    """All moves. What is not in the table is forbidden."""

    def __init__(self, *moves: Move) -> None:
        self._moves = {(source, move.action): move for move in moves for source in move.sources}
        if len(self._moves) != sum(len(move.sources) for move in moves):
            raise ValueError("two moves start from the same status with the same action")

    def __iter__(self) -> Iterator[tuple[Status, Action]]:
        return iter(self._moves)

    def find(self, *, status: str, action: str) -> Move:
        """:raises IllegalMove: the action does not start from the status."""
        try:
            return self._moves[Status(status), Action(action)]
        except KeyError:
            raise IllegalMove(status=status, action=action) from None

    def takers(self, action: str) -> frozenset[str]:
        """Give the roles that take the action, from whatever status."""
        return frozenset().union(
            *(move.by for (_source, named), move in self._moves.items() if named == action)
        )

    def available(self, *, status: str, roles: Iterable[str]) -> list[Move]:
        """Give the moves that one of the roles may take from the status, in the order of the table."""
        held = frozenset(roles)
        return [
            move for (source, _action), move in self._moves.items() if source == status and move.by & held
        ]


def no_effect(dossier: Dossier, at: datetime) -> None:
    pass


def start_acceptance_clock(dossier: Dossier, at: datetime) -> None:
    dossier.submitted_at = at


def start_clock(dossier: Dossier, at: datetime) -> None:
    dossier.accepted_at = at


def close_refused(dossier: Dossier, at: datetime) -> None:
    dossier.completed_at = at
    dossier.outcome = Outcome.REFUSED
    dossier.next_due_at = None


def grant(dossier: Dossier, at: datetime) -> None:
    dossier.completed_at = at
    dossier.outcome = Outcome.GRANTED
    dossier.delivery_state = DeliveryState.SENT_TO_VAULT
    dossier.next_due_at = None


def hand_over(dossier: Dossier, at: datetime) -> None:
    dossier.returned_at = at
    dossier.delivery_state = DeliveryState.DELIVERED


def _of(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


def _by(*roles: str) -> frozenset[str]:
    return frozenset(roles)


# fmt: off
MOVES = MoveTable(
    #    action                        from                                      to                        by                                            effect                  papers
    Move(Action.SUBMIT,                _of(Status.DRAFT),                        Status.SUBMITTED,         _by(APPLICANT),                               start_acceptance_clock, (Form.ACKNOWLEDGEMENT,)),
    Move(Action.ACCEPT,                _of(Status.SUBMITTED),                    Status.ACCEPTED,          _by(Role.ONE_STOP_OFFICER),                   start_clock,            (Form.RECEIPT,)),
    Move(Action.REFUSE_INTAKE,         _of(Status.SUBMITTED),                    Status.INTAKE_REFUSED,    _by(Role.ONE_STOP_OFFICER),                   close_refused,          (Form.REFUSAL_NOTICE,), needs_note=True),
    Move(Action.FORWARD,               _of(Status.ACCEPTED),                     Status.FORWARDED,         _by(Role.ONE_STOP_OFFICER, SYSTEM),           no_effect),
    Move(Action.ASSIGN,                _of(Status.ACCEPTED, Status.FORWARDED),   Status.IN_PROCESS,        _by(Role.UNIT_LEADER, Role.SPECIALIST),       no_effect),
    Move(Action.SUBMIT_FOR_SIGNATURE,  _of(Status.IN_PROCESS),                   Status.AWAITING_SIGN_OFF, _by(Role.SPECIALIST),                         no_effect),
    Move(Action.RETURN_DRAFT,          _of(Status.AWAITING_SIGN_OFF),            Status.IN_PROCESS,        _by(Role.SIGNER),                             no_effect,              needs_note=True),
    Move(Action.SIGN,                  _of(Status.AWAITING_SIGN_OFF),            Status.SIGNED,            _by(Role.SIGNER),                             no_effect),
    Move(Action.ISSUE,                 _of(Status.SIGNED),                       Status.COMPLETED,         _by(Role.CLERK),                              grant,                  (Form.CONTROL_SHEET,)),
    Move(Action.HAND_OVER,             _of(Status.COMPLETED),                    Status.RETURNED,          _by(Role.ONE_STOP_OFFICER, APPLICANT),        hand_over),
)
# fmt: on
