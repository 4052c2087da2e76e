"""How allauth is bent to the portal's rules: nobody signs up here, an electronic identity comes from VNeID."""

from __future__ import annotations

import logging
from typing import Any

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import sessions
from citizens import services
from citizens.login_problems import LoginProblem, page
from citizens.vneid import VneidProvider

log = logging.getLogger(__name__)

THEIR_TROUBLE = ("server_error", "temporarily_unavailable")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given by the portal: nobody signs up; refusals say what to do next."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "Tên người dùng hoặc mật khẩu chưa đúng. Hãy nhập lại; nếu quên, hãy liên hệ người quản trị của cơ quan."
        ),
        "too_many_login_attempts": _(
            "Bạn đã nhập sai quá nhiều lần. Hãy chờ 5 phút rồi thử lại, hoặc liên hệ người quản trị của cơ quan."
        ),
        "account_inactive": _("Tài khoản này đang bị khóa. Hãy liên hệ người quản trị của cơ quan."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the page that opens shows who is signed in."""

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        sessions.begin(request, officer=not hasattr(request, "vneid_identity"))


class VneidAdapter(DefaultSocialAccountAdapter):
    """The only outside login: VNeID, whose number alone decides which person comes in."""

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> VneidProvider:
        return VneidProvider(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def get_requests_session(self) -> requests.Session:
        session: requests.Session = super().get_requests_session()
        session.hooks["response"].append(_raise_when_down)
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Put our person's account in place of whatever allauth found or would make."""
        user = services.sign_in(identity=sociallogin.identity, at=timezone.now())
        account, _is_new = SocialAccount.objects.get_or_create(
            provider=sociallogin.account.provider, uid=sociallogin.account.uid, defaults={"user": user}
        )
        if account.user_id != user.pk:
            # The issuer says that one of its subjects has become another person.
            log.error(
                "VNeID subject changed its person", extra={"account_id": account.pk, "user_id": user.pk}
            )
            raise ImmediateHttpResponse(page(request, LoginProblem.NOT_ACCEPTED))
        sociallogin.account, sociallogin.user = account, user
        request.vneid_identity = sociallogin.identity  # type: ignore[attr-defined]  # for `AccountAdapter.login`

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Answer with a page that says what happened and what to do next."""
        if "state_id" in (extra_context or {}):
            problem = LoginProblem.EXPIRED
        elif error == AuthError.CANCELLED:
            problem = LoginProblem.CANCELLED
        elif isinstance(exception, requests.RequestException) or request.GET.get("error") in THEIR_TROUBLE:
            problem = LoginProblem.UNREACHABLE
        else:
            problem = LoginProblem.NOT_ACCEPTED
        if problem != LoginProblem.CANCELLED:
            log.warning("VNeID sign-in failed", extra={"problem": problem, "cause": repr(exception)})
        raise ImmediateHttpResponse(page(request, problem))


def _raise_when_down(response: requests.Response, *args: Any, **kwargs: Any) -> None:
    """Tell a partner in trouble (5xx) from one that says no: allauth takes both for a refusal."""
    if response.status_code >= 500:
        response.raise_for_status()
