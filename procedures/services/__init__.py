"""What changes the catalogue."""

from procedures.services.doors import (
    NotReady,
    add_city_part,
    check_fileable,
    close_for_filing,
    open_for_filing,
)
from procedures.services.drafts import (
    NoDraft,
    Overtaken,
    begin,
    bring_in,
    clone,
    discard,
    lock_draft,
    redo,
    save,
    undo,
)
from procedures.services.life import (
    abolish,
    approve,
    check_approvable,
    publish,
    reinstate,
    return_to_draft,
    schedule,
    why_not_reinstated,
)
from procedures.services.ticking import tick

__all__ = [
    "NoDraft",
    "NotReady",
    "Overtaken",
    "abolish",
    "add_city_part",
    "approve",
    "begin",
    "bring_in",
    "check_approvable",
    "check_fileable",
    "clone",
    "close_for_filing",
    "discard",
    "lock_draft",
    "open_for_filing",
    "publish",
    "redo",
    "reinstate",
    "return_to_draft",
    "save",
    "schedule",
    "tick",
    "undo",
    "why_not_reinstated",
]
