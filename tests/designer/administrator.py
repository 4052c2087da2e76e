"""A scripted administrator: builds a procedure in the designer's pages as a browser without a script would.

How a value looks as controls is the designer's own to say (`trees.posted`); everything that is done is done through
what stands on the page: controls, the choices that they offer, buttons, links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from lxml import html  # type: ignore[import-untyped]  # has none

from designer.eform_editing import containers
from designer.posting import posted
from designer.sections import EFORM, SECTIONS

MOST_PRESSES = 120
"""So many buttons are pressed on one page at most; who needs more goes round in circles."""
URLENCODED = "application/x-www-form-urlencoded"


class Form:
    """A form on a page, as a browser holds it: it takes what its controls can hold and sends what they hold."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self.values = QueryDict(mutable=True)
        self.controls: dict[str, list[Any]] = {}
        self.buttons = {one.get("value") for one in element.xpath(".//button[@name='do' and not(@disabled)]")}
        for name, value in element.form_values():
            self.values.appendlist(name, value)
        for one in element.xpath(".//input[@name]|.//select[@name]|.//textarea[@name]"):
            if one.get("type") != "hidden" and one.get("disabled") is None:
                self.controls.setdefault(one.get("name"), []).append(one)
            if one.tag == "input" and one.get("type") not in ("checkbox", "radio"):
                self.values.setdefault(one.get("name"), "")
            if one.tag == "textarea":  # its first line break belongs to the markup
                self.values[one.get("name")] = (one.text or "").removeprefix("\n")

    def fill(self, name: str, *values: str) -> bool:
        """Put values into a control; say whether it changed. What it does not offer cannot be chosen."""
        first = self.controls[name][0]
        given = list(values)
        if first.tag == "select":
            given = [
                one
                for one in given or [""]
                if one in {option.get("value") for option in first.iter("option")}
            ]
            if not given:
                return False
        elif first.get("type") == "checkbox":
            given = [one for one in given if one in {box.get("value", "on") for box in self.controls[name]}]
        else:
            given = given or [""]
            if first.get("type") == "date" and not re.fullmatch(r"(\d{4}-\d\d-\d\d)?", given[0]):
                return False
        if self.values.getlist(name) == given:
            return False
        self.values.setlist(name, given)
        return True

    def rows(self, prefix: str) -> list[str]:
        """Give the marks of the rows of a list, without those that were taken out."""
        marks = self.values.getlist(f"{prefix}-row")
        return [one for one in marks if f"{prefix}-{one}-removed" not in self.values]


class Administrator:
    """Somebody in a browser, without a script."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.here = ""
        self.root = ""
        self.page: Any = None
        self.target: Any = None

    def open(self, address: str) -> None:
        self._arrived(self.client.get(address, follow=True), address)

    def form(self, xpath: str = "@id='editor'") -> Form:
        """Find a form on the page by what it is or has; else the editor's."""
        found = self.page.xpath(f"//main//form[{xpath}]")
        assert found, (self.here, xpath)
        return Form(found[0])

    def send(self, form: Form, *, press: str = "", is_left: bool = False) -> None:
        """Send a form by one of its buttons. ``is_left``: nobody looks at what comes back."""
        data = form.values.copy()
        if press:
            assert press in form.buttons, (self.here, press)
            data["do"] = press
        address = form.element.get("action") or self.here
        answer = self.client.post(address, data.urlencode(), content_type=URLENCODED, follow=not is_left)
        if is_left:
            assert answer.status_code == 302, (address, _problems(answer))
        else:
            self._arrived(answer, address)

    def _arrived(self, answer: Any, address: str) -> None:
        assert answer.status_code == 200, (address, _problems(answer))
        self.here = answer.redirect_chain[-1][0].partition("#")[0] if answer.redirect_chain else address
        self.page = html.fromstring(answer.content.decode())
        self.target = (answer.context or {}).get("target")

    def write(self, value: Mapping[str, Any]) -> None:
        """Fill in the controls of the page until they say a value, as far as they can, and save them."""
        wanted = posted(self.target.part, value)
        for _press in range(MOST_PRESSES):
            form = self.form()
            changed = [
                one
                for one in form.controls
                if not one.endswith("-pick") and form.fill(one, *wanted.getlist(one))
            ]
            button = _rows_button(form, wanted)
            unsaid = any(wanted[one] and form.values.getlist(one) != wanted.getlist(one) for one in wanted)
            if not button and changed and unsaid:
                button = "refresh"  # other controls may come of what was chosen
            if button or changed:
                self.send(form, press=button, is_left=not button)
            if not button:
                return
        raise AssertionError(f"{self.here} is never done")


def _rows_button(form: Form, wanted: QueryDict) -> str:
    """Say which button brings a list nearer to the rows that it should have."""
    for name in wanted:
        prefix = name.removesuffix("-row")
        if prefix == name or f"add:{prefix}" not in form.buttons:
            continue
        rows, count = form.rows(prefix), len(wanted.getlist(name))
        if len(rows) != count:
            return f"add:{prefix}" if len(rows) < count else f"remove:{prefix}-{rows[-1]}"
    return ""


def _problems(answer: Any) -> Any:
    tree = (answer.context or {}).get("tree") if answer.context else None
    return (answer.status_code, list(tree.problems()) if tree else answer.content[:2000])


def rebuild(said: Mapping[str, Any], *, client: Client) -> Administrator:
    """Build a document from nothing. What the pages cannot say stays unsaid."""
    who = Administrator(client)
    begin = reverse("designer:begin")
    who.open(begin)
    form = who.form("@method='post'")
    form.fill("code", said["code"])
    form.fill("name", said["name"])
    who.send(form)
    root = who.root = who.here.partition("sua/")[0]
    if any(one["type"] == "file" for place in containers(said["eform"]) for one in place.questions):
        # Files that questions ask for must be there first; when they are asked for is said once there are questions.
        _section(
            who, f"{root}sua/tep-nop/", {"uploads": [{**one, "condition": {}} for one in said["uploads"]]}
        )
    for section in SECTIONS:
        if section is EFORM:
            _build_form(who, f"{root}bieu-mau/", said["eform"])
        else:
            if "eligibility" in section.parts:
                _section(
                    who, f"{root}sua/{section.slug}/", {"eligibility": _unconditional(said["eligibility"])}
                )
            _section(who, f"{root}sua/{section.slug}/", {part: said[part] for part in section.parts})
    return who


def _unconditional(check: Mapping[str, Any]) -> Mapping[str, Any]:
    """Questions come first, as conditions ask for their answers once they are saved."""
    outcomes = [{**one, "condition": {}} for one in check.get("outcomes", [])]
    return {**check, "outcomes": outcomes} if check else check


def _section(who: Administrator, address: str, value: Mapping[str, Any]) -> None:
    if any(value.values()):
        who.open(address)
        who.write(value)


def _build_form(who: Administrator, outline: str, eform: Mapping[str, Any]) -> None:
    pages = eform.get("pages", [])
    for page in [*pages[-1:], *pages[:-1]]:
        _press(who, outline, "add-page", title=page["title"], page_id=page["id"])
    for _page in pages[:-1]:  # the last one was made first
        _press(who, outline, f"page-down:{pages[-1]['id']}")
    for page in pages:
        for section in page.get("sections", [])[1:]:
            _press(who, outline, f"add-section:{page['id']}", title=section["title"])
    for place in containers(eform):
        key = f"{place.page}" if place.section is None else f"{place.page}.{place.section}"
        for one in place.questions:
            _press(
                who, outline, f"add-question:{key}", label=one["label"], kind=one["type"], name=one["name"]
            )
    wanted = {one["name"] for place in containers(eform) for one in place.questions}
    who.open(outline)
    for name in {one.get("value") for one in who.page.xpath("//input[@name='order']")} - wanted:
        _press(who, outline, f"remove:{name}")
    # From the front, as conditions ask for the answers of what stands before.
    for page in pages:
        _edit(who, f"{outline}trang/{page['id']}/", page)
        for number, section in enumerate(page.get("sections", [])):
            _edit(who, f"{outline}trang/{page['id']}/phan/{number}/", section)
            _edit_questions(who, outline, section)
        _edit_questions(who, outline, page)
    if eform.get("rules"):
        _edit(who, f"{outline}quy-tac/", eform)


def _edit_questions(who: Administrator, outline: str, place: Mapping[str, Any]) -> None:
    for one in place.get("fields", []):
        _edit(who, f"{outline}cau-hoi/{one['name']}/", one)


def _edit(who: Administrator, address: str, value: Mapping[str, Any]) -> None:
    who.open(address)
    who.write({**value, "show_when": value.get("show_if") or value.get("show_when")})


def _press(who: Administrator, outline: str, button: str, **values: str) -> None:
    if who.here.partition("?")[0] != outline:
        who.open(outline)
    form = who.form(f".//button[@value='{button}']")
    for name, value in values.items():
        form.fill(name, value)
    who.send(form, press=button)
