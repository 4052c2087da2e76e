"""What the designer does beyond `procedures.services`: it asks the lint before a draft is approved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import InvalidInput
from designer.checklist import checklist
from procedures import document as documents
from procedures import services
from procedures.models import ProcedureVersion


@transaction.atomic
def approve(*, version_id: int, reason: str, actor: Actor, at: datetime) -> ProcedureVersion:
    """Approve a draft. With red findings a reason must be given; it is kept in the version's log.

    :raises InvalidInput: red findings are left and no reason is given.
    :raises NotReady, NoDraft, NotAllowed: as `procedures.services.approve`.
    """
    version = services.lock_draft(version_id=version_id, actor=actor)
    found = checklist(version, documents.of_version(version), today=timezone.localdate(at))
    if found.red and not reason.strip():
        raise InvalidInput(
            {
                "reason": [
                    _("Còn %d mục đỏ chưa sửa. Hãy sửa, hoặc ghi lý do vì sao vẫn duyệt.") % len(found.red)
                ]
            }
        )
    return services.approve(version_id=version_id, actor=actor, at=at, reason=reason.strip())


def edit(
    *, version_id: int, changes: Mapping[str, Any], revision: int, actor: Actor, at: datetime
) -> ProcedureVersion:
    """Put some entries of the document of a draft anew; what stands there already is not saved once more.

    ``revision`` is the one that the change was made on.

    :raises Overtaken, NoDraft, InvalidInput, NotAllowed: as `procedures.services.save`.
    """
    with transaction.atomic():
        version = services.lock_draft(version_id=version_id, actor=actor)
        document = documents.of_version(version)
        if version.revision == revision and all(document[key] == value for key, value in changes.items()):
            return version
        return services.save(
            version_id=version_id, document={**document, **changes}, revision=revision, actor=actor, at=at
        )
