"""In which catalogue a procedure stands."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Conflict, InvalidInput
from procedures import policies
from procedures.models import Procedure, ProcedureVersion
from procedures.search import titles
from procedures.services.procedure_log import note
from procedures.states import NEVER_FILED, Catalogue, ProcedureEventKind


@transaction.atomic
def put(*, procedure_id: int, catalogue: str, actor: Actor, at: datetime, reason: str = "") -> Procedure:
    """Move a procedure to a catalogue.

    :raises InvalidInput: there is no such catalogue.
    :raises Conflict: people can file it, and nobody files what stands in that catalogue.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    if catalogue not in Catalogue.values:
        raise InvalidInput({"catalogue": [_("Hãy chọn một danh mục có trong danh sách.")]})
    procedure = Procedure.objects.select_for_update(of=("self",)).get(pk=procedure_id)
    before = procedure.catalogue
    if before == catalogue:
        return procedure
    is_open = ProcedureVersion.objects.filter(procedure=procedure, is_fileable=True).exists()
    if catalogue in NEVER_FILED and is_open:
        raise Conflict(
            _(
                "Thủ tục đang nhận hồ sơ nên chưa chuyển sang danh mục nội bộ được. Hãy ngừng nhận hồ sơ trước."
            )
        )
    procedure.catalogue = catalogue
    procedure.save(update_fields=["catalogue", "updated_at"])
    data = {"before": before, "after": catalogue}
    note(procedure.pk, ProcedureEventKind.CATALOGUE_CHANGED, actor=actor, at=at, reason=reason, **data)
    titles.have_changed()
    return procedure
