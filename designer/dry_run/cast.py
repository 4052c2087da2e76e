"""Who is sent through a draft: synthetic applicants who meet every question and every conditional step once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from procedures import eforms
from procedures.eforms.asking import broken_rules
from procedures.eforms.conditions import Compare, Condition, Not, names
from procedures.eforms.expressions import FieldValue, Literal
from procedures.eforms.schema import Field, FieldType, Page, Rule, Schema, Section
from procedures.trying.applicants import Applicant
from procedures.trying.applicants import Trial as FormTrial
from procedures.trying.findings import Finding, amber, red
from procedures.trying.samples import deciding

MOST_APPLICANTS = 40
"""So many are played; a form that needs more is told so."""
MOST_TRIES = 600
"""Combinations of answers that are looked at to fulfil the rules of a form."""

_STEP, _SKIP = "_step_", "_skip_"


@dataclass
class Cast:
    """``applicants`` in the order in which they are played; ``findings`` of what already their making has shown."""

    schema: Schema
    applicants: list[Applicant] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def cast(document: Mapping[str, Any], *, today: date) -> Cast:
    """Make up the applicants of a parsed document. ``today`` is the day on which they file.

    :raises InvalidInput: the e-form is broken.
    """
    schema = eforms.parse(document["eform"])
    made = Cast(schema)
    trial = FormTrial(_with_steps(schema, document), today)
    made.findings += _form_findings(trial, schema, document)
    everybody = [_bare(one) for one in trial.applicants]
    kept: list[Applicant] = []
    for one in everybody:
        mended = _mended(one, schema, today=today)
        if isinstance(mended, Applicant):
            kept.append(mended)
        else:
            made.findings.append(_unmet(mended))
    made.findings = list(dict.fromkeys(made.findings))
    made.applicants = kept[:MOST_APPLICANTS]
    if len(kept) > MOST_APPLICANTS:
        made.findings.append(
            amber(
                "too_many_branches",
                "eform",
                _("Biểu mẫu cần %(all)d người nộp thử, chỉ chạy %(most)d. Tách thủ tục hoặc bớt nhánh.")
                % {"all": len(kept), "most": MOST_APPLICANTS},
            )
        )
    return made


def _with_steps(schema: Schema, document: Mapping[str, Any]) -> Schema:
    """Put a note at the end of the form for each conditional step, so that whoever meets all notes meets all steps."""
    marks: list[Field] = []
    for at, step in enumerate(document["steps"]):
        asked_for = step["condition"].get("field")
        if asked_for not in schema.fields:
            continue
        taken: Condition = Compare(FieldValue(asked_for), "equals", (Literal(step["condition"]["equals"]),))
        marks += [
            Field(f"{_STEP}{at}", "", FieldType.NOTE, condition=taken),
            Field(f"{_SKIP}{at}", "", FieldType.NOTE, condition=Not(taken)),
        ]
    if not marks:
        return schema
    return Schema((*schema.pages, Page("_steps", "", (Section(tuple(marks)),))), schema.rules)


def _bare(one: Applicant) -> Applicant:
    return Applicant(
        one.answers, frozenset(name for name in one.meets if not name.startswith((_STEP, _SKIP)))
    )


def _form_findings(trial: FormTrial, schema: Schema, document: Mapping[str, Any]) -> Iterator[Finding]:
    for name in trial.unreachable:
        if name.startswith(_STEP):
            at = int(name.removeprefix(_STEP))
            yield red(
                "step_never_reached",
                f"steps[{at}].condition",
                _("Không câu trả lời nào dẫn đến bước “%s”. Sửa điều kiện của bước.")
                % document["steps"][at]["name"],
            )
        elif not name.startswith(_SKIP):
            yield red(
                "never_asked",
                f"eform.{name}",
                _("Không ai được hỏi “%s”. Sửa điều kiện hiện câu hỏi, hoặc bỏ câu này.")
                % schema.fields[name].label,
            )
    for name in trial.unfillable:
        yield red(
            "cannot_be_filled",
            f"eform.{name}",
            _(
                "Không nghĩ ra được câu trả lời nào mà “%s” chấp nhận. Ghi ví dụ cho câu này, hoặc nới quy tắc."
            )
            % schema.fields[name].label,
        )


def _mended(one: Applicant, schema: Schema, *, today: date) -> Applicant | Rule:
    """Change answers until no rule of the form is broken; give the first rule for which that does not succeed."""
    answers = dict(one.answers)
    for _turn in range(len(schema.rules) + 1):
        now = eforms.asked(schema, _given(schema, answers), today=today)
        broken = broken_rules(schema, now, today=today)
        if not broken:
            return Applicant(now.answers, now.names)
        better = _fulfilling(broken[0], schema, answers, wanted=now.names, today=today)
        if better is None:
            return broken[0]
        answers = better
    return broken[0]


def _fulfilling(
    rule: Rule, schema: Schema, answers: Mapping[str, Any], *, wanted: frozenset[str], today: date
) -> dict[str, Any] | None:
    """Give answers that fulfil a rule and break no more others, with the same questions asked."""
    read = [name for name in dict.fromkeys(names(rule.check)) if schema.fields[name].takes_answer]
    ways = [
        [one for one in deciding(schema.fields[name], [rule.check], today=today) if one is not None]
        for name in read
    ]
    before = len(broken_rules(schema, eforms.asked(schema, answers, today=today), today=today))
    for _try, chosen in zip(range(MOST_TRIES), product(*ways), strict=False):
        tried = {**answers, **dict(zip(read, chosen, strict=True))}
        now = eforms.asked(schema, _given(schema, tried), today=today)
        left = broken_rules(schema, now, today=today)
        if now.names == wanted and rule not in left and len(left) < max(before, 1):
            return tried
    return None


def _given(schema: Schema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is worked out: it is worked out anew."""
    return {name: one for name, one in answers.items() if schema.fields[name].takes_answer}


def _unmet(rule: Rule) -> Finding:
    return red(
        "rule_unmet",
        f"eform.{rule.field}",
        _(
            "Không người nộp thử nào vượt qua quy tắc “%s”. Xem lại quy tắc, hoặc ghi ví dụ cho các câu liên quan."
        )
        % rule.problem,
    )
