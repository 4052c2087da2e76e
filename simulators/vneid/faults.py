"""Faults on demand, so that the portal's answers to a partner in trouble can be tried."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse

from simulators.vneid.configuration import CODE_SECONDS
from simulators.vneid.views import back_to_client

ENDPOINTS = {
    "/.well-known/openid-configuration": "discovery",
    "/.well-known/jwks.json": "jwks",
    "/identity/o/authorize": "authorize",
    "/identity/o/api/token": "token",
    "/identity/o/api/userinfo": "userinfo",
    "/identity/o/api/documents": "documents",
}
CONTROL = "/_control"


@dataclass
class Fault:
    """What goes wrong at one endpoint, ``times`` times or until it is taken back."""

    endpoint: str
    status: int = 0
    body: str = ""
    error: str = ""
    delay_s: float = 0
    times: int | None = None


class _State:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.faults: dict[str, Fault] = {}
        self.claims: dict[str, dict[str, Any]] = {}
        self.seen: Counter[str] = Counter()

    def reset(self) -> None:
        with self.lock:
            self.faults.clear()
            self.claims.clear()
            self.seen.clear()
        settings.IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = CODE_SECONDS
        cache.clear()

    def take(self, endpoint: str) -> Fault | None:
        """Count a request and give the fault it meets, if any."""
        with self.lock:
            self.seen[endpoint] += 1
            fault = self.faults.get(endpoint) or self.faults.get("any")
            if fault and fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    del self.faults[fault.endpoint]
            return fault

    def order(self, wish: dict[str, Any]) -> str:
        """Carry out one order; give what is wrong with it, or nothing."""
        if wish.get("reset"):
            self.reset()
        elif "code_seconds" in wish:
            settings.IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = wish["code_seconds"]
        elif "persona" in wish:
            self.claims[wish["persona"]] = wish.get("claims", {})
        elif wish.get("endpoint") in {*ENDPOINTS.values(), "any"}:
            try:
                self.faults[wish["endpoint"]] = Fault(**wish)
            except TypeError as problem:
                return str(problem)
        else:
            return (
                f"endpoint: one of {', '.join(ENDPOINTS.values())} or any; see simulators/vneid/__init__.py"
            )
        return ""


FAULTS = _State()


class Faults:
    """Stand before everything else: answer orders, and let requests meet the fault that is set."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == CONTROL:
            return _control(request)
        endpoint = ENDPOINTS.get(request.path)
        fault = FAULTS.take(endpoint) if endpoint else None
        if fault is None:
            return self.get_response(request)
        time.sleep(fault.delay_s)
        if fault.error and endpoint == "authorize":
            answer = {"error": fault.error, "state": request.GET.get("state", "")}
            return back_to_client(request.GET.get("redirect_uri", ""), **answer)
        if fault.status or fault.body:
            return HttpResponse(fault.body or "simulated fault", status=fault.status or 200)
        return self.get_response(request)


def _control(request: HttpRequest) -> HttpResponse:
    if request.META["REMOTE_ADDR"] not in ("127.0.0.1", "::1"):
        return HttpResponse(status=403)
    if request.method == "GET":
        return JsonResponse(
            {
                "faults": [asdict(fault) for fault in FAULTS.faults.values()],
                "claims": FAULTS.claims,
                "seen": FAULTS.seen,
            }
        )
    # JSON only: a form of a foreign page cannot send it without asking first.
    if request.method != "POST" or request.content_type != "application/json":
        return JsonResponse({"error": "POST application/json"}, status=415)
    try:
        wish = json.loads(request.body)
    except ValueError as problem:
        return JsonResponse({"error": f"not JSON: {problem}"}, status=400)
    if not isinstance(wish, dict):
        return JsonResponse({"error": "one JSON object, please"}, status=400)
    problem_found = FAULTS.order(wish)
    return JsonResponse({"error": problem_found}, status=400) if problem_found else HttpResponse(status=204)
