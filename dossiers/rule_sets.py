"""Bộ quy tắc theo thời gian: which law a dossier follows, from its acceptance to its end (domain: 0.2).

The limits of NĐ 118/2025 are carried over from NĐ 61/2018, art. 19, until its text is confirmed (annex A, U1, U8).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.working_time import TIME_ZONE, PausePolicy
from dossiers.states import Form


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules in force from one day to the next set; days are local dates."""

    code: str
    valid_from: date
    basis: str
    form_numbers: Mapping[Form, str]
    intake_anywhere: bool
    """Whether any centre of the city receives for every agency (NĐ 118/2025)."""
    supplement_policy: PausePolicy = PausePolicy.RESTART
    supplement_requests_a_phase: int = 1
    supplement_wait: timedelta = timedelta(days=30)
    reschedules: int = 1


_FORMS_2018 = {
    Form.RECEIPT: "01",
    Form.SUPPLEMENT_NOTICE: "02",
    Form.REFUSAL_NOTICE: "03",
    Form.APOLOGY: "04",
    Form.CONTROL_SHEET: "05",
}
_FORMS_2025 = _FORMS_2018 | {Form.STOP_NOTICE: "05", Form.CONTROL_SHEET: "06"}

RULE_SETS = (
    RuleSet("rs2018", date(2018, 6, 21), "NĐ 61/2018/NĐ-CP, TT 01/2018/TT-VPCP", _FORMS_2018, False),
    RuleSet("rs2025", date(2025, 7, 1), "NĐ 118/2025/NĐ-CP, TT 01/2018/TT-VPCP", _FORMS_2018, True),
    RuleSet("rs2025b", date(2025, 9, 15), "NĐ 118/2025/NĐ-CP, TT 03/2025/TT-VPCP", _FORMS_2025, True),
    RuleSet("rs2026", date(2026, 8, 5), "NĐ 309/2026/NĐ-CP, TT 03/2025/TT-VPCP", _FORMS_2025, True),
)
"""From the oldest to the one in force."""

_BY_CODE = {rules.code: rules for rules in RULE_SETS}


def in_force(at: datetime) -> RuleSet:
    """Give the rules in force at an aware moment; before the first set the first one counts."""
    day = at.astimezone(TIME_ZONE).date()
    return next((rules for rules in reversed(RULE_SETS) if rules.valid_from <= day), RULE_SETS[0])


def named(code: str, *, at: datetime) -> RuleSet:
    """Give the set that a dossier keeps, or the one in force at ``at`` while it has none yet."""
    return _BY_CODE.get(code) or in_force(at)
