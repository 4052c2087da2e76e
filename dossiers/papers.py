"""Papers of a dossier as HTML: forms 01, 03 and 06, the acknowledgement, and results (TT 01/2018, TT 03/2025).

An official paper is in Vietnamese whatever language the reader has chosen, so its templates carry no translations.
The same template serves the preview on a screen and the PDF that the worker makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from agencies.models import Agency
from core import qr
from core.signing import PORTAL_KEY_ID
from dossiers import clock
from dossiers.models import Dossier, Paper, ResultDraft
from dossiers.states import Form
from procedures import eforms, templates
from procedures.models import FeeLine, ResultType, SubmissionChannel
from results_vault import codes as result_codes

UNIT_FIELD = "sig-unit"
SIGNER_FIELD = "sig-signer"
AGENCY_FIELD = "sig-agency"


@dataclass(frozen=True, slots=True)
class Composed:
    """A paper ready to be rendered: its title, its body, whose key signs it and in whose name."""

    title: str
    body: SafeString
    key_id: str
    signed_by: str


def compose(paper: Paper) -> Composed:
    """Compose one form of a dossier, as things stood at the event that asked for it."""
    maker = _MAKERS[Form(paper.form)]
    with translation.override("vi"):
        return maker(paper)


def tracking_link(dossier: Dossier) -> str:
    """Give the absolute address that the QR code of a form leads to: the code and nothing about a person."""
    return f"{settings.PORTAL_URL}{reverse('dossiers:track')}?{urlencode({'ma': dossier.reference})}"


def signing_time(at: datetime) -> str:
    """Write the time of a signature as it must be seen on the paper: to the second, with the zone (NĐ 30/2020, annex I)."""
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M:%S} +07:00"


@dataclass(frozen=True, slots=True)
class PartRow:
    """One line of the list of components on form 01."""

    name: str
    copies: int
    kind: str


def _receipt(paper: Paper) -> Composed:
    dossier = paper.dossier
    limit = clock.time_limit(dossier)
    context = _common(paper) | {
        "parts": _parts(dossier),
        "sets": 1,
        "limit": str(limit),
        "due_at": dossier.original_due_at,
        "fees": _fees(dossier),
        "received_by": paper.event.actor_name,
    }
    return _by_unit(dossier, "receipt", f"Giấy tiếp nhận hồ sơ và hẹn trả kết quả {dossier.code}", context)


def _acknowledgement(paper: Paper) -> Composed:
    dossier = paper.dossier
    context = _common(paper) | {"parts": _parts(dossier), "accept_due_at": dossier.accept_due_at}
    title = f"Xác nhận đã nhận hồ sơ trực tuyến {dossier.tracking_no}"
    return Composed(title, _render("acknowledgement", context), PORTAL_KEY_ID, "Cổng dịch vụ công Đà Nẵng")


def _refusal_notice(paper: Paper) -> Composed:
    dossier = paper.dossier
    context = _common(paper) | {
        "refusal": dossier.intake_refusal,
        "legal_bases": list(dossier.procedure_version.legal_bases.order_by("position")[:6]),
        "refused_by": paper.event.actor_name,
    }
    title = f"Phiếu từ chối tiếp nhận giải quyết hồ sơ {dossier.tracking_no}"
    return _by_unit(dossier, "refusal_notice", title, context)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One hand-over on the control sheet."""

    name: str
    giver: str
    receiver: str
    agency: str
    started_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    verdict: str


def _control_sheet(paper: Paper) -> Composed:
    dossier = paper.dossier
    context = _common(paper) | {"rows": control_rows(dossier)}
    return _by_unit(
        dossier, "control_sheet", f"Phiếu kiểm soát quá trình giải quyết hồ sơ {dossier.code}", context
    )


def control_rows(dossier: Dossier) -> list[SheetRow]:
    """Give the hand-overs of a dossier in order, each early, on time or late against its planned end."""
    rows, giver = [], dossier.submitter.full_name
    for step in dossier.steps.select_related("officer", "agency").order_by("id"):
        receiver = step.officer.full_name if step.officer else step.agency.name
        rows.append(
            SheetRow(
                name=step.name,
                giver=giver,
                receiver=receiver,
                agency=step.agency.name,
                started_at=step.started_at,
                due_at=step.due_at,
                finished_at=step.finished_at,
                verdict=_verdict(step.due_at, step.finished_at),
            )
        )
        giver = receiver
    return rows


def _verdict(due: datetime | None, finished: datetime | None) -> str:
    if due is None or finished is None:
        return ""
    if finished > due:
        return "Quá hạn"
    return "Trước hạn" if timezone.localtime(finished).date() < timezone.localtime(due).date() else "Đúng hạn"


# Results


@dataclass(frozen=True, slots=True)
class ResultPaper:
    """A result as HTML. ``title`` is its name in lists and in the properties of the file."""

    title: str
    body: SafeString


def result(
    *, dossier: Dossier, result_type: ResultType, values: Mapping[str, Any], token: str = ""
) -> ResultPaper:
    """Set a result out as it will look; without a token it is a preview, with a watermark and no code."""
    template = templates.of_result_type(result_type)
    agency = _competent(dossier)
    with translation.override("vi"):
        body = _render(
            "result",
            {
                "parts": templates.render_parts(template, _read_aloud(template, values)),
                "agency": agency,
                "symbol": result_type.symbol,
                "dossier": dossier,
                "preview": not token,
                "qr": qr.svg(result_codes.link(token), size="28mm", label="Mã kiểm tra kết quả")
                if token
                else "",
                "code": result_codes.printed(token) if token else "",
                "verify_url": settings.PORTAL_URL + reverse("results_vault:verify"),
            },
        )
    return ResultPaper(title=result_type.name, body=body)


def of_draft(draft: ResultDraft) -> ResultPaper:
    """Set out the draft that will be signed."""
    return result(
        dossier=draft.dossier, result_type=draft.result_type, values=draft.values, token=draft.token
    )


def sources(dossier: Dossier) -> dict[str, str]:
    """Give what a result template may take over: the owner, the answers of the e-form, the dossier."""
    schema = eforms.of_version(dossier.procedure_version)
    found = {
        f"form.{name}": text for name, text in eforms.display_values(schema, dossier.form_data, "vi").items()
    }
    found |= {
        "submitter.name": dossier.submitter.full_name,
        "agency.name": _competent(dossier).name,
        "dossier.code": dossier.code or "",
        "dossier.tracking_no": dossier.tracking_no,
        "procedure.name": dossier.procedure_version.name,
    }
    if person := dossier.owner_person:
        found |= {
            "owner.name": person.full_name,
            "owner.birth_on": f"{person.birth_on:%d/%m/%Y}" if person.birth_on else "",
            "owner.personal_id_number": str(person.personal_id_number),
            "owner.address": person.address,
            "owner.nationality": person.nationality,
        }
    elif organisation := dossier.owner_organisation:
        found |= {
            "owner.name": organisation.name,
            "owner.code": organisation.code,
            "owner.address": organisation.address,
        }
    return found


def _read_aloud(template: templates.Template, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values as a paper says them: a date as day, month and year."""
    dates = {one.name for one in template.fields if one.type == templates.FieldType.DATE}
    return {name: _date(value) if name in dates else value for name, value in values.items()}


def _date(value: Any) -> str:
    try:
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    except ValueError:
        return str(value)


# What the papers share


def _common(paper: Paper) -> dict[str, Any]:
    dossier = paper.dossier
    return {
        "dossier": dossier,
        "event": paper.event,
        "unit": dossier.received_at_unit,
        "owner": dossier.owner_person or dossier.owner_organisation,
        "qr": qr.svg(tracking_link(dossier), size="26mm", label="Mã QR tra cứu hồ sơ"),
    }


def _by_unit(dossier: Dossier, template: str, title: str, context: dict[str, Any]) -> Composed:
    """Compose a form of the receiving unit: its own key signs, or the portal's where it has none."""
    unit = _receiving(dossier)
    return Composed(
        title=title,
        body=_render(template, context),
        key_id=unit.seal_key_id or PORTAL_KEY_ID,
        signed_by=unit.one_stop_name or unit.name,
    )


def _render(name: str, context: Mapping[str, Any]) -> SafeString:
    return render_to_string(f"papers/{name}.html", dict(context))


def _receiving(dossier: Dossier) -> Agency:
    if dossier.received_at_unit is None:
        raise ValueError("received_at_unit: a filed dossier was received somewhere")
    return dossier.received_at_unit


def _competent(dossier: Dossier) -> Agency:
    return dossier.competent_agency or _receiving(dossier)


def _parts(dossier: Dossier) -> list[PartRow]:
    """List the e-form and the files that were handed in."""
    form = [PartRow("Tờ khai (biểu mẫu điện tử)", 1, "Dữ liệu")] if dossier.form_data else []
    files = dossier.components.filter(replaced_at=None).select_related("component").order_by("id")
    return form + [PartRow(one.component.name, 1, "Bản điện tử") for one in files]


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
    amount = f"{line.amount_vnd:,}".replace(",", ".")
    return f"{kind}: {amount} đồng, chưa thu" if line.amount_vnd else f"{kind}: 0 đồng"


_MAKERS = {
    Form.ACKNOWLEDGEMENT: _acknowledgement,
    Form.RECEIPT: _receipt,
    Form.REFUSAL_NOTICE: _refusal_notice,
    Form.CONTROL_SHEET: _control_sheet,
}
