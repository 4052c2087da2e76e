"""A filled-in example of a procedure's e-form as a paper: invented answers, laid out as people read them.

Only for the worker and for commands: it makes a PDF.
"""

from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core import pdf
from procedures import eforms
from procedures.models import ProcedureVersion
from procedures.trying.applicants import Trial


def of_version(version: ProcedureVersion, *, today: date) -> bytes:
    """Make the PDF of a form that one invented applicant has filled in, in Vietnamese. It does not carry the mark yet.

    :raises InvalidInput: the e-form is broken.
    :raises core.pdf.PdfEngineMissing: see there.
    """
    schema = eforms.of_version(version)
    applicant = Trial(schema, today).fill({})
    with translation.override("vi"):
        pages = eforms.summary(schema, applicant.answers)
        title = _("Tờ khai đã điền mẫu: %s") % (version.short_name or version.name)
        body = render_to_string(
            "procedures/sample_paper.html", {"version": version, "pages": pages, "today": today}
        )
        return pdf.render(body, title=title).content
