"""Filling a dossier from what the city holds: the applicant hands in nothing, and the officer sees where it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Conflict, Text
from core.uploads.kinds import Kind
from core.vietnamese import fold
from dossiers import holdings
from dossiers.drafts import Draft
from dossiers.holdings import Holding, Owner
from dossiers.models import Dossier, DossierComponent
from dossiers.services import attachments, drafting
from dossiers.services.attachments import StoredFile, take_out
from procedures.models import Component


@dataclass(frozen=True, slots=True)
class Wanted:
    """A component that is to come from what is held.

    An empty ``source`` leaves the choice to the order of priority; ``mark`` names one of several (`Holding.mark`), which
    no other stands in for; ``certain_only``: nobody has chosen, so that only what is this very paper is taken
    (`Holding.is_certain`).
    """

    component: Component
    source: str = ""
    mark: str = ""
    certain_only: bool = False

    def among(self, held: holdings.Held) -> list[Holding]:
        """Give what fits, in order of priority."""
        return [
            one
            for one in held.from_source(self.source)
            if self.mark in ("", one.mark) and (one.is_certain or not self.certain_only)
        ]


class NotHeld(Conflict):
    """What was to be reused is not there: it has expired, was taken out of force, or was never the applicant's."""

    code = "not_held"
    message = _("Thành phố không còn bản dùng được của giấy tờ này. Hãy tải tệp lên.")


@dataclass(frozen=True, slots=True)
class Taken:
    """What is held, copied to the dossiers' own files; no row speaks of it yet."""

    held: Holding
    file: StoredFile

    def row(self, *, dossier: Dossier, at: datetime) -> DossierComponent:
        """Give the row of a dossier that says where it came from, and when it was taken."""
        row = self.file.row(dossier=dossier, component=self.held.component)
        row.source, row.origin, row.result = self.held.source.value, self.held.origin, self.held.result
        row.source_fields = list(self.held.details or {})
        row.taken_at, row.issued_on, row.valid_to = at, self.held.issued_on, self.held.valid_to
        return row


def owner_of(dossier: Dossier, *, actor: Actor) -> Owner:
    """Give whose papers a draft may be filled from, by the right of who works on it; at the counter, of the visitor."""
    person = dossier.owner_person or dossier.submitter
    return Owner(person, dossier.owner_organisation, actor.person_id if actor.is_person else None)


def fill(
    *, dossier_id: int, actor: Actor, at: datetime, positions: Collection[int]
) -> list[DossierComponent]:
    """Fill the components at these positions from what is held, those that the draft asks for now.

    What is not held any more is left for the applicant to hand in. A component that has a file keeps it.

    :raises AlreadyFiled, NotAllowed: as `drafting.lock_draft`.
    """
    with transaction.atomic():
        dossier = drafting.lock_draft(dossier_id=dossier_id, actor=actor)
        slots = Draft(dossier, at).slots
    wanted = [
        Wanted(one.component)
        for one in slots
        if one.file is None and one.component.position in frozenset(positions)
    ]
    return _put_in(dossier, wanted, actor=actor, at=at)


def use(
    *,
    dossier_id: int,
    component: Component,
    actor: Actor,
    at: datetime,
    source: str = "",
    mark: str = "",
) -> DossierComponent:
    """Put what is held for one component into a draft, in place of the current file.

    Doing so again changes nothing.

    :param source: the `ComponentSource` to take it from; by default the first that has it whole.
    :param mark: which of several, as `Holding.mark` tells them apart.
    :raises NotHeld: there is nothing, or it is no longer what it was.
    :raises AlreadyFiled, NotAllowed: as `drafting.lock_draft`.
    """
    with transaction.atomic():
        dossier = drafting.lock_draft(dossier_id=dossier_id, actor=actor)
    if component.version_id != dossier.procedure_version_id or not component.is_upload:
        raise NotHeld()
    rows = _put_in(dossier, [Wanted(component, source, mark)], actor=actor, at=at)
    if not rows:
        raise NotHeld()
    return rows[0]


def take(wanted: Iterable[Wanted], *, owner: Owner, at: datetime) -> list[Taken]:
    """Copy what is held for each component from the first source that has it whole, the next where one fails.

    Opens no transaction. Whoever writes no rows of it must `attachments.discard` the files.
    """
    wanted = list(wanted)
    held = holdings.look([one.component for one in wanted], owner=owner, at=at)
    taken: list[Taken] = []
    try:
        for wish in wanted:
            for one in wish.among(held.get(wish.component.pk, holdings.NOTHING)):
                if (file := _stored(one)) is not None:
                    taken.append(Taken(one, file))
                    break
    except BaseException as problem:
        attachments.discard([one.file for one in taken], because=problem)
        raise
    return taken


def why_not(component: Component, *, owner: Owner, at: datetime) -> Text:
    """Say why nothing is taken for a component: what is on record has expired, or nothing is."""
    passed = holdings.look([component], owner=owner, at=at).get(component.pk, holdings.NOTHING).passed
    if not passed:
        return NotHeld.message
    return _("Không dùng được bản thành phố đang có: %(what)s (%(why)s). Hãy gửi tệp.") % {
        "what": passed[0].origin,
        "why": passed[0].why,
    }


def put(taken: Iterable[Taken], dossier: Dossier, *, at: datetime) -> list[DossierComponent]:
    """Put what was taken into a locked draft, each in place of the component's current file."""
    rows = []
    for one in taken:
        for current in dossier.components.filter(component=one.held.component, replaced_at=None):
            take_out(current)
        row = one.row(dossier=dossier, at=at)
        row.save(force_insert=True)
        rows.append(row)
    return rows


def _put_in(
    dossier: Dossier, wanted: Iterable[Wanted], *, actor: Actor, at: datetime
) -> list[DossierComponent]:
    taken = take(wanted, owner=owner_of(dossier, actor=actor), at=at)
    try:
        with transaction.atomic():
            draft = drafting.lock_draft(dossier_id=dossier.pk, actor=actor)
            if draft.procedure_version_id != dossier.procedure_version_id:
                raise drafting.AnswersChanged()
            rows = put(taken, draft, at=at)
            if rows:
                drafting.touch(draft)
            return rows
    except BaseException as problem:
        attachments.discard([one.file for one in taken], because=problem)
        raise


def _stored(one: Holding) -> StoredFile | None:
    """Copy what is held to the dossiers' own files; None where the kept file is not what was signed or found right."""
    pages = one.paper.pages if one.paper else None
    kind, name = Kind.TEXT.value, f"{slugify(fold(one.component.name))[:60] or one.source.value}.txt"
    if one.result is not None:
        kind, name = Kind.PDF.value, f"{one.result.number.replace('/', '-')}.pdf"
    elif one.paper is not None:
        kind, name = one.paper.kind, one.paper.original_name
    try:
        content = _content(one)
    except FileNotFoundError:
        return None
    if hashlib.sha256(content).hexdigest() != one.mark:
        return None
    return attachments.kept(content, kind=kind, name=name, pages=pages)


def _content(one: Holding) -> bytes:
    """:raises FileNotFoundError: the kept file is gone."""
    kept = one.result or one.paper
    if kept is None:
        return one.extract
    with kept.file.open("rb") as file:
        return bytes(file.read())
