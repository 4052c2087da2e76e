"""The web side: read what arrived, as a page or as JSON, and give orders."""

from __future__ import annotations

import json
import re
from datetime import datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, quote, urlsplit
from zoneinfo import ZoneInfo

from simulators.mail.faults import Faults
from simulators.mail.store import Mail, Store

HERE = Path(__file__).parent
STYLE = (HERE / "style.css").read_bytes()
PAGE = (HERE / "page.html").read_text(encoding="utf-8")
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PAGE_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'"
# A message is foreign text: it runs nothing, loads nothing and stays in its frame; its links open new windows.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
MESSAGE_POLICY = f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class Inbox(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], *, store: Store, faults: Faults) -> None:
        self.store, self.faults = store, faults
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "MailSimulator"

    @property
    def inbox(self) -> Inbox:
        return cast(Inbox, self.server)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        parts = [part for part in url.path.split("/") if part]
        match parts:
            case []:
                self._page("Hộp thư", _list(self.inbox.store, **_asked(query)))
            case ["style.css"]:
                self._send(200, STYLE, "text/css; charset=utf-8")
            case ["favicon.ico"]:
                self._send(204, b"", "image/x-icon")
            case ["thu", number]:
                mail = self._mail(number)
                self._page(mail.subject, _message(mail)) if mail else self._not_found()
            case ["thu", number, "html"]:
                mail = self._mail(number)
                if mail:
                    html = f'<base target="_blank">{mail.part("html")}'
                    self._send(200, html.encode(), "text/html; charset=utf-8", MESSAGE_POLICY)
                else:
                    self._not_found()
            case ["api", "messages"]:
                self._json([mail.as_json() for mail in self.inbox.store.listed(**_asked(query))])
            case ["api", "messages", number]:
                mail = self._mail(number)
                self._json(mail.as_json()) if mail else self._json({"error": "no such message"}, 404)
            case ["_control"]:
                self._json({"faults": self.inbox.faults.listed()})
            case _:
                self._not_found()

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 65536))
        # JSON only: a form of a foreign page cannot send it without asking first.
        if self.path != "/_control" or self.headers.get_content_type() != "application/json":
            self._json({"error": "POST application/json to /_control"}, 415)
            return
        try:
            wish = json.loads(body)
            if not isinstance(wish, dict):
                raise TypeError("one JSON object, please")
            if wish.get("clear"):
                self.inbox.store.clear()
            else:
                self.inbox.faults.order(wish)
        except (ValueError, TypeError) as problem:
            self._json({"error": str(problem)}, 400)
            return
        self._send(204, b"", "application/json")

    def _mail(self, number: str) -> Mail | None:
        return (
            self.inbox.store.get(int(number))
            if number.isascii() and number.isdigit() and len(number) < 19
            else None
        )

    def _not_found(self) -> None:
        self._page("Không có thư này", '<p>Không có thư này. <a href="/">Về hộp thư</a></p>', 404)

    def _page(self, title: str, content: str, status: int = 200) -> None:
        # In one go: a subject may be the word for the content's place.
        parts = {"title": escape(title), "content": content}
        page = re.sub(r"\{(title|content)\}", lambda place: parts[place[1]], PAGE)
        self._send(status, page.encode(), "text/html; charset=utf-8")

    def _json(self, body: Any, status: int = 200) -> None:
        self._send(status, json.dumps(body, ensure_ascii=False).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str, policy: str = PAGE_POLICY) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: addresses and codes have no place in a log."""


def _asked(query: dict[str, str]) -> dict[str, str]:
    return {"to": query.get("to", ""), "search": query.get("q", "")}


def _list(store: Store, *, to: str, search: str) -> str:
    options = "".join(
        f"<option{' selected' if address == to else ''}>{escape(address)}</option>"
        for address in store.recipients()
    )
    rows = "".join(_row(mail) for mail in store.listed(to=to, search=search))
    return f"""
<h1>Hộp thư</h1>
<form class="filters" method="get">
  <label>Người nhận <select name="to"><option value="">Tất cả</option>{options}</select></label>
  <label>Tìm <input name="q" type="search" value="{escape(search)}"></label>
  <button>Lọc</button>
</form>
{f'<ul class="mails">{rows}</ul>' if rows else '<p class="soft">Chưa có thư nào.</p>'}
"""


def _row(mail: Mail) -> str:
    return f"""<li><a href="/thu/{mail.id}"><strong>{escape(mail.subject) or "(không có tiêu đề)"}</strong></a>
<span class="soft">{escape(mail.recipient)} · {_when(mail)}{_repeated(mail)}</span></li>"""


def _message(mail: Mail) -> str:
    html = (
        f'<iframe title="Nội dung thư" sandbox="{SANDBOX}" src="/thu/{mail.id}/html"></iframe>'
        if mail.part("html")
        else ""
    )
    return f"""
<p><a href="/?to={quote(mail.recipient)}">← Thư của {escape(mail.recipient)}</a></p>
<h1>{escape(mail.subject)}</h1>
<dl>
  <dt>Từ</dt><dd>{escape(str(mail.parsed()["From"] or mail.sender))}</dd>
  <dt>Đến</dt><dd>{escape(mail.recipient)}</dd>
  <dt>Lúc</dt><dd>{_when(mail)}{_repeated(mail)}</dd>
  <dt>Message-ID</dt><dd>{escape(mail.message_id) or "–"}</dd>
</dl>
{html}
<pre>{_with_links(mail.part("plain"))}</pre>
"""


def _with_links(text: str) -> str:
    """Escape a text and make its http addresses links."""
    words = []
    for line in text.splitlines():
        for word in line.split(" "):
            safe = escape(word)
            is_link = word.startswith(("http://", "https://"))
            words.append(f'<a href="{safe}" rel="noreferrer">{safe}</a>' if is_link else safe)
            words.append(" ")
        words[-1] = "\n"
    return "".join(words)


def _when(mail: Mail) -> str:
    return datetime.fromisoformat(mail.received_at).astimezone(ZONE).strftime("%H:%M:%S %d/%m/%Y")


def _repeated(mail: Mail) -> str:
    return f" · truyền {mail.transmissions} lần" if mail.transmissions > 1 else ""
