"""Mất, hỏng hồ sơ: an agency owns up, mends it, pays for it and apologises (NĐ 61/2018, art. 21.2; domain: 4.4.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from dossiers import wording_check
from dossiers.models import Dossier, LossIncident
from dossiers.services import guards
from dossiers.services.moves import advance, lock
from dossiers.states import Action, LossKind

WHAT_LENGTH = 500
COSTS_LENGTH = 500
TEXT_LENGTH = 2000


class NothingLost(Conflict):
    """No loss waits to be mended: none was recorded, or somebody was faster."""

    code = "nothing_lost"
    message = _("Không có sự cố mất, hỏng nào đang chờ khắc phục. Hãy tải lại trang để xem trạng thái mới.")


@dataclass(frozen=True, slots=True)
class Loss:
    """What is recorded, as it was typed. ``kind`` is one of `LossKind`; ``costs`` may be empty: all costs."""

    kind: str = ""
    what: str = ""
    found_at: datetime | None = None
    circumstances: str = ""
    remedy: str = ""
    costs: str = ""


@transaction.atomic
def record(*, dossier_id: int, loss: Loss, actor: Actor, at: datetime) -> LossIncident:
    """Record that papers of a dossier were lost or damaged at the actor's agency, which bears every cost.

    The applicant hears it with a letter of apology, the head of the agency by an alert. Nothing else of the dossier
    changes: no clock stands still, and nobody is asked for money or papers.

    :raises NotAllowed: the actor does not keep the papers of this dossier. :raises IllegalMove: it is archived.
    :raises InvalidInput: under the fields of `Loss`.
    """
    dossier = lock(dossier_id=dossier_id)
    agency_id, officer_id = require_open(dossier=dossier, actor=actor)
    loss, found_at = _checked(loss, at=at)
    row = LossIncident.objects.create(
        dossier=dossier,
        kind=loss.kind,
        what=loss.what,
        found_at=found_at,
        circumstances=loss.circumstances,
        remedy=loss.remedy,
        costs=loss.costs,
        agency_id=agency_id,
        recorded_by_id=officer_id,
        recorded_at=at,
    )
    advance(
        dossier_id=dossier.pk,
        action=Action.LOSS_INCIDENT,
        actor=actor,
        at=at,
        note=f"{loss.what}: {loss.circumstances}",
        data={"loss": row.pk, "kind": row.kind, "remedy": row.remedy, "costs": row.costs},
    )
    return row


@transaction.atomic
def mend(*, dossier_id: int, note: str, actor: Actor, at: datetime) -> Dossier:
    """Record that every open loss of a dossier is mended, and how; the alerts about them end.

    :raises NothingLost: see there. :raises NotAllowed, IllegalMove: as `record`.
    :raises InvalidInput: under ``note``: missing or too long.
    """
    dossier = lock(dossier_id=dossier_id)
    require_mendable(dossier=dossier, actor=actor)
    note = note.strip()
    if not note:
        raise InvalidInput({"note": [_("Hãy ghi đã khắc phục thế nào; người nộp đọc được nội dung này.")]})
    if len(note) > TEXT_LENGTH:
        raise InvalidInput({"note": [_too_long(TEXT_LENGTH)]})
    dossier.losses.filter(mended_at=None).update(mended_at=at, mended_note=note)
    return advance(dossier_id=dossier.pk, action=Action.LOSS_MENDED, actor=actor, at=at, note=note)


def require_open(*, dossier: Dossier, actor: Actor) -> tuple[int, int]:
    """Give the ids of the agency and of the officer who may record a loss for it; raises as `record` does."""
    grant = guards.require(dossier, Action.LOSS_INCIDENT, actor)
    if grant is None or actor.officer_id is None:
        raise NotAllowed()
    return grant.agency_id, actor.officer_id


def require_mendable(*, dossier: Dossier, actor: Actor) -> None:
    """Ask before anything is typed whether there is something to mend; raises as `mend` does."""
    guards.require(dossier, Action.LOSS_MENDED, actor)
    if not dossier.losses.filter(mended_at=None).exists():
        raise NothingLost()


def _checked(loss: Loss, *, at: datetime) -> tuple[Loss, datetime]:
    texts = {name: getattr(loss, name).strip() for name in ("what", "circumstances", "remedy", "costs")}
    problems: dict[str, list[Text]] = {}
    if loss.kind not in LossKind.values:
        problems["kind"] = [_("Hãy chọn bị mất hay bị hỏng.")]
    if loss.found_at is None:
        problems["found_at"] = [_("Hãy ghi ngày, giờ phát hiện.")]
    elif loss.found_at > at:
        problems["found_at"] = [_("Lúc phát hiện không thể sau bây giờ. Hãy xem lại ngày, giờ.")]
    missing: dict[str, Text] = {
        "what": _("Hãy ghi giấy tờ nào bị mất, hỏng."),
        "circumstances": _("Hãy ghi việc xảy ra thế nào."),
        "remedy": _("Hãy ghi cơ quan khắc phục thế nào và bao giờ xong."),
    }
    problems |= {name: [text] for name, text in missing.items() if not texts[name]}
    lengths = {
        "what": WHAT_LENGTH,
        "costs": COSTS_LENGTH,
        "circumstances": TEXT_LENGTH,
        "remedy": TEXT_LENGTH,
    }
    problems |= {name: [_too_long(most)] for name, most in lengths.items() if len(texts[name]) > most}
    if problems or loss.found_at is None:
        raise InvalidInput(problems)
    wording_check.require(field="remedy", text=texts["remedy"])
    return Loss(kind=loss.kind, **texts), loss.found_at


def _too_long(limit: int) -> Text:
    return _("Nội dung dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": limit}
