"""Results as HTML: how a draft will look, and the file that is signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString

from core import qr
from dossiers.models import Dossier, ResultDraft
from dossiers.papers.sheet import competent_agency, render
from procedures import eforms, templates
from procedures.models import ResultType
from results_vault import codes as result_codes

SIGNER_FIELD = "sig-signer"
AGENCY_FIELD = "sig-agency"


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
    agency = competent_agency(dossier)
    with translation.override("vi"):
        body = render(
            "result",
            {
                "parts": templates.render_parts(template, _read_aloud(template, values)),
                "agency": agency,
                "symbol": result_type.symbol,
                "dossier": dossier,
                "until_event": result_type.until_event,
                "validity_months": result_type.validity_months,
                "preview": not token,
                "qr": qr.svg(result_codes.link(token), size="28mm", label="Mã kiểm tra kết quả")
                if token and result_type.has_qr
                else "",
                "has_qr": result_type.has_qr,
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
        "agency.name": competent_agency(dossier).name,
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
