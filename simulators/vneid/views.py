"""Pages of the stand-in. Each one says that it is a simulation."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from allauth.idp.oidc import views as oidc_views
from allauth.idp.oidc.models import Client
from django import forms
from django.contrib.auth import get_user_model, login, logout
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from simulators.vneid.configuration import PORTAL_URL
from simulators.vneid.documents import SHOWN
from simulators.vneid.personas import PERSONAS

STYLE = (Path(__file__).parent / "style.css").read_bytes()
MOST_TRIES = 5
LOCKED_FOR_S = 15 * 60


class OwnContentOnly:
    """Send a strict content policy; a consent leads on to the portal, which form-action checks as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = (
            f"default-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self' {PORTAL_URL}"
        )
        response["Referrer-Policy"] = "same-origin"
        return response


class LoginForm(forms.Form):
    persona = forms.ChoiceField(
        choices=[(key, persona.name) for key, persona in PERSONAS.items()],
        error_messages={"required": "Hãy chọn một nhân vật.", "invalid_choice": "Không có nhân vật này."},
    )
    passcode = forms.RegexField(
        r"^\d{6}$",
        error_messages={
            "required": "Hãy nhập mã gồm 6 chữ số.",
            "invalid": "Mã gồm đúng 6 chữ số, ví dụ 123456.",
        },
    )

    def clean(self) -> dict[str, str]:
        data = self.cleaned_data
        if self.errors:
            return data
        key = data["persona"]
        tries = f"tries:{key}"
        if cache.get(tries, 0) >= MOST_TRIES:
            raise forms.ValidationError(
                "Tài khoản minh họa này đang bị khóa 15 phút vì nhập sai mã 5 lần. Hãy chọn nhân vật khác."
            )
        if hmac.compare_digest(data["passcode"], PERSONAS[key].passcode):
            cache.delete(tries)
            return data
        cache.add(tries, 0, LOCKED_FOR_S)
        left = MOST_TRIES - cache.incr(tries)
        if left <= 0:
            raise forms.ValidationError("Sai mã 5 lần: tài khoản minh họa này bị khóa trong 15 phút.")
        raise forms.ValidationError(f"Mã không đúng. Còn {left} lần thử.")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"personas": PERSONAS.values(), "portal_url": PORTAL_URL})


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    return HttpResponse(STYLE, content_type="text/css; charset=utf-8")


@require_safe
def no_icon(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = LoginForm(request.POST or None)
    onward = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = "/"
    if request.method == "POST" and form.is_valid():
        user = get_user_model().objects.get(username=form.cleaned_data["persona"])
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect(onward)
    return render(
        request,
        "sign_in.html",
        {"form": form, "personas": PERSONAS.values(), "next": onward},
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def change_person(request: HttpRequest) -> HttpResponse:
    """Sign out here and come back to the request that asked."""
    logout(request)
    onward = request.POST.get("next", "/")
    return redirect(onward if url_has_allowed_host_and_scheme(onward, allowed_hosts=None) else "/")


@csrf_exempt  # allauth's view checks the token itself where it must
def authorize(request: HttpRequest) -> HttpResponse:
    """Refuse what the real provider refuses before anybody signs in: an unknown client, a wrong address, no PKCE."""
    if request.method == "GET":
        client = Client.objects.filter(pk=request.GET.get("client_id", "")).first()
        if client is None:
            return _refusal(request, "client_id: ứng dụng này chưa được đăng ký với VNeID.")
        if request.GET.get("redirect_uri") not in client.get_redirect_uris():
            return _refusal(request, "redirect_uri: địa chỉ quay lại không trùng với địa chỉ đã đăng ký.")
        if request.GET.get("code_challenge_method") != "S256" or not request.GET.get("code_challenge"):
            return back_to_client(
                request.GET["redirect_uri"],
                error="invalid_request",
                error_description="PKCE with S256 is required",
                state=request.GET.get("state", ""),
            )
    # For the consent page, which says whose facts it is about.
    request.persona = PERSONAS.get(request.user.get_username())  # type: ignore[attr-defined]
    request.asks_for_papers = bool(SHOWN & set(request.GET.get("scope", "").split()))  # type: ignore[attr-defined]  # for the template
    response: HttpResponse = oidc_views.authorization(request)
    return response


def back_to_client(redirect_uri: str, **answer: str) -> HttpResponse:
    query = urlencode({name: value for name, value in answer.items() if value})
    response = HttpResponse(status=302)
    response["Location"] = f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{query}"
    return response


def _refusal(request: HttpRequest, problem: str) -> HttpResponse:
    return render(request, "idp/oidc/error.html", {"problem": problem}, status=400)
