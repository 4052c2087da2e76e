"""The clamd stand-in speaks the protocol that the real clients speak."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import socket
import struct
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.scanner.detection import EICAR, find
from simulators.scanner.server import Scanner


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    scanner = Scanner(tmp_path, stream_max_length=10_000)
    server = loop.run_until_complete(asyncio.start_server(scanner.serve, "127.0.0.1", 0, limit=1024))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield server.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    server.close()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


def ask(port: int, message: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(message)
        with connection.makefile("rb") as reply:
            return reply.read()


def stream(data: bytes, prefix: bytes = b"zINSTREAM\0") -> bytes:
    return prefix + struct.pack("!L", len(data)) + data + struct.pack("!L", 0)


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        (b"zPING\0", b"PONG\0"),
        (b"nPING\n", b"PONG\n"),
        (b"PING\n", b"PONG\n"),
        (b"zRELOAD\0", b"RELOADING\0"),
        (b"zFLY\0", b"UNKNOWN COMMAND\0"),
        (stream(b"x"), b"stream: OK\0"),
        (stream(b"x", b"nINSTREAM\n"), b"stream: OK\n"),
        (stream(EICAR), b"stream: Eicar-Signature FOUND\0"),
    ],
)
def test_commands_are_answered_as_clamd_does(port, message, reply):
    assert ask(port, message) == reply


def test_a_pattern_across_two_chunks_is_found(port):
    first, second = EICAR[:30], EICAR[30:]
    message = b"zINSTREAM\0" + struct.pack("!L", 30) + first + stream(second, b"")

    assert ask(port, message) == b"stream: Eicar-Signature FOUND\0"


def test_more_than_the_limit_is_answered_with_clamds_error(port):
    message = b"nINSTREAM\n" + struct.pack("!L", 10_001)

    assert ask(port, message) == b"INSTREAM size limit exceeded. ERROR\n"


def test_the_version_says_that_it_is_a_simulator(port):
    assert b"Simulator" in ask(port, b"zVERSION\0")


def test_it_can_be_told_to_find_something_everywhere(port, tmp_path):
    (tmp_path / "control.json").write_text('{"mode": "infected"}')

    assert ask(port, stream(b"x")) == b"stream: Simulated.Find FOUND\0"


def test_each_scan_is_recorded_without_its_content(port, tmp_path):
    ask(port, stream(b"secret"))

    line = json.loads((tmp_path / "scans.jsonl").read_text())

    assert line == {"size": 6, "sha256": hashlib.sha256(b"secret").hexdigest(), "answer": "stream: OK"}


def test_a_zip_in_a_zip_is_opened_and_a_broken_one_is_borne():
    def wrap(data: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a", data)
        return out.getvalue()

    assert find(wrap(wrap(EICAR)))
    assert find(wrap(EICAR)[:-9]) is None
