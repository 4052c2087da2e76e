"""The part of a document that each section of the editor shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency
from agencies.states import Role
from core.errors import InvalidInput
from designer.conditions import KEPT, condition_part, simple_part
from designer.eligibility_part import eligibility_part, questions_of
from designer.parts import Adding, Choices, Control, Entry, Part, Rows, part_of
from designer.sections import SectionPlace
from designer.shapes import answers_part, messages_part, template_part
from procedures import eforms
from procedures.document.shape import shape
from procedures.eforms.schema import Field, Schema
from procedures.states import (
    Channel,
    ComponentKind,
    ComponentSource,
    DurationUnit,
    FeeKind,
    StepKind,
)

_ROLES: dict[str, Role] = {
    StepKind.RECEIVE: Role.ONE_STOP_OFFICER,
    StepKind.EXAMINE: Role.SPECIALIST,
    StepKind.REVIEW: Role.UNIT_LEADER,
    StepKind.VERIFY: Role.SPECIALIST,
    StepKind.SIGN: Role.SIGNER,
    StepKind.ISSUE: Role.CLERK,
}


@dataclass(frozen=True)
class Context:
    """What controls depend on besides their own value: the questions of the form, agencies to choose."""

    document: Mapping[str, Any]
    schema: Schema = field(default_factory=Schema)
    agencies: Choices = ()

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Context:
        """Read the form of a document. One query."""
        try:
            schema = eforms.parse(document["eform"])
        except InvalidInput:
            schema = Schema()
        agencies = Agency.objects.order_by("name_sort", "pk").values_list("code", "name")
        return cls(document, schema, tuple(agencies))

    @property
    def questions(self) -> dict[str, Field]:
        """Every question that has an answer, by name."""
        return dict(self.schema.questions)


def section_part(section: SectionPlace, context: Context) -> Part:
    """Make the part that a section shows."""
    return part_of(shape(), only=section.parts, special=_special(context), adding=_ADDING)


def _special(context: Context) -> dict[str, Any]:
    questions = context.questions
    return {
        "condition": partial(_condition, questions),
        "template": lambda _shape: template_part(questions),
        "answers": lambda shape: answers_part(shape.label, questions),
        "messages": lambda shape: messages_part(shape.label),
        "accepted_sources": lambda shape: Part(rows=(_sources(shape.label),)),
        "agency": lambda shape: Part((_agency(shape.label, context.agencies),)),
        "eligibility": lambda _shape: eligibility_part(questions_of(context.document)),
        "uploads": lambda shape: Part(rows=(_rows_that_differ("uploads", shape, context),)),
        "steps": lambda shape: Part(rows=(_rows_that_differ("steps", shape, context),)),
    }


def _condition(questions: Mapping[str, Field], shape: Any) -> Part:
    return condition_part(questions, ("condition",), shape.label, kept=False, group=shape.label)


def _rows_that_differ(name: str, shape: Any, context: Context) -> Rows:
    """Rows whose condition is drawn from what is posted: a step has the short one, a component any."""

    def part(data: Mapping[str, Any], prefix: str) -> Part:
        if name == "steps":
            short = partial(simple_part, context.questions, ("condition",), data=data, prefix=prefix)
            special = {**_special(context), "condition": lambda one: short(label=one.label)}
        else:
            kept = bool(data.get(f"{prefix}-condition-{KEPT}"))
            whole = partial(condition_part, context.questions, ("condition",), kept=kept)
            special = {**_special(context), "condition": lambda one: whole(label=one.label, group=one.label)}
        return part_of(shape.child, special=special, adding=_ADDING)

    how = _ADDING[name]
    return Rows((name,), shape.label, part, how.fresh, how.add, how.picks)


def _sources(label: Any) -> Rows:
    choices: Choices = tuple((str(key), text) for key, text in ComponentSource.choices)
    source = Part((Entry(("value",), gettext_lazy("Nguồn"), Control.CHOICE, choices),))
    return Rows(
        ("accepted_sources",),
        label,
        lambda _data, _prefix: source,
        lambda _count, picked: picked or ComponentSource.UPLOAD_PLAIN.value,
        gettext_lazy("Thêm nguồn"),
        picks=choices,
        plain=True,
    )


def _agency(label: Any, agencies: Choices) -> Entry:
    return Entry(("agency",), label, Control.CHOICE, (("", gettext_lazy("không chọn")), *agencies))


def _channel(_count: int, picked: str) -> dict[str, Any]:
    return {"channel": picked or Channel.ONLINE.value, "time": {"unit": DurationUnit.WORKING_DAY.value}}


def _step(count: int, picked: str) -> dict[str, Any]:
    kind = StepKind(picked) if picked in StepKind.values else StepKind.EXAMINE
    return {
        "name": str(kind.label),
        "kind": kind.value,
        "role": _ROLES[kind].value,
        "time": {"value": 1, "unit": DurationUnit.WORKING_DAY.value},
    }


_ADDING: dict[str, Adding] = {
    "channels": Adding(_channel, gettext_lazy("Thêm hình thức nộp"), tuple(Channel.choices)),
    "fees": Adding(
        lambda _count, _picked: {"kind": FeeKind.CHARGE.value, "amount_vnd": 0}, gettext_lazy("Thêm mức phí")
    ),
    "papers": Adding(
        lambda _count, _picked: {
            "name": _("Giấy tờ mới"),
            "originals": 1,
            "copies": 0,
            "kind": ComponentKind.EVIDENCE.value,
        },
        gettext_lazy("Thêm giấy tờ"),
    ),
    "legal_bases": Adding(lambda _count, _picked: {"code": "", "title": ""}, gettext_lazy("Thêm văn bản")),
    "uploads": Adding(
        lambda count, _picked: {
            "name": _("Thành phần %d") % (count + 1),
            "kind": ComponentKind.EVIDENCE.value,
            "is_required": True,
            "max_pages": 20,
            "is_digitised": True,
            "accepted_sources": [ComponentSource.UPLOAD_PLAIN.value],
        },
        gettext_lazy("Thêm thành phần"),
    ),
    "steps": Adding(_step, gettext_lazy("Thêm bước"), tuple(StepKind.choices)),
    "results": Adding(
        lambda _count, _picked: {"name": _("Kết quả mới"), "has_qr": True}, gettext_lazy("Thêm kết quả")
    ),
    "links": Adding(lambda _count, _picked: {"procedure": ""}, gettext_lazy("Thêm thủ tục")),
}
