"""What the tests of supplements set up: lists that say enough, dossiers of a real procedure, answers to each item."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from agencies.models import Agency
from agencies.states import Role
from core.actor import Actor
from core.working_time import TIME_ZONE
from dossiers.models import Dossier, SupplementItem, SupplementRequest
from dossiers.services import filing, intake, processing, supplement_answers, supplements
from dossiers.services.supplement_lists import Wanted
from dossiers.states import CheckState, Status
from dossiers.transitions import APPLICANT
from procedures.models import Component, SubmissionChannel
from tests.dossiers.filing_kit import pdf, ready
from tests.factories import actor_for, officer_actor

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=TIME_ZONE)
"""When the dossiers of T24 and T25 were accepted."""

BLURRED = "Bản chụp bị mờ ở góc trái. Hãy chụp lại đủ bốn góc, đọc được chữ, rồi tải lên."
WHERE = "Địa chỉ trong tờ khai khác địa chỉ trên giấy tờ. Hãy ghi đúng như giấy tờ của bạn."
WHY = "Người yêu cầu chưa đủ điều kiện về thời gian cư trú. Hãy nộp lại khi đã cư trú đủ 12 tháng."
BASIS = "Điều 28 khoản 3 Luật Cư trú số 68/2020/QH14"


def in_march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=TIME_ZONE)


def submitted(*, at: datetime = MONDAY, unit: Agency | None = None, days: int = 3, **version: Any) -> Dossier:
    """File a complete draft of a procedure with a form, one required paper, and a limit of so many working days."""
    dossier = ready(unit=unit)
    if version:
        for name, value in version.items():
            setattr(dossier.procedure_version, name, value)
        dossier.procedure_version.save()
    SubmissionChannel.objects.filter(version=dossier.procedure_version).update(duration_value=days)
    filing.submit(
        dossier_id=dossier.pk,
        idempotency_key=f"key-{dossier.pk}",
        actor=actor_for(dossier, APPLICANT),
        at=at,
    )
    dossier.refresh_from_db()
    return dossier


def check_all(dossier: Dossier, officer: Actor) -> None:
    for one in dossier.components.filter(replaced_at=None):
        intake.check_component(component_id=one.pk, state=CheckState.CORRECT, actor=officer)


def one_stop(dossier: Dossier) -> Actor:
    dossier.refresh_from_db()
    return actor_for(dossier, Role.ONE_STOP_OFFICER)


def accepted(dossier: Dossier, *, at: datetime = MONDAY) -> Dossier:
    officer = one_stop(dossier)
    check_all(dossier, officer)
    intake.accept(dossier_id=dossier.pk, actor=officer, at=at)
    dossier.refresh_from_db()
    return dossier


def in_process(*, at: datetime = MONDAY, days: int = 5, **version: Any) -> tuple[Dossier, Actor]:
    """Give an accepted dossier with the specialist who took it."""
    dossier = accepted(submitted(at=at, days=days, **version), at=at)
    assert dossier.competent_agency is not None
    specialist = officer_actor(dossier.competent_agency, Role.SPECIALIST)
    processing.take(dossier_id=dossier.pk, actor=specialist, at=at)
    dossier.refresh_from_db()
    return dossier, specialist


def whole_list(dossier: Dossier) -> list[Wanted]:
    """A paper, a question of the form, and something else."""
    paper = Component.objects.get(version=dossier.procedure_version, position=1)
    return [
        Wanted(reason="unreadable", guidance=BLURRED, component_id=paper.pk),
        Wanted(reason="inconsistent_data", guidance=WHERE, field="noi_o"),
        Wanted(
            reason="other",
            name="Giờ có mặt ở nhà",
            guidance="Cơ quan cần hẹn bạn để kiểm tra. Hãy ghi buổi bạn có mặt.",
        ),
    ]


def asked(dossier: Dossier, *, by: Actor | None = None, at: datetime, **options: Any) -> SupplementRequest:
    items = options.pop("items", None) or whole_list(dossier)
    actor = by or one_stop(dossier)
    return supplements.request(dossier_id=dossier.pk, items=items, actor=actor, at=at, **options)


def waiting(status: Status = Status.INTAKE_SUPPLEMENT, *, at: datetime) -> SupplementRequest:
    """Give a request that waits for its applicant."""
    if status == Status.INTAKE_SUPPLEMENT:
        return asked(submitted(at=at), at=at)
    dossier, specialist = in_process(at=at)
    return asked(dossier, by=specialist, at=at)


def answer(
    item: SupplementItem, *, at: datetime, content: bytes | None = None, by: Actor | None = None
) -> None:
    dossier = Dossier.objects.get(pk=item.request.dossier_id)
    actor = by or actor_for(dossier, APPLICANT)
    if supplement_answers.is_file(item):
        supplement_answers.answer_file(
            item_id=item.pk,
            upload=io.BytesIO(pdf(2) if content is None else content),
            name="chup-lai.pdf",
            actor=actor,
            at=at,
        )
    elif item.field:
        data = {item.field: "15 Bạch Đằng, phường Hải Châu"}
        supplement_answers.answer_question(item_id=item.pk, data=data, actor=actor, at=at)
    else:
        supplement_answers.answer_in_words(item_id=item.pk, text="Buổi sáng", actor=actor, at=at)


def answer_all(request: SupplementRequest, *, at: datetime) -> None:
    for item in request.items.order_by("position"):
        answer(item, at=at)


def hand_in(request: SupplementRequest, *, at: datetime) -> Dossier:
    dossier = Dossier.objects.get(pk=request.dossier_id)
    return supplement_answers.hand_in(dossier_id=dossier.pk, actor=actor_for(dossier, APPLICANT), at=at)
