"""The check before filing, as it is edited: its questions, and the outcomes in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import InvalidInput
from designer.conditions import KEPT, Questions, condition_part
from designer.eform_parts import KIND_LABELS, question_in_row, question_part
from designer.parts import Bend, Choices, Control, Entry, Part, Rows, part_of
from procedures import eligibility
from procedures.document.shape import Eligibility
from procedures.eforms.schema import FieldType
from procedures.eligibility.checks import KINDS
from procedures.states import EligibilityResult

_KINDS: Choices = tuple((kind.value, KIND_LABELS[kind]) for kind in KINDS)


def questions_of(document: Mapping[str, Any]) -> Questions:
    """Give the questions of a document's check that conditions may name; none where it is broken."""
    try:
        return eligibility.parse(document["eligibility"]).fields
    except InvalidInput:
        return {}


def eligibility_part(questions: Questions) -> Part:
    """Make the controls of a check; ``questions`` are those that are stored."""
    rows = (
        Rows(
            ("questions",),
            gettext_lazy("câu hỏi điều kiện"),
            partial(_question, questions),
            lambda count, _picked: {
                "label": _("Câu hỏi %d") % (count + 1),
                "type": FieldType.YES_NO.value,
            },
            gettext_lazy("Thêm câu hỏi"),
            hint=gettext_lazy(
                "Chỉ hỏi điều quyết định nộp được hay không; không hỏi điều nhận ra người trả lời."
            ),
        ),
        Rows(
            ("outcomes",),
            gettext_lazy("kết luận"),
            partial(_outcome, questions),
            lambda _count, _picked: {
                "result": EligibilityResult.CANNOT.value,
                "reason": _("Chưa đủ điều kiện."),
            },
            gettext_lazy("Thêm kết luận"),
            hint=gettext_lazy(
                "Kết luận đầu tiên có điều kiện đúng được dùng; không kết luận nào đúng: nộp được."
            ),
        ),
    )
    made = Part(rows=rows, bends={("questions",): Bend(lambda value: value or [], _taken)})
    return made.under(("eligibility",))


def _question(questions: Questions, data: Mapping[str, Any], prefix: str) -> Part:
    kind = next((one for one in KINDS if one.value == data.get(f"{prefix}-type")), FieldType.YES_NO)
    kept = frozenset({"show_when"} if data.get(f"{prefix}-show_when-{KEPT}") else ())
    own = question_part(kind, questions, kept=kept, in_rows=True)
    entries = tuple(
        replace(one, choices=_KINDS) if one.key == ("type",) else one
        for one in own.entries
        if one.key != ("required",)  # nothing has to be answered here: who does not know says so
    )
    name = Entry(("name",), gettext_lazy("Mã câu hỏi (tự đặt nếu để trống)"), Control.LINE, most=60)
    hint = gettext_lazy("Câu giống nhau ở các thủ tục mang cùng mã để chỉ phải hỏi một lần.")
    return replace(own, entries=(*entries, replace(name, hint=hint)))


def _outcome(questions: Questions, data: Mapping[str, Any], prefix: str) -> Part:
    kept = bool(data.get(f"{prefix}-condition-{KEPT}"))
    whole = partial(condition_part, questions, ("condition",), kept=kept)
    child: Any = Eligibility().fields["outcomes"]
    return part_of(child.child, special={"condition": lambda one: whole(label=one.label)})


def _taken(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: set[str] = {one["name"] for one in rows or [] if one.get("name")}
    return [question_in_row(one, seen) for one in rows or []]
