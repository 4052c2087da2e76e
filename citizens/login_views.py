"""To VNeID and back."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

import requests
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from citizens.identity import InvalidIdentity
from citizens.login_problems import ONWARD, LoginProblem, page
from citizens.vneid import PROVIDER_ID, VneidClient

log = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Go to VNeID on a POST; a plain link only leads to the page that explains and asks."""
    canonical = request.get_host() == urlsplit(settings.PORTAL_URL).netloc
    if request.method != "POST" or not canonical:
        # VNeID comes back to one address only, and a session does not move from host to host.
        onward = QueryDict(mutable=True)
        if asked := (request.POST or request.GET).get("next"):
            onward["next"] = asked
        query = f"?{onward.urlencode()}" if onward else ""
        base = "" if canonical else settings.PORTAL_URL
        return redirect(f"{base}{reverse('login_choice')}{query}")
    request.session[ONWARD] = request.POST.get("next", "")
    try:
        answer: HttpResponse = OAuth2LoginView.adapter_view(VneidClient(request, PROVIDER_ID))(request)
    except (requests.RequestException, ValueError, KeyError) as problem:
        log.warning("VNeID does not answer as it should", extra={"cause": repr(problem)})
        return page(request, LoginProblem.UNREACHABLE)
    return answer


@login_not_required
@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Take VNeID's answer and sign its person in."""
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(VneidClient(request, PROVIDER_ID))(request)
    except InvalidIdentity as problem:
        log.error("VNeID claims refused", extra={"claim": problem.claim, "problem": str(problem)})
        return page(request, LoginProblem.NOT_ACCEPTED)
    except (requests.RequestException, ValueError, KeyError, TypeError) as problem:
        # No answer, or one that is not JSON, lacks what OpenID Connect demands or names another issuer.
        log.error("VNeID does not answer as it should", extra={"cause": repr(problem)})
        return page(request, LoginProblem.UNREACHABLE)
    return answer
