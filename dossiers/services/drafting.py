"""Drafts: begun, saved piece by piece, carried to a newer version of the procedure, thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.states import COMMUNE_KINDS
from citizens.models import Organisation, Person
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed
from dossiers import eligibility, places, policies, validity
from dossiers.codes import new_tracking_no
from dossiers.drafts import page_mark, required_files, same_name, short, unit_problem
from dossiers.models import Dossier, DossierComponent
from dossiers.states import FilingMode, Status
from procedures import eforms
from procedures.models import Component, ProcedureVersion, ProcedureVersionQuerySet
from procedures.states import CompetentAgencyRule

KEPT = timedelta(days=90)
"""An untouched draft is kept for so long (domain: data protection, retention)."""

MOST_DRAFTS = 100

_TRIES = 5


class AlreadyFiled(Conflict):
    """What was a draft has been filed and cannot be changed any more."""

    code = "already_filed"
    message = gettext_lazy(
        "Hồ sơ này đã được nộp nên không sửa được nữa. Hãy xem tình trạng trong “Hồ sơ của tôi”."
    )


class AnswersChanged(Conflict):
    """The page was saved elsewhere (another tab, another representative) after it was shown here."""

    code = "answers_changed"
    message = gettext_lazy(
        "Trang này vừa được lưu ở một cửa sổ hoặc thiết bị khác. "
        "Hãy so sánh nội dung đang hiển thị với nội dung đã lưu rồi bấm Lưu lần nữa nếu muốn giữ nội dung đang hiển thị."
    )


class ProcedureClosed(Conflict):
    """The procedure can no longer, or not yet, be filed online."""

    code = "procedure_closed"
    message = gettext_lazy(
        "Thủ tục này hiện không nhận hồ sơ trực tuyến. "
        "Hãy xem trang thủ tục để biết cách nộp khác, hoặc gọi tổng đài 1022 để được hướng dẫn."
    )


class TooManyDrafts(Conflict):
    """Nobody needs so many at once; without a limit one account could fill the disk."""

    code = "too_many_drafts"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Bạn đang có %(most)d bản nháp. Hãy nộp hoặc xóa bớt bản nháp trong “Hồ sơ của tôi” rồi bắt đầu lại."
            )
            % {"most": MOST_DRAFTS}
        )


def start(*, version_id: int, actor: Actor, at: datetime, organisation_id: int | None = None) -> Dossier:
    """Begin a draft for the actor, or for an organisation that the actor represents.

    :raises ProcedureClosed: the version is not open for filing at ``at``.
    :raises NotAllowed: the procedure is not for this applicant (see `eligibility`).
    :raises TooManyDrafts: the actor has `MOST_DRAFTS` already.
    :raises Organisation.DoesNotExist: no such organisation.
    """
    person = eligibility.person_of(actor)
    version = require_open(ProcedureVersion.objects.filter(pk=version_id), at=at)
    organisation = None if organisation_id is None else Organisation.objects.get(pk=organisation_id)
    eligibility.require(actor=actor, version=version, person=person, organisation=organisation)
    if Dossier.objects.filter(submitter=person, status=Status.DRAFT).count() >= MOST_DRAFTS:
        raise TooManyDrafts()
    contact = organisation or person
    dossier = Dossier(
        procedure_version=version,
        submitter=person,
        contact_phone=contact.phone or person.phone,
        contact_email=contact.email or person.email,
        is_bundle=version.links.exists(),
        **ownership(person=person, organisation=organisation),
    )
    if version.competent_agency_rule == CompetentAgencyRule.FIXED:
        dossier.received_at_unit_id = dossier.competent_agency_id = version.competent_agency_id
    return insert(dossier, at=at)


def require_open(versions: ProcedureVersionQuerySet, *, at: datetime) -> ProcedureVersion:
    """Give the one of these versions under which people may file at ``at``.

    :raises ProcedureClosed: there is none.
    """
    version = versions.open_for_filing().first()
    if version is None or not version.takes_filings(on=timezone.localdate(at)):
        raise ProcedureClosed()
    return version


def ownership(*, person: Person, organisation: Organisation | None) -> dict[str, Any]:
    """Give the fields that say whose dossier it is: the organisation's, or the person's own."""
    if organisation is None:
        return {"owner_person": person, "filing_mode": FilingMode.SELF}
    return {"owner_organisation": organisation, "filing_mode": FilingMode.REPRESENTATIVE}


def insert(dossier: Dossier, *, at: datetime) -> Dossier:
    """Insert under a new tracking number; numbers are random, so one may be taken already."""
    for _try in range(_TRIES):
        dossier.tracking_no = new_tracking_no(at=at)
        try:
            with transaction.atomic():
                dossier.save(force_insert=True)
        except IntegrityError:
            if not Dossier.objects.filter(tracking_no=dossier.tracking_no).exists():
                raise
        else:
            return dossier
    raise RuntimeError("no free tracking number found")


def lock_draft(*, dossier_id: int, actor: Actor) -> Dossier:
    """Lock a draft of the actor until the transaction ends.

    :raises AlreadyFiled: it is a draft no more.
    :raises NotAllowed: it is not the actor's.
    """
    dossier = (
        Dossier.objects.select_for_update(of=("self",), no_key=True)
        .select_related("procedure_version__procedure", "received_at_unit")
        .get(pk=dossier_id)
    )
    if not policies.is_applicant(actor, dossier):
        raise NotAllowed()
    if dossier.status != Status.DRAFT:
        raise AlreadyFiled()
    return dossier


@transaction.atomic
def save_page(
    *, dossier_id: int, page_id: str, data: Mapping[str, Any], seen: str, actor: Actor
) -> tuple[Dossier, str]:
    """Keep what was typed on one page, right or wrong; give the dossier and the page's new mark.

    ``seen`` is the mark (see `drafts.page_mark`) of what the person was shown; other pages may have changed
    since.

    :raises AnswersChanged: the page was saved elsewhere in between and differs; nothing is written.
    :raises AlreadyFiled, NotAllowed: as `lock_draft`.
    :raises KeyError: the form has no such page.
    """
    dossier = lock_draft(dossier_id=dossier_id, actor=actor)
    schema = eforms.of_version(dossier.procedure_version)
    typed = eforms.draft_values(schema, page_id, data)
    stored = page_mark(schema, page_id, dossier.form_data)
    answers = {**dossier.form_data, **typed}
    mark = page_mark(schema, page_id, answers)
    if stored not in (seen, mark):
        raise AnswersChanged(mark=stored)
    if mark != stored:
        dossier.form_data = answers
        save(dossier, "form_data")
    return dossier, mark


@transaction.atomic
def choose_unit(
    *, dossier_id: int, unit_id: int | None, actor: Actor, at: datetime, centre_id: int | None = None
) -> Dossier:
    """Choose the ward or commune that decides, and the centre that receives for it (its own one by default).

    :raises InvalidInput: under ``unit``: the procedure is fixed to one agency, or the unit is unknown or not in force;
        under ``centre``: that centre does not receive for it.
    :raises AlreadyFiled, NotAllowed: as `lock_draft`.
    """
    dossier = lock_draft(dossier_id=dossier_id, actor=actor)
    unit = require_unit(version=dossier.procedure_version, unit_id=unit_id, at=at)
    centre = places.require_centre(competent=unit, unit_id=centre_id, at=at)
    if (dossier.received_at_unit_id, dossier.competent_agency_id) != (centre.pk, unit.pk):
        places.hand_in_at(dossier, received_at=centre, competent=unit)
        save(dossier, *places.PLACE_FIELDS)
    return dossier


def require_unit(
    *, version: ProcedureVersion, at: datetime, unit_id: int | None = None, code: str = ""
) -> Agency:
    """Give the unit that may receive a dossier under the version, named by id or agency code.

    :raises InvalidInput: under ``unit``.
    """
    if version.competent_agency_rule == CompetentAgencyRule.FIXED:
        if version.competent_agency is None or code not in ("", version.competent_agency.code):
            raise InvalidInput({"unit": [_("Thủ tục này chỉ nộp tại cơ quan ghi trên trang thủ tục.")]})
        return version.competent_agency
    named = Q(code=code) if code else Q(pk=unit_id)
    unit = Agency.objects.filter(named, kind__in=COMMUNE_KINDS).first()
    if unit is None:
        raise InvalidInput({"unit": [_("Hãy chọn một phường, xã trong danh sách.")]})
    if problem := unit_problem(unit, at=at):
        raise InvalidInput({"unit": [problem]})
    return unit


@transaction.atomic
def set_contact(*, dossier_id: int, phone: str, email: str, actor: Actor) -> Dossier:
    """Keep how the agency reaches the applicant; the values are checked by the caller's form.

    :raises AlreadyFiled, NotAllowed: as `lock_draft`.
    """
    dossier = lock_draft(dossier_id=dossier_id, actor=actor)
    dossier.contact_phone, dossier.contact_email = phone, email
    save(dossier, "contact_phone", "contact_email")
    return dossier


@transaction.atomic
def bring_up_to_date(*, dossier_id: int, actor: Actor, at: datetime) -> list[str]:
    """Carry a draft to the procedure's version in force; say in sentences what changed for the applicant.

    Answers go along where the new form has the same question of the same type, files where it has the same
    component. Nothing happens, and nothing is said, when the draft stands on the current version.

    :raises ProcedureClosed: the procedure has no version open for filing.
    :raises AlreadyFiled, NotAllowed: as `lock_draft`.
    """
    dossier = lock_draft(dossier_id=dossier_id, actor=actor)
    old = dossier.procedure_version
    new = require_open(ProcedureVersion.objects.filter(procedure=old.procedure_id), at=at)
    if new.pk == old.pk:
        return []
    changes = [
        _("Thủ tục đã có phiên bản mới kể từ khi bạn soạn hồ sơ. Hãy kiểm tra lại các mục trước khi nộp.")
    ]
    changes += _carry_answers(dossier, old=eforms.of_version(old), new=eforms.of_version(new))
    changes += _carry_files(dossier, new=new, at=at)
    if new.competent_agency_rule == CompetentAgencyRule.FIXED:
        unit_id = new.competent_agency_id
    elif old.competent_agency_rule == new.competent_agency_rule:
        unit_id = dossier.competent_agency_id
    else:
        unit_id = None
    if unit_id != dossier.competent_agency_id:
        dossier.received_at_unit_id = dossier.competent_agency_id = unit_id
        dossier.is_cross_area = False
        changes.append(_("Nơi tiếp nhận đã thay đổi. Hãy xem lại mục “Nơi tiếp nhận”."))
    dossier.procedure_version, dossier.is_bundle = new, new.links.exists()
    save(dossier, "procedure_version", "is_bundle", "form_data", *places.PLACE_FIELDS)
    return changes


def _carry_answers(dossier: Dossier, *, old: eforms.Schema, new: eforms.Schema) -> list[str]:
    language = get_language() or "vi"
    carried = eforms.carried(old, new, dossier.form_data, language)
    dossier.form_data = carried.answers
    told = [
        (_("Không còn câu hỏi: %s."), [one.field for one in carried.dropped]),
        (_("Có câu hỏi mới: %s."), carried.new),
        (_("Câu trả lời cần xem lại: %s."), [one.field for one in carried.to_check]),
        (_("Nay phải điền: %s."), carried.required),
    ]
    return [text % "; ".join(one.label_in(language) for one in fields) for text, fields in told if fields]


def _carry_files(dossier: Dossier, *, new: ProcedureVersion, at: datetime) -> list[str]:
    slots = {same_name(one.name): one for one in Component.objects.filter(version=new, is_upload=True)}
    dropped = []
    files = DossierComponent.objects.filter(dossier=dossier, replaced_at=None).select_related("component")
    had = {same_name(file.component.name) for file in files}
    for file in files:
        slot = slots.get(same_name(file.component.name))
        if slot is not None and file.source and file.source not in slot.accepted_sources:
            had.discard(same_name(slot.name))
            slot = None
        if slot is None:
            file.replaced_at = at
            dropped.append(short(file.component.name))
        else:
            file.component = slot
            if not file.source:
                file.valid_to = validity.last_day(slot, issued_on=file.issued_on)
        file.save(update_fields=["component", "replaced_at", "valid_to", "updated_at"])
    changes = []
    if dropped:
        changes.append(_("Không còn cần nộp: %s.") % "; ".join(dropped))
    schema = eforms.of_version(new)
    required = required_files(slots.values(), schema, eforms.asked(schema, dossier.form_data))
    if missing := [short(one.name) for one in required if same_name(one.name) not in had]:
        changes.append(_("Cần tải lên: %s.") % "; ".join(missing))
    return changes


@transaction.atomic
def delete(*, dossier_id: int, actor: Actor) -> None:
    """Throw a draft away with its files.

    :raises AlreadyFiled, NotAllowed: as `lock_draft`.
    """
    _delete(lock_draft(dossier_id=dossier_id, actor=actor))


def delete_stale(*, at: datetime, limit: int = 500) -> int:
    """Delete drafts that nobody has touched for 90 days, with their files; give their number."""
    stale = Dossier.objects.filter(status=Status.DRAFT, updated_at__lt=at - KEPT).order_by("pk")
    count = 0
    for pk in stale.values_list("pk", flat=True)[:limit]:
        with transaction.atomic():
            # Asked again under the lock: the person may be back.
            draft = stale.select_for_update(of=("self",)).filter(pk=pk).first()
            if draft is not None:
                _delete(draft)
                count += 1
    return count


def _delete(draft: Dossier) -> None:
    names = list(draft.components.values_list("file", flat=True))
    draft.delete()
    transaction.on_commit(partial(_delete_files, names), robust=True)


def _delete_files(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def save(dossier: Dossier, *fields: str) -> None:
    """Save what changed in a draft; the revision tells a check page that was opened before."""
    dossier.form_revision += 1
    dossier.save(update_fields=[*fields, "form_revision", "updated_at"])


def touch(dossier: Dossier) -> None:
    """Note that something of the draft outside its row has changed, such as a file."""
    save(dossier)
