"""The catalogue for programs: public and read only."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import PortalAPIRequest
from core.errors import InvalidInput
from procedures import policies, selectors
from procedures.models import ProcedureVersion
from procedures.selectors import LAST_PAGE, Filters, Listed
from procedures.states import ApplicantCategory, Catalogue, Level, OnlineLevel


class Procedures(APIView):
    """``GET ?q=&sector=&level=&category=&agency=&online_level=&online=1&page=``: one page of current procedures.

    Ranked when asked by ``q``.

    With ``catalogue=public_utility`` (or ``non_onestop``, ``internal``) those of another catalogue.
    """

    permission_classes = [AllowAny]

    def get(self, request: PortalAPIRequest) -> Response:
        filters = _filters(request)
        page = selectors.catalogue(filters)
        return Response(
            {
                "count": page.count.value,
                "count_is_capped": page.count.is_capped,
                "page": page.page,
                "next_page": page.page + 1 if page.has_later and page.page < LAST_PAGE else None,
                "results": [_row(version.code, version.sector, version) for version in page.versions],
            }
        )


class OneProcedure(APIView):
    """``GET``: the version in force with all its parts. Answers 304 while it has not changed."""

    permission_classes = [AllowAny]

    def get(self, request: PortalAPIRequest, code: str) -> Response:
        visible = policies.visible(request.actor)
        try:
            version = selectors.version_of(code=code, version_no=None, visible=visible)
        except ProcedureVersion.DoesNotExist:
            raise NotFound(_("Danh mục không có thủ tục mã này. Hãy kiểm tra lại mã.")) from None
        # The labels are in the language of the request, so it belongs to what is compared.
        etag = quote_etag(f"{version.pk}-{version.updated_at.timestamp()}-{get_language()}")
        plain: HttpRequest = request._request
        if (unchanged := get_conditional_response(plain, etag=etag)) is not None:
            return Response(status=unchanged.status_code, headers={"ETag": etag})
        sector = version.sector.name if version.sector else ""
        row = _row(version.procedure.code, sector, version)
        response = Response(row | _parts(version), headers={"ETag": etag})
        patch_cache_control(response, no_cache=True)
        return response


def _filters(request: PortalAPIRequest) -> Filters:
    given = request.query_params
    problems: dict[str, list[Any]] = {}
    for name, choices in (
        ("level", Level),
        ("category", ApplicantCategory),
        ("online_level", OnlineLevel),
        ("catalogue", Catalogue),
    ):
        if given.get(name) and given[name] not in choices.values:
            problems[name] = [_("Phải là một trong: %s.") % ", ".join(choices.values)]
    page = given.get("page", "1")
    if not (page.isascii() and page.isdigit() and 1 <= int(page[:9]) <= LAST_PAGE):
        problems["page"] = [_("Phải là số từ 1 đến %d.") % LAST_PAGE]
    if problems:
        raise InvalidInput(problems)
    return Filters(
        query=given.get("q", "").replace("\x00", "").strip(),
        sector=given.get("sector", "").replace("\x00", ""),
        level=given.get("level", ""),
        category=given.get("category", ""),
        agency=given.get("agency", "").replace("\x00", ""),
        online_level=given.get("online_level", ""),
        online=given.get("online") == "1",
        page=int(page),
        catalogue=given.get("catalogue") or Catalogue.ADMINISTRATIVE.value,
    )


def _row(code: str, sector: str, version: ProcedureVersion | Listed) -> dict[str, Any]:
    return {
        "code": code,
        "name": version.name,
        "short_name": version.short_name,
        "sector": sector or None,
        "levels": version.levels,
        "applicant_categories": version.applicant_categories,
        "can_be_filed_online": version.is_fileable,
        "page": reverse("procedures:detail", args=[code]),
    }


def _parts(version: ProcedureVersion) -> dict[str, Any]:
    """The published parts; ``doubts`` name the values that are to be compared with the decision."""
    return {
        "version": version.version_no,
        "status": version.status,
        "decision": version.publication_decision,
        "ministry": version.ministry,
        "authority": version.authority,
        "steps": version.execution_sequence,
        "requirements": version.eligibility_conditions,
        "channels": [
            {
                "channel": row.channel,
                "duration_value": row.duration_value,
                "duration_unit": row.duration_unit or None,
                "duration_text": row.duration_text,
                "note": row.note,
                "fees": [
                    {"kind": fee.kind or None, "amount_vnd": fee.amount_vnd, "text": fee.text}
                    for fee in row.fees.all()
                ],
            }
            for row in version.channels.all()
        ],
        "components": [
            {
                "name": row.name,
                "group": row.group,
                "form": row.form_template or None,
                "originals": row.originals,
                "copies": row.copies,
                "is_upload": row.is_upload,
                "is_required": row.is_required,
            }
            for row in version.components.all()
        ],
        "legal_bases": [{"code": row.code, "title": row.title} for row in version.legal_bases.all()],
        "results": [{"code": row.code, "name": row.name} for row in version.result_types.all()],
        "doubts": [
            {"field": flag.field, "reason": flag.reason}
            for flag in version.review_flags.all()
            if flag.resolved_at is None
        ],
        "source_url": version.source_url or None,
    }
