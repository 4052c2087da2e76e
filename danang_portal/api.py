"""One place where refusals become JSON: {"code", "message", "errors"}."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import InvalidInput, Refusal, retry_headers


def explain(problem: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a refusal with its status, code and words, wrong fields by name; the rest as the framework does."""
    if isinstance(problem, Refusal):
        body: dict[str, Any] = {"code": problem.code, "message": str(problem)}
        if isinstance(problem, InvalidInput):
            body["errors"] = {name: [str(text) for text in texts] for name, texts in problem.errors.items()}
        return Response(body, status=problem.status, headers=retry_headers(problem))
    return exception_handler(problem, context)
