"""Tiếp nhận tại quầy: an officer types and scans for somebody who has come in person, and accepts at once.

The draft belongs to the person; until it is accepted only the one-stop officers of the unit can work on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.states import Role
from citizens.models import Organisation, Person
from citizens.selectors import by_number
from citizens.services import enter_person, log_access
from citizens.states import AccessPurpose
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from dossiers import eligibility, places, validity
from dossiers.drafts import (
    Draft,
    component_field,
    contact_in,
    is_stale,
    known_answers,
    required_files,
    short,
)
from dossiers.models import Dossier, DossierComponent
from dossiers.services import (
    attachments,
    bundles,
    drafting,
    guards,
    identity,
    return_choices,
    reusing,
    steps,
)
from dossiers.services.attachments import StoredFile
from dossiers.services.drafting import AlreadyFiled
from dossiers.services.moves import advance
from dossiers.services.return_choices import Wanted
from dossiers.states import Action, CheckState, FilingMode, GivenAs, IntakeRoute, ScanState, Status
from procedures import eforms
from procedures.models import Component, ProcedureVersion
from procedures.states import Channel

BROUGHT_BY = (FilingMode.OFFICER_ENTRY, FilingMode.POSTAL_AGENT)
"""Who may have brought what an officer types in: the person at the counter, or a postal agent for them."""

AGENT_KEEPS_IT = timedelta(days=30)
"""An older moment of filing is a slip of the pen: an agent passes papers on within days."""


class MustBeScanned(Conflict):
    """A paper that must be digitised (TT 01/2023) was to be taken without a scan."""

    code = "must_be_scanned"
    message = _("Giấy tờ này phải số hóa khi nhận. Hãy quét hoặc chụp rồi tải lên.")


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Who stands at the counter, as their identity card says. Known people keep the data that they have here.

    ``number`` is the personal identification number (12 digits); ``paper`` the kind of paper (`IdPaper`) that the
    officer, or the postal agent, has looked at.
    """

    number: str
    full_name: str = ""
    birth_on: date | None = None
    address: str = ""
    phone: str = ""
    email: str = ""
    paper: str = ""


def known_person(*, number: str, actor: Actor, at: datetime) -> Person | None:
    """Find somebody by personal number before anything is typed; None where they are new here.

    Whoever is found sees in their access log that an officer looked.

    :raises NotAllowed: the actor is no one-stop officer.
    :raises InvalidInput: under ``number``.
    """
    if not actor.agencies_as(Role.ONE_STOP_OFFICER):
        raise NotAllowed()
    person = by_number(_number(number))
    if person is not None:
        log_access(
            actor=actor,
            purpose=AccessPurpose.PROCESS_DOSSIER,
            reference="",
            at=at,
            person_id=person.pk,
            role=str(Role.ONE_STOP_OFFICER.label),
        )
    return person


@transaction.atomic
def start(
    *,
    version_id: int,
    walk_in: WalkIn,
    unit_id: int,
    actor: Actor,
    at: datetime,
    competent_id: int | None = None,
    helped_at_id: int | None = None,
    organisation_code: str = "",
    filing_mode: str = FilingMode.OFFICER_ENTRY,
    filed_at: datetime | None = None,
) -> Dossier:
    """Begin a draft at the counter of the officer's unit.

    :param unit_id: the agency whose one-stop unit receives; the actor must be its one-stop officer.
    :param competent_id: who decides, where the procedure lets a commune decide; the receiving unit by default.
    :param helped_at_id: another place whose staff helped to file (NĐ 309/2026, art. 8).
    :param organisation_code: of an organisation that is known here, for which the person files.
    :param filing_mode: one of `BROUGHT_BY`. :param filed_at: when the postal agent took the filing in; only for one.
    :raises NotAllowed: see ``unit_id``.
    :raises ProcedureClosed: the version takes no filings now.
    :raises NotForThisApplicant: the procedure is not for this kind of applicant.
    :raises InvalidInput: under ``number``, ``full_name``, ``paper``, ``organisation``, ``unit``, ``centre``,
        ``filing_mode`` or ``filed_at``.
    """
    if not actor.holds(Role.ONE_STOP_OFFICER, agency_id=unit_id):
        raise NotAllowed()
    version = drafting.require_open(
        ProcedureVersion.objects.filter(pk=version_id).select_related("competent_agency"), at=at
    )
    problems = _filing_problems(filing_mode, filed_at, at=at)
    problems |= identity.paper_problems(walk_in.paper)
    organisation = None
    if organisation_code:
        organisation = Organisation.objects.filter(code=organisation_code.strip()).first()
        if organisation is None:
            problems["organisation"] = [_("Chưa có tổ chức mang mã số này trên hệ thống.")]
    if problems:
        raise InvalidInput(problems)
    person = _person(walk_in)
    allowed = (
        eligibility.for_person(version, person)
        if organisation is None
        else eligibility.for_organisations(version)
    )
    if not allowed:
        raise eligibility.NotForThisApplicant()
    unit = Agency.objects.get(pk=unit_id)
    competent = version.competent_agency or drafting.require_unit(
        version=version, unit_id=competent_id or unit_id, at=at
    )
    places.require_centre(competent=competent, unit_id=unit.pk, at=at)
    contact = organisation or person
    dossier = Dossier(
        procedure_version=version,
        submitter=person,
        channel=Channel.COUNTER,
        intake_route=IntakeRoute.COUNTER_ENTRY,
        helped_at_id=helped_at_id,
        contact_phone=walk_in.phone or contact.phone or person.phone,
        contact_email=walk_in.email or contact.email or person.email,
        is_bundle=version.links.exists(),
        **drafting.ownership(person=person, organisation=organisation)
        | {"filing_mode": filing_mode, "submitted_at": filed_at},
    )
    places.hand_in_at(dossier, received_at=unit, competent=competent)
    draft = drafting.insert(dossier, at=at)
    identity.note(
        draft,
        visitor_name=person.full_name,
        paper=walk_in.paper,
        by_agent=filing_mode == FilingMode.POSTAL_AGENT,
        agency_id=unit_id,
        actor=actor,
        at=at,
    )
    return draft


@transaction.atomic
def fill(*, dossier_id: int, page_id: str, data: Mapping[str, Any], actor: Actor) -> Dossier:
    """Keep what was typed on one page of the form, right or wrong; `accept` judges it.

    :raises AlreadyFiled, NotAllowed: as `lock_draft`.
    :raises KeyError: the form has no such page.
    """
    dossier = lock_draft(dossier_id=dossier_id, actor=actor)
    schema = eforms.of_version(dossier.procedure_version)
    dossier.form_data = {**dossier.form_data, **eforms.draft_values(schema, page_id, data)}
    contact = contact_in(schema, dossier.form_data)
    dossier.contact_phone = contact.get("phone") or dossier.contact_phone
    dossier.contact_email = contact.get("email") or dossier.contact_email
    drafting.save(dossier, "form_data", "contact_phone", "contact_email")
    return dossier


@transaction.atomic
def set_contact(*, dossier_id: int, phone: str, email: str, actor: Actor) -> Dossier:
    """Keep how the applicant is reached; the values are checked by the caller's form. Raises as `lock_draft`."""
    dossier = lock_draft(dossier_id=dossier_id, actor=actor)
    dossier.contact_phone, dossier.contact_email = phone, email
    drafting.save(dossier, "contact_phone", "contact_email")
    return dossier


@transaction.atomic
def choose_return(*, dossier_id: int, wanted: Wanted, actor: Actor, at: datetime) -> Dossier:
    """Keep where and how the visitor wants the result.

    :raises InvalidInput: as `return_choices.checked`. :raises AlreadyDone, AlreadyFiled, NotAllowed: as `lock_draft`.
    """
    dossier = lock_draft(dossier_id=dossier_id, actor=actor)
    return_choices.keep(dossier, return_choices.checked(dossier, wanted, at=at))
    drafting.touch(dossier)
    return dossier


def add_component(
    *,
    dossier_id: int,
    component: Component,
    upload: IO[bytes],
    name: str,
    given_as: str,
    original_kept: bool,
    actor: Actor,
    at: datetime,
    issued_on: date | None = None,
) -> DossierComponent:
    """Put a scan into a counter draft in place of the component's current one; the officer has seen the paper.

    :param given_as: one of `GivenAs`: what lies on the counter. :param original_kept: the original stays here for now.
    :param issued_on: the day on the paper, where it must be recent.
    :raises UploadRefused: the file cannot be taken; the draft is as before.
    :raises InvalidInput: under ``given_as``, ``original_kept`` or ``issued_on``.
    :raises Conflict: the component is not one of the draft's procedure.
    :raises AlreadyFiled, NotAllowed: as `lock_draft`.
    """
    attachments.require_given(given_as, original_kept=original_kept)
    validity.require(component, issued_on, on=_handed_in_on(dossier_id, at=at))
    stored = attachments.store(upload, name=name, component=component)
    return _put_paper(
        dossier_id, component, stored, given_as, actor, original_kept=original_kept, issued_on=issued_on
    )


def note_component(
    *,
    dossier_id: int,
    component: Component,
    given_as: str,
    original_kept: bool,
    actor: Actor,
    at: datetime,
    issued_on: date | None = None,
) -> DossierComponent:
    """Take a paper that need not be digitised: what stands in the dossier is a note that it was handed in.

    Which papers must be is law and the ministry's and the city's lists (TT 01/2023); the component says so.

    :raises MustBeScanned: this one must be.
    :raises InvalidInput, Conflict, AlreadyFiled, NotAllowed: as `add_component`.
    """
    if component.is_digitised:
        raise MustBeScanned()
    attachments.require_given(given_as, original_kept=original_kept)
    validity.require(component, issued_on, on=_handed_in_on(dossier_id, at=at))
    text = _(
        "Giấy tờ không phải số hóa theo quy định của thủ tục.\n\n%(name)s\nNộp bản giấy tại quầy: %(given)s\n"
        "Cán bộ nhận: %(officer)s\nLúc: %(moment)s\n"
    ) % {
        "name": component.name,
        "given": GivenAs(given_as).label,
        "officer": actor.display_name,
        "moment": f"{timezone.localtime(at):%H:%M %d/%m/%Y}",
    }
    stored = attachments.written(text, name="giay-to-khong-so-hoa.txt")
    return _put_paper(
        dossier_id, component, stored, given_as, actor, original_kept=original_kept, issued_on=issued_on
    )


def use_held(
    *,
    dossier_id: int,
    component: Component,
    actor: Actor,
    at: datetime,
    source: str = "",
    mark: str = "",
) -> DossierComponent:
    """Put what the city holds of the visitor into a counter draft: they hand nothing in, nobody scans.

    It is looked for by the visitor's own right, whichever agency has issued it; its owner sees that an officer did so.

    :param source: as for `reusing.use`. :param mark: likewise.
    :raises NotHeld: there is nothing, or it is no longer what it was.
    :raises AlreadyDone, AlreadyFiled, NotAllowed: as `lock_draft`.
    """
    with transaction.atomic():
        dossier = lock_draft(dossier_id=dossier_id, actor=actor)
    if component.version_id != dossier.procedure_version_id or not component.is_upload:
        raise reusing.NotHeld()
    owner = reusing.owner_of(dossier, actor=actor)
    taken = reusing.take([reusing.Wanted(component, source, mark)], owner=owner, at=at)
    if not taken:
        raise reusing.NotHeld()
    try:
        with transaction.atomic():
            draft = lock_draft(dossier_id=dossier_id, actor=actor)
            [row] = reusing.put(taken, draft, at=at)
            row.check_state = CheckState.CORRECT
            row.save(update_fields=["check_state", "updated_at"])
            drafting.save(draft)
            log_access(
                actor=actor,
                purpose=AccessPurpose.READ_COMPONENT,
                reference=draft.tracking_no,
                at=at,
                person_id=draft.owner_person_id
                or (None if draft.owner_organisation_id else draft.submitter_id),
                organisation_id=draft.owner_organisation_id,
                role=str(Role.ONE_STOP_OFFICER.label),
                unit=str(draft.received_at_unit or ""),
            )
            return row
    except BaseException as problem:
        attachments.discard([one.file for one in taken], because=problem)
        raise


def _handed_in_on(dossier_id: int, *, at: datetime) -> date:
    """Give the day by which a paper's age is judged: a postal agent may have taken it in earlier."""
    filed_at = Dossier.objects.values_list("submitted_at", flat=True).get(pk=dossier_id)
    return timezone.localdate(filed_at or at)


def _put_paper(
    dossier_id: int,
    component: Component,
    stored: StoredFile,
    given_as: str,
    actor: Actor,
    *,
    original_kept: bool,
    issued_on: date | None,
) -> DossierComponent:
    try:
        with transaction.atomic():
            draft = lock_draft(dossier_id=dossier_id, actor=actor)
            if component.version_id != draft.procedure_version_id:
                raise Conflict()
            for current in draft.components.filter(component=component, replaced_at=None):
                attachments.take_out(current)
            row = stored.row(dossier=draft, component=component, issued_on=issued_on)
            row.given_as, row.original_kept = given_as, original_kept
            row.check_state = CheckState.CORRECT
            row.save(force_insert=True)
            drafting.save(draft)
            return row
    except BaseException as problem:
        attachments.discard([stored], because=problem)
        raise


@transaction.atomic
def remove_component(*, dossier_id: int, file_id: int, actor: Actor) -> None:
    """Take a scan out of a counter draft; one that is gone already is no problem. Raises as `lock_draft`."""
    draft = lock_draft(dossier_id=dossier_id, actor=actor)
    file = draft.components.filter(pk=file_id, replaced_at=None).first()
    if file is not None:
        attachments.take_out(file)
        drafting.save(draft)


@transaction.atomic
def accept(*, dossier_id: int, actor: Actor, at: datetime) -> Dossier:
    """Accept a complete counter draft: code, due date, control sheet; form 01 follows.

    Where it goes to another agency the officer hands the papers over with `intake.forward`, the same day or at the
    start of the next one (R11).

    :raises AlreadyDone, AlreadyFiled, NotAllowed: as `lock_draft`.
    :raises InvalidInput: by field: answers, ``phone``, and ``component.<position>`` of required papers.
    :raises NoTimeLimit: the procedure has no time limit to promise.
    """
    dossier = lock_draft(dossier_id=dossier_id, actor=actor)
    dossier.form_data = _complete(dossier, at=at)
    dossier.save(update_fields=["form_data", "updated_at"])
    files = list(dossier.components.filter(replaced_at=None).order_by("id"))
    if not dossier.is_bundle:
        steps.plan(dossier, at=at)
    data: dict[str, Any] = {
        "components": {str(file.component_id): file.sha256 for file in files},
        "given_as": {str(file.component_id): file.given_as for file in files},
        "filing_mode": dossier.filing_mode,
    }
    if (seen := dossier.identity_checks.order_by("-pk").first()) is not None:
        data["identity"] = identity.facts(seen)
    if dossier.submitted_at is not None:
        data["filed_at"] = dossier.submitted_at.isoformat()
    dossier = advance(dossier_id=dossier_id, action=Action.ACCEPT_AT_COUNTER, actor=actor, at=at, data=data)
    return bundles.file_children(dossier, actor=actor, at=at)


def lock_draft(*, dossier_id: int, actor: Actor) -> Dossier:
    """Lock a counter draft for a one-stop officer of its unit until the transaction ends.

    :raises AlreadyDone: it was accepted; the message says by whom. :raises AlreadyFiled: it is a draft no more.
    :raises NotAllowed: the actor is no one-stop officer of the unit, or the draft is not one of the counter.
    """
    dossier = (
        Dossier.objects.select_for_update(of=("self",), no_key=True)
        .select_related(
            "procedure_version", "received_at_unit", "owner_person", "owner_organisation", "submitter"
        )
        .get(pk=dossier_id)
    )
    guards.require(dossier, Action.ACCEPT_AT_COUNTER, actor)
    if dossier.status != Status.DRAFT:
        raise AlreadyFiled()
    return dossier


def _complete(dossier: Dossier, *, at: datetime) -> dict[str, Any]:
    """Give the answers as they are accepted. :raises InvalidInput: something is missing; by field."""
    schema = eforms.of_version(dossier.procedure_version)
    person = dossier.owner_person or dossier.submitter
    known = known_answers(schema, person=person, organisation=dossier.owner_organisation)
    errors: dict[str, list[Text]] = {}
    answers: dict[str, Any] = {}
    try:
        answers = eforms.clean_all(schema, Draft(dossier, at).answers, known)
    except InvalidInput as problem:
        errors |= problem.errors
    if not dossier.contact_phone:
        errors["phone"] = [_("Hãy cho biết số điện thoại để cơ quan liên hệ.")]
    slots = Component.objects.filter(version=dossier.procedure_version_id, is_upload=True)
    required = required_files(slots, schema, eforms.asked(schema, answers))
    given = {file.component_id: file for file in dossier.components.filter(replaced_at=None)}
    for slot in slots:
        file = given.get(slot.pk)
        if file is None and slot in required:
            errors[component_field(slot.position)] = [
                _("Chưa quét giấy tờ “%(name)s”.") % {"name": short(slot.name)}
            ]
        elif file is not None and is_stale(file, on=timezone.localdate(dossier.submitted_at or at)):
            errors[component_field(slot.position)] = [
                _("“%(name)s” đã hết hạn, không dùng được nữa. Hãy gỡ ra rồi nhận bản khác.")
                % {"name": short(slot.name)}
            ]
        elif file is not None and file.scan_state != ScanState.CLEAN:
            errors[component_field(slot.position)] = [
                _("Tệp của “%(name)s” chưa quét xong mã độc. Hãy chờ ít phút hoặc quét lại.")
                % {"name": short(slot.name)}
            ]
    if errors:
        raise InvalidInput(errors)
    return answers


def _filing_problems(filing_mode: str, filed_at: datetime | None, *, at: datetime) -> dict[str, list[Text]]:
    if filing_mode not in BROUGHT_BY:
        return {"filing_mode": [_("Hãy chọn hồ sơ do người nộp hay đại lý bưu chính đưa đến.")]}
    if filing_mode != FilingMode.POSTAL_AGENT:
        return {"filed_at": [_("Chỉ ghi khi đại lý bưu chính nộp giúp.")]} if filed_at else {}
    if filed_at is None:
        return {"filed_at": [_("Hãy ghi lúc đại lý bưu chính nhận hồ sơ, như trên phiếu của đại lý.")]}
    if at - filed_at > AGENT_KEEPS_IT:
        return {"filed_at": [_("Lúc đại lý nhận hồ sơ đã quá 30 ngày. Hãy xem lại ngày trên phiếu.")]}
    if filed_at > at:
        return {"filed_at": [_("Đại lý không thể nhận hồ sơ sau lúc này. Hãy xem lại ngày, giờ.")]}
    return {}


def _person(walk_in: WalkIn) -> Person:
    number, full_name = _number(walk_in.number), " ".join(walk_in.full_name.split())
    if not full_name:
        raise InvalidInput({"full_name": [_("Hãy nhập họ và tên như trên thẻ căn cước.")]})
    return enter_person(
        number=number,
        full_name=full_name,
        birth_on=walk_in.birth_on,
        address=walk_in.address,
        phone=walk_in.phone,
        email=walk_in.email,
    )


def _number(text: str) -> str:
    number = "".join(text.split())
    if len(number) != 12 or not number.isdigit():
        raise InvalidInput({"number": [_("Số định danh cá nhân phải gồm 12 chữ số.")]})
    return number
