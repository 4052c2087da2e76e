#!/usr/bin/env python3
"""Run a management command. Without `DATABASE_URL` the local database and broker run for as long as it takes."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from danang_portal.local import keys
from danang_portal.local.environment import fill_in, local_environment
from danang_portal.local.folders import REPO, state_folder
from danang_portal.local.servers import Servers

#: Commands that ask neither the database nor the broker: none is started for them.
WITHOUT_SERVERS = {"due_at"}
NO_SERVERS = {"DATABASE_URL": "postgres:///none", "REDIS_URL": "redis://127.0.0.1:1/0"}


def use_the_project_environment() -> None:
    """Go on in `.venv` when called with a Python that has no Django."""
    python = REPO / ".venv" / "bin" / "python"
    try:
        import django  # noqa: F401, PLC0415  (whether it is there is the question)
    except ImportError:
        if not python.exists() or Path(sys.prefix) == REPO / ".venv":
            sys.exit("Django is not installed here. Run: make setup")
        os.execv(python, [str(python), *sys.argv])  # noqa: S606  (our own Python)


def main() -> None:
    use_the_project_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danang_portal.settings")
    state = state_folder()
    with contextlib.ExitStack() as stack:
        # A production machine names its database and was never set up for local running: nothing is filled in.
        if not os.environ.get("DATABASE_URL") or (state / keys.FILE).exists():
            if WITHOUT_SERVERS.isdisjoint(sys.argv[1:2]):
                addresses = stack.enter_context(Servers(state)).environment()
            else:
                addresses = NO_SERVERS
            fill_in(os.environ, addresses | local_environment(state))
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
