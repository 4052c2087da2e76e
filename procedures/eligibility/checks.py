"""Reading a check from data, strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput, Text
from core.languages import worded
from procedures import eforms
from procedures.eforms.conditions import Condition
from procedures.eforms.schema import Field, FieldType, Schema
from procedures.models import ProcedureVersion
from procedures.states import EligibilityResult

#: Kinds of questions whose answers may stand in an address: they say nothing of who gives them.
KINDS = (
    FieldType.YES_NO,
    FieldType.CHOICE,
    FieldType.MULTI_CHOICE,
    FieldType.INTEGER,
    FieldType.DECIMAL,
    FieldType.MONEY,
)
_PAGE = "dieu-kien"


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What some answers lead to. ``law`` is the article that says so, ``service`` the code of the right procedure."""

    condition: Condition
    result: EligibilityResult
    reason: str = ""
    reason_en: str = ""
    law: str = ""
    service: str = ""

    def reason_in(self, language: str = "") -> str:
        return worded(self.reason, self.reason_en, language)

    @property
    def stops(self) -> bool:
        """Somebody whom it holds for does not file this procedure."""
        return self.result != EligibilityResult.CAN


@dataclass(frozen=True, eq=False)
class Check:
    """Questions and outcomes; false where there are none."""

    schema: Schema
    outcomes: tuple[Outcome, ...] = ()

    @property
    def fields(self) -> dict[str, Field]:
        return self.schema.fields

    def __bool__(self) -> bool:
        return bool(self.outcomes)


def of_version(version: ProcedureVersion) -> Check:
    """Give the check of a version; each is read only once in a process.

    :raises InvalidInput: the stored check is broken.
    """
    return parsed(json.dumps(version.eligibility))


@lru_cache(maxsize=2048)
def parsed(text: str) -> Check:
    """Read a check from JSON, once in a process."""
    return parse(json.loads(text))


def parse(raw: Mapping[str, Any]) -> Check:
    """Read a check. An empty mapping is one without questions.

    :raises InvalidInput: with every problem under its path, such as ``outcomes[1].condition.field``.
    """
    questions, outcomes = raw.get("questions") or [], raw.get("outcomes") or []
    schema = _schema(questions)
    problems: dict[str, list[Text]] = {}
    for at, field in enumerate(schema.fields.values()):
        if field.type not in KINDS:
            problems[f"questions[{at}].type"] = [
                _("Câu hỏi điều kiện không hỏi điều nhận ra được người trả lời. Chỉ dùng các loại: %s.")
                % ", ".join(KINDS)
            ]
        elif field.prefill:
            problems[f"questions[{at}].prefill"] = [
                _("Câu hỏi điều kiện hỏi cả người chưa đăng nhập. Bỏ mục này.")
            ]
    if questions and not outcomes:
        problems["outcomes"] = [_("Có câu hỏi thì phải có ít nhất một kết luận.")]
    read = []
    for at, row in enumerate(outcomes):
        path = f"outcomes[{at}]"
        try:
            condition = eforms.condition_on(schema, row.get("condition") or {})
        except InvalidInput as problem:
            problems |= {f"{path}.{inner}": texts for inner, texts in problem.errors.items()}
            continue
        result = EligibilityResult(row["result"])
        if result != EligibilityResult.CAN and not row.get("reason"):
            problems[f"{path}.reason"] = [_("Hãy nói rõ vì sao, bằng lời người dân hiểu được.")]
        if (result == EligibilityResult.OTHER) is not bool(row.get("service")):
            problems[f"{path}.service"] = [_("Ghi mã thủ tục cần làm thay, và chỉ ghi ở kết luận đó.")]
        texts = {key: row.get(key, "") for key in ("reason", "reason_en", "law", "service")}
        read.append(Outcome(condition, result, **texts))
    if problems:
        raise InvalidInput(problems, _("Phần kiểm tra điều kiện chưa đúng. Hãy sửa các mục được nêu."))
    return Check(schema, tuple(read))


def _schema(questions: list[Any]) -> Schema:
    if not questions:
        return Schema()
    try:
        return eforms.parse({"pages": [{"id": _PAGE, "title": "Điều kiện", "fields": questions}]})
    except InvalidInput as problem:
        moved = {
            path.replace("pages[0].fields", "questions", 1): texts for path, texts in problem.errors.items()
        }
        raise InvalidInput(moved) from None
