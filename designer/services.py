"""What the designer does beyond `procedures.services`: it saves parts of a draft's document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core.actor import Actor
from procedures import document as documents
from procedures import services
from procedures.care import tables
from procedures.models import ProcedureVersion


def edit(
    *, version_id: int, changes: Mapping[str, Any], revision: int, actor: Actor, at: datetime
) -> ProcedureVersion:
    """Put some entries of the document of a draft anew; what stands there already is not saved once more.

    ``revision`` is the one that the change was made on. It may be an old one where nothing is left to save: the answer
    to the same save was lost on its way.

    :raises Overtaken, NoDraft, InvalidInput, NotAllowed: as `procedures.services.save`.
    """
    with transaction.atomic():
        version = services.lock_draft(version_id=version_id, actor=actor)
        document = documents.of_version(version)
        if all(document[key] == value for key, value in changes.items()):
            return version
        saved = services.save(
            version_id=version_id, document={**document, **changes}, revision=revision, actor=actor, at=at
        )
    # Flags lock the procedure before its draft, as an import does: not within the transaction that holds the draft.
    tables.settle(saved, actor=actor, at=at)
    return saved
