"""Internal steps: who does what, in an order that can be walked (domain: 3.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from agencies.states import Role
from procedures.states import StepKind
from procedures.trying.findings import Finding, amber, red
from procedures.trying.lint.draft import Draft, Rule

_NEEDED = (StepKind.RECEIVE, StepKind.SIGN, StepKind.ISSUE)
_FITTING: dict[str, frozenset[str]] = {
    StepKind.RECEIVE: frozenset({Role.ONE_STOP_OFFICER}),
    StepKind.EXAMINE: frozenset({Role.SPECIALIST, Role.UNIT_LEADER}),
    StepKind.VERIFY: frozenset({Role.SPECIALIST, Role.UNIT_LEADER}),
    StepKind.REVIEW: frozenset({Role.UNIT_LEADER, Role.SIGNER, Role.AGENCY_HEAD}),
    StepKind.SIGN: frozenset({Role.SIGNER, Role.AGENCY_HEAD}),
    StepKind.ISSUE: frozenset({Role.CLERK, Role.ONE_STOP_OFFICER}),
}


def needed_steps_are_there(draft: Draft) -> Iterator[Finding]:
    if not draft.is_online or draft.document["links"]:
        return
    kinds = [step["kind"] for step in draft.document["steps"]]
    for kind in _NEEDED:
        if kind not in kinds:
            yield red(
                "step_missing", "steps", _("Thiếu bước “%s”. Thêm bước này vào quy trình.") % kind.label
            )


def steps_come_in_order(draft: Draft) -> Iterator[Finding]:
    kinds = [step["kind"] for step in draft.document["steps"]]
    if StepKind.RECEIVE in kinds and kinds[0] != StepKind.RECEIVE:
        yield red(
            "receive_not_first", "steps[0]", _("Bước đầu tiên phải là tiếp nhận. Đưa bước tiếp nhận lên đầu.")
        )
    if StepKind.SIGN in kinds and StepKind.ISSUE in kinds:
        signed = len(kinds) - 1 - kinds[::-1].index(StepKind.SIGN)
        if kinds.index(StepKind.ISSUE) < signed:
            yield red(
                "issued_before_signed",
                f"steps[{kinds.index(StepKind.ISSUE)}]",
                _("Cấp số trước khi ký. Đưa bước ký lên trước."),
            )
        late = [
            at for at, kind in enumerate(kinds) if kind in (StepKind.EXAMINE, StepKind.VERIFY) and at > signed
        ]
        for at in late:
            yield red(
                "examined_after_signed",
                f"steps[{at}]",
                _("Thẩm định sau khi đã ký. Đưa bước này lên trước bước ký."),
            )


def steps_have_fitting_roles(draft: Draft) -> Iterator[Finding]:
    for path, step in draft.rows("steps"):
        fitting = _FITTING.get(step["kind"])
        if fitting and step["role"] not in fitting:
            made = red if step["kind"] in (StepKind.SIGN, StepKind.RECEIVE) else amber
            yield made(
                "role_does_not_fit",
                f"{path}.role",
                _("Bước “%(step)s” giao cho %(role)s. Chọn: %(fitting)s.")
                % {
                    "step": step["name"],
                    "role": Role(step["role"]).label,
                    "fitting": ", ".join(str(Role(one).label) for one in sorted(fitting)),
                },
            )


def no_step_without_time(draft: Draft) -> Iterator[Finding]:
    for path, step in draft.rows("steps"):
        if step["time"]["value"] is not None and step["time"]["value"] <= 0:
            yield red(
                "step_without_time",
                f"{path}.time",
                _("Bước “%s” có thời gian bằng 0. Ghi thời gian thật.") % step["name"],
            )


def needed_steps_are_always_done(draft: Draft) -> Iterator[Finding]:
    for path, step in draft.rows("steps"):
        if step["kind"] in _NEEDED and (step["is_optional"] or step["condition"]):
            yield red(
                "needed_step_may_be_left_out",
                path,
                _("Bước “%s” không được bỏ qua. Bỏ dấu không bắt buộc và điều kiện của bước này.")
                % step["name"],
            )


def steps_ask_for_known_answers(draft: Draft) -> Iterator[Finding]:
    for path, step in draft.rows("steps"):
        field = step["condition"].get("field")
        if field is not None and field not in draft.schema.fields:
            yield red(
                "step_reads_nothing",
                f"{path}.condition",
                _("Điều kiện hỏi “%s” nhưng biểu mẫu không có câu này. Chọn một câu hỏi có thật.") % field,
            )


def groups_have_company(draft: Draft) -> Iterator[Finding]:
    sizes = Counter(step["group"] for step in draft.document["steps"] if step["group"] is not None)
    for path, step in draft.rows("steps"):
        if step["group"] is not None and sizes[step["group"]] == 1:
            yield amber(
                "group_of_one",
                f"{path}.group",
                _("Bước “%s” đứng một mình trong nhóm song song. Bỏ nhóm, hoặc thêm bước.") % step["name"],
            )


def steps_have_own_names(draft: Draft) -> Iterator[Finding]:
    names = Counter(step["name"].strip().casefold() for step in draft.document["steps"])
    for path, step in draft.rows("steps"):
        if names[step["name"].strip().casefold()] > 1:
            yield amber(
                "step_twice",
                f"{path}.name",
                _("Hai bước cùng tên “%s”. Đặt tên khác để phiếu kiểm soát dễ đọc.") % step["name"],
            )


RULES: list[Rule] = [
    needed_steps_are_there,
    steps_come_in_order,
    steps_have_fitting_roles,
    no_step_without_time,
    needed_steps_are_always_done,
    steps_ask_for_known_answers,
    groups_have_company,
    steps_have_own_names,
]
