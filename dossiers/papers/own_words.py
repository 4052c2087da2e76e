"""What a procedure adds to a letter where the form leaves room (`procedures.messages.LETTERS`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime

from dossiers.drafts import short
from dossiers.models import Paper
from procedures import messages
from procedures.messages import Room
from procedures.models import ProcedureVersion

LONGEST_NAME = 120


def of(paper: Paper, context: Mapping[str, Any]) -> dict[str, str]:
    """Give the own words for a letter by room, "" where there are none. One query at most.

    :param context: what the letter says, with its ``unit``, ``competent`` and ``reference``.
    """
    said = paper.dossier.procedure_version.messages
    topics = {room.value: messages.letter_topic(paper.form, room) for room in Room}
    if not any(topic in said for topic in topics.values()):
        return {}
    unit, due = (
        context["unit"],
        context.get("due_at") or getattr(context.get("extension"), "new_due_at", None),
    )
    asked = context.get("request") or context.get("obligation")
    facts = {
        "ma_ho_so": context["reference"],
        "luc": _moment(paper.event.at),
        "noi_tiep_nhan": unit.one_stop_name or unit.name if unit else "",
        "co_quan": context["competent"].name,
        "thu_tuc": short(str(paper.dossier.procedure_version), length=LONGEST_NAME),
        "hen_tra": _moment(due),
        "han_cua_ban": _moment(getattr(asked, "due_at", None)),
    }
    return {
        room: messages.own_words(said, topic, language="vi", facts=facts) for room, topic in topics.items()
    }


def sample(*, topic: str, version: ProcedureVersion, at: datetime) -> str:
    """Give what a letter about an invented dossier of a version would say in one room."""
    facts = {
        "ma_ho_so": "MAU-0000-0000",
        "luc": _moment(at),
        "noi_tiep_nhan": "Bộ phận Một cửa (minh họa)",
        "co_quan": version.competent_agency.name if version.competent_agency else "Cơ quan (minh họa)",
        "thu_tuc": short(str(version), length=LONGEST_NAME),
        "hen_tra": _moment(at + timedelta(days=3)),
        "han_cua_ban": _moment(at + timedelta(days=30)),
    }
    return messages.own_words(version.messages, topic, language="vi", facts=facts)


def _moment(at: datetime | None) -> str:
    return f"{localtime(at):%H:%M, %d/%m/%Y}" if at else "–"
