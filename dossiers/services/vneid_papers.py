"""Keeping what somebody has let VNeID show, for as long as their filing may need it, and putting it into the draft."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction

from citizens.vneid_papers import ShownPaper
from core.actor import Actor
from dossiers import holdings
from dossiers.drafts import Draft
from dossiers.models import Dossier, DossierComponent, VneidDocument
from dossiers.services import reusing
from procedures.states import ComponentSource

KEPT = timedelta(days=1)
"""A consent covers the filing at hand; what a dossier has taken stays with the dossier."""

SCOPE_OF = {ComponentSource.VNEID_DOCUMENT: "documents", ComponentSource.DATA_EHEALTH: "health"}
"""The consent that each source needs."""


@transaction.atomic
def keep(
    *, person_id: int, papers: Iterable[ShownPaper], scopes: Collection[str], at: datetime
) -> list[VneidDocument]:
    """Keep what was shown under these consents, in place of what was shown under them before."""
    VneidDocument.objects.filter(person_id=person_id, register__in=scopes).delete()
    rows = [
        VneidDocument(
            person_id=person_id,
            register=one.scope,
            title=one.title,
            number=one.number,
            issuer=one.issuer,
            issued_on=one.issued_on,
            valid_to=one.valid_to,
            content=one.content,
            shown_at=at,
            usable_until=at + KEPT,
        )
        for one in papers
    ]
    return VneidDocument.objects.bulk_create(rows, ignore_conflicts=True)


def fill(*, dossier: Dossier, actor: Actor, at: datetime) -> list[DossierComponent]:
    """Put what VNeID showed into the empty places of a draft where it is the first of the accepted sources.

    :raises AlreadyFiled, NotAllowed: as `reusing.fill`.
    """
    empty = [slot.component for slot in Draft(dossier, at).slots if slot.file is None]
    found = holdings.find(empty, owner=reusing.owner_of(dossier, actor=actor), at=at)
    positions = [one.component.position for one in found.values() if one.source in SCOPE_OF]
    return reusing.fill(dossier_id=dossier.pk, actor=actor, at=at, positions=positions)


def scopes_for(draft: Draft) -> list[str]:
    """Give the consents that would answer for papers still missing in a draft; none for an organisation's."""
    if draft.dossier.owner_organisation_id is not None:
        return []
    wanted = {
        SCOPE_OF[ComponentSource(source)]
        for slot in draft.slots
        if slot.file is None
        for source in slot.component.accepted_sources
        if source in SCOPE_OF
    }
    return sorted(wanted)


def forget(*, at: datetime) -> int:
    """Delete what may be used no longer; give the number."""
    gone, _by_model = VneidDocument.objects.filter(usable_until__lt=at).delete()
    return gone
