"""Changes of an e-form as data: every one gives a new form and leaves the old one as it was.

A container holds questions: a page, or one section of it. Containers are counted through the whole form, so that a
question that is moved past the end of one goes on in the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from designer.shapes import slug
from procedures.eforms.schema import FieldType

Eform = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Container:
    """Where questions lie: page and section (None: the page itself), counted from 0; ``raw`` is the mapping itself."""

    page: int
    section: int | None
    raw: dict[str, Any]

    @property
    def questions(self) -> list[dict[str, Any]]:
        questions: list[dict[str, Any]] = self.raw.setdefault("fields", [])
        return questions


def containers(eform: Mapping[str, Any]) -> Iterator[Container]:
    """Give every place where questions lie, in order."""
    for at, page in enumerate(eform.get("pages", [])):
        if "sections" not in page:
            yield Container(at, None, page)
            continue
        for number, section in enumerate(page["sections"]):
            yield Container(at, number, section)


def found(eform: Mapping[str, Any], name: str) -> tuple[Container, int]:
    """Find a question. :raises KeyError: there is none of that name."""
    for one in containers(eform):
        for at, question in enumerate(one.questions):
            if question.get("name") == name:
                return one, at
    raise KeyError(name)


def page_at(eform: Mapping[str, Any], page_id: str) -> dict[str, Any]:
    """:raises KeyError: there is no such page."""
    for page in eform.get("pages", []):
        if page.get("id") == page_id:
            own: dict[str, Any] = page
            return own
    raise KeyError(page_id)


def names(eform: Mapping[str, Any]) -> frozenset[str]:
    """Give the names of all questions."""
    return frozenset(one.get("name", "") for place in containers(eform) for one in place.questions)


def add_page(eform: Mapping[str, Any], title: str, *, page_id: str = "") -> tuple[Eform, str]:
    """Add a page with one question at the end; give its id too, which is made from its title where none is given.

    :raises InvalidInput: another page has the id.
    """
    made = deepcopy(dict(eform))
    pages = made.setdefault("pages", [])
    title = title.strip() or _("Trang %d") % (len(pages) + 1)
    taken = frozenset(one["id"] for one in pages)
    if page_id in taken:
        raise InvalidInput({"page_id": [_("Đã có trang mang mã “%s”. Hãy đặt mã khác.") % page_id]})
    page_id = page_id or slug(title, taken=taken, separator="-")
    pages.append({"id": page_id, "title": title, "fields": [_first_question(made)]})
    return made, page_id


def add_section(eform: Mapping[str, Any], page_id: str, title: str) -> Eform:
    """Add a section with one question to a page; what lay on the page itself becomes its first section."""
    made = deepcopy(dict(eform))
    page = page_at(made, page_id)
    question = _first_question(made)
    if "sections" not in page:
        page["sections"] = [{"title": page["title"], "fields": page.pop("fields")}]
    title = title.strip() or _("Phần %d") % (len(page["sections"]) + 1)
    page["sections"].append({"title": title, "fields": [question]})
    return made


def add_question(
    eform: Mapping[str, Any],
    page: int,
    section: int | None,
    *,
    label: str,
    kind: FieldType,
    component: str = "",
    name: str = "",
) -> tuple[Eform, str]:
    """Add a question at the end of a container; give its name too, which stays. It is made from the label where none
    is given.

    :raises InvalidInput: it has no label, or another question has the name.
    :raises KeyError: there is no such container.
    """
    if not label.strip():
        raise InvalidInput({"label": [_("Hãy ghi câu hỏi.")]})
    made = _without_stopgap(eform, page, section)
    place = next((one for one in containers(made) if (one.page, one.section) == (page, section)), None)
    if place is None:
        raise KeyError(page)
    if name in names(made):
        raise InvalidInput({"name": [_("Đã có câu hỏi mang mã “%s”. Hãy đặt mã khác.") % name]})
    name = name or slug(label, taken=names(made))
    place.questions.append(new_question(kind, name=name, label=label.strip(), component=component))
    return made, name


def new_question(kind: FieldType, *, name: str, label: str, component: str = "") -> dict[str, Any]:
    """Make a question that can be saved as it is; what its kind must have is filled with something to replace."""
    made: dict[str, Any] = {"name": name, "label": label, "type": kind.value}
    if kind not in (
        FieldType.HEADING,
        FieldType.NOTE,
        FieldType.COMPUTED,
        FieldType.CHECKBOX,
        FieldType.FILE,
    ):
        made["required"] = True
    made |= needed(kind)
    if kind is FieldType.FILE:
        made["component"] = component or label
    return made


def needed(kind: FieldType) -> dict[str, Any]:
    """Give what a question of a kind must have besides name and label."""
    if kind in (FieldType.CHOICE, FieldType.CHOICE_SEARCH, FieldType.MULTI_CHOICE):
        return {"choices": [["lua_chon_1", _("Lựa chọn 1")], ["lua_chon_2", _("Lựa chọn 2")]]}
    if kind in (FieldType.REPEAT, FieldType.TABLE):
        return {"fields": [{"name": "noi_dung", "label": _("Nội dung"), "type": FieldType.TEXT.value}]}
    if kind is FieldType.COMPUTED:
        return {"value": {"today": True}, "shown_as": FieldType.DATE.value}
    return {}


def remove_question(eform: Mapping[str, Any], name: str) -> Eform:
    """Take a question out; a section or page that it leaves empty goes with it. :raises KeyError:"""
    made = deepcopy(dict(eform))
    place, at = found(made, name)
    del place.questions[at]
    return _without_empty(made)


def remove_page(eform: Mapping[str, Any], page_id: str) -> Eform:
    """Take a page out with its questions. :raises KeyError:"""
    made = deepcopy(dict(eform))
    made["pages"].remove(page_at(made, page_id))
    return _without_empty(made)


def move_question(eform: Mapping[str, Any], name: str, by: int) -> Eform:
    """Move a question up (-1) or down (1); past the end of its container it goes on in the next. :raises KeyError:"""
    made = deepcopy(dict(eform))
    place, at = found(made, name)
    to = at + by
    if 0 <= to < len(place.questions):
        place.questions.insert(to, place.questions.pop(at))
        return made
    places = list(containers(made))
    beside = next(number for number, one in enumerate(places) if one.raw is place.raw) + by
    if not 0 <= beside < len(places):
        return made
    question = place.questions.pop(at)
    other = places[beside].questions
    other.insert(len(other) if by < 0 else 0, question)
    return _without_empty(made)


def move_page(eform: Mapping[str, Any], page_id: str, by: int) -> Eform:
    """Move a page up or down. :raises KeyError:"""
    made = deepcopy(dict(eform))
    pages = made["pages"]
    at = pages.index(page_at(made, page_id))
    if 0 <= at + by < len(pages):
        pages.insert(at + by, pages.pop(at))
    return made


def order_questions(eform: Mapping[str, Any], page: int, section: int | None, order: list[str]) -> Eform:
    """Put the questions of a container into an order; names that are not there are passed over."""
    made = deepcopy(dict(eform))
    place = next((one for one in containers(made) if (one.page, one.section) == (page, section)), None)
    if place is not None:
        rank = {name: at for at, name in enumerate(order)}
        place.questions.sort(key=lambda one: rank.get(one["name"], len(rank)))
    return made


def replace_question(eform: Mapping[str, Any], name: str, question: dict[str, Any]) -> Eform:
    """Put another question in the place of one; it keeps its name. :raises KeyError:"""
    made = deepcopy(dict(eform))
    place, at = found(made, name)
    place.questions[at] = {"name": name, **question}
    return made


def _first_question(eform: Mapping[str, Any]) -> dict[str, Any]:
    label = _("Câu hỏi mới")
    return new_question(FieldType.TEXT, name=slug(label, taken=names(eform)), label=label)


def _without_stopgap(eform: Mapping[str, Any], page: int, section: int | None) -> Eform:
    """Take out what `add_page` put into a container for want of a real question, if nobody has touched it."""
    made = deepcopy(dict(eform))
    for place in containers(made):
        if (place.page, place.section) == (page, section) and len(place.questions) == 1:
            name = place.questions[0]["name"]
            if place.questions[0] == new_question(FieldType.TEXT, name=name, label=_("Câu hỏi mới")):
                place.questions.clear()
    return made


def _without_empty(eform: Eform) -> Eform:
    """A form says nothing about empty pages: they are no pages. Without any page there is no form."""
    for page in eform["pages"]:
        if "sections" in page:
            page["sections"] = [one for one in page["sections"] if one.get("fields")]
    eform["pages"] = [one for one in eform["pages"] if one.get("fields") or one.get("sections")]
    if not eform["pages"]:
        return {}
    return eform
