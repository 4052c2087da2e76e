"""Asking VNeID, with the person's consent, for the papers that it holds of them.

A consent of its own, apart from signing in: only the scopes that a filing needs are asked for, the access token is used
once and not kept. `begin` says where to send the person, `fetch` reads what came of it.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from citizens.models import Person
from citizens.vneid import PROVIDER_ID, VneidClient
from core.errors import Conflict, Unavailable

SCOPES = ("documents", "health")
MOST_PAPERS = 50


class NoConsent(Conflict):
    """The person did not let VNeID show anything, came back by another way, or is somebody else there."""

    code = "no_consent"
    message = _("VNeID chưa cho xem giấy tờ nào của bạn. Hãy lấy lại và bấm Đồng ý, hoặc tải tệp lên.")


class VneidAway(Unavailable):
    """VNeID does not answer, or not as it should."""

    code = "vneid_away"
    message = _("VNeID chưa trả lời. Hãy thử lại sau ít phút, hoặc tải tệp lên.")


@dataclass(frozen=True, slots=True)
class Asking:
    """What is kept in the session between going to VNeID and coming back."""

    state: str
    nonce: str
    verifier: str
    scopes: tuple[str, ...]
    back: str
    """Our own address that VNeID comes back to."""

    def as_data(self) -> dict[str, Any]:
        return asdict(self) | {"scopes": list(self.scopes)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Asking:
        return cls(**{**data, "scopes": tuple(data["scopes"])})


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """One paper as VNeID shows it; ``scope`` is the consent under which it came."""

    scope: str
    title: str
    number: str
    issuer: str
    issued_on: date
    valid_to: date | None
    content: str


def is_set_up() -> bool:
    return bool(settings.VNEID_ISSUER)


def begin(request: HttpRequest, *, scopes: Collection[str], back: str) -> tuple[str, Asking]:
    """Give the address at VNeID where the person consents, and what must be kept until they are back.

    :raises VneidAway: VNeID does not describe itself.
    """
    asking = Asking(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        scopes=tuple(one for one in SCOPES if one in scopes),
        back=f"{settings.PORTAL_URL}{back}",
    )
    digest = hashlib.sha256(asking.verifier.encode()).digest()
    client = VneidClient(request, PROVIDER_ID)
    query = {
        "client_id": client.get_provider().app.client_id,
        "response_type": "code",
        "scope": " ".join(("openid", *asking.scopes)),
        "redirect_uri": asking.back,
        "state": asking.state,
        "nonce": asking.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        "prompt": "consent",
    }
    return f"{_described(client)['authorization_endpoint']}?{urlencode(query)}", asking


def fetch(
    request: HttpRequest, *, asking: Asking, answer: Mapping[str, str], person: Person
) -> list[ShownPaper]:
    """Give the papers that the person has let VNeID show.

    :raises NoConsent: they refused, the answer is not to what was asked, or it is about another person.
    :raises VneidAway: VNeID does not answer as it should.
    """
    if not secrets.compare_digest(answer.get("state", ""), asking.state) or "code" not in answer:
        raise NoConsent()
    client = VneidClient(request, PROVIDER_ID)
    config, app = _described(client), client.get_provider().app
    try:
        with get_adapter().get_requests_session() as session:
            tokens = session.post(
                config["token_endpoint"],
                data={
                    "grant_type": "authorization_code",
                    "code": answer["code"],
                    "redirect_uri": asking.back,
                    "code_verifier": asking.verifier,
                },
                auth=(app.client_id, app.secret),
            )
            if tokens.status_code != requests.codes.ok:
                raise NoConsent()
            given = tokens.json()
            subject = _subject(client, given["id_token"], nonce=asking.nonce)
            shown = session.get(
                config["documents_endpoint"], headers={"Authorization": f"Bearer {given['access_token']}"}
            )
        if shown.status_code in (requests.codes.unauthorized, requests.codes.forbidden):
            raise NoConsent()
        shown.raise_for_status()
        body = shown.json()
        if body["sub"] != subject or not _is_of(person, subject):
            raise NoConsent()
        return [_paper(one, asking.scopes) for one in body["documents"][:MOST_PAPERS]]
    except (requests.RequestException, OAuth2Error, ValueError, KeyError, TypeError) as problem:
        raise VneidAway() from problem


def _described(client: VneidClient) -> dict[str, Any]:
    try:
        return client.openid_config
    except (requests.RequestException, ValueError, KeyError) as problem:
        raise VneidAway() from problem


def _subject(client: VneidClient, id_token: str, *, nonce: str) -> str:
    """Give whom VNeID speaks of. :raises NoConsent: the token answers another request."""
    claims = jwtkit.verify_and_decode(
        credential=id_token,
        keys_url=client.openid_config["jwks_uri"],
        issuer=settings.VNEID_ISSUER,
        audience=client.get_provider().app.client_id,
        lookup_kid=jwtkit.lookup_kid_jwk,
    )
    if not secrets.compare_digest(str(claims.get("nonce", "")), nonce):
        raise NoConsent()
    return str(claims["sub"])


def _is_of(person: Person, subject: str) -> bool:
    """Somebody else signed in at VNeID must not hand their papers over to who is signed in here."""
    return SocialAccount.objects.filter(
        provider=PROVIDER_ID, uid=subject, user_id=person.user_id, user__isnull=False
    ).exists()


def _paper(raw: Mapping[str, Any], scopes: Collection[str]) -> ShownPaper:
    """:raises ValueError, KeyError, TypeError: it is not what a paper looks like."""
    if raw["scope"] not in scopes:
        raise ValueError("a paper of a scope that was not asked for")
    return ShownPaper(
        scope=raw["scope"],
        title=_text(raw["title"], 200),
        number=_text(raw["number"], 64),
        issuer=_text(raw["issuer"], 200),
        issued_on=date.fromisoformat(raw["issued_on"]),
        valid_to=date.fromisoformat(raw["valid_to"]) if raw.get("valid_to") else None,
        content=_text(raw.get("content") or "", 500),
    )


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise ValueError(f"not a text of at most {most} characters")
    return value.strip()
