"""How long a session may lie idle: officers 15 minutes, people 30 (security level 3, TT 12/2022).

A page that was being filled in is not lost: drafts are saved on the server as they are typed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

OFFICER_IDLE_S = 15 * 60
PERSON_IDLE_S = 30 * 60
# Noting each request would be a write each; a minute more or less does not matter.
NOTED_EVERY_S = 60

IDLE_S = "idle_s"
SEEN_AT = "seen_at"
AS_OFFICER = "as_officer"
ENDED_IDLE = "ended_idle"

View = TypeVar("View", bound=Callable[..., HttpResponse])


def asked_by_the_page(view: View) -> View:
    """Mark a view that an open page asks for again and again: it is no sign that anybody sits before the page."""
    view.asked_by_the_page = True  # type: ignore[attr-defined]  # a mark on a function, as Django's own decorators leave
    return view


def begin(request: HttpRequest, *, officer: bool) -> None:
    """Note at sign-in whose session it is and how long it may lie idle."""
    request.session[AS_OFFICER] = officer
    request.session[IDLE_S] = OFFICER_IDLE_S if officer else PERSON_IDLE_S
    request.session[SEEN_AT] = int(time.time())


class IdleTimeout:
    """End a session that lay idle too long; the next page asks to sign in again and then goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.COOKIES and SESSION_KEY in request.session and _is_over(request.session):
            logout(request)
            request.session[ENDED_IDLE] = True
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        """Note that somebody is there, from time to time."""
        if not request.COOKIES or getattr(view, "asked_by_the_page", False):
            return
        if SESSION_KEY in request.session and _idle_for(request.session) >= NOTED_EVERY_S:
            request.session[SEEN_AT] = int(time.time())


def _is_over(session: SessionBase) -> bool:
    return _idle_for(session) > int(session.get(IDLE_S, OFFICER_IDLE_S))


def _idle_for(session: SessionBase) -> int:
    """Seconds since the last noted request; a session that never noted one begins now."""
    now = int(time.time())
    return now - int(session.setdefault(SEEN_AT, now))
