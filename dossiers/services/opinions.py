"""Ý kiến phối hợp: other agencies are asked in writing, each its own question with its own day.

Silence is not consent: without an answer the specialist goes on only with a reason, which the history keeps. The clock
runs meanwhile, and an answer that comes late is taken and shown as late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from core.working_time import TIME_ZONE
from dossiers import policies
from dossiers.models import Dossier, DossierComponent, Opinion
from dossiers.services import asking
from dossiers.services.moves import advance, lock
from dossiers.states import Action, ScanState
from outbox import services as outbox

ANSWERED = "dossier.opinion_answered"
REMINDED = "dossier.opinion_reminded"
REMIND_AFTER = timedelta(hours=24)
MOST_AGENCIES = 5
QUESTION_LENGTH = 2000
ANSWER_LENGTH = 4000
REASON_LENGTH = 1000


class AnsweredAlready(Conflict):
    """An agency answers once; what it said stays as it was said."""

    code = "answered_already"
    message = _("Cơ quan của bạn đã trả lời ý kiến này. Câu trả lời đã gửi không sửa được.")


class NobodyWaits(Conflict):
    """The dossier has ended, so that an answer would be read by nobody."""

    code = "nobody_waits"
    message = _("Hồ sơ này đã có kết quả hoặc đã dừng nên không cần trả lời nữa.")


class RemindedAlready(Conflict):
    """The agency was reminded less than a day ago."""

    code = "reminded_already"
    message = _("Cơ quan này đã được nhắc trong 24 giờ qua. Hãy nhắc lại vào ngày khác.")


@dataclass(frozen=True, slots=True)
class Question:
    """What one agency is asked. ``due_on`` is a working day of the asked agency; the answer is due when it ends."""

    agency_id: int | None
    text: str
    due_on: date | None
    document_ids: tuple[int, ...] = ()


@transaction.atomic
def ask(*, dossier_id: int, questions: Sequence[Question], actor: Actor, at: datetime) -> list[Opinion]:
    """Ask one or several agencies at once; they see their question and its documents, and nothing else.

    :raises AlreadyDone, IllegalMove: the dossier is not in process.
    :raises NotAllowed: the actor does not hold the dossier.
    :raises InvalidInput: under ``agency_<n>``, ``question_<n>``, ``due_on_<n>``, ``documents_<n>``, n from 0, or under
        ``questions`` where there is none or there are more than `MOST_AGENCIES`.
    """
    dossier = lock(dossier_id=dossier_id)
    asking.require_holder(dossier, Action.ASK_OPINION, actor)
    documents = {one.pk: one for one in may_be_shown(dossier)}
    problems = _problems(dossier, questions, known=documents.keys(), at=at)
    if problems:
        raise InvalidInput(problems)
    asked = []
    for question in questions:
        if question.agency_id is None or question.due_on is None:
            raise ValueError("questions: one without its agency or day has passed the checks")
        opinion = Opinion.objects.create(
            dossier=dossier,
            agency_id=question.agency_id,
            question=question.text.strip(),
            asked_by_id=actor.officer_id or 0,  # the table lets none but an officer come here
            asked_at=at,
            due_at=asking.end_of(question.due_on, agency_id=question.agency_id),
        )
        opinion.documents.set([documents[pk] for pk in question.document_ids])
        asked.append(opinion)
    advance(
        dossier_id=dossier_id,
        action=Action.ASK_OPINION,
        actor=actor,
        at=at,
        data={
            "agencies": [opinion.agency.name for opinion in asked],
            "opinion_ids": [opinion.pk for opinion in asked],
        },
    )
    return asked


def may_be_shown(dossier: Dossier) -> QuerySet[DossierComponent]:
    """Give the handed-in files that may be put to a question: current ones, free of malware."""
    current = dossier.components.filter(replaced_at=None, scan_state=ScanState.CLEAN)
    return current.select_related("component").order_by("component__position")


def may_be_asked(dossier: Dossier, *, at: datetime) -> QuerySet[Agency]:
    """Give the agencies other than the one that decides, by name."""
    agencies = Agency.objects.in_force(on=at.astimezone(TIME_ZONE).date())
    return agencies.exclude(pk=dossier.competent_agency_id or 0).order_by("name_sort", "pk")


def _problems(
    dossier: Dossier, questions: Sequence[Question], *, known: Iterable[int], at: datetime
) -> dict[str, list[Text]]:
    if not 1 <= len(questions) <= MOST_AGENCIES:
        return {
            "questions": [_("Hãy hỏi từ 1 đến %(most)d cơ quan trong một lần.") % {"most": MOST_AGENCIES}]
        }
    possible = set(may_be_asked(dossier, at=at).values_list("pk", flat=True))
    documents = set(known)
    problems: dict[str, list[Text]] = {}
    for n, question in enumerate(questions):
        earlier = {one.agency_id for one in questions[:n]}
        if question.agency_id not in possible:
            problems[f"agency_{n}"] = [_("Hãy chọn một cơ quan khác trong danh sách.")]
        elif question.agency_id in earlier:
            problems[f"agency_{n}"] = [_("Cơ quan này đã có trong phiếu. Hãy gộp các câu hỏi lại.")]
        missing = _("Hãy ghi câu hỏi cụ thể để cơ quan kia trả lời được ngay.")
        if wrong := asking.text_problems(question.text.strip(), missing=missing, limit=QUESTION_LENGTH):
            problems[f"question_{n}"] = wrong
        agency_id = question.agency_id if question.agency_id in possible else dossier.competent_agency_id
        if agency_id and (wrong := asking.day_problems(question.due_on, agency_id=agency_id, at=at)):
            problems[f"due_on_{n}"] = wrong
        if not documents.issuperset(question.document_ids):
            problems[f"documents_{n}"] = [_("Chỉ gửi được giấy tờ của hồ sơ này. Hãy chọn lại.")]
    return problems


@transaction.atomic
def answer(*, opinion_id: int, agrees: bool | None, text: str, actor: Actor, at: datetime) -> Opinion:
    """Answer for the asked agency, once; the specialist who asked is told (topic ``dossier.opinion_answered``).

    :raises AnsweredAlready: a colleague was faster.
    :raises NobodyWaits: the dossier has ended.
    :raises NotAllowed: the actor is neither specialist nor leader of the asked agency.
    :raises InvalidInput: under ``agrees`` or ``answer``.
    """
    opinion = Opinion.objects.select_for_update().get(pk=opinion_id)
    if not policies.visible_opinions(actor).filter(pk=opinion.pk).exists():
        raise NotAllowed()
    require_answerable(opinion)
    text = text.strip()
    problems: dict[str, list[Text]] = {}
    if agrees is None:
        problems["agrees"] = [_("Hãy chọn đồng ý hay không đồng ý.")]
    missing = _("Hãy ghi ý kiến và căn cứ của cơ quan bạn.")
    if wrong := asking.text_problems(text, missing=missing, limit=ANSWER_LENGTH):
        problems["answer"] = wrong
    if problems:
        raise InvalidInput(problems)
    opinion.agrees, opinion.answer = agrees, text
    opinion.answered_by_id, opinion.answered_at = actor.officer_id, at
    opinion.save()
    outbox.publish(
        topic=ANSWERED,
        key=opinion.dossier.tracking_no,
        payload={"dossier_id": opinion.dossier_id, "opinion_id": opinion.pk},
        at=at,
    )
    return opinion


def require_answerable(opinion: Opinion) -> None:
    """:raises AnsweredAlready, NobodyWaits: see there."""
    if opinion.answered_at is not None:
        raise AnsweredAlready()
    if opinion.closed_at is not None:
        raise NobodyWaits()


@transaction.atomic
def remind(*, opinion_id: int, actor: Actor, at: datetime) -> Opinion:
    """Remind the asked agency of its answer, once in a day (topic ``dossier.opinion_reminded``).

    :raises RemindedAlready, AnsweredAlready, NobodyWaits: see there.
    :raises NotAllowed: the actor does not hold the dossier.
    """
    opinion = Opinion.objects.select_for_update(of=("self",)).select_related("dossier").get(pk=opinion_id)
    asking.require_holder_of(opinion.dossier, Role.SPECIALIST, actor=actor)
    require_answerable(opinion)
    if not may_be_reminded(opinion, at=at):
        raise RemindedAlready()
    opinion.reminded_at = at
    opinion.save(update_fields=["reminded_at", "updated_at"])
    outbox.publish(
        topic=REMINDED,
        key=opinion.dossier.tracking_no,
        payload={"dossier_id": opinion.dossier_id, "opinion_id": opinion.pk},
        at=at,
    )
    return opinion


def may_be_reminded(opinion: Opinion, *, at: datetime) -> bool:
    """Say whether an answer is waited for, and the last reminder was a day ago."""
    rested = opinion.reminded_at is None or at - opinion.reminded_at >= REMIND_AFTER
    return opinion.is_open and rested


@transaction.atomic
def go_on(*, dossier_id: int, reason: str, actor: Actor, at: datetime) -> Dossier:
    """Take the dossier up again with the answers that came, or without one, for a reason that is kept.

    :raises AlreadyDone, IllegalMove: no opinion is waited for.
    :raises NotAllowed: the actor does not hold the dossier.
    :raises InvalidInput: under ``reason``, which is needed only where an answer is missing.
    """
    dossier = lock(dossier_id=dossier_id)
    asking.require_holder(dossier, Action.RECEIVE_OPINION, actor)
    missing = [opinion.agency.name for opinion in unanswered(dossier)]
    reason = reason.strip()
    if missing:
        why = _("Còn cơ quan chưa trả lời. Im lặng không phải là đồng ý: hãy ghi vì sao giải quyết tiếp.")
        if wrong := asking.text_problems(reason, missing=why, limit=REASON_LENGTH):
            raise InvalidInput({"reason": wrong})
    return advance(
        dossier_id=dossier_id,
        action=Action.RECEIVE_OPINION,
        actor=actor,
        at=at,
        note=reason if missing else "",
        data={"without": missing} if missing else {},
    )


def unanswered(dossier: Dossier) -> QuerySet[Opinion]:
    """Give the opinions of the last asking that nobody has given yet."""
    last = dossier.opinions.order_by("-asked_at").values("asked_at")[:1]
    return (
        dossier.opinions.filter(asked_at=last, answered_at=None, closed_at=None)
        .select_related("agency")
        .order_by("pk")
    )
