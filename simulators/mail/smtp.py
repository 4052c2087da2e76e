"""The SMTP side."""

from __future__ import annotations

import asyncio
import re

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from simulators.mail.faults import Fault, Faults
from simulators.mail.store import Store

MOST_BYTES = 10 * 2**20
ADDRESS = re.compile(r"[^@\s<>]{1,64}@([a-z0-9-]+(\.[a-z0-9-]+)+)", re.IGNORECASE)
UNKNOWN_MAILBOX = "khong-co"


class _Door:
    """What the server says at each stage (RFC 5321, enhanced codes of RFC 3463)."""

    def __init__(self, *, store: Store, faults: Faults) -> None:
        self.store, self.faults = store, faults

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if refusal := await self._meet(self.faults.take("ehlo")):
            return [refusal]
        return responses

    async def handle_HELO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str) -> str:
        session.host_name = hostname
        return await self._meet(self.faults.take("ehlo")) or f"250 {server.hostname}"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := await self._meet(self.faults.take("mail")):
            return refusal
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := await self._meet(self.faults.take("rcpt", [address])):
            return refusal
        found = ADDRESS.fullmatch(address)
        if found is None:
            return "553 5.1.3 Bad recipient address syntax"
        if found[1].lower().endswith(".invalid"):
            return "550 5.1.2 Host or domain name not found"
        if address.lower().startswith(f"{UNKNOWN_MAILBOX}@"):
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self.faults.take("data", envelope.rcpt_tos)
        if refusal := await self._meet(fault):
            return refusal
        if fault is None or fault.drop != "before":
            raw = envelope.content
            self.store.keep(
                sender=envelope.mail_from or "",
                recipients=envelope.rcpt_tos,
                raw=raw.encode() if isinstance(raw, str) else raw or b"",
            )
        if fault and fault.drop and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 2.0.0 OK: kept"

    async def _meet(self, fault: Fault | None) -> str:
        if fault is None:
            return ""
        await asyncio.sleep(fault.delay_s)
        if not fault.code:
            return ""
        return f"{fault.code} {fault.code // 100}.0.0 {fault.text}"


def serve_smtp(host: str, port: int, *, store: Store, faults: Faults) -> Controller:
    """Start the server in a thread of its own and wait until it listens."""
    controller = Controller(
        _Door(store=store, faults=faults),
        hostname=host,
        port=port,
        data_size_limit=MOST_BYTES,
        enable_SMTPUTF8=True,
        ident="Mail simulator",
        ready_timeout=20,
    )
    controller.start()
    return controller
