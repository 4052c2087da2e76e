"""What the forms of a dossier share: the head, the owner, the signatures, and how things stood at an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from agencies.models import Agency, Officer
from core import qr
from core.signing import PORTAL_KEY_ID
from dossiers.models import Dossier, DossierEvent, IdentityCheck, Paper
from dossiers.papers import own_words, titles

UNIT_FIELD = "sig-unit"
OFFICER_FIELD = "sig-officer"
PORTAL_NAME = "Cổng dịch vụ công Đà Nẵng"
HEAD, LEADER, DECIDER = "THỦ TRƯỞNG CƠ QUAN", "LÃNH ĐẠO ĐƠN VỊ", "NGƯỜI CÓ THẨM QUYỀN"
"""In whose authority a form is signed; a deputy signs with "TUQ." before it (NĐ 30/2020, art. 13)."""

M = TypeVar("M", bound=Model)


class RowsMissing(LookupError):
    """What a form is about was never written down; trying again changes nothing until somebody mends the rows."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One digital signature of a form: the field in which it stands, whose key makes it, and in whose name."""

    field: str
    key_id: str
    signed_by: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A paper ready to be rendered, and its signatures in the order in which they are made."""

    title: str
    body: SafeString
    signatures: tuple[Signature, ...]


def tracking_link(dossier: Dossier) -> str:
    """Give the absolute address that the QR code of a form leads to: the code and nothing about a person."""
    return f"{settings.PORTAL_URL}{reverse('dossiers:track')}?{urlencode({'ma': dossier.reference})}"


def money(amount_vnd: int) -> str:
    """Write an amount in đồng as papers write it: "1.250.000"."""
    return f"{amount_vnd:,}".replace(",", ".")


def signing_time(at: datetime) -> str:
    """Write the time of a signature as it must be seen on the paper: to the second, with the zone (NĐ 30/2020, annex I)."""
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M:%S} +07:00"


def render(name: str, context: Mapping[str, Any]) -> SafeString:
    return render_to_string(f"papers/{name}.html", dict(context))


def receiving_unit(dossier: Dossier) -> Agency:
    """:raises RowsMissing: the dossier was received nowhere."""
    if dossier.received_at_unit is None:
        raise RowsMissing("received_at_unit: a filed dossier was received somewhere")
    return dossier.received_at_unit


def competent_agency(dossier: Dossier) -> Agency:
    """Give the agency that decides; before it is known, the unit that received."""
    return dossier.competent_agency or receiving_unit(dossier)


def by_unit(paper: Paper, template: str, context: dict[str, Any], *, signs_as: str) -> Composed:
    """Compose a form of the one-stop unit: the acting officer signs, then the unit.

    :param signs_as: the line over the officer's signature.
    """
    unit = receiving_unit(paper.dossier)
    desk = unit.one_stop_name
    return _signed_form(paper, template, context | {"signs_as": signs_as}, agency=unit, desk=desk)


def by_agency(paper: Paper, template: str, context: dict[str, Any], *, signs_as: str) -> Composed:
    """Compose a form of the agency that decides: the acting officer signs, then the agency."""
    agency = competent_agency(paper.dossier)
    return _signed_form(paper, template, context | {"signs_as": signs_as}, agency=agency, desk="")


def by_portal(paper: Paper, template: str, context: Mapping[str, Any]) -> Composed:
    """Compose a paper that the portal itself vouches for: the applicant's own act, with its time."""
    rules = titles.rules_of(paper.dossier, at=paper.event.at)
    common = _common(paper, agency=receiving_unit(paper.dossier), desk="") | {"form_number": ""}
    name = titles.title(paper.form, rules)
    return Composed(
        f"{name} {paper.dossier.tracking_no}",
        render(template, common | {"title": name} | dict(context)),
        (Signature(UNIT_FIELD, PORTAL_KEY_ID, PORTAL_NAME),),
    )


def _signed_form(
    paper: Paper, template: str, context: dict[str, Any], *, agency: Agency, desk: str
) -> Composed:
    """Where the agency has no key yet, the portal's signs for it; an officer without one is named in print only."""
    rules = titles.rules_of(paper.dossier, at=paper.event.at)
    officer = _acting(paper.event)
    signatures = [Signature(UNIT_FIELD, agency.seal_key_id or PORTAL_KEY_ID, desk or agency.name)]
    if officer is not None and officer.signing_key_id:
        signatures.insert(0, Signature(OFFICER_FIELD, officer.signing_key_id, officer.full_name))
    name = titles.title(paper.form, rules)
    if context["signs_as"] in (HEAD, LEADER, DECIDER) and paper.event.data.get("stands_in_for"):
        context = context | {"signs_as": f"TUQ. {context['signs_as']}"}
    common = _common(paper, agency=agency, desk=desk) | {
        "title": name,
        "form_number": titles.number(paper.form, rules),
        "seals_as": "ĐƠN VỊ TIẾP NHẬN" if desk else "CƠ QUAN GIẢI QUYẾT",
        "officer": officer,
        "officer_signs": len(signatures) > 1,
    }
    said = common | context
    said["own"] = own_words.of(paper, said)
    return Composed(f"{name} {reference(paper)}", render(template, said), tuple(signatures))


def _acting(event: DossierEvent) -> Officer | None:
    """Give the officer who took the step; None where the system or the applicant did."""
    if event.actor_user_id is None or not event.actor_role:
        return None
    return Officer.objects.filter(user_id=event.actor_user_id).first()


def _common(paper: Paper, *, agency: Agency, desk: str) -> dict[str, Any]:
    dossier = paper.dossier
    return {
        "dossier": dossier,
        "event": paper.event,
        "agency": agency,
        "desk": desk,
        "unit": dossier.received_at_unit,
        "competent": competent_agency(dossier),
        "owner": dossier.owner_person or dossier.owner_organisation,
        "has_code": reference(paper) == dossier.code,
        "reference": reference(paper),
        "qr": qr.svg(tracking_link(dossier), size="26mm", label="Mã QR tra cứu hồ sơ"),
    }


# How things stood at an event


def reference(paper: Paper) -> str:
    """Give the number that the dossier had then: the tracking number until its acceptance."""
    dossier = paper.dossier
    accepted = dossier.accepted_at is not None and dossier.accepted_at <= paper.event.at
    return dossier.code if accepted and dossier.code else dossier.tracking_no


def row_of(rows: QuerySet[M], event: DossierEvent, *, moment: str) -> M:
    """Give the row that an event is about: the last one whose ``moment`` is not after the event.

    A service writes its row and its event at the same moment, so that no later row is taken for an earlier one.

    :raises RowsMissing: there is none.
    """
    found = rows.filter(**{f"{moment}__lte": event.at}).order_by(f"-{moment}", "-pk").first()
    if found is None:
        raise RowsMissing(f"{rows.model.__name__}: none of dossier {event.dossier_id} by event {event.seq}")
    return found


def identity_at(event: DossierEvent) -> IdentityCheck | None:
    """Give the last look at somebody's papers before an event; None where nobody came in person."""
    seen = IdentityCheck.objects.filter(dossier_id=event.dossier_id, seen_at__lte=event.at)
    return seen.select_related("seen_by").order_by("-seen_at", "-pk").first()


def due_after(event: DossierEvent) -> datetime | None:
    """Give the due date that held after an event, out of the history of its changes; None where none was promised."""
    changes = DossierEvent.objects.filter(dossier_id=event.dossier_id, data__has_key="due_at")
    if earlier := changes.filter(seq__lte=event.seq).order_by("-seq").first():
        return datetime.fromisoformat(earlier.data["due_at"]["to"])
    if later := changes.filter(seq__gt=event.seq).order_by("seq").first():
        return datetime.fromisoformat(later.data["due_at"]["from"])
    return event.dossier.original_due_at
