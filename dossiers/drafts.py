"""What a draft holds, what is still missing, and whether it may be filed. Reads only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from citizens.models import Organisation, Person
from core.errors import InvalidInput, Text
from core.vietnamese import fold
from dossiers.models import Dossier, DossierComponent
from dossiers.states import ScanState
from procedures import eforms
from procedures.models import Component, ProcedureVersion
from procedures.states import CompetentAgencyRule
from results_vault.states import Outcome as ResultOutcome

UNIT = "unit"
CONTACT = "contact"
FILES = "files"
RETURN = "return"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a draft from being filed. ``place`` is an e-form page's id, or UNIT, CONTACT, FILES.

    ``label`` is the question, where the text alone would not say which.
    """

    place: str
    field: str
    text: Text
    label: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One component that may be handed in as a file, with its current file."""

    component: Component
    file: DossierComponent | None = None
    is_required: bool = False
    """It has to be handed in, with the answers as they are."""
    is_stale: bool = False
    """Its file serves no more: what the city held is no longer in force, or the paper has become too old."""

    @property
    def field(self) -> str:
        return component_field(self.component.position)

    @property
    def anchor(self) -> str:
        """Where the slot stands on the page of files."""
        return self.field.replace(".", "-")

    @property
    def problem(self) -> Text:
        """What is wrong with the slot; empty when nothing is."""
        name = {"name": short(self.component.name)}
        if self.file is None:
            return _("Hãy tải lên “%(name)s”.") % name if self.is_required else ""
        if self.is_stale and not self.file.source:
            return _(
                "“%(name)s” đã hết hạn ngày %(end)s (chỉ nhận bản cấp trong vòng %(months)s tháng). "
                "Hãy tải lên bản cấp mới."
            ) % (name | {"end": f"{self.file.valid_to:%d/%m/%Y}", "months": self.component.validity_months})
        if self.is_stale:
            return (
                _("“%(name)s” lấy từ kết quả nay không còn hiệu lực. Hãy gỡ bản đó, hoặc tải lên bản khác.")
                % name
            )
        if self.file.scan_state == ScanState.PENDING:
            return (
                _("Tệp của “%(name)s” đang chờ quét mã độc. Hãy nộp lại sau ít phút, tệp không mất đi.")
                % name
            )
        if self.file.scan_state == ScanState.INFECTED:
            return _("Tệp của “%(name)s” có mã độc nên không dùng được. Hãy tải lên một tệp khác.") % name
        return ""


@dataclass
class Draft:
    """A draft with all that its pages and its check need, each read once."""

    dossier: Dossier
    at: datetime

    @property
    def version(self) -> ProcedureVersion:
        return self.dossier.procedure_version

    @cached_property
    def schema(self) -> eforms.Schema:
        return eforms.of_version(self.version)

    @cached_property
    def prefill(self) -> dict[str, Any]:
        return known_answers(self.schema, person=self.applicant, organisation=self.dossier.owner_organisation)

    @property
    def applicant(self) -> Person:
        """The person whose particulars the form asks for: the owner, or who files for the organisation."""
        return self.dossier.owner_person or self.dossier.submitter

    @cached_property
    def answers(self) -> dict[str, Any]:
        """The stored answers, with what is known already where nothing is stored."""
        stored = {name: value for name, value in self.dossier.form_data.items() if value is not None}
        return {**eforms.prefilled(self.schema, self.prefill), **stored}

    @cached_property
    def declaration(self) -> eforms.Page | None:
        """The form's last page, if all it asks is to declare something: it is asked when the draft is filed."""
        last = self.schema.pages[-1] if self.schema.pages else None
        return last if last and all(_is_declaration(one) for one in last.fields) else None

    @cached_property
    def pages(self) -> list[eforms.Page]:
        """The pages of questions that are asked, without the declaration."""
        return [page for page in self.schema.pages if page is not self.declaration and self.asked.has(page)]

    @cached_property
    def asked(self) -> eforms.Asked:
        """What the answers so far let the form ask, and which of them count."""
        return eforms.asked(self.schema, self.answers, today=timezone.localdate(self.at))

    @cached_property
    def asks_for_contact(self) -> bool:
        """Whether the contact has a page of its own: not when the form itself asks for the telephone number."""
        return "phone" not in contact_fields(self.schema)

    @cached_property
    def slots(self) -> list[Slot]:
        rows = DossierComponent.objects.filter(dossier=self.dossier, replaced_at=None)
        files = {file.component_id: file for file in rows.select_related("result").defer("result__data")}
        components = Component.objects.filter(version=self.version, is_upload=True).order_by("position")
        required = required_files(components, self.schema, self.asked)
        return [
            Slot(
                component,
                files.get(component.pk),
                component in required,
                is_stale(files.get(component.pk), on=timezone.localdate(self.at)),
            )
            for component in components
            if component.pk in files or is_asked_for(component, self.schema, self.asked)
        ]

    def slot_of(self, name: str) -> Slot | None:
        """Give the slot that a file field of the form stands for."""
        field = self.schema.fields.get(name)
        if field is None or not field.component:
            return None
        wanted = same_name(field.component)
        return next((slot for slot in self.slots if same_name(slot.component.name) == wanted), None)

    @cached_property
    def handed_in(self) -> dict[str, str]:
        """Name the files that stand in the form's places for them, by field."""
        places = ((name, self.slot_of(name)) for name, one in self.schema.fields.items() if one.component)
        return {name: slot.file.original_name for name, slot in places if slot and slot.file}

    @property
    def asks_for_unit(self) -> bool:
        return self.version.competent_agency_rule == CompetentAgencyRule.COMMUNE_OF_CHOICE

    @cached_property
    def form_problems(self) -> dict[str, list[Text]]:
        """Problems of the answers by field name; empty when the form may be filed."""
        try:
            eforms.clean_all(self.schema, self.answers, self.prefill)
        except InvalidInput as problem:
            return problem.errors
        return {}

    @cached_property
    def problems(self) -> list[Problem]:
        """Everything that keeps the draft from being filed but the declaration, in the order of the task list."""
        language = get_language() or "vi"
        found = [
            Problem(page.id, one.name, text, one.label_in(language))
            for page in self.pages
            for one in page.fields
            for text in self.form_problems.get(one.name, [])
        ]
        if text := self._unit_problem():
            found.append(Problem(UNIT, "unit", text))
        if self.asks_for_contact and not self.dossier.contact_phone:
            found.append(Problem(CONTACT, "phone", _("Hãy cho biết số điện thoại để cơ quan liên hệ.")))
        found += [Problem(FILES, slot.field, slot.problem) for slot in self.slots if slot.problem]
        return found

    def _unit_problem(self) -> Text:
        text = unit_problem(self.dossier.received_at_unit, at=self.at)
        if text or self.dossier.competent_agency_id == self.dossier.received_at_unit_id:
            return text
        return unit_problem(self.dossier.competent_agency, at=self.at)

    def problems_at(self, place: str) -> list[Problem]:
        """List the problems of one page."""
        return [problem for problem in self.problems if problem.place == place]

    def is_begun(self, page: eforms.Page) -> bool:
        """Say whether anything of the page was saved by the person."""
        return any(one.name in self.dossier.form_data for one in page.fields)

    def require_complete(self) -> dict[str, Any]:
        """Give the answers as they are filed.

        :raises InvalidInput: the draft is not complete, or not declared; by field.
        """
        if self.problems:
            errors: dict[str, list[Text]] = {}
            for problem in self.problems:
                errors.setdefault(problem.field, []).append(problem.text)
            raise InvalidInput(
                errors, _("Hồ sơ chưa đủ để nộp. Hãy hoàn thành các mục được nêu rồi nộp lại.")
            )
        return eforms.clean_all(self.schema, self.answers, self.prefill)


def is_stale(file: DossierComponent | None, *, on: date) -> bool:
    """Say whether a paper serves no more: its time is over, or the result that it was taken from is out of force."""
    if file is None:
        return False
    if file.valid_to is not None and file.valid_to < on:
        return True
    return file.result is not None and file.result.outcome(on=on) != ResultOutcome.VALID


def is_asked_for(component: Component, schema: eforms.Schema, now: eforms.Asked) -> bool:
    """Say whether a paper is asked of somebody with these answers: always, or under its condition.

    A place for it on the form asks for it as well.
    """
    return eforms.is_called_for(schema, component.condition, now) or any(
        one.component and same_name(one.component) == same_name(component.name) and name in now.names
        for name, one in schema.fields.items()
    )


def required_files(
    components: Iterable[Component], schema: eforms.Schema, now: eforms.Asked
) -> list[Component]:
    """Give the papers that have to be handed in with these answers: by the list of papers, or by the form."""
    by_form = {
        same_name(one.component)
        for name, one in schema.fields.items()
        if one.component and one.required and name in now.names
    }
    return [
        one
        for one in components
        if same_name(one.name) in by_form
        or (one.is_required and eforms.is_called_for(schema, one.condition, now))
    ]


def same_name(name: str) -> str:
    """Give a paper's name as it is compared: without case, marks and doubled spaces."""
    return " ".join(fold(name).split())


def known_answers(
    schema: eforms.Schema, *, person: Person, organisation: Organisation | None
) -> dict[str, Any]:
    """Read what the form may take from the person and the organisation, by source path."""
    things = {"person": person, "organisation": organisation}
    known = {}
    for path in schema.sources:
        thing, attribute = path.split(".")
        value = getattr(things[thing], attribute, None)
        if value not in (None, ""):
            known[path] = value
    return known


def contact_fields(schema: eforms.Schema) -> dict[str, str]:
    """Name the form's own questions for ``phone`` and ``email``, where it has them."""
    found: dict[str, str] = {}
    for one in schema.fields.values():
        kind = one.prefill.rpartition(".")[2]
        if kind in ("phone", "email"):
            found.setdefault(kind, one.name)
    return found


def contact_in(schema: eforms.Schema, answers: Mapping[str, Any]) -> dict[str, str]:
    """Give ``phone`` and ``email`` as the form's answers say; only what the form asks for."""
    return {kind: str(answers.get(name) or "") for kind, name in contact_fields(schema).items()}


def _is_declaration(one: eforms.Field) -> bool:
    return one.type is eforms.FieldType.CHECKBOX and one.required and one.condition is None


def unit_problem(unit: Agency | None, *, at: datetime) -> Text:
    """Say why a unit cannot receive a dossier now; empty when it can."""
    if unit is None:
        return _("Hãy chọn nơi tiếp nhận hồ sơ.")
    today = timezone.localdate(at)
    if unit.valid_from > today or (unit.valid_to is not None and unit.valid_to < today):
        return _("Đơn vị “%(name)s” không còn hoạt động. Hãy chọn nơi tiếp nhận khác.") % {"name": unit.name}
    return ""


def page_mark(schema: eforms.Schema, page_id: str, answers: Mapping[str, Any]) -> str:
    """Give a short digest of one page's stored answers: whoever saves shows it, and an old one is a conflict."""
    here = {one.name: answers.get(one.name) for one in schema.page(page_id).fields}
    text = json.dumps(here, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def component_field(position: int) -> str:
    """Name the field of a component's file, in the API and where problems are told by field."""
    return f"component.{position}"


def short(name: str, *, length: int = 80) -> str:
    """Cut a long name to so many characters, the last one an ellipsis."""
    return name if len(name) <= length else f"{name[: length - 1].rstrip()}…"
