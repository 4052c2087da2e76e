"""Xác minh: facts are checked on the spot or in other books, and what was found is recorded (NĐ 61/2018, art. 19).

The clock runs on, unless the law of the procedure does not count the time of the verification.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import InvalidInput, Text
from dossiers.models import Dossier, Verification
from dossiers.services import asking
from dossiers.services.moves import advance, lock
from dossiers.states import Action
from outbox import services as outbox

PRESENCE = "dossier.verification_presence"
PURPOSE_LENGTH = 2000
PLACE_LENGTH = 255
PEOPLE_LENGTH = 1000
FINDINGS_LENGTH = 4000


@transaction.atomic
def start(
    *,
    dossier_id: int,
    purpose: str,
    place: str,
    planned_at: datetime | None,
    needs_presence: bool,
    actor: Actor,
    at: datetime,
) -> Verification:
    """Begin a verification; where the applicant must be there, they are told when and where.

    That notice has the topic ``dossier.verification_presence``.

    :raises AlreadyDone, IllegalMove: the dossier is not in process.
    :raises NotAllowed: the actor does not hold the dossier.
    :raises InvalidInput: under ``purpose``, ``place`` or ``planned_at`` (no moment, or not a later one within a year).
    """
    dossier = lock(dossier_id=dossier_id)
    asking.require_holder(dossier, Action.START_VERIFICATION, actor)
    purpose, place = purpose.strip(), place.strip()
    problems: dict[str, list[Text]] = {
        "purpose": asking.text_problems(
            purpose, missing=_("Hãy ghi cần xác minh điều gì."), limit=PURPOSE_LENGTH
        ),
        "place": asking.text_problems(
            place, missing=_("Hãy ghi nơi xác minh: địa chỉ, hoặc cơ quan giữ sổ gốc."), limit=PLACE_LENGTH
        ),
        "planned_at": _planned_problems(planned_at, at=at),
    }
    problems = {name: wrong for name, wrong in problems.items() if wrong}
    if problems or planned_at is None:
        raise InvalidInput(problems)
    verification = Verification.objects.create(
        dossier=dossier,
        purpose=purpose,
        place=place,
        planned_at=planned_at,
        needs_presence=needs_presence,
        started_by_id=actor.officer_id or 0,  # the table lets none but an officer come here
        started_at=at,
    )
    advance(
        dossier_id=dossier_id,
        action=Action.START_VERIFICATION,
        actor=actor,
        at=at,
        data={"verification_id": verification.pk, "needs_presence": needs_presence},
    )
    if needs_presence:
        outbox.publish(topic=PRESENCE, key=dossier.tracking_no, payload={"dossier_id": dossier.pk}, at=at)
    return verification


def _planned_problems(planned_at: datetime | None, *, at: datetime) -> list[Text]:
    if planned_at is None:
        return [_("Hãy nhập ngày, giờ dự kiến xác minh.")]
    if planned_at <= at:
        return [_("Thời điểm này đã qua. Hãy nhập một thời điểm sau bây giờ.")]
    if planned_at > at + asking.LONGEST_WAIT:
        return [_("Ngày này xa hơn một năm. Hãy kiểm tra lại năm.")]
    return []


@transaction.atomic
def finish(*, dossier_id: int, people: str, findings: str, actor: Actor, at: datetime) -> Dossier:
    """Record who took part and what was found; the record of the verification follows.

    :raises AlreadyDone, IllegalMove: no verification goes on.
    :raises NotAllowed: the actor does not hold the dossier.
    :raises InvalidInput: under ``people`` or ``findings``.
    """
    dossier = lock(dossier_id=dossier_id)
    asking.require_holder(dossier, Action.FINISH_VERIFICATION, actor)
    people, findings = people.strip(), findings.strip()
    problems: dict[str, list[Text]] = {
        "people": asking.text_problems(
            people, missing=_("Hãy ghi họ tên, chức vụ những người tham gia xác minh."), limit=PEOPLE_LENGTH
        ),
        "findings": asking.text_problems(
            findings, missing=_("Hãy ghi kết quả xác minh."), limit=FINDINGS_LENGTH
        ),
    }
    problems = {name: wrong for name, wrong in problems.items() if wrong}
    if problems:
        raise InvalidInput(problems)
    verification = dossier.verifications.get(finished_at=None, closed_at=None)
    verification.people, verification.findings = people, findings
    verification.finished_by_id, verification.finished_at = actor.officer_id, at
    verification.save()
    return advance(
        dossier_id=dossier_id,
        action=Action.FINISH_VERIFICATION,
        actor=actor,
        at=at,
        data={"verification_id": verification.pk},
    )
