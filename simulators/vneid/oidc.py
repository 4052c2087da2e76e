"""What the stand-in claims about a persona."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse

from simulators.vneid.configuration import ORIGIN
from simulators.vneid.faults import FAULTS
from simulators.vneid.personas import BY_SUBJECT, CLAIMED, PERSONAS

SCOPES = {
    "openid": "Mã định danh của bạn tại VNeID",
    "profile": "Họ tên, số định danh cá nhân, ngày sinh, giới tính, nơi cư trú, tổ chức mà bạn đại diện",
    "email": "Thư điện tử, số điện thoại",
    "documents": "Giấy tờ bạn đã tích hợp trên VNeID: giấy phép lái xe, thẻ bảo hiểm y tế, đăng ký xe",
    "health": "Sổ sức khỏe điện tử của bạn: giấy khám sức khỏe, giấy chứng sinh",
}


class Provider(DefaultOIDCAdapter):
    scope_display = SCOPES

    def get_issuer(self) -> str:
        return ORIGIN

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        data["scopes_supported"] = list(SCOPES)
        data["documents_endpoint"] = f"{ORIGIN}{reverse('documents')}"

    def get_user_sub(self, client: Client, user: AbstractBaseUser) -> str:
        return PERSONAS[user.get_username()].subject

    def get_user_by_sub(self, client: Client, sub: str) -> AbstractBaseUser | None:
        persona = BY_SUBJECT.get(sub)
        return (
            None
            if persona is None
            else get_user_model().objects.filter(username=persona.key, is_active=True).first()
        )

    def get_claims(
        self,
        purpose: str,
        user: AbstractBaseUser,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Personal facts go out by the userinfo endpoint only: an ID token travels through more hands."""
        persona = PERSONAS[user.get_username()]
        claims: dict[str, Any] = {"sub": persona.subject}
        if purpose == "id_token":
            return claims
        if "profile" in scopes:
            claims |= {name: persona.facts[name] for name in CLAIMED}
        if "email" in scopes:
            claims["email"] = persona.facts["email"]
        return claims | FAULTS.claims.get(persona.key, {})
