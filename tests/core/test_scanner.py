"""The scanner hook against a clamd stand-in in its own process, on good days and bad ones."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from core import scanner
from core.scanner import Outcome, scan
from simulators.scanner.detection import EICAR


class Daemon:
    def __init__(self, state: Path, port: int) -> None:
        self.state = state
        self.address = f"127.0.0.1:{port}"

    def scan(self, data: bytes, timeout: float = 10) -> scanner.Verdict:
        return scan(io.BytesIO(data), address=self.address, timeout=timeout)

    def behave(self, **control) -> None:
        (self.state / "control.json").write_text(json.dumps(control))


@pytest.fixture(scope="module")
def process(tmp_path_factory) -> Iterator[Daemon]:
    state = tmp_path_factory.mktemp("scanner")
    command = [sys.executable, "-m", "simulators.scanner", "--port", "0", "--state", str(state)]
    command += ["--stream-max-length", "3000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        yield Daemon(state, int(running.stdout.readline().rsplit(":", 1)[1]))
        running.terminate()


@pytest.fixture
def daemon(process) -> Iterator[Daemon]:
    yield process
    (process.state / "control.json").unlink(missing_ok=True)


def test_a_clean_file_is_clean_and_stands_at_its_beginning(daemon):
    content = io.BytesIO(b"x" * 200_000)
    content.seek(777)

    verdict = scan(content, address=daemon.address)

    assert (verdict.outcome, verdict.is_clean, content.tell()) == (Outcome.CLEAN, True, 0)


def test_an_infected_file_is_named_by_its_signature(daemon):
    verdict = daemon.scan(b"before" + EICAR + b"after")

    assert (verdict.outcome, verdict.signature) == (Outcome.INFECTED, "Eicar-Signature")


def test_the_pattern_is_found_inside_a_zip_and_a_pdf(daemon):
    packed, paper = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", EICAR)
    pdf = pikepdf.new()
    pdf.attachments["a.txt"] = EICAR
    pdf.save(paper)

    assert EICAR not in packed.getvalue() + paper.getvalue()
    assert daemon.scan(packed.getvalue()).outcome is Outcome.INFECTED
    assert daemon.scan(paper.getvalue()).outcome is Outcome.INFECTED


@pytest.mark.parametrize("mode", ["error", "drop", "hang"])
def test_a_scanner_in_trouble_never_makes_a_file_clean(daemon, mode):
    daemon.behave(mode=mode)

    verdict = daemon.scan(b"x" * 300_000, timeout=0.6)

    assert verdict.outcome is Outcome.UNAVAILABLE
    assert verdict.problem


def test_a_file_over_the_scanners_own_limit_is_not_scanned(daemon):
    verdict = daemon.scan(b"x" * 4_000_000)

    assert verdict.outcome is Outcome.UNAVAILABLE


def test_a_slow_scanner_is_waited_for_within_the_time_limit(daemon):
    daemon.behave(delay_seconds=0.3)

    assert daemon.scan(b"x").is_clean
    assert daemon.scan(b"x", timeout=0.1).outcome is Outcome.UNAVAILABLE


def test_the_scanner_tells_its_version_and_that_it_is_a_simulator(daemon):
    assert "Simulator" in (scanner.version(address=daemon.address) or "")
    assert scanner.version(address="127.0.0.1:1", timeout=0.5) is None


@pytest.mark.parametrize("address", ["", "127.0.0.1:1", "nonsense", "/nowhere/clamd.sock"])
def test_without_a_scanner_nothing_is_clean(address, settings):
    settings.CLAMD_ADDRESS = address

    assert scan(io.BytesIO(b"x"), timeout=1).outcome is Outcome.UNAVAILABLE


@pytest.mark.parametrize("answer", [b"stream: OK", b"", b"hello\0", b"stream: OK ERROR\0", b"OK\0"])
def test_an_answer_that_is_cut_or_strange_is_no_verdict(answer):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            connection, _ = server.accept()
            with connection:
                time.sleep(0.05)
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=speak)
        thread.start()
        verdict = scan(io.BytesIO(b"x"), address=f"127.0.0.1:{server.getsockname()[1]}", timeout=2)
        thread.join()

    assert verdict.outcome is Outcome.UNAVAILABLE
