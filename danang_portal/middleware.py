"""What every request passes through: an id, a language, an actor, limits, and an answer to refusals."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control

from accounts.sessions import AS_OFFICER
from agencies import selectors as agencies_selectors
from citizens import selectors as citizens_selectors
from core.actor import Actor, ActorKind
from core.errors import Refusal, TooLarge, retry_headers
from core.http import address_of, wants_json

Handler = Callable[[HttpRequest], HttpResponse]


class RequestId:
    """Give each request an id, bind it to the logs and send it back as ``X-Request-Id``."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex[:16]
        request.request_id = request_id  # type: ignore[attr-defined]  # error pages show it
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class ChosenLanguage:
    """Vietnamese, unless the person has chosen otherwise. The browser's language does not choose."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.setdefault("Content-Language", language)
            return response


def actor_of(request: HttpRequest) -> Actor:
    """Make the actor of a request from its session: an officer, a person, or nobody."""
    ip = address_of(request)
    user = request.user
    if not user.is_authenticated:
        return Actor.anonymous(ip=ip)
    at = timezone.now()
    # Asked in this order, the first answer is as a rule the right one, and saves a query.
    seekers = (_officer, _person) if request.session.get(AS_OFFICER, True) else (_person, _officer)
    for seek in seekers:
        if actor := seek(user.pk, at=at, ip=ip):
            return actor
    return Actor(kind=ActorKind.ANONYMOUS, display_name=user.get_username(), user_id=user.pk, ip=ip)


def _officer(user_id: int, *, at: datetime, ip: str) -> Actor | None:
    officer = agencies_selectors.officer_of(user_id=user_id, at=at)
    return None if officer is None else officer.actor(user_id=user_id, ip=ip)


def _person(user_id: int, *, at: datetime, ip: str) -> Actor | None:
    person = citizens_selectors.person_of(user_id=user_id, at=at)
    if person is None:
        return None
    return Actor(
        kind=ActorKind.PERSON,
        display_name=person.full_name,
        user_id=user_id,
        person_id=person.person_id,
        eid_level=person.eid_level,
        organisation_ids=person.organisation_ids,
        ip=ip,
    )


class LazyActor:
    """`request.actor`, made when it is first asked for: static and public pages then cost no query."""

    def __get__(self, request: HttpRequest | None, owner: type) -> Actor:
        if request is None:
            return self  # type: ignore[return-value]  # asked of the class, as every descriptor
        made = request.__dict__.get("_actor")
        if made is None:
            made = request.__dict__["_actor"] = actor_of(request)
        return made


class ActorOfRequest:
    """Give each request its actor. What is made for a signed-in person is kept by no cache and no browser.

    Machines at a counter are shared: after signing out, the button that goes back shows nothing.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        # On Django's own class: views see a `PortalRequest`, which is this one by another name.
        HttpRequest.actor = LazyActor()  # type: ignore[attr-defined]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_signed_in = bool(request.COOKIES) and SESSION_KEY in request.session
        response = self.get_response(request)
        if is_signed_in:
            patch_cache_control(response, private=True, no_store=True)
        return response


class SignInRequired(LoginRequiredMiddleware):
    """Django's, but a part of a page does not become the page for signing in: the whole page is asked for anew.

    So a page that was left open shows nothing any more soon after its session has ended.
    """

    # Django's stubs promise its own answer, a redirect, and no other.
    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:  # type: ignore[override]
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Refresh": "true"})
        return super().handle_no_permission(request, view_func)


class BodySize:
    """Refuse a body that is larger than anything we take, before a byte of it is read or put on the disk.

    A file goes through the disk; anything else is held in memory.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if int(length if length.isascii() and length.isdigit() else 0) > (most := self._most(request)):
            return refusal_page(request, TooLarge(most=most))
        return self.get_response(request)

    def _most(self, request: HttpRequest) -> int:
        if request.content_type != "multipart/form-data":
            return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request.user.is_authenticated:
            return settings.BODY_MAX_BYTES
        return settings.BODY_MAX_BYTES_ANONYMOUS


class NoZeros:
    """Take the zero character out of what people send: nobody sees it, and the database does not store it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        if "\0" in request.path:
            raise Http404
        # The stubs take what was sent for immutable; it is, and is replaced as a whole.
        request.GET = _without_zeros(request.GET)  # type: ignore[assignment]
        # Programs send more than forms, and their views look at what they take.
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            request.POST = _without_zeros(request.POST)  # type: ignore[assignment]


def _without_zeros(data: QueryDict) -> QueryDict:
    if not any("\0" in text for _name, texts in data.lists() for text in texts):
        return data
    plain = data.copy()
    for name, texts in data.lists():
        plain.setlist(name, [text.replace("\0", "") for text in texts])
    return plain


class Refusals:
    """Turn a refusal that a page did not answer itself into a page that says what to do next."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        return refusal_page(request, problem) if isinstance(problem, Refusal) else None


def refusal_page(request: HttpRequest, problem: Refusal) -> HttpResponse:
    """Say why not, as a page or as JSON for a program."""
    headers = retry_headers(problem)
    if wants_json(request):
        body = {"code": problem.code, "message": str(problem)}
        return JsonResponse(body, status=problem.status, headers=headers)
    page = render(request, "errors/refusal.html", {"refusal": problem}, status=problem.status)
    for name, value in headers.items():
        page[name] = value
    return page
