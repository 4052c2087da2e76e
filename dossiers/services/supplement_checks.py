"""Đối chiếu phần bổ sung: the one-stop unit compares what came in process with what was asked.

The list is complete, and the time goes on (NĐ 61/2018, art. 19.4), or what is not as it was asked goes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Conflict, InvalidInput
from dossiers.models import Dossier, SupplementItem, SupplementRequest
from dossiers.services import guards, supplement_lists
from dossiers.services.moves import advance, lock
from dossiers.services.supplements import clock_time, close_answered
from dossiers.states import Action, CheckState, ScanState, SupplementState


class NotHandedIn(Conflict):
    """The applicant has not handed in the whole list, so there is nothing to confirm."""

    code = "supplement_not_handed_in"
    message = _(
        "Người nộp chưa nộp đủ các mục được yêu cầu nên chưa xác nhận được. Hãy chờ người nộp gửi bổ sung."
    )


class AnswerUnsafe(Conflict):
    """A file that answers an item has not passed the virus scanner."""

    code = "supplement_unsafe"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            _(
                "Tệp bổ sung chưa quét xong hoặc có mã độc: %(names)s. "
                "Hãy chờ ít phút; nếu vẫn vậy, hãy trả lại mục đó để người nộp gửi bản khác."
            )
            % {"names": "; ".join(names)}
        )


class NoTimeToMend(Conflict):
    """The limit of the request has passed: what went back now could not be mended any more."""

    code = "supplement_no_time_to_mend"

    def __init__(self, due_at: datetime) -> None:
        super().__init__(
            _(
                "Thời hạn bổ sung đã hết lúc %(due)s nên không trả lại được: người nộp không còn thời gian sửa, và "
                "pháp luật không cho kéo dài. Hãy xác nhận đã nhận; chuyên viên giải quyết theo hồ sơ hiện có, "
                "hoặc đề nghị từ chối nếu có căn cứ."
            )
            % {"due": clock_time(due_at)}
        )


@transaction.atomic
def confirm(*, dossier_id: int, actor: Actor, at: datetime) -> Dossier:
    """Confirm at the one-stop unit that the whole list came in: the clock goes on, the receipt is printed anew.

    :raises AlreadyDone: another officer has confirmed it.
    :raises NotAllowed: the actor is not a one-stop officer of the receiving unit.
    :raises NotHandedIn: the applicant has not sent the answers.
    :raises AnswerUnsafe: a file has not been scanned, or is infected.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.SUPPLEMENT_RECEIVED, actor)
    answered = _answered(dossier)
    unsafe = answered.items.filter(answer_file__isnull=False).exclude(answer_file__scan_state=ScanState.CLEAN)
    if names := list(unsafe.values_list("name", flat=True)):
        raise AnswerUnsafe(names)
    answered.items.update(check_state=CheckState.CORRECT, check_note="")
    close_answered(dossier, at=at)
    return advance(
        dossier_id=dossier_id,
        action=Action.SUPPLEMENT_RECEIVED,
        actor=actor,
        at=at,
        data={"request_id": answered.pk},
    )


@transaction.atomic
def send_back(
    *, dossier_id: int, lacking: Mapping[int, str], actor: Actor, at: datetime
) -> SupplementRequest:
    """Send answers back that are not what was asked: the applicant mends those items, all others are settled.

    This is no further request: nothing new is asked for, and the limit that the applicant was given stays as it is.
    The law counts time again only "after the full dossier is received" (NĐ 61/2018, art. 19.4), so the clock goes on
    standing still; and it gives one limit for one request, so that afterwards there is nothing left to give.

    :param lacking: by the item's id what its answer lacks and what the applicant has to do.
    :raises AlreadyDone: another officer has confirmed the answers.
    :raises NotAllowed: the actor is not a one-stop officer of the receiving unit.
    :raises NotHandedIn: the applicant has not sent the answers, or they went back already.
    :raises NoTimeToMend: the request's limit has passed.
    :raises InvalidInput: under ``lacking``, or ``why_<item id>``: vague or offensive.
    """
    dossier = lock(dossier_id=dossier_id)
    request = require_returnable(dossier=dossier, actor=actor, at=at)
    items = list(request.items.select_related("answer_file").order_by("position"))
    _require_reasons(dossier, request, items, lacking)
    wrong = [item for item in items if item.pk in lacking]
    for item in items:
        is_wrong = item in wrong
        item.check_state = CheckState.WRONG if is_wrong else CheckState.CORRECT
        item.check_note = lacking[item.pk].strip() if is_wrong else ""
        item.answered_at = None if is_wrong else item.answered_at
    SupplementItem.objects.bulk_update(items, ["check_state", "check_note", "answered_at"])
    request.state, request.answered_at, request.typed_by = SupplementState.OPEN, None, None
    request.save(update_fields=["state", "answered_at", "typed_by", "updated_at"])
    dossier = advance(
        dossier_id=dossier_id,
        action=Action.SUPPLEMENT_SENT_BACK,
        actor=actor,
        at=at,
        note="; ".join(f"{item.name}: {item.check_note}" for item in wrong),
        data={
            "request_id": request.pk,
            "lacking": {str(item.position): item.check_note for item in wrong},
            "files": {str(item.position): item.answer_file.sha256 for item in wrong if item.answer_file},
        },
    )
    dossier.next_due_at = request.due_at
    dossier.save(update_fields=["next_due_at", "updated_at"])
    return request


def require_returnable(*, dossier: Dossier, actor: Actor, at: datetime) -> SupplementRequest:
    """Ask before anything is typed whether the actor may send answers back, and give the request they belong to.

    :raises AlreadyDone, NotAllowed, NotHandedIn, NoTimeToMend: as `send_back`.
    """
    guards.require(dossier, Action.SUPPLEMENT_SENT_BACK, actor)
    request = _answered(dossier)
    if at > request.due_at:
        raise NoTimeToMend(request.due_at)
    return request


def _answered(dossier: Dossier) -> SupplementRequest:
    answered = dossier.supplements.filter(state=SupplementState.ANSWERED).first()
    if answered is None:
        raise NotHandedIn()
    return answered


def _require_reasons(
    dossier: Dossier, request: SupplementRequest, items: list[SupplementItem], lacking: Mapping[int, str]
) -> None:
    if not lacking or not lacking.keys() <= {item.pk for item in items}:
        raise InvalidInput(
            {
                "lacking": [
                    _("Hãy đánh dấu ít nhất một mục chưa đạt. Nếu mọi mục đều đạt, hãy xác nhận đã nhận đủ.")
                ]
            }
        )
    problems: supplement_lists.Problems = {}
    for item in items:
        if item.pk in lacking:
            names = dict.fromkeys(("guidance", "reason"), f"why_{item.pk}")
            problems |= supplement_lists.guidance_problems(
                dossier, lacking[item.pk], reason=item.reason, due_at=request.due_at, names=names
            )
    if problems:
        raise InvalidInput(problems)
