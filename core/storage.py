"""Private files on disk that survive a power cut."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

_aside: ContextVar[Path | None] = ContextVar("files_aside", default=None)


@contextmanager
def aside(folder: Path) -> Iterator[None]:
    """Let everything that this thread stores meanwhile stand in a folder of its own, and nothing else be there to read."""
    token = _aside.set(folder)
    try:
        yield
    finally:
        _aside.reset(token)


class DurableStorage(FileSystemStorage):
    """Write, then fsync file and folder, before anybody is told that the file is kept."""

    @property
    def location(self) -> str:  # Django keeps it once it was asked for
        folder = _aside.get()
        return str(super().location if folder is None else folder)

    def _save(self, name: str, content: Any) -> str:
        saved: str = super()._save(name, content)  # type: ignore[misc]  # the stubs leave it out
        path = self.path(saved)
        for target in (path, os.path.dirname(path)):
            handle = os.open(target, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        return saved
