"""Papers of a dossier as HTML: its forms (TT 01/2018, TT 03/2025), the papers beside them, and results.

An official paper is in Vietnamese whatever language the reader has chosen, so its templates carry no translations.
A form is composed as things stood at the event that asked for it, and is made once: what is downloaded later is the
file that was first issued. The same template serves the preview on a screen and the PDF that the worker makes.
"""

from __future__ import annotations

from django.utils import translation

from dossiers.models import Paper
from dossiers.papers import control_sheet, inquiries, letters, receipts, turns
from dossiers.papers.control_sheet import SheetRow, control_rows
from dossiers.papers.results import AGENCY_FIELD, SIGNER_FIELD, ResultPaper, of_draft, result, sources
from dossiers.papers.sheet import (
    OFFICER_FIELD,
    UNIT_FIELD,
    Composed,
    RowsMissing,
    Signature,
    signing_time,
    tracking_link,
)
from dossiers.papers.titles import label, number, title
from dossiers.states import Form

__all__ = [
    "AGENCY_FIELD",
    "OFFICER_FIELD",
    "SIGNER_FIELD",
    "UNIT_FIELD",
    "Composed",
    "ResultPaper",
    "RowsMissing",
    "SheetRow",
    "Signature",
    "compose",
    "control_rows",
    "label",
    "number",
    "of_draft",
    "result",
    "signing_time",
    "sources",
    "title",
    "tracking_link",
]

_MAKERS = {
    Form.ACKNOWLEDGEMENT: receipts.acknowledgement,
    Form.RECEIPT: receipts.receipt,
    Form.SUPPLEMENT_NOTICE: letters.supplement_notice,
    Form.REFUSAL_NOTICE: letters.refusal_notice,
    Form.APOLOGY: turns.apology,
    Form.STOP_NOTICE: turns.stop_notice,
    Form.CONTROL_SHEET: control_sheet.control_sheet,
    Form.PAYMENT_NOTICE: inquiries.payment_notice,
    Form.VERIFICATION_RECORD: inquiries.verification_record,
    Form.OPINION_LETTER: inquiries.opinion_letter,
    Form.WITHDRAWAL_REQUEST: turns.withdrawal_request,
    Form.CORRECTION_DECISION: turns.correction_decision,
    Form.LOSS_APOLOGY: turns.loss_apology,
}


def compose(paper: Paper) -> Composed:
    """Compose one form of a dossier, as things stood at the event that asked for it.

    :raises RowsMissing: what the form is about was never written down.
    """
    maker = _MAKERS[Form(paper.form)]
    with translation.override("vi"):
        return maker(paper)
