"""Locks between processes that the kernel lets go of when their holder dies, however it dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from .folders import make_private


@contextlib.contextmanager
def exclusive(file: Path) -> Iterator[None]:
    """Hold a lock that one process at a time can have; wait for it."""
    with Lock(file) as lock:
        fcntl.flock(lock.descriptor, fcntl.LOCK_EX)
        yield


class Lock:
    """A lock file that is open; closing it (or dying) gives the lock up."""

    def __init__(self, file: Path) -> None:
        make_private(file.parent)
        self.descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def share(self) -> None:
        """Hold it together with others; wait while one has it alone."""
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def take_alone(self) -> bool:
        """Try to hold it alone, without waiting. A share that this object had is given up either way."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()
