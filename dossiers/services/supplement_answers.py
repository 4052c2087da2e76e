"""Nộp bổ sung: the list is answered item by item, then the whole of it is handed in.

The applicant does it, or at the counter a one-stop officer for somebody who has come in person, once
`counter_supplements.receive` has written down whose papers were looked at that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed
from dossiers import clock, policies
from dossiers.models import Dossier, DossierComponent, SupplementItem, SupplementRequest
from dossiers.services import attachments, identity
from dossiers.services.moves import advance, lock
from dossiers.services.supplements import clock_time
from dossiers.states import (
    ASKED_TO_SUPPLEMENT,
    Action,
    CheckState,
    GivenAs,
    ScanState,
    SupplementPhase,
    SupplementState,
)
from procedures import eforms
from procedures.models import Component

WORDS_LENGTH = 2000


class LimitPassed(Conflict):
    """The limit for the supplement is over: nothing is taken any more."""

    code = "supplement_limit_passed"

    def __init__(self, due_at: datetime) -> None:
        super().__init__(
            _(
                "Thời hạn bổ sung đã hết lúc %(due)s nên không nhận thêm được. "
                "Hãy nộp hồ sơ mới với giấy tờ đầy đủ; cần hỏi, hãy gọi 1022 và đọc mã hồ sơ."
            )
            % {"due": clock_time(due_at)}
        )


class HandedInAlready(Conflict):
    """The answers have been sent; they cannot be changed any more."""

    code = "supplement_handed_in"
    message = _("Phần bổ sung đã được gửi rồi, không cần gửi lại. Hãy xem tình trạng ở trang hồ sơ.")


class NotWanted(Conflict):
    """Nobody waits for this answer any more: the dossier went another way."""

    code = "supplement_not_wanted"
    message = _("Hồ sơ không còn chờ bổ sung mục này. Hãy xem tình trạng mới ở trang hồ sơ.")


class FoundRight(Conflict):
    """The answer was looked at and found right; only what went back is answered anew."""

    code = "supplement_found_right"
    message = _("Mục này đã đạt nên không cần gửi lại. Chỉ bổ sung lại những mục chưa đạt.")


class NobodySeen(Conflict):
    """An officer types for somebody whose papers nobody has looked at today."""

    code = "supplement_nobody_seen"
    message = _(
        "Hôm nay chưa đối chiếu giấy tờ tùy thân của người đến bổ sung. Hãy đối chiếu và ghi người đến trước khi nhập."
    )


class Incomplete(Conflict):
    """Items are still without an answer. ``data["items"]`` are their ids."""

    code = "supplement_incomplete"


def is_file(item: SupplementItem) -> bool:
    """Say whether an item is answered with a file."""
    return item.component is not None and item.component.is_upload


def answer_file(
    *,
    item_id: int,
    upload: IO[bytes],
    name: str,
    actor: Actor,
    at: datetime,
    given_as: str = GivenAs.FILE,
    original_kept: bool = False,
) -> SupplementItem:
    """Answer an item with a file, checked like every file of a dossier; the file in its place stays, as replaced.

    :param given_as: one of `GivenAs`; at the counter what lies on it. :param original_kept: it stays here for now.
    :raises UploadRefused: the file cannot be taken; everything is as before.
    :raises InvalidInput: at the counter, under ``given_as`` or ``original_kept``.
    :raises LimitPassed, HandedInAlready, FoundRight, NotWanted, NobodySeen, NotAllowed: the item takes no answer now,
        or not from the actor.
    """
    if actor.is_officer:
        attachments.require_given(given_as, original_kept=original_kept)
    item = SupplementItem.objects.select_related("request__dossier", "component").get(pk=item_id)
    _require_open(item.request, item.request.dossier, actor=actor, at=at)
    _require_lacking(item)
    component = item.component
    if component is None or not is_file(item):
        raise NotWanted()
    stored = attachments.store(upload, name=name, component=component)
    try:
        with transaction.atomic():
            dossier, item = _lock(item_id, actor=actor, at=at)
            _replace(dossier, component, at=at)
            row = stored.row(dossier=dossier, component=component)
            row.given_as, row.original_kept = given_as, original_kept
            row.save(force_insert=True)
            item.answer_file = row
            return _answered(item, actor=actor, at=at)
    except BaseException as problem:
        attachments.discard([stored], because=problem)
        raise


@transaction.atomic
def answer_question(*, item_id: int, data: Mapping[str, Any], actor: Actor, at: datetime) -> SupplementItem:
    """Answer an item with a new answer to a question of the e-form; ``data`` is the posted form.

    :raises InvalidInput: under the question's name: the answer does not fit.
    :raises LimitPassed, HandedInAlready, NotWanted, NotAllowed: as `answer_file`.
    """
    dossier, item = _lock(item_id, actor=actor, at=at)
    if not item.field:
        raise NotWanted()
    schema = eforms.of_version(dossier.procedure_version)
    answer = eforms.clean_one(schema, item.field, data)
    dossier.form_data = eforms.with_answer(schema, dossier.form_data, item.field, answer)
    dossier.form_revision += 1
    dossier.save(update_fields=["form_data", "form_revision", "updated_at"])
    item.answer_text = eforms.display_values(schema, dossier.form_data).get(item.field, "")
    return _answered(item, actor=actor, at=at)


@transaction.atomic
def answer_in_words(*, item_id: int, text: str, actor: Actor, at: datetime) -> SupplementItem:
    """Answer an item that stands for neither a file nor a question, in words.

    :raises InvalidInput: under ``text``: missing or too long.
    :raises LimitPassed, HandedInAlready, NotWanted, NotAllowed: as `answer_file`.
    """
    _dossier, item = _lock(item_id, actor=actor, at=at)
    if item.field or is_file(item):
        raise NotWanted()
    text = text.strip()
    if not text:
        raise InvalidInput({"text": [_("Hãy ghi câu trả lời cho mục này.")]})
    if len(text) > WORDS_LENGTH:
        raise InvalidInput(
            {"text": [_("Dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": WORDS_LENGTH}]}
        )
    item.answer_text = text
    return _answered(item, actor=actor, at=at)


@transaction.atomic
def hand_in(*, dossier_id: int, actor: Actor, at: datetime) -> Dossier:
    """Send the answers. Before the acceptance the dossier is filed anew, its acceptance counted from the start (R8).

    In process the one-stop unit confirms that everything came before the clock goes on.

    :raises Incomplete: items have no answer, or files that were not scanned yet or are infected.
    :raises LimitPassed, HandedInAlready, NotWanted, NobodySeen, NotAllowed: as `answer_file`.
    """
    dossier = lock(dossier_id=dossier_id)
    request = SupplementRequest.objects.select_for_update().filter(dossier=dossier).order_by("-pk").first()
    if request is None:
        raise NotWanted()
    _require_open(request, dossier, actor=actor, at=at)
    items = list(request.items.select_related("answer_file").order_by("position"))
    _require_complete(items)
    request.state, request.answered_at = SupplementState.ANSWERED, at
    request.typed_by_id = actor.officer_id
    request.save(update_fields=["state", "answered_at", "typed_by", "updated_at"])
    files = {str(item.position): item.answer_file.sha256 for item in items if item.answer_file}
    data: dict[str, Any] = {"request_id": request.pk, "files": files}
    seen = identity.seen_today(request, at=at) if actor.is_officer else None
    if seen is not None:
        data["identity"] = identity.facts(seen)
    if request.phase == SupplementPhase.INTAKE:
        return advance(dossier_id=dossier_id, action=Action.RESUBMIT, actor=actor, at=at, data=data)
    dossier = advance(
        dossier_id=dossier_id, action=Action.SUPPLEMENT_HANDED_IN, actor=actor, at=at, data=data
    )
    # What is next is the one-stop unit's confirmation; it has as long as for a filing.
    dossier.next_due_at = clock.accept_due(dossier, submitted_at=at)
    dossier.save(update_fields=["next_due_at", "updated_at"])
    return dossier


def _require_complete(items: list[SupplementItem]) -> None:
    open_items = [item for item in items if item.answered_at is None]
    if open_items:
        raise _incomplete(_("Còn mục chưa bổ sung: %(names)s. Hãy bổ sung rồi gửi."), open_items)
    infected = [one for one in items if one.answer_file and one.answer_file.scan_state == ScanState.INFECTED]
    if infected:
        raise _incomplete(_("Tệp có mã độc: %(names)s. Hãy tải lên bản khác rồi gửi."), infected)
    pending = [one for one in items if one.answer_file and one.answer_file.scan_state == ScanState.PENDING]
    if pending:
        raise _incomplete(
            _("Tệp đang chờ quét mã độc: %(names)s. Hãy gửi lại sau ít phút, tệp không mất đi."), pending
        )


def _incomplete(message: Any, items: list[SupplementItem]) -> Incomplete:
    names = "; ".join(item.name[:80] for item in items)
    return Incomplete(str(message) % {"names": names}, items=[item.pk for item in items])


def _lock(item_id: int, *, actor: Actor, at: datetime) -> tuple[Dossier, SupplementItem]:
    """Lock an item's dossier, then the item's request, and let the actor answer."""
    dossier_id = SupplementItem.objects.values_list("request__dossier_id", flat=True).get(pk=item_id)
    dossier = lock(dossier_id=dossier_id)
    item = SupplementItem.objects.select_related("component").get(pk=item_id)
    request = SupplementRequest.objects.select_for_update().get(pk=item.request_id)
    _require_open(request, dossier, actor=actor, at=at)
    _require_lacking(item)
    return dossier, item


def _require_open(request: SupplementRequest, dossier: Dossier, *, actor: Actor, at: datetime) -> None:
    at_counter = Role.ONE_STOP_OFFICER in policies.capacities(actor, dossier)
    if not (at_counter or policies.is_applicant(actor, dossier)):
        raise NotAllowed()
    require_waiting(request, dossier, at=at)
    if at_counter and identity.seen_today(request, at=at) is None:
        raise NobodySeen()


def require_waiting(request: SupplementRequest, dossier: Dossier, *, at: datetime) -> None:
    """Let answers to a request come in at ``at``, from whomever.

    :raises LimitPassed, HandedInAlready, NotWanted: see there.
    """
    if request.state in (SupplementState.ANSWERED, SupplementState.SETTLED):
        raise HandedInAlready()
    if request.state == SupplementState.LAPSED or (
        request.state == SupplementState.OPEN and at > request.due_at
    ):
        raise LimitPassed(request.due_at)
    if request.state != SupplementState.OPEN or dossier.status not in ASKED_TO_SUPPLEMENT:
        raise NotWanted()


def _require_lacking(item: SupplementItem) -> None:
    if item.check_state == CheckState.CORRECT:
        raise FoundRight()


def _replace(dossier: Dossier, component: Component, *, at: datetime) -> None:
    DossierComponent.objects.filter(dossier=dossier, component=component, replaced_at=None).update(
        replaced_at=at, updated_at=at
    )


def _answered(item: SupplementItem, *, actor: Actor, at: datetime) -> SupplementItem:
    item.answered_at, item.typed_by_id, item.check_state = at, actor.officer_id, CheckState.UNCHECKED
    item.save(update_fields=["answer_file", "answer_text", "answered_at", "typed_by", "check_state"])
    return item
