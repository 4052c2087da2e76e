"""Liên thông: one filing for several procedures. The parent is made of children that run side by side.

Each child has its own version, agency and clock. The parent is accepted with the first child, completed when all have
ended, and returned when all results are; nobody moves it by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import InvalidInput, Text
from dossiers import places
from dossiers.clock import NoTimeLimit
from dossiers.drafts import component_field, known_answers, required_files, same_name, short
from dossiers.models import Dossier, DossierComponent
from dossiers.services import drafting, return_choices, steps
from dossiers.services.moves import advance, apply, lock
from dossiers.states import Action, Outcome, Status
from procedures import eforms
from procedures.models import Component, ProcedureLink, ProcedureVersion

log = structlog.get_logger(__name__)


def file_children(parent: Dossier, *, actor: Actor, at: datetime) -> Dossier:
    """File the dossiers that a bundle is made of, in the transaction in which it is filed itself; give the parent.

    At the counter they are accepted with it.

    Answers go along as the procedure's links say, files where a child has a component of the same name; each child is
    checked as if it were filed alone. A dossier that is no bundle stays as it is.

    :raises ProcedureClosed: one of the linked procedures takes no filings now.
    :raises InvalidInput: by field of the parent's form, or of the child's where the parent does not ask: a child lacks a
        required answer or paper. The caller's transaction has to end with it, so that nothing is filed in half.
    """
    if not parent.is_bundle:
        return parent
    problems: dict[str, list[Text]] = {}
    parts: list[tuple[Dossier, list[DossierComponent]]] = []
    for link in ProcedureLink.objects.filter(version=parent.procedure_version_id).order_by("position"):
        versions = ProcedureVersion.objects.filter(procedure=link.procedure_id)
        version = drafting.require_open(versions.select_related("competent_agency"), at=at)
        child = _child(parent, version=version, at=at)
        files = _files(parent, child)
        parts.append((child, files))
        for check in (
            _answer(child, parent=parent, link=link),
            _missing_papers(child, parent=parent, files=files),
        ):
            for field, texts in check.items():
                problems.setdefault(field, []).extend(_of_part(version, text) for text in texts)
    if problems:
        raise InvalidInput(problems)
    for child, files in parts:
        drafting.insert(child, at=at)
        return_choices.take_along(parent, child)
        DossierComponent.objects.bulk_create(files)
        if parent.status == Status.SUBMITTED:
            apply(child, action=Action.SUBMIT, actor=actor, at=at)
        else:
            steps.plan(child, at=at)
            apply(child, action=Action.ACCEPT_AT_COUNTER, actor=actor, at=at)
    return parent


def _child(parent: Dossier, *, version: ProcedureVersion, at: datetime) -> Dossier:
    child = Dossier(
        parent=parent,
        procedure_version=version,
        owner_person_id=parent.owner_person_id,
        owner_organisation_id=parent.owner_organisation_id,
        submitter_id=parent.submitter_id,
        filing_mode=parent.filing_mode,
        submitted_at=parent.submitted_at,
        channel=parent.channel,
        intake_route=parent.intake_route,
        contact_phone=parent.contact_phone,
        contact_email=parent.contact_email,
    )
    # One place for the applicant: the parent's centre receives for every agency that allows it.
    competent, centre = version.competent_agency or parent.competent_agency, parent.received_at_unit
    if competent is None or centre is None:
        raise ValueError("competent_agency: a filed dossier has the agency that decides")
    if not places.centres(competent, at=at).filter(pk=centre.pk).exists():
        centre = competent
    places.hand_in_at(child, received_at=centre, competent=competent)
    return child


def _answer(child: Dossier, *, parent: Dossier, link: ProcedureLink) -> Mapping[str, list[Text]]:
    """Answer the child's form from the parent's; give the problems by field, under the parent's name where it has one."""
    schema = eforms.of_version(child.procedure_version)
    person = parent.owner_person or parent.submitter
    known = known_answers(schema, person=person, organisation=parent.owner_organisation)
    given = {
        name: parent.form_data[source]
        for name, source in link.answers.items()
        if name in schema.fields and parent.form_data.get(source) is not None
    }
    try:
        child.form_data = eforms.clean_all(schema, {**eforms.prefilled(schema, known), **given}, known)
    except InvalidInput as refusal:
        return {
            link.answers.get(name, name): [f"{schema.fields[name].label}: {text}" for text in texts]
            for name, texts in refusal.errors.items()
        }
    return {}


def _missing_papers(
    child: Dossier, *, parent: Dossier, files: list[DossierComponent]
) -> Mapping[str, list[Text]]:
    """Name the papers that the child must have and the parent lets go; what the parent never asks for is no problem."""
    asked = {
        same_name(slot.name): slot
        for slot in Component.objects.filter(version=parent.procedure_version_id, is_upload=True)
    }
    given = {file.component_id for file in files}
    schema = eforms.of_version(child.procedure_version)
    slots = Component.objects.filter(version=child.procedure_version_id, is_upload=True)
    needed = required_files(slots, schema, eforms.asked(schema, child.form_data))
    return {
        component_field(asked[same_name(slot.name)].position): [
            _("Chưa có giấy tờ “%(name)s”.") % {"name": short(slot.name)}
        ]
        for slot in needed
        if slot.pk not in given and same_name(slot.name) in asked
    }


def _of_part(version: ProcedureVersion, text: Text) -> Text:
    return _("Cần cho “%(procedure)s”. %(problem)s") % {"procedure": short(str(version)), "problem": text}


def _files(parent: Dossier, child: Dossier) -> list[DossierComponent]:
    given = {
        same_name(file.component.name): file
        for file in parent.components.filter(replaced_at=None).select_related("component")
    }
    rows = []
    for slot in Component.objects.filter(version=child.procedure_version_id, is_upload=True):
        file = given.get(same_name(slot.name))
        if file is not None:
            file.pk, file.dossier, file.component = None, child, slot
            file._state.adding = True
            rows.append(file)
    return rows


@transaction.atomic
def follow(*, child_id: int, at: datetime) -> None:
    """Move a bundle on after one of its children has moved. Safe to repeat; nothing where there is no parent."""
    parent_id = Dossier.objects.filter(pk=child_id).values_list("parent_id", flat=True).first()
    if parent_id is None:
        return
    parent = lock(dossier_id=parent_id)
    children = list(parent.children.order_by("pk"))
    if parent.status == Status.SUBMITTED and any(child.accepted_at for child in children):
        parent = _accept(parent, at=at)
    waiting = parent.status in (Status.SUBMITTED, Status.ACCEPTED, Status.FORWARDED)
    if waiting and all(child.completed_at for child in children):
        parent = _complete(parent, children, at=at)
    if parent.status == Status.COMPLETED and all(_is_settled(child) for child in children):
        advance(dossier_id=parent.pk, action=Action.HAND_OVER, actor=Actor.system(), at=at)


def _accept(parent: Dossier, *, at: datetime) -> Dossier:
    try:
        with transaction.atomic():
            return advance(dossier_id=parent.pk, action=Action.ACCEPT_BUNDLE, actor=Actor.system(), at=at)
    except NoTimeLimit:
        # The children run by their own limits; the parent only has none to promise.
        log.warning("a bundle without a time limit", dossier_id=parent.pk)
        return lock(dossier_id=parent.pk)


def _complete(parent: Dossier, children: list[Dossier], *, at: datetime) -> Dossier:
    outcomes = [child.outcome for child in children]
    parent = advance(
        dossier_id=parent.pk,
        action=Action.COMPLETE_BUNDLE,
        actor=Actor.system(),
        at=at,
        data={"outcomes": {child.tracking_no: child.outcome for child in children}},
    )
    parent.outcome = _common(outcomes)
    parent.save(update_fields=["outcome", "updated_at"])
    return parent


def _common(outcomes: list[str]) -> str:
    """Give what became of all: one outcome where it is the same for all, partly where some were granted."""
    if len(set(outcomes)) == 1:
        return outcomes[0]
    return Outcome.PARTLY if Outcome.GRANTED in outcomes else Outcome.REFUSED


def _is_settled(child: Dossier) -> bool:
    return child.outcome != Outcome.GRANTED or child.returned_at is not None
