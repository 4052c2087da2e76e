"""The VNeID stand-in for tests: started once, and walked through as a person with a browser would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from django.test import Client
from django.urls import reverse

from danang_portal.local import ports
from tests.simulators.processes import running

CLIENT_SECRET = "a-secret-for-tests-only-0123456789"
PASSCODES = {
    "cong-dan-1": "111111",
    "cong-dan-2": "222222",
    "cong-dan-3": "333333",
    "nguoi-nuoc-ngoai": "444444",
    "to-chuc": "555555",
}


@dataclass
class Vneid:
    """A running stand-in."""

    url: str
    redirect_uri: str

    def control(self, **wish: Any) -> None:
        answer = requests.post(f"{self.url}/_control", json=wish, timeout=5)
        assert answer.status_code == 204, answer.text

    def seen(self, endpoint: str) -> int:
        return int(requests.get(f"{self.url}/_control", timeout=5).json()["seen"].get(endpoint, 0))


def start(state: Path) -> Iterator[Vneid]:
    port = ports.free_port()
    environment = {
        "VNEID_CLIENT_ID": "danang-portal",
        "VNEID_CLIENT_SECRET": CLIENT_SECRET,
        "PORTAL_URL": settings.PORTAL_URL,
    }
    with running("vneid", ["--port", str(port)], state=state, port=port, environment=environment):
        yield Vneid(f"http://127.0.0.1:{port}", settings.PORTAL_URL + reverse("vneid_callback"))


def provider_settings(vneid: Vneid) -> dict[str, Any]:
    """``SOCIALACCOUNT_PROVIDERS`` that points at the running stand-in."""
    app = {
        "provider_id": "vneid",
        "name": "VNeID",
        "client_id": "danang-portal",
        "secret": CLIENT_SECRET,
        "settings": {"server_url": vneid.url, "token_auth_method": "client_secret_basic"},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


@dataclass
class Browser:
    """One browser: the portal in this process, the stand-in over HTTP."""

    vneid: Vneid
    portal: Client = field(
        default_factory=lambda: Client(
            HTTP_HOST=urlsplit(settings.PORTAL_URL).netloc, raise_request_exception=True
        )
    )
    web: requests.Session = field(default_factory=requests.Session)

    def ask_portal(self, next_url: str = "") -> str:
        """Press the button on the portal; give where it leads. The stand-in has forgotten the last visit."""
        self.web = requests.Session()
        answer = self.portal.post(reverse("vneid_login"), {"next": next_url} if next_url else {})
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])

    def sign_in_there(self, url: str, persona: str, passcode: str = "") -> requests.Response:
        """Open the stand-in, choose a persona and enter the passcode; give the page after it (consent)."""
        page = self.web.get(url, timeout=10)
        return self._post(page, persona=persona, passcode=passcode or PASSCODES[persona])

    def consent(self, page: requests.Response, action: str = "grant") -> str:
        """Answer the consent page; give the address back to the portal."""
        answer = self._post(page, follow=False, action=action)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])

    def return_to_portal(self, url: str) -> Any:
        parts = urlsplit(url)
        return self.portal.get(f"{parts.path}?{parts.query}")

    def sign_in(self, persona: str, *, next_url: str = "") -> Any:
        """Do all of it; give the portal's answer."""
        page = self.sign_in_there(self.ask_portal(next_url), persona)
        return self.return_to_portal(self.consent(page))

    def _post(self, page: requests.Response, *, follow: bool = True, **values: str) -> requests.Response:
        form = re.search(r"<form method=\"post\"([^>]*)>(.*?)</form>", page.text, re.S)
        assert form, page.text
        inputs = re.findall(r"<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"", form[2])
        action = re.search(r"action=\"([^\"]+)\"", form[1])
        target = urljoin(page.url, unescape(action[1])) if action else page.url
        data = {name: unescape(value) for name, value in inputs if name != "scopes"} | values
        scopes = [unescape(value) for name, value in inputs if name == "scopes"]
        return self.web.post(
            target,
            data={**data, **({"scopes": scopes} if scopes else {})},
            timeout=10,
            allow_redirects=follow,
            headers={"Referer": page.url},
        )
