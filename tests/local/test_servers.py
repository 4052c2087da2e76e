from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from danang_portal.local.folders import REPO
from danang_portal.local.processes import is_alive, wait_until
from danang_portal.local.servers import Servers
from danang_portal.local.throwaway import sweep, throwaway_folder


@pytest.fixture
def state() -> Iterator[Path]:
    with throwaway_folder() as folder:
        yield folder


def servers(state: Path) -> Servers:
    return Servers(state, throwaway=True, environment={})


def running(state: Path) -> tuple[int | None, int | None]:
    both = servers(state)
    assert both.postgres is not None
    assert both.valkey is not None
    return both.postgres.pid(), both.valkey.pid()


def test_the_last_one_to_leave_stops_them(state):
    first, second = servers(state), servers(state)
    first.start()
    second.start()

    first.stop()
    assert all(running(state))
    second.stop()

    assert running(state) == (None, None)


def test_what_a_killed_process_left_running_is_adopted_and_then_stopped(state):
    code = (
        "import sys, time; from pathlib import Path; from danang_portal.local.servers import Servers;"
        "Servers(Path(sys.argv[1]), throwaway=True, environment={}).start(); print('up', flush=True); time.sleep(99)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(state)], stdout=subprocess.PIPE, cwd=REPO)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"up\n"
    before = running(state)
    holder.kill()
    holder.wait()
    assert running(state) == before

    with servers(state):
        assert running(state) == before

    assert running(state) == (None, None)


def test_servers_that_the_environment_names_are_left_alone(state):
    given = {"DATABASE_URL": "postgres://db.example/portal", "REDIS_URL": "redis://broker.example"}

    with Servers(state, throwaway=True, environment=given) as none_of_ours:
        assert none_of_ours.environment() == {}

    assert not (state / "postgres").exists()


def test_a_killed_broker_comes_back_on_its_port_with_what_it_had_acknowledged(state):
    with Servers(state, environment={"DATABASE_URL": "postgres://elsewhere"}) as both:
        url = both.environment()["REDIS_URL"]
        redis.Redis.from_url(url).rpush("queue", *range(200))
        assert both.valkey is not None
        pid = both.valkey.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: not is_alive(pid), seconds=5)

        assert both.revive() == ["Valkey"]

        assert both.environment()["REDIS_URL"] == url
        assert redis.Redis.from_url(url).llen("queue") == 200


def test_the_broker_refuses_a_caller_without_the_password(state):
    with Servers(state, throwaway=True, environment={"DATABASE_URL": "postgres://elsewhere"}) as both:
        assert both.valkey is not None
        port = both.valkey.port()
        assert port is not None

        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port, retry=Retry(NoBackoff(), 0)).ping()


def test_a_state_folder_whose_owner_was_killed_is_swept_away_by_the_next_run():
    code = (
        "from danang_portal.local.throwaway import throwaway_folder; from danang_portal.local.servers import Servers;"
        "import time\n"
        "with throwaway_folder() as state:\n"
        "    Servers(state, throwaway=True, environment={}).start(); print(state, flush=True); time.sleep(99)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=REPO)
    assert owner.stdout is not None
    state = Path(owner.stdout.readline().strip())
    pids = running(state)
    sweep()
    assert state.exists(), "its owner lives"

    owner.kill()
    owner.wait()
    sweep()

    assert not state.exists()
    assert not any(is_alive(pid) for pid in pids if pid)


def test_a_management_command_has_the_database_for_as_long_as_it_takes(state):
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    code = "from django.db import connection as c; c.cursor().execute('SELECT 1'); print(c.settings_dict['PORT'])"

    answer = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=REPO,
        env=environment | {"STATE_DIR": str(state)},
        capture_output=True,
        text=True,
    )

    assert answer.returncode == 0, answer.stderr
    assert int(answer.stdout) > 0
    assert running(state) == (None, None)
