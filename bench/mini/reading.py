"""The reference's pages: a list of fifty by keyset, one dossier, and a plain page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bench.mini.models import OPEN, Dossier

ROWS = [
    {"code": f"H17.34.01-260302-{number:04d}", "name": f"Thủ tục số {number}", "due": "05/03/2026"}
    for number in range(1, 61)
]


class Row(serializers.ModelSerializer):
    class Meta:
        model = Dossier
        fields = ["id", "code", "procedure", "agency", "status", "received_at", "due_at", "assignee"]


class Worklist(APIView):
    """Open dossiers of one agency in one status, the next due first."""

    def get(self, request: Request) -> Response:
        agency, status = int(request.query_params["agency"]), int(request.query_params["status"])
        found = Dossier.objects.filter(agency=agency, status=status, status__lt=len(OPEN))
        return Response({"results": Row(found.order_by("due_at", "id")[:50], many=True).data})


def one(request: HttpRequest, code: str) -> HttpResponse:
    """One dossier by its code, in one query."""
    found = get_object_or_404(Dossier, code=code)
    return JsonResponse({"id": found.pk, "code": found.code, "status": found.status, "due": found.due_at})


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def page(request: HttpRequest) -> HttpResponse:
    """A page of ordinary size, for what a template alone costs."""
    return render(request, "page.html", {"rows": ROWS})
