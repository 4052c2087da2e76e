"""VNeID as an OpenID Connect provider, through allauth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from citizens import identity

PROVIDER_ID = "vneid"


class VneidClient(OpenIDConnectOAuth2Adapter):
    """Talk to VNeID: our own callback address, and an ID token whose signature is always checked."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """VNeID's own description of itself, read once a sign-in.

        :raises requests.RequestException: it does not answer.
        :raises ValueError: it answers something else, or for another issuer.
        """
        if not hasattr(self, "_openid_config"):
            with get_adapter().get_requests_session() as session:
                answer = session.get(self.get_provider().server_url)
            answer.raise_for_status()
            config = answer.json()
            if not isinstance(config, dict) or config.get("issuer") != settings.VNEID_ISSUER:
                raise ValueError("VNeID's configuration does not name the configured issuer")
            self._openid_config = config
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return str(settings.PORTAL_URL) + reverse("vneid_callback")

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=settings.VNEID_ISSUER,
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


class VneidProvider(OpenIDConnectProvider):
    """Read claims without keeping them: allauth would store them beside the account, in clear."""

    oauth2_adapter_class = VneidClient

    def get_callback_url(self) -> str:
        return reverse("vneid_callback")

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Let the address line choose where to go on to, and nothing else: no scope, no other process."""
        kwargs = super().get_redirect_from_request_kwargs(request)
        return kwargs | {
            "process": AuthProcess.LOGIN,
            "scope": self.get_scope(),
            "auth_params": self.get_auth_params(),
        }

    def extract_extra_data(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: Mapping[str, Any]) -> list[Any]:
        return []

    def extract_common_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    def sociallogin_from_response(self, request: HttpRequest, response: Mapping[str, Any]) -> SocialLogin:
        """:raises citizens.identity.InvalidIdentity: a claim cannot be used."""
        claimed = identity.read(
            userinfo=response["userinfo"], id_token=response.get("id_token", {}), issuer=settings.VNEID_ISSUER
        )
        login = super().sociallogin_from_response(request, response)
        login.identity = claimed
        return login
