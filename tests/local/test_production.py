"""The containers of production, without a container engine: the file by its schema, the commands by running them."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from danang_portal.local import assets
from danang_portal.local.environment import local_environment
from danang_portal.local.folders import REPO
from danang_portal.local.ports import free_port
from danang_portal.local.processes import end_all, wait_until
from danang_portal.local.servers import Servers
from danang_portal.local.throwaway import throwaway_folder

COMPOSE = REPO / "docker-compose.yml"
PORTAL_SERVICES = ["migrate", "web", "worker", "beat"]
BIN = Path(sys.executable).parent
#: ${NAME}, ${NAME:-default} or ${NAME:?message}, as compose reads it.
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load(COMPOSE.read_text()))


def test_the_compose_file_follows_the_compose_specification():
    answer = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        capture_output=True,
        text=True,
    )

    assert answer.returncode == 0, answer.stdout


def test_every_secret_must_be_given_and_the_message_says_how_to_make_it():
    found = {name: (kind, text) for name, kind, text in VARIABLE.findall(COMPOSE.read_text())}

    with_default = {name for name, (kind, _) in found.items() if kind != "?"}
    assert with_default == {"PORTAL_VERSION", "TRUSTED_PROXIES", "WEB_ADDRESS", "WEB_PORT"}
    assert {"SECRET_KEY", "FIELD_KEY", "HISTORY_KEY", "POSTGRES_PASSWORD", "BROKER_PASSWORD"} <= set(found)
    assert all(len(text) > 10 for kind, text in found.values() if kind == "?")


def test_nothing_runs_as_root_or_may_write_outside_its_volumes(compose):
    dockerfile = (REPO / "Dockerfile").read_text()

    assert re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE) == ["portal"]
    for name, service in compose["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service
        if name not in PORTAL_SERVICES:
            assert service["user"] not in {"root", "0"}


def test_the_image_is_made_from_the_hashed_lock_and_carries_no_state_of_this_machine():
    dockerfile = (REPO / "Dockerfile").read_text()
    ignored = (REPO / ".dockerignore").read_text().splitlines()

    assert "pip install --require-hashes --no-deps -r" in dockerfile
    assert {"var", ".venv", ".git", ".env*"} <= set(ignored)
    assert not re.search(r"^(ENV|ARG) .*(SECRET|PASSWORD|_KEY)", dockerfile, re.MULTILINE)


def test_each_server_is_healthy_before_somebody_who_needs_it_starts(compose):
    services = compose["services"]

    assert all("healthcheck" in service for service in services.values())
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert services[name]["depends_on"]["broker"]["condition"] == "service_healthy"


class Ground:
    """A database, a broker and an environment like a container's, and commands run in it."""

    def __init__(self, compose: dict[str, Any], state: Path, servers: Servers) -> None:
        self.services = compose["services"]
        self.state = state
        given = {
            name: "cho-thu-nghiem-" * 5
            for name, kind, _ in VARIABLE.findall(COMPOSE.read_text())
            if kind == "?"
        }
        given |= local_environment(state)
        given |= {"PORTAL_URL": "https://dichvucong.example", "ALLOWED_HOSTS": "dichvucong.example"}
        container = {
            name: VARIABLE.sub(lambda found: given.get(found[1], found[3]), str(value))
            for name, value in self.services["web"]["environment"].items()
        }
        self.port = free_port()
        self.environment = {
            **container,
            **servers.environment(),
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "HOSTNAME": os.uname().nodename,
            "STATE_DIR": str(state),
            "STATIC_DIR": str(REPO / "var" / "static"),
            "BIND": f"127.0.0.1:{self.port}",
            "HOME": "/nonexistent",
        }

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Run the very command of a service."""
        with (self.state / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                self.services[name]["command"], cwd=REPO, env=self.environment, stdout=log, stderr=log
            )

    def is_healthy(self, name: str) -> bool:
        """Run the very health check of a service; /data is the state folder here."""
        kind, *words = self.services[name]["healthcheck"]["test"]
        if kind == "CMD-SHELL":
            text = words[0].replace("$$", "$").replace("/data", shlex.quote(str(self.state)))
            words = ["sh", "-c", text]
        return not subprocess.run(words, cwd=REPO, env=self.environment, capture_output=True).returncode

    def log(self, name: str) -> str:
        return (self.state / f"{name}.log").read_text()[-3000:]


@pytest.fixture(scope="module")
def ground(compose) -> Iterator[Ground]:
    assets.build(REPO / "var")
    with throwaway_folder() as state, Servers(state, throwaway=True, environment={}) as servers:
        made = Ground(compose, state, servers)
        assert made.start("migrate").wait(timeout=120) == 0, made.log("migrate")
        yield made


@pytest.mark.stack
@pytest.mark.xdist_group("production")
@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_the_command_of_each_service_runs_and_its_health_check_sees_it(ground, name):
    assert not ground.is_healthy(name)

    process = ground.start(name)
    try:
        assert wait_until(lambda: ground.is_healthy(name), seconds=60, every=0.5), ground.log(name)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        end_all([process.pid])


@pytest.mark.stack
@pytest.mark.xdist_group("production")
def test_without_a_secret_the_portal_does_not_start(ground):
    environment = {name: value for name, value in ground.environment.items() if name != "SECRET_KEY"}

    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=REPO,
        env=environment | {"STATE_DIR": "/nonexistent"},
        capture_output=True,
    )

    assert answer.returncode != 0
    assert b"SECRET_KEY" in answer.stderr
