"""The officer's forms for asking and refusing; for show: the services judge what is typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from dossiers.drafts import short
from dossiers.models import Dossier, SupplementItem
from dossiers.services import further_supplements, refusing, rerouting, supplement_lists
from dossiers.services.supplement_lists import MOST_ITEMS, Wanted
from dossiers.states import CheckState, SupplementReason

OTHER = "khac"
PARTS = ("what", "name", "reason", "guidance")

Row = dict[str, str]


def first_rows(dossier: Dossier) -> list[Row]:
    """Begin the list with what was marked as wrong at the check, each with the officer's note; else one empty row."""
    wrong = dossier.components.filter(replaced_at=None, check_state=CheckState.WRONG)
    rows = [
        {"what": f"c{one.component_id}", "name": "", "reason": "", "guidance": one.check_note}
        for one in wrong.order_by("component__position", "pk")
    ]
    return rows or [empty_row()]


def empty_row() -> Row:
    return dict.fromkeys(PARTS, "")


def typed_rows(data: Mapping[str, Any]) -> list[Row]:
    """Read the rows that were posted, as many as the form said it had."""
    count = str(data.get("count", ""))
    number = min(int(count), MOST_ITEMS) if count.isdecimal() and len(count) < 4 else 0
    return [{part: str(data.get(f"item_{n}_{part}", "")) for part in PARTS} for n in range(number)]


def wanted(rows: Sequence[Row]) -> list[Wanted]:
    """Read the rows as items; what is no known thing is left to the service to refuse."""
    return [_wanted(row) for row in rows]


def _wanted(row: Row) -> Wanted:
    kind, rest = row["what"][:1], row["what"][1:]
    shared: dict[str, Any] = {"reason": row["reason"], "guidance": row["guidance"]}
    if row["what"] == OTHER:
        return Wanted(name=row["name"], **shared)
    if kind == "c" and rest.isdecimal() and len(rest) < 18:
        return Wanted(component_id=int(rest), **shared)
    return Wanted(field=rest if kind == "f" else "", **shared)


@dataclass(frozen=True, slots=True)
class ItemFields:
    """The fields of one row; ``number`` counts from 1."""

    number: int
    index: int
    what: BoundField
    name: BoundField
    reason: BoundField
    guidance: BoundField


class Supplement(forms.Form):
    """Yêu cầu bổ sung: rows of items, and for a further request the law that allows it."""

    def __init__(
        self,
        *args: Any,
        dossier: Dossier,
        rows: int,
        is_further: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.count = rows
        choices = _what_choices(dossier)
        for n in range(rows):
            self.fields |= _item_fields(n, choices)
        self.fields["guidance"] = forms.CharField(
            label=_("Lời dặn chung cho người nộp"),
            required=False,
            max_length=supplement_lists.GUIDANCE_LENGTH,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        if is_further:
            self.fields["basis"] = forms.CharField(
                label=_("Căn cứ cho yêu cầu thêm"),
                help_text=_("Điều, khoản và số văn bản cho phép yêu cầu bổ sung lần nữa ở giai đoạn này."),
                max_length=further_supplements.BASIS_LENGTH,
            )

    def items(self) -> Iterator[ItemFields]:
        for n in range(self.count):
            yield ItemFields(n + 1, n, **{part: self[f"item_{n}_{part}"] for part in PARTS})

    def others(self) -> list[BoundField]:
        return [self[name] for name in ("guidance", "basis") if name in self.fields]


def initial(rows: Sequence[Row], data: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Lay rows, and what else was typed, out as the form's first values."""
    found = {f"item_{n}_{part}": row[part] for n, row in enumerate(rows) for part in PARTS}
    for name in ("guidance", "basis"):
        found[name] = str((data or {}).get(name, ""))
    return found


class FurtherDecision(forms.Form):
    """The leader's word on a further request."""

    note = forms.CharField(
        label=_("Ý kiến"),
        help_text=_("Bắt buộc khi trả lại."),
        required=False,
        max_length=further_supplements.NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


RIGHT, LACKING = "dat", "chua_dat"


@dataclass(frozen=True, slots=True)
class Judged:
    """One item with the fields in which its answer is judged."""

    item: SupplementItem
    verdict: BoundField
    why: BoundField


class SendBack(forms.Form):
    """Trả lại phần bổ sung chưa đạt: for each item whether its answer is right, and what it lacks."""

    def __init__(self, *args: Any, items: Sequence[SupplementItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self._judged = items
        for item in items:
            verdict = f"verdict_{item.pk}"
            self.fields[verdict] = forms.ChoiceField(
                label=_("Câu trả lời"),
                choices=[(RIGHT, _("Đạt")), (LACKING, _("Chưa đạt, trả lại"))],
                initial=RIGHT,
                widget=forms.RadioSelect,
            )
            self.fields[f"why_{item.pk}"] = forms.CharField(
                label=_("Sai hoặc thiếu gì, người nộp cần làm gì"),
                max_length=supplement_lists.GUIDANCE_LENGTH,
                widget=forms.Textarea(
                    attrs={"rows": 3, "data-show-if-field": verdict, "data-show-if-equals": LACKING}
                ),
            )

    def judged(self) -> Iterator[Judged]:
        for item in self._judged:
            yield Judged(item, self[f"verdict_{item.pk}"], self[f"why_{item.pk}"])


def lacking(data: Mapping[str, Any], items: Sequence[SupplementItem]) -> dict[int, str]:
    """Read which answers go back, and why."""
    return {
        item.pk: str(data.get(f"why_{item.pk}", ""))
        for item in items
        if data.get(f"verdict_{item.pk}") == LACKING
    }


def _what_choices(dossier: Dossier) -> list[Any]:
    components = dossier.procedure_version.components.order_by("position")
    papers = [(f"c{one.pk}", short(one.name, length=110)) for one in components]
    questions = [(f"f{field.name}", field.label) for field in supplement_lists.askable_fields(dossier)]
    choices: list[Any] = [("", "—")]
    if papers:
        choices.append((_("Giấy tờ"), papers))
    if questions:
        choices.append((_("Tờ khai"), questions))
    return [*choices, (OTHER, _("Mục khác, ghi tên dưới đây"))]


def _item_fields(n: int, choices: list[Any]) -> dict[str, forms.Field]:
    key = f"item_{n}"
    return {
        f"{key}_what": forms.ChoiceField(label=_("Cần bổ sung"), choices=choices),
        f"{key}_name": forms.CharField(
            label=_("Tên mục khác"),
            required=False,
            max_length=supplement_lists.NAME_LENGTH,
            widget=forms.TextInput(attrs={"data-show-if-field": f"{key}_what", "data-show-if-equals": OTHER}),
        ),
        f"{key}_reason": forms.ChoiceField(label=_("Lý do"), choices=[("", "—"), *SupplementReason.choices]),
        f"{key}_guidance": forms.CharField(
            label=_("Sai hoặc thiếu gì, người nộp cần làm gì"),
            max_length=supplement_lists.GUIDANCE_LENGTH,
            widget=forms.Textarea(attrs={"rows": 3}),
        ),
    }


class Refusal(forms.Form):
    """Từ chối giải quyết: reason, law and what the applicant can do."""

    reason = forms.ChoiceField(
        label=_("Lý do"),
        choices=[("", "—"), *((reason.value, reason.label) for reason in refusing.AFTER_ACCEPTANCE)],
    )
    legal_basis = forms.CharField(
        label=_("Căn cứ pháp luật"),
        help_text=_("Điều, khoản và số văn bản."),
        max_length=refusing.BASIS_LENGTH,
    )
    explanation = forms.CharField(
        label=_("Giải thích cho người nộp"),
        help_text=_("Nêu sự việc và việc người nộp có thể làm. Nội dung này được in trên Mẫu số 03."),
        max_length=refusing.EXPLANATION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class RefusalDecision(forms.Form):
    """The signer's word on a proposal."""

    note = forms.CharField(
        label=_("Ý kiến"),
        help_text=_("Bắt buộc khi trả lại chuyên viên."),
        required=False,
        max_length=refusing.NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Reroute(forms.Form):
    """Chuyển nơi tiếp nhận: the right unit, and why."""

    unit = forms.ChoiceField(label=_("Nơi tiếp nhận đúng"))
    reason = forms.CharField(
        label=_("Lý do"),
        help_text=_("Người nộp đọc được lý do này."),
        max_length=rerouting.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, units: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "—"), *units]  # type: ignore[attr-defined]  # a choice field
