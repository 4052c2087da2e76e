"""Which accepted sources of a paper the portal can ask, and which it cannot yet (domain: 3.5).

One place says it: the designer's lint tells it to whoever writes a service, and the app that asks the sources keeps to
it. What is not asked here is asked of the applicant.
"""

from __future__ import annotations

from collections.abc import Collection

from core.errors import Text
from core.vietnamese import fold
from procedures.states import HELD_SOURCES, ComponentKind, ComponentSource

RESIDENCE = ("hộ khẩu", "cư trú", "tạm trú", "thường trú", "chỗ ở hiện tại")
"""Words of papers that say where somebody lives, as the population database does."""

_FOLDED_RESIDENCE = tuple(fold(word) for word in RESIDENCE)
_ALWAYS = frozenset(
    {
        ComponentSource.DATA_BUSINESS_REGISTER,
        ComponentSource.DATA_BUSINESS_HOUSEHOLD,
        ComponentSource.DATA_EHEALTH,
        ComponentSource.VNEID_DOCUMENT,
    }
)


def is_about_residence(name: str) -> bool:
    """Say whether a paper of this name tells where somebody lives."""
    folded = fold(name)
    return any(word in folded for word in _FOLDED_RESIDENCE)


def can_ask(source: str, *, kind: str, name: str, result_of: Collection[str]) -> bool:
    """Say whether the portal can ask a source for a component of this kind and name.

    ``result_of`` are the codes of the procedures whose result it is. A form is filled in anew each time; the
    population database, as far as it is open here, says who somebody is and where they live, and nothing else;
    registers without a connector (`ComponentSource.DATA_OTHER_REGISTER`) are not asked at all.
    """
    if source not in HELD_SOURCES or kind == ComponentKind.FORM:
        return False
    match source:
        case ComponentSource.RESULT_REPOSITORY:
            return bool(result_of)
        case ComponentSource.VAULT_ITEM:
            return True
        case ComponentSource.DATA_IDENTITY_CARD:
            return kind == ComponentKind.IDENTITY
        case ComponentSource.DATA_POPULATION_DB:
            return kind == ComponentKind.IDENTITY or is_about_residence(name)
    return source in _ALWAYS


def askable(*, accepted: Collection[str], kind: str, name: str, result_of: Collection[str]) -> list[Text]:
    """Name the accepted sources that are asked, in their order of priority."""
    return [
        ComponentSource(one).label
        for one in accepted
        if can_ask(one, kind=kind, name=name, result_of=result_of)
    ]
