"""The check before filing: every outcome can happen, says why, by which article, and leads to something that exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from procedures.eligibility import Check, Outcome, decide, parse
from procedures.trying.findings import Finding, amber, red
from procedures.trying.lint.draft import Draft, Rule
from procedures.trying.samples import deciding

_MOST_TRIED = 20_000


def every_outcome_happens(draft: Draft) -> Iterator[Finding]:
    check = _check(draft)
    happening = _happening(check, draft)
    if happening is None:
        return
    for at, outcome in enumerate(check.outcomes):
        if outcome not in happening[0]:
            yield red(
                "outcome_unreachable",
                f"eligibility.outcomes[{at}]",
                _("Không câu trả lời nào dẫn tới kết luận này. Sửa điều kiện, hoặc đưa kết luận lên trước."),
            )
    for at, name in enumerate(check.fields):
        if name not in happening[1]:
            yield amber(
                "question_decides_nothing",
                f"eligibility.questions[{at}]",
                _("Câu “%s” không dẫn tới kết luận nào nên không ai được hỏi. Dùng câu này, hoặc bỏ.")
                % check.fields[name].label,
            )


def outcomes_name_the_law(draft: Draft) -> Iterator[Finding]:
    for path, row in _rows(draft):
        if row["result"] != "can" and not row["law"]:
            yield red("no_law", f"{path}.law", _("Ghi điều, khoản và văn bản làm căn cứ cho kết luận này."))


def services_exist(draft: Draft) -> Iterator[Finding]:
    for path, row in _rows(draft):
        if row["service"] == draft.document["code"]:
            yield red(
                "leads_to_itself", f"{path}.service", _("Kết luận dẫn về chính thủ tục này. Ghi mã khác.")
            )
        elif row["service"] and draft.codes is not None and row["service"] not in draft.codes:
            yield red(
                "unknown_service",
                f"{path}.service",
                _("Danh mục không có thủ tục “%s”. Sửa mã, hoặc nhập thủ tục đó trước.") % row["service"],
            )
    for path, upload in draft.rows("uploads"):
        for code in upload["result_of"]:
            if draft.codes is not None and code not in draft.codes:
                yield amber(
                    "unknown_service",
                    f"{path}.result_of",
                    _("Danh mục không có thủ tục “%s” nên không tìm được kết quả đã cấp. Sửa mã.") % code,
                )


def _check(draft: Draft) -> Check:
    return parse(draft.document["eligibility"])


def _rows(draft: Draft) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for at, row in enumerate(draft.document["eligibility"]["outcomes"]):
        yield f"eligibility.outcomes[{at}]", row


def _happening(check: Check, draft: Draft) -> tuple[set[Outcome], set[str]] | None:
    """Give the outcomes that some answers lead to and the questions that are asked on the way; None: too many to try."""
    conditions = [one.condition for one in check.outcomes]
    conditions += [one.condition for one in check.fields.values() if one.condition is not None]
    values = {
        name: [answer for answer in deciding(one, conditions, today=draft.today) if answer is not None]
        for name, one in check.fields.items()
    }
    outcomes: set[Outcome] = set()
    asked: set[str] = set()
    answers: list[dict[str, Any]] = [{}]
    tried = 0
    while answers:
        given = answers.pop()
        verdict = decide(check, given, today=draft.today)
        tried += 1
        if tried > _MOST_TRIED:
            return None
        if verdict.outcome is not None:
            outcomes.add(verdict.outcome)
        for name in verdict.ask[:1]:
            asked.add(name)
            answers += [{**given, name: value} for value in values[name]]
    return outcomes, asked


RULES: list[Rule] = [every_outcome_happens, outcomes_name_the_law, services_exist]
