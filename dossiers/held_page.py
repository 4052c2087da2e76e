"""What a page says beside each paper of what the city holds of it: what may be used, what will not do and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dossiers import holdings
from dossiers.drafts import Slot
from dossiers.holdings import Holding, Owner, Passed


@dataclass(frozen=True, slots=True)
class OfSlot:
    """``first`` is offered for an empty place; ``others`` follow in order of priority, none that stands there already.

    ``passed`` is told where nothing is offered or in use: somebody who knows that the city has it wonders else.
    """

    first: Holding | None = None
    others: Sequence[Holding] = ()
    passed: Sequence[Passed] = ()


def of_slots(slots: Iterable[Slot], *, owner: Owner, at: datetime) -> list[tuple[Slot, OfSlot]]:
    """Give each place of a draft with what is held for it; queries as `holdings.look`."""
    slots = list(slots)
    held = holdings.look([slot.component for slot in slots], owner=owner, at=at)
    return [(slot, _of(slot, held.get(slot.component.pk, holdings.NOTHING))) for slot in slots]


def _of(slot: Slot, held: holdings.Held) -> OfSlot:
    offers = [one for one in held.offers if slot.file is None or slot.file.sha256 != one.mark]
    if slot.file is not None and not slot.is_stale:
        return OfSlot(others=offers)
    return OfSlot(offers[0] if offers else None, offers[1:], () if offers else held.passed)
