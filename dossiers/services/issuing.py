"""Cấp số và phát hành: number, agency signature, results repository (NĐ 30/2020, art. 15–19)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core import signing
from core.actor import Actor
from core.errors import Conflict
from core.working_time.due_dates import add_months
from dossiers import codes, papers
from dossiers.models import Dossier, ResultDraft
from dossiers.services import background, correcting, guards, officers, steps
from dossiers.services.moves import advance, lock
from dossiers.states import Action, DraftState
from procedures import eforms
from results_vault import reissuing
from results_vault import services as results_vault

RED = (0.75, 0.05, 0.08)

_CHANGED = _(
    "Tệp đã ký không còn đúng bản lãnh đạo đã ký nên hệ thống không phát hành. Hãy báo quản trị kiểm tra kho tệp."
)


class NoSeal(Conflict):
    """The agency has no certificate to sign with."""

    code = "no_seal"
    message = _("Cơ quan chưa có chứng thư số của cơ quan. Hãy báo quản trị cài đặt rồi phát hành lại.")


class SignaturesUnsound(Conflict):
    """A signature on the finished file does not hold; nothing is issued."""

    code = "signatures_unsound"


@transaction.atomic
def request(*, dossier_id: int, actor: Actor, at: datetime) -> ResultDraft:
    """Give the result its number and ask for the agency's signature; the worker makes it and issues.

    The number is taken here, with the date under which it counts, and stays the draft's own whatever happens to the
    background step: a signed result can only go on to its issue, so that the series has neither gap nor double.

    :raises AlreadyDone: it was issued by somebody else.
    :raises NotAllowed: the actor is not a clerk of the competent agency.
    :raises DraftBusy: the result is being issued.
    :raises NoSeal: the agency has no certificate.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.ISSUE, actor)
    draft = background.resting(dossier, DraftState.SIGNED)
    agency = dossier.competent_agency
    if agency is None or not agency.seal_key_id:
        raise NoSeal()
    draft.clerk_id = actor.officer_id
    if not draft.number:
        draft.issue_requested_at = at
        draft.number = codes.next_document_number(agency_id=agency.pk, symbol=draft.result_type.symbol, at=at)
    background.begin(draft, DraftState.ISSUING, at=at, fields=("clerk", "number", "issue_requested_at"))
    return draft


def issue(*, draft_id: int, at: datetime) -> None:
    """Sign for the agency with number and date, check every signature, store the result, complete the dossier.

    Safe to repeat: storing and completing are one transaction, which asks whether the draft still waits for it.
    """
    draft = background.waiting(draft_id, DraftState.ISSUING)
    if draft is None:
        return
    with background.putting_back(draft_id, DraftState.ISSUING, at=at):
        guards.require(draft.dossier, Action.ISSUE, officers.acting(officer_id=draft.clerk_id, at=at))
        content = background.read(draft.signed_file, sha256=draft.signed_sha256, problem=str(_CHANGED))
        finished = _sealed(draft, content, at=at)
        _require_sound(finished, at=at)
        _complete(draft, finished, at=at)


def _sealed(draft: ResultDraft, content: bytes, *, at: datetime) -> bytes:
    agency = draft.dossier.competent_agency
    if agency is None or draft.issue_requested_at is None:
        raise NoSeal()
    numbered = timezone.localtime(draft.issue_requested_at)
    lines = [
        f"Số: {draft.number}",
        f"Ngày {numbered:%d} tháng {numbered:%m} năm {numbered:%Y}",
        agency.name,
        f"Ký số: {papers.signing_time(at)}",
    ]
    return signing.sign(
        content,
        key_id=agency.seal_key_id,
        field=papers.AGENCY_FIELD,
        at=at,
        reason=f"Phát hành {draft.number}",
        location="Đà Nẵng",
        stamp=signing.Stamp(lines=lines, font_size=10, colour=RED),
    )


def _require_sound(content: bytes, *, at: datetime) -> None:
    reports = signing.verify(content, at=at)
    fields = [report.field for report in reports]
    if fields == [papers.SIGNER_FIELD, papers.AGENCY_FIELD] and signing.are_sound(reports):
        return
    problems = "; ".join(f"{report.signer}: {report.problem}" for report in reports if report.problem)
    raise SignaturesUnsound(
        _("Chữ ký số trên kết quả chưa hợp lệ (%(problems)s). Hãy báo quản trị kiểm tra chứng thư số.")
        % {"problems": problems or ", ".join(fields)}
    )


@transaction.atomic
def _complete(draft: ResultDraft, content: bytes, *, at: datetime) -> None:
    dossier = lock(dossier_id=draft.dossier_id)
    current = ResultDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if current.state != DraftState.ISSUING or current.signed_sha256 != draft.signed_sha256:
        return
    result = results_vault.store_result(
        token=draft.token,
        dossier_code=dossier.reference,
        procedure_code=draft.dossier.procedure_version.procedure.code,
        result_type_id=draft.result_type_id,
        title=draft.result_type.name,
        number=draft.number,
        issuer_id=_agency_id(dossier),
        signer_name=draft.signer.full_name if draft.signer else "",
        content=content,
        issued_at=at,
        issued_on=_numbered_on(draft),
        owner_person_id=dossier.owner_person_id,
        owner_organisation_id=dossier.owner_organisation_id,
        valid_to=_valid_to(draft),
        until_event=(draft.result_type.until_event, draft.result_type.until_event_en),
        data=draft.values,
    )
    if not correcting.finish(dossier, result_id=result.pk, at=at):
        version = dossier.procedure_version
        answers = eforms.display_values(eforms.of_version(version), dossier.form_data, "vi").values()
        stated = [*answers, *map(str, draft.values.values())]
        reissuing.finish(result, stated=stated, service=str(version), at=at)
    current.state, current.last_error = DraftState.ISSUED, ""
    current.save(update_fields=["state", "last_error", "updated_at"])
    actor = officers.acting(officer_id=current.clerk_id, at=at)
    steps.pass_on(dossier, roles=[Role.CLERK], officer_id=current.clerk_id, at=at)
    advance(
        dossier_id=dossier.pk,
        action=Action.ISSUE,
        actor=actor,
        at=at,
        data={"number": draft.number, "result_id": result.pk, "sha256": result.sha256},
    )


def _agency_id(dossier: Dossier) -> int:
    if dossier.competent_agency_id is None:
        raise NoSeal()
    return dossier.competent_agency_id


def _numbered_on(draft: ResultDraft) -> date | None:
    """Give the date of the document, under which its number counts: the seal may come after midnight."""
    return draft.issue_requested_at and timezone.localdate(draft.issue_requested_at)


def _valid_to(draft: ResultDraft) -> date | None:
    """Give the last day in force: so many months after the date of issue."""
    months, numbered_on = draft.result_type.validity_months, _numbered_on(draft)
    return None if months is None or numbered_on is None else add_months(numbered_on, months)
