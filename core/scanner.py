"""The virus scanner: one question over the clamd protocol, and no file passes without its answer.

It fails closed. No scanner, no answer in time, an answer that is not understood: the verdict is ``UNAVAILABLE`` and the
caller keeps the file in quarantine ("chờ quét") and asks again later.

The protocol (clamd INSTREAM) is spoken here directly: the ``clamd`` package connects without a time limit and ignores
that a socket may take less than it was given.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

import structlog
from django.conf import settings

logger = structlog.get_logger(__name__)

CHUNK = 64 * 1024
LONGEST_REPLY = 4096
END_OF_STREAM = (0).to_bytes(4, "big")
TIMEOUT_SECONDS = 20.0


class Outcome(StrEnum):
    """What came of a scan; ``UNAVAILABLE`` is no verdict on the file."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner says. ``signature`` names what was found; ``problem`` is for the log, not for people."""

    outcome: Outcome
    signature: str = ""
    problem: str = ""

    @property
    def is_clean(self) -> bool:
        return self.outcome is Outcome.CLEAN


def scan(content: BinaryIO, *, timeout: float = TIMEOUT_SECONDS, address: str | None = None) -> Verdict:
    """Scan a seekable binary file from its beginning and leave it there. Never raises for the scanner's sake.

    :param timeout: seconds for everything together: connecting, sending, the answer.
    :param address: ``host:port`` or the path of a Unix socket; by default ``settings.CLAMD_ADDRESS``.
    """
    content.seek(0)
    try:
        with _Connection(address, timeout) as connection:
            reply = connection.stream(content)
        verdict = _verdict(reply)
    except (OSError, ValueError) as problem:
        verdict = Verdict(Outcome.UNAVAILABLE, problem=f"{type(problem).__name__}: {problem}")
    finally:
        content.seek(0)
    if verdict.outcome is Outcome.INFECTED:
        logger.warning("scanner.infected", signature=verdict.signature)
    elif verdict.outcome is Outcome.UNAVAILABLE:
        logger.error("scanner.unavailable", problem=verdict.problem)
    return verdict


def version(*, timeout: float = 2.0, address: str | None = None) -> str | None:
    """Return how the scanner names itself (a simulator says so), None when it does not answer. For health checks."""
    try:
        with _Connection(address, timeout) as connection:
            connection.send(b"zVERSION\0")
            return connection.reply() or None
    except (OSError, ValueError):
        return None


def _verdict(reply: str) -> Verdict:
    """Read ``stream: OK`` and ``stream: <signature> FOUND``; whatever else is said, the file was not scanned."""
    source, _, answer = reply.partition(": ")
    if source == "stream" and answer == "OK":
        return Verdict(Outcome.CLEAN)
    if source == "stream" and answer.endswith(" FOUND"):
        return Verdict(Outcome.INFECTED, signature=answer.removesuffix(" FOUND"))
    return Verdict(
        Outcome.UNAVAILABLE, problem=reply or "the scanner closed the connection without an answer"
    )


class _Connection:
    """One command to clamd, with one deadline over all of it."""

    def __init__(self, address: str | None, timeout: float) -> None:
        self.address = settings.CLAMD_ADDRESS if address is None else address
        self.deadline = time.monotonic() + timeout
        self.socket: socket.socket

    def __enter__(self) -> _Connection:
        if not self.address:
            raise ValueError("CLAMD_ADDRESS is empty: no scanner is configured")
        if self.address.startswith("/"):
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._set_time_left()
            try:
                self.socket.connect(self.address)
            except OSError:
                self.socket.close()
                raise
            return self
        host, _, port = self.address.rpartition(":")
        if not port.isdecimal():
            raise ValueError(f"CLAMD_ADDRESS {self.address!r} is not host:port nor the path of a socket")
        self.socket = socket.create_connection((host.strip("[]"), int(port)), timeout=self._time_left())
        return self

    def __exit__(self, *problem: object) -> None:
        self.socket.close()

    def stream(self, content: BinaryIO) -> str:
        try:
            self.send(b"zINSTREAM\0")
            while chunk := content.read(CHUNK):
                self.send(len(chunk).to_bytes(4, "big") + chunk)
            self.send(END_OF_STREAM)
        except (BrokenPipeError, ConnectionResetError):
            # Over its size limit clamd answers and hangs up while we still send; the answer tells more.
            return self.reply()
        return self.reply()

    def send(self, data: bytes) -> None:
        self._set_time_left()
        self.socket.sendall(data)

    def reply(self) -> str:
        data = b""
        while not data.endswith((b"\0", b"\n")) and len(data) < LONGEST_REPLY:
            self._set_time_left()
            part = self.socket.recv(LONGEST_REPLY)
            if not part:
                # Cut short, "stream: OK" could be the beginning of anything.
                return ""
            data += part
        return data.rstrip(b"\0\r\n").decode(errors="replace")

    def _set_time_left(self) -> None:
        self.socket.settimeout(self._time_left())

    def _time_left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the scanner did not answer in time")
        return left
