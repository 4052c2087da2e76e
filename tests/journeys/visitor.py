"""A person at a browser, who looks at every page on the way: is it accessible, does it fit, does it complain?"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pikepdf
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

PICTURES = os.environ.get("SCREENSHOTS", "")
"""Folder for the pictures of the README; empty for none. `make screenshots` sets it."""

PATIENCE_MS = 30_000
"""How long a person waits for background work before it counts as lost."""


class Visitor:
    """One person with a browser window of one width and cookies of their own."""

    def __init__(self, browser: Browser, url: str, *, width: int, name: str) -> None:
        self.url, self.width, self.name = url, width, name
        self.context = browser.new_context(
            viewport={"width": width, "height": 800}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.bears: list[str] = ["404 (Not Found)"]
        """Complaints of the browser that belong to the story, such as a server that is away."""
        self.context.on("console", self.listen)
        self.context.on("weberror", lambda raised: self.complaints.append(str(raised.error)))

    def listen(self, message: Any) -> None:
        if message.type in {"error", "warning"} and not any(part in message.text for part in self.bears):
            self.complaints.append(message.text)

    def open(self, path: str) -> Visitor:
        self.page.goto(path if path.startswith("http") else self.url + path)
        return self

    def look(self, picture: str = "") -> None:
        """Check the page as it stands; keep a picture under a name if pictures are wanted."""
        self.page.wait_for_load_state("networkidle")
        where = f"{self.name}, {self.width} px, {self.page.url}"
        if PICTURES and picture:
            self._keep(Path(PICTURES) / f"{picture}-{self.width}.png")
        violations = Axe().run(self.page).response["violations"]
        found = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in violations]
        assert not found, f"accessibility: {where}: {found}"
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"the page is {wide} px wider than the screen: {where}"
        html = self.page.content()
        assert "<c-" not in html, f"a component was sent to the browser: {where}"
        assert not re.search(r"\{[{%]", html), f"template code was sent to the browser: {where}"
        assert not self.complaints, f"the browser complains: {where}: {self.complaints}"

    def _keep(self, path: Path) -> None:
        """Save the part of the page that the window shows, in few colours so that the file stays small."""
        path.parent.mkdir(parents=True, exist_ok=True)
        shown = Image.open(io.BytesIO(self.page.screenshot()))
        shown.convert("RGB").quantize(128).save(path, optimize=True)

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible(timeout=PATIENCE_MS)

    @contextmanager
    def sends(self, path: str) -> Iterator[None]:
        """Wait until what is pressed inside was posted to this path and answered."""
        with self.page.expect_response(lambda answer: answer.request.method == "POST" and path in answer.url):
            yield
        self.page.wait_for_load_state()

    def waits_for(self, text: str | re.Pattern[str], *, exact: bool = False, seconds: int = 90) -> None:
        """Reload until the text is there: what the worker does takes a moment."""
        for _ in range(seconds):
            if self.page.get_by_text(text, exact=exact).filter(visible=True).count():
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
        raise AssertionError(f"{text!r} did not appear within {seconds} s at {self.page.url}")

    def arrives(self, path: str) -> None:
        """Wait until the address holds a piece of text: a press may save first and leave a moment later."""
        self.page.wait_for_url(re.compile(re.escape(path)), timeout=PATIENCE_MS)

    def press(self, name: str | re.Pattern[str], *, exact: bool = False) -> None:
        self.page.get_by_role("button", name=name, exact=exact).filter(visible=True).first.click()

    def follow(self, name: str | re.Pattern[str], *, exact: bool = False) -> None:
        self.page.get_by_role("link", name=name, exact=exact).filter(visible=True).first.click()

    def fill(self, label: str | re.Pattern[str], text: str) -> None:
        self.page.get_by_label(label).first.fill(text)

    def choose(self, label: str | re.Pattern[str]) -> None:
        self.page.get_by_label(label).first.check()

    def download(self, name: str | re.Pattern[str]) -> bytes:
        """Click a link and give the file that it leads to."""
        with self.page.expect_download() as waiting:
            self.follow(name)
        return Path(waiting.value.path()).read_bytes()

    def fetch(self, path: str) -> tuple[int, bytes]:
        """Ask for an address with this person's cookies, without opening it."""
        answer = self.context.request.get(
            path if path.startswith("http") else self.url + path, max_redirects=0
        )
        return answer.status, answer.body()

    # Signing in

    def sign_in_as_citizen(self, persona: str, passcode: str) -> None:
        """Go through the VNeID stand-in, with its consent page when it asks."""
        self.open("/dang-nhap/")
        self.look()
        self.press(re.compile("VNeID"))
        self.page.get_by_label(re.compile(re.escape(persona))).check()
        self.page.locator("#passcode").fill(passcode)
        self.press("Tiếp tục")
        self.page.wait_for_load_state()
        if not self.page.url.startswith(self.url):
            self.press(re.compile("Đồng ý"))
        # Back at the portal, and past the address that takes what VNeID says: leaving that one would break the sign-in.
        self.page.wait_for_url(lambda url: url.startswith(f"{self.url}/") and "/dang-nhap/" not in url)

    def sign_in_as_officer(self, login: str, password: str) -> None:
        self.open("/dang-nhap/can-bo/")
        self.look()
        self.page.locator("input[name=login]").fill(login)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("main form button[type=submit], main form button:not([type])").first.click()
        self.page.wait_for_url(re.compile("/can-bo/"))


def a_pdf(text: str = "giay to minh hoa") -> bytes:
    """A small real PDF file."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.docinfo["/Title"] = text
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((800, 600), 40).convert("RGB").save(out, "JPEG")
    return out.getvalue()
