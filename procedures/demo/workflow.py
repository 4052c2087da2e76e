"""The internal workflow of the demonstration procedures: received, examined, signed, issued."""

from __future__ import annotations

from decimal import Decimal

from agencies.states import Role
from procedures.city_part import Step
from procedures.states import StepKind


def four_steps(examination: str, *, examining: Decimal, others: Decimal) -> tuple[Step, ...]:
    """Lay out the four steps.

    :param examination: what the specialist's step is called.
    :param examining: its working days.
    :param others: working days of each of the other three.
    """
    return (
        Step("Tiếp nhận, chuyển hồ sơ", StepKind.RECEIVE, Role.ONE_STOP_OFFICER, others),
        Step(examination, StepKind.EXAMINE, Role.SPECIALIST, examining),
        Step("Ký kết quả", StepKind.SIGN, Role.SIGNER, others),
        Step("Cấp số, phát hành", StepKind.ISSUE, Role.CLERK, others),
    )
