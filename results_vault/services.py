from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.states import Role
from citizens.services import log_access
from citizens.states import AccessPurpose
from core import signing
from core.actor import Actor
from core.errors import Conflict, InvalidInput, Text
from outbox import services as outbox
from results_vault import policies
from results_vault.models import InspectorPost, Result, Scan
from results_vault.states import Change, Fact, Outcome
from results_vault.transitions import MOVES, Move, may_start


class UnsoundSignatures(Conflict):
    """A file that the portal may not keep as a result: unsigned, changed, or signed by an untrusted key."""

    code = "unsound_signatures"
    message = _("Tệp kết quả chưa được ký số hợp lệ nên chưa lưu vào kho. Hãy ký lại rồi phát hành.")


def store_result(
    *,
    token: str,
    dossier_code: str,
    procedure_code: str,
    title: str,
    number: str,
    issuer_id: int,
    signer_name: str,
    content: bytes,
    issued_at: datetime,
    issued_on: date | None = None,
    result_type_id: int | None = None,
    owner_person_id: int | None = None,
    owner_organisation_id: int | None = None,
    valid_to: date | None = None,
    until_event: tuple[str, str] = ("", ""),
    data: dict[str, Any] | None = None,
) -> Result:
    """Keep a signed result. Storing the same file under the same token again gives the row that is there.

    :param token: from :func:`results_vault.codes.new_token`; the QR code in the file already holds it.
    :param issued_at: moment of the agency's signature, with a time zone; certificates are judged for it.
    :param issued_on: date of the document, under which its number counts; by default the day of ``issued_at``.
    :param result_type_id: what kind of result it is by the version under which it was issued.
    :param valid_to: the last day on which the result is in force.
    :param until_event: what ends it, in Vietnamese and in English, read after "có giá trị đến khi".
    :raises UnsoundSignatures: the file is unsigned or a signature is not sound.
    :raises Conflict: another file is kept under the token, or the agency has used the number.
    """
    digest = hashlib.sha256(content).hexdigest()
    if kept := Result.objects.filter(token=token).first():
        return _same_file(kept, digest)
    signatures = signing.verify(content, at=issued_at)
    if not signing.are_sound(signatures):
        raise UnsoundSignatures()

    result = Result(
        token=token,
        dossier_code=dossier_code,
        procedure_code=procedure_code,
        result_type_id=result_type_id,
        title=title,
        number=number,
        issuer_id=issuer_id,
        signer_name=signer_name,
        owner_person_id=owner_person_id,
        owner_organisation_id=owner_organisation_id,
        issued_on=issued_on or timezone.localdate(issued_at),
        valid_to=valid_to,
        until_event=until_event[0],
        until_event_en=until_event[1],
        size=len(content),
        sha256=digest,
        signatures=[_as_json(signature) for signature in signatures],
        data=data or {},
    )
    result.file.save(f"{token}.pdf", ContentFile(content), save=False)  # on disk before the transaction opens
    try:
        with transaction.atomic():
            result.save(force_insert=True)
    except IntegrityError as error:
        result.file.delete(save=False)
        if kept := Result.objects.filter(token=token).first():
            return _same_file(kept, digest)
        raise Conflict(
            _("Số %(number)s đã được cơ quan dùng cho kết quả khác. Hãy cấp số khác.") % {"number": number}
        ) from error
    return result


def change_force(
    *,
    result_id: int,
    change: Change,
    decision: str,
    actor: Actor,
    at: datetime,
    successor_number: str = "",
    happened_on: date | None = None,
) -> Result:
    """Revoke, suspend, resume, supersede, correct or end a result by a decision of its agency.

    :param decision: number and name of the decision, shown to whoever checks the result.
    :param successor_number: number of the result that takes over, issued by the same agency.
    :param happened_on: the day of the event that ends it: the result counts to the end of the day before.
    :raises NotAllowed: the actor does not decide for the agency.
    :raises Conflict: the result is no longer in a status from which the change may start.
    :raises InvalidInput: the decision is missing, the successor is not found, or the day is none of those since its issue.
    """
    move = MOVES[change]
    with transaction.atomic():
        result = Result.objects.select_for_update(of=("self",)).get(pk=result_id)
        policies.require_decider(actor, result)
        if not may_start(move, result, on=timezone.localdate(at)):
            raise Conflict(
                _(
                    "Kết quả đang ở tình trạng “%(status)s” nên không thực hiện được việc này. Hãy tải lại trang."
                )
                % {"status": result.get_status_display()}
            )
        if not decision.strip():
            raise InvalidInput({"decision": [_("Hãy nhập số và ngày của quyết định.")]})
        successor = _successor(result, successor_number) if move.needs_successor else None
        if move.needs_day:
            result.valid_to = _last_day(result, happened_on, today=timezone.localdate(at))
        _write(result, move=move, decision=decision.strip(), successor=successor, at=at)
    return result


@transaction.atomic
def take_over(*, result_id: int, successor_id: int, change: Change, decision: str, at: datetime) -> bool:
    """Let a result that was just issued take over from an earlier one; whoever scans the old one is led to the new one.

    Who signs for the agency has decided it with the new result. Say whether it took effect: a result that was revoked
    or replaced meanwhile stays what it is.
    """
    result = Result.objects.select_for_update(of=("self",)).get(pk=result_id)
    move = MOVES[change]
    if result.status not in move.sources:
        return False
    _write(result, move=move, decision=decision, successor=Result.objects.get(pk=successor_id), at=at)
    return True


_FORCE = ("status", "status_decision", "status_since", "superseded_by", "valid_to", "updated_at")


def _write(result: Result, *, move: Move, decision: str, successor: Result | None, at: datetime) -> None:
    result.superseded_by = successor
    result.status = move.target
    result.status_decision = decision
    result.status_since = timezone.localdate(at)
    result.save(update_fields=_FORCE)
    outbox.publish(
        topic=f"result.{move.change}",
        key=result.dossier_code,
        payload={"result_id": result.pk, "decision": result.status_decision},
        at=at,
    )


def record_scan(*, result: Result | None, outcome: Outcome, actor: Actor, at: datetime) -> None:
    """Note that a code was looked up; an owner who looks at their own result leaves no trace."""
    if result is not None and actor.is_person and policies.visible(actor).filter(pk=result.pk).exists():
        return
    reader = actor.display_name if actor.is_officer else ""
    Scan.objects.create(result=result, at=at, reader=reader, network=_network(actor.ip), outcome=outcome)


def record_inspection(
    *,
    result: Result,
    posts: Sequence[InspectorPost],
    facts: Iterable[Fact],
    purpose: AccessPurpose,
    actor: Actor,
    at: datetime,
) -> None:
    """Note what an inspector was shown: among the look-ups of the result, and in its owner's access log."""
    Scan.objects.create(
        result=result,
        at=at,
        reader=actor.display_name,
        network=_network(actor.ip),
        outcome=result.outcome(on=timezone.localdate(at)),
        inspected_as=sorted({one.inspector_class for one in posts}),
        purpose=purpose,
        seen=sorted(facts),
    )
    log_access(
        actor=actor,
        purpose=purpose,
        reference=result.number,
        at=at,
        person_id=result.owner_person_id,
        organisation_id=result.owner_organisation_id,
        role=str(
            _("Người kiểm tra: %s") % ", ".join(str(one.get_inspector_class_display()) for one in posts)
        ),
        unit=", ".join(sorted({one.agency.name for one in posts})),
    )


def record_reading(*, result: Result, actor: Actor, purpose: AccessPurpose, at: datetime) -> None:
    """Note in the owner's access log that an officer read the full result, in which role and for which unit."""
    unit_id = (
        result.issuer_id if result.issuer_id in actor.agency_ids else min(actor.agency_ids, default=None)
    )
    unit = Agency.objects.filter(pk=unit_id).values_list("name", flat=True).first() if unit_id else None
    roles = [role.label for role in Role if actor.holds(role, agency_id=unit_id)]
    log_access(
        actor=actor,
        purpose=purpose,
        reference=result.number,
        at=at,
        person_id=result.owner_person_id,
        organisation_id=result.owner_organisation_id,
        role=", ".join(str(role) for role in roles),
        unit=unit or "",
    )


def _same_file(kept: Result, digest: str) -> Result:
    if kept.sha256 != digest:
        raise Conflict(_("Mã này đã được dùng cho một kết quả khác. Hãy tạo lại dự thảo để có mã mới."))
    return kept


def _successor(result: Result, number: str) -> Result:
    same_number = Result.objects.filter(issuer=result.issuer_id, number=number.strip()).exclude(pk=result.pk)
    # Numbers begin anew each year: the newest is meant.
    found = same_number.order_by("-issued_on", "-pk").first()
    if found is None:
        problem = _("Không có kết quả nào của cơ quan mang số này. Hãy phát hành kết quả mới trước.")
        raise InvalidInput({"successor_number": [problem]})
    return found


def _last_day(result: Result, happened_on: date | None, *, today: date) -> date:
    if happened_on is None:
        problem: Text = _("Hãy ghi ngày xảy ra sự kiện.")
    elif not result.issued_on <= happened_on <= today:
        problem = _("Ngày xảy ra phải từ ngày cấp %(issued)s đến hôm nay. Hãy chọn lại.") % {
            "issued": f"{result.issued_on:%d/%m/%Y}"
        }
    else:
        return happened_on - timedelta(days=1)
    raise InvalidInput({"happened_on": [problem]})


def _as_json(signature: signing.SignatureReport) -> dict[str, Any]:
    fields = asdict(signature)
    signed_at = signature.signed_at
    return fields | {
        "signed_at": signed_at.isoformat() if signed_at else None,
        "problem": str(signature.problem),
    }


def _network(ip: str) -> str:
    """Drop the part of an address that leads to one person: keep /24 of IPv4 and /48 of IPv6."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ""
    prefix = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{ip}/{prefix}", strict=False))
