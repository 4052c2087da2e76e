"""What a person has integrated into VNeID, and their health record: shown to whom they have consented to, and only that.

``GET /identity/o/api/documents`` with a bearer token answers ``{"sub", "documents": [...]}``: of the scope ``documents``
the integrated papers, of ``health`` the entries of the electronic health record. Refusals as RFC 6750 has them: 401
without a good token, 403 ``insufficient_scope`` where neither scope was consented to.
"""

from __future__ import annotations

from allauth.idp.oidc.internal.oauthlib.server import get_server
from allauth.idp.oidc.internal.oauthlib.utils import extract_params, get_validator_context
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from simulators.vneid.personas import PERSONAS

SHOWN = frozenset({"documents", "health"})


@require_safe
def documents(request: HttpRequest) -> JsonResponse:
    valid, asked = get_server().verify_request(*extract_params(request), scopes=[])
    token = get_validator_context().access_token
    if not valid or token is None:
        return _refusal(401, "invalid_token")
    consented = SHOWN & set(token.get_scopes())
    if not consented:
        return _refusal(403, "insufficient_scope")
    persona = PERSONAS[asked.user.get_username()]
    shown = [one for one in persona.facts["documents"] if one["scope"] in consented]
    return JsonResponse({"sub": persona.subject, "documents": shown})


def _refusal(status: int, error: str) -> JsonResponse:
    return JsonResponse(
        {"error": error},
        status=status,
        headers={"WWW-Authenticate": f'Bearer error="{error}", scope="{" ".join(sorted(SHOWN))}"'},
    )
