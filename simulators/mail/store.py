"""The mailboxes: one row for each message and recipient, safe on disk before the server says 250."""

from __future__ import annotations

import email.policy
import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS mail (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT,
    recipient TEXT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    received_at TEXT NOT NULL,
    transmissions INTEGER NOT NULL DEFAULT 1,
    raw BLOB NOT NULL,
    UNIQUE (recipient, message_id)
)
"""
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Mail:
    """One message in one mailbox. Times are UTC, ISO 8601."""

    id: int
    message_id: str
    recipient: str
    sender: str
    subject: str
    received_at: str
    transmissions: int
    raw: bytes

    def parsed(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=email.policy.default)

    def part(self, kind: str) -> str:
        """Give the body as ``plain`` or ``html``, empty where there is none."""
        body = self.parsed().get_body(preferencelist=(kind,))
        return "" if body is None else str(body.get_content())

    def as_json(self) -> dict[str, Any]:
        message = self.parsed()
        return {
            "id": self.id,
            "message_id": self.message_id,
            "to": self.recipient,
            "from": self.sender,
            "subject": self.subject,
            "received_at": self.received_at,
            "transmissions": self.transmissions,
            "headers": {name: str(value) for name, value in message.items()},
            "text": self.part("plain"),
            "html": self.part("html"),
        }


class Store:
    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._base = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.execute(SCHEMA)

    def keep(self, *, sender: str, recipients: list[str], raw: bytes) -> None:
        """Keep a message for each recipient; one that is there already is only counted."""
        message = message_from_bytes(raw, policy=email.policy.default)
        message_id = str(message["Message-ID"] or "").strip() or None
        # A long subject arrives folded over lines.
        subject, now = (
            " ".join(str(message["Subject"] or "").split()),
            datetime.now(UTC).isoformat(timespec="seconds"),
        )
        with self._lock:
            self._base.execute("BEGIN")
            self._base.executemany(
                "INSERT INTO mail (message_id, recipient, sender, subject, received_at, raw)"
                " VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (recipient, message_id) DO UPDATE SET transmissions = transmissions + 1",
                [(message_id, to.lower(), sender, subject, now, raw) for to in recipients],
            )
            self._base.execute("COMMIT")

    def listed(self, *, to: str = "", search: str = "") -> list[Mail]:
        """List the newest 200, of one recipient and with a text in subject, address or body if asked."""
        found = self._read("WHERE (? = '' OR recipient = ?) ORDER BY id DESC", [to.lower(), to.lower()])
        wanted = search.casefold()
        if wanted:
            found = [
                mail
                for mail in found
                if wanted in f"{mail.subject}\n{mail.recipient}\n{mail.part('plain')}".casefold()
            ]
        return found[:MOST_LISTED]

    def get(self, number: int) -> Mail | None:
        return next(iter(self._read("WHERE id = ?", [number])), None)

    def recipients(self) -> list[str]:
        with self._lock:
            return [row[0] for row in self._base.execute("SELECT DISTINCT recipient FROM mail ORDER BY 1")]

    def clear(self) -> None:
        with self._lock:
            self._base.execute("DELETE FROM mail")

    def _read(self, condition: str, values: list[Any]) -> list[Mail]:
        columns = "id, message_id, recipient, sender, subject, received_at, transmissions, raw"
        with self._lock:
            rows = self._base.execute(f"SELECT {columns} FROM mail {condition}", values).fetchall()
        return [Mail(row[0], row[1] or "", *row[2:]) for row in rows]
