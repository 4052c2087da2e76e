"""What was asked of the applicant and what was given: as the officer compares it, and as the applicant answers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Prefetch

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, Refusal
from dossiers import desk_forms, policies
from dossiers.models import (
    Dossier,
    RefusalProposal,
    SupplementItem,
    SupplementProposal,
    SupplementRequest,
)
from dossiers.services import (
    counter_supplements,
    further_supplements,
    refusing,
    supplement_answers,
    supplement_checks,
)
from dossiers.services.supplement_lists import Wanted
from dossiers.states import (
    ASKED_TO_SUPPLEMENT,
    CheckState,
    Outcome,
    ScanState,
    Status,
    SupplementReason,
    SupplementState,
)
from procedures import eforms


@dataclass(frozen=True, slots=True)
class Asked:
    """One request with its items in order."""

    request: SupplementRequest
    items: list[SupplementItem]

    @property
    def answered(self) -> int:
        return sum(item.answered_at is not None for item in self.items)

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def is_complete(self) -> bool:
        """Every item has its answer, and every file among them has been scanned."""
        return all(item.answered_at is not None for item in self.items) and not self.is_unscanned

    @property
    def is_unscanned(self) -> bool:
        return any(item.answer_file and item.answer_file.scan_state != ScanState.CLEAN for item in self.items)


def asked(dossier: Dossier) -> list[Asked]:
    """Give the requests of a dossier, the latest first."""
    items = SupplementItem.objects.select_related("component", "before", "answer_file", "typed_by")
    items = items.order_by("position")
    found = dossier.supplements.select_related("asked_by", "typed_by").prefetch_related(
        Prefetch("items", items)
    )
    return [Asked(one, list(one.items.all())) for one in found.order_by("-asked_at", "-pk")]


def waiting(dossier: Dossier) -> Asked | None:
    """Give the request that the applicant can answer now."""
    if dossier.status not in ASKED_TO_SUPPLEMENT:
        return None
    return next((one for one in asked(dossier) if one.request.state == SupplementState.OPEN), None)


def latest(dossier: Dossier) -> Asked | None:
    """Give the last request, answered or not."""
    return next(iter(asked(dossier)), None)


def refused(dossier: Dossier) -> RefusalProposal | None:
    """Give the refusal on substance by which the dossier ended."""
    if dossier.outcome != Outcome.REFUSED:
        return None
    return dossier.refusal_proposals.filter(is_granted=True).order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class Further:
    """A further request that was proposed: its list as people read it, and whether the officer may decide it."""

    proposal: SupplementProposal
    items: list[tuple[str, str, str]]
    may_decide: bool


def further(dossier: Dossier, *, actor: Actor) -> Further | None:
    """Give the last further request that was proposed, unless it was approved: then it is a request like any other."""
    rows = dossier.supplement_proposals.select_related("proposed_by", "decided_by")
    last = rows.order_by("-pk").first()
    if last is None or last.is_granted:
        return None
    return Further(last, _readable(dossier, further_supplements.items_of(last)), _may_decide(dossier, actor))


def _may_decide(dossier: Dossier, actor: Actor) -> bool:
    try:
        further_supplements.require_decidable(dossier=dossier, actor=actor)
    except Refusal:
        return False
    return True


def _readable(dossier: Dossier, items: list[Wanted]) -> list[tuple[str, str, str]]:
    """Give name, reason and guidance of each item."""
    components = dict(dossier.procedure_version.components.values_list("pk", "name"))
    fields = eforms.of_version(dossier.procedure_version).fields
    return [
        (
            components.get(one.component_id or 0) or (fields[one.field].label if one.field else one.name),
            str(SupplementReason(one.reason).label),
            one.guidance,
        )
        for one in items
    ]


def may_take_at_counter(dossier: Dossier, *, actor: Actor, at: datetime) -> bool:
    """Say whether the officer may take answers at the counter now."""
    try:
        counter_supplements.require_open(dossier=dossier, actor=actor, at=at)
    except Refusal:
        return False
    return True


def may_send_back(dossier: Dossier, *, actor: Actor, at: datetime) -> bool:
    """Say whether the officer may send answers back now."""
    try:
        supplement_checks.require_returnable(dossier=dossier, actor=actor, at=at)
    except Refusal:
        return False
    return True


def for_officer(dossier: Dossier, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Give the desk's page its supplements, and what the officer may do about them."""
    return {
        "supplements": asked(dossier),
        "further": further(dossier, actor=actor),
        "may_take_supplement": may_take_at_counter(dossier, actor=actor, at=at),
        "may_send_back": may_send_back(dossier, actor=actor, at=at),
        "refusal_turn": refusal_turn(dossier, actor=actor, at=at),
    }


@dataclass(frozen=True, slots=True)
class RefusalTurn:
    """The last proposal to refuse, and what the officer may do about a refusal now."""

    proposal: RefusalProposal | None
    may_propose: bool
    may_decide: bool


def refusal_turn(dossier: Dossier, *, actor: Actor, at: datetime) -> RefusalTurn:
    """Say where a refusal on substance stands, and what the officer may do."""
    last = dossier.refusal_proposals.select_related("proposed_by", "decided_by").order_by("-pk").first()
    return RefusalTurn(
        proposal=last,
        may_propose=_may_refuse(dossier, actor=actor, at=at),
        may_decide=last is not None
        and last.decided_at is None
        and dossier.status == Status.IN_PROCESS
        and Role.SIGNER in policies.capacities(actor, dossier),
    )


def _may_refuse(dossier: Dossier, *, actor: Actor, at: datetime) -> bool:
    try:
        if dossier.status == Status.PROCESS_SUPPLEMENT:
            refusing.require_unanswered(dossier=dossier, actor=actor, at=at)
        else:
            refusing.require_proposable(dossier=dossier, actor=actor)
    except Refusal:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Slot:
    """One item as the applicant answers it: by a file, by a question's own form, or in words."""

    item: SupplementItem
    is_file: bool
    form: forms.Form | None

    @property
    def is_answered(self) -> bool:
        return self.item.answered_at is not None

    @property
    def is_right(self) -> bool:
        """The answer was looked at and takes no other."""
        return self.item.check_state == CheckState.CORRECT

    @property
    def went_back(self) -> bool:
        """The last answer was not what was asked, and no other has been given yet."""
        return self.item.check_state == CheckState.WRONG


class InWords(forms.Form):
    """An answer in words, for show: the service judges what is typed."""

    text = forms.CharField(
        max_length=supplement_answers.WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


def slots(
    dossier: Dossier,
    one: Asked,
    *,
    refused: SupplementItem | None = None,
    typed: object = None,
    invalid: InvalidInput | None = None,
) -> list[Slot]:
    """Give the items with the form in which each is answered; a refused answer stands in its own as it was typed."""
    found = [_slot(dossier, item) for item in one.items]
    if refused is None or invalid is None or supplement_answers.is_file(refused):
        return found
    form = answer_form(dossier, refused, typed)
    desk_forms.show_problems(form, invalid)
    return [
        Slot(slot.item, is_file=False, form=form) if slot.item.pk == refused.pk else slot for slot in found
    ]


def _slot(dossier: Dossier, item: SupplementItem) -> Slot:
    if supplement_answers.is_file(item):
        return Slot(item, is_file=True, form=None)
    return Slot(item, is_file=False, form=answer_form(dossier, item))


def answer_form(dossier: Dossier, item: SupplementItem, data: object = None) -> forms.Form:
    """Make the form in which an item without a file is answered."""
    if item.field:
        schema = eforms.of_version(dossier.procedure_version)
        form = eforms.question_form(schema, item.field, data, initial=dossier.form_data)  # type: ignore[arg-type]
        form.auto_id = f"item-{item.pk}-%s"
    else:
        form = InWords(data, initial={"text": item.answer_text}, auto_id=f"item-{item.pk}-%s")  # type: ignore[arg-type]
        form.fields["text"].label = item.name
    form.use_required_attribute = False
    return form


def time_left(one: Asked, *, at: datetime) -> int:
    """Give the whole days until the limit; 0 on its last day and after it."""
    return max(0, (one.request.due_at - at).days)
