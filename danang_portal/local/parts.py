"""The processes that make up the portal, and the command of each; production runs the same ones in containers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Part:
    """One process of the portal, as it is started and as it runs now."""

    name: str
    command: list[str]
    port: int | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restarts: list[float] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def commands(port: Mapping[str, int], simulators: Path) -> list[Part]:
    """List the parts in the order in which they are started."""
    python = sys.executable

    def simulator(name: str, *arguments: str) -> list[str]:
        return [python, "-m", f"simulators.{name}", *arguments, "--state", str(simulators / name)]

    celery = [python, "-m", "celery", "-A", "danang_portal"]
    gunicorn = [python, "-m", "gunicorn", "-c", "python:danang_portal.gunicorn_conf"]
    mail_ports = ["--smtp-port", str(port["smtp"]), "--http-port", str(port["mailbox"])]
    return [
        Part("scanner", simulator("scanner", "--port", str(port["scanner"])), port["scanner"]),
        Part("mail", simulator("mail", *mail_ports), port["mailbox"]),
        Part("vneid", simulator("vneid", "--port", str(port["vneid"])), port["vneid"]),
        Part("web", [*gunicorn, "danang_portal.wsgi"], port["web"]),
        Part("worker", [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"]),
        Part("beat", [*celery, "beat", "--loglevel", "INFO", "--pidfile", ""]),
    ]
