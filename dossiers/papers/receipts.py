"""What the applicant gets for what was handed in: the acknowledgement of a filing, and form 01."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from dossiers import clock, return_choice
from dossiers.models import Dossier, DossierComponent, DossierEvent, Paper
from dossiers.papers import sheet
from dossiers.papers.sheet import Composed
from dossiers.states import Action, GivenAs
from procedures.models import FeeLine, SubmissionChannel
from procedures.states import ComponentSource


@dataclass(frozen=True, slots=True)
class PartRow:
    """One line of the list of components on form 01."""

    name: str
    copies: int
    kind: str


def acknowledgement(paper: Paper) -> Composed:
    context = {
        "parts": parts(paper.dossier, paper.event),
        "accept_due_at": clock.accept_due(paper.dossier, submitted_at=paper.event.at),
    }
    return sheet.by_portal(paper, "acknowledgement", context)


def receipt(paper: Paper) -> Composed:
    """Compose form 01; after a supplement it is printed anew with the date that holds from then on."""
    dossier, event = paper.dossier, paper.event
    again = event.action == Action.SUPPLEMENT_RECEIVED
    context = {
        "parts": parts(dossier, event),
        "sets": 1,
        "limit": str(clock.time_limit(dossier)),
        "is_reprint": again,
        "due_at": sheet.due_after(event),
        "old_due_at": dossier.original_due_at if again else None,
        "fees": _fees(dossier),
        "identity": sheet.identity_at(event),
        "return_way": return_choice.told(return_choice.of(dossier)),
        "received_by": event.actor_name,
    }
    return sheet.by_unit(paper, "receipt", context, signs_as="NGƯỜI TIẾP NHẬN HỒ SƠ")


def parts(dossier: Dossier, event: DossierEvent) -> list[PartRow]:
    """List the e-form and the files that were there at an event."""
    form = [PartRow("Tờ khai (biểu mẫu điện tử)", 1, "Dữ liệu")] if dossier.form_data else []
    files = dossier.components.filter(Q(replaced_at=None) | Q(replaced_at__gt=event.at))
    if (accepted := event.data.get("components")) is not None:
        # An acceptance names what was accepted: what came later, and before the form was made, is not on it.
        files = files.filter(component__in=[int(component_id) for component_id in accepted])
    first: dict[int, DossierComponent] = {}
    for one in files.select_related("component").order_by("id"):
        first.setdefault(one.component_id, one)
    return form + [PartRow(one.component.name, 1, _kind(one)) for one in first.values()]


def _kind(one: DossierComponent) -> str:
    """Say in which form a component was handed in, and that an original stays until the result is returned."""
    if one.is_reused:
        return f"Dữ liệu đã có ({ComponentSource(one.source).label})"
    kind = "Bản điện tử" if one.given_as == GivenAs.FILE else str(GivenAs(one.given_as).label)
    return f"{kind}, giữ tại đơn vị" if one.original_kept else kind


def _fees(dossier: Dossier) -> list[str]:
    """Say what the published procedure charges for the channel of filing; nothing is collected here."""
    channel = (
        SubmissionChannel.objects.filter(version=dossier.procedure_version_id, channel=dossier.channel)
        .order_by("position")
        .first()
    )
    lines = FeeLine.objects.filter(channel=channel).order_by("position") if channel else []
    return [_fee(line) for line in lines]


def _fee(line: FeeLine) -> str:
    kind = line.get_kind_display() or "Phí, lệ phí"
    if line.amount_vnd is None:
        return f"{kind}: {line.text}"
    return f"{kind}: {sheet.money(line.amount_vnd)} đồng, chưa thu" if line.amount_vnd else f"{kind}: 0 đồng"
