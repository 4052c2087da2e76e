"""What is on record for one owner, each kind read once, when the first component asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from citizens.models import Representation
from citizens.states import Scope
from core.uploads.kinds import Kind
from dossiers.models import DossierComponent, VneidDocument
from dossiers.sources.base import Owner
from dossiers.states import CheckState, GivenAs, ScanState
from procedures.models import Component
from procedures.states import ComponentSource
from results_vault import policies as vault
from results_vault.models import Result

MOST = 200

HOUSEHOLD_REGISTRATION = frozenset({"1.001612", "2.000720", "2.000575"})
"""Founding a household business, changing what is registered, its certificate issued anew: the city's own register."""
HOUSEHOLD_CLOSED = "1.001266"


class Shelf:
    """What is on record for ``owner`` that one of ``components`` may be, as it stands at ``at``."""

    def __init__(self, components: Iterable[Component], *, owner: Owner, at: datetime) -> None:
        self.components, self.owner, self.at = list(components), owner, at

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    @cached_property
    def results(self) -> list[Result]:
        """The owner's results, in force or not, the newest first; only those that their reader may read.

        Which results a paper in the vault may be is seen by its name, so all of them are read for one.
        """
        whose = (
            Q(owner_organisation=self.owner.organisation)
            if self.owner.organisation is not None
            else Q(owner_person=self.owner.person)
        )
        rows = vault.of_person(self.owner.reads_as).filter(whose)
        if not self._asks(ComponentSource.VAULT_ITEM):
            codes = {code for one in self.components for code in one.result_of}
            if self._asks(ComponentSource.DATA_BUSINESS_HOUSEHOLD):
                codes |= {*HOUSEHOLD_REGISTRATION, HOUSEHOLD_CLOSED}
            rows = rows.filter(procedure_code__in=codes)
        return list(
            rows.select_related("issuer").defer("data", "signatures").order_by("-issued_on", "-pk")[:MOST]
        )

    @cached_property
    def papers(self) -> list[DossierComponent]:
        """What the owner handed in before and an agency found right, the newest first (NĐ 310/2026, art. 3.4).

        A copy that nobody compared with its original proves nothing, a note instead of a scan is no paper.
        """
        organisation = self.owner.organisation
        if organisation is None:
            whose = Q(dossier__owner_person=self.owner.person, dossier__owner_organisation=None)
        else:
            files_for = Representation.objects.filter(person=self.owner.reads_as, organisation=organisation)
            allowed = files_for.allowing(Scope.FILE, at=self.at)
            whose = Q(dossier__owner_organisation__in=allowed.values("organisation"))
        rows = DossierComponent.objects.filter(
            whose,
            source="",
            check_state=CheckState.CORRECT,
            scan_state=ScanState.CLEAN,
            replaced_at=None,
            dossier__accepted_at__isnull=False,
        ).exclude(Q(given_as=GivenAs.COPY) | Q(kind=Kind.TEXT))
        return list(rows.select_related("component", "dossier").order_by("-pk")[:MOST])

    @cached_property
    def documents(self) -> list[VneidDocument]:
        """What the person has let VNeID show for this filing, the newest first; for the person only."""
        if self.owner.organisation is not None:
            return []
        shown = VneidDocument.objects.filter(person=self.owner.person, usable_until__gte=self.at)
        return list(shown.order_by("-issued_on", "-pk")[:MOST])

    def _asks(self, source: ComponentSource) -> bool:
        return any(source in one.accepted_sources for one in self.components)
