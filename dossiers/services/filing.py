"""Filing: a draft becomes a dossier, or a whole dossier arrives in one request. Once, however often it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.models import Organisation
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text, Unavailable
from dossiers import eligibility, places, policies, validity
from dossiers.codes import new_tracking_no
from dossiers.drafts import (
    Draft,
    component_field,
    contact_in,
    known_answers,
    required_files,
    short,
)
from dossiers.models import Dossier, DossierComponent, ReturnChoice
from dossiers.selectors import VERSION_TEXTS
from dossiers.services import attachments, bundles, drafting, return_choices, reusing
from dossiers.services.attachments import StoredFile
from dossiers.services.drafting import AlreadyFiled
from dossiers.services.moves import advance, apply
from dossiers.services.return_choices import Wanted
from dossiers.services.reusing import Taken
from dossiers.states import Action, ScanState, Status
from procedures import eforms
from procedures.models import Component, ProcedureVersion

RETURN_PART = "return_"
"""Begins the names of the parts of a filing that say where and how its result is wanted."""


class ProcedureChanged(Conflict):
    """The draft stands on a version that is no longer in force: it must be carried over and checked first."""

    code = "procedure_changed"
    message = gettext_lazy(
        "Thủ tục vừa có phiên bản mới. Hãy xem lại các mục đã thay đổi, kiểm tra hồ sơ rồi nộp lại."
    )


class ChangedSinceChecked(Conflict):
    """Something was changed after the check page was shown."""

    code = "changed_since_checked"
    message = gettext_lazy(
        "Hồ sơ đã được sửa ở nơi khác sau khi bạn mở trang kiểm tra. Hãy kiểm tra lại nội dung dưới đây rồi nộp."
    )


class KeyUsed(Conflict):
    """The idempotency key belongs to another filing."""

    code = "idempotency_key_used"
    message = gettext_lazy(
        "Khóa chống gửi trùng (Idempotency-Key) đã dùng cho một hồ sơ khác. Hãy tạo khóa mới cho hồ sơ này."
    )


@transaction.atomic
def submit(
    *,
    dossier_id: int,
    idempotency_key: str,
    actor: Actor,
    at: datetime,
    checked_revision: int | None = None,
    declared: Mapping[str, Any] | None = None,
) -> Dossier:
    """File a draft. The same key again gives the same dossier and does nothing.

    ``checked_revision`` is the draft's ``form_revision`` that the person has checked; ``declared`` is what was
    ticked on the form's page of declarations (`Draft.declaration`).

    :raises LevelTooLow: the actor's electronic identity is below level 2.
    :raises NotAllowed: the draft is not the actor's.
    :raises AlreadyFiled: it was filed before, under another key.
    :raises KeyUsed: the key belongs to another filing.
    :raises ProcedureClosed, ProcedureChanged: its version is no longer the one in force.
    :raises ChangedSinceChecked: it is not what the person checked.
    :raises InvalidInput: it is not complete; by field.
    """
    key = scoped_key(idempotency_key, actor=actor)
    dossier = (
        Dossier.objects.select_for_update(of=("self",), no_key=True)
        .select_related(
            "procedure_version__procedure",
            "received_at_unit",
            "owner_person",
            "owner_organisation",
            "submitter",
        )
        .get(pk=dossier_id)
    )
    if not policies.is_applicant(actor, dossier):
        raise NotAllowed()
    if dossier.status != Status.DRAFT:
        if dossier.idempotency_key == key:
            return dossier
        raise AlreadyFiled()
    eligibility.require_level_2(actor)
    _require_current(dossier.procedure_version, at=at)
    if checked_revision is not None and checked_revision != dossier.form_revision:
        raise ChangedSinceChecked()
    _fill_in(dossier, declared=declared or {}, at=at)
    dossier.idempotency_key = key
    try:
        with transaction.atomic():
            dossier.save(
                update_fields=["form_data", "contact_phone", "contact_email", "idempotency_key", "updated_at"]
            )
    except IntegrityError:
        raise KeyUsed() from None
    filed = advance(dossier_id=dossier.pk, action=Action.SUBMIT, actor=actor, at=at)
    return bundles.file_children(filed, actor=actor, at=at)


def _fill_in(dossier: Dossier, *, declared: Mapping[str, Any], at: datetime) -> None:
    """Put the final answers into the dossier, and the contact that they give."""
    draft = Draft(dossier, at)
    if draft.declaration:
        dossier.form_data |= eforms.draft_values(draft.schema, draft.declaration.id, declared)
    dossier.form_data = draft.require_complete()
    contact = contact_in(draft.schema, dossier.form_data)
    dossier.contact_phone = contact.get("phone") or dossier.contact_phone
    dossier.contact_email = contact.get("email", dossier.contact_email)


def _require_current(version: ProcedureVersion, *, at: datetime) -> None:
    if version.procedure.current_version_id != version.pk:
        raise ProcedureChanged()
    if not version.takes_filings(on=timezone.localdate(at)):
        raise drafting.ProcedureClosed()


def scoped_key(key: str, *, actor: Actor) -> str:
    """Give the stored form (64 hex characters) of a key: two people's equal keys have nothing in common.

    :raises InvalidInput: the key is missing or longer than 200 characters.
    """
    if not key or len(key) > 200:
        raise InvalidInput(
            {"idempotency_key": [_("Cần một khóa chống gửi trùng dài 1–200 ký tự, mới cho mỗi hồ sơ.")]}
        )
    return hashlib.sha256(f"{actor.person_id}:{key}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a filing, as it came."""

    content: IO[bytes]
    name: str


HELD = "held"
"""Said of a component in place of a file: the city has it, from whichever accepted source comes first."""


@dataclass(frozen=True, slots=True)
class WholeFiling:
    """A dossier as one request brings it. Empty texts mean: not given.

    ``files`` are keyed by the position of the component, and so are ``held``, the source from which the city has it
    (`HELD` or a `ComponentSource`), and ``issued``, the day on which a paper was issued; ``unit`` decides and ``centre`` receives for it (agency codes),
    by default the unit itself; contact falls back to what is known of the applicant. ``returned`` is where and how the
    result is wanted, by default the electronic one.
    """

    procedure: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[int, Upload] = field(default_factory=dict)
    held: Mapping[int, str] = field(default_factory=dict)
    issued: Mapping[int, date] = field(default_factory=dict)
    unit: str = ""
    centre: str = ""
    organisation: str = ""
    phone: str = ""
    email: str = ""
    returned: Wanted | None = None


def file_whole(
    *, filing: WholeFiling, idempotency_key: str, actor: Actor, at: datetime
) -> tuple[Dossier, bool]:
    """File a whole dossier; give it, and whether this call made it.

    A required component that is not sent is taken from what the city holds of whoever files, as on the pages.
    Everything is checked and every file stands on the disk before the transaction opens; the transaction is
    four rows long.

    :raises NotAllowed, ProcedureClosed: as for `submit` and `drafting.start`.
    :raises InvalidInput: with every problem by field: answers by name, ``unit``, ``component.<position>``.
    :raises UploadRefused: a file cannot be taken.
    :raises KeyUsed: the key belongs to a filing of another procedure, unit or organisation.
    :raises Unavailable: the virus scanner does not answer; nothing was kept.
    """
    eligibility.require_applicant(actor)
    eligibility.require_level_2(actor)
    key = scoped_key(idempotency_key, actor=actor)
    if earlier := _filed_under(key):
        return _same(earlier, filing), False
    dossier, choice = _checked(filing, actor=actor, at=at)
    dossier.idempotency_key = key
    components = {
        one.position: one
        for one in Component.objects.filter(version=dossier.procedure_version, is_upload=True)
    }
    stored: list[StoredFile] = []
    try:
        taken = _taken(filing, dossier, components, actor=actor, at=at)
        stored += [one.file for one in taken]
        rows = [one.row(dossier=dossier, at=at) for one in taken]
        for position, upload in filing.files.items():
            component = components[position]
            file = attachments.store(upload.content, name=upload.name, component=component)
            stored.append(file)
            if file.scan_state is not ScanState.CLEAN:
                raise Unavailable(_("Chưa quét được mã độc trong tệp gửi kèm. Hãy gửi lại sau ít phút."))
            issued_on = filing.issued.get(position)
            rows.append(file.row(dossier=dossier, component=component, issued_on=issued_on))
        return _insert_and_submit(dossier, rows, choice, actor=actor, at=at), True
    except BaseException as problem:
        attachments.discard(stored, because=problem)
        if isinstance(problem, IntegrityError) and (earlier := _filed_under(key)):
            return _same(earlier, filing), False  # the same request, faster
        raise


def _filed_under(key: str) -> Dossier | None:
    # Nearly always there is none: the joins are asked for only when there is one.
    found = Dossier.objects.filter(idempotency_key=key).values_list("pk", flat=True).first()
    if found is None:
        return None
    return Dossier.objects.select_related(
        "procedure_version__procedure", "received_at_unit", "competent_agency", "owner_organisation"
    ).get(pk=found)


def _same(earlier: Dossier, filing: WholeFiling) -> Dossier:
    organisation = earlier.owner_organisation.code if earlier.owner_organisation else ""
    unit = earlier.competent_agency.code if earlier.competent_agency else ""
    centre = earlier.received_at_unit.code if earlier.received_at_unit else ""
    if (
        earlier.procedure_version.procedure.code != filing.procedure
        or organisation != filing.organisation
        or filing.unit not in ("", unit)
        or filing.centre not in ("", centre)
    ):
        raise KeyUsed()
    return earlier


def _checked(filing: WholeFiling, *, actor: Actor, at: datetime) -> tuple[Dossier, ReturnChoice | None]:
    """Make the dossier of a filing and what was chosen for its result, not saved yet, with every answer checked."""
    versions = ProcedureVersion.objects.filter(procedure__code=filing.procedure)
    versions = versions.select_related("procedure", "competent_agency").defer(*VERSION_TEXTS)
    version = drafting.require_open(versions, at=at)
    person = eligibility.person_of(actor)
    organisation = None
    if filing.organisation:
        organisation = Organisation.objects.filter(
            code=filing.organisation, pk__in=actor.organisation_ids
        ).first()
        if organisation is None:
            raise NotAllowed(_("Bạn không đại diện cho tổ chức có mã số này."))
    eligibility.require(actor=actor, version=version, person=person, organisation=organisation)

    errors: dict[str, list[Text]] = {}
    unit = centre = None
    try:
        unit = drafting.require_unit(version=version, code=filing.unit, at=at)
        centre = places.require_centre(competent=unit, code=filing.centre, at=at)
    except InvalidInput as problem:
        errors |= problem.errors
    schema = eforms.of_version(version)
    known = known_answers(schema, person=person, organisation=organisation)
    answers: dict[str, Any] = {}
    try:
        answers = eforms.clean_all(schema, {**eforms.prefilled(schema, known), **filing.answers}, known)
    except InvalidInput as problem:
        errors |= problem.errors
    known_contact = organisation or person
    given = contact_in(schema, answers)
    phone = filing.phone or given.get("phone") or known_contact.phone or person.phone
    email = filing.email or given.get("email", known_contact.email or person.email)
    if not phone:
        errors["phone"] = [_("Hãy cho biết số điện thoại để cơ quan liên hệ.")]
    dossier = Dossier(
        procedure_version=version,
        submitter=person,
        received_at_unit=centre,
        competent_agency=unit,
        is_bundle=version.links.exists(),
        is_cross_area=places.crosses_areas(received_at=centre, competent=unit),
        form_data=answers,
        contact_phone=phone,
        contact_email=email,
        **drafting.ownership(person=person, organisation=organisation),
    )
    choice = None
    if filing.returned is not None:
        try:
            choice = return_choices.checked(dossier, filing.returned, at=at, prefix=RETURN_PART)
        except InvalidInput as problem:
            errors |= problem.errors
    if errors:
        raise InvalidInput(errors)
    return dossier, choice


def _part_problems(
    filing: WholeFiling, components: Mapping[int, Component], *, at: datetime
) -> dict[str, list[Text]]:
    """Say which file, source or day is for no component, and which paper is too old; by part."""
    errors: dict[str, list[Text]] = {
        component_field(position): [_("Thủ tục không có thành phần số %d.") % position]
        for position in {*filing.files, *filing.held, *filing.issued}
        if position not in components
    }
    for position in {*filing.files} & {*filing.held}:
        errors[component_field(position)] = [_("Gửi tệp hoặc dùng bản thành phố đã có, không gửi cả hai.")]
    for position, day in filing.issued.items():
        field = f"{component_field(position)}.{validity.ISSUED_ON}"
        if position not in filing.files:
            errors[field] = [_("Chỉ ghi ngày cấp cho giấy tờ gửi kèm tệp.")]
        elif position in components:
            text = validity.problem(components[position], day, on=timezone.localdate(at))
            errors |= {field: [text]} if text else {}
    return errors


def _taken(
    filing: WholeFiling, dossier: Dossier, components: Mapping[int, Component], *, actor: Actor, at: datetime
) -> list[Taken]:
    """Take from what the city holds what the filing says it has, and what is required and was not sent.

    :raises InvalidInput: by component: it is held of nobody for whom this is filed, or a required one is missing; with
        every problem of `_part_problems`.
    """
    errors = _part_problems(filing, components, at=at)
    schema = eforms.of_version(dossier.procedure_version)
    required = required_files(components.values(), schema, eforms.asked(schema, dossier.form_data))
    named = [
        reusing.Wanted(components[position], "" if source == HELD else source)
        for position, source in filing.held.items()
        if position in components
    ]
    missing = [
        reusing.Wanted(one, certain_only=True)
        for one in required
        if one.position not in {*filing.files, *filing.held}
    ]
    owner = reusing.owner_of(dossier, actor=actor)
    taken = reusing.take([*named, *missing], owner=owner, at=at)
    found = {one.held.component for one in taken}
    for wish in (*named, *missing):
        if wish.component not in found:
            errors[component_field(wish.component.position)] = [
                _("Thiếu tệp của “%(name)s”.") % {"name": short(wish.component.name)}
                if wish.certain_only
                else reusing.why_not(wish.component, owner=owner, at=at)
            ]
    if errors:
        refusal = InvalidInput(errors)
        attachments.discard([one.file for one in taken], because=refusal)
        raise refusal
    return taken


def _insert_and_submit(
    dossier: Dossier,
    rows: list[DossierComponent],
    choice: ReturnChoice | None,
    *,
    actor: Actor,
    at: datetime,
) -> Dossier:
    while True:
        dossier.pk, dossier.tracking_no = None, new_tracking_no(at=at)
        try:
            with transaction.atomic():
                dossier.save(force_insert=True)
                for row in rows:
                    row.dossier, row.pk = dossier, None
                DossierComponent.objects.bulk_create(rows)
                if choice is not None:
                    return_choices.keep(dossier, choice)
                filed = apply(dossier, action=Action.SUBMIT, actor=actor, at=at)
                return bundles.file_children(filed, actor=actor, at=at)
        except IntegrityError:
            # Numbers are random: about once a year one is taken already. Anything else is for the caller.
            if not Dossier.objects.filter(tracking_no=dossier.tracking_no).exists():
                raise
