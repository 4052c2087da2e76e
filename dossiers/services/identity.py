"""Đối chiếu giấy tờ tùy thân: who saw which kind of paper of whom, and when. No copy and no number is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Text
from core.working_time import TIME_ZONE
from dossiers.models import Dossier, IdentityCheck, SupplementRequest
from dossiers.states import IdPaper


def paper_problems(paper: str) -> dict[str, list[Text]]:
    """Say what is wrong with the kind of paper that was seen, under ``paper``."""
    if paper in IdPaper.values:
        return {}
    return {"paper": [_("Hãy đối chiếu giấy tờ tùy thân của người đến quầy rồi chọn loại giấy tờ đã xem.")]}


def note(
    dossier: Dossier,
    *,
    visitor_name: str,
    paper: str,
    agency_id: int,
    actor: Actor,
    at: datetime,
    supplement: SupplementRequest | None = None,
    authority: str = "",
    by_agent: bool = False,
) -> IdentityCheck:
    """Write down that an officer has looked at a visitor's papers; whoever calls has asked whether they may.

    :param agency_id: at whose counter. :param supplement: what the visitor came to answer.
    """
    return IdentityCheck.objects.create(
        dossier=dossier,
        supplement=supplement,
        visitor_name=visitor_name,
        paper=paper,
        authority=authority,
        by_agent=by_agent,
        seen_by_id=actor.officer_id or 0,  # none but an officer of the counter comes here
        agency_id=agency_id,
        seen_at=at,
    )


def seen_today(request: SupplementRequest, *, at: datetime) -> IdentityCheck | None:
    """Give the last visitor of the day who came to answer a request: who comes again another day is looked at anew."""
    last = request.identity_checks.select_related("seen_by").order_by("-pk").first()
    if last is None or last.seen_at.astimezone(TIME_ZONE).date() != at.astimezone(TIME_ZONE).date():
        return None
    return last


def facts(seen: IdentityCheck) -> dict[str, Any]:
    """Give what the history keeps of a look at somebody's papers."""
    return {
        "visitor": seen.visitor_name,
        "paper": seen.paper,
        "authority": seen.authority,
        "by_agent": seen.by_agent,
        "seen_by": seen.seen_by.full_name,
        "seen_at": seen.seen_at.isoformat(),
    }
