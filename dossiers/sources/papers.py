"""Papers in their owner's vault: handed in before, and found right by the agency that took them."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from dossiers.drafts import same_name
from dossiers.sources.base import Found, Holding, Owner, judged
from dossiers.sources.shelf import Shelf
from procedures.models import Component
from procedures.states import ComponentSource


def from_vault(component: Component, _owner: Owner, shelf: Shelf) -> list[Found]:
    """Give the newest earlier paper of the component's name and kind."""
    wanted = same_name(component.name)
    for one in shelf.papers:
        if one.component.kind == component.kind and same_name(one.component.name) == wanted:
            assert one.dossier.accepted_at is not None, "the shelf keeps what was accepted"
            origin = _("Bản đã nộp trong hồ sơ %(code)s, cơ quan tiếp nhận đã xác nhận ngày %(day)s") % {
                "code": one.dossier.reference,
                "day": f"{timezone.localdate(one.dossier.accepted_at):%d/%m/%Y}",
            }
            held = Holding(
                component,
                ComponentSource.VAULT_ITEM,
                origin,
                valid_to=one.valid_to,
                issued_on=one.issued_on,
                paper=one,
            )
            return [judged(held, on=shelf.today)]
    return []
