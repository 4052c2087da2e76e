"""State folders for one test run: made in the system's temporary folder, and gone with the run.

A run that is killed cannot clean up; the next one does it for it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .folders import make_private
from .locks import Lock
from .processes import belonging_to, end_all
from .servers import Servers

PREFIX = "portal-test-"


@contextlib.contextmanager
def throwaway_folder() -> Iterator[Path]:
    """Give a private state folder; at the end stop what runs in it and delete it."""
    sweep()
    # It gets its name when its lock is held: a sweep by another run must not see it without an owner.
    fresh = Path(tempfile.mkdtemp(prefix=f"new-{PREFIX}"))
    owner = Lock(_owner_file(fresh))
    owner.share()
    state = fresh.rename(fresh.with_name(fresh.name.removeprefix("new-")))
    try:
        yield state
    finally:
        owner.close()
        sweep(only=state)


def sweep(*, only: Path | None = None) -> None:
    """Stop and delete the folders whose owners are dead."""
    for state in [only] if only else Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if state.stat().st_uid != os.geteuid() or not _owner_file(state).exists():
                continue
        except FileNotFoundError:  # another run has just swept it away
            continue
        with Lock(_owner_file(state)) as owner:
            if not owner.take_alone():
                continue
            end_all(belonging_to(state))
            servers = Servers(state, throwaway=True, environment={})
            if servers.valkey:
                servers.valkey.stop()
            if servers.postgres:
                servers.postgres.destroy()
            shutil.rmtree(state, ignore_errors=True)


def _owner_file(state: Path) -> Path:
    return make_private(state / "run") / "owner.lock"
