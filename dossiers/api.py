"""The applicants' API: file a whole dossier in one request, list one's dossiers, follow one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from core import throttle
from core.api import PortalAPIRequest
from core.errors import InvalidInput, Text
from core.pagination import keyset
from dossiers import eligibility, return_choice, selectors, validity
from dossiers.forms import ContactForm
from dossiers.models import Dossier
from dossiers.plain_words import WORDS
from dossiers.services import filing
from dossiers.services.filing import Upload, WholeFiling
from dossiers.services.return_choices import Wanted
from dossiers.states import Status, national_status
from procedures.states import HELD_SOURCES, ComponentSource

PAGE = 50
TEXTS = ("procedure", "unit", "centre", "organisation", "phone", "email")
RETURNS = ("return_method", "return_centre", "return_receiver_name", "return_phone", "return_address")
ANSWER, COMPONENT = "form.", "component."
_OF_COMPONENT = re.compile(rf"component\.([0-9]{{1,4}})(\.{validity.ISSUED_ON})?")
SAID_OF_HELD = (filing.HELD, *(one.value for one in ComponentSource if one in HELD_SOURCES))
"""What may stand in place of a file: the city has it already."""
LONGEST_TEXT = 254
FILINGS_A_MINUTE = 600
"""From one account; a program that sends more is stuck in a loop."""


class PlainJSONParser(JSONParser):
    """JSON that is nested no deeper than Python reads, of text that can be written down.

    What a filing needs is three levels deep; an escaped half of a character is none, and no answer could repeat it.
    """

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            data = super().parse(*args, **kwargs)
            _require_writable(data)
        except RecursionError:
            raise ParseError(_("Nội dung JSON lồng quá sâu.")) from None
        except UnicodeEncodeError:
            raise ParseError(
                _("Nội dung JSON có nửa ký tự (\\ud800 đến \\udfff). Hãy sửa ký tự đó rồi gửi lại.")
            ) from None
        return data


def _require_writable(data: Any) -> None:
    """:raises UnicodeEncodeError: a text, a name or a value, cannot be written as UTF-8."""
    json.dumps(data, ensure_ascii=False).encode()


class Dossiers(APIView):
    """``GET`` lists one's own dossiers, the newest first; ``POST`` files one."""

    parser_classes = [MultiPartParser, FormParser, PlainJSONParser]

    def get(self, request: PortalAPIRequest) -> Response:
        eligibility.require_applicant(request.actor)
        rows = selectors.list_of_applicant(request.actor)
        if status := request.query_params.get("status", ""):
            if status not in Status.values:
                allowed = ", ".join(Status.values)
                raise InvalidInput({"status": [_("Phải là một trong: %s.") % allowed]})
            rows = rows.filter(status=status)
        page = keyset(
            rows,
            order=["-id"],
            size=PAGE,
            after=request.query_params.get("after", ""),
            before=request.query_params.get("before", ""),
        )
        return Response(
            {
                "results": [_row(dossier) for dossier in page.rows],
                "after": page.later or None,
                "before": page.earlier or None,
            }
        )

    def post(self, request: PortalAPIRequest) -> Response:
        """Take a whole dossier. The same ``Idempotency-Key`` again gives the same answer, with 200 for 201."""
        at = timezone.now()
        throttle.require_pause(
            subject="api-filing", who=str(request.actor.user_id), limit=FILINGS_A_MINUTE, seconds=60, at=at
        )
        dossier, created = filing.file_whole(
            filing=read_filing(request),
            idempotency_key=request.headers.get("Idempotency-Key", ""),
            actor=request.actor,
            at=at,
        )
        return Response(receipt(dossier), status=201 if created else 200)


class OneDossier(APIView):
    """``GET``: one of one's own dossiers with its answers and its current files."""

    def get(self, request: PortalAPIRequest, tracking_no: str) -> Response:
        dossier = _own(request, tracking_no)
        files = dossier.components.filter(replaced_at=None).order_by("component__position")
        body = _row(dossier) | {
            "unit": dossier.competent_agency.code if dossier.competent_agency else None,
            "centre": dossier.received_at_unit.code if dossier.received_at_unit else None,
            "organisation": dossier.owner_organisation.code if dossier.owner_organisation else None,
            "return": _return(dossier),
            "national_status": national_status(dossier.status, outcome=dossier.outcome),
            "form": dossier.form_data,
            "components": [
                {
                    "position": position,
                    "name": name,
                    "size": size,
                    "pages": pages,
                    "sha256": sha256,
                    "scan_state": scan_state,
                    "source": source or None,
                    "origin": origin or None,
                }
                for position, name, size, pages, sha256, scan_state, source, origin in files.values_list(
                    "component__position",
                    "original_name",
                    "size",
                    "pages",
                    "sha256",
                    "scan_state",
                    "source",
                    "origin",
                )
            ],
        }
        return Response(body)


class Events(APIView):
    """The history as its applicant may see it: officers by role and unit."""

    def get(self, request: PortalAPIRequest, tracking_no: str) -> Response:
        dossier = _own(request, tracking_no)
        entries = selectors.timeline(dossier, actor=request.actor)
        return Response(
            {
                "results": [
                    {
                        "seq": entry.seq,
                        "action": entry.action,
                        "title": str(entry.title),
                        "at": _time(entry.at),
                        "by": str(entry.by),
                    }
                    for entry in entries
                ]
            }
        )


def read_filing(request: PortalAPIRequest) -> WholeFiling:
    """Read the parts of a request: texts, ``form`` as JSON or ``form.<field>``, ``component.<position>``.

    A component is a file, or the word that the city holds it already.

    :raises InvalidInput: a part is unknown or is not what its name promises; by part.
    """
    data: Any = request.data
    if not isinstance(data, Mapping):
        raise InvalidInput({"body": [_("Phải là một đối tượng JSON: tên phần và nội dung.")]})
    files = request.FILES
    errors: dict[str, list[Text]] = {}
    texts: dict[str, str] = {}
    returns: dict[str, str] = {}
    answers: dict[str, Any] = {}
    uploads: dict[int, Upload] = {}
    held: dict[int, str] = {}
    issued: dict[int, date] = {}
    for name in data:
        if name in files:
            continue
        value = data[name]
        if name in RETURNS:
            returns[name.removeprefix(filing.RETURN_PART)] = _text(value, name, errors)
        elif name in TEXTS:
            texts[name] = _text(value, name, errors)
        elif name == "form":
            answers |= _answers(value, errors)
        elif name.startswith(ANSWER):
            answers[name.removeprefix(ANSWER)] = value
        elif found := _OF_COMPONENT.fullmatch(name):
            _of_component(int(found[1]), found[2] or "", _text(value, name, errors), held, issued, errors)
        elif name != "csrfmiddlewaretoken":
            errors[name] = [_unknown()]
    for name, file in files.items():
        found = _OF_COMPONENT.fullmatch(name)
        if found and not found[2]:
            uploads[int(found[1])] = Upload(file, file.name or "")
        else:
            errors[name] = [_unknown()]
    errors |= _contact_problems(texts)
    if not texts.get("procedure"):
        errors.setdefault("procedure", [_("Thiếu mã thủ tục.")])
    if errors:
        raise InvalidInput(errors)
    returned = Wanted(**returns) if returns else None
    return WholeFiling(answers=answers, files=uploads, held=held, issued=issued, returned=returned, **texts)


def _of_component(
    position: int,
    part: str,
    text: str,
    held: dict[int, str],
    issued: dict[int, date],
    errors: dict[str, list[Text]],
) -> None:
    """Read what is said of a component beside its file: the source that has it, or the day on which it was issued."""
    name = f"{COMPONENT}{position}{part}"
    if name in errors:
        return
    if part:
        try:
            day = validity.read_day(text)
        except InvalidInput as problem:
            errors[name] = problem.errors[validity.ISSUED_ON]
        else:
            issued |= {position: day} if day else {}
    elif text in SAID_OF_HELD:
        held[position] = text
    else:
        errors[name] = [_("Phải là một tệp, hoặc một trong: %s.") % ", ".join(SAID_OF_HELD)]


def _contact_problems(texts: dict[str, str]) -> dict[str, list[Text]]:
    """Check a given telephone number or e-mail address as the page for it does, and bring it into its written form."""
    given = {name: texts[name] for name in ("phone", "email") if texts.get(name)}
    form = ContactForm(given)
    form.full_clean()
    texts |= {name: form.cleaned_data[name] for name in given if name in form.cleaned_data}
    return {name: [str(text) for text in form.errors[name]] for name in given if name in form.errors}


def _text(value: object, name: str, errors: dict[str, list[Text]]) -> str:
    if isinstance(value, str) and len(value) <= LONGEST_TEXT and "\x00" not in value:
        return value.strip()
    errors[name] = [_("Phải là một chuỗi không quá %d ký tự.") % LONGEST_TEXT]
    return ""


def _answers(value: object, errors: dict[str, list[Text]]) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
            _require_writable(value)
        except (ValueError, RecursionError):
            value = None
    if isinstance(value, dict):
        return value
    errors["form"] = [_("Phải là một đối tượng JSON: tên mục và câu trả lời.")]
    return {}


def _unknown() -> str:
    return _(
        "Không có phần này. Các phần được nhận: %s, form, form.<tên mục>, component.<số thứ tự>, "
        "component.<số thứ tự>.issued_on."
    ) % ", ".join((*TEXTS, *RETURNS))


def receipt(dossier: Dossier) -> dict[str, Any]:
    """Give what a filing is answered with; nothing in it changes later, so that a repeat gets the same."""
    return {
        "tracking_no": dossier.tracking_no,
        "status": Status.SUBMITTED,
        "procedure": dossier.procedure_version.procedure.code,
        "submitted_at": _time(dossier.submitted_at),
        "accept_due_at": _time(dossier.accept_due_at),
        "links": _links(dossier),
    }


def _row(dossier: Dossier) -> dict[str, Any]:
    return {
        "tracking_no": dossier.tracking_no,
        "code": dossier.code,
        "procedure": dossier.procedure_version.procedure.code,
        "name": str(dossier.procedure_version),
        "status": dossier.status,
        "status_label": str(WORDS[dossier.status].title),
        "submitted_at": _time(dossier.submitted_at),
        "accept_due_at": _time(dossier.accept_due_at),
        "accepted_at": _time(dossier.accepted_at),
        "due_at": _time(dossier.due_at),
        "completed_at": _time(dossier.completed_at),
        "outcome": dossier.outcome or None,
        "links": _links(dossier),
    }


def _return(dossier: Dossier) -> dict[str, str | None]:
    choice = return_choice.of(dossier)
    centre = return_choice.centre_of(choice)
    return {
        "method": choice.method,
        "centre": centre.code if centre else None,
        "receiver_name": choice.receiver_name or None,
        "phone": choice.phone or None,
        "address": choice.address or None,
    }


def _links(dossier: Dossier) -> dict[str, str]:
    base = reverse("api_dossiers:list")
    return {
        "self": f"{base}{dossier.tracking_no}/",
        "events": f"{base}{dossier.tracking_no}/events/",
        "page": reverse("dossiers:detail", args=[dossier.tracking_no]),
    }


def _time(at: datetime | None) -> str | None:
    """Write a moment in local time with its offset, to the second."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None


def _own(request: PortalAPIRequest, tracking_no: str) -> Dossier:
    return get_object_or_404(
        selectors.of_applicant(request.actor).select_related(
            "procedure_version__procedure", "received_at_unit", "competent_agency", "owner_organisation"
        ),
        tracking_no=tracking_no,
    )
