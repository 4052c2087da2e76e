"""The legal moves of a dossier, in one table that reads like the regulation (domain: 4.2).

An effect touches the dossier's own row. Papers, messages and statistics follow from the outbox message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core.errors import Conflict
from dossiers.models import Dossier
from dossiers.states import OPEN, Action, DeliveryState, Form, Outcome, PaymentState, Status

APPLICANT = "applicant"
SYSTEM = "system"
STEP_HOLDER = "step_holder"
"""Whoever has the internal step at work in another agency than the one that decides, for as long as it is theirs."""
RETURN_DESK = "return_desk"
"""The one-stop officer at whose counter the applicant fetches a result that another unit received (NĐ 118/2025)."""

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


class Turn(StrEnum):
    """A target that depends on the dossier: stay in the same status, or go back to the one before a withdrawal."""

    STAY = "stay"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Move:
    """One row: this action leads from one of these statuses to that one, taken by one of these roles."""

    action: Action
    sources: frozenset[Status]
    target: Status | Turn
    by: frozenset[str]
    effect: Effect
    papers: tuple[Form, ...] = ()
    needs_note: bool = False

    @property
    def topic(self) -> str:
        return f"dossier.{self.action}"

    def leads_to(self, dossier: Dossier) -> Status:
        """Name the status in which the move leaves the dossier."""
        if self.target is Turn.STAY:
            return Status(dossier.status)
        if self.target is Turn.BACK:
            return Status(dossier.resume_status)
        return Status(self.target)


class MoveTable:
    """All moves. What is not in the table is forbidden."""

    def __init__(self, *moves: Move) -> None:
        self._moves = {(source, move.action): move for move in moves for source in move.sources}
        if len(self._moves) != sum(len(move.sources) for move in moves):
            raise ValueError("two moves start from the same status with the same action")

    def __iter__(self) -> Iterator[tuple[Status, Action]]:
        return iter(self._moves)

    def moves(self) -> list[Move]:
        """Give each row once, in the order of the table."""
        return list(dict.fromkeys(self._moves.values()))

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


def file(dossier: Dossier, at: datetime) -> None:
    dossier.submitted_at = at


def accept(dossier: Dossier, at: datetime) -> None:
    dossier.submitted_at = dossier.submitted_at or at
    dossier.accepted_at = at


def receive(dossier: Dossier, at: datetime) -> None:
    dossier.competent_received_at = dossier.competent_received_at or at


def close_refused(dossier: Dossier, at: datetime) -> None:
    dossier.completed_at = at
    dossier.outcome = Outcome.REFUSED
    dossier.next_due_at = None


def close_lapsed(dossier: Dossier, at: datetime) -> None:
    dossier.completed_at = at
    dossier.outcome = Outcome.LAPSED
    dossier.next_due_at = None


def close_withdrawn(dossier: Dossier, at: datetime) -> None:
    dossier.completed_at = at
    dossier.outcome = Outcome.WITHDRAWN
    dossier.next_due_at = None


def close_stopped(dossier: Dossier, at: datetime) -> None:
    dossier.completed_at = at
    dossier.next_due_at = None


def remember_status(dossier: Dossier, at: datetime) -> None:
    dossier.resume_status = dossier.status


def forget_status(dossier: Dossier, at: datetime) -> None:
    dossier.resume_status = ""


def reschedule(dossier: Dossier, at: datetime) -> None:
    dossier.is_rescheduled = True


def await_payment(dossier: Dossier, at: datetime) -> None:
    dossier.payment_state = PaymentState.AWAITING


def note_payment(dossier: Dossier, at: datetime) -> None:
    """Money that comes while a withdrawal is decided pays the notice: denied, the case goes on from there."""
    dossier.payment_state = PaymentState.PAID
    if dossier.resume_status == Status.AWAITING_PAYMENT:
        dossier.resume_status = Status.IN_PROCESS


def forget_payment(dossier: Dossier, at: datetime) -> None:
    dossier.payment_state = PaymentState.NOT_DUE


def grant(dossier: Dossier, at: datetime) -> None:
    """A corrected result keeps the moment at which the first one was completed."""
    dossier.completed_at = dossier.completed_at or at
    dossier.outcome = Outcome.GRANTED
    dossier.delivery_state = DeliveryState.SENT_TO_VAULT
    dossier.next_due_at = None


def complete_bundle(dossier: Dossier, at: datetime) -> None:
    dossier.completed_at = at
    dossier.next_due_at = None


def hand_to_post(dossier: Dossier, at: datetime) -> None:
    dossier.delivery_state = DeliveryState.HANDED_TO_POST


def hand_over(dossier: Dossier, at: datetime) -> None:
    dossier.returned_at = at
    dossier.delivery_state = DeliveryState.DELIVERED


def reopen(dossier: Dossier, at: datetime) -> None:
    dossier.returned_at = None
    dossier.delivery_state = DeliveryState.NOT_READY


def _of(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


def _by(*roles: str) -> frozenset[str]:
    return frozenset(roles)


EXAMINED = _of(
    Status.IN_PROCESS,
    Status.VERIFYING,
    Status.AWAITING_OPINION,
    Status.PROCESS_SUPPLEMENT,
    Status.AWAITING_PAYMENT,
)
"""Statuses in which the competent agency works on a dossier, or waits for somebody on its behalf."""

WITHDRAWABLE = EXAMINED | _of(
    Status.SUBMITTED,
    Status.INTAKE_SUPPLEMENT,
    Status.ACCEPTED,
    Status.FORWARDED,
    Status.AWAITING_SIGN_OFF,
)
"""Statuses before a signature: until then the applicant may take the request back."""

EXTENDABLE = _of(
    Status.ACCEPTED,
    Status.FORWARDED,
    Status.IN_PROCESS,
    Status.VERIFYING,
    Status.AWAITING_OPINION,
    Status.AWAITING_SIGN_OFF,
    Status.SIGNED,
    Status.WITHDRAWAL_REQUESTED,
)
"""Statuses in which the processing clock runs, as a rule: its end can be moved once, with an apology."""

ONCE_ACCEPTED = frozenset(Status) - {
    Status.DRAFT,
    Status.SUBMITTED,
    Status.INTAKE_SUPPLEMENT,
    Status.INTAKE_REFUSED,
}
"""Statuses in which money may come in vain, or go back: a notice was sent before, however things stand now."""

KEEP_PAPERS = _by(Role.ONE_STOP_OFFICER, Role.SPECIALIST, Role.UNIT_LEADER, Role.AGENCY_HEAD)
"""Who has the papers of an accepted dossier in keeping, or answers for those who have (NĐ 61/2018, art. 21.2)."""

# fmt: off
MOVES = MoveTable(
    #    action                        from                                            to                          by                                               effect            papers
    Move(Action.SUBMIT,                _of(Status.DRAFT),                              Status.SUBMITTED,           _by(APPLICANT),                                  file,             (Form.ACKNOWLEDGEMENT,)),
    Move(Action.ACCEPT_AT_COUNTER,     _of(Status.DRAFT),                              Status.ACCEPTED,            _by(Role.ONE_STOP_OFFICER),                      accept,           (Form.RECEIPT,)),
    Move(Action.ACCEPT,                _of(Status.SUBMITTED),                          Status.ACCEPTED,            _by(Role.ONE_STOP_OFFICER),                      accept,           (Form.RECEIPT,)),
    Move(Action.REQUEST_SUPPLEMENT,    _of(Status.SUBMITTED),                          Status.INTAKE_SUPPLEMENT,   _by(Role.ONE_STOP_OFFICER),                      no_effect,        (Form.SUPPLEMENT_NOTICE,)),
    Move(Action.PROPOSE_SUPPLEMENT,    _of(Status.SUBMITTED),                          Turn.STAY,                  _by(Role.ONE_STOP_OFFICER),                      no_effect),
    Move(Action.APPROVE_SUPPLEMENT,    _of(Status.SUBMITTED),                          Status.INTAKE_SUPPLEMENT,   _by(Role.UNIT_LEADER),                           no_effect,        (Form.SUPPLEMENT_NOTICE,)),
    Move(Action.DECLINE_SUPPLEMENT,    _of(Status.SUBMITTED, Status.IN_PROCESS),       Turn.STAY,                  _by(Role.UNIT_LEADER),                           no_effect,        needs_note=True),
    Move(Action.RESUBMIT,              _of(Status.INTAKE_SUPPLEMENT),                  Status.SUBMITTED,           _by(APPLICANT, Role.ONE_STOP_OFFICER),           no_effect),
    Move(Action.REFUSE_INTAKE,         _of(Status.SUBMITTED),                          Status.INTAKE_REFUSED,      _by(Role.ONE_STOP_OFFICER),                      close_refused,    (Form.REFUSAL_NOTICE,), needs_note=True),
    Move(Action.REROUTE,               _of(Status.SUBMITTED),                          Turn.STAY,                  _by(Role.ONE_STOP_OFFICER),                      no_effect,        needs_note=True),
    Move(Action.FORWARD,               _of(Status.ACCEPTED),                           Status.FORWARDED,           _by(Role.ONE_STOP_OFFICER, SYSTEM),              no_effect),
    Move(Action.RECEIVE,               _of(Status.FORWARDED),                          Turn.STAY,                  _by(Role.UNIT_LEADER, Role.SPECIALIST),          receive),
    Move(Action.ASSIGN,                _of(Status.ACCEPTED, Status.FORWARDED),         Status.IN_PROCESS,          _by(Role.UNIT_LEADER, Role.SPECIALIST),          receive),
    Move(Action.REASSIGN,              EXAMINED,                                       Turn.STAY,                  _by(Role.UNIT_LEADER),                           no_effect,        needs_note=True),
    Move(Action.TAKE_STEP,             _of(Status.IN_PROCESS),                         Turn.STAY,                  _by(Role.SPECIALIST, Role.UNIT_LEADER, STEP_HOLDER), no_effect),
    Move(Action.PASS_STEP,             _of(Status.IN_PROCESS),                         Turn.STAY,                  _by(Role.SPECIALIST, Role.UNIT_LEADER, STEP_HOLDER), no_effect),
    Move(Action.RETURN_STEP,           _of(Status.IN_PROCESS),                         Turn.STAY,                  _by(Role.SPECIALIST, Role.UNIT_LEADER, STEP_HOLDER), no_effect,    needs_note=True),
    Move(Action.START_VERIFICATION,    _of(Status.IN_PROCESS),                         Status.VERIFYING,           _by(Role.SPECIALIST),                            no_effect),
    Move(Action.FINISH_VERIFICATION,   _of(Status.VERIFYING),                          Status.IN_PROCESS,          _by(Role.SPECIALIST),                            no_effect,        (Form.VERIFICATION_RECORD,)),
    Move(Action.ASK_OPINION,           _of(Status.IN_PROCESS),                         Status.AWAITING_OPINION,    _by(Role.SPECIALIST),                            no_effect,        (Form.OPINION_LETTER,)),
    Move(Action.RECEIVE_OPINION,       _of(Status.AWAITING_OPINION),                   Status.IN_PROCESS,          _by(Role.SPECIALIST),                            no_effect),
    Move(Action.REQUEST_SUPPLEMENT,    _of(Status.IN_PROCESS),                         Status.PROCESS_SUPPLEMENT,  _by(Role.SPECIALIST),                            no_effect,        (Form.SUPPLEMENT_NOTICE,)),
    Move(Action.PROPOSE_SUPPLEMENT,    _of(Status.IN_PROCESS),                         Turn.STAY,                  _by(Role.SPECIALIST),                            no_effect),
    Move(Action.APPROVE_SUPPLEMENT,    _of(Status.IN_PROCESS),                         Status.PROCESS_SUPPLEMENT,  _by(Role.UNIT_LEADER),                           no_effect,        (Form.SUPPLEMENT_NOTICE,)),
    Move(Action.SUPPLEMENT_HANDED_IN,  _of(Status.PROCESS_SUPPLEMENT),                 Turn.STAY,                  _by(APPLICANT, Role.ONE_STOP_OFFICER),           no_effect),
    Move(Action.SUPPLEMENT_SENT_BACK,  _of(Status.PROCESS_SUPPLEMENT),                 Turn.STAY,                  _by(Role.ONE_STOP_OFFICER),                      no_effect,        needs_note=True),
    Move(Action.SUPPLEMENT_RECEIVED,   _of(Status.PROCESS_SUPPLEMENT),                 Status.IN_PROCESS,          _by(Role.ONE_STOP_OFFICER),                      no_effect,        (Form.RECEIPT,)),
    Move(Action.NOTIFY_OBLIGATION,     _of(Status.IN_PROCESS),                         Status.AWAITING_PAYMENT,    _by(Role.SPECIALIST, SYSTEM),                    await_payment,    (Form.PAYMENT_NOTICE,)),
    Move(Action.CONFIRM_PAYMENT,       _of(Status.AWAITING_PAYMENT),                   Status.IN_PROCESS,          _by(Role.FEE_COLLECTOR, Role.ACCOUNTANT, SYSTEM), note_payment),
    Move(Action.CONFIRM_PAYMENT,       _of(Status.WITHDRAWAL_REQUESTED),               Turn.STAY,                  _by(Role.FEE_COLLECTOR, Role.ACCOUNTANT, SYSTEM), note_payment),
    Move(Action.RECORD_PAYMENT,        ONCE_ACCEPTED,                                  Turn.STAY,                  _by(Role.FEE_COLLECTOR, Role.ACCOUNTANT, SYSTEM), no_effect),
    Move(Action.PAY_REFUND,            ONCE_ACCEPTED,                                  Turn.STAY,                  _by(Role.FEE_COLLECTOR, Role.ACCOUNTANT, SYSTEM), no_effect),
    Move(Action.CANCEL_OBLIGATION,     _of(Status.AWAITING_PAYMENT),                   Status.IN_PROCESS,          _by(Role.SPECIALIST),                            forget_payment,   needs_note=True),
    Move(Action.SUBMIT_FOR_SIGNATURE,  _of(Status.IN_PROCESS),                         Status.AWAITING_SIGN_OFF,   _by(Role.SPECIALIST),                            no_effect),
    Move(Action.RETURN_DRAFT,          _of(Status.AWAITING_SIGN_OFF),                  Status.IN_PROCESS,          _by(Role.SIGNER),                                no_effect,        needs_note=True),
    Move(Action.SIGN,                  _of(Status.AWAITING_SIGN_OFF),                  Status.SIGNED,              _by(Role.SIGNER),                                no_effect),
    Move(Action.ISSUE,                 _of(Status.SIGNED),                             Status.COMPLETED,           _by(Role.CLERK),                                 grant,            (Form.CONTROL_SHEET,)),
    Move(Action.ACCEPT_BUNDLE,         _of(Status.SUBMITTED),                          Status.FORWARDED,           _by(SYSTEM),                                     accept),
    Move(Action.COMPLETE_BUNDLE,       _of(Status.SUBMITTED, Status.ACCEPTED, Status.FORWARDED), Status.COMPLETED,           _by(SYSTEM),                                     complete_bundle),
    Move(Action.REFUSE,                _of(Status.IN_PROCESS),                         Status.COMPLETED,           _by(Role.SIGNER),                                close_refused,    (Form.REFUSAL_NOTICE, Form.CONTROL_SHEET), needs_note=True),
    Move(Action.REFUSE,                _of(Status.PROCESS_SUPPLEMENT),                 Status.COMPLETED,           _by(Role.SPECIALIST),                            close_refused,    (Form.REFUSAL_NOTICE, Form.CONTROL_SHEET), needs_note=True),
    Move(Action.CHOOSE_RETURN,         OPEN,                                           Turn.STAY,                  _by(APPLICANT),                                  no_effect),
    Move(Action.HAND_TO_POST,          _of(Status.COMPLETED),                          Turn.STAY,                  _by(Role.ONE_STOP_OFFICER),                      hand_to_post),
    Move(Action.FOLLOW_POST,           _of(Status.COMPLETED),                          Turn.STAY,                  _by(Role.ONE_STOP_OFFICER, SYSTEM),              no_effect),
    Move(Action.HAND_OVER,             _of(Status.COMPLETED),                          Status.RETURNED,            _by(Role.ONE_STOP_OFFICER, RETURN_DESK, APPLICANT, SYSTEM), hand_over),
    Move(Action.CORRECT_RESULT,        _of(Status.COMPLETED, Status.RETURNED),         Status.IN_PROCESS,          _by(Role.SIGNER),                                reopen,           (Form.CORRECTION_DECISION,), needs_note=True),
    Move(Action.REQUEST_WITHDRAWAL,    WITHDRAWABLE,                                   Status.WITHDRAWAL_REQUESTED, _by(APPLICANT),                                 remember_status,  (Form.WITHDRAWAL_REQUEST,), needs_note=True),
    Move(Action.APPROVE_WITHDRAWAL,    _of(Status.WITHDRAWAL_REQUESTED),               Status.STOPPED,             _by(Role.UNIT_LEADER),                           close_withdrawn,  (Form.STOP_NOTICE,)),
    Move(Action.DENY_WITHDRAWAL,       _of(Status.WITHDRAWAL_REQUESTED),               Turn.BACK,                  _by(Role.UNIT_LEADER),                           forget_status,    needs_note=True),
    Move(Action.EXTEND,                EXTENDABLE,                                     Turn.STAY,                  _by(Role.AGENCY_HEAD),                           reschedule,       (Form.APOLOGY,)),
    Move(Action.LAPSE,                 _of(Status.INTAKE_SUPPLEMENT, Status.PROCESS_SUPPLEMENT), Status.STOPPED,   _by(SYSTEM),                                     close_lapsed,     (Form.STOP_NOTICE,)),
    Move(Action.STOP,                  EXAMINED | _of(Status.FORWARDED),               Status.STOPPED,             _by(Role.AGENCY_HEAD),                           close_stopped,    (Form.STOP_NOTICE,), needs_note=True),
    Move(Action.LOSS_INCIDENT,         _of(Status.SUBMITTED, Status.INTAKE_SUPPLEMENT, Status.INTAKE_REFUSED), Turn.STAY, _by(Role.ONE_STOP_OFFICER),                    no_effect,        (Form.LOSS_APOLOGY,), needs_note=True),
    Move(Action.LOSS_INCIDENT,         ONCE_ACCEPTED - {Status.ARCHIVED},              Turn.STAY,                  KEEP_PAPERS,                                     no_effect,        (Form.LOSS_APOLOGY,), needs_note=True),
    Move(Action.LOSS_MENDED,           _of(Status.SUBMITTED, Status.INTAKE_SUPPLEMENT, Status.INTAKE_REFUSED), Turn.STAY, _by(Role.ONE_STOP_OFFICER),                    no_effect,        needs_note=True),
    Move(Action.LOSS_MENDED,           ONCE_ACCEPTED - {Status.ARCHIVED},              Turn.STAY,                  KEEP_PAPERS,                                     no_effect,        needs_note=True),
    Move(Action.ARCHIVE,               _of(Status.RETURNED, Status.STOPPED),           Status.ARCHIVED,            _by(Role.CLERK, SYSTEM),                         no_effect),
    Move(Action.ARCHIVE,               _of(Status.COMPLETED),                          Status.ARCHIVED,            _by(SYSTEM),                                     no_effect),
)
# fmt: on
