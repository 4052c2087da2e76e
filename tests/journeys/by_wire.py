"""People without a browser: real HTTP with the cookies that a sign-in gives, for what needs many hands at once."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from urllib.parse import urljoin

import requests

from danang_portal.local.stack import Stack
from tests.journeys.visitor import a_pdf

PATIENCE_S = 60
MARITAL_STATUS = "1.004873"
HAI_CHAU = "H17.34.01"


class Hand:
    """One person, signed in by the ways that the pages offer."""

    def __init__(self, stack: Stack) -> None:
        self.url = stack.url
        self.session = requests.Session()

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.session.get(self.url + path, timeout=PATIENCE_S, **more)

    def press(self, path: str, *, on: str = "", **data: Any) -> requests.Response:
        """Open a page and send the form that its button at ``path`` belongs to; give the page that follows."""
        if "portal_csrf" not in self.session.cookies:
            self.get(on or path)
        data["csrfmiddlewaretoken"] = self.session.cookies.get("portal_csrf", "")
        return self.session.post(
            self.url + path, data=data, timeout=PATIENCE_S, headers={"Referer": self.url + path}
        )

    def sign_in_as_officer(self, login: str, password: str) -> Hand:
        page = self.press("/dang-nhap/can-bo/", login=login, password=password)
        assert "/can-bo/" in page.url, f"{login} was not signed in: {page.status_code} {page.url}"
        return self

    def sign_in_as_citizen(self, persona: str, passcode: str) -> Hand:
        """Go through the VNeID stand-in and agree to what it asks."""
        page = self.press("/dang-nhap/vneid/", on="/dang-nhap/")
        page = self._send_form(page, persona=persona, passcode=passcode)
        if not page.url.startswith(self.url):
            page = self._send_form(page, action="grant")
        assert page.url.startswith(self.url), f"{persona} was not signed in: {page.status_code} {page.url}"
        return self

    def _send_form(self, page: requests.Response, **values: str) -> requests.Response:
        form = re.search(r'<form method="post"([^>]*)>(.*?)</form>', page.text, re.DOTALL)
        assert form, f"no form at {page.url}: {page.status_code}"
        action = re.search(r'action="([^"]+)"', form[1])
        data: dict[str, Any] = {}
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[2]):
            data.setdefault(name, []).append(unescape(value))
        target = urljoin(page.url, unescape(action[1])) if action else page.url
        return self.session.post(
            target, data=data | values, timeout=PATIENCE_S, headers={"Referer": page.url}
        )

    def file(self, *, key: str, email: str = "", timeout: float = PATIENCE_S) -> requests.Response:
        """File a confirmation of marital status in one request."""
        answers = {"tinh_trang": "chua_ket_hon", "muc_dich": "vay_von", "cam_doan": True}
        if email:
            answers["thu_dien_tu"] = email
        return self.session.post(
            f"{self.url}/api/v1/dossiers/",
            data={"procedure": MARITAL_STATUS, "unit": HAI_CHAU, "form": json.dumps(answers)},
            files={"component.5": ("giay-to.pdf", a_pdf(key), "application/pdf")},
            headers={
                "Idempotency-Key": key,
                "X-CSRFToken": self.session.cookies.get("portal_csrf") or "",
                "Accept": "application/json",
            },
            timeout=timeout,
        )
