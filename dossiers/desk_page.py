"""One dossier as an officer reads it. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies.calendars import working_calendar
from agencies.states import Role
from citizens.models import masked
from core.actor import Actor, ActorKind
from dossiers import clock, desk_selectors, policies
from dossiers.models import Dossier, DossierComponent, DossierEvent, IdentityCheck, ResultDraft
from dossiers.plain_words import due_change, identity_seen, inner_changes
from dossiers.services import processing
from dossiers.states import Action, CheckState, ScanState, Status
from dossiers.transitions import MOVES
from procedures import eforms


def open_to(actor: Actor) -> QuerySet[Dossier]:
    """Give the dossiers that the officer may open, with what the page reads of each."""
    return policies.visible(actor).select_related(
        "procedure_version__procedure",
        "owner_person",
        "owner_organisation",
        "submitter",
        "received_at_unit",
        "competent_agency",
        "current_handler",
    )


def actions(dossier: Dossier, *, actor: Actor) -> frozenset[str]:
    """Name the steps that the officer may take now."""
    roles = policies.capacities(actor, dossier)
    return frozenset(move.action for move in MOVES.available(status=dossier.status, roles=roles))


ACTION_PAGES: dict[Action, str] = {
    Action.REASSIGN: "desk:reassign",
    Action.REQUEST_SUPPLEMENT: "desk:request_supplement",
    Action.REROUTE: "desk:reroute",
    Action.START_VERIFICATION: "desk:start_verification",
    Action.ASK_OPINION: "desk:ask_opinion",
    Action.NOTIFY_OBLIGATION: "desk:notify_obligation",
    Action.CORRECT_RESULT: "desk:correct_result",
    Action.STOP: "desk:stop",
    Action.LOSS_INCIDENT: "desk:record_loss",
    Action.ARCHIVE: "desk:archive",
}
"""Steps that need a page of their own, in the order in which the dossier's page offers them: action and URL name."""


@dataclass(frozen=True, slots=True)
class ActionLink:
    label: str
    url: str


def action_links(dossier: Dossier, *, can: frozenset[str]) -> list[ActionLink]:
    """Give the pages of the steps that the officer may take now."""
    return [
        ActionLink(str(action.label), reverse(name, args=[dossier.tracking_no]))
        for action, name in ACTION_PAGES.items()
        if action in can
    ]


def deadline(dossier: Dossier, *, at: datetime) -> desk_selectors.Deadline | None:
    """Say how far the next due moment is, by the calendar that counts now."""
    asked_back = dossier.status == Status.WITHDRAWAL_REQUESTED and clock.stands_still(dossier)
    if dossier.next_due_at is None or asked_back:
        return None
    waiting = dossier.status == Status.SUBMITTED
    agency_id = (waiting and dossier.received_at_unit_id) or clock.deciding_agency_id(dossier)
    near = desk_selectors.NEAR_ACCEPTANCE if waiting else desk_selectors.NEAR_DUE
    return desk_selectors.deadline(
        dossier.next_due_at, calendar=working_calendar(agency_id), at=at, near=near
    )


def masked_number(dossier: Dossier) -> str:
    """Give the owner's personal number with all but its last three digits hidden; "" for an organisation."""
    if dossier.owner_person is None:
        return ""
    return dossier.owner_person.masked_personal_id


def answers(dossier: Dossier) -> list[eforms.SummaryPage]:
    """Lay out the answers of the e-form, personal numbers masked."""
    schema = eforms.of_version(dossier.procedure_version)
    return eforms.summary(schema, dossier.form_data, get_language() or "vi", conceal=masked)


@dataclass(frozen=True, slots=True)
class Checks:
    """The handed-in components and how far the check has come."""

    components: list[DossierComponent]

    @property
    def total(self) -> int:
        return len(self.components)

    @property
    def checked(self) -> int:
        return sum(one.check_state != CheckState.UNCHECKED for one in self.components)

    @property
    def wrong(self) -> int:
        return sum(one.check_state == CheckState.WRONG for one in self.components)

    @property
    def all_correct(self) -> bool:
        return all(
            one.check_state == CheckState.CORRECT and one.scan_state == ScanState.CLEAN
            for one in self.components
        )


def checks(dossier: Dossier) -> Checks:
    """Give the handed-in components in the order of the procedure."""
    found = dossier.components.filter(replaced_at=None).select_related("component")
    return Checks(list(found.order_by("component__position", "id")))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history."""

    title: str
    at: datetime
    by: str
    note: str
    state: str


def identity_checks(dossier: Dossier) -> list[IdentityCheck]:
    """Give whose papers were looked at for a dossier, the latest first."""
    return list(dossier.identity_checks.select_related("seen_by", "agency").order_by("-pk"))


_STATES = {
    Action.REFUSE_INTAKE: "error",
    Action.RETURN_DRAFT: "warning",
    Action.DECLINE_SUPPLEMENT: "warning",
    Action.SUPPLEMENT_SENT_BACK: "warning",
    Action.EXTEND: "warning",
    Action.STOP: "error",
    Action.LOSS_INCIDENT: "error",
    Action.LOSS_MENDED: "success",
    Action.CORRECT_RESULT: "warning",
    Action.ISSUE: "success",
    Action.HAND_OVER: "success",
}


def history(dossier: Dossier) -> list[Entry]:
    """Give the dossier's history, the latest first."""
    return [
        Entry(
            title=str(Action(event.action).label),
            at=event.at,
            by=_who(event),
            note="\n".join(
                part
                for part in (
                    event.note,
                    due_change(event.data),
                    inner_changes(event.data),
                    identity_seen(event.data),
                )
                if part
            ),
            state=_STATES.get(Action(event.action), "done"),
        )
        for event in dossier.events.select_related("agency").order_by("-seq")
    ]


def _who(event: DossierEvent) -> str:
    parts = [_("Hệ thống") if event.actor_kind == ActorKind.SYSTEM else event.actor_name]
    if absent := event.data.get("stands_in_for"):
        parts = [_("%(deputy)s thay mặt %(name)s") % {"deputy": event.actor_name, "name": absent}]
    if event.actor_role:
        parts.append(str(Role(event.actor_role).label))
    if event.agency:
        parts.append(event.agency.name)
    return " · ".join(parts)


def draft_of(dossier: Dossier) -> ResultDraft | None:
    """Give the draft of the result, if it was begun, with who worked on it."""
    return (
        ResultDraft.objects.filter(dossier=dossier)
        .select_related("result_type", "signer", "clerk", "drafted_by")
        .first()
    )


def reason_of_return(dossier: Dossier) -> str:
    """Say why the signer returned the draft; nothing when it was not, or when it was submitted again."""
    moves = (Action.RETURN_DRAFT, Action.SUBMIT_FOR_SIGNATURE)
    last = dossier.events.filter(action__in=moves).order_by("-seq").first()
    return last.note if last is not None and last.action == Action.RETURN_DRAFT else ""


def loads(dossier: Dossier, *, at: datetime) -> list[processing.Load]:
    """Give those to whom the dossier can be assigned at ``at``, who has least on the desk first."""
    return processing.loads(agency_id=dossier.competent_agency_id, at=at)
