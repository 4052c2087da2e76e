"""Life events: write one with its procedures, or remove it. Who did what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import Conflict, InvalidInput, Text
from procedures import life_events, policies
from procedures.models import CareEvent, LifeEvent, LifeEventStep, Procedure
from procedures.services.care_log import entry as log_entry
from procedures.states import CareKind, CareSubject

MOST_STEPS = 40
WRITTEN = (
    "slug", "title", "title_en", "lede", "lede_en", "audience", "icon", "said", "position", "is_shown",
)  # fmt: skip
"""The columns that people write."""
_TAKEN = gettext_lazy("Đã có sự kiện dùng địa chỉ này. Hãy chọn địa chỉ khác.")


class Changed(Conflict):
    """Somebody has changed or removed the event since it was shown; nothing was changed."""

    code = "life_event_changed"
    message = gettext_lazy("Người khác vừa sửa sự kiện này. Hãy tải lại trang để xem bản mới, rồi sửa tiếp.")


@dataclass(frozen=True, slots=True)
class StepIn:
    """A procedure of an event by its national code, and why it is there."""

    code: str
    why: str
    why_en: str = ""


@transaction.atomic
def save(
    *,
    event_id: int | None,
    values: Mapping[str, Any],
    steps: Sequence[StepIn],
    edits: int,
    actor: Actor,
    at: datetime,
) -> LifeEvent:
    """Write an event and its procedures, in the order given; without ``event_id`` a new one.

    :param values: the columns of `WRITTEN`; ``edits`` is the number that was shown with the event.
    :raises InvalidInput: the address is taken, a code is not in the catalogue or is there twice.
    :raises Changed: the event is no longer as it was shown.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    _check(event_id, values, steps)
    if event_id is None:
        row, before = LifeEvent(), None
    else:
        row = _shown(event_id, edits)
        before = _document(row)
        row.edits += 1
    for name in WRITTEN:
        setattr(row, name, values[name])
    row.edited_by = actor.display_name
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # entered by somebody else, or by a second click, since it was checked
        raise InvalidInput({"slug": [_TAKEN]}) from None
    row.steps.all().delete()
    LifeEventStep.objects.bulk_create(
        LifeEventStep(event=row, position=number, **asdict(one)) for number, one in enumerate(steps, start=1)
    )
    after = _document(row)
    if before != after:
        log_entry(CareSubject.LIFE_EVENT, row.title, before=before, after=after, actor=actor, at=at).save()
    transaction.on_commit(life_events.forget_shown)
    return row


@transaction.atomic
def remove(*, event_id: int, edits: int, actor: Actor, at: datetime) -> CareEvent:
    """Remove an event; the log keeps all that it said, and `bring_back` of what is returned brings it back.

    :raises Changed: the event is no longer as it was shown.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    row = _shown(event_id, edits)
    removed = log_entry(
        CareSubject.LIFE_EVENT, row.title, before=_document(row), after=None, actor=actor, at=at
    )
    removed.save()
    row.delete()
    transaction.on_commit(life_events.forget_shown)
    return removed


def returnable(lines: Iterable[CareEvent]) -> set[int]:
    """Give those lines of the log whose removed event can be brought back: nobody has used its address since.

    One query at most.
    """
    removed = {
        one.pk: one.before["slug"]
        for one in lines
        if one.subject == CareSubject.LIFE_EVENT and one.kind == CareKind.REMOVED and one.before
    }
    if not removed:
        return set()
    taken = set(LifeEvent.objects.filter(slug__in=removed.values()).values_list("slug", flat=True))
    return {pk for pk, slug in removed.items() if slug not in taken}


@transaction.atomic
def bring_back(*, care_event_id: int, actor: Actor, at: datetime) -> LifeEvent:
    """Bring a removed event back as it was, with its procedures, at the same address.

    :raises CareEvent.DoesNotExist: the log has no such removal.
    :raises Changed: its address has been used again since, or it was brought back already.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    removed = CareEvent.objects.select_for_update().get(
        pk=care_event_id, subject=CareSubject.LIFE_EVENT, kind=CareKind.REMOVED
    )
    if removed.pk not in returnable([removed]):
        raise Changed()
    said = dict(removed.before or {})
    steps = said.pop("steps")
    try:
        with transaction.atomic():
            row = LifeEvent.objects.create(**said, edited_by=actor.display_name)
    except IntegrityError:  # a second click, or somebody else, since it was asked
        raise Changed() from None
    LifeEventStep.objects.bulk_create(
        LifeEventStep(event=row, position=number, **one) for number, one in enumerate(steps, start=1)
    )
    log_entry(
        CareSubject.LIFE_EVENT,
        row.title,
        before=None,
        after=removed.before,
        actor=actor,
        at=at,
        kind=CareKind.UNDONE,
    ).save()
    transaction.on_commit(life_events.forget_shown)
    return row


def unknown_codes(steps: Sequence[StepIn]) -> list[str]:
    """Give the codes that the catalogue does not hold."""
    codes = [one.code for one in steps]
    known = set(Procedure.objects.filter(code__in=codes).values_list("code", flat=True))
    return [code for code in codes if code not in known]


def _check(event_id: int | None, values: Mapping[str, Any], steps: Sequence[StepIn]) -> None:
    errors: dict[str, list[Text]] = {}
    if LifeEvent.objects.filter(slug=values["slug"]).exclude(pk=event_id or 0).exists():
        errors["slug"] = [_TAKEN]
    problems: list[Text] = []
    codes = [one.code for one in steps]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        problems.append(_("Thủ tục %s có hai lần. Hãy bỏ bớt một dòng.") % ", ".join(twice))
    # What was there already may wait for its procedure: the seeds name more than a catalogue may hold.
    there = set(LifeEventStep.objects.filter(event=event_id).values_list("code", flat=True))
    if strange := [code for code in unknown_codes(steps) if code not in there]:
        problems.append(
            _("Danh mục không có thủ tục %s. Hãy kiểm tra lại mã.") % ", ".join(dict.fromkeys(strange))
        )
    if len(steps) > MOST_STEPS:
        problems.append(_("Quá %d thủ tục. Hãy chia thành hai sự kiện.") % MOST_STEPS)
    if problems:
        errors["steps"] = problems
    if errors:
        raise InvalidInput(errors)


def _shown(event_id: int, edits: int) -> LifeEvent:
    row = LifeEvent.objects.select_for_update().filter(pk=event_id, edits=edits).first()
    if row is None:
        raise Changed()
    return row


def _document(row: LifeEvent) -> dict[str, Any]:
    steps = LifeEventStep.objects.filter(event=row).values("code", "why", "why_en")
    return {name: getattr(row, name) for name in WRITTEN} | {"steps": list(steps)}
