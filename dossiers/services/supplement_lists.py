"""What a request for a supplement lists: item by item, each with a reason and how to mend it, and nothing vague."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, Text
from dossiers import wording_check
from dossiers.models import Dossier, SupplementItem
from dossiers.states import SupplementReason
from procedures import eforms
from procedures.models import Component

MOST_ITEMS = 40
NAME_LENGTH = 500
GUIDANCE_LENGTH = 2000

Problems = dict[str, list[Text]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One item of the list: a component of the procedure, a question of its e-form, or something named freely."""

    reason: str
    guidance: str
    component_id: int | None = None
    field: str = ""
    name: str = ""


def askable_fields(dossier: Dossier) -> list[eforms.Field]:
    """Give the questions of the e-form that can be asked again: not those that a registry answers."""
    schema = eforms.of_version(dossier.procedure_version)
    now = eforms.asked(schema, dossier.form_data)
    return [
        field
        for name, field in schema.fields.items()
        if field.takes_answer and not (field.readonly and field.prefill) and name in now.names
    ]


def rows(
    dossier: Dossier, items: Sequence[Wanted], *, guidance: str, due_at: datetime
) -> tuple[list[SupplementItem], Problems]:
    """Make the items of a request that is not there yet, and say what is wrong with the list.

    :param guidance: a word for the whole of it. :param due_at: until when the applicant may answer.
    :returns: problems under ``items``, ``guidance``, or ``item_<n>_what``, ``item_<n>_name``, ``item_<n>_reason`` and
        ``item_<n>_guidance`` (n from 0): missing, unknown, twice, vague or offensive.
    """
    problems: Problems = {}
    if len(guidance) > GUIDANCE_LENGTH:
        problems["guidance"] = [too_long(GUIDANCE_LENGTH)]
    elif guidance:
        problems |= wording_problems("guidance", guidance, published=_published(dossier))
    if not items:
        problems["items"] = [_("Hãy nêu ít nhất một mục cần bổ sung.")]
    if len(items) > MOST_ITEMS:
        problems["items"] = [
            _("Nhiều nhất %(most)d mục trong một phiếu. Hãy gộp các mục giống nhau.") % {"most": MOST_ITEMS}
        ]
        return [], problems
    return list(_items(dossier, items, due_at=due_at, problems=problems)), problems


def _items(
    dossier: Dossier, items: Sequence[Wanted], *, due_at: datetime, problems: Problems
) -> Iterator[SupplementItem]:
    components = {one.pk: one for one in dossier.procedure_version.components.all()}
    fields = {field.name: field for field in askable_fields(dossier)}
    handed_in = {one.component_id: one for one in dossier.components.filter(replaced_at=None)}
    shown = eforms.display_values(eforms.of_version(dossier.procedure_version), dossier.form_data)
    seen: set[object] = set()
    for number, one in enumerate(items):
        component, field = components.get(one.component_id or 0), fields.get(one.field)
        name = component.name if component else field.label if field else " ".join(one.name.split())
        what = component.pk if component else one.field if field else name.casefold()
        problems |= dict(_item_problems(dossier, number, one, component, field, name, due_at=due_at))
        if name and what in seen:
            problems[f"item_{number}_what"] = [_("Mục này đã có ở trên. Hãy gộp lại thành một mục.")]
        seen.add(what)
        yield SupplementItem(
            position=number + 1,
            component=component,
            field=field.name if field else "",
            name=name,
            reason=one.reason,
            guidance=one.guidance.strip(),
            before=handed_in.get(component.pk) if component else None,
            before_text=shown.get(field.name, "") if field else "",
        )


def _item_problems(
    dossier: Dossier,
    number: int,
    one: Wanted,
    component: Component | None,
    field: eforms.Field | None,
    name: str,
    *,
    due_at: datetime,
) -> Iterator[tuple[str, list[Text]]]:
    key = f"item_{number}"
    if (one.component_id is not None and component is None) or (one.field and field is None):
        yield f"{key}_what", [_("Mục này không có trong thủ tục. Hãy chọn lại trong danh sách.")]
    elif component is None and field is None:
        if not name:
            yield (
                f"{key}_what",
                [_("Hãy chọn giấy tờ hoặc câu hỏi cần bổ sung; nếu là mục khác, hãy ghi tên mục.")],
            )
        elif len(name) > NAME_LENGTH:
            yield f"{key}_name", [too_long(NAME_LENGTH)]
        else:
            demand = wording_check.problems(
                field=f"{key}_name", text=f"Hãy nộp {name}.", published=_published(dossier)
            )
            if found := [problem.message for problem in demand if problem.rule in _DEMANDS]:
                yield f"{key}_name", list(found)
    if one.reason not in SupplementReason.values:
        yield f"{key}_reason", [_("Hãy chọn lý do trong danh sách.")]
    names = {"guidance": f"{key}_guidance", "reason": f"{key}_reason"}
    yield from guidance_problems(dossier, one.guidance, reason=one.reason, due_at=due_at, names=names).items()


def guidance_problems(
    dossier: Dossier, text: str, *, reason: str, due_at: datetime, names: dict[str, str]
) -> Problems:
    """Say what is wrong with the words that tell an applicant what an item lacks and what to do.

    :param names: of the fields "guidance" and "reason".
    """
    text, key = text.strip(), names["guidance"]
    if not text:
        return {key: [_("Hãy ghi mục này sai hoặc thiếu gì và người nộp cần làm gì.")]}
    if len(text) > GUIDANCE_LENGTH:
        return {key: [too_long(GUIDANCE_LENGTH)]}
    unit = dossier.received_at_unit
    letter = wording_check.Letter(
        reason=reason, explanation=text, mend="", ask_at=unit.name if unit else "", until=due_at
    )
    fields = dict.fromkeys(("explanation", "mend", "until", "ask_at"), key) | {"reason": names["reason"]}
    try:
        wording_check.require_letter(letter, fields=fields, needs_limit=True, published=_published(dossier))
    except InvalidInput as refusal:
        return dict(refusal.errors)
    return {}


_DEMANDS = frozenset({"unpublished", "abolished_paper"})


def _published(dossier: Dossier) -> list[str]:
    return list(dossier.procedure_version.components.values_list("name", flat=True))


def wording_problems(field: str, text: str, *, published: Sequence[str] | None = None) -> Problems:
    """Name what is vague or offensive in a text, under its field."""
    found: Problems = {}
    for problem in wording_check.problems(field=field, text=text, published=published):
        found.setdefault(problem.field, []).append(problem.message)
    return found


def too_long(limit: int) -> Text:
    return _("Dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": limit}
